//! `signin fetch`: reads a service's sign-ins.
//!
//! What each vendor has of it is in its folder, see [`crate::vendors`]: a [`FetchCommand`] for each pager that
//! it has.

pub(crate) mod args;
pub(crate) mod asked;
pub(crate) mod command;
pub(crate) mod coverage;
pub(crate) mod every_list;
pub(crate) mod failures;
pub(crate) mod named_lists;
pub(crate) mod plan;
pub(crate) mod session;
pub(crate) mod times;

use std::time::Instant;

use clap::ArgMatches;
use time::Duration;

use self::args::Common;
use self::coverage::{Coverage, Reached};
use self::plan::Plan;
use self::session::{Fresh, Journal, Resumable, Session};
use crate::args::{Format, Range, When};
use crate::formats::Output;
use crate::formats::event::Gives;
use crate::outputs::atomic_file;
use crate::outputs::sink::Sink;
use crate::reporting::reporter::Reporter;
use crate::reporting::summary::{Fetched, Summary};
use crate::reporting::terminal::Terminal;
use crate::run::collect::{Run, RunError, Stats};
use crate::run::end::{End, NotBegun};
use crate::run::exit::Exit;
use crate::run::interrupt::Interrupt;

pub(crate) use self::coverage::Span;
pub(crate) use self::session::Reach;

/// A vendor's options, which say what is read and how it is reached.
pub(crate) trait FetchCommand {
    /// The vendor's name in envelopes and summaries.
    const VENDOR: &'static str;
    /// What events its records give.
    const GIVES: Gives = Gives::SignIns;
    /// How late its records may come. Nobody documents it: where nothing is known, this is assumed.
    const LATENESS: Duration = Duration::minutes(2);
    type Client;
    type Pager: Resumable;

    fn common(&self) -> &Common;

    /// From when on is read where no `--since` is given; None where one must be.
    fn since(&self) -> Option<When> {
        None
    }

    /// The options that say what is read, beside the common ones, of those that were typed: a
    /// checkpoint is of a run with the same. None where there are no checkpoints.
    fn asked(&self, _matches: &ArgMatches) -> Vec<(String, String)> {
        Vec::new()
    }

