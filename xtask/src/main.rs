//! House tools of the workspace: `cargo xtask <task>`.

mod tidy;

use std::io::{Write, stderr};
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <task>

  tidy    checks the house rules that no compiler knows";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["tidy"] => report(&tidy::check(root())),
        _ => {
            say(USAGE);
            ExitCode::from(2)
        }
    }
}

/// The workspace's folder.
fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

fn report(findings: &[String]) -> ExitCode {
    for finding in findings {
        say(finding);
    }
    if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Writes a line for people. If even that fails, the exit code still tells.
fn say(line: &str) {
    let _ = writeln!(stderr(), "{line}");
}
