//! What the client tells of its requests: with `--verbose` a line for each, else now and then one
//! about those that fail again and again, so that nobody waits in front of a silent program.

use std::fmt::{Debug, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level as Grade, Metadata, Subscriber, subscriber};

use super::reporter::{Level, Reporter};

/// How often it is said that requests fail.
const EVERY: Duration = Duration::from_secs(60);

/// Has requests said from now on, as far as messages about them are.
pub(crate) fn tell(reporter: &Reporter) {
    if reporter.says(Level::Info) {
        // Fails only where another one is set already: the program sets none.
        let teller = Teller { reporter: reporter.clone(), told: Mutex::default() };
        let _ = subscriber::set_global_default(teller);
    }
}

struct Teller {
    reporter: Reporter,
    /// When it was said last that a request failed again.
    told: Mutex<Option<Instant>>,
}

impl Teller {
    /// Whether it is time to say so once more.
    fn is_time(&self) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = told.is_none_or(|told| told.elapsed() >= EVERY);
        if is_time {
            *told = Some(Instant::now());
        }
        is_time
    }
}

impl Subscriber for Teller {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event()
            && metadata.target().starts_with("signin_core")
            && *metadata.level() <= Grade::DEBUG
    }

    fn event(&self, event: &Event<'_>) {
        let mut request = Request::default();
        event.record(&mut request);
        if self.reporter.says(Level::Request) {
            self.reporter.note(Level::Request, &request.line());
        } else if request.failed_again() && self.is_time() {
            let line = request.line();
            self.reporter
                .info(&format!("{line}: it is tried again, for as long as --retry-for says"));
        }
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// What the client tells of one request.
#[derive(Debug, Default)]
struct Request {
    vendor: String,
    operation: String,
    failure: String,
    attempt: u64,
    status: u64,
    elapsed_ms: u64,
}

impl Request {
    fn failed_again(&self) -> bool {
        self.attempt > 1 && (!self.failure.is_empty() || self.status >= 400)
    }

    fn line(&self) -> String {
        let mut line = format!("{} {}: ", self.vendor, self.operation);
        // Writing into text cannot fail.
        let _ = if self.failure.is_empty() {
            write!(line, "{}", self.status)
        } else {
            write!(line, "{}", self.failure)
        };
        let _ = write!(line, ", {} ms", self.elapsed_ms);
        if self.attempt > 1 {
            let _ = write!(line, ", attempt {}", self.attempt);
        }
        line
    }
}

impl Visit for Request {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "vendor" => value.clone_into(&mut self.vendor),
            "operation" => value.clone_into(&mut self.operation),
            "failure" => value.clone_into(&mut self.failure),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "attempt" => self.attempt = value,
            "status" => self.status = value,
            "elapsed_ms" => self.elapsed_ms = value,
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_one_line_with_how_it_went() {
        let request = Request {
            vendor: "tines".to_owned(),
            operation: "audit_logs".to_owned(),
            attempt: 1,
            status: 200,
            elapsed_ms: 12,
            ..Request::default()
        };
        assert_eq!(request.line(), "tines audit_logs: 200, 12 ms");
        let passed = Request { attempt: 2, status: 200, ..Request::default() };
        let failed = Request { status: 503, ..Request::default() };
        assert!(!passed.failed_again() && !failed.failed_again(), "once is not again");
        let again = Request { attempt: 2, status: 0, failure: "no connection".into(), ..request };
        assert_eq!(again.line(), "tines audit_logs: no connection, 12 ms, attempt 2");
        assert!(again.failed_again());
    }
}
