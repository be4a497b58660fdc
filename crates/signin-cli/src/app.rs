//! The program from the command line to the exit code.

use std::io;
use std::process::ExitCode;
use std::time::Instant;

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _};

use crate::args::Outputs;
use crate::cli::{Cli, Command};
use crate::commands::convert::args::Convert;
use crate::commands::convert::{self, Conversion};
use crate::commands::demo;
use crate::commands::demo::args::Demo;
use crate::connection::secrets;
use crate::formats::Output;
use crate::outputs::lock::Lock;
use crate::outputs::sink::Sink;
use crate::reporting::reporter::Reporter;
use crate::reporting::requests;
use crate::reporting::summary::Summary;
use crate::reporting::terminal::Terminal;
use crate::run::collect::{Run, Stats};
use crate::run::end::{End, NotBegun};
use crate::run::exit::Exit;
use crate::run::interrupt::Interrupt;

pub(crate) fn main() -> ExitCode {
    let mut reporter = Reporter::new(io::stderr());
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if let Err(why) = secrets::refuse_on_command_line(arguments.iter().map(AsRef::as_ref)) {
        reporter.error(&why);
        return ExitCode::from(Exit::Usage.code());
    }
    let parsed = Cli::command().try_get_matches().and_then(|matches| {
        Ok((
            Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut Cli::command()))?,
            matches,
        ))
    });
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version included: if nobody can read them, there is nobody to tell.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            reporter.error(&format!("the program could not start: {error}"));
            return ExitCode::from(Exit::Internal.code());
        }
    };
    reporter.set(cli.logging);
    requests::tell(&reporter);
    let exit = runtime.block_on(async {
        match &cli.command {
            Command::Demo(args) => demo(args, &mut reporter).await,
            Command::Convert(args) => convert(args, &mut reporter).await,
            Command::Fetch(args) => args.service.fetch(innermost(&matches), &mut reporter).await,
        }
    });
    // A write that a stopped reader holds up must not hold up the end.
    runtime.shutdown_background();
    ExitCode::from(exit.code())
}

/// The options of the innermost command.
fn innermost(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, inner)| innermost(inner))
}

/// The program as it was called, so that what is advised runs where it was read.
fn program() -> String {
    let called = std::env::args_os().next();
    called.map_or_else(|| "signin".to_owned(), |name| name.to_string_lossy().into_owned())
}

async fn demo(args: &Demo, reporter: &mut Reporter) -> Exit {
    let begun = Instant::now();
    let terminal = Terminal::detect();
    let (mut sink, interrupt, _lock) = match open(&args.outputs, terminal, reporter) {
        Ok(opened) => opened,
        Err(not_begun) => {
            return refuse(&not_begun, reporter, |stats, reporter| {
                let sources = args.vendors().len();
                Summary::of_none(None, sources, stats, not_begun.exit).say(terminal, reporter);
            });
        }
    };
    let mut run = Run { sink: &mut sink, reporter, interrupt, stats: Stats::default() };
    let (parts, result) = demo::run(args, &mut run).await;
    let End::Said(exit) = run.end(result).await else { return Exit::Complete };
    let stats = std::mem::take(&mut run.stats);
    let all = demo::Outcome { stats, written: sink.written(), exit, elapsed: begun.elapsed() };
    all.say(&parts, &program(), terminal, reporter);
    exit
}

async fn convert(args: &Convert, reporter: &mut Reporter) -> Exit {
    let begun = Instant::now();
    let terminal = Terminal::detect();
    let format = args.outputs.format(terminal.stdout);
    let prepare = |format| Conversion::prepare(args, format, terminal.stdin);
    let conversion = match format.and_then(prepare) {
        Ok(conversion) => conversion,
        Err(line) => {
            reporter.error(&line);
            return Exit::Usage;
        }
    };
    let vendor = args.vendor.name();
    let (mut sink, interrupt, _lock) = match open(&args.outputs, terminal, reporter) {
        Ok(opened) => opened,
        Err(not_begun) => {
            return refuse(&not_begun, reporter, |stats, reporter| {
                let elapsed = begun.elapsed();
                convert::Summary::new(vendor, 0, stats, not_begun.exit, elapsed)
                    .say(terminal, reporter);
            });
        }
    };
    let mut run = Run { sink: &mut sink, reporter, interrupt, stats: Stats::default() };
    let result = conversion.run(&mut run).await;
    let End::Said(exit) = run.end(result).await else { return Exit::Complete };
    let (written, stats) = (run.sink.written(), &run.stats);
    let elapsed = begun.elapsed();
    convert::Summary::new(vendor, written, stats, exit, elapsed).say(terminal, reporter);
    exit
}

/// Locks and opens the outputs, then listens for signals.
fn open(
    outputs: &Outputs,
    terminal: Terminal,
    reporter: &Reporter,
) -> Result<(Sink, Interrupt, Option<Lock>), NotBegun> {
    let format = outputs.format(terminal.stdout)?;
    let output = Output::new(format, terminal.width, outputs.keep_raw);
    let lock = match outputs.file() {
        Some(file) => Lock::take("-o", file, reporter)?,
        None => None,
    };
    let sink = Sink::open(outputs, output);
    let sink = sink.map_err(|failed| NotBegun::of_file(failed.to_string(), &failed.error))?;
    let interrupt = Interrupt::listen().map_err(|error| NotBegun::deaf(&error))?;
    Ok((sink, interrupt, lock))
}

/// Says why a run did not begin, and sums it up where the same one may begin later.
fn refuse(
    not_begun: &NotBegun,
    reporter: &mut Reporter,
    sum_up: impl FnOnce(&Stats, &mut Reporter),
) -> Exit {
    reporter.error(&not_begun.line);
    if not_begun.exit == Exit::Incomplete {
        let stats = Stats { reason: Some(not_begun.reason), ..Stats::default() };
        sum_up(&stats, reporter);
    }
    not_begun.exit
}
