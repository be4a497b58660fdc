//! `signin convert` with readers that go away, full disks, signals, and much to read.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::folder::Folder;
use crate::program::{signin, summary, text};

const LINE: &str = "{\"created_at\":\"2026-03-02T09:30:00Z\",\"id\":1,\"user_id\":72,\
    \"ip\":\"192.0.2.1\",\"user_agent\":\"curl/8.11.0\"}\n";

/// The program, to be fed by the test.
fn begun(arguments: &[&str]) -> (Child, ChildStdin) {
    let mut command = signin(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let pipe = child.stdin.take().unwrap();
    (child, pipe)
}

fn stderr(child: &mut Child) -> String {
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    said
}

#[test]
fn a_record_comes_out_before_the_next_one_is_there() {
    let (mut child, mut pipe) = begun(&["convert", "tines", "--format", "raw"]);
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        pipe.write_all(LINE.as_bytes()).unwrap();
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        assert_eq!(line, LINE);
    }
    drop(pipe);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let (mut child, mut pipe) = begun(&["convert", "tines", "--format", "raw"]);
    drop(child.stdout.take());
    while pipe.write_all(LINE.as_bytes()).is_ok() {}
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(stderr(&mut child), "");
}

#[test]
fn a_signal_ends_a_run_that_waits_for_input() {
    let folder = Folder::new();
    let place = folder.path("out.ndjson");
    for (name, code) in [("-INT", 130), ("-TERM", 143)] {
        let arguments =
            ["convert", "tines", "--format", "raw", "-o", &place, "--rejected", "/dev/stdout"];
        let (mut child, mut pipe) = begun(&arguments);
        // What is rejected is seen at once: so the lines before were read.
        pipe.write_all(LINE.repeat(10).as_bytes()).unwrap();
        pipe.write_all(b"nonsense\n").unwrap();
        let mut rejected = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut rejected).unwrap();
        assert!(rejected.contains("\"text\":\"nonsense\""), "{rejected}");
        let pid = child.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert_eq!(summary(stderr(&mut child).as_bytes())["state"], "interrupted");
        assert_eq!(folder.names(), [""; 0], "nothing half-written, and no temporary file");
    }
}

