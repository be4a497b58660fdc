//! What is said beside the data, on standard error as a rule: lines for people or for a log.

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::text::clean;
use crate::args::{Log, Logging};
use crate::clock;

/// What a line is about, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Why the run ends early.
    Error,
    /// What may be wrong with the result.
    Warning,
    /// A record that does not fit its type.
    Rejected,
    /// What the run does.
    Info,
    /// A request.
    Request,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Rejected => "rejected",
            Self::Info => "info",
            Self::Request => "request",
        }
    }
}

/// Where messages go. Clones say it to the same place. A line that cannot be written is dropped:
/// there is nobody left to tell.
#[derive(Clone)]
pub(crate) struct Reporter(Arc<Mutex<Inner>>);

struct Inner {
    target: Box<dyn Write + Send>,
    log: Log,
    /// The least grave that is said.
    least: Level,
    /// A line stands there that the next one takes the place of.
    passing: bool,
}

impl Reporter {
    /// Lines for people, all but those about requests.
    pub(crate) fn new(target: impl Write + Send + 'static) -> Self {
        let (target, log, least) = (Box::new(target), Log::Text, Level::Info);
        Self(Arc::new(Mutex::new(Inner { target, log, least, passing: false })))
    }

    /// Says from now on what these options ask for.
    pub(crate) fn set(&self, logging: Logging) {
        let mut inner = self.lock();
        inner.log = logging.log;
        inner.least = match logging {
            Logging { quiet: true, .. } => Level::Error,
            Logging { verbose: true, .. } => Level::Request,
            _ => Level::Info,
        };
    }

    pub(crate) fn error(&self, message: &str) {
        self.note(Level::Error, message);
    }

    pub(crate) fn warn(&self, message: &str) {
        self.note(Level::Warning, message);
    }

    pub(crate) fn info(&self, message: &str) {
        self.note(Level::Info, message);
    }

    /// Says a message as it is asked for, or not at all.
    pub(crate) fn note(&self, level: Level, message: &str) {
        let mut inner = self.lock();
        if level > inner.least {
            return;
        }
        match inner.log {
            Log::Text if level == Level::Info => inner.line(message),
            Log::Text => inner.line(&format!("{}: {message}", level.name())),
            Log::Json => {
                let message: String = clean(message).collect();
                let line = Line { time: &clock::text(clock::now()), level: level.name(), message };
                // Cannot fail: text only.
                inner.line(&serde_json::to_string(&line).unwrap_or_default());
            }
        }
    }

    /// Whether such messages are said at all.
    pub(crate) fn says(&self, level: Level) -> bool {
        level <= self.lock().least
    }

    /// Whether messages are JSON, for programs.
    pub(crate) fn is_json(&self) -> bool {
        self.lock().log == Log::Json
    }

    /// Writes one line as it is, cleaned, whatever is asked for.
    pub(crate) fn say(&self, line: &str) {
        self.lock().line(line);
    }

    /// Shows a line until the next one, on a terminal.
    pub(crate) fn pass(&self, line: &str) {
        let mut inner = self.lock();
        let line: String = clean(line).collect();
        inner.write(&format!("{ERASE}{line}"));
        inner.passing = true;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Back to the line's beginning, and nothing on it.
const ERASE: &str = "\r\u{1b}[K";

#[derive(Serialize)]
struct Line<'a> {
    time: &'a str,
    level: &'a str,
    message: String,
}

impl Inner {
    fn line(&mut self, line: &str) {
        let erase = if std::mem::take(&mut self.passing) { ERASE } else { "" };
        let line: String = erase.chars().chain(clean(line)).chain(['\n']).collect();
        // One write, so that lines of several programs do not mix.
        self.write(&line);
    }

    fn write(&mut self, text: &str) {
        let _ = self.target.write_all(text.as_bytes());
        let _ = self.target.flush();
    }
}
