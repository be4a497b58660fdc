//! The lists of many owners as one: the sign-ins of every user, of every tenant.
//!
//! The list of owners is read to its end, their ids are sorted, and their lists are read in that
//! order: records of the first one are yielded while the first pages of the next ones are fetched.
//! So a checkpoint is the last owner whose predecessors are all complete and the place in the one
//! at hand, and stays small. Ids are held, records are not. A resumed pager lists again: owners
//! that were added stand in their place, and one whose place was passed is left to the next run.
//!
//! Owners that went away, rows that name none, owners that the caller named and that are not
//! listed, and what was noticed within an owner's list are warnings by name, at most a hundred of
//! them, and make the result incomplete.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::client::Client;
use crate::error::{Error, ErrorKind, Result};
use crate::page::page::Page;
use crate::pager::checkpoint::{Checkpoint, foreign};
use crate::pager::continuation::{
    CheckpointData, Continuation, Depth, OpenOwner, OwnersProgress, WalkId,
};
use crate::pager::operation::Operation;
use crate::pager::report::{Report, Warning};
use crate::pager::{Items, Pages};
use crate::record::record::Record;

/// How many owners are under way at once where the caller does not say.
const CONCURRENCY: usize = 4;

/// The name of the fixed end in checkpoints.
const END: &str = "end";

/// A list of owners, and what is asked of each. Plain data, as an [`Operation`] is.
pub trait Owners: Clone + Send + Sync + Unpin + 'static {
    /// The list that names the owners.
    type List: Operation;
    /// What is asked of each owner.
    type Records: Operation;
    /// One owner.
    type Owner: Owner;

    /// The name in messages and checkpoints.
    fn name(&self) -> &'static str;

    /// The list of owners.
    fn list(&self) -> Self::List;

    /// The owners that a row of the list names; None if it should name one and does not.
    fn owners(&self, row: &<Self::List as Operation>::Item) -> Option<Vec<Self::Owner>>;

    /// What to ask of an owner, up to the end that was fixed for all.
    fn records(&self, owner: &Self::Owner, end: Option<OffsetDateTime>) -> Self::Records;

    /// Refuses arguments that no owner could be asked with, before anything is sent.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`], naming it.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// What the caller asked for beyond the list's own arguments: a checkpoint made with other
    /// arguments is refused.
    fn arguments(&self) -> Vec<(&'static str, String)>;

    /// Rows of the list that the caller asked for by name: those that do not come are reported.
    fn named(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether a row of the list is the one of this name: if the list's own
    /// [`identity`](Operation::identity) has it, unless the list is asked by something else.
    fn is_named(&self, row: &<Self::List as Operation>::Item, name: &str) -> bool {
        self.list().identity(row).is_some_and(|id| id.eq_ignore_ascii_case(name))
    }

    /// The end that is fixed for all owners, from the time at which the list's first page was
    /// answered, by the service's own clock.
    fn end(&self, _date: Option<OffsetDateTime>) -> Option<OffsetDateTime> {
        None
    }

    /// Whether an error says that the owner went away since it was listed.
    fn is_gone(&self, error: &Error) -> bool {
        error.kind() == ErrorKind::NotFound
    }
}

/// One owner of a [`FanOut`].
pub trait Owner: fmt::Debug + Send + Sync + Unpin + 'static {
    /// What tells it from the others, the same in every run: its id. Owners are read by
    /// length and text of their keys: ids that count come in their order.
    fn key(&self) -> &str;
}

/// A record and the owner that it came from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OwnedRecord<S, T> {
    /// The owner.
    pub owner: Arc<S>,
    /// The record.
    pub record: Record<T>,
}