/// Lines that are all rejected: nothing is written and nothing is waited for.
#[test]
fn a_signal_ends_a_run_that_has_much_at_hand() {
    let folder = Folder::new();
    // Held as one value that may yet become whole, then taken apart line by line.
    let input = folder.write("in", format!("{{}}\n{}}}\n", "[\n".repeat(2_000_000)));
    let mut command = signin(&["convert", "tines", "--format", "raw", &input]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut reader = BufReader::new(child.stderr.take().unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    assert!(first.starts_with("rejected: "), "{first}");
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let said: Vec<_> = reader.lines().map(Result::unwrap).collect();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(said.len() < 1_900_000, "{}", said.len());
}

#[test]
fn a_run_that_fails_leaves_the_file_as_it_was() {
    let folder = Folder::new();
    let place = folder.write("out.ndjson", "as it was");
    let (mut child, mut pipe) = begun(&["convert", "tines", "--format", "raw", "-o", &place]);
    pipe.write_all(LINE.repeat(1000).as_bytes()).unwrap();
    pipe.write_all(b"{\"v\":2,\"vendor\":\"tines\",\"record\":{}}\n").unwrap();
    drop(pipe);
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert_eq!((folder.read("out.ndjson").as_str(), folder.names().len()), ("as it was", 1));
}

#[test]
#[cfg(target_os = "linux")]
fn an_output_that_is_full_is_one_error_line_and_exit_4() {
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let folder = Folder::new();
    let input = folder.write("in.ndjson", LINE);
    let bad = folder.write("bad.ndjson", format!("{LINE}nonsense\n"));
    let to_stdout = signin(&["convert", "tines", &input]).stdout(full()).output().unwrap();
    let to_file = signin(&["convert", "tines", &input, "-o", "/dev/full"]).output().unwrap();
    let rejected = signin(&["convert", "tines", &bad, "--rejected", "/dev/full"]).output().unwrap();
    for (output, name) in
        [(to_stdout, "standard output"), (to_file, "/dev/full"), (rejected, "/dev/full")]
    {
        assert_eq!(output.status.code(), Some(4), "{name}");
        let lines: Vec<_> = text(&output.stderr).lines().collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
        let expected = format!("error: {name} cannot be written: No space left on device");
        assert!(lines[0].starts_with(&expected), "{lines:?}");
        assert_eq!(summary(&output.stderr)["state"], "incomplete");
    }
}

/// The most memory that a conversion used, in KiB, once all but the last of its lines were read.
#[cfg(target_os = "linux")]
fn memory(format: &str, line: &str, lines: usize) -> u64 {
    memory_of(format, "", line, "", lines)
}

/// As [`memory`], with something before the lines, a record if anything, and after them.
#[cfg(target_os = "linux")]
fn memory_of(format: &str, begin: &str, line: &str, end: &str, lines: usize) -> u64 {
    let (mut child, mut pipe) = begun(&["convert", "tines", "--format", format]);
    let out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || BufReader::new(out).lines().count());
    pipe.write_all(begin.as_bytes()).unwrap();
    let block = line.repeat(100);
    for _ in 0..lines / 100 {
        pipe.write_all(block.as_bytes()).unwrap();
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    pipe.write_all(end.as_bytes()).unwrap();
    drop(pipe);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(reader.join().unwrap(), lines + usize::from(!begin.is_empty()));
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn p7_memory_is_flat() {
    let envelope = format!("{{\"v\":1,\"vendor\":\"tines\",\"record\":{}}}\n", LINE.trim_end());
    for (format, line, lines) in [("raw", LINE, 100_000), ("typed", &envelope, 20_000)] {
        let (few, many) = (memory(format, line, 1_000), memory(format, line, lines));
        assert!(many * 2 <= few * 3, "{few} KiB for 1,000 lines, {many} KiB for {lines}");
    }
}

/// A list of any length, and a page's, over many lines or on one.
#[test]
#[cfg(target_os = "linux")]
fn p7_a_list_takes_no_more_memory_than_its_records_one_a_line() {
    let lines = |begin: &str, end: &str, count| {
        let record = format!(",{LINE}");
        memory_of("raw", &[begin, "{\"id\":0}"].concat(), &record, end, count)
    };
    let few = memory("raw", LINE, 1_000);
    for (begin, end) in [("[", "]"), ("{\"audit_logs\":[", "],\"meta\":{}}")] {
        let many = lines(begin, end, 100_000);
        assert!(many * 2 <= few * 3, "{few} KiB for 1,000 lines, {many} KiB for {begin}");
    }
}

/// A value beyond the cap, on one line, from a pipe: refused, not held.
#[test]
#[cfg(target_os = "linux")]
fn p7_a_line_beyond_the_cap_is_a_clear_error() {
    for (before, code, place) in [(LINE, 4, "line 2"), ("", 2, "line 1")] {
        let (mut child, mut pipe) = begun(&["convert", "tines", "--format", "raw"]);
        pipe.write_all(before.as_bytes()).unwrap();
        pipe.write_all(b"{\"ip\":\"").unwrap();
        let block = "x".repeat(1024 * 1024);
        let taken = (0..200).take_while(|_| pipe.write_all(block.as_bytes()).is_ok()).count();
        drop(pipe);
        assert_eq!(child.wait().unwrap().code(), Some(code));
        assert!((63..=66).contains(&taken), "{taken} MiB");
        let said = stderr(&mut child);
        let expected = format!(
            "error: standard input: {place}: a value of more than 64 MiB begins here; give its \
             records one a line"
        );
        assert!(said.starts_with(&expected), "{said}");
    }
}
