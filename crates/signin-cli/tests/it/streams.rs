//! Readers that go away, outputs that are full, signals, and memory.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command};

use crate::program::{run, signin, start, summaries, summary, text};

/// More than any test waits for: what ends early ended because it was told to.
const ENDLESS: &[&str] = &["demo", "--format", "raw", "--events", "1000000000"];

/// Starts an endless demo and reads its first record.
fn started() -> (Child, BufReader<ChildStdout>, String) {
    let mut child = start(ENDLESS);
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    (child, reader, first)
}

fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
}

fn stderr(child: &mut Child) -> Vec<u8> {
    let mut bytes = Vec::new();
    child.stderr.take().unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let (mut child, reader, first) = started();
    assert!(first.starts_with("{\"created_at\":"), "{first}");
    drop(reader);
    assert_eq!(text(&stderr(&mut child)), "");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_reader_that_stops_reading_does_not_keep_a_signal_from_ending_the_run() {
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        let (mut child, reader, _) = started();
        signal(&child, name);
        assert_eq!(child.wait().unwrap().code(), Some(code));
        let stderr = stderr(&mut child);
        assert_eq!(summary(&stderr)["state"], "interrupted");
        let summaries = summaries(&stderr);
        assert_eq!(summaries.len(), 6, "of each product and of all");
        assert!(summaries.iter().all(|summary| summary["state"] == "interrupted"));
        drop(reader);
    }
}

#[test]
fn an_interrupted_run_gives_whole_lines_and_counts_them() {
    let (mut child, mut reader, first) = started();
    signal(&child, "-INT");
    let mut rest = String::new();
    reader.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let all = first + &rest;
    assert!(all.ends_with("}\n"));
    assert_eq!(summary(&stderr(&mut child))["records"], all.lines().count());
}

#[test]
#[cfg(target_os = "linux")]
fn an_output_that_is_full_is_one_error_line_and_exit_4() {
    for format in ["raw", "table", "envelope", "typed"] {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = signin(&["demo", "--format", format]).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(4));
        let lines: Vec<_> = text(&output.stderr).lines().collect();
        assert_eq!(lines.len(), 7, "an error and the summaries: {lines:?}");
        assert!(lines[0].starts_with("error: standard output cannot be written: "), "{lines:?}");
        let summary = summary(&output.stderr);
        assert_eq!((&summary["state"], &summary["records"]), (&"incomplete".into(), &0.into()));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn nobody_who_listens_on_standard_error_is_no_reason_to_fail() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = signin(&["demo", "--format", "raw"]).stderr(full).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout, run(&["demo", "--format", "raw"]).stdout);
}

/// The most memory that a demo of all products used, in KiB, once most of its records were read. It
/// cannot have ended then: what is left is more than the pipe and the program's own chunks hold.
#[cfg(target_os = "linux")]
fn memory(events: usize, lines: usize) -> u64 {
    let each = events.to_string();
    let mut child = start(&["demo", "--format", "raw", "--per-page", "200", "--events", &each]);
    let mut reader = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(reader.by_ref().take(lines).map(Result::unwrap).count(), lines);
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    assert_eq!(reader.map(Result::unwrap).count(), 5 * events - lines);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn memory_is_flat() {
    let (few, many) = (memory(400, 1_800), memory(8_000, 38_000));
    assert!(many * 2 <= few * 3, "{few} KiB for 2,000 events, {many} KiB for 40,000");
}
