//! From a pager of the client to the output: any list of any vendor.

use std::fmt::Display;
use std::future::{pending, ready};
use std::io;

use serde::Serialize;
use signin_core::event::NoEvent;
use signin_core::vendor::Ranged;
use signin_core::{
    Error, FromJson, Items, Operation, Record, Rejected, Report, Timestamp, Warning, Windows,
};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep_until};

use super::exit::Exit;
use super::interrupt::Interrupt;
use super::reason::Reason;
use crate::clock;
use crate::commands::convert::Exports;
use crate::formats::{Cells, Kind, Provenance, Refusal, Refused};
use crate::outputs::sink::{Kept, Sink};
use crate::outputs::writer::Unwritable;
use crate::reporting::reporter::{Level, Reporter};

/// Why a run ended before its end.
#[derive(Debug)]
pub(crate) enum RunError {
    /// The client gave up.
    Client(Error),
    /// An output cannot be written.
    Output(Unwritable),
    /// What was given to be read cannot be: why, and how the program ends.
    Input(String, Exit),
    /// What was given to be read ends or breaks before its end: why. What stood before is good.
    Short(String),
    /// The program itself failed.
    Internal(io::Error),
    /// The program was told to end.
    Signal(Exit),
}

/// What a run did, over all pagers of a source, or of several.
#[derive(Debug, Default)]
pub(crate) struct Stats {
    /// Records that were taken in to be written.
    pub(crate) records: u64,
    pub(crate) pages: u64,
    pub(crate) requests: u64,
    pub(crate) retries: u64,
    pub(crate) throttled: u64,
    pub(crate) duplicates: u64,
    /// Records that were not written because they did not fit their type, or lack what an event
    /// must have.
    pub(crate) rejected: u64,
    /// Records of which not every member fits its type: written with those that do, and with the
    /// others as they are where the format has a place for them.
    pub(crate) odd: u64,
    /// Records that were not written because they are no sign-ins, which the format is for.
    pub(crate) no_sign_ins: u64,
    /// What wrappings the records came in, where some are read that are not the vendor's own.
    pub(crate) exports: Exports,
    /// The time of the newest record.
    pub(crate) newest: Option<Timestamp>,
    /// Walks that came to their end, but may not have seen everything.
    pub(crate) doubtful: u64,
    /// What was asked for by its id and did not come.
    pub(crate) missing: u64,
    /// No user or tenant could be read.
    pub(crate) none_read: bool,
    /// Whether the time since the run that this one goes on with is left for another.
    pub(crate) unread: bool,
    /// What makes it doubtful first.
    pub(crate) doubt: Option<Reason>,
    /// Why the run ended as it did; None where it is complete.
    pub(crate) reason: Option<Reason>,
    /// Where the records are that did not get their file's name because of a doubt.
    pub(crate) kept_back: Option<String>,
}

impl Stats {
    fn add(&mut self, report: &Report, reporter: &Reporter) {
        self.pages += report.pages;
        self.requests += report.requests;
        self.retries += report.retries;
        self.throttled += report.throttled;
        self.duplicates += report.duplicates;
        self.doubtful += u64::from(report.finished && !report.is_complete());
        let doubt = report.warnings.iter().find_map(Reason::of_doubt);
        self.doubt = self.doubt.or(doubt);
        let told = |warning: &&Warning| matches!(warning, Warning::OwnerSkipped { .. });
        for warning in report.warnings.iter().filter(|warning| !told(warning)) {
            reporter.warn(&warning.to_string());
        }
    }

    /// Of several sources together.
    pub(crate) fn sum<'a>(sources: impl IntoIterator<Item = &'a Self>) -> Self {
        sources.into_iter().fold(Self::default(), |sum, provenance| Self {
            records: sum.records + provenance.records,
            pages: sum.pages + provenance.pages,
            requests: sum.requests + provenance.requests,
            retries: sum.retries + provenance.retries,
            throttled: sum.throttled + provenance.throttled,
            duplicates: sum.duplicates + provenance.duplicates,
            rejected: sum.rejected + provenance.rejected,
            odd: sum.odd + provenance.odd,
            no_sign_ins: sum.no_sign_ins + provenance.no_sign_ins,
            exports: sum.exports,
            newest: sum.newest.max(provenance.newest.clone()),
            doubtful: sum.doubtful + provenance.doubtful,
            missing: sum.missing + provenance.missing,
            unread: sum.unread || provenance.unread,
            none_read: sum.none_read || provenance.none_read,
            doubt: sum.doubt.or(provenance.doubt),
            reason: sum.reason.or(provenance.reason),
            kept_back: sum.kept_back.or_else(|| provenance.kept_back.clone()),
        })
    }

    /// How a run ends that came to its end.
    pub(crate) fn verdict(&self) -> Exit {
        if self.doubtful + self.missing > 0 {
            // Where nothing of what was asked for is there, that is no result.
            let nothing = self.none_read || self.missing > 0 && self.records == 0;
            if nothing { Exit::Incomplete } else { Exit::Doubtful }
        } else if self.unread {
            Exit::Unread
        } else if self.rejected > 0 {
            Exit::Rejected
        } else {
            Exit::Complete
        }
    }

    /// Why a run ends like this that came to its end.
    pub(crate) fn why(&self) -> Option<Reason> {
        match self.verdict() {
            Exit::Complete => None,
            Exit::Rejected => Some(Reason::Rejected),
            Exit::Unread => Some(Reason::Unread),
            _ => self.doubt.or(Some(Reason::SourceMissing)),
        }
    }
}

