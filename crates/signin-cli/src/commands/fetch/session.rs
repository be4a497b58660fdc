//! A pager as a fetch sees it: only what was asked for, reported on the way, and kept where it
//! stands.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use signin_core::{Error, ErrorKind, Report, ServiceClock, Warning};
use time::OffsetDateTime;
use tokio::time::Instant;

use super::command::{self, Change};
use super::coverage::{Coverage, Covered};
use super::named_lists::add;
use super::plan::Plan;
use super::times::{self, Times};
use crate::args::Range;
use crate::formats::Provenance;
use crate::outputs::sink::Sink;
use crate::outputs::writer::Unwritable;
use crate::reporting::progress::Progress;
use crate::reporting::reporter::Reporter;
use crate::reporting::summary::count;
use crate::reporting::terminal::Terminal;
use crate::run::collect::{Pager, Row as _, Stats};
use crate::run::end::NotBegun;
use crate::run::exit::Exit;
use crate::run::reason::Reason;
use crate::state::{State, StateFile};

/// How often it is kept where a pager stands.
const SAVE_EVERY: Duration = Duration::from_secs(1);

/// How many users or tenants are named that could not be read, by all runs of one checkpoint.
const MOST_MISSING: usize = 1_000;

/// A pager of a vendor that can be gone on with.
pub(crate) trait Resumable: Pager {
    /// Where the pager stands, as text; None if there is no such place.
    fn checkpoint(&self) -> Option<String>;

    /// The way that the pager goes, where there are several; None before it is known.
    fn way(&self) -> Option<&'static str> {
        None
    }

    /// Whether all that is asked for comes as one list, the newest first.
    fn is_newest_first(&self) -> bool;

    /// Up to when the pager has read everything, where it begins with the earliest.
    fn done_until(&self) -> Option<OffsetDateTime> {
        None
    }

    /// From when on the service keeps what is asked for, where that is later than what was asked.
    fn kept_from(&self) -> Option<OffsetDateTime> {
        None
    }

    /// How it is known what the pager has read.
    fn coverage(&self) -> Coverage {
        Coverage::Times
    }

    /// What was noticed up to the checkpoint.
    fn noticed(&self) -> Vec<Warning> {
        self.report().warnings
    }

    /// Whether any of the users or tenants that are read could be, where there are several.
    fn any_read(&self) -> bool {
        true
    }

    /// What of the vendor's sign-ins is read, where that is not everything or has a catch.
    fn reach(&self) -> Option<Reach> {
        None
    }
}

/// What of a vendor's sign-ins a run reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Reach {
    /// The kinds that are read.
    pub(crate) read: Vec<&'static str>,
    /// The kinds that there are beside them.
    pub(crate) not_read: Vec<&'static str>,
    /// What else is to be known of the way.
    pub(crate) remark: Option<&'static str>,
}

/// What a pager gave, as far as the summary tells it.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Records outside of the range.
    pub(crate) filtered: u64,
    /// Records whose time cannot be read: they are yielded.
    pub(crate) untimed: u64,
    pub(crate) covered: Covered,
}

/// The user or tenant that a warning is of.
fn provenance(warning: &Warning) -> Option<&str> {
    match warning {
        Warning::OwnerNotListed { owner: provenance }
        | Warning::OwnerGone { owner: provenance }
        | Warning::OwnerSkipped { owner: provenance }
        | Warning::OwnerUnusable { owner: provenance }
        | Warning::OfOwner { owner: provenance, .. } => Some(provenance),
        _ => None,
    }
}

/// Where the run is kept.
pub(crate) struct Journal {
    pub(crate) file: StateFile,
    pub(crate) state: State,
    /// Where it stood when the run began.
    pub(crate) first: State,
}

/// Begins a pager anew, by the service's clock; None where that makes no difference.
pub(crate) type Anew<'a, W> = Box<dyn FnOnce() -> Option<Result<Fresh<W>, String>> + 'a>;

/// A pager that was begun anew.
pub(crate) struct Fresh<W> {
    pub(crate) pager: W,
    pub(crate) range: Range,
    pub(crate) began: OffsetDateTime,
}

