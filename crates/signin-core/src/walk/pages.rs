//! The pages of a list, and where a walk over them stands.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::Row;
use super::flight::Flights;
use super::passes::{Passes, Verdict};
use super::prints::{content_of, fingerprint_of, fingerprint_of_rejected, numbered};
use crate::checkpoint::{Checkpoint, Mark, WalkName};
use crate::client::Client;
use crate::operation::Operation;
use crate::page::Page;
use crate::paging::{Paging, Position, Trail};
use crate::report::{Report, Tally, Warning};
use crate::request::Request;
use crate::task::Task;
use crate::{Error, ErrorKind, Result};

/// How many pages' records are remembered to leave out those that come again.
const REMEMBERED_PAGES: usize = 2;

/// The pages of a list, fetched one at a time as they are asked for.
///
/// After an error the walk stands where it stood: the next [`try_next`](Self::try_next) tries
/// that page again. As a [`Stream`] it ends after an error.
#[must_use = "nothing is fetched until it is asked for"]
pub struct Pages<O: Operation> {
    client: Client,
    pub(super) operation: O,
    plan: Result<Arc<Plan>>,
    /// What to fetch next.
    next: Position,
    /// Where a resumed walk would begin.
    place: Place,
    trail: Trail,
    /// For a list in no known order.
    passes: Option<Passes>,
    /// How many pages may be under way while one is handed out.
    ahead: usize,
    /// Whether it is known what all further requests hold: see [`Operation::pin`].
    pinned: bool,
    flights: Flights<Page<O::Item>>,
    tally: Arc<Tally>,
    /// A page led nowhere: said after the page was handed out.
    stuck: Option<Error>,
    pub(super) report: Report,
    pub(super) stream_over: bool,
}

/// What does not change during a walk.
#[derive(Debug)]
struct Plan {
    request: Request,
    walk: WalkName,
}

/// What a checkpoint is made from.
#[derive(Debug, Clone)]
pub(super) struct Place {
    position: Position,
    rows: u64,
    pinned: Vec<(String, String)>,
    /// Fingerprints of the records of the last pages, the newest last.
    recent: VecDeque<Arc<HashSet<u64>>>,
}

/// A page with what [`Items`] needs to stand in the middle of it.
pub(super) struct Arrived<T> {
    pub(super) page: Page<T>,
    /// The fingerprints of its rows, one each.
    pub(super) marks: Vec<Option<u64>>,
    /// The place before the page.
    pub(super) before: Place,
}

impl<O: Operation> Pages<O> {
    pub(crate) fn new(client: Client, operation: O) -> Self {
        let paging = operation.paging();
        let plan = operation.request().map(|request| {
            let mut walk = client.walk_name(operation.name(), &request);
            let unsent = operation.unsent().into_iter();
            walk.query.extend(unsent.map(|(name, value)| (name.to_owned(), value)));
            Arc::new(Plan { request, walk })
        });
        let next = paging.start();
        let rows = paging.rows_before_start();
        let place =
            Place { position: next.clone(), rows, pinned: Vec::new(), recent: VecDeque::new() };
        let passes = (!operation.keeps_order()).then(Passes::new);
        Self {
            client,
            operation,
            plan,
            next,
            place,
            trail: Trail::behind(rows),
            passes,
            ahead: 0,
            pinned: false,
            flights: Flights::new(),
            tally: Arc::default(),
            stuck: None,
            report: Report::default(),
            stream_over: false,
        }
    }

    /// Lets up to so many pages be under way while one is handed out. Default 0: a page is asked
    /// for when it is needed. The order stays.
    ///
    /// Lists with numbered pages are fetched so many pages ahead, from the second page on; other
    /// lists name only the next page, so that any number means one. Memory: each page ahead is
    /// held until it is handed out. At the end of a list that does not say how long it is, up to
    /// so many requests are in vain. Dropping the walk stops them all.
    pub fn fetch_ahead(mut self, pages: usize) -> Self {
        self.ahead = pages;
        self
    }

