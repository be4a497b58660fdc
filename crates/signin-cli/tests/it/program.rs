//! Running the built program.

use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

pub(crate) fn signin(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signin"));
    command.args(arguments).stdin(Stdio::null());
    command
}

pub(crate) fn run(arguments: &[&str]) -> Output {
    signin(arguments).output().unwrap()
}

/// Runs the program with both outputs piped, to be read by the test.
pub(crate) fn start(arguments: &[&str]) -> Child {
    signin(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The last line of standard error.
pub(crate) fn summary(stderr: &[u8]) -> Value {
    let last = text(stderr).lines().last().expect("a summary");
    serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {last}"))
}