/// A pager under way.
pub(crate) struct Session<'a, W> {
    pub(crate) pager: W,
    pub(crate) times: Times,
    /// Whether what is outside of the range is left out: not where nobody gave one.
    is_ranged: bool,
    pub(crate) seen: Seen,
    pub(crate) clock: ServiceClock,
    /// None once the service's clock was looked at, and where the pager goes on with another.
    anew: Option<Anew<'a, W>>,
    is_clock_known: bool,
    /// Requests that were of no use.
    in_vain: Report,
    journal: Option<Journal>,
    next_save: Instant,
    progress: Progress,
    /// What could not be kept: said once.
    unsaved: bool,
    reporter: Reporter,
}

impl<'a, W: Resumable> Session<'a, W> {
    pub(crate) fn new(
        pager: W,
        (plan, times): (&'a Plan<'_>, Times),
        journal: Option<Journal>,
        terminal: Terminal,
        anew: Anew<'a, W>,
    ) -> Self {
        let reporter = plan.reporter;
        let is_resumed = journal.as_ref().is_some_and(|journal| journal.first.pager.is_some());
        Self {
            pager,
            times,
            // Where nobody gave a range, the service's own rule decides, or there is none.
            is_ranged: plan.common.is_ranged(),
            seen: Seen::default(),
            clock: plan.clock.clone(),
            anew: Some(anew).filter(|_| !is_resumed),
            is_clock_known: false,
            in_vain: Report::default(),
            journal,
            next_save: Instant::now(),
            progress: Progress::new(terminal, reporter),
            unsaved: false,
            reporter: reporter.clone(),
        }
    }

    /// Counts a row, and tells whether it was asked for.
    fn admit(&mut self, time: Option<OffsetDateTime>) -> bool {
        let Some(time) = time else {
            self.seen.untimed += 1;
            return true;
        };
        self.seen.covered.note(time);
        let asked = !self.is_ranged || self.times.range.holds(time);
        self.seen.filtered += u64::from(!asked);
        asked
    }

