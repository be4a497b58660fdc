//! Walks over pages and records: resumable at every step, safe to drop at every await.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::vec::IntoIter;

use futures_core::Stream;

use crate::checkpoint::{Checkpoint, Mark, WalkName};
use crate::client::Client;
use crate::operation::Operation;
use crate::page::Page;
use crate::paging::{Paging, Position, Trail, fingerprint};
use crate::record::{Record, Rejected};
use crate::report::{Report, Tally, Warning};
use crate::request::Request;
use crate::{Deferred, Error, ErrorKind, Result};

/// How many pages' records are remembered to leave out those that come again.
const REMEMBERED_PAGES: usize = 2;

/// The pages of a list, fetched one at a time as they are asked for.
///
/// After an error the walk stands where it stood: the next [`try_next`](Self::try_next) tries
/// that page again. As a [`Stream`] it ends after an error.
#[must_use = "nothing is fetched until it is asked for"]
pub struct Pages<O: Operation> {
    client: Client,
    operation: O,
    plan: Result<Arc<Plan>>,
    /// What to fetch next.
    next: Position,
    /// Where a resumed walk would begin.
    place: Place,
    trail: Trail,
    in_flight: Option<Deferred<'static, Fetched<O>>>,
    /// A page led nowhere: said after the page was handed out.
    stuck: Option<Error>,
    report: Report,
    stream_over: bool,
}

type Fetched<O> = (Tally, Result<Page<<O as Operation>::Item>>);
type Row<T> = std::result::Result<Record<T>, Rejected>;

/// What does not change during a walk.
#[derive(Debug)]
struct Plan {
    request: Request,
    walk: WalkName,
}

/// What a checkpoint is made from.
#[derive(Debug, Clone)]
struct Place {
    position: Position,
    rows: u64,
    pinned: Vec<(String, String)>,
    /// Fingerprints of the records of the last pages, the newest last.
    recent: VecDeque<Arc<HashSet<u64>>>,
}

/// A page with what [`Items`] needs to stand in the middle of it.
struct Arrived<T> {
    page: Page<T>,
    /// The fingerprints of its rows, one each.
    marks: Vec<Option<u64>>,
    /// The place before the page.
    before: Place,
}

impl<O: Operation> Pages<O> {
    pub(crate) fn new(client: Client, operation: O) -> Self {
        let paging = operation.paging();
        let plan = operation.request().map(|request| {
            let walk = client.walk_name(operation.name(), &request);
            Arc::new(Plan { request, walk })
        });
        let next = paging.start();
        let rows = paging.rows_before_start();
        let place =
            Place { position: next.clone(), rows, pinned: Vec::new(), recent: VecDeque::new() };
        Self {
            client,
            operation,
            plan,
            next,
            place,
            trail: Trail::behind(rows),
            in_flight: None,
            stuck: None,
            report: Report::default(),
            stream_over: false,
        }
    }

    /// Starts where a checkpoint stands. Everything not yet handed out when it was taken comes;
    /// what was handed out comes again at most within the page at hand, for numbered pages
    /// within the page before it too.
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
        self.in_flight = None;
        self.stuck = None;
        self.next = mark.position.clone();
        self.trail = Trail::behind(mark.rows);
        self.trail.first_total = mark.total;
        self.trail.begin_at(&mark.position);
        self.report = Report { finished: mark.position == Position::End, ..Report::default() };
        if mark.incomplete {
            self.report.warnings.push(Warning::IncompleteBefore);
        }
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
        self.in_flight = None;
        self.next = Position::Page(number.saturating_add(1));
        self.place.position = self.next.clone();
        self.place.rows = self.trail.rows;
        self.report.warnings.push(Warning::PageSkipped { number });
        Ok(())
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page<O::Item>>>> {
        let arrived = ready!(self.poll_arrival(cx));
        Poll::Ready(arrived.map(|arrived| {
            let page = arrived?.page;
            for row in page.rows() {
                self.handed_out(row);
            }
            Ok(page)
        }))
    }

