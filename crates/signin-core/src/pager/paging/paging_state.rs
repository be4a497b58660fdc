//! What the decision about the next page remembers of the pages so far: counts, continuations and
//! contents, in bounded memory.

use std::collections::VecDeque;

use super::{Continuation, fingerprint};

/// How many continuations and contents are remembered one by one; longer circles are found by
/// the anchor.
const REMEMBERED: usize = 1024;

/// What pages in a row weigh at most that bring nothing new but promise another one: a service
/// that goes on like this never ends.
pub(super) const MOST_FRUITLESS: u32 = 1000;

/// What a page without a record weighs, or with a single one that came before: in a list without
/// ids, alike records are different ones.
const LIGHT: u32 = 1;

/// What a page weighs with several records, all of which came before. Twenty are too many.
const HEAVY: u32 = 50;

/// Bounded: 16 kB.
#[derive(Debug, Clone, Default)]
pub(crate) struct PagingState {
    /// Records received, those that were recognised as repeats included, and rejected ones.
    rows: u64,
    /// Records that were recognised as repeats.
    repeats: u64,
    /// The total that was said last, and the one that was said first.
    pub(crate) total: Option<u64>,
    pub(crate) first_total: Option<u64>,
    /// The content of the last page.
    content: Option<u64>,
    contents: Ring,
    /// What the pages in a row weigh that brought nothing new.
    fruitless: u32,
    pub(super) empty_in_a_row: u32,
    continuations: Ring,
}

/// A page, as far as it tells whether a list goes on or round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Content {
    /// Its fingerprint; None for a page without records.
    pub(crate) fingerprint: Option<u64>,
    /// How many records came.
    pub(crate) rows: u64,
    /// How many of them came from this pager before, or twice on the page.
    pub(crate) repeats: u64,
    /// Whether any record was not known.
    pub(crate) any_new: bool,
    /// Whether it comes under another number than the page before.
    pub(crate) is_numbered: bool,
    /// Whether rows may have moved from the page before to this one.
    pub(crate) may_have_moved: bool,
    /// Whether the pager went back to it: then it need not bring anything new.
    pub(crate) is_again: bool,
}

/// The last values, and one before that is met again in any circle.
#[derive(Debug, Clone, Default)]
struct Ring {
    recent: VecDeque<u64>,
    /// The value at the last power of two of steps.
    anchor: Option<u64>,
    steps: u64,
}

impl Ring {
    /// Whether a value came before; it has from now on.
    fn is_met(&mut self, value: u64) -> bool {
        let met = self.anchor == Some(value) || self.recent.contains(&value);
        self.steps += 1;
        if self.steps.is_power_of_two() {
            self.anchor = Some(value);
        }
        if !met {
            if self.recent.len() == REMEMBERED {
                self.recent.pop_front();
            }
            self.recent.push_back(value);
        }
        met
    }
}

impl PagingState {
    /// The paging state of a pager that begins after so many records.
    pub(crate) fn after(rows: u64) -> Self {
        Self { rows, ..Self::default() }
    }

    /// How many different records came, as far as repeats were recognised.
    pub(crate) fn distinct(&self) -> u64 {
        self.rows.saturating_sub(self.repeats)
    }

    /// Takes note of what a page says of the whole list.
    pub(crate) fn take_total(&mut self, total: Option<u64>) {
        self.total = total.or(self.total);
        self.first_total = self.first_total.or(total);
    }

    /// Takes note of a page's records: how many are new, and whether it is the same page again, as
    /// from a service that ignores what says which page, or whose continuations never end. Where
    /// rows may have moved from the page before to this one, it only brings nothing new.
    ///
    /// # Errors
    /// The page is the one before, under another number.
    pub(crate) fn take_note(&mut self, page: Content) -> Result<(), String> {
        self.rows = self.rows.saturating_add(page.rows);
        self.repeats = self.repeats.saturating_add(page.repeats);
        self.empty_in_a_row = if page.rows == 0 { self.empty_in_a_row + 1 } else { 0 };
        let met = page.fingerprint.is_some_and(|fingerprint| self.contents.is_met(fingerprint));
        self.fruitless = match page.rows {
            _ if page.is_again => self.fruitless,
            0 => self.fruitless.saturating_add(LIGHT),
            _ if page.any_new && !met => 0,
            1 => self.fruitless.saturating_add(LIGHT),
            _ => self.fruitless.saturating_add(HEAVY),
        };
        let is_the_last = page.fingerprint.is_some() && page.fingerprint == self.content;
        self.content = page.fingerprint;
        if is_the_last && page.is_numbered && !page.may_have_moved && !page.is_again {
            return Err("a page came for the second time under another number".into());
        }
        Ok(())
    }

    /// Refuses to go on where nothing new came for long.
    pub(super) fn check_fruitless(&self) -> Result<(), String> {
        if self.fruitless < MOST_FRUITLESS {
            return Ok(());
        }
        Err("page after page brought nothing new and promised another one".into())
    }

    /// Refuses a continuation that was followed before.
    pub(super) fn check_circle(&mut self, next: &Continuation) -> Result<(), String> {
        let (Continuation::Link(text) | Continuation::Cursor(text)) = next else {
            return Ok(());
        };
        if self.continuations.is_met(fingerprint([text.as_bytes()])) {
            return Err("a continuation came for the second time: the pages run in a circle".into());
        }
        Ok(())
    }

    /// Remembers where a resumed pager begins, so that a first page which leads to itself is seen.
    pub(crate) fn begin_at(&mut self, position: &Continuation) {
        if let Continuation::Link(text) | Continuation::Cursor(text) = position {
            self.continuations.recent.push_back(fingerprint([text.as_bytes()]));
        }
    }
}
