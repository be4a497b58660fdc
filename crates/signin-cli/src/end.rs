//! How a run ends: what is still to be written, what is said, which exit code.

use std::time::Duration;

use crate::collect::{Run, Stop};
use crate::exit::Exit;
use crate::fetch::in_the_programs_words;

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

impl Run<'_> {
    /// Writes what is still at hand, says what went wrong and decides on the exit code.
    pub(crate) async fn end(&mut self, result: Result<(), Stop>) -> End {
        self.totals.odd = self.sink.odd();
        let result = match result {
            Err(Stop::Signal(exit)) => self.interrupted(exit).await,
            result => self.flushed(result).await,
        };
        match result {
            Err(Stop::Output(failed)) if self.sink.is_reader_gone(&failed) => End::ReaderGone,
            Ok(()) => End::Said(self.totals.verdict()),
            Err(stop) => End::Said(self.explain(stop)),
        }
    }

    /// A run that failed still hands over what it has; why it failed comes first, then whether
    /// that could be written. A file of its own it gets only for everything that there is: also
    /// where what was given to be read is short.
    async fn flushed(&mut self, result: Result<(), Stop>) -> Result<(), Stop> {
        let mut interrupt = self.interrupt.clone();
        let whole = match &result {
            Ok(()) => self.totals.is_whole(),
            Err(stop) => matches!(stop, Stop::Short(_)),
        };
        let write =
            async { if whole { self.sink.publish().await } else { self.sink.finish().await } };
        let written = tokio::select! {
            biased;
            written = write => written,
            exit = interrupt.wait() => return self.interrupted(exit).await,
        };
        match (result, written) {
            (Err(stop @ Stop::Output(_)), _) => Err(stop),
            (_, Err(failed)) if self.sink.is_reader_gone(&failed) => Err(Stop::Output(failed)),
            // Both are to be known: there is no file.
            (Err(Stop::Short(line)), Err(failed)) => {
                self.notes.error(&line);
                Err(Stop::Output(failed))
            }
            (Err(stop), _) => Err(stop),
            (Ok(()), written) => written.map_err(Stop::Output),
        }
    }

    /// Whether or not the reader takes it: the run ends now.
    async fn interrupted(&mut self, exit: Exit) -> Result<(), Stop> {
        let _ = tokio::time::timeout(GRACE, self.sink.finish()).await;
        Err(Stop::Signal(exit))
    }

    fn explain(&mut self, stop: Stop) -> Exit {
        let (line, exit) = match stop {
            Stop::Signal(exit) => return exit,
            Stop::Client(error) => (in_the_programs_words(&error), Exit::of(error.kind())),
            Stop::Output(failed) => (failed.to_string(), Exit::Incomplete),
            Stop::Input(line, exit) => (line, exit),
            Stop::Short(line) => (line, Exit::Incomplete),
            Stop::Internal(error) => (format!("the program failed: {error}"), Exit::Internal),
        };
        self.notes.error(&line);
        exit
    }
}
