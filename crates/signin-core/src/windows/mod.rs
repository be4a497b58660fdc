//! Walks over a long range of time in short windows: each is a list of its own, which is read
//! again in halves where it was too much.

mod given;
mod kept;
mod pace;

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use self::given::Given;
use self::kept::Search;
use self::pace::Pace;
use crate::checkpoint::{Checkpoint, Mark, WalkName, foreign};
use crate::client::Client;
use crate::operation::Operation;
use crate::paging::{OpenWindow, Position, WindowsPlace};
use crate::record::Record;
use crate::report::{Report, Warning};
use crate::walk::Items;
use crate::{Error, ErrorKind, Result};

/// How many windows are under way at once where the caller does not say.
const CONCURRENCY: usize = 3;

/// After so many setbacks in a row without a record or a complete window, the error is the
/// caller's.
const MOST_SETBACKS: u32 = 16;

/// A list that can be asked for by time.
pub trait Ranged: Operation {
    /// The same list, of what was created from `from` on and before `to`.
    fn between(&self, from: OffsetDateTime, to: OffsetDateTime) -> Self;

    /// The same as short as it can be: it is asked only whether it is answered.
    fn probe(&self, from: OffsetDateTime, to: OffsetDateTime) -> Self {
        self.between(from, to)
    }

    /// What an error means for a window. None: it is the caller's.
    fn setback(&self, error: &Error) -> Option<Setback> {
        Setback::of(error)
    }
}

/// Why a window could not be read as it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Setback {
    /// It was too much at once: it is read again in halves.
    TooMuch,
    /// A continuation was not taken any more. A window that was under way is read again in
    /// halves; at a window's beginning the error is the caller's.
    DeadLink,
    /// It may begin before what the service keeps. The time from which on it answers is looked
    /// for; where there is none, the error is the caller's.
    NotKept,
}

impl Setback {
    /// What an error of any service means: too many requests, no answer in time, or too large
    /// a one is too much at once.
    pub fn of(error: &Error) -> Option<Self> {
        let too_much = match error.kind() {
            ErrorKind::Throttled | ErrorKind::Timeout | ErrorKind::TooLarge => true,
            _ => error.status() == Some(504),
        };
        too_much.then_some(Self::TooMuch)
    }
}