    fn poll_arrival(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Arrived<O::Item>>>> {
        if let Some(stuck) = &self.stuck {
            return Poll::Ready(Some(Err(stuck.clone())));
        }
        if self.in_flight.is_none() {
            if self.next == Position::End {
                return Poll::Ready(None);
            }
            match self.request() {
                Ok(request) => self.in_flight = Some(request),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        let Some(in_flight) = &mut self.in_flight else {
            return Poll::Ready(None);
        };
        let (tally, result) = ready!(in_flight.as_mut().poll(cx));
        self.in_flight = None;
        self.report.add(&tally);
        Poll::Ready(Some(match result {
            Ok(page) => Ok(self.arrive(page)),
            Err(error) => Err(self.at_checkpoint(error)),
        }))
    }

    /// The request for the next page, as a future that owns all it needs.
    fn request(&self) -> Result<Deferred<'static, Fetched<O>>> {
        let plan = Arc::clone(self.plan.as_ref().map_err(Clone::clone)?);
        let (client, operation) = (self.client.clone(), self.operation.clone());
        let (position, pinned) = (self.next.clone(), self.place.pinned.clone());
        Ok(Box::pin(async move {
            let mut tally = Tally::default();
            let fetch = client.fetch(&operation, &plan.request, &position, &pinned, &mut tally);
            let page = fetch.await;
            (tally, page)
        }))
    }

    /// Takes a page in: leaves out what came before, decides how to go on, moves the place.
    fn arrive(&mut self, mut page: Page<O::Item>) -> Arrived<O::Item> {
        let paging = self.operation.paging();
        let first = self.next == paging.start() && self.place.pinned.is_empty();
        let rows_before = self.trail.rows;
        let mut next = paging.next(&mut self.trail, &self.next, page.facts());
        let content = content_of(paging, &page);
        self.report.pages += 1;
        self.report.not_utf8(count(page.items().filter(|record| record.is_lossy())));
        let mut place = self.place.clone();
        if first {
            let pinned = self.operation.pin(&page).into_iter();
            place.pinned = pinned.map(|(name, value)| (name.to_owned(), value)).collect();
        }
        let marks = self.leave_out_known(&mut page, &mut place);
        if let Err(why) = self.trail.take_note(content, !page.rows().is_empty()) {
            next = Err(why);
        }
        // A numbered page is gone through once more when a walk is resumed: records before it
        // may have expired, and those behind it have moved up.
        (place.position, place.rows) = match &next {
            Ok(Position::Page(_)) | Err(_) => (self.next.clone(), rows_before),
            Ok(next) => (next.clone(), self.trail.rows),
        };
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

    /// Leaves out the rows that came within the last two pages, and remembers the rest. Gives the
    /// fingerprints of the rows that stay.
    fn leave_out_known(&mut self, page: &mut Page<O::Item>, place: &mut Place) -> Vec<Option<u64>> {
        let (mut on_page, mut rejected) = (HashSet::new(), HashMap::new());
        let mut marks = Vec::with_capacity(page.rows().len());
        let mut known = 0;
        page.retain(|row| {
            let mark = match row {
                Ok(record) => fingerprint_of(&self.operation, record),
                Err(row) => Some(fingerprint_of_rejected(row, &mut rejected)),
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
        while place.recent.len() > REMEMBERED_PAGES {
            place.recent.pop_front();
        }
        marks
    }

    fn finish(&mut self) {
        self.next = Position::End;
        self.report.finished = true;
        let received = self.trail.rows;
        let assumed = self.operation.paging().rows_before_start();
        if assumed > 0 && received == assumed {
            self.report.warnings.push(Warning::StartsBehindEnd);
            return;
        }
        if let (Some(from), Some(to)) = (self.trail.first_total, self.trail.total)
            && to < from
        {
            self.report.warnings.push(Warning::TotalShrank { from, to });
        }
        if let Some(total) = self.trail.total.filter(|total| *total != received) {
            self.report.warnings.push(Warning::TotalDiffers { total, received });
        }
    }

    fn handed_out(&mut self, row: &Row<O::Item>) {
        match row {
            Ok(_) => self.report.records += 1,
            Err(_) => self.report.rejected += 1,
        }
    }

    fn checkpoint_of(&self, place: &Place, handed_out: &[u64]) -> Option<Checkpoint> {
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

    fn what(&self) -> String {
        self.client.what(self.operation.name())
    }

    fn at_checkpoint(&self, error: Error) -> Error {
        match self.checkpoint() {
            Some(checkpoint) => error.at(checkpoint),
            None => error,
        }
    }
}

/// The content of a numbered page, to see that a service gives the same page under each number.
fn content_of<T>(paging: Paging, page: &Page<T>) -> Option<u64> {
    if !matches!(paging, Paging::PageNumber { .. }) || page.rows().is_empty() {
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
/// which changed is handed out again.
fn fingerprint_of<O: Operation>(operation: &O, record: &Record<O::Item>) -> Option<u64> {
    let identity = operation.identity(record)?;
    let content = crc32fast::hash(record.raw_bytes()).to_le_bytes();
    Some(fingerprint([identity.as_bytes(), &content]))
}

/// A row without a type has no identity: its bytes tell it, and among equal ones its number on
/// the page.
fn fingerprint_of_rejected(row: &Rejected, seen: &mut HashMap<u64, u64>) -> u64 {
    let content = fingerprint([row.raw_bytes()]);
    let number = seen.entry(content).or_insert(0);
    *number += 1;
    fingerprint([&content.to_le_bytes()[..], &number.to_le_bytes()])
}

fn count<T>(items: impl Iterator<Item = T>) -> u64 {
    u64::try_from(items.count()).unwrap_or(u64::MAX)
}

/// The records of a list, one by one; pages are fetched as they are needed, and one page at a
/// time is in memory.
///
/// A record that does not fit its type comes in its place as an error of kind
/// [`Decode`](ErrorKind::Decode) with [`Error::rejected`]; the walk goes on behind it. After any
/// other error the walk stands where it stood: the next [`try_next`](Self::try_next) tries again.
/// As a [`Stream`] it ends after such an error.
#[must_use = "nothing is fetched until it is asked for"]
pub struct Items<O: Operation> {
    pages: Pages<O>,
    rows: std::iter::Zip<IntoIter<Row<O::Item>>, IntoIter<Option<u64>>>,
    /// The place before the page at hand, and what of the page was handed out.
    before: Option<Place>,
    handed_out: Vec<u64>,
}

impl<O: Operation> Items<O> {
    pub(crate) fn new(pages: Pages<O>) -> Self {
        let rows = Vec::new().into_iter().zip(Vec::new());
        Self { pages, rows, before: None, handed_out: Vec::new() }
    }

    /// See [`Pages::resume`].
    ///
    /// # Errors
    /// [`ErrorKind::Checkpoint`] if it is of another walk: other arguments, another host.
    pub fn resume(self, checkpoint: Checkpoint) -> Result<Self> {
        Ok(Self::new(self.pages.resume(checkpoint)?))
    }

    /// The next record; None behind the last one.
    ///
    /// Dropping the future loses nothing: the next call goes on with the same request.
    ///
    /// # Errors
    /// Every kind. Where [`Error::rejected`] is there, the next call goes on behind that record;
    /// otherwise [`Error::checkpoint`] says where to resume, and calling again tries again.
    pub async fn try_next(&mut self) -> Result<Option<Record<O::Item>>> {
        poll_fn(|cx| self.poll_record(cx)).await.transpose()
    }

    /// Where the walk stands: behind the record that was handed out last. None if its request
    /// could never be built.
    ///
    /// It holds fingerprints of up to three pages of records: take one per page, or every now
    /// and then, rather than for each record.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        match &self.before {
            Some(before) if self.rows.len() > 0 => {
                self.pages.checkpoint_of(before, &self.handed_out)
            }
            _ => self.pages.checkpoint(),
        }
    }

    /// What the walk did so far. Records of the page at hand count as they are handed out.
    pub fn report(&self) -> &Report {
        self.pages.report()
    }

    /// See [`Pages::skip_page`].
    ///
    /// # Errors
    /// [`ErrorKind::Paging`] for lists whose pages are not numbered.
    pub fn skip_page(&mut self) -> Result<()> {
        self.pages.skip_page()
    }

    fn poll_record(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Record<O::Item>>>> {
        loop {
            if let Some((row, mark)) = self.rows.next() {
                self.handed_out.extend(mark);
                self.pages.handed_out(&row);
                let rejected = |bad| Error::from_rejected(self.pages.what(), bad);
                return Poll::Ready(Some(row.map_err(rejected)));
            }
            match ready!(self.pages.poll_arrival(cx)) {
                Some(Ok(arrived)) => {
                    self.handed_out.clear();
                    self.before = Some(arrived.before);
                    self.rows = arrived.page.into_rows().into_iter().zip(arrived.marks);
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
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

impl<O: Operation> Stream for Items<O> {
    type Item = Result<Record<O::Item>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.pages.stream_over {
            return Poll::Ready(None);
        }
        let record = ready!(this.poll_record(cx));
        this.pages.stream_over = match &record {
            Some(Ok(_)) => false,
            Some(Err(error)) => error.rejected().is_none(),
            None => true,
        };
        Poll::Ready(record)
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

impl<O: Operation> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("operation", &self.pages.operation.name())
            .field("report", &self.pages.report)
            .finish_non_exhaustive()
    }
}
