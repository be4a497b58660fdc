//! The records that a walk handed out last, to leave out those that come again.

use std::collections::{HashMap, VecDeque};

/// How many records are remembered, where the last pages do not have more. With what a hash map
/// needs, which is then not made larger, that is 0.7 MB.
const MOST: usize = 12_288;

/// Fingerprints of the records of the last pages, as far as there is room; of so many pages, which
/// the caller says, in any case.
#[derive(Debug, Default)]
pub(super) struct HandedOut {
    /// The fingerprints of each page, the newest last.
    pages: VecDeque<Vec<u64>>,
    /// The number of the page on which each came last.
    last: HashMap<u64, u64>,
    /// The number of the oldest page.
    first: u64,
    records: usize,
}

impl HandedOut {
    /// Forgets all records, and gives them.
    pub(super) fn take(&mut self) -> impl Iterator<Item = u64> + use<> {
        std::mem::take(self).last.into_keys()
    }

    /// Whether a record came on one of the pages.
    pub(super) fn has(&self, mark: u64) -> bool {
        self.last.contains_key(&mark)
    }

    /// Adds a page, and forgets the oldest ones behind the last `pages`.
    pub(super) fn add(&mut self, marks: Vec<u64>, pages: usize) {
        let number = self.first.saturating_add(u64::try_from(self.pages.len()).unwrap_or(0));
        self.last.extend(marks.iter().map(|mark| (*mark, number)));
        self.records += marks.len();
        self.pages.push_back(marks);
        while self.pages.len() > pages && self.records > MOST {
            let Some(oldest) = self.pages.pop_front() else { break };
            self.records -= oldest.len();
            for mark in oldest {
                if self.last.get(&mark) == Some(&self.first) {
                    self.last.remove(&mark);
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
        let mut handed_out = HandedOut::default();
        for page in 0..1_000_u64 {
            let marks = (page * 1_000..page * 1_000 + 999).chain([7]);
            handed_out.add(marks.collect(), 2);
            assert!(handed_out.records <= MOST && handed_out.last.len() <= MOST, "{page}");
        }
        assert!(handed_out.has(7) && handed_out.has(999_001) && handed_out.has(990_000));
        assert!(!handed_out.has(1) && !handed_out.has(900_001));
        assert!(handed_out.last.capacity() < 32_768);
    }

    #[test]
    fn p2_the_last_pages_are_remembered_however_long_they_are() {
        let mut handed_out = HandedOut::default();
        for page in 0..9_u64 {
            handed_out.add((page * 100_000..page * 100_000 + 50_000).collect(), 3);
        }
        assert!(handed_out.has(600_000) && handed_out.has(849_999) && !handed_out.has(500_000));
    }
}