/// The records of a range of time, window by window, the earliest window first; while one is
/// handed out, the first pages of the next ones are fetched. Within a window records come in the
/// order of the list.
///
/// Windows are half-open, so that no record falls between two of them or is in both. One that is
/// too much is read again in halves, without the records that were handed out, of which up to
/// 100,000 are remembered, in 16 bytes each or so; after trouble the next windows are shorter,
/// and later they grow again.
///
/// A checkpoint holds the end of the last complete window and the place in the one at hand. A
/// list's place dies after a while: then the window at hand is read again, and what was handed
/// out of it comes again, but for the last pages.
///
/// A record that does not fit its type comes in its place as an error of kind
/// [`Decode`](ErrorKind::Decode) with [`Error::rejected`]; the walk goes on behind it. After any
/// other error the walk stands where it stood: the next [`try_next`](Self::try_next) tries again.
/// As a [`Stream`] it ends after such an error.
#[must_use = "nothing is fetched until it is asked for"]
pub struct Windows<O: Ranged> {
    client: Client,
    operation: O,
    name: Result<WalkName>,
    from: OffsetDateTime,
    to: OffsetDateTime,
    pace: Pace,
    concurrency: usize,
    ahead: usize,
    /// Everything before was handed out, or is known not to be kept.
    done: OffsetDateTime,
    /// Windows are open up to here.
    planned: OffsetDateTime,
    /// Windows under way, in order. Records of the first one are handed out.
    open: VecDeque<Window<O>>,
    given: Given,
    search: Option<Search>,
    /// Setbacks since the last record or complete window.
    setbacks: u32,
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
        let name = request.map(|request| client.walk_name(operation.name(), &request));
        Self {
            client,
            operation,
            name,
            from,
            to,
            pace: Pace::default(),
            concurrency: CONCURRENCY,
            ahead: 0,
            done: from,
            planned: from,
            open: VecDeque::new(),
            given: Given::default(),
            search: None,
            setbacks: 0,
            report: Report::default(),
            records: 0,
            rejected: 0,
            stream_over: false,
        }
    }

    /// The length of the first window, a minute or more. Default an hour.
    pub fn length(mut self, length: Duration) -> Self {
        self.pace.begin_with(length);
        self
    }

    /// The length that windows may grow to. Default a day.
    pub fn longest(mut self, length: Duration) -> Self {
        self.pace.at_most(length);
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

    /// Starts where a checkpoint stands: complete windows are not asked for again.
    ///
    /// # Errors
    /// [`ErrorKind::Checkpoint`] if it is of another walk: other arguments, another host.
    pub fn resume(mut self, checkpoint: Checkpoint) -> Result<Self> {
        let mark = checkpoint.of_walk(self.name.as_ref().map_err(Clone::clone)?)?;
        let place = match mark.position {
            Position::Windows(place) => place,
            Position::End => WindowsPlace { done: written(self.to), open: None },
            _ => return Err(foreign()),
        };
        if mark.incomplete {
            self.report.warnings.push(Warning::IncompleteBefore);
        }
        self.done = self.within(&place.done)?;
        self.planned = self.done;
        self.open.clear();
        if let Some(OpenWindow { to, mark }) = place.open {
            self.planned = self.within(&to)?;
            if self.planned <= self.done {
                return Err(foreign());
            }
            self.given = Given::of(mark.seen.iter().copied());
            let (from, to) = (self.done, self.planned);
            // Where its place is none that the list takes, the window is read again.
            let items = self.items(from, to).resume(Checkpoint(*mark));
            let items = items.unwrap_or_else(|_| self.items(from, to));
            self.open.push_back(Window { from, to, items });
        }
        Ok(self)
    }

    /// The next record; None behind the last one.
    ///
    /// Dropping the future loses nothing: the next call goes on with the same requests.
    ///
    /// # Errors
    /// Every kind. Where [`Error::rejected`] is there, the next call goes on behind that record;
    /// otherwise [`Error::checkpoint`] says where to resume, and calling again tries again.
    pub async fn try_next(&mut self) -> Result<Option<Record<O::Item>>> {
        poll_fn(|cx| self.poll_try_next(cx)).await.transpose()
    }

    /// Up to which time, itself not included, the range is done: handed out, or known not to be
    /// kept, which [`report`](Self::report) then tells.
    pub fn covered_until(&self) -> OffsetDateTime {
        self.done
    }

    /// Where the walk stands: behind the record that was handed out last. None if its request
    /// could never be built.
    ///
    /// Its size does not depend on the length of the range. It holds fingerprints of up to three
    /// pages of records: take one per page, or every now and then, rather than for each record.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        Some(Checkpoint(Mark {
            walk: self.name.as_ref().ok()?.clone(),
            pinned: Vec::new(),
            position: self.position(),
            rows: 0,
            total: None,
            incomplete: self.report().has_doubts(),
            seen: [].into(),
        }))
    }

    fn position(&self) -> Position {
        let place = |done: OffsetDateTime, open| {
            Position::Windows(WindowsPlace { done: written(done), open })
        };
        if self.report.finished {
            return Position::End;
        }
        let first = self.open.front().filter(|window| window.items.has_begun());
        match first.map(|window| (window.to, window.items.checkpoint())) {
            Some((to, Some(Checkpoint(Mark { position: Position::End, .. })))) => place(to, None),
            Some((to, Some(Checkpoint(mark)))) => {
                place(self.done, Some(OpenWindow { to: written(to), mark: Box::new(mark) }))
            }
            _ => place(self.done, None),
        }
    }

    /// What the walk did so far, over all windows.
    pub fn report(&self) -> Report {
        let mut report = self.report.clone();
        for window in &self.open {
            absorb(&mut report, window);
        }
        (report.records, report.rejected) = (self.records, self.rejected);
        report.duplicates += self.given.left_out();
        report
    }

    /// [`try_next`](Self::try_next) as a poll, for walks made of walks.
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
            let next = ready!(window.items.poll_try_next(cx));
            let print = window.items.last_print();
            match next {
                Some(Ok(record)) if self.given.is_new(print) => {
                    self.setbacks = 0;
                    self.records += 1;
                    return Poll::Ready(Some(Ok(record)));
                }
                Some(Err(error)) if error.rejected().is_some() => {
                    if self.given.is_new(print) {
                        self.rejected += 1;
                        return Poll::Ready(Some(Err(error)));
                    }
                }
                Some(Ok(_)) => {}
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
        while self.open.len() < self.concurrency && self.planned < self.to {
            let to = self.pace.end_of(self.planned).min(self.to);
            let mut window = self.window(self.planned, to);
            if self.concurrency > 1 {
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

    fn items(&self, from: OffsetDateTime, to: OffsetDateTime) -> Items<O> {
        self.client.items(self.operation.between(from, to)).fetch_ahead(self.ahead)
    }

    fn close_first(&mut self) {
        if let Some(window) = self.open.pop_front() {
            self.setbacks = 0;
            self.pace.learn(window.items.report());
            absorb(&mut self.report, &window);
            self.done = window.to;
            self.given.window_is_done(window.to);
        }
    }

    /// Does what an error calls for, or gives it back.
    fn set_back(&mut self, error: Error) -> Result<()> {
        self.setbacks += 1;
        let setback = self.operation.setback(&error).filter(|_| self.setbacks <= MOST_SETBACKS);
        let (Some(setback), Some(window)) = (setback, self.open.front()) else {
            self.setbacks = 0;
            return Err(error);
        };
        let (from, to) = (window.from, window.to);
        let halves = self.pace.middle(from, to).map(|middle| [(from, middle), (middle, to)]);
        match (setback, halves) {
            (Setback::NotKept, _) => {
                let (client, operation) = (self.client.clone(), self.operation.clone());
                self.search = Some(Search::new(client, operation, from, self.to, error));
            }
            (Setback::DeadLink, _) if !window.items.has_begun() => return Err(error),
            (Setback::TooMuch | Setback::DeadLink, Some(halves)) => {
                self.pace.slow_down();
                self.replace_first(&halves);
            }
            (Setback::DeadLink, None) => self.replace_first(&[(from, to)]),
            (Setback::TooMuch, None) => return Err(error),
        }
        Ok(())
    }

    /// Opens windows of these ranges in the place of the first one.
    fn replace_first(&mut self, ranges: &[(OffsetDateTime, OffsetDateTime)]) {
        if let Some(window) = self.open.pop_front() {
            absorb(&mut self.report, &window);
            self.given.comes_again_until(window.to);
        }
        for (from, to) in ranges.iter().rev() {
            let window = self.window(*from, *to);
            self.open.push_front(window);
        }
    }

    /// Begins anew at the time from which on the service answers.
    fn end_search(&mut self, found: Result<OffsetDateTime>) -> Result<()> {
        if let Some(search) = self.search.take() {
            self.report.absorb_cost(&search.cost());
        }
        let kept_from = found?;
        if let Some(first) = self.open.front() {
            self.given.comes_again_until(first.to);
        }
        for window in std::mem::take(&mut self.open) {
            absorb(&mut self.report, &window);
        }
        self.report.warn(Warning::NotCovered { from: self.done, to: kept_from });
        (self.done, self.planned) = (kept_from, kept_from);
        Ok(())
    }

    /// A checkpoint's time, if it is one of this range.
    fn within(&self, text: &str) -> Result<OffsetDateTime> {
        let time = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| foreign())?;
        if self.from <= time && time <= self.to { Ok(time) } else { Err(foreign()) }
    }

    fn at_checkpoint(&self, error: Error) -> Error {
        match self.checkpoint() {
            Some(checkpoint) => error.at(checkpoint),
            None => error,
        }
    }
}

fn absorb<O: Operation>(report: &mut Report, window: &Window<O>) {
    let walk = window.items.report();
    report.absorb_cost(walk);
    report.duplicates += walk.duplicates;
    report.absorb_warnings(&written(window.from), walk);
}

/// A time as checkpoints hold it. Times that cannot be written are refused with their request.
fn written(time: OffsetDateTime) -> String {
    time.format(&Rfc3339).unwrap_or_else(|_| time.to_string())
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