/// The records of every owner, owner by owner in a fixed order; while one is yielded, the
/// first pages of the next ones are fetched.
///
/// The list of owners is read to its end first, and their ids are held; records are not. It is
/// read again when a pager is resumed: owners that were added come in their place, and one whose
/// place was passed is left to the next pager.
///
/// A record that does not fit its type comes in its place as an error of kind
/// [`Decode`](ErrorKind::Decode) with [`Error::rejected`]; the pager goes on after it. After any
/// other error the pager stands where it stood: the next [`try_next`](Self::try_next) tries again,
/// and [`skip_owner`](Self::skip_owner) goes on after the owner. An owner that went away
/// since it was listed is left out with a warning, unless
/// [`stop_at_gone`](Self::stop_at_gone) is asked for. As a [`Stream`] it ends after such an error.
#[must_use = "nothing is fetched until it is asked for"]
pub struct FanOut<S: Owners> {
    client: Client,
    plan: S,
    name: Result<WalkId>,
    concurrency: usize,
    ahead: usize,
    stops_at_gone: bool,
    end: Option<OffsetDateTime>,
    /// The list, until it was read.
    listing: Option<Listing<S>>,
    /// Owners that nothing was asked of yet, in order.
    waiting: VecDeque<Arc<S::Owner>>,
    /// Pagers under way, in order. Records of the first one are yielded.
    open: VecDeque<Open<S>>,
    /// Where pagers stood when a checkpoint was taken; their owners were not reached again yet.
    unfinished: Vec<OpenOwner>,
    /// The last owner whose predecessors are all complete.
    done: Option<String>,
    /// How many owners were read to their end.
    read: u64,
    current: Option<Arc<S::Owner>>,
    /// What was done apart from the pagers under way.
    report: Report,
    stream_over: bool,
}

struct Listing<S: Owners> {
    pages: Pages<S::List>,
    found: BTreeMap<(usize, String), Arc<S::Owner>>,
    /// Rows that name no owner.
    unreadable: u64,
    /// Rows that were asked for by name and did not come yet.
    missing: Vec<String>,
}

type Open<S> = (Arc<<S as Owners>::Owner>, Items<<S as Owners>::Records>);
type Next<S> = OwnedRecord<<S as Owners>::Owner, <<S as Owners>::Records as Operation>::Item>;

/// Owners in the order in which they are read.
fn order_of(key: &str) -> (usize, String) {
    (key.len(), key.to_owned())
}

impl<S: Owners> FanOut<S> {
    pub(crate) fn new(client: Client, plan: S) -> Self {
        let list = plan.list();
        let name = list.request().map(|request| {
            let mut name = client.walk_id(plan.name(), &request);
            let arguments = plan.arguments().into_iter();
            name.query.extend(arguments.map(|(name, value)| (name.to_owned(), value)));
            name
        });
        let pages = client.pages(list);
        let missing = plan.named();
        let listing = Some(Listing { pages, found: BTreeMap::new(), unreadable: 0, missing });
        Self {
            client,
            plan,
            name,
            concurrency: CONCURRENCY,
            ahead: 0,
            stops_at_gone: false,
            end: None,
            listing,
            waiting: VecDeque::new(),
            open: VecDeque::new(),
            unfinished: Vec::new(),
            done: None,
            read: 0,
            current: None,
            report: Report::default(),
            stream_over: false,
        }
    }

    /// How many owners are under way at once, 1 or more. Default 4. Memory: a page for each.
    pub fn concurrency(mut self, owners: usize) -> Self {
        self.concurrency = owners.max(1);
        self
    }

    /// How many pages of one owner are fetched ahead: see [`Items::fetch_ahead`]. Default 0.
    pub fn fetch_ahead(mut self, pages: usize) -> Self {
        self.ahead = pages;
        self
    }

    /// Yields that an owner went away since it was listed as any other error, to be passed by
    /// [`skip_owner`](Self::skip_owner): for callers who tell one owner that went from all
    /// that cannot be read. Default: it is left out with a warning.
    pub fn stop_at_gone(mut self) -> Self {
        self.stops_at_gone = true;
        self
    }

    /// Starts where a checkpoint stands. Complete owners are not asked again; the one at hand
    /// goes on at its own place, and repeats what that kind of list repeats.
    ///
    /// # Errors
    /// [`ErrorKind::Checkpoint`] if it is of another pager: other arguments, another host.
    pub fn resume(mut self, checkpoint: Checkpoint) -> Result<Self> {
        let data = checkpoint.of_walk(self.name.as_ref().map_err(Clone::clone)?)?;
        let end = match &data.fixed[..] {
            [] => None,
            [(name, value)] if name == END => {
                Some(OffsetDateTime::parse(value, &Rfc3339).map_err(|_| foreign())?)
            }
            _ => return Err(foreign()),
        };
        let OwnersProgress { done, open } = match data.position {
            Continuation::Owners(progress) => progress,
            Continuation::End => {
                self.listing = None;
                self.report.finished = true;
                OwnersProgress::default()
            }
            _ => return Err(foreign()),
        };
        if data.incomplete {
            self.report.warnings.push(Warning::IncompleteBefore);
        }
        self.read = u64::from(done.is_some() || self.report.finished);
        (self.end, self.done, self.unfinished) = (end, done, open);
        Ok(self)
    }

