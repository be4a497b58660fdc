//! How a range is read: windows are opened, read, halved and closed.

use std::task::{Context, Poll, ready};

use time::OffsetDateTime;

use super::checkpoint::written;
use super::retention::Search;
use super::{Ranged, Window, WindowError, Windows};
use crate::error::{Error, Result};
use crate::pager::Items;
use crate::pager::operation::Operation;
use crate::pager::report::{Report, Warning};
use crate::record::record::Record;

/// After so many setbacks in a row without a record or a complete window, the error is the
/// caller's.
const MOST_ERRORS_IN_A_ROW: u32 = 16;

/// After so many dead continuations in a row, with none between that was answered, the error is the
/// caller's: windows that fit on a page are all that the service gives.
const MOST_DEAD: u32 = 8;

/// How often a pager looks for the time from which on the service answers. It moves on, and may
/// catch up with a service that is slow.
const MOST_SEARCHES: u32 = 4;

impl<O: Ranged> Windows<O> {
    /// [`try_next`](Self::try_next) as a poll, for pagers made of pagers.
    pub fn poll_try_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Record<O::Item>>>> {
        loop {
            if let Some(search) = &mut self.search {
                let found = ready!(search.poll(cx));
                if let Err(error) = self.end_search(found) {
                    return Poll::Ready(Some(Err(self.at_checkpoint(error))));
                }
                continue;
            }
            if let Err(error) = self.open_more() {
                return Poll::Ready(Some(Err(error)));
            }
            let Some(window) = self.open.front_mut() else {
                self.report.finished = true;
                return Poll::Ready(None);
            };
            match ready!(window.items.poll_try_next(cx)) {
                Some(Ok(record)) => {
                    // Without an identity of its own, a record that is alike may be another one.
                    let unique = self.operation.identity_is_unique();
                    if self.delivered.is_new(window.items.last_fingerprint().filter(|_| unique)) {
                        self.errors_in_a_row = 0;
                        self.records += 1;
                        return Poll::Ready(Some(Ok(record)));
                    }
                }
                Some(Err(error)) if error.rejected().is_some() => {
                    self.rejected += 1;
                    return Poll::Ready(Some(Err(error)));
                }
                Some(Err(error)) => {
                    if let Err(error) = self.set_back(error) {
                        return Poll::Ready(Some(Err(self.at_checkpoint(error))));
                    }
                }
                None => self.close_first(),
            }
        }
    }

    /// Opens as many windows as may be under way.
    fn open_more(&mut self) -> Result<()> {
        if let Err(error) = &self.name {
            return Err(error.clone());
        }
        // Windows that are under way at once make a link older before it is followed.
        let at_once = if self.continuations_die() { 1 } else { self.concurrency };
        while self.open.len() < at_once && self.planned < self.to {
            let to = self.window_size.end_of(self.planned).min(self.to);
            let mut window = self.window(self.planned, to);
            if at_once > 1 {
                window.items.prefetch();
            }
            self.planned = to;
            self.open.push_back(window);
        }
        Ok(())
    }

    fn window(&self, from: OffsetDateTime, to: OffsetDateTime) -> Window<O> {
        Window { from, to, items: self.items(from, to) }
    }

    pub(super) fn items(&self, from: OffsetDateTime, to: OffsetDateTime) -> Items<O> {
        let items = self.client.items(self.operation.between(from, to));
        items.hand_over_dead().fetch_ahead(self.ahead)
    }

    /// One may have died for its age; two in a row are a service that takes none for now.
    fn continuations_die(&self) -> bool {
        self.dead > 1
    }

    fn close_first(&mut self) {
        if let Some(window) = self.open.pop_front() {
            self.errors_in_a_row = 0;
            if window.items.was_continued() {
                self.dead = 0;
            }
            self.window_size.learn(window.items.report(), !self.continuations_die());
            absorb(&mut self.report, &window);
            self.done = window.to;
            self.delivered.window_is_done(window.to);
        }
    }

    /// Does what an error calls for, or gives it back.
    fn set_back(&mut self, error: Error) -> Result<()> {
        self.errors_in_a_row += 1;
        let window_error = self
            .operation
            .window_error(&error)
            .filter(|_| self.errors_in_a_row <= MOST_ERRORS_IN_A_ROW);
        let (Some(window_error), Some(window)) = (window_error, self.open.front()) else {
            self.errors_in_a_row = 0;
            return Err(error);
        };
        let (from, to) = (window.from, window.to);
        let halves = self.window_size.middle(from, to).map(|middle| [(from, middle), (middle, to)]);
        match (window_error, halves) {
            (WindowError::NotKept, _) if self.searches == MOST_SEARCHES => {
                self.searches = 0;
                return Err(error);
            }
            (WindowError::NotKept, _) => {
                let (client, operation) = (self.client.clone(), self.operation.clone());
                let before = self.searches;
                self.search = Some(Search::new(client, operation, from..self.to, error, before));
                self.searches += 1;
            }
            (WindowError::DeadLink, _) if !window.items.has_begun() => return Err(error),
            (WindowError::DeadLink, halves) => {
                self.dead = if window.items.was_continued() { 1 } else { self.dead + 1 };
                if self.dead > MOST_DEAD {
                    self.dead = 0;
                    return Err(error.in_a_circle());
                }
                self.begin_shorter(halves.map_or(to - from, |[(from, to), _]| to - from));
            }
            (WindowError::TooMuch, Some(halves)) => {
                self.window_size.slow_down();
                self.replace_first(&halves);
            }
            (WindowError::TooMuch, None) => return Err(error),
        }
        Ok(())
    }

    /// Opens windows of these ranges in the place of the first one.
    fn replace_first(&mut self, ranges: &[(OffsetDateTime, OffsetDateTime)]) {
        if let Some(window) = self.open.pop_front() {
            absorb(&mut self.report, &window);
            self.delivered.comes_again_until(window.to);
        }
        for (from, to) in ranges.iter().rev() {
            let window = self.window(*from, *to);
            self.open.push_front(window);
        }
    }

    /// Opens all windows anew, none longer than this. They need fewer continuations.
    fn begin_shorter(&mut self, length: time::Duration) {
        self.window_size.shorten(length);
        self.close_all();
        self.planned = self.done;
    }

    /// Gives up what is under way. What was yielded of it is known when it comes again.
    fn close_all(&mut self) {
        if let Some(first) = self.open.front() {
            self.delivered.comes_again_until(first.to);
        }
        for window in std::mem::take(&mut self.open) {
            absorb(&mut self.report, &window);
        }
    }

    /// Begins anew after the time from which on the service answers.
    fn end_search(&mut self, found: Result<OffsetDateTime>) -> Result<()> {
        if let Some(search) = self.search.take() {
            self.report.absorb_cost(&search.cost());
        }
        let kept_from = found?;
        self.close_all();
        self.report.warn(Warning::NotCovered { from: self.done, to: kept_from });
        (self.done, self.planned) = (kept_from, kept_from);
        Ok(())
    }
}

pub(super) fn absorb<O: Operation>(report: &mut Report, window: &Window<O>) {
    let walk = window.items.report_by_now();
    report.absorb_cost(&walk);
    report.duplicates += walk.duplicates;
    report.filtered += walk.filtered;
    report.absorb_warnings(&written(window.from), &walk);
}
