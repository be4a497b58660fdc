//! The pages of a list, and where a pager over them stands.
//!
//! After an error a pager stands still and the next call tries again, so that a caller may wait and
//! go on. As a `Stream` it ends, since combinators that drop errors would otherwise turn for ever.
//! A page that comes is read into the place of the one before: bodies are the largest things in
//! memory, and if each got a new place, the holes between them would make the heap grow by one or
//! two pages in a long list.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::Row;
use super::dead_continuation::Beginnings;
use super::delivered::Delivered;
use super::fingerprint::kept;
use super::prefetch::{Landed, Prefetches};
use super::unordered::Unordered;
use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::http::request::Request;
use crate::page::page::Page;
use crate::pager::checkpoint::Checkpoint;
use crate::pager::continuation::{CheckpointData, Continuation, Depth, WalkId};
use crate::pager::operation::Operation;
use crate::pager::paging::{Paging, PagingState};
use crate::pager::report::{Report, Warning};
use crate::send::counters::RequestCounters;
use crate::send::task::Task;

/// The pages of a list, fetched one at a time as they are asked for.
///
/// After an error the pager stands where it stood: the next [`try_next`](Self::try_next) tries
/// that page again. As a [`Stream`] it ends after an error.
#[must_use = "nothing is fetched until it is asked for"]
pub struct Pages<O: Operation> {
    pub(super) client: Client,
    /// What is asked for now: all of the list, or the part of it that is still to come.
    pub(super) operation: O,
    /// What the pager is of.
    pub(super) whole: O,
    pub(super) plan: Result<Arc<Plan>>,
    /// What to fetch next.
    pub(super) next: Continuation,
    /// Where a resumed pager would begin.
    pub(super) resume_point: ResumePoint,
    pub(super) paging_state: PagingState,
    /// For a list in no known order.
    pub(super) passes: Option<Unordered>,
    /// For a list in which every record can be told from others.
    pub(super) delivered: Delivered,
    /// Rows moved while several pages were under way: from now on one is at a time.
    pub(super) in_order: bool,
    /// The first numbered page that this pager received, and the one up to which, itself not
    /// included, pages are gone through once more.
    pub(super) first_page: Option<u64>,
    pub(super) again_until: u64,
    /// How many pages may be under way while one is yielded.
    ahead: usize,
    /// Whether it is known what all further requests hold: see [`Operation::fix_parameters`].
    pub(super) is_fixed: bool,
    pub(super) flights: Prefetches<Page<O::Item>>,
    counters: Arc<RequestCounters>,
    /// Whether the pager begins again by itself where its continuation is dead.
    pub(super) begins_again: bool,
    pub(super) begun: Beginnings,
    /// Where the pager stands once the list that it begins again is answered.
    pub(super) beginning: Option<ResumePoint>,
    /// A page led nowhere: said after the page was yielded.
    pub(super) stuck: Option<Error>,
    pub(super) report: Report,
    pub(super) stream_over: bool,
}

/// What is asked for, and whose pager it is.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) request: Request,
    pub(super) walk_id: WalkId,
}

/// What a checkpoint is made from.
#[derive(Debug, Clone)]
pub(super) struct ResumePoint {
    pub(super) position: Continuation,
    pub(super) rows: u64,
    pub(super) fixed: Vec<(String, String)>,
    /// Fingerprints of the records of the last pages, the newest last.
    pub(super) recent: VecDeque<Arc<HashSet<u64>>>,
    /// Those of the pages before, as far as a pager may go back to them.
    pub(super) older: VecDeque<Arc<HashSet<u64>>>,
    /// Fingerprints of what was yielded before the pager began again where the list begins.
    pub(super) before_start: Arc<HashSet<u64>>,
    /// How far back in time the list came.
    pub(super) depth: Depth,
}

impl ResumePoint {
    /// Whether a record of this fingerprint was yielded, as far as is remembered.
    pub(super) fn knows(&self, fingerprint: u64) -> bool {
        self.before_start.contains(&fingerprint)
            || self.recent.iter().any(|page| page.contains(&fingerprint))
    }

    /// Whether it was yielded before that, of a page that the pager may go back to.
    pub(super) fn knew(&self, fingerprint: u64) -> bool {
        self.older.iter().any(|page| page.contains(&fingerprint))
    }
}

/// A page with what [`Items`](super::Items) needs to stand in the middle of it.
pub(super) struct Arrived<T> {
    pub(super) page: Page<T>,
    /// The fingerprints of its rows, one each.
    pub(super) fingerprints: Vec<Option<u64>>,
    /// The place before the page.
    pub(super) before: ResumePoint,
}

