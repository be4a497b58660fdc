//! Long ranges of time in short windows: each is a list of its own, which is read again in halves
//! where it was too much.
//!
//! Windows are half-open, so that they neither overlap nor leave a gap, and read from the earliest
//! to the latest. A window that is throttled, not answered in time or too large is read again in
//! halves; so is one whose continuation died. From the second such death on windows are read one at
//! a time, and after eight in a row without an answered continuation between them the error is the
//! caller's, with what was reached. What was yielded of a window is remembered by fingerprints,
//! 100,000 at most, and left out (`delivered.rs`). Windows get shorter after trouble, down to a
//! minute, and longer where they hold few pages (`window_size.rs`). What an error means is said by
//! the list (`Ranged::window_error`).
//!
//! The checkpoint is the end of the last complete window and the place in the one at hand; a place
//! that is not taken any more costs that window's records again, but for its last pages.

mod advance;
mod checkpoint;
mod delivered;
mod retention;
mod window_size;

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use time::OffsetDateTime;

use self::advance::absorb;
use self::delivered::Delivered;
use self::retention::Search;
use self::window_size::WindowSize;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::pager::Items;
use crate::pager::continuation::WalkId;
use crate::pager::operation::Operation;
use crate::pager::report::Report;
use crate::record::record::Record;

/// How many windows are under way at once where the caller does not say.
const CONCURRENCY: usize = 3;

/// A list that can be asked for by time.
pub trait Ranged: Operation {
    /// The same list, of what was created from `from` on and before `to`.
    fn between(&self, from: OffsetDateTime, to: OffsetDateTime) -> Self;

    /// The same as short as it can be: it is asked only whether it is answered.
    fn probe(&self, from: OffsetDateTime, to: OffsetDateTime) -> Self {
        self.between(from, to)
    }

    /// What an error means for a window. None: it is the caller's.
    fn window_error(&self, error: &Error) -> Option<WindowError> {
        WindowError::of(error)
    }
}

/// Why a window could not be read as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WindowError {
    /// It was too much at once: it is read again in halves.
    TooMuch,
    /// A continuation was not taken any more. A window that was under way is read again in
    /// halves; at a window's beginning the error is the caller's, and so it is after eight dead
    /// ones in a row, with none between that was taken.
    DeadLink,
    /// It may begin before what the service keeps. The time from which on it answers is looked
    /// for, and the pager begins some minutes after it, since it moves on; where there is none, and
    /// where it catches up with the pager again and again, the error is the caller's.
    NotKept,
}

impl WindowError {
    /// What an error of any service means: too many requests, no answer in time, or too large
    /// a one is too much at once. A service that asks to wait for minutes is left to the caller.
    pub fn of(error: &Error) -> Option<Self> {
        const PATIENCE: Duration = Duration::from_secs(120);
        let too_much = match error.kind() {
            ErrorKind::Throttled => error.retry_after().is_none_or(|pause| pause <= PATIENCE),
            ErrorKind::Timeout | ErrorKind::TooLarge => true,
            _ => error.status() == Some(504),
        };
        too_much.then_some(Self::TooMuch)
    }
}

/// The records of a range of time, window by window, the earliest window first; while one is
/// yielded, the first pages of the next ones are fetched. Within a window records come in the
/// order of the list.
///
/// Windows are half-open, so that no record falls between two of them or is in both. One that is
/// too much is read again in halves, without the records that were yielded, of which up to
/// 100,000 are remembered, in 16 bytes each or so; after trouble the next windows are shorter,
/// and later they grow again.
///
/// A checkpoint holds the end of the last complete window and the place in the one at hand. A
/// list's place dies after a while: then the window at hand is read again, and what was handed
/// out of it comes again, but for the last pages.
///
/// A record that does not fit its type comes in its place as an error of kind
/// [`Decode`](ErrorKind::Decode) with [`Error::rejected`]; the pager goes on after it. After any
/// other error the pager stands where it stood: the next [`try_next`](Self::try_next) tries again.
/// As a [`Stream`] it ends after such an error.
#[must_use = "nothing is fetched until it is asked for"]
pub struct Windows<O: Ranged> {
    client: Client,
    operation: O,
    name: Result<WalkId>,
    from: OffsetDateTime,
    to: OffsetDateTime,
    window_size: WindowSize,
    concurrency: usize,
    ahead: usize,
    /// Everything before was yielded, or is known not to be kept.
    done: OffsetDateTime,
    /// Windows are open up to here.
    planned: OffsetDateTime,
    /// Windows under way, in order. Records of the first one are yielded.
    open: VecDeque<Window<O>>,
    delivered: Delivered,
    search: Option<Search>,
    /// Setbacks since the last record or complete window.
    errors_in_a_row: u32,
    /// Dead continuations since one was answered.
    dead: u32,
    /// How often the time from which on the service answers was looked for.
    searches: u32,
    /// What was done apart from the windows under way.
    report: Report,
    records: u64,
    rejected: u64,
    stream_over: bool,
}

