//! What a pager does when its continuation is not taken any more (`Operation::is_dead`): no
//! checkpoint is a dead end.
//!
//! A list with the newest first is asked for what is not newer than the last two pages that came,
//! and a minute more. Any other list, or one that was found to be in no such order, is begun again
//! from its start. What may come twice by that is reported (`Warning::BeganAgain`) and speaks
//! against nothing. Of many owners only the one at hand begins again. Three beginnings in a row
//! that lead no further are an error.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use time::OffsetDateTime;

use super::pages::{Pages, Plan, ResumePoint};
use super::unordered::Unordered;
use crate::error::{Error, Result};
use crate::page::page::Page;
use crate::pager::checkpoint::MOST_PRINTS;
use crate::pager::continuation::{Continuation, Depth};
use crate::pager::operation::Operation;
use crate::pager::paging::PagingState;
use crate::pager::report::Warning;

/// After so many beginnings in a row that led no further, the error is the caller's.
const MOST_IN_VAIN: u32 = 3;

/// A list that is asked for anew goes on so much newer than the last two pages that came: rows of
/// almost the same time may stand in any order. Milliseconds.
const MARGIN: i64 = 60_000;

/// How far a pager came from its last beginning, to see whether it gets further.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Beginnings {
    /// Pages since the last one.
    pages: u64,
    /// Continuations that were answered.
    answered: u64,
    /// The most pages after which a continuation was dead, in the list as it was asked for.
    deepest: Option<u64>,
    /// The oldest time that had come when one was dead.
    oldest: Option<i64>,
    /// Beginnings in a row that led no further.
    in_vain: u32,
}

impl Beginnings {
    /// Takes note that the page at this position came.
    pub(super) fn note(&mut self, position: &Continuation) {
        self.pages += 1;
        self.answered += u64::from(is_continuation(position));
    }
}

fn is_continuation(position: &Continuation) -> bool {
    matches!(position, Continuation::Link(_) | Continuation::Cursor(_))
}

impl Depth {
    /// Takes note of a page of a list that has the newest first.
    pub(super) fn note<O: Operation>(&mut self, operation: &O, page: &Page<O::Item>) {
        self.note_times(page.items().filter_map(|record| operation.time(record)).map(millis));
    }

    fn note_times(&mut self, times: impl Iterator<Item = i64>) {
        let mut latest = None;
        for time in times {
            self.mixed |= self.oldest.is_some_and(|oldest| time > oldest.saturating_add(MARGIN));
            self.oldest = Some(self.oldest.map_or(time, |oldest| oldest.min(time)));
            latest = latest.max(Some(time));
        }
        if latest.is_some() {
            (self.before_last, self.last) = (self.last, latest);
        }
    }

    /// Before which time everything is still to come: the latest one of the last two pages. A
    /// record that is far older than its neighbours moves it no further. None where that is not
    /// known.
    fn rest(self) -> Option<i64> {
        let latest = self.last.max(self.before_last).filter(|_| !self.mixed);
        latest.map(|latest| latest.saturating_add(MARGIN))
    }
}

fn millis(time: OffsetDateTime) -> i64 {
    i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000)).unwrap_or(i64::MAX)
}

fn time_of(millis: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).ok()
}

impl<O: Operation> Pages<O> {
    /// Leaves it to the caller to go on where a continuation is dead.
    pub(crate) fn hand_over_dead(mut self) -> Self {
        self.begins_again = false;
        self
    }

    /// Whether any continuation was answered.
    pub(crate) fn was_continued(&self) -> bool {
        self.begun.answered > 0
    }

    /// How often the list was begun again because its continuation was not taken any more.
    pub(crate) fn begun_again(&self) -> u64 {
        let times = self.report.warnings.iter().map(|warning| match warning {
            Warning::BeganAgain { times, .. } => *times,
            _ => 0,
        });
        times.sum()
    }

