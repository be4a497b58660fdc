//! What a fetch is to do: the range, where to go on from, what a vendor is opened with.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use signin_core::{Error, ServiceClock};
use time::{Duration, OffsetDateTime};

use super::args::Common;
use super::session::Journal;
use super::times::{Times, skew};
use crate::args::{Format, Publish, Range, When};
use crate::clock;
use crate::connection::environment::Environment;
use crate::outputs::lock::{self, Lock};
use crate::outputs::writer::Unwritable;
use crate::outputs::{atomic_file, partial_file};
use crate::reporting::reporter::Reporter;
use crate::reporting::words::in_the_programs_words;
use crate::run::end::NotBegun;
use crate::state::takeover::take_over;
use crate::state::{OUTPUT, State, StateFile};

/// What a fetch is to do.
pub(crate) struct Plan<'a> {
    pub(crate) common: &'a Common,
    pub(crate) format: Format,
    pub(crate) environment: Environment,
    pub(crate) reporter: &'a Reporter,
    /// What is asked for, also where no option says so.
    pub(crate) range: Range,
    /// When the run began, or the run that it goes on with.
    pub(crate) began: OffsetDateTime,
    pub(crate) journal: Option<Journal>,
    /// The service's own clock, once it has answered.
    pub(crate) clock: ServiceClock,
    /// From when on was asked for, as it was typed.
    since: When,
    /// What no other run may use while this one is under way.
    locks: Arc<[Lock]>,
}

impl<'a> Plan<'a> {
    /// Reads the clock, once, and the checkpoint, if there is one. The range begins at `since`
    /// where the options do not say so.
    ///
    /// # Errors
    /// The option to change, and how.
    pub(crate) fn new(
        vendor: &str,
        common: &'a Common,
        since: Option<&When>,
        own: Vec<(String, String)>,
        format: Format,
        reporter: &'a Reporter,
    ) -> Result<Self, NotBegun> {
        let now = clock::now();
        let environment = Environment::of_process();
        let since = common.since.as_ref().or(since);
        let since = since
            .ok_or_else(|| "--since is missing; give a time or a span, such as 24h".to_owned())?;
        let range = Range::new(since, common.until.as_ref(), now)?;
        check_files(common)?;
        if let Some(path) = &common.summary {
            atomic_file::check(path).map_err(|error| {
                let line = format!("--summary {} cannot be written: {error}", path.display());
                NotBegun::of_file(line, &error)
            })?;
        }
        let locks = lock_files(common, reporter)?.into();
        let (since, clock) = (since.clone(), ServiceClock::default());
        let (journal, began) = (None, now);
        let mut plan = Self {
            common,
            format,
            environment,
            reporter,
            range,
            began,
            journal,
            clock,
            since,
            locks,
        };
        if let Some(path) = &common.checkpoint {
            plan.go_on(
                StateFile::new(path),
                State::new(vendor, asked(common, own, format), range, now),
            )?;
        }
        Ok(plan)
    }

    /// The same by the service's clock, where that makes another thing of what is asked for, or
    /// there is more to read by it.
    pub(crate) fn by_the_services_clock(&self) -> Option<Self> {
        let skew = skew(&self.clock).filter(|_| self.common.is_ranged())?;
        let skew = Duration::seconds(skew.whole_seconds());
        let began = self.began.checked_add(skew)?;
        let range = self.range.moved(skew, &self.since, self.common.until.as_ref());
        let (environment, clock) = (self.environment.clone(), self.clock.clone());
        let (since, locks, journal) = (self.since.clone(), Arc::clone(&self.locks), None);
        let plan = Self { range, began, environment, clock, since, locks, journal, ..*self };
        (range != self.range || plan.end() > self.end()).then_some(plan)
    }

    /// What is asked for and what time it was, as far as that is known before the service answers.
    pub(crate) fn times(&self, lateness: Duration) -> Times {
        let served = self.journal.as_ref().and_then(|journal| journal.state.served());
        Times { range: self.range, began: self.began, served, lateness }
    }

    /// Takes over what an earlier run was asked for and how far it came.
    fn go_on(&mut self, file: StateFile, asked: State) -> Result<(), String> {
        let state = match file.load(&asked)? {
            None => asked,
            Some(mut state) => {
                take_over(&file, &mut state, &asked, self.reporter)?;
                if let Some((range, began)) = state.range() {
                    let path = file.path().display();
                    let then = clock::text(began);
                    self.reporter.info(&format!("going on with the run of {then}, by {path}"));
                    self.range = range;
                    // Where that has read nothing, what came since can be read as well.
                    if state.pager.is_some() || state.ended {
                        self.began = began;
                    } else {
                        state.begin(range, self.began);
                    }
                }
                state
            }
        };
        self.journal = Some(Journal { file, first: state.clone(), state });
        Ok(())
    }

