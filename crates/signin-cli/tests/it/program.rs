//! Running the built program.

use std::io::Write as _;
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

/// Runs the program with these bytes as its standard input.
pub(crate) fn feed(arguments: &[&str], input: impl Into<Vec<u8>>) -> Output {
    let input = input.into();
    let mut command = signin(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // A program that ends before it has read everything closes the pipe.
    let writer = std::thread::spawn(move || drop(pipe.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// What a run wrote, which was complete.
pub(crate) fn complete(output: &Output) -> &str {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout)
}

pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// All lines of standard error, where they are summaries only.
pub(crate) fn summaries(stderr: &[u8]) -> Vec<Value> {
    text(stderr).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The last line of standard error.
pub(crate) fn summary(stderr: &[u8]) -> Value {
    let last = text(stderr).lines().last().expect("a summary");
    serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {last}"))
}

/// Runs the same fetch until it is complete, and gives all that came out.
pub(crate) fn again_and_again(command: impl Fn() -> Command) -> Vec<String> {
    let mut all = Vec::new();
    for broken in 0..200 {
        let output = command().output().unwrap();
        all.extend(crate::tenant::lines(&output.stdout));
        if output.status.success() {
            assert!(broken > 3, "it failed now and then");
            assert_eq!(summary(&output.stderr).get("resumed"), Some(&true.into()));
            return all;
        }
        let code = output.status.code();
        assert!(matches!(code, Some(2 | 5)), "{}", text(&output.stderr));
    }
    panic!("it never ended");
}
