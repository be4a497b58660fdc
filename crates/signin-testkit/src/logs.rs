//! What is logged on a thread: every field of every event and span at every level, by `tracing`,
//! and every line by `log`.

use std::cell::{Cell, RefCell};
use std::fmt::{Debug, Write};
use std::sync::Once;

use log::{LevelFilter, Log};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

thread_local! {
    static LINES: RefCell<String> = const { RefCell::new(String::new()) };
    static LISTENS: Cell<bool> = const { Cell::new(false) };
}

/// What this thread logs from now on, until this value is dropped.
#[derive(Debug)]
#[must_use = "dropped, it listens no more"]
pub struct Logs(());

impl Logs {
    /// Begins with nothing.
    pub fn start() -> Self {
        static EVERYWHERE: Once = Once::new();
        EVERYWHERE.call_once(|| {
            log::set_logger(&ThisThread).expect("no other logger");
            log::set_max_level(LevelFilter::Trace);
            // Of all threads: a place that is first passed on a thread without a subscriber is taken
            // for one that nobody listens to, on any thread.
            tracing::subscriber::set_global_default(ThisThread).expect("no other subscriber");
            tracing::callsite::rebuild_interest_cache();
        });
        LINES.with_borrow_mut(String::clear);
        LISTENS.set(true);
        Self(())
    }
}

impl Drop for Logs {
    fn drop(&mut self) {
        LISTENS.set(false);
    }
}

/// What this thread logged since [`Logs::start`].
pub fn logged() -> String {
    LINES.with_borrow(String::clone)
}

struct ThisThread;

/// Writing into text cannot fail.
fn note(line: std::fmt::Arguments<'_>) {
    if !LISTENS.get() {
        return;
    }
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
