//! The program `signin`: reads who signed in, and when, from identity products.

mod app;
mod args;
mod avepoint;
mod clock;
mod collect;
mod convert;
mod demo;
mod end;
mod environment;
mod exit;
mod fetch;
mod file;
mod format;
mod interrupt;
mod msgraph;
mod notes;
mod pingone;
mod proxy;
mod requests;
mod secrets;
mod sink;
mod ssojet;
mod summary;
mod terminal;
mod text;
mod tines;
mod vendor;
mod whole_file;
mod writer;

use std::process::ExitCode;

fn main() -> ExitCode {
    app::main()
}