    /// Begins the list again if that is what the error calls for.
    ///
    /// # Errors
    /// The error, if it is of another kind or if beginning again leads no further.
    pub(super) fn begin_again(&mut self, error: Error) -> Result<()> {
        if !self.begins_again || !is_continuation(&self.next) || !self.operation.is_dead(&error) {
            return Err(error);
        }
        let depth = self.resume_point.depth;
        let rest = depth.rest().and_then(|until| Some((until, self.asking(Some(until)).ok()?)));
        let (until, (operation, plan)) = match rest {
            Some((until, rest)) => (Some(until), rest),
            None => (None, self.asking(None)?),
        };
        let reached = [depth.oldest, self.begun.oldest].into_iter().flatten().min();
        let oldest = until.and(reached);
        if !self.gets_further(oldest) {
            self.begun = Beginnings::default();
            return Err(error.in_a_circle());
        }
        (self.operation, self.plan) = (operation, Ok(plan));
        // What shares the time at which it begins comes again: that is no other order.
        self.forget(Depth { oldest: None, until, ..depth });
        self.report.began_again(until.and_then(time_of));
        Ok(())
    }

    /// Whether the pager came further since it began again last, or may yet.
    fn gets_further(&mut self, oldest: Option<i64>) -> bool {
        let Beginnings { pages, deepest, oldest: before, in_vain, answered } = self.begun;
        let further = match (oldest, before) {
            (Some(oldest), Some(before)) => oldest < before,
            (Some(_), None) => true,
            (None, _) => deepest.is_none_or(|deepest| pages > deepest),
        };
        let in_vain = if further { 1 } else { in_vain + 1 };
        let deepest = if oldest.is_none() { deepest.max(Some(pages)) } else { deepest };
        self.begun = Beginnings { pages: 0, answered, deepest, oldest, in_vain };
        in_vain <= MOST_IN_VAIN
    }

    /// How to ask for what is before this time, or for all of the list.
    pub(super) fn asking(&self, until: Option<i64>) -> Result<(O, Arc<Plan>)> {
        let operation = match until {
            None => self.whole.clone(),
            Some(until) => {
                let until = time_of(until).and_then(|until| self.whole.before(until));
                until.ok_or_else(crate::pager::checkpoint::foreign)?
            }
        };
        let request = operation.request()?;
        let walk_id = self.plan.as_ref().map_err(Clone::clone)?.walk_id.clone();
        Ok((operation, Arc::new(Plan { request, walk_id })))
    }

    /// Goes on where the list begins. What was yielded last is left out if it comes again, where
    /// records can be told apart. Until that is answered a checkpoint stands where the pager was: what
    /// refused the continuation may refuse everything for a while.
    fn forget(&mut self, depth: Depth) {
        let paging = self.operation.paging();
        let mut known: HashSet<u64> = HashSet::new();
        if self.operation.identity_is_unique() {
            known.extend(self.delivered.take());
            known.extend(self.resume_point.recent.iter().flat_map(|page| page.iter()));
            let room = MOST_PRINTS.saturating_sub(known.len());
            known.extend(self.resume_point.before_start.iter().take(room));
        }
        self.flights.clear();
        self.paging_state = PagingState::after(paging.rows_before_start());
        self.passes = (!self.operation.keeps_order())
            .then(|| Unordered::resumed(true, known.iter().copied()));
        self.next = paging.start();
        self.beginning = Some(ResumePoint {
            position: paging.start(),
            rows: paging.rows_before_start(),
            recent: VecDeque::new(),
            before_start: Arc::new(known),
            depth,
            ..self.resume_point.clone()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In hours, page by page.
    fn rest(pages: &[&[i64]]) -> Option<i64> {
        let mut depth = Depth::default();
        for page in pages {
            depth.note_times(page.iter().map(|hours| hours * 3_600_000));
        }
        depth.rest().map(|rest| (rest - MARGIN) / 3_600_000)
    }

    #[test]
    fn p1_a_record_that_is_far_older_than_its_neighbours_hides_nothing_that_is_still_to_come() {
        assert_eq!(rest(&[]), None);
        assert_eq!(rest(&[&[100, 99, 98]]), Some(100), "it comes again, and is known");
        assert_eq!(rest(&[&[100, 99], &[98, 97], &[96, 95]]), Some(98));
        assert_eq!(rest(&[&[100, 99], &[98, 10]]), Some(100));
        assert_eq!(rest(&[&[100, 99], &[98, 97], &[10], &[]]), Some(98), "alone on a page");
        assert_eq!(rest(&[&[100, 99], &[10, 98]]), None, "in no such order");
        assert_eq!(rest(&[&[100], &[50], &[10], &[90]]), None, "in no such order");
    }
}