/// A run: what all pagers of a source write to and count in.
pub(crate) struct Run<'a> {
    pub(crate) sink: &'a mut Sink,
    pub(crate) reporter: &'a mut Reporter,
    pub(crate) interrupt: Interrupt,
    pub(crate) stats: Stats,
}

/// A pager over the sign-ins of a source, by whatever lists.
pub(crate) trait Pager {
    type Row: Row;

    /// The next row; None after the last one. May be dropped at any await.
    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error>;

    /// Where the row or error came from that came last.
    fn provenance(&mut self) -> &mut Provenance;

    fn report(&self) -> Report;

    /// When it is time to keep where the pager stands; None where that is not kept.
    fn save_due(&self) -> Option<Instant> {
        None
    }

    /// Whether the pager stands elsewhere than was kept. Asked when a save is due; where it does
    /// not, the next one is due later.
    fn has_moved(&mut self) -> bool {
        false
    }

    /// Keeps where the pager stands. All that it gave is written; a file of records that may be
    /// gone on with has so many bytes.
    fn save(&mut self, _size: Option<u64>) {}
}

/// A record that a pager gives.
pub(crate) trait Row {
    fn cells(&self) -> Cells<'_>;

    /// What the vendor sent.
    fn raw(&self) -> &[u8];

    /// Hands the record over to be written, or says why it gives nothing in this format.
    ///
    /// # Errors
    /// A record that cannot be written.
    fn put(&self, provenance: &Provenance, sink: &mut Sink) -> io::Result<Result<(), NoEvent>>;
}

/// A record of a list, and what the formats know of its kind.
pub(crate) struct Listed<T: 'static> {
    pub(crate) record: Record<T>,
    pub(crate) kind: &'static Kind<T>,
}

impl<T: FromJson + Serialize> Row for Listed<T> {
    fn cells(&self) -> Cells<'_> {
        (self.kind.cells)(&self.record)
    }

    fn raw(&self) -> &[u8] {
        self.record.raw_bytes()
    }

    fn put(&self, provenance: &Provenance, sink: &mut Sink) -> io::Result<Result<(), NoEvent>> {
        sink.put(provenance, &self.record, self.kind)
    }
}

/// A client's pager whose records are all of one type and from one source.
pub(crate) trait Records {
    type Value: FromJson + Serialize + 'static;

    /// See [`Pager::try_next`].
    async fn try_next(&mut self) -> Result<Option<Record<Self::Value>>, Error>;

    fn report(&self) -> Report;
}

impl<O: Operation<Item: FromJson + Serialize + 'static>> Records for Items<O> {
    type Value = O::Item;

    async fn try_next(&mut self) -> Result<Option<Record<O::Item>>, Error> {
        self.try_next().await
    }

    fn report(&self) -> Report {
        self.report().clone()
    }
}

impl<O: Ranged<Item: FromJson + Serialize + 'static>> Records for Windows<O> {
    type Value = O::Item;

    async fn try_next(&mut self) -> Result<Option<Record<O::Item>>, Error> {
        self.try_next().await
    }

    fn report(&self) -> Report {
        self.report()
    }
}

/// The pager over one list.
pub(crate) struct List<R: Records> {
    pub(crate) provenance: Provenance,
    pub(crate) items: R,
    pub(crate) kind: &'static Kind<R::Value>,
}

impl<R: Records> Pager for List<R> {
    type Row = Listed<R::Value>;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        let next = self.items.try_next().await?;
        Ok(next.map(|record| Listed { record, kind: self.kind }))
    }

    fn provenance(&mut self) -> &mut Provenance {
        &mut self.provenance
    }

    fn report(&self) -> Report {
        self.items.report()
    }
}

