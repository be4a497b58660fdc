//! The program `signin`: reads who signed in, and when, from identity products.

mod app;
mod args;
mod clock;
mod collect;
mod demo;
mod end;
mod exit;
mod file;
mod format;
mod interrupt;
mod sink;
mod summary;
mod terminal;
mod text;
mod tines;
mod writer;

use std::process::ExitCode;

fn main() -> ExitCode {
    app::main()
}
