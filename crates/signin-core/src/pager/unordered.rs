//! Lists in no known order: what came is remembered, so that a pager sees when rows move between
//! pages, and goes through the pages again.
//!
//! While nothing arrives or goes, a row that was missed has its counterpart in one that came twice.
//! So all that came is remembered, as fingerprints of 8 bytes in at most 5 MB. A row that comes
//! twice, or a total that changes, makes the pager go through the pages again, three times at most,
//! until two passes hold the same. Pages can also agree in leaving a row out, when a service sorts
//! by what many rows share: then fewer different rows come than the total says, which is reported.
//! A list longer than the memory is reported as unchecked rather than gone through again.
//!
//! The memory is no part of checkpoints, which stay small: a resumed pager goes on to the end of
//! the list, then once more from its start.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

use super::Row;
use super::fingerprint::{fingerprint_of, fingerprint_of_rejected, numbered};
use crate::page::page::Page;
use crate::pager::operation::Operation;
use crate::pager::paging::{PagingState, fingerprint};

/// How often a pager goes through the pages at most.
const MOST_PASSES: u64 = 3;

/// How many records are remembered. At 8 bytes each, and what a hash set needs beside them, that
/// is 5 MB at most.
pub(super) const MOST_REMEMBERED: usize = 400_000;

/// What a pager over a list in no known order remembers of its passes.
#[derive(Debug)]
pub(super) struct Unordered {
    /// The pass under way, from 1.
    number: u64,
    seen: Memory,
    /// There are more records than are remembered.
    is_full: bool,
    /// Records of this pass, each counted once, and how many of them the pass before had.
    distinct: u64,
    again: u64,
    /// Records of the pass before.
    before: u64,
    /// A record came twice in a pass, or the total changed: one pass is not enough.
    moved: bool,
    /// Whether the pass under way began at the list's start.
    is_whole: bool,
}

/// What a pass that came to its end says of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PassResult {
    /// Nothing moved in the first whole pass, or two passes in a row gave the same.
    Settled,
    /// The next pass has begun.
    Again,
    /// No two passes in a row gave the same.
    Unstable { passes: u64 },
    /// There are too many records to see what moves.
    TooLong,
}

/// A fingerprint and the last pass in which it came, in 8 bytes: the pass takes the lowest 2 bits
/// and does not count when two are compared.
#[derive(Debug, Clone, Copy)]
struct Seen(u64);

impl Seen {
    fn new(fingerprint: u64, pass: u64) -> Self {
        Self(fingerprint << 2 | pass)
    }

    fn pass(self) -> u64 {
        self.0 & 3
    }

    /// Which of 4 parts of the memory it belongs to.
    fn part(self) -> u8 {
        self.0.to_be_bytes()[0] >> 6
    }
}

impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        self.0 >> 2 == other.0 >> 2
    }
}

impl Eq for Seen {}

impl Hash for Seen {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0 >> 2).hash(state);
    }
}

/// What came, in parts that grow one at a time: while a set grows, it is there twice.
#[derive(Debug, Default)]
struct Memory(HashMap<u8, HashSet<Seen>>);

impl Memory {
    fn len(&self) -> usize {
        self.0.values().map(HashSet::len).sum()
    }

    fn contains(&self, seen: Seen) -> bool {
        self.0.get(&seen.part()).is_some_and(|part| part.contains(&seen))
    }

    /// Puts one in; gives the one that was there.
    fn replace(&mut self, seen: Seen) -> Option<Seen> {
        self.0.entry(seen.part()).or_default().replace(seen)
    }
}

impl Unordered {
    pub(super) fn new() -> Self {
        Self {
            number: 1,
            seen: Memory::default(),
            is_full: false,
            distinct: 0,
            again: 0,
            before: 0,
            moved: false,
            is_whole: true,
        }
    }

    /// Goes on from a checkpoint, which holds what was yielded of the pages around it. What
    /// came before is not remembered and cannot be told from what moved. So the list is gone
    /// through from its start after a rest, and that is yielded again.
    pub(super) fn resumed(is_whole: bool, delivered: impl Iterator<Item = u64>) -> Self {
        let mut passes = Self { is_whole, ..Self::new() };
        for fingerprint in delivered {
            passes.seen.replace(Seen::new(fingerprint, 0));
        }
        passes
    }

    /// In a later pass a checkpoint stands at the list's start.
    pub(super) fn is_later(&self) -> bool {
        self.number > 1
    }

    /// Whether one pass was not enough.
    pub(super) fn saw_rows_move(&self) -> bool {
        self.is_later() || self.moved
    }

    /// How many records the pass gave, each counted once; None if that is not known.
    pub(super) fn distinct(&self) -> Option<u64> {
        (self.is_whole && !self.is_full).then_some(self.distinct)
    }