impl<O: Operation> Pages<O> {
    pub(crate) fn new(client: Client, operation: O) -> Self {
        let paging = operation.paging();
        let plan = operation.request().map(|request| {
            let mut walk_id = client.walk_id(operation.name(), &request);
            let unsent = operation.filter_arguments().into_iter();
            walk_id.query.extend(unsent.map(|(name, value)| (name.to_owned(), value)));
            Arc::new(Plan { request, walk_id })
        });
        let next = paging.start();
        let rows = paging.rows_before_start();
        let resume_point = ResumePoint {
            position: next.clone(),
            rows,
            fixed: Vec::new(),
            recent: VecDeque::new(),
            older: VecDeque::new(),
            before_start: Arc::default(),
            depth: Depth::default(),
        };
        let passes = (!operation.keeps_order()).then(Unordered::new);
        Self {
            client,
            whole: operation.clone(),
            operation,
            plan,
            next,
            resume_point,
            paging_state: PagingState::after(rows),
            passes,
            delivered: Delivered::default(),
            in_order: false,
            first_page: None,
            again_until: 0,
            ahead: 0,
            is_fixed: false,
            flights: Prefetches::new(),
            counters: Arc::default(),
            begins_again: true,
            begun: Beginnings::default(),
            beginning: None,
            stuck: None,
            report: Report::default(),
            stream_over: false,
        }
    }

    /// Lets up to so many pages be under way while one is yielded. Default 0: a page is asked
    /// for when it is needed. The order stays.
    ///
    /// A service may look at its list for such pages in any order. Where a record comes twice or
    /// the list's count changes meanwhile, rows may have moved past the pager: then it goes back to
    /// the first page that may lack one, and reads one page at a time from there on. A list that
    /// does not say its count is read so from the beginning.
    ///
    /// Lists with numbered pages are fetched so many pages ahead, from the second page on; other
    /// lists name only the next page, so that any number means one. Memory: each page ahead is
    /// held until it is yielded. At the end of a list that does not say how long it is, up to
    /// so many requests are in vain. Dropping the pager stops them all.
    pub fn fetch_ahead(mut self, pages: usize) -> Self {
        self.ahead = pages;
        self
    }

    /// Starts where a checkpoint stands. Everything not yet yielded when it was taken comes;
    /// what was yielded comes again at most within the page at hand, for numbered pages
    /// within the page before it too, and in a list in no known order all of it: see
    /// [`Operation::keeps_order`].
    ///
    /// A service may not take a checkpoint's link or cursor any more. Then the list is asked for
    /// anew, from the oldest record that came or from its start, which
    /// [`Warning::BeganAgain`] tells: see [`Operation::is_dead`].
    ///
    /// The checkpoint of a pager that was over gives nothing and asks for nothing: see
    /// [`Checkpoint::is_end`]. What arrived since is for another pager, after a later time.
    ///
    /// # Errors
    /// [`ErrorKind::Checkpoint`] if it is of another pager: other arguments, another host.
    pub fn resume(mut self, checkpoint: Checkpoint) -> Result<Self> {
        let walk_id = &self.plan.as_ref().map_err(Clone::clone)?.walk_id;
        let mut data = checkpoint.of_walk(walk_id)?;
        let (operation, plan) = self.asking(data.depth.until)?;
        self.check_fits(&data, &plan.request)?;
        (self.operation, self.plan) = (operation, Ok(plan));
        let begins_again = data.position == self.operation.paging().start();
        self.flights.clear();
        self.counters = Arc::default();
        self.stuck = None;
        self.delivered = Delivered::default();
        self.in_order = false;
        (self.first_page, self.again_until) = (None, 0);
        self.begun = Beginnings::default();
        self.beginning = None;
        self.is_fixed = !data.fixed.is_empty() || !begins_again;
        self.next = data.position.clone();
        self.paging_state = PagingState::after(data.rows);
        // Until a page says another, the total that was said before holds.
        self.paging_state.first_total = data.total.filter(|_| self.operation.keeps_order());
        self.paging_state.total = self.paging_state.first_total;
        self.paging_state.begin_at(&data.position);
        self.report = Report { finished: data.position == Continuation::End, ..Report::default() };
        if data.incomplete {
            self.report.warnings.push(Warning::IncompleteBefore);
        }
        // What arrived meanwhile may have moved what was yielded of the first page to any other.
        if begins_again && self.operation.identity_is_unique() {
            data.before_start.extend(data.seen.drain());
        }
        self.passes = (!self.operation.keeps_order()).then(|| {
            let delivered = data.before_start.iter().chain(&data.seen);
            Unordered::resumed(begins_again, delivered.copied())
        });
        self.resume_point = ResumePoint {
            position: data.position,
            rows: data.rows,
            fixed: data.fixed,
            recent: VecDeque::from([Arc::new(data.seen)]),
            older: VecDeque::new(),
            before_start: Arc::new(data.before_start),
            depth: data.depth,
        };
        Ok(self)
    }

