//! Fingerprints of records and pages, to know them when they come again.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use crate::page::page::Page;
use crate::pager::checkpoint::MOST_PRINTS;
use crate::pager::operation::Operation;
use crate::pager::paging::{Paging, fingerprint};
use crate::record::record::{Record, Rejected};

/// The content of a page, to see that a service gives the same page again and again; None where
/// nothing follows it anyway, and for a page without records.
pub(super) fn content_of<T>(paging: Paging, page: &Page<T>) -> Option<u64> {
    if paging == Paging::None || page.rows().is_empty() {
        return None;
    }
    let mut sum = crc32fast::Hasher::new();
    for row in page.rows() {
        sum.update(match row {
            Ok(record) => record.raw_bytes(),
            Err(rejected) => rejected.raw_bytes(),
        });
    }
    Some(u64::from(sum.finalize()))
}

/// What tells a record from others: its identity and the bytes it came in, so that a record
/// which changed is yielded again.
pub(super) fn fingerprint_of<O: Operation>(operation: &O, record: &Record<O::Item>) -> Option<u64> {
    let identity = operation.identity(record)?;
    let content = crc32fast::hash(record.raw_bytes()).to_le_bytes();
    Some(fingerprint([identity.as_bytes(), &content]))
}

/// A row without a type has no identity: its bytes tell it.
pub(super) fn fingerprint_of_rejected(row: &Rejected) -> u64 {
    fingerprint([row.raw_bytes()])
}

/// Tells rows that are alike by their number among their like on the page.
pub(super) fn numbered(alike: u64, seen: &mut HashMap<u64, u64>) -> u64 {
    let number = seen.entry(alike).or_insert(0);
    *number += 1;
    nth(alike, *number)
}

fn nth(alike: u64, number: u64) -> u64 {
    fingerprint([&alike.to_le_bytes()[..], &number.to_le_bytes()])
}

/// Of numbered rows that were yielded those that this page, with so many of each, did not have.
/// They are numbered anew: of three alike, one of which is here, the next page may have two.
pub(super) fn not_met(
    delivered: &VecDeque<Arc<HashSet<u64>>>,
    on_page: &HashSet<u64>,
    counts: HashMap<u64, u64>,
) -> HashSet<u64> {
    let all = delivered.iter().flat_map(|page| page.iter()).copied();
    let mut rest: HashSet<u64> = all.filter(|fingerprint| !on_page.contains(fingerprint)).collect();
    if !rest.is_empty() {
        for (alike, count) in counts {
            let mut number = 1;
            while rest.remove(&nth(alike, count.saturating_add(number))) {
                rest.insert(nth(alike, number));
                number += 1;
            }
        }
    }
    rest
}

/// What a checkpoint holds: of the pages at hand, the newest first, and of what was yielded
/// before the pager began again as much as there is room for.
pub(super) fn kept(
    newest_first: impl Iterator<Item = u64>,
    before_start: &HashSet<u64>,
) -> (HashSet<u64>, HashSet<u64>) {
    let seen: HashSet<u64> = newest_first.take(MOST_PRINTS).collect();
    let room = MOST_PRINTS.saturating_sub(seen.len());
    let before_start = before_start.iter().copied().take(room).collect();
    (seen, before_start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p7_a_checkpoint_keeps_the_newest_and_of_the_others_what_there_is_room_for() {
        let most = MOST_PRINTS as u64;
        let before: HashSet<u64> = (most * 2..most * 3).collect();
        for (newest, seen, rest) in [(0, 0, most), (10, 10, most - 10), (most * 2, most, 0)] {
            let kept = kept(0..newest, &before);
            assert_eq!((kept.0.len() as u64, kept.1.len() as u64), (seen, rest), "{newest}");
            assert!(kept.0.iter().all(|fingerprint| *fingerprint < seen), "the newest are kept");
            assert!(kept.1.is_subset(&before));
        }
    }
}
