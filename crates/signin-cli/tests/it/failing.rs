//! A program that cannot work itself.

use std::process::Command;

use crate::program::text;

/// Each number lets the program come a little further: to its runtime, to its signals.
#[test]
fn a_program_that_cannot_work_is_exit_1_and_one_line_that_says_so() {
    for files in 5..9 {
        let script = format!("ulimit -n {files}; exec \"$0\" demo --events 5");
        let mut command = Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_signin")]).env_remove("RUST_BACKTRACE");
        let output = command.output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{files}: {stderr}");
        assert_eq!(text(&output.stdout), "");
        let first = stderr.lines().next().unwrap();
        assert!(first.starts_with("error: ") && !stderr.contains("panicked"), "{files}: {stderr}");
    }
}