    /// Starts where a checkpoint stands. Everything not yet handed out when it was taken comes;
    /// what was handed out comes again at most within the page at hand, for numbered pages
    /// within the page before it too, and in a list in no known order all of it: see
    /// [`Operation::keeps_order`].
    ///
    /// The checkpoint of a walk that was over gives nothing and asks for nothing: see
    /// [`Checkpoint::is_end`]. What arrived since is another walk, after a later time.
    ///
    /// # Errors
    /// [`ErrorKind::Checkpoint`] if it is of another walk: other arguments, another host.
    pub fn resume(mut self, checkpoint: Checkpoint) -> Result<Self> {
        let plan = self.plan.as_ref().map_err(Clone::clone)?;
        let mark = checkpoint.of_walk(&plan.walk)?;
        self.check_mark(&mark, &plan.request)?;
        self.flights.clear();
        self.tally = Arc::default();
        self.stuck = None;
        self.pinned = !mark.pinned.is_empty() || mark.position != self.operation.paging().start();
        self.next = mark.position.clone();
        self.trail = Trail::behind(mark.rows);
        self.trail.first_total = mark.total.filter(|_| self.operation.keeps_order());
        self.trail.begin_at(&mark.position);
        self.report = Report { finished: mark.position == Position::End, ..Report::default() };
        if mark.incomplete {
            self.report.warnings.push(Warning::IncompleteBefore);
        }
        self.passes = (!self.operation.keeps_order()).then(|| {
            let is_whole = mark.position == self.operation.paging().start();
            Passes::resumed(is_whole, &mark.seen)
        });
        self.place = Place {
            position: mark.position,
            rows: mark.rows,
            pinned: mark.pinned,
            recent: VecDeque::from([Arc::new(mark.seen)]),
        };
        Ok(self)
    }

    /// Refuses a checkpoint that this walk cannot have made: a position of another kind of paging,
    /// a parameter that is not pinned, a link that leads elsewhere.
    fn check_mark(&self, mark: &Mark, request: &Request) -> Result<()> {
        let fits = match (&mark.position, self.operation.paging()) {
            (Position::End, _) => true,
            (Position::Page(number), Paging::PageNumber { start, .. }) => *number >= start,
            (_, Paging::PageNumber { .. }) => false,
            (Position::Start, _) => true,
            (Position::Link(link), Paging::NextLink) => {
                return self.client.check_link(link, request);
            }
            (Position::Cursor(_), Paging::Cursor { .. }) => true,
            _ => false,
        };
        let pins = self.operation.pins();
        let pinned = mark.pinned.iter().all(|(name, _)| pins.contains(&name.as_str()));
        if fits && pinned {
            return Ok(());
        }
        let why = "its place is none that this walk can stand at";
        let next = "take an older copy of it, or start anew";
        Err(Error::new(ErrorKind::Checkpoint, "checkpoint", why, next))
    }

    /// The next page; None behind the last one.
    ///
    /// Dropping the future loses nothing: the next call goes on with the same request.
    ///
    /// # Errors
    /// Every kind. [`Error::checkpoint`] says where to resume; calling again tries again.
    pub async fn try_next(&mut self) -> Result<Option<Page<O::Item>>> {
        poll_fn(|cx| self.poll_page(cx)).await.transpose()
    }

