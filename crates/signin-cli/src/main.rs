//! The program `signin`: reads who signed in, and when, from identity products.

mod app;
mod args;
mod cli;
mod clock;
mod commands;
mod connection;
mod formats;
mod outputs;
mod reporting;
mod run;
mod state;
mod vendors;

use std::env;
use std::io::{self, Write as _};
use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;

use crate::run::exit::Exit;

fn main() -> ExitCode {
    if env::var_os("RUST_BACKTRACE").is_none() {
        panic::set_hook(Box::new(say_where));
    }
    panic::catch_unwind(app::main).unwrap_or_else(|_| ExitCode::from(Exit::Internal.code()))
}

/// A bug is told by its place: the words of a panic may quote data.
fn say_where(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(|place| format!(" at {}:{}", place.file(), place.line()));
    let place = place.unwrap_or_default();
    // If nobody can read it, there is nobody to tell.
    let _ = writeln!(
        io::stderr(),
        "error: the program failed{place}; what was written is good; please report it, with what \
         RUST_BACKTRACE=1 shows"
    );
}