    /// Keeps where a run begins: a range like "24h back" means the same in the runs to come.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn begin(&self) -> Result<(), NotBegun> {
        match &self.journal {
            Some(Journal { file, state, .. }) => file
                .save(state)
                .map_err(|failed| NotBegun::of_file(failed.to_string(), &failed.error)),
            None => Ok(()),
        }
    }

    /// What the runs came to that this one goes on with, as far as it makes this one doubtful.
    pub(crate) fn earlier(&self) -> Stats {
        let doubt = self.journal.as_ref().and_then(|journal| journal.first.doubt);
        Stats { doubtful: u64::from(doubt.is_some()), doubt, ..Stats::default() }
    }

    /// Users and tenants that could not be read in full, by this run and those before it.
    pub(crate) fn missing(&self) -> Vec<String> {
        self.missing_by(&self.pager.report().warnings)
    }

    fn missing_by(&self, warnings: &[Warning]) -> Vec<String> {
        let earlier = self.journal.iter().flat_map(|journal| &journal.first.missing);
        let mut missing: Vec<String> = earlier.cloned().collect();
        let sources =
            warnings.iter().filter(|warning| warning.affects_completeness()).filter_map(provenance);
        for provenance in sources.take(MOST_MISSING.saturating_sub(missing.len())) {
            if missing.iter().all(|known| known != provenance) {
                missing.push(provenance.to_owned());
            }
        }
        missing
    }

    /// Keeps where the pager stands, once all that it gave is on the disk.
    ///
    /// # Errors
    /// An output that cannot be written; what was kept last is there still.
    pub(crate) async fn keep_all(&mut self, sink: &mut Sink) -> Result<(), Unwritable> {
        if self.journal.is_some() {
            let size = sink.save().await?;
            self.keep(size);
        }
        Ok(())
    }

    /// Keeps that the pager is at its end.
    ///
    /// # Errors
    /// As [`keep_all`](Self::keep_all).
    pub(crate) async fn keep_end(&mut self, sink: &mut Sink) -> Result<(), Unwritable> {
        if let Some(journal) = &mut self.journal {
            journal.state.ended = true;
        }
        self.keep_all(sink).await
    }

    /// Leaves behind what the next run needs: nothing, if this one came to its end.
    pub(crate) async fn close(&mut self, sink: &mut Sink, finished: bool, stats: &Stats) {
        let Some(journal) = &self.journal else { return };
        let ended = finished && stats.reason == stats.why();
        let never_began = journal.first.pager.is_none() && self.pager.report().pages == 0;
        // What was asked for has to be asked for otherwise, by a run that does not go on with this.
        let in_vain = never_began
            && matches!(stats.reason, Some(Reason::Usage | Reason::NotFound | Reason::Refused));
        if in_vain {
            sink.abandon();
        }
        if ended || in_vain {
            if let Err(why) = journal.file.remove() {
                self.reporter.warn(&why);
            }
            return;
        }
        // What is not written is not kept: the next run reads it again. That a pager is at its end
        // was kept already, and only its file has no name yet.
        if !finished
            && sink.is_settled()
            && let Err(failed) = self.keep_all(sink).await
        {
            self.reporter.warn(&failed.to_string());
        }
    }

    /// The reader went away: nobody knows what of this run he took. The next one begins where this
    /// one began.
    pub(crate) fn go_back(&self) {
        let Some(journal) = &self.journal else { return };
        if let Err(failed) = journal.file.save(&journal.first) {
            self.reporter.warn(&failed.to_string());
        }
    }

    /// Looks at the service's clock, once it has answered: true if the pager began anew by it.
    /// Nothing that the pager gave was taken until then.
    fn begins_anew(&mut self) -> Result<bool, Error> {
        let Some(first) = self.clock.first().filter(|_| !self.is_clock_known) else {
            return Ok(false);
        };
        self.is_clock_known = true;
        let skew = times::skew(&self.clock);
        let began_anew = self.anew.take().map(|anew| anew());
        let is_resumed = began_anew.is_none();
        let fresh = began_anew.flatten().transpose().map_err(|why| {
            Error::new(ErrorKind::Argument, "range", why, "mend the clock of this machine")
        })?;
        let begins_anew = fresh.is_some();
        if let Some(Fresh { pager, range, began }) = fresh {
            let before = std::mem::replace(&mut self.pager, pager).report();
            self.in_vain = Report::default();
            self.in_vain.requests = before.requests;
            self.in_vain.retries = before.retries;
            self.in_vain.throttled = before.throttled;
            (self.times.range, self.times.began) = (range, began);
            if let Some(journal) = &mut self.journal {
                journal.state.begin(range, began);
                journal.first = journal.state.clone();
            }
        }
        // What the clock was when the first run began, as far as that can be known by now.
        let then = if is_resumed { skew.map(|skew| self.times.began + skew) } else { Some(first) };
        self.times.served = self.times.served.or(then);
        if let (Some(journal), Some(served)) = (&mut self.journal, self.times.served) {
            journal.state.serve(served);
        }
        Ok(begins_anew)
    }

    /// From when on nothing was read that came since the run that this one goes on with, if that
    /// was long ago.
    pub(crate) fn unread_since(&self) -> Option<OffsetDateTime> {
        let is_resumed = self.journal.as_ref().is_some_and(|journal| journal.first.pager.is_some());
        let by_time = matches!(self.pager.coverage(), Coverage::Times);
        let now = times::now(&self.clock);
        self.times.unread_since(now).filter(|_| is_resumed && by_time)
    }

    /// What to run for that.
    pub(crate) fn next_command(&self, since: OffsetDateTime, output: Option<&Path>) -> String {
        let since = crate::clock::text(since);
        // The file that is there now is not to be written over.
        let output = output.filter(|place| place.is_file()).map(command::beside);
        let output = output.as_deref().and_then(Path::to_str);
        let changes = [Some(Change::Since(&since)), output.map(Change::Output)];
        let changes: Vec<_> = changes.into_iter().flatten().collect();
        let next = command::with(&changes);
        let next = next.unwrap_or_else(|| format!("the same command with --since {since}"));
        format!("not read: from {since} to now: run: {next}")
    }

    /// What may be wrong with the result, beside what the pager itself noticed.
    pub(crate) fn warn(&self) {
        if self.times.range.until.is_some_and(|until| until > self.times.now()) {
            self.reporter.warn("--until is later than now: what there is now is read, and no more");
        }
        if self.seen.untimed > 0 {
            let records = count(self.seen.untimed, "record");
            self.reporter.warn(&format!(
                "the time of {records} cannot be read: written all the same, in the range or not"
            ));
        }
        if let Some(skew) = times::skew(&self.clock) {
            self.reporter.warn(&times::about(skew));
        }
    }

    pub(crate) fn endpoint(&mut self) -> &'static str {
        self.pager.provenance().endpoint
    }

    /// What to do after a run that ended like this, where that depends on the checkpoint.
    pub(crate) fn hint(&self, exit: Exit, stats: &Stats) -> Vec<String> {
        let ended_early = matches!(exit, Exit::Incomplete | Exit::Interrupted | Exit::Terminated);
        let is_named = matches!(self.pager.coverage(), Coverage::Named(_));
        if ended_early && is_named && !self.pager.report().finished {
            return vec!["run it again for what the summary says is missing".to_owned()];
        }
        if let Some(kept) = &stats.kept_back {
            return vec![format!("check what the warnings say; what was read is in {kept}")];
        }
        let has_completeness_warnings = exit == Exit::Doubtful;
        if is_named && (ended_early || has_completeness_warnings)
            || has_completeness_warnings && !self.missing().is_empty()
        {
            return vec!["check what the summary says is missing".to_owned()];
        }
        match &self.journal {
            Some(journal) if ended_early && journal.file.path().exists() => {
                let path = journal.file.path().display();
                vec![format!("run the same command again: it goes on where {path} says")]
            }
            None if ended_early => {
                vec!["run it again for everything; with --checkpoint FILE it can go on".to_owned()]
            }
            _ => Vec::new(),
        }
    }

    fn keep(&mut self, size: Option<u64>) {
        if self.journal.is_none() {
            return;
        }
        let Some(checkpoint) = self.pager.checkpoint() else { return };
        let noticed = self.pager.noticed();
        let missing = self.missing_by(&noticed);
        let Some(journal) = &mut self.journal else { return };
        journal.state.pager = Some(checkpoint);
        journal.state.set_written(size);
        journal.state.missing = missing;
        let doubt = noticed.iter().find_map(Reason::of_doubt);
        journal.state.doubt = journal.first.doubt.or(doubt);
        if let Err(failed) = journal.file.save(&journal.state)
            && !std::mem::replace(&mut self.unsaved, true)
        {
            self.reporter.warn(&failed.to_string());
        }
    }
}

impl<W: Resumable> Pager for Session<'_, W> {
    type Row = W::Row;

    async fn try_next(&mut self) -> Result<Option<W::Row>, Error> {
        loop {
            let next = self.pager.try_next().await;
            if self.begins_anew()? {
                continue;
            }
            let Ok(Some(row)) = next else { return next };
            let time = row.cells().time.map(signin_core::Timestamp::instant);
            self.progress.tick(time);
            if self.admit(time) {
                return Ok(Some(row));
            }
        }
    }

    fn provenance(&mut self) -> &mut Provenance {
        self.pager.provenance()
    }

    fn report(&self) -> Report {
        let mut report = self.pager.report();
        add(&mut report, &self.in_vain);
        report
    }

    fn save_due(&self) -> Option<Instant> {
        self.journal.as_ref().map(|_| self.next_save)
    }

    fn has_moved(&mut self) -> bool {
        self.next_save = Instant::now() + SAVE_EVERY;
        let kept = self.journal.as_ref().and_then(|journal| journal.state.pager.as_ref());
        let place = self.pager.checkpoint();
        place.is_some() && place.as_ref() != kept
    }

    fn save(&mut self, size: Option<u64>) {
        self.keep(size);
    }
}