    /// Where the walk stands: behind the page that was handed out last. None if its request
    /// could never be built.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        self.checkpoint_of(&self.place, &[])
    }

    /// What the walk did so far.
    pub fn report(&self) -> &Report {
        &self.report
    }

    pub(super) fn report_by_now(&self) -> Report {
        let mut report = self.report.clone();
        report.count(&self.tally);
        report
    }

    /// Leaves out the page that could not be read and goes on behind it. The report tells of it
    /// and the result is not complete.
    ///
    /// # Errors
    /// [`ErrorKind::Paging`] for lists whose pages are not numbered: there the way on is lost
    /// with the page.
    pub fn skip_page(&mut self) -> Result<()> {
        let Position::Page(number) = self.next else {
            let why = "only numbered pages can be skipped";
            let next = "resume later from the checkpoint";
            return Err(Error::new(ErrorKind::Paging, self.what(), why, next));
        };
        if let Some(stuck) = &self.stuck {
            return Err(stuck.clone());
        }
        self.next = Position::Page(number.saturating_add(1));
        self.flights.go_on_at(&self.next);
        if !self.in_later_pass() {
            self.place.position = self.next.clone();
            self.place.rows = self.trail.rows;
        }
        self.report.warnings.push(Warning::PageSkipped { number });
        Ok(())
    }

    /// Whether there is anything that a checkpoint could tell.
    pub(super) fn has_begun(&self) -> bool {
        self.pinned || !self.place.recent.is_empty()
    }

    pub(crate) fn poll_page(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Page<O::Item>>>> {
        let arrived = ready!(self.poll_arrival(cx));
        Poll::Ready(arrived.map(|arrived| {
            let page = arrived?.page;
            for row in page.rows() {
                self.handed_out(row);
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
        if self.next == Position::End {
            return Poll::Ready(None);
        }
        if !self.flights.begin_with(&self.next) {
            match self.request(self.next.clone()) {
                Ok(request) => self.flights.put_first(self.next.clone(), request),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        self.send_ahead();
        let Some(result) = ready!(self.flights.poll_first(cx)) else { return Poll::Ready(None) };
        self.report.count(&self.tally);
        Poll::Ready(Some(match result {
            Ok(page) => {
                let arrived = self.arrive(page);
                self.flights.go_on_at(&self.next);
                self.send_ahead();
                Ok(arrived)
            }
            Err(error) => Err(self.at_checkpoint(error)),
        }))
    }

    /// Asks for the next page now, in the background, if nothing is under way.
    pub(crate) fn prefetch(&mut self) {
        if self.flights.len() == 0
            && self.stuck.is_none()
            && self.next != Position::End
            && let Ok(request) = self.request(self.next.clone())
        {
            self.flights.put_last(self.next.clone(), request);
        }
    }

    /// Sends as many requests ahead as are allowed and make sense.
    fn send_ahead(&mut self) {
        if !self.pinned || self.stuck.is_some() {
            return;
        }
        while self.flights.len() < self.ahead {
            let at = match self.flights.last() {
                None if self.next != Position::End => self.next.clone(),
                Some(Position::Page(last)) if self.may_hold_rows(*last) => {
                    Position::Page(last.saturating_add(1))
                }
                _ => return,
            };
            let Ok(request) = self.request(at.clone()) else { return };
            self.flights.put_last(at, request);
        }
    }

    /// Whether there may be a page behind this one: not if the list says that it is shorter.
    fn may_hold_rows(&self, page: u64) -> bool {
        let Paging::PageNumber { first, size, .. } = self.operation.paging() else { return false };
        let rows = (page.saturating_sub(first) + 1).saturating_mul(size);
        self.trail.total.is_none_or(|total| total > rows)
    }

    /// Sends the request for a page.
    fn request(&self, position: Position) -> Result<Task<Page<O::Item>>> {
        let plan = Arc::clone(self.plan.as_ref().map_err(Clone::clone)?);
        let (client, operation) = (self.client.clone(), self.operation.clone());
        let (pinned, tally) = (self.place.pinned.clone(), Arc::clone(&self.tally));
        Ok(Task::start(async move {
            client.fetch(&operation, &plan.request, &position, &pinned, &tally).await
        }))
    }

    /// Takes a page in: leaves out what came before, decides how to go on, moves the place.
    fn arrive(&mut self, mut page: Page<O::Item>) -> Arrived<O::Item> {
        let paging = self.operation.paging();
        let first = self.next == paging.start() && self.place.pinned.is_empty();
        let rows_before = self.trail.rows;
        let mut next = paging.next(&mut self.trail, &self.next, page.facts());
        let content = content_of(paging, &page);
        self.pinned = true;
        self.report.pages += 1;
        let lossy = page.items().filter(|record| record.is_lossy()).count();
        self.report.not_utf8(u64::try_from(lossy).unwrap_or(u64::MAX));
        self.report.doubt(self.operation.doubt(&page));
        let mut place = self.place.clone();
        if first {
            let pinned = self.operation.pin(&page).into_iter();
            place.pinned = pinned.map(|(name, value)| (name.to_owned(), value)).collect();
        }
        let new_to_pass = self.hold_against_passes(&mut page);
        let mut marks = self.leave_out_known(&mut page, &mut place);
        let fresh = new_to_pass.unwrap_or(!page.rows().is_empty());
        if let Err(why) = self.trail.take_note(content, fresh) {
            next = Err(why);
        }
        self.leave_out_unwanted(&mut page, &mut marks);
        if next == Ok(Position::End) && self.goes_again() {
            next = Ok(paging.start());
        }
        // A numbered page is gone through once more when a walk is resumed: records before it
        // may have expired, and those behind it have moved up.
        (place.position, place.rows) = match &next {
            Ok(Position::Page(_)) | Err(_) => (self.next.clone(), rows_before),
            Ok(next) => (next.clone(), self.trail.rows),
        };
        if self.in_later_pass() && next != Ok(Position::End) {
            (place.position, place.rows) = (paging.start(), paging.rows_before_start());
        }
        let mut before = std::mem::replace(&mut self.place, place);
        before.pinned.clone_from(&self.place.pinned);
        match next {
            Ok(Position::End) => self.finish(),
            Ok(next) => self.next = next,
            Err(why) => {
                let next = "what was handed out is good but not everything; run again later";
                let error = Error::new(ErrorKind::Paging, self.what(), why, next);
                self.stuck = Some(self.at_checkpoint(error));
            }
        }
        Arrived { page, marks, before }
    }

    /// Leaves out what came before in a list in no known order. Says whether any row was new to
    /// this pass over its pages.
    fn hold_against_passes(&mut self, page: &mut Page<O::Item>) -> Option<bool> {
        let passes = self.passes.as_mut()?;
        let received = page.rows().len();
        let any_new = passes.take(&self.operation, page, &self.trail);
        let left_out = received - page.rows().len();
        self.report.duplicates += u64::try_from(left_out).unwrap_or(u64::MAX);
        Some(any_new)
    }

    /// The last page came: whether the list has to be gone through again, from its start.
    fn goes_again(&mut self) -> bool {
        match self.passes.as_mut().map(Passes::end) {
            None | Some(Verdict::Settled) => return false,
            Some(Verdict::Again) => {}
            Some(Verdict::Unstable { passes }) => {
                self.report.warnings.push(Warning::Unstable { passes });
                return false;
            }
            Some(Verdict::TooLong) => {
                self.report.warnings.push(Warning::TooLongToCompare);
                return false;
            }
        }
        let total = self.trail.total;
        self.trail = Trail::behind(self.operation.paging().rows_before_start());
        self.trail.total = total;
        true
    }

    fn in_later_pass(&self) -> bool {
        self.passes.as_ref().is_some_and(Passes::is_later)
    }

    /// Leaves out the rows that the caller did not ask for.
    fn leave_out_unwanted(&mut self, page: &mut Page<O::Item>, marks: &mut Vec<Option<u64>>) {
        let rows = page.rows().iter();
        let wanted: Vec<bool> = rows.map(|row| is_wanted(&self.operation, row)).collect();
        let left_out = wanted.iter().filter(|wanted| !**wanted).count();
        if left_out > 0 {
            self.report.filtered += u64::try_from(left_out).unwrap_or(u64::MAX);
            let mut keep = wanted.iter();
            page.retain(|_| keep.next().is_none_or(|wanted| *wanted));
            let mut keep = wanted.iter();
            marks.retain(|_| keep.next().is_none_or(|wanted| *wanted));
        }
    }

    /// Leaves out the rows that came within the last two pages, and remembers the rest. Gives the
    /// fingerprints of the rows that stay. Where different records may be alike, only what was
    /// handed out of this very page before a resume is left out.
    fn leave_out_known(&mut self, page: &mut Page<O::Item>, place: &mut Place) -> Vec<Option<u64>> {
        let unique = self.operation.identity_is_unique();
        let (mut on_page, mut alike) = (HashSet::new(), HashMap::new());
        let mut marks = Vec::with_capacity(page.rows().len());
        let mut known = 0;
        page.retain(|row| {
            let mark = match row {
                Ok(record) if unique => fingerprint_of(&self.operation, record),
                Ok(record) => {
                    fingerprint_of(&self.operation, record).map(|mark| numbered(mark, &mut alike))
                }
                Err(row) => Some(numbered(fingerprint_of_rejected(row), &mut alike)),
            };
            let Some(mark) = mark else {
                marks.push(None);
                return true;
            };
            let before = place.recent.iter().any(|page| page.contains(&mark));
            let fresh = on_page.insert(mark) && !before;
            known += u64::from(!fresh);
            if fresh {
                marks.push(Some(mark));
            }
            fresh
        });
        self.report.duplicates += known;
        place.recent.push_back(Arc::new(on_page));
        while place.recent.len() > if unique { REMEMBERED_PAGES } else { 0 } {
            place.recent.pop_front();
        }
        marks
    }

    fn finish(&mut self) {
        self.next = Position::End;
        self.report.finished = true;
        let assumed = self.operation.paging().rows_before_start();
        if assumed > 0 && self.trail.rows == assumed {
            self.report.warnings.push(Warning::StartsBehindEnd);
            return;
        }
        let distinct = self.passes.as_ref().and_then(Passes::distinct);
        let received = distinct.map_or(self.trail.rows, |rows| assumed.saturating_add(rows));
        if let (Some(from), Some(to)) = (self.trail.first_total, self.trail.total)
            && to < from
        {
            self.report.warnings.push(Warning::TotalShrank { from, to });
        }
        if let Some(total) = self.trail.total.filter(|total| *total != received) {
            self.report.warnings.push(Warning::TotalDiffers { total, received });
        }
    }

    pub(super) fn handed_out(&mut self, row: &Row<O::Item>) {
        match row {
            Ok(_) => self.report.records += 1,
            Err(_) => self.report.rejected += 1,
        }
    }

    pub(super) fn checkpoint_of(&self, place: &Place, handed_out: &[u64]) -> Option<Checkpoint> {
        let seen = place.recent.iter().flat_map(|page| page.iter()).chain(handed_out);
        Some(Checkpoint(Mark {
            walk: self.plan.as_ref().ok()?.walk.clone(),
            pinned: place.pinned.clone(),
            position: place.position.clone(),
            rows: place.rows,
            total: self.trail.first_total,
            incomplete: self.report.has_doubts(),
            seen: seen.copied().collect(),
        }))
    }

    pub(super) fn what(&self) -> String {
        self.client.what(self.operation.name())
    }

    fn at_checkpoint(&self, error: Error) -> Error {
        match self.checkpoint() {
            Some(checkpoint) => error.at(checkpoint),
            None => error,
        }
    }
}

/// Whether the caller asked for a row. One that its type could not take is never left out.
pub(crate) fn is_wanted<O: Operation>(operation: &O, row: &Row<O::Item>) -> bool {
    row.as_ref().map_or(true, |record| operation.wants(record))
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