    /// The next record and its owner; None after the last one.
    ///
    /// Dropping the future loses nothing: the next call goes on with the same requests.
    ///
    /// # Errors
    /// Every kind. Where [`Error::rejected`] is there, the next call goes on after that record;
    /// otherwise [`Error::checkpoint`] says where to resume, and calling again tries again.
    pub async fn try_next(&mut self) -> Result<Option<Next<S>>> {
        poll_fn(|cx| self.poll_try_next(cx)).await.transpose()
    }

    /// The owner of the record or error that came last.
    pub fn owner(&self) -> Option<&Arc<S::Owner>> {
        self.current.as_ref()
    }

    /// How many owners this pager read to their end, those without any record included, and those
    /// not that went away or were left out. Those of the pager that it goes on with count as one.
    pub fn owners_read(&self) -> u64 {
        self.read
    }

    /// Leaves out the rest of the owner that an error came from. The report names it, and the
    /// result is not complete.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] if no owner is at hand.
    pub fn skip_owner(&mut self) -> Result<()> {
        let Some((owner, items)) = self.open.pop_front() else {
            let (why, next) = ("no source is at hand", "call it after an error of a source");
            return Err(Error::new(ErrorKind::Argument, self.what(), why, next));
        };
        self.close(&owner, &items);
        let owner = owner.key().to_owned();
        self.report.warn(Warning::OwnerSkipped { owner });
        Ok(())
    }

    /// How often the list of the owner at hand was begun again because its continuation was not
    /// taken any more: see [`Warning::BeganAgain`].
    pub fn begun_again(&self) -> u64 {
        self.open.front().map_or(0, |(_, items)| items.begun_again())
    }