    /// Refuses a checkpoint that this pager cannot have made: a position of another kind of paging,
    /// a parameter that is not pinned, is the caller's or comes twice, a link that leads elsewhere.
    fn check_fits(&self, data: &CheckpointData, request: &Request) -> Result<()> {
        let pins = self.operation.fixed_parameters();
        let mut fixed = HashSet::new();
        let may_fix = data.fixed.iter().all(|(name, _)| {
            let is_asked = request.query.iter().any(|(asked, _)| asked == name);
            pins.contains(&name.as_str()) && !is_asked && fixed.insert(name)
        });
        let fits = match (&data.position, self.operation.paging()) {
            (Continuation::End, _) => true,
            (Continuation::Page(number), Paging::PageNumber { start, .. }) => *number >= start,
            (_, Paging::PageNumber { .. }) => false,
            (Continuation::Start, _) => true,
            (Continuation::Link(link), Paging::NextLink) if may_fix => {
                return self.client.check_link(link, request);
            }
            (Continuation::Cursor(_), Paging::Cursor { .. }) => true,
            _ => false,
        };
        if fits && may_fix {
            return Ok(());
        }
        let why = "its place is none that this walk can stand at";
        let next = "take an older copy of it, or start anew";
        Err(Error::new(ErrorKind::Checkpoint, "checkpoint", why, next))
    }

    /// The next page; None after the last one.
    ///
    /// Dropping the future loses nothing: the next call goes on with the same request.
    ///
    /// # Errors
    /// Every kind. [`Error::checkpoint`] says where to resume; calling again tries again.
    pub async fn try_next(&mut self) -> Result<Option<Page<O::Item>>> {
        poll_fn(|cx| self.poll_page(cx)).await.transpose()
    }

