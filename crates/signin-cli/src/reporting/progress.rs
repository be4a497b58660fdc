//! How far a pager is, told while it is under way.

use std::time::Duration;

use time::OffsetDateTime;
use tokio::time::Instant;

use super::reporter::Reporter;
use super::summary::count;
use super::terminal::Terminal;

/// Tells how far a pager is: on a terminal by a line that is written over, else now and then.
pub(crate) struct Progress {
    reporter: Reporter,
    on_terminal: bool,
    records: u64,
    next: Instant,
}

impl Progress {
    pub(crate) fn new(terminal: Terminal, reporter: &Reporter) -> Self {
        let on_terminal = terminal.stderr && !terminal.stdout && !reporter.is_json();
        let mut progress =
            Self { reporter: reporter.clone(), on_terminal, records: 0, next: Instant::now() };
        progress.next += progress.every();
        progress
    }

    fn every(&self) -> Duration {
        if self.on_terminal { Duration::from_millis(200) } else { Duration::from_secs(60) }
    }

    /// Counts a record of this time.
    pub(crate) fn tick(&mut self, at: Option<OffsetDateTime>) {
        self.records += 1;
        let now = Instant::now();
        if now < self.next {
            return;
        }
        self.next = now + self.every();
        let at = at.map(|at| format!(", at {}", crate::clock::text(at))).unwrap_or_default();
        let line = format!("{} so far{at}", count(self.records, "record"));
        if self.on_terminal { self.reporter.pass(&line) } else { self.reporter.info(&line) }
    }
}
