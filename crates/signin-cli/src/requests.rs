//! `--verbose`: a line for each request that the client tells of.

use std::fmt::{Debug, Write as _};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level as Grade, Metadata, Subscriber, subscriber};

use crate::notes::{Level, Notes};

/// Has each request said from now on, if messages about requests are.
pub(crate) fn tell(notes: &Notes) {
    if notes.says(Level::Request) {
        // Fails only where another one is set already: the program sets none.
        let _ = subscriber::set_global_default(Teller(notes.clone()));
    }
}

struct Teller(Notes);

impl Subscriber for Teller {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event()
            && metadata.target().starts_with("signin_core")
            && *metadata.level() <= Grade::DEBUG
    }

    fn event(&self, event: &Event<'_>) {
        let mut request = Request::default();
        event.record(&mut request);
        self.0.note(Level::Request, &request.line());
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
        let again = Request { attempt: 2, status: 0, failure: "no connection".into(), ..request };
        assert_eq!(again.line(), "tines audit_logs: no connection, 12 ms, attempt 2");
    }
}
