//! What is logged on a thread: every field of every event and span at every level, by `tracing`,
//! and every line by `log`.

use std::cell::RefCell;
use std::fmt::{Debug, Write};

use log::{LevelFilter, Log};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Metadata, Subscriber};

thread_local! {
    static LINES: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What this thread logs from now on, until this value is dropped.
#[derive(Debug)]
pub struct Logs {
    _subscriber: DefaultGuard,
}

impl Logs {
    /// Begins with nothing.
    pub fn start() -> Self {
        LINES.with_borrow_mut(String::clear);
        // Fails where it is set already.
        let _ = log::set_logger(&ThisThread);
        log::set_max_level(LevelFilter::Trace);
        Self { _subscriber: tracing::subscriber::set_default(ThisThread) }
    }
}

/// What this thread logged since [`Logs::start`].
pub fn logged() -> String {
    LINES.with_borrow(String::clone)
}

struct ThisThread;

/// Writing into text cannot fail.
fn note(line: std::fmt::Arguments<'_>) {
    LINES.with_borrow_mut(|lines| {
        let _ = lines.write_fmt(line);
    });
}

impl Visit for ThisThread {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        note(format_args!("{field}={value:?} "));
    }
}

impl Subscriber for ThisThread {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Self);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Self);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Self);
        note(format_args!("\n"));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

impl Log for ThisThread {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        note(format_args!("{}\n", record.args()));
    }

    fn flush(&self) {}
}