    /// Where the pager stands: after the page that was yielded last. None if its request
    /// could never be built.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        self.checkpoint_of(&self.resume_point, &[])
    }

    /// What the pager did so far.
    pub fn report(&self) -> &Report {
        &self.report
    }

    pub(super) fn report_by_now(&self) -> Report {
        let mut report = self.report.clone();
        report.count(&self.counters);
        report
    }

    /// Leaves out the page that could not be read and goes on after it. The report names it
    /// and the result is not complete.
    ///
    /// # Errors
    /// [`ErrorKind::Paging`] for lists whose pages are not numbered: there the way on is lost
    /// with the page.
    pub fn skip_page(&mut self) -> Result<()> {
        let Continuation::Page(number) = self.next else {
            let why = "only numbered pages can be skipped";
            let next = "resume later from the checkpoint";
            return Err(Error::new(ErrorKind::Paging, self.what(), why, next));
        };
        if let Some(stuck) = &self.stuck {
            return Err(stuck.clone());
        }
        self.next = Continuation::Page(number.saturating_add(1));
        self.flights.go_on_at(&self.next);
        if !self.in_later_pass() {
            self.resume_point.position = self.next.clone();
            self.resume_point.rows = self.paging_state.distinct();
        }
        self.report.warnings.push(Warning::PageSkipped { number });
        Ok(())
    }

    /// Whether there is anything that a checkpoint could tell.
    pub(super) fn has_begun(&self) -> bool {
        self.is_fixed || !self.resume_point.recent.is_empty()
    }

    pub(crate) fn poll_page(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Page<O::Item>>>> {
        let advanced = ready!(self.poll_arrival(cx));
        Poll::Ready(advanced.map(|advanced| {
            let page = advanced?.page;
            for row in page.rows() {
                self.count(row);
            }
            Ok(page)
        }))
    }

    pub(super) fn poll_arrival(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Arrived<O::Item>>>> {
        if let Some(stuck) = &self.stuck {
            return Poll::Ready(Some(Err(stuck.clone())));
        }
        if self.next == Continuation::End {
            return Poll::Ready(None);
        }
        loop {
            if !self.flights.begin_with(&self.next) {
                match self.request(self.next.clone()) {
                    Ok(request) => self.flights.put_first(self.next.clone(), request),
                    Err(error) => return Poll::Ready(Some(Err(error))),
                }
            }
            self.send_ahead();
            let Some(Landed { result, together }) = ready!(self.flights.poll_first(cx)) else {
                return Poll::Ready(None);
            };
            self.report.count(&self.counters);
            return Poll::Ready(Some(match result {
                Ok(page) if together && self.may_lack_rows(&page) => {
                    self.go_back();
                    continue;
                }
                Ok(page) => {
                    let advanced = self.advance(page);
                    self.flights.go_on_at(&self.next);
                    self.send_ahead();
                    Ok(advanced)
                }
                Err(error) => match self.begin_again(error) {
                    Ok(()) => continue,
                    Err(error) => Err(self.at_checkpoint(error)),
                },
            }));
        }
    }

    /// Goes back to the first page that was under way together with the one at hand or with one
    /// before it, to go on in order. What was yielded of these pages is remembered.
    fn go_back(&mut self) {
        self.in_order = true;
        self.flights.clear();
        if let (Continuation::Page(number), Some(first)) = (&self.next, self.first_page) {
            self.again_until = *number;
            let back = u64::try_from(self.pages_back()).unwrap_or(u64::MAX);
            let back = number.saturating_sub(back).max(first).min(*number);
            self.next = Continuation::Page(back);
            self.resume_point.position = self.next.clone();
        }
    }

    /// How many pages a pager may go back: those that can be under way at once, and one before.
    pub(super) fn pages_back(&self) -> usize {
        if self.ahead > 1 { self.ahead.saturating_add(1) } else { 0 }
    }

    /// Asks for the next page now, in the background, if nothing is under way.
    pub(crate) fn prefetch(&mut self) {
        if self.flights.len() == 0
            && self.stuck.is_none()
            && self.next != Continuation::End
            && let Ok(request) = self.request(self.next.clone())
        {
            self.flights.put_last(self.next.clone(), request);
        }
    }

    /// Sends as many requests ahead as are allowed and make sense.
    fn send_ahead(&mut self) {
        // The first page is asked for by itself: it tells what the further ones hold, and after a
        // break whether rows moved.
        if self.report.pages == 0 || self.stuck.is_some() {
            return;
        }
        let one_by_one =
            self.in_order || self.passes.is_none() && self.paging_state.total.is_none();
        let ahead = if one_by_one { self.ahead.min(1) } else { self.ahead };
        while self.flights.len() < ahead {
            let at = match self.flights.last() {
                None if self.next != Continuation::End => self.next.clone(),
                Some(Continuation::Page(last)) if self.may_hold_rows(*last) => {
                    let Some(following) = last.checked_add(1) else { return };
                    Continuation::Page(following)
                }
                _ => return,
            };
            let Ok(request) = self.request(at.clone()) else { return };
            self.flights.put_last(at, request);
        }
    }

    /// Whether there may be a page after this one: not if the list says that it is shorter.
    fn may_hold_rows(&self, page: u64) -> bool {
        let Paging::PageNumber { first, size, .. } = self.operation.paging() else { return false };
        let rows = page.saturating_sub(first).saturating_add(1).saturating_mul(size);
        self.paging_state.total.is_none_or(|total| total > rows)
    }

    /// Sends the request for a page.
    fn request(&self, position: Continuation) -> Result<Task<Page<O::Item>>> {
        let plan = Arc::clone(self.plan.as_ref().map_err(Clone::clone)?);
        let (client, operation) = (self.client.clone(), self.operation.clone());
        let (fixed, counters) = (self.resume_point.fixed.clone(), Arc::clone(&self.counters));
        Ok(Task::start(async move {
            client.fetch(&operation, &plan.request, &position, &fixed, &counters).await
        }))
    }

    pub(super) fn count(&mut self, row: &Row<O::Item>) {
        match row {
            Ok(_) => self.report.records += 1,
            Err(_) => self.report.rejected += 1,
        }
    }

    pub(super) fn checkpoint_of(
        &self,
        resume_point: &ResumePoint,
        delivered: &[u64],
    ) -> Option<Checkpoint> {
        let pages = resume_point.recent.iter().rev().chain(resume_point.older.iter().rev());
        let newest_first = delivered.iter().chain(pages.flat_map(|page| page.iter())).copied();
        let (seen, before_start) = kept(newest_first, &resume_point.before_start);
        Some(Checkpoint(CheckpointData {
            walk_id: self.plan.as_ref().ok()?.walk_id.clone(),
            fixed: resume_point.fixed.clone(),
            position: resume_point.position.clone(),
            rows: resume_point.rows,
            total: self.paging_state.first_total,
            incomplete: self.report.has_completeness_warnings(),
            seen,
            before_start,
            depth: resume_point.depth,
        }))
    }

    pub(super) fn what(&self) -> String {
        self.client.what(self.operation.name())
    }

    pub(super) fn at_checkpoint(&self, error: Error) -> Error {
        match self.checkpoint() {
            Some(checkpoint) => error.at(checkpoint),
            None => error,
        }
    }
}

impl<O: Operation> Stream for Pages<O> {
    type Item = Result<Page<O::Item>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.stream_over {
            return Poll::Ready(None);
        }
        let page = ready!(this.poll_page(cx));
        this.stream_over = !matches!(page, Some(Ok(_)));
        Poll::Ready(page)
    }
}

impl<O: Operation> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.operation.name())
            .field("report", &self.report)
            .finish_non_exhaustive()
    }
}