    /// The client of the service, once for a run: it keeps limits and tokens.
    ///
    /// # Errors
    /// The option or variable to change, and how.
    fn connect(&self, plan: &Plan<'_>) -> Result<Self::Client, String>;

    /// The pager that is asked for, from where the plan says.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    fn open(&self, plan: &Plan<'_>, client: &Self::Client) -> Result<Self::Pager, String>;
}

/// Reads one vendor.
pub(crate) async fn read<R: FetchCommand>(
    args: &R,
    matches: &ArgMatches,
    reporter: &mut Reporter,
) -> Exit {
    let terminal = Terminal::detect();
    match begin(args, matches, terminal, reporter).await {
        Ok(exit) => exit,
        Err(NotBegun { line, exit, reason }) => {
            reporter.error(&line);
            // A command line that cannot be has nothing to be summed up.
            if exit == Exit::Incomplete {
                let stats = Stats { reason: Some(reason), ..Stats::default() };
                let summary = Summary::of_none(Some(R::VENDOR), 1, &stats, exit);
                save(&summary, args.common(), reporter);
                summary.say(terminal, reporter);
            }
            exit
        }
    }
}

/// Writes the summary where it was asked for: true unless that failed.
fn save(summary: &Summary<'_>, common: &Common, reporter: &Reporter) -> bool {
    let Some(path) = &common.summary else { return true };
    let saved = atomic_file::write(path, &summary.line());
    if let Err(error) = &saved {
        reporter.error(&format!("--summary {} cannot be written: {error}", path.display()));
    }
    saved.is_ok()
}

/// Opens what is read and what is written, then reads.
///
/// # Errors
/// What to change: nothing was read.
async fn begin<R: FetchCommand>(
    args: &R,
    matches: &ArgMatches,
    terminal: Terminal,
    reporter: &Reporter,
) -> Result<Exit, NotBegun> {
    let format = args.common().outputs.format(terminal.stdout)?;
    if let Some(refusal) = R::GIVES.refusal(format) {
        let line = format!("--format {}: the records {refusal}", format.name());
        return Err(line.into());
    }
    let (common, since) = (args.common(), args.since());
    let asked = args.asked(matches);
    let plan = Plan::new(R::VENDOR, common, since.as_ref(), asked, format, reporter)?;
    let client = args.connect(&plan)?;
    fetch(args, &client, plan, format, terminal).await
}

/// Reads a pager to its end, or as far as it goes.
///
/// # Errors
/// What to change, an output that cannot be opened say: nothing was read.
async fn fetch<R: FetchCommand>(
    args: &R,
    client: &R::Client,
    mut plan: Plan<'_>,
    format: Format,
    terminal: Terminal,
) -> Result<Exit, NotBegun> {
    let begun = Instant::now();
    let pager = args.open(&plan, client)?;
    let (common, reporter) = (plan.common, plan.reporter);
    let output = Output::new(format, terminal.width, common.outputs.keep_raw);
    let opened = match &plan.journal {
        Some(Journal { state, .. }) => Sink::resume(&common.outputs, output, &state.good()),
        None => Sink::open(&common.outputs, output),
    };
    let mut sink =
        opened.map_err(|refused| NotBegun::of_file(plan.unopened(&refused), &refused.error))?;
    let interrupt = Interrupt::listen().map_err(|error| NotBegun::deaf(&error))?;
    let resumed = plan.resume().is_some();
    // Rows and a line that is written over do not go together on one terminal.
    let rows = terminal.stdout && common.outputs.file().is_none();
    let shown = Terminal { stdout: rows, ..terminal };
    let (times, journal) = (plan.times(R::LATENESS), plan.journal.take());
    let anew = || {
        let plan = plan.by_the_services_clock()?;
        let (range, began) = (plan.range, plan.began);
        Some(args.open(&plan, client).map(|pager| Fresh { pager, range, began }))
    };
    let mut session = Session::new(pager, (&plan, times), journal, shown, Box::new(anew));
    session.begin().inspect_err(|_| {
        if !resumed {
            sink.abandon();
        }
    })?;
    let mut reporter = reporter.clone();
    let stats = session.earlier();
    let mut run = Run { sink: &mut sink, reporter: &mut reporter, interrupt, stats };
    let result = match run.collect(&mut session).await {
        // What is kept now leads to a whole output, should the program die before it is renamed.
        Ok(()) => {
            if let Coverage::Named(missing) = session.pager.coverage() {
                run.stats.missing = u64::try_from(missing.len()).unwrap_or(u64::MAX);
            }
            run.stats.none_read = !session.pager.any_read();
            run.stats.unread = session.unread_since().is_some();
            session.keep_end(run.sink).await.map_err(RunError::Output)
        }
        stopped => stopped,
    };
    let finished = result.is_ok();
    let end = run.end(result).await;
    let stats = std::mem::take(&mut run.stats);
    let exit = match end {
        End::ReaderGone => {
            session.go_back();
            return Ok(Exit::Complete);
        }
        End::Said(exit) => exit,
    };
    session.close(&mut sink, finished, &stats).await;
    session.warn();
    let mut fetched = fetched(&session, common, exit, resumed);
    let unread = session.unread_since().filter(|_| stats.unread);
    fetched.unread = unread.map(|since| Span::of(Range { since, until: None }));
    let endpoint = session.endpoint();
    let mut summary =
        Summary::new((R::VENDOR, endpoint), &stats, sink.written(), exit, begun.elapsed());
    summary.fetched = Some(fetched);
    let hint = match unread {
        Some(since) => vec![session.next_command(since, common.outputs.file())],
        None => session.hint(exit, &stats),
    };
    let hint: Vec<&str> = hint.iter().map(String::as_str).collect();
    summary.hint = if hint.is_empty() { summary.hint } else { &hint };
    let saved = save(&summary, common, &reporter);
    let exit = match exit {
        Exit::Complete | Exit::Rejected if !saved => Exit::Incomplete,
        exit => exit,
    };
    summary.say(terminal, &mut reporter);
    Ok(exit)
}

/// What a pager came to, as the summary tells it.
fn fetched<W: Resumable>(
    session: &Session<'_, W>,
    common: &Common,
    exit: Exit,
    resumed: bool,
) -> Fetched {
    let (pager, times) = (&session.pager, &session.times);
    // What the service does not keep is reported, and no reason to run again.
    let since = pager.kept_from().map_or(times.range.since, |kept| kept.max(times.range.since));
    let came = match pager.done_until() {
        _ if matches!(exit, Exit::Complete | Exit::Rejected | Exit::Unread) => Reached::ToTheEnd,
        // Anything may be missing anywhere.
        _ if exit == Exit::Doubtful => Reached::Somewhere,
        Some(done) => Reached::UpTo(done),
        None if pager.is_newest_first() => Reached::DownToTheOldest,
        None => Reached::Somewhere,
    };
    let (covered, missing) = match pager.coverage() {
        Coverage::Times => {
            let missing = Some(session.missing()).filter(|missing| !missing.is_empty());
            (session.seen.covered.span(since, times.read_until(), came), missing)
        }
        Coverage::Part(part) => {
            (part.and_then(|part| Span::before(part, times.read_until())), None)
        }
        Coverage::Named(missing) => (None, Some(missing)),
    };
    let is_named = matches!(pager.coverage(), Coverage::Named(_));
    let has_range = !is_named || common.is_ranged();
    let is_late = !is_named && times.range.until.is_none();
    Fetched {
        way: pager.way(),
        reach: pager.reach(),
        asked: has_range.then(|| Span::of(times.range)),
        covered,
        lateness_seconds: is_late.then(|| times.lateness.whole_seconds()),
        clock_skew_seconds: times::skew(&session.clock).map(Duration::whole_seconds),
        unread: None,
        missing,
        filtered: session.seen.filtered + pager.report().filtered,
        resumed,
    }
}