struct Window<O: Operation> {
    from: OffsetDateTime,
    to: OffsetDateTime,
    items: Items<O>,
}

impl<O: Ranged> Windows<O> {
    pub(crate) fn new(
        client: Client,
        operation: O,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Self {
        let request = operation.between(from, to).request();
        let name = request.map(|request| client.walk_id(operation.name(), &request));
        Self {
            client,
            operation,
            name,
            from,
            to,
            window_size: WindowSize::default(),
            concurrency: CONCURRENCY,
            ahead: 0,
            done: from,
            planned: from,
            open: VecDeque::new(),
            delivered: Delivered::default(),
            search: None,
            errors_in_a_row: 0,
            dead: 0,
            searches: 0,
            report: Report::default(),
            records: 0,
            rejected: 0,
            stream_over: false,
        }
    }

    /// The length of the first window, a minute or more. Default an hour.
    pub fn length(mut self, length: Duration) -> Self {
        self.window_size.begin_with(length);
        self
    }

    /// The length that windows may grow to. Default a day.
    pub fn longest(mut self, length: Duration) -> Self {
        self.window_size.at_most(length);
        self
    }

    /// How many windows are under way at once, 1 or more. Default 3. Memory: a page for each.
    pub fn concurrency(mut self, windows: usize) -> Self {
        self.concurrency = windows.max(1);
        self
    }

    /// How many pages of one window are fetched ahead: see [`Items::fetch_ahead`]. Default 0.
    pub fn fetch_ahead(mut self, pages: usize) -> Self {
        self.ahead = pages;
        self
    }

    /// The next record; None after the last one.
    ///
    /// Dropping the future loses nothing: the next call goes on with the same requests.
    ///
    /// # Errors
    /// Every kind. Where [`Error::rejected`] is there, the next call goes on after that record;
    /// otherwise [`Error::checkpoint`] says where to resume, and calling again tries again.
    pub async fn try_next(&mut self) -> Result<Option<Record<O::Item>>> {
        poll_fn(|cx| self.poll_try_next(cx)).await.transpose()
    }

    /// Up to which time, itself not included, the range is done: yielded, or known not to be
    /// kept, which [`report`](Self::report) then tells.
    pub fn covered_until(&self) -> OffsetDateTime {
        self.done
    }

    /// What the pager did so far, over all windows.
    pub fn report(&self) -> Report {
        let mut report = self.report.clone();
        for window in &self.open {
            absorb(&mut report, window);
        }
        (report.records, report.rejected) = (self.records, self.rejected);
        report.duplicates += self.delivered.left_out();
        report
    }
}

impl<O: Ranged> Stream for Windows<O> {
    type Item = Result<Record<O::Item>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.stream_over {
            return Poll::Ready(None);
        }
        let record = ready!(this.poll_try_next(cx));
        this.stream_over = match &record {
            Some(Ok(_)) => false,
            Some(Err(error)) => error.rejected().is_none(),
            None => true,
        };
        Poll::Ready(record)
    }
}

impl<O: Ranged> fmt::Debug for Windows<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Windows")
            .field("operation", &self.operation.name())
            .field("covered_until", &self.done)
            .field("report", &self.report())
            .finish_non_exhaustive()
    }
}
