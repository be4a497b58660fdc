//! `signin demo`: simulated services of all products, read like real ones.

pub(crate) mod args;
pub(crate) mod everyone;
#[cfg(test)]
mod tests;

use std::io;
use std::time::{Duration, Instant};

use signin_core::Error;
use signin_sim::Simulator;

use self::args::Demo;
use crate::reporting::reporter::Reporter;
use crate::reporting::summary::Summary;
use crate::reporting::terminal::Terminal;
use crate::run::collect::{Pager, Run, RunError, Stats};
use crate::run::exit::Exit;
use crate::run::reason::Reason;
use crate::vendors::Vendor;

/// A product's part of a run.
pub(crate) struct Part {
    vendor: Vendor,
    stats: Stats,
    elapsed: Duration,
    /// Whether the pager over its sign-ins came to its end.
    ended: bool,
}

/// What a run of all parts came to.
pub(crate) struct Outcome {
    pub(crate) stats: Stats,
    /// Records that were written.
    pub(crate) written: u64,
    pub(crate) exit: Exit,
    pub(crate) elapsed: Duration,
}

/// Reads everyone's sign-ins of each product, one product after the other, and gives what each came
/// to, those included that were not reached.
pub(crate) async fn run(args: &Demo, run: &mut Run<'_>) -> (Vec<Part>, Result<(), RunError>) {
    let vendors = args.vendors();
    let mut result = simulator(args, &vendors).await.map_err(RunError::Internal);
    let mut parts = Vec::new();
    for vendor in &vendors {
        let begun = Instant::now();
        if let Ok(simulator) = &result {
            let title = Some(vendor.profile().demo.1).filter(|_| vendors.len() > 1);
            title.into_iter().for_each(|title| run.sink.title(title));
            if let Err(stop) = vendor.demo(simulator, args, run).await {
                result = Err(stop);
            }
        }
        let stats = std::mem::take(&mut run.stats);
        let (elapsed, ended) = (begun.elapsed(), result.is_ok());
        parts.push(Part { vendor: *vendor, stats, elapsed, ended });
    }
    run.stats = Stats::sum(parts.iter().map(|part| &part.stats));
    (parts, result.map(drop))
}

/// The services of these products, without limits of requests: a demo of many pages would wait for
/// hours.
async fn simulator(args: &Demo, vendors: &[Vendor]) -> io::Result<Simulator> {
    let services = Simulator::builder().seed(args.seed);
    let services = vendors.iter().fold(services, |services, it| it.simulated(services, args));
    services.start().await
}

/// Reads a product's sign-ins by this pager.
pub(crate) async fn collect<S, W: Pager>(
    service: Option<&S>,
    args: &Demo,
    pager: fn(&S, &Demo) -> Result<W, Error>,
    run: &mut Run<'_>,
) -> Result<(), RunError> {
    let service = service.ok_or_else(|| {
        RunError::Internal(io::Error::other("a service was not simulated after all"))
    })?;
    run.collect(&mut pager(service, args).map_err(RunError::Client)?).await
}

impl Part {
    /// The part's own summary, of a run that wrote so many records of this part and those after
    /// it: they are written in the order in which they are taken in.
    fn summary(&self, left: &mut u64, run: Exit, reason: Option<Reason>) -> Summary<'_> {
        let written = self.stats.records.min(*left);
        *left -= written;
        let whole = self.ended && written == self.stats.records;
        let exit = if whole { self.stats.verdict() } else { run };
        let provenance = (self.vendor.name(), self.vendor.profile().demo.0);
        let mut summary = Summary::new(provenance, &self.stats, written, exit, self.elapsed);
        summary.reason = if whole { self.stats.why() } else { reason };
        summary
    }
}

impl Outcome {
    /// Sums up: each product, then all of them where there are several.
    pub(crate) fn say(
        &self,
        parts: &[Part],
        program: &str,
        terminal: Terminal,
        reporter: &mut Reporter,
    ) {
        let mut left = self.written;
        let mut closing = match parts {
            [part] => part.summary(&mut left, self.exit, self.stats.reason),
            parts => {
                for part in parts {
                    let summary = part.summary(&mut left, self.exit, self.stats.reason);
                    summary.say_of(part.vendor.product(), terminal, reporter);
                }
                let sources = parts.len();
                Summary::of_all(sources, &self.stats, self.written, self.exit, self.elapsed)
            }
        };
        let next = next(program, parts);
        let next: Vec<&str> = next.iter().map(String::as_str).collect();
        if self.exit == Exit::Complete && terminal.stderr {
            closing.hint = &next;
        }
        closing.say(terminal, reporter);
    }
}

/// What to do after a complete demo, with the program called as it was called.
fn next(program: &str, parts: &[Part]) -> Vec<String> {
    let demo = [
        format!("the records as NDJSON: {program} demo --format raw | head"),
        format!("more, into a file: {program} demo --events 100000 --per-page 500 > all.ndjson"),
    ];
    let real = parts.iter().map(|Part { vendor, .. }| {
        format!("real sign-ins of {}: {program} fetch {} --help", vendor.product(), vendor.name())
    });
    demo.into_iter().chain(real).collect()
}
