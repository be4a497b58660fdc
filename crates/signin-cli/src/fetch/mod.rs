//! `signin fetch`: reads a service's sign-ins.
//!
//! A vendor is a module of its own with a [`Reader`], a variant of [`Service`], and an arm in
//! [`run`].

mod avepoint;
mod covered;
mod each;
mod many;
mod msgraph;
mod network;
mod oauth;
mod pingone;
mod plan;
mod session;
mod ssojet;
mod state;
mod tines;
mod words;

use std::time::Instant;

use self::covered::Came;
use self::plan::Plan;
use self::session::{Journal, Resumable, Session};
use crate::args::{Common, Fetch, Format, Range, Service};
use crate::collect::{Run, Stop, Totals};
use crate::end::End;
use crate::exit::Exit;
use crate::format::Output;
use crate::interrupt::Interrupt;
use crate::notes::Notes;
use crate::sink::Sink;
use crate::summary::{Fetched, Summary};
use crate::terminal::Terminal;
use crate::whole_file;

pub(crate) use self::covered::Span;
pub(crate) use self::session::Reach;
pub(crate) use self::words::in_the_programs_words;

/// A vendor's options, which say what is read and how it is reached.
trait Reader {
    /// The vendor's name in envelopes and summaries.
    const VENDOR: &'static str;
    type Walk: Resumable;

    fn common(&self) -> &Common;

    /// The options that say what is read, beside the common ones: a checkpoint is of a run with
    /// the same.
    fn asked(&self) -> Vec<(&'static str, String)>;

    /// The walk that is asked for, from where the plan says.
    ///
    /// # Errors
    /// The option or variable to change, and how.
    fn open(&self, plan: &Plan<'_>) -> Result<Self::Walk, String>;
}

/// Reads what the command line asks for, and says how that went.
pub(crate) async fn run(args: &Fetch, notes: &mut Notes) -> Exit {
    let result = match &args.service {
        Service::Tines(args) => read(&**args, notes).await,
        Service::Avepoint(args) => read(&**args, notes).await,
        Service::Ssojet(args) => read(&**args, notes).await,
        Service::Pingone(args) => read(&**args, notes).await,
        Service::Msgraph(args) => read(&**args, notes).await,
    };
    result.unwrap_or_else(|why| {
        notes.error(&why);
        Exit::Usage
    })
}

/// Reads one vendor.
///
/// # Errors
/// What to change: nothing was read.
async fn read<R: Reader>(args: &R, notes: &Notes) -> Result<Exit, String> {
    let terminal = Terminal::detect();
    let format = args.common().outputs.format(terminal.stdout)?;
    let plan = Plan::new(R::VENDOR, args.common(), args.asked(), format, notes)?;
    let walk = args.open(&plan)?;
    fetch(R::VENDOR, plan, walk, format, terminal).await
}

/// Reads a walk to its end, or as far as it goes.
///
/// # Errors
/// An output that cannot be opened: nothing was read.
async fn fetch<W: Resumable>(
    vendor: &'static str,
    mut plan: Plan<'_>,
    walk: W,
    format: Format,
    terminal: Terminal,
) -> Result<Exit, String> {
    let begun = Instant::now();
    let (common, notes, began) = (plan.common, plan.notes, plan.began);
    let output = Output::new(format, terminal.width, common.outputs.keep_raw);
    let opened = match &plan.journal {
        Some(Journal { state, .. }) => {
            let good = state.written.unwrap_or_default();
            Sink::resume(&common.outputs, output, good, state.ended)
        }
        None => Sink::open(&common.outputs, output),
    };
    let mut sink = opened.map_err(|refused| plan.unopened(&refused))?;
    let interrupt =
        Interrupt::listen().map_err(|error| format!("signals cannot be listened for: {error}"))?;
    let resumed = plan.resume().is_some();
    // Rows and a line that is written over do not go together on one terminal.
    let rows = terminal.stdout && common.outputs.file().is_none();
    let shown = Terminal { stdout: rows, ..terminal };
    let mut session = Session::new(walk, plan.range, plan.journal.take(), shown, notes);
    session.begin()?;
    let mut notes = notes.clone();
    let totals = Totals::default();
    let mut run = Run { sink: &mut sink, notes: &mut notes, interrupt, totals };
    let result = match run.collect(&mut session).await {
        // What is kept now leads to a whole output, should the program die before it is renamed.
        Ok(()) => session.keep_end(run.sink).await.map_err(Stop::Output),
        stopped => stopped,
    };
    let finished = result.is_ok();
    let end = run.end(result).await;
    let totals = std::mem::take(&mut run.totals);
    let exit = match end {
        End::ReaderGone => {
            session.go_back();
            return Ok(Exit::Complete);
        }
        End::Said(exit) => session.close(&mut sink, finished, exit).await,
    };
    session.warn();
    let complete = matches!(exit, Exit::Complete | Exit::Rejected);
    let walk = &session.walk;
    // What the service does not keep is told of, and no reason to run again.
    let since = walk.kept_from().map_or(plan.range.since, |kept| kept.max(plan.range.since));
    let came = match walk.done_until() {
        _ if complete => Came::ToTheEnd,
        Some(done) => Came::UpTo(done),
        None if walk.is_newest_first() => Came::DownToTheOldest,
        None => Came::Somewhere,
    };
    let fetched = Fetched {
        way: walk.way(),
        reach: walk.reach(),
        asked: Span::of(plan.range),
        covered: session.seen.covered.span(Range { since, ..plan.range }, began, came),
        filtered: session.seen.filtered + walk.report().filtered,
        resumed,
    };
    let endpoint = session.endpoint();
    let mut summary =
        Summary::new((vendor, endpoint), &totals, sink.written(), exit, begun.elapsed());
    summary.fetched = Some(fetched);
    let hint = session.hint(exit);
    let hint: Vec<&str> = hint.iter().map(String::as_str).collect();
    summary.hint = if hint.is_empty() { summary.hint } else { &hint };
    let saved =
        common.summary.as_ref().map(|path| (path, whole_file::write(path, &summary.line())));
    let exit = match saved {
        Some((path, Err(error))) => {
            notes.error(&format!("--summary {} cannot be written: {error}", path.display()));
            if complete { Exit::Incomplete } else { exit }
        }
        _ => exit,
    };
    summary.say(terminal, &mut notes);
    Ok(exit)
}