impl Run<'_> {
    /// Writes every record of a pager, as it comes.
    pub(crate) async fn collect<W: Pager>(&mut self, pager: &mut W) -> Result<(), RunError> {
        let mut interrupt = self.interrupt.clone();
        let result = tokio::select! {
            biased;
            exit = interrupt.wait() => Err(RunError::Signal(exit)),
            result = self.pager(pager) => result,
        };
        self.stats.add(&pager.report(), self.reporter);
        result
    }

    /// May be dropped at any await: what was taken out of the pager is in the sink.
    async fn pager<W: Pager>(&mut self, pager: &mut W) -> Result<(), RunError> {
        let mut clock = Stamp::default();
        loop {
            let next = self.next(pager).await.map_err(RunError::Output)?;
            clock.set(&mut pager.provenance().fetched_at);
            match next {
                Ok(None) => return Ok(()),
                Ok(Some(row)) => self.take(pager.provenance(), &row)?,
                Err(error) => match error.rejected() {
                    Some(rejected) => self.reject(pager.provenance(), rejected)?,
                    None => return Err(RunError::Client(error)),
                },
            }
            if pager.save_due().is_some_and(|due| due <= Instant::now()) {
                self.keep(pager).await.map_err(RunError::Output)?;
            } else if self.sink.is_full() {
                self.sink.flush().await.map_err(RunError::Output)?;
            }
        }
    }

    /// The next row. Where it is not at hand, what is there is written before it is waited for,
    /// and while it is waited for it is kept where the pager stands.
    async fn next<W: Pager>(
        &mut self,
        pager: &mut W,
    ) -> Result<Result<Option<W::Row>, Error>, Unwritable> {
        tokio::select! {
            biased;
            next = pager.try_next() => return Ok(next),
            () = ready(()) => {}
        }
        self.sink.flush().await?;
        loop {
            let due = pager.save_due();
            // The pager is let go of and taken up again: it goes on with the same request.
            tokio::select! {
                biased;
                next = pager.try_next() => return Ok(next),
                () = at(due) => self.keep(pager).await?,
            }
        }
    }

    /// Keeps where the pager stands, if that is not kept already.
    async fn keep<W: Pager>(&mut self, pager: &mut W) -> Result<(), Unwritable> {
        if pager.has_moved() {
            let size = self.sink.save().await?;
            pager.save(size);
        }
        Ok(())
    }

    fn take(&mut self, provenance: &Provenance, row: &impl Row) -> Result<(), RunError> {
        if let Err(why) = row.put(provenance, self.sink).map_err(RunError::Internal)? {
            return self.without_event(provenance, row.raw(), &why, &whose(provenance));
        }
        self.stats.records += 1;
        let time = row.cells().time;
        if time > self.stats.newest.as_ref() {
            self.stats.newest = time.cloned();
        }
        Ok(())
    }

    fn reject(&mut self, provenance: &Provenance, record: &Rejected) -> Result<(), RunError> {
        let kept = self
            .sink
            .put_rejected(provenance, record.raw_bytes(), record)
            .map_err(RunError::Output)?;
        self.rejected(kept, &format_args!("{}: {}", whose(provenance), record.mismatch()));
        Ok(())
    }

    /// Takes note of a record that gives no event, and of where it stood.
    pub(crate) fn without_event(
        &mut self,
        provenance: &Provenance,
        raw: &[u8],
        why: &NoEvent,
        place: &dyn Display,
    ) -> Result<(), RunError> {
        match why {
            NoEvent::NotASignIn => self.stats.no_sign_ins += 1,
            NoEvent::MissingContext { field } => {
                let next = match *field {
                    "identity" => "give --user and --client-id".to_owned(),
                    field => format!("give --{}", field.replace('_', "-")),
                };
                let what = format!("{place}: an event needs what the record does not say: {next}");
                return Err(RunError::Input(what, Exit::Usage));
            }
            NoEvent::Unusable { path, reason } => {
                let refusal = Refusal { path, reason, what: Refused::Record(raw) };
                let kept = self.sink.refuse(provenance, &refusal).map_err(RunError::Output)?;
                let colon = if path.is_empty() { "" } else { ": " };
                self.rejected(kept, &format_args!("{place}: {path}{colon}{reason}"));
            }
            _ => return Err(RunError::Internal(io::Error::other(why.to_string()))),
        }
        Ok(())
    }

    /// Counts what was rejected, and says it if it is kept nowhere.
    pub(crate) fn rejected(&mut self, kept: Kept, what: &dyn Display) {
        match kept {
            Kept::Record => self.stats.records += 1,
            Kept::File | Kept::Nowhere => self.stats.rejected += 1,
        }
        if kept == Kept::Nowhere {
            self.reporter.note(Level::Rejected, &what.to_string());
        }
    }
}

/// The list that a record stood in, for people.
fn whose(provenance: &Provenance) -> impl Display + '_ {
    // A provider's tenants are told apart by their ids; else there is one tenant.
    let tenant = provenance.customer.as_ref().and(provenance.tenant.as_deref());
    let whose = provenance.user.as_deref().or(tenant).unwrap_or("all users");
    format!("{} of {whose}", provenance.endpoint)
}

/// The clock in whole seconds, as text.
#[derive(Default)]
struct Stamp(Option<(OffsetDateTime, String)>);

impl Stamp {
    /// Writes the time into `text`, if it is another by now.
    fn set(&mut self, text: &mut Option<String>) {
        let now = clock::now();
        if self.0.as_ref().is_none_or(|(last, _)| *last != now) {
            self.0 = Some((now, clock::text(now)));
        }
        let stamp = self.0.as_ref().map(|(_, text)| text);
        if text.as_ref() != stamp {
            *text = stamp.cloned();
        }
    }
}

/// Waits until then; for ever, where there is no such time.
async fn at(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => pending().await,
    }
}

#[cfg(test)]
mod tests;