    /// An output that cannot be opened, and what to do about it.
    pub(crate) fn unopened(&self, refused: &Unwritable) -> String {
        let lost = refused.error.kind() == ErrorKind::UnexpectedEof;
        match self.journal.as_ref().filter(|_| lost) {
            Some(journal) => {
                let path = journal.file.path().display();
                format!("{refused}; remove --checkpoint {path} to start anew")
            }
            None => refused.to_string(),
        }
    }

    /// What a vendor's client says against being opened like this.
    pub(crate) fn refused(&self, error: &Error) -> String {
        let line = in_the_programs_words(error);
        match self.journal.as_ref().filter(|_| error.kind() == signin_core::ErrorKind::Checkpoint) {
            Some(journal) => format!("--{line} ({})", journal.file.path().display()),
            None => line,
        }
    }

    /// What an option gives, else a variable.
    ///
    /// # Errors
    /// A variable that is no text.
    pub(crate) fn setting<'s>(
        &'s self,
        option: &'s Option<String>,
        variable: &str,
    ) -> Result<Option<&'s str>, String> {
        match option {
            Some(given) => Ok(Some(given)),
            None => self.environment.text(variable),
        }
    }

    /// The client's checkpoint to go on from.
    pub(crate) fn resume(&self) -> Option<&str> {
        self.journal.as_ref()?.state.pager.as_deref()
    }

    /// The end of what can be read now.
    pub(crate) fn end(&self) -> OffsetDateTime {
        self.past_until().unwrap_or(self.began)
    }

    /// The end of the range, where it is in the past: a pager without one fixes its end itself, by
    /// the service's own clock.
    pub(crate) fn past_until(&self) -> Option<OffsetDateTime> {
        self.range.until.filter(|until| *until <= self.began)
    }
}

/// Locks what no two runs at once may write, before anything of it is read.
fn lock_files(common: &Common, reporter: &Reporter) -> Result<Vec<Lock>, NotBegun> {
    let files = [("--checkpoint", common.checkpoint.as_deref()), ("-o", common.outputs.file())];
    let mut locks = Vec::new();
    for (option, path) in files {
        if let Some(path) = path {
            locks.extend(Lock::take(option, path, reporter)?);
        }
    }
    Ok(locks)
}

/// Refuses two options with one file: one would be written over by the other.
fn check_files(common: &Common) -> Result<(), String> {
    let output = common.outputs.file().map(partial_file::real);
    let partial = output.as_deref().filter(|_| common.checkpoint.is_some());
    let partial = partial.and_then(|place| partial_file::partial(place).ok());
    let may_stay = common.outputs.publish == Publish::Complete;
    let unpublished = output.as_deref().filter(|_| may_stay);
    let unpublished = unpublished.and_then(|place| partial_file::unpublished(place).ok());
    let lock = |path: Option<&Path>| path.and_then(|path| lock::beside(path).ok());
    let locks = [lock(common.outputs.file()), lock(common.checkpoint.as_deref())];
    let [of_output, of_checkpoint] = locks;
    let files: [(&str, Option<&Path>); 8] = [
        ("-o", common.outputs.file()),
        ("the .partial file of -o", partial.as_deref()),
        ("the .unpublished file of -o", unpublished.as_deref()),
        ("the lock of -o", of_output.as_deref()),
        ("the lock of --checkpoint", of_checkpoint.as_deref()),
        ("--rejected", common.outputs.rejected.as_deref()),
        ("--summary", common.summary.as_deref()),
        ("--checkpoint", common.checkpoint.as_deref()),
    ];
    for (n, (one, path)) in files.iter().enumerate() {
        for (other, another) in files.iter().take(n) {
            if let (Some(path), Some(another)) = (path, another)
                && partial_file::same(path, another)
            {
                return Err(format!("{other} and {one} name the same file; give each its own"));
            }
        }
    }
    Ok(())
}

/// The options that another run has to have in common with this one to go on with it.
fn asked(common: &Common, own: Vec<(String, String)>, format: Format) -> Vec<(String, String)> {
    let since = common.since.as_ref().map(|since| ("--since", since.to_string()));
    let until = common.until.as_ref().map(|until| ("--until", until.to_string()));
    let output = common.outputs.file().map(|file| (OUTPUT, file.display().to_string()));
    let keep_raw = common.outputs.keep_raw.then(|| ("--keep-raw", true.to_string()));
    let lenient = common.outputs.lenient.then(|| ("--lenient", true.to_string()));
    let options = [since, until, output, keep_raw, lenient];
    let options = options.into_iter().flatten().chain([("--format", format.name().to_owned())]);
    options.map(|(name, value)| (name.to_owned(), value)).chain(own).collect()
}
