//! `signin fetch`: reads a service's sign-ins.
//!
//! A vendor is a module of its own with `asked` and `open`, a variant of
//! [`Service`], and an arm in [`run`].

mod covered;
mod each_user;
mod network;
mod plan;
mod session;
mod state;
mod tines;
mod words;

use std::time::Instant;

use self::plan::Plan;
use self::session::{Journal, Resumable, Session};
use crate::args::{Fetch, Service};
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
pub(crate) use self::words::in_the_programs_words;

/// Reads what the command line asks for, and says how that went.
pub(crate) async fn run(args: &Fetch, notes: &mut Notes) -> Exit {
    let terminal = Terminal::detect();
    let result = match &args.service {
        Service::Tines(args) => {
            let vendor = crate::tines::VENDOR;
            let format = args.common.outputs.format(terminal.stdout);
            let own = tines::asked(args);
            match Plan::new(vendor, &args.common, own, format, notes) {
                Ok(plan) => match tines::open(args, &plan) {
                    Ok(walk) => fetch(vendor, plan, walk, terminal).await,
                    Err(why) => Err(why),
                },
                Err(why) => Err(why),
            }
        }
    };
    result.unwrap_or_else(|why| {
        notes.error(&why);
        Exit::Usage
    })
}

/// Reads a walk to its end, or as far as it goes.
///
/// # Errors
/// An output that cannot be opened: nothing was read.
async fn fetch<W: Resumable>(
    vendor: &'static str,
    mut plan: Plan<'_>,
    walk: W,
    terminal: Terminal,
) -> Result<Exit, String> {
    let begun = Instant::now();
    let (common, notes, began) = (plan.common, plan.notes, plan.began);
    let output = Output::new(common.outputs.format(terminal.stdout), terminal.width);
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
    let one_list = session.walk.is_newest_first();
    let fetched = Fetched {
        way: session.walk.way(),
        asked: Span::of(plan.range),
        covered: session.seen.covered.span(plan.range, began, complete, one_list),
        filtered: session.seen.filtered,
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
