//! The records that a pager yielded last, to leave out those that come again: the last pages,
//! 12,288 records where they are short.

use std::collections::{HashMap, VecDeque};

/// How many records are remembered, where the last pages do not have more. With what a hash map
/// needs, which is then not made larger, that is 0.7 MB.
const MOST: usize = 12_288;

/// Fingerprints of the records of the last pages, as far as there is room; of so many pages, which
/// the caller says, in any case.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    /// The fingerprints of each page, the newest last.
    pages: VecDeque<Vec<u64>>,
    /// The number of the page on which each came last.
    last: HashMap<u64, u64>,
    /// The number of the oldest page.
    first: u64,
    records: usize,
}

impl Delivered {
    /// Forgets all records, and gives them.
    pub(super) fn take(&mut self) -> impl Iterator<Item = u64> + use<> {
        std::mem::take(self).last.into_keys()
    }

    /// Whether a record came on one of the pages.
    pub(super) fn has(&self, fingerprint: u64) -> bool {
        self.last.contains_key(&fingerprint)
    }

    /// Adds a page, and forgets the oldest ones after the last `pages`.
    pub(super) fn add(&mut self, fingerprints: Vec<u64>, pages: usize) {
        let number = self.first.saturating_add(u64::try_from(self.pages.len()).unwrap_or(0));
        self.last.extend(fingerprints.iter().map(|fingerprint| (*fingerprint, number)));
        self.records += fingerprints.len();
        self.pages.push_back(fingerprints);
        while self.pages.len() > pages && self.records > MOST {
            let Some(oldest) = self.pages.pop_front() else { break };
            self.records -= oldest.len();
            for fingerprint in oldest {
                if self.last.get(&fingerprint) == Some(&self.first) {
                    self.last.remove(&fingerprint);
                }
            }
            self.first += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p7_what_is_remembered_has_an_end_and_what_came_again_is_remembered_from_then_on() {
        let mut delivered = Delivered::default();
        for page in 0..1_000_u64 {
            let fingerprints = (page * 1_000..page * 1_000 + 999).chain([7]);
            delivered.add(fingerprints.collect(), 2);
            assert!(delivered.records <= MOST && delivered.last.len() <= MOST, "{page}");
        }
        assert!(delivered.has(7) && delivered.has(999_001) && delivered.has(990_000));
        assert!(!delivered.has(1) && !delivered.has(900_001));
        assert!(delivered.last.capacity() < 32_768);
    }

    #[test]
    fn p2_the_last_pages_are_remembered_however_long_they_are() {
        let mut delivered = Delivered::default();
        for page in 0..9_u64 {
            delivered.add((page * 100_000..page * 100_000 + 50_000).collect(), 3);
        }
        assert!(delivered.has(600_000) && delivered.has(849_999) && !delivered.has(500_000));
    }
}