    /// Where the pager stands: after the record that was yielded last. None if a request could
    /// never be built.
    ///
    /// Its size does not depend on the number of owners: it names the last complete one and
    /// holds the place in the one at hand.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        let fixed = self.end.and_then(|end| end.format(&Rfc3339).ok());
        Some(Checkpoint(CheckpointData {
            walk_id: self.name.as_ref().ok()?.clone(),
            fixed: fixed.map(|end| (END.to_owned(), end)).into_iter().collect(),
            position: self.position(),
            rows: 0,
            total: None,
            incomplete: self.report().has_completeness_warnings(),
            seen: [].into(),
            before_start: [].into(),
            depth: Depth::default(),
        }))
    }

    fn position(&self) -> Continuation {
        if self.report.finished {
            return Continuation::End;
        }
        let mut progress =
            OwnersProgress { done: self.done.clone(), open: self.unfinished.clone() };
        // After the first one these are pagers that a checkpoint brought and that go on later.
        for (owner, items) in self.open.iter().filter(|(_, items)| items.has_begun()) {
            let key = owner.key().to_owned();
            match items.checkpoint() {
                Some(Checkpoint(CheckpointData { position: Continuation::End, .. })) => {
                    progress.done = Some(key);
                }
                Some(Checkpoint(data)) => progress.open.push(OpenOwner { key, data }),
                None => {}
            }
        }
        Continuation::Owners(progress)
    }

    /// What the pager did so far, over all owners. Pages and requests of the list of owners
    /// count; its rows do not.
    pub fn report(&self) -> Report {
        let mut report = self.report.clone();
        for (owner, items) in &self.open {
            report.absorb(owner.key(), items.report());
        }
        if let Some(listing) = &self.listing {
            report.absorb_cost(listing.pages.report());
        }
        report
    }

    /// [`try_next`](Self::try_next) as a poll, for pagers made of pagers.
    pub fn poll_try_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Next<S>>>> {
        if let Err(error) = self.plan.check() {
            return Poll::Ready(Some(Err(error)));
        }
        while let Some(listing) = &mut self.listing {
            match ready!(listing.pages.poll_page(cx)) {
                Some(Ok(page)) => self.take_note(&page),
                Some(Err(error)) => return Poll::Ready(Some(Err(self.at_checkpoint(error)))),
                None => self.begin(),
            }
        }
        loop {
            if let Err(error) = self.open_more() {
                return Poll::Ready(Some(Err(error)));
            }
            let Some((owner, items)) = self.open.front_mut() else {
                self.report.finished = true;
                return Poll::Ready(None);
            };
            self.current = Some(Arc::clone(owner));
            match ready!(items.poll_try_next(cx)) {
                Some(Ok(record)) => {
                    let owner = Arc::clone(owner);
                    return Poll::Ready(Some(Ok(OwnedRecord { owner, record })));
                }
                Some(Err(error)) if error.rejected().is_some() => {
                    return Poll::Ready(Some(Err(error)));
                }
                Some(Err(error)) if self.stops_at_gone || !self.plan.is_gone(&error) => {
                    return Poll::Ready(Some(Err(self.at_checkpoint(error))));
                }
                Some(Err(_)) => {
                    let owner = owner.key().to_owned();
                    self.close_first();
                    self.report.warn(Warning::OwnerGone { owner });
                }
                None => {
                    self.read += 1;
                    self.close_first();
                }
            }
        }
    }

    /// Takes the owners of one page of the list.
    fn take_note(&mut self, page: &Page<<S::List as Operation>::Item>) {
        let Some(listing) = &mut self.listing else { return };
        if self.end.is_none() && self.done.is_none() && self.unfinished.is_empty() {
            self.end = self.plan.end(page.date());
        }
        let mut owners = Vec::new();
        for row in page.rows() {
            if let Ok(row) = row {
                listing.missing.retain(|name| !self.plan.is_named(row, name));
            }
            match row.as_ref().ok().and_then(|row| self.plan.owners(row)) {
                None => listing.unreadable += 1,
                Some(named) => owners.extend(named),
            }
        }
        // Ids stand in addresses, checkpoints and warnings.
        let shown = self.client.redactor();
        let all: Vec<_> = owners.iter().map(S::Owner::key).collect();
        let is_echo = shown.is_in(&all.join("\n"));
        for owner in owners {
            if is_echo && shown.is_in(owner.key()) {
                let owner = shown.redact(owner.key());
                self.report.warn(Warning::OwnerUnusable { owner });
            } else {
                listing.found.insert(order_of(owner.key()), Arc::new(owner));
            }
        }
    }

    /// The list was read: decides which owners are still to be read.
    fn begin(&mut self) {
        let Some(mut listing) = self.listing.take() else { return };
        let report = listing.pages.report();
        self.report.absorb_cost(report);
        self.report.absorb_warnings(self.plan.list().name(), report);
        if listing.unreadable > 0 {
            self.report.warn(Warning::OwnersUnreadable { rows: listing.unreadable });
        }
        for owner in listing.missing {
            self.report.warn(Warning::OwnerNotListed { owner });
        }
        if let Some(done) = self.done.as_deref().map(order_of) {
            listing.found.retain(|at, _| *at > done);
        }
        let gone = |open: &mut OpenOwner| !listing.found.contains_key(&order_of(&open.key));
        for OpenOwner { key, .. } in self.unfinished.extract_if(.., gone) {
            self.report.warn(Warning::OwnerGone { owner: key });
        }
        self.waiting = listing.found.into_values().collect();
    }

    /// Opens as many pagers as may be under way.
    fn open_more(&mut self) -> Result<()> {
        while self.open.len() < self.concurrency
            && let Some(owner) = self.waiting.front()
        {
            let records = self.plan.records(owner, self.end);
            if records.request().is_err() {
                // The caller's arguments are good: it is the id that can be in no request.
                let owner = owner.key().to_owned();
                self.waiting.pop_front();
                self.report.warn(Warning::OwnerUnusable { owner });
                continue;
            }
            let mut items = self.client.items(records).fetch_ahead(self.ahead);
            if let Some(at) = self.unfinished.iter().position(|open| open.key == owner.key()) {
                let data = self.unfinished.remove(at).data;
                items = items.resume(Checkpoint(data))?;
            }
            if self.concurrency > 1 {
                items.prefetch();
            }
            let owner = Arc::clone(owner);
            self.waiting.pop_front();
            self.open.push_back((owner, items));
        }
        Ok(())
    }

    fn close_first(&mut self) {
        if let Some((owner, items)) = self.open.pop_front() {
            self.close(&owner, &items);
        }
    }

    fn close(&mut self, owner: &S::Owner, items: &Items<S::Records>) {
        self.report.absorb(owner.key(), items.report());
        self.done = Some(owner.key().to_owned());
    }

    fn what(&self) -> String {
        self.client.what(self.plan.name())
    }

    fn at_checkpoint(&self, error: Error) -> Error {
        match self.checkpoint() {
            Some(checkpoint) => error.at(checkpoint),
            None => error,
        }
    }
}

impl<S: Owners> Stream for FanOut<S> {
    type Item = Result<Next<S>>;

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

impl<S: Owners> fmt::Debug for FanOut<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FanOut")
            .field("operation", &self.plan.name())
            .field("report", &self.report())
            .finish_non_exhaustive()
    }
}