    /// Takes note of a page and leaves out what this pass or an earlier one had. Says whether any
    /// row was new to this pass.
    pub(super) fn take<O: Operation>(
        &mut self,
        operation: &O,
        page: &mut Page<O::Item>,
        paging_state: &PagingState,
    ) -> bool {
        self.moved |= paging_state.first_total != paging_state.total;
        let (mut alike, mut any_new) = (HashMap::new(), false);
        page.retain(|row| {
            let (stays, is_new) = self.remember(mark_of(operation, row, &mut alike));
            any_new |= is_new;
            stays
        });
        any_new
    }

    /// Whether a row is yielded, and whether it is new to this pass.
    fn remember(&mut self, fingerprint: u64) -> (bool, bool) {
        let seen = Seen::new(fingerprint, self.number);
        if self.seen.len() >= MOST_REMEMBERED && !self.seen.contains(seen) {
            self.is_full = true;
            return (true, true);
        }
        match self.seen.replace(seen).map(Seen::pass) {
            Some(pass) if pass == self.number => {
                self.moved = true;
                (false, false)
            }
            earlier => {
                self.distinct += 1;
                self.again += u64::from(earlier == Some(self.number - 1));
                (earlier.is_none(), true)
            }
        }
    }

    /// The pass came to its end: whether there must be another one.
    pub(super) fn end(&mut self) -> PassResult {
        if self.is_full {
            return PassResult::TooLong;
        }
        let same = self.number > 1 && self.distinct == self.before && self.again == self.before;
        if self.is_whole && (same || !self.moved) {
            return PassResult::Settled;
        }
        if self.number == MOST_PASSES {
            return PassResult::Unstable { passes: self.number };
        }
        self.moved &= self.is_whole;
        self.number += 1;
        self.is_whole = true;
        (self.before, self.distinct, self.again) = (self.distinct, 0, 0);
        PassResult::Again
    }
}

/// What tells a row from others. Without an identity it is the row's bytes.
fn mark_of<O: Operation>(operation: &O, row: &Row<O::Item>, alike: &mut HashMap<u64, u64>) -> u64 {
    match row {
        Ok(record) => {
            fingerprint_of(operation, record).unwrap_or_else(|| fingerprint([record.raw_bytes()]))
        }
        Err(rejected) => numbered(fingerprint_of_rejected(rejected), alike),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goes through these records and says how many were yielded.
    fn pass(passes: &mut Unordered, fingerprints: impl IntoIterator<Item = u64>) -> usize {
        fingerprints.into_iter().filter(|fingerprint| passes.remember(fingerprint << 8).0).count()
    }

    #[test]
    fn two_passes_agree_if_they_hold_the_same_records_in_any_order() {
        for (second, result) in [
            (vec![3, 2, 1], PassResult::Settled),
            (vec![3, 2, 1, 1], PassResult::Settled),
            (vec![1, 2], PassResult::Again),
            (vec![1, 2, 3, 4], PassResult::Again),
            (vec![1, 2, 4], PassResult::Again),
        ] {
            let mut passes = Unordered::new();
            assert_eq!(pass(&mut passes, [1, 2, 3, 3]), 3);
            assert_eq!(passes.end(), PassResult::Again);
            let new = second.iter().filter(|fingerprint| **fingerprint > 3).count();
            assert_eq!(pass(&mut passes, second.clone()), new);
            assert_eq!(passes.end(), result, "{second:?}");
        }
    }

    #[test]
    fn a_record_that_went_and_came_back_is_no_agreement_and_is_not_handed_out_again() {
        let mut passes = Unordered::new();
        pass(&mut passes, [1, 2, 2]);
        assert_eq!(passes.end(), PassResult::Again);
        assert_eq!(pass(&mut passes, [1]), 0);
        assert_eq!(passes.end(), PassResult::Again);
        assert_eq!(pass(&mut passes, [1, 2]), 0);
        assert_eq!(passes.end(), PassResult::Unstable { passes: 3 });
    }

    #[test]
    fn p7_more_records_than_the_memory_holds_are_handed_out_and_said_to_be_too_many() {
        let most = MOST_REMEMBERED as u64;
        let mut passes = Unordered::new();
        assert_eq!(pass(&mut passes, 0..most), MOST_REMEMBERED);
        assert_eq!(passes.distinct(), Some(most));
        assert_eq!(pass(&mut passes, most..most + 10), 10);
        assert_eq!(pass(&mut passes, 0..10), 0, "what it holds is still known");
        assert_eq!((passes.end(), passes.distinct()), (PassResult::TooLong, None));
        assert_eq!(size_of::<Seen>(), 8);
        let room: usize = passes.seen.0.values().map(HashSet::capacity).sum();
        assert!(room < MOST_REMEMBERED * 5 / 4, "{room}");
    }
}
