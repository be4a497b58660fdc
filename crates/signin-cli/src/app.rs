//! The program from the command line to the exit code.

use std::io;
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser as _;

use crate::args::{Cli, Command, Demo};
use crate::collect::{Run, Totals};
use crate::demo;
use crate::end::End;
use crate::exit::Exit;
use crate::format::Output;
use crate::interrupt::Interrupt;
use crate::sink::Sink;
use crate::summary::Summary;
use crate::terminal::{Notes, Terminal};

pub(crate) fn main() -> ExitCode {
    let mut notes = Notes::new(io::stderr());
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version included: if nobody can read them, there is nobody to tell.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            notes.say(&format!("error: the program could not start: {error}"));
            return ExitCode::from(Exit::Internal.code());
        }
    };
    let Command::Demo(args) = &cli.command;
    let exit = runtime.block_on(demo(args, &mut notes));
    // A write that a stopped reader holds up must not hold up the end.
    runtime.shutdown_background();
    ExitCode::from(exit.code())
}

/// The program as it was called, so that what is advised runs where it was read.
fn program() -> String {
    let called = std::env::args_os().next();
    called.map_or_else(|| "signin".to_owned(), |name| name.to_string_lossy().into_owned())
}

async fn demo(args: &Demo, notes: &mut Notes) -> Exit {
    let begun = Instant::now();
    let terminal = Terminal::detect();
    let output = Output::new(args.outputs.format(terminal.stdout), terminal.width);
    let mut sink = match Sink::open(&args.outputs, output) {
        Ok(sink) => sink,
        Err(refused) => {
            notes.say(&format!("error: {refused}"));
            return Exit::Usage;
        }
    };
    let interrupt = match Interrupt::listen() {
        Ok(interrupt) => interrupt,
        Err(error) => {
            notes.say(&format!("error: signals cannot be listened for: {error}"));
            return Exit::Internal;
        }
    };
    let mut run = Run { sink: &mut sink, notes, interrupt, totals: Totals::default() };
    let result = demo::run(args, &mut run).await;
    let End::Said(exit) = run.end(result).await else { return Exit::Complete };
    let totals = std::mem::take(&mut run.totals);
    let mut summary = Summary::new(demo::SOURCE, &totals, sink.written(), exit, begun.elapsed());
    let next = demo::next(&program());
    let next = next.each_ref().map(String::as_str);
    if exit == Exit::Complete && terminal.stderr {
        summary.hint = &next;
    }
    summary.say(terminal, notes);
    exit
}
