//! How a run ends: what is still to be written, what is said, which exit code.

use std::io;
use std::time::Duration;

use signin_core::{Error, ErrorKind};

use super::collect::{Run, RunError};
use super::exit::Exit;
use super::reason::Reason;
use crate::reporting::words::in_the_programs_words;

/// How long a reader may take with what is at hand after a signal.
const GRACE: Duration = Duration::from_millis(500);

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Whoever read the output went away: there is nothing to say.
    ReaderGone,
    /// What went wrong, if anything, was said; a summary may follow.
    Said(Exit),
}

/// Why a run did not begin: nothing was asked for.
#[derive(Debug)]
pub(crate) struct NotBegun {
    /// What to do about it.
    pub(crate) line: String,
    pub(crate) exit: Exit,
    pub(crate) reason: Reason,
}

impl NotBegun {
    /// A file that cannot be opened or written.
    pub(crate) fn of_file(line: String, error: &io::Error) -> Self {
        Self { line, exit: Exit::of_file(error), reason: Reason::of_file(error) }
    }

    /// Signals would not be heard.
    pub(crate) fn deaf(error: &io::Error) -> Self {
        let line = format!("signals cannot be listened for: {error}");
        Self { line, exit: Exit::Internal, reason: Reason::Program }
    }
}

/// What cannot be, and what to do instead.
impl From<String> for NotBegun {
    fn from(line: String) -> Self {
        Self { line, exit: Exit::Usage, reason: Reason::Usage }
    }
}

/// What becomes of the file of the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It gets its name.
    Published,
    /// It does not get its name because of a doubt, and is kept beside it.
    KeptBack,
    /// The run broke off.
    BrokenOff,
}

impl Run<'_> {
    /// Writes what is still at hand, says what went wrong and decides on the exit code.
    pub(crate) async fn end(&mut self, result: Result<(), RunError>) -> End {
        self.stats.odd = self.sink.odd();
        let result = match result {
            Err(RunError::Signal(exit)) => self.interrupted(exit).await,
            result => self.flushed(result).await,
        };
        match result {
            Err(RunError::Output(failed)) if self.sink.is_reader_gone(&failed) => End::ReaderGone,
            Ok(()) => {
                self.stats.reason = self.stats.why();
                End::Said(self.stats.verdict())
            }
            Err(stop) => End::Said(self.explain(stop)),
        }
    }

    /// A run that failed still hands over what it has; why it failed comes first, then whether
    /// that could be written. A file of its own it gets only for everything that there is: also
    /// where that is doubtful, or where what was given to be read is short.
    async fn flushed(&mut self, result: Result<(), RunError>) -> Result<(), RunError> {
        let mut interrupt = self.interrupt.clone();
        let fate = self.fate(&result);
        let write = async {
            match fate {
                Fate::Published => self.sink.publish().await,
                Fate::KeptBack => {
                    self.stats.kept_back = self.sink.keep_back().await?;
                    Ok(())
                }
                Fate::BrokenOff => self.sink.finish().await,
            }
        };
        let written = tokio::select! {
            biased;
            written = write => written,
            exit = interrupt.wait() => return self.interrupted(exit).await,
        };
        match (result, written) {
            (Err(stop @ RunError::Output(_)), _) => Err(stop),
            (_, Err(failed)) if self.sink.is_reader_gone(&failed) => Err(RunError::Output(failed)),
            // Both are to be known: there is no file.
            (Err(RunError::Short(line)), Err(failed)) => {
                self.reporter.error(&line);
                Err(RunError::Output(failed))
            }
            (Err(stop), _) => Err(stop),
            (Ok(()), written) => written.map_err(RunError::Output),
        }
    }

    fn fate(&self, result: &Result<(), RunError>) -> Fate {
        let doubtful = match result {
            Ok(()) => match self.stats.verdict() {
                Exit::Incomplete => return Fate::BrokenOff,
                verdict => verdict == Exit::Doubtful,
            },
            Err(RunError::Short(_)) => true,
            Err(_) => return Fate::BrokenOff,
        };
        if doubtful && self.sink.keeps_doubts_back() { Fate::KeptBack } else { Fate::Published }
    }

    /// Whether or not the reader takes it: the run ends now.
    async fn interrupted(&mut self, exit: Exit) -> Result<(), RunError> {
        let _ = tokio::time::timeout(GRACE, self.sink.finish()).await;
        Err(RunError::Signal(exit))
    }

    fn explain(&mut self, stop: RunError) -> Exit {
        let (line, exit, reason) = match stop {
            RunError::Signal(exit) => (None, exit, Reason::Signal),
            RunError::Client(error) => {
                let (exit, reason) = self.blame(&error);
                (Some(in_the_programs_words(&error)), exit, reason)
            }
            RunError::Output(failed) => (Some(failed.to_string()), Exit::Incomplete, Reason::Disk),
            RunError::Input(line, Exit::Usage) => (Some(line), Exit::Usage, Reason::Usage),
            RunError::Input(line, exit) => (Some(line), exit, Reason::Input),
            RunError::Short(line) => (Some(line), Exit::Incomplete, Reason::Input),
            RunError::Internal(error) => {
                (Some(format!("the program failed: {error}")), Exit::Internal, Reason::Program)
            }
        };
        if let Some(line) = line {
            self.reporter.error(&line);
        }
        self.stats.reason = Some(reason);
        exit
    }

    /// A key that was good when the run began and cannot be read any more is no usage error.
    fn blame(&self, error: &Error) -> (Exit, Reason) {
        if error.kind() == ErrorKind::Config && self.stats.requests > 0 {
            return (Exit::PersonNeeded, Reason::Secret);
        }
        (Exit::of(error), Reason::of(error))
    }
}
