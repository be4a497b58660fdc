//! What `signin convert` takes, and what it says of what it cannot take.

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::program::{complete, feed, run, signin, summary, text};

const ONE: &str = "{\"id\":1,\"ip\":\"192.0.2.1\"}";
const TWO: &str = "{\"id\":2,\"ip\":\"192.0.2.2\"}";
const RAW: &[&str] = &["convert", "tines", "--format", "raw"];

#[test]
fn every_form_of_input_gives_the_same_records() {
    let page = format!("{{\"admin/login_activities\":[{ONE},{TWO}],\"meta\":{{}}}}");
    let value: Value = serde_json::from_str(&page).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    let expected = format!("{ONE}\n{TWO}\n");
    let envelopes = feed(&["convert", "tines"], page.clone()).stdout;
    let envelope_list = format!("[{}]", text(&envelopes).trim().replace('\n', ",\n"));
    for input in [
        expected.clone(),
        expected.replace('\n', "\r\n\r\n"),
        format!("\u{feff}{ONE}\r\n{TWO}"),
        format!("[{ONE},{TWO}]"),
        format!("[\n  {ONE},\n  {TWO}\n]\n"),
        page.clone(),
        format!("[{page}]"),
        text(&envelopes).to_owned(),
        envelope_list,
    ] {
        assert_eq!(complete(&feed(RAW, input.clone())), expected, "{input}");
    }
    // Over many lines a record keeps all but its line breaks.
    for input in [&pretty, &format!("{pretty}\n{pretty}\n")] {
        let output = feed(&["convert", "tines", "--format", "typed"], input.as_str());
        let lines = complete(&output);
        assert_eq!(lines, expected.repeat(lines.lines().count() / 2));
        assert!(lines.starts_with(&expected), "{lines}");
    }
    let one = serde_json::to_string_pretty(&json!({"id": 1, "ip": "192.0.2.1"})).unwrap();
    assert_eq!(complete(&feed(RAW, one.as_str())), one.replace('\n', "") + "\n");
}

#[test]
fn a_file_standard_input_and_a_dash_are_read_alike() {
    let folder = Folder::new();
    let file = folder.write("in.json", ONE);
    let expected = format!("{ONE}\n");
    assert_eq!(complete(&run(&[RAW, &[&file]].concat())), expected);
    assert_eq!(complete(&feed(&[RAW, &["-"]].concat(), ONE)), expected);
    assert_eq!(complete(&feed(RAW, ONE)), expected);
    // In its own place: the file is read to its end before it is replaced.
    complete(&run(&["convert", "tines", &file, "-o", &file]));
    assert!(folder.read("in.json").ends_with(&format!("\"record\":{ONE}}}\n")));
}

#[test]
fn nothing_to_convert_is_a_complete_run() {
    for nothing in ["", "\n\n", "[]", "{\"audit_logs\":[]}", "\u{feff}"] {
        let output = feed(RAW, nothing);
        assert_eq!(complete(&output), "", "{nothing}");
        assert_eq!(summary(&output.stderr)["records"], 0);
    }
}

#[test]
fn the_summary_is_the_last_line_and_counts() {
    let output = feed(RAW, format!("{ONE}\n{{\n{TWO}\n"));
    assert_eq!(output.status.code(), Some(3));
    let summary = summary(&output.stderr);
    assert_eq!(
        (&summary["vendor"], &summary["state"], &summary["records"], &summary["rejected"]),
        (&json!("tines"), &json!("complete"), &json!(2), &json!(1))
    );
}

/// The first line of what is said of an input, and the exit code.
fn said(arguments: &[&str], input: &[u8]) -> (Option<i32>, String) {
    let output = feed(arguments, input);
    let first = text(&output.stderr).lines().next().unwrap_or_default().to_owned();
    (output.status.code(), first)
}

#[test]
fn input_that_cannot_be_is_said_with_what_to_do() {
    for (input, what) in [
        (&b"\x1f\x8b\x08\0\0\0\0\0"[..], "it is gzip: unpack it first, by gzip -dc"),
        (b"PK\x03\x04\0\0", "it is a ZIP archive: unpack it first"),
        (b"\xff\xfe\0\0{\0\0\0}\0\0\0", "it is UTF-32, not UTF-8: convert it first, say by iconv"),
        (b"\xff\xfe<\0h\0t\0", "it is HTML or XML, not JSON"),
        (b"<!DOCTYPE html>\n", "it is HTML or XML, not JSON"),
        (b"id,ip\n1,192.0.2.1\n", "no line of it is JSON"),
        (b"\0\0\0\0\0\0\0\0", "no line of it is JSON"),
        (b"{\n \"a\": 1, // one\n}\n", "line 2: expected JSON, found a syntax error at column 10"),
        (
            b"{\"error\":\"invalid_token\"}\n",
            "line 1: it is an error that the service answered, not a record",
        ),
    ] {
        let output = feed(&["convert", "tines"], input);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{what}");
        let error = text(&output.stderr).lines().find(|line| line.starts_with("error: ")).unwrap();
        assert!(error.starts_with(&format!("error: standard input: {what}")), "{error}");
        assert_eq!(summary(&output.stderr)["state"], "incomplete");
    }
}

#[test]
fn input_that_is_cut_off_is_incomplete() {
    let cut_off = "the value that begins here is cut off by the end of the input";
    for input in ["{\"id\":1,", "{\n\"admin/login_activities\": [\n{\n\"id\": 1\n", "[{\"id\":1}"] {
        let expected = format!("error: standard input: line 1: {cut_off}");
        assert_eq!(said(RAW, input.as_bytes()), (Some(4), expected));
    }
    // The last line of many as well.
    let output = feed(RAW, format!("{ONE}\n{{\"id\":"));
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(4), &*format!("{ONE}\n")));
    let expected = format!("error: standard input: line 2: {cut_off}\n");
    assert!(text(&output.stderr).starts_with(&expected), "{}", text(&output.stderr));
}

#[test]
fn a_bad_line_is_rejected_with_its_place_and_the_rest_goes_on() {
    for bad in [&b"{\"id\":2,"[..], b"{\"ip\":\"\xff\"}", b"{\"ip\":\"\0\"}", b"nonsense", b"]"] {
        let lines = [ONE.as_bytes(), bad, ONE.as_bytes()].join(&b'\n');
        let output = feed(RAW, lines);
        assert_eq!(output.status.code(), Some(3));
        assert_eq!(text(&output.stdout), format!("{ONE}\n{ONE}\n"));
        let said = text(&output.stderr);
        assert!(said.starts_with("rejected: standard input: line 2: expected "), "{said}");
    }
}

#[test]
fn files_that_cannot_be_read_are_usage_errors() {
    let folder = Folder::new();
    let (there, nowhere) = (folder.path(""), folder.path("nowhere"));
    for (file, why) in
        [(&there, "is a directory: name a file in it"), (&nowhere, "cannot be read: No such file")]
    {
        let output = run(&["convert", "tines", file]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        let said = text(&output.stderr);
        assert!(said.starts_with(&format!("error: {file} {why}")), "{said}");
        assert_eq!(said.lines().count(), 1);
    }
    #[cfg(unix)]
    {
        let directory = std::fs::File::open(folder.path("")).unwrap();
        let output = signin(RAW).stdin(directory).output().unwrap();
        assert_eq!(output.status.code(), Some(4));
        let said = text(&output.stderr);
        assert!(said.starts_with("error: standard input: it cannot be read: "), "{said}");
    }
}

#[test]
fn a_file_that_is_read_is_not_added_to() {
    let folder = Folder::new();
    let rejected = folder.write("rejected.ndjson", ONE);
    let beside = folder.path("out.ndjson");
    for arguments in [&["--rejected", &rejected][..], &["-o", &beside]] {
        let output = run(&[&["convert", "tines", &rejected], arguments].concat());
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        assert!(said.contains("give --rejected another file"), "{said}");
    }
    assert_eq!((folder.read("rejected.ndjson"), folder.names().len()), (ONE.to_owned(), 1));
}

fn envelope(change: impl Fn(&mut String)) -> String {
    let mut line = text(&feed(&["convert", "tines"], ONE).stdout).to_owned();
    change(&mut line);
    line
}

#[test]
fn envelopes_of_another_kind_end_the_run_with_what_to_do() {
    for (from, to, why) in [
        ("\"tines\"", "\"ssojet\"", "an envelope of ssojet: use signin convert ssojet"),
        ("\"tines\"", "\"okta\"", "an envelope of another vendor than tines"),
        ("\"tines\"", "7", "an envelope of another vendor than tines"),
        ("\"v\":1", "\"v\":2", "an envelope of another version than 1: a newer `signin` may"),
        ("\"v\":1", "\"v\":\"1\"", "an envelope of another version than 1"),
        ("signin_activities", "stories", "an envelope of another endpoint than signin_activities,"),
    ] {
        let line = envelope(|line| *line = line.replacen(from, to, 1));
        let (code, error) = said(RAW, line.as_bytes());
        assert_eq!(code, Some(2));
        let expected = format!("error: standard input: line 1: {why}");
        assert!(error.starts_with(&expected), "{error}");
    }
}

#[test]
fn envelopes_that_contradict_themselves_are_rejected() {
    for (from, to, why) in [
        ("192.0.2.1", "192.0.2.9", "/rev: expected the SHA-256 of the record, found another"),
        ("\"rev\":\"", "\"rev\":\"0", "/rev: expected the SHA-256 of the record, found another"),
        ("\"rev\":\"", "\"rev\":7,\"x\":\"", "/rev: expected text, found another kind"),
        ("\"record\"", "\"rekord\"", "/record: expected a record, found nothing"),
        ("\"v\":1", "\"v\":1,\"tenant\":[]", "/tenant: expected text, found another kind"),
        ("\"v\":1", "\"v\":1,\"v\":1", "/v: expected one such member, found two"),
    ] {
        let line = envelope(|line| *line = line.replacen(from, to, 1));
        let output = feed(RAW, format!("{line}{ONE}\n"));
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(3), &*format!("{ONE}\n")));
        let said = text(&output.stderr);
        assert!(said.starts_with(&format!("rejected: standard input: line 1: {why}")), "{said}");
    }
    // A record that was changed on purpose: without `rev`.
    let changed = envelope(|line| {
        let (head, tail) = line.split_once(",\"rev\":\"").unwrap();
        let (_, record) = tail.split_once("\",").unwrap();
        *line = format!("{head},{}", record.replace("192.0.2.1", "192.0.2.9"));
    });
    assert_eq!(complete(&feed(RAW, changed)), ONE.replace(".1\"", ".9\"") + "\n");
}

#[test]
fn an_envelope_that_was_changed_is_kept_whole_and_is_rejected_again() {
    let folder = Folder::new();
    let line = envelope(|line| *line = line.replace("192.0.2.1", "192.0.2.9"));
    let (first, second) = (folder.path("first"), folder.path("second"));
    feed(&[RAW, &["--rejected", &first]].concat(), line.clone());
    run(&[RAW, &[&first, "--rejected", &second]].concat());
    assert_eq!(folder.read("first"), folder.read("second"), "it does not grow");
    let kept: Value = serde_json::from_str(&folder.read("first")).unwrap();
    assert_eq!(kept["text"], line.trim_end());
}

#[test]
fn command_lines_that_cannot_be_say_what_to_type() {
    for (arguments, advice) in [
        (&["tnies"][..], "'tines'"),
        (&["tines", "--endpoint", "signins"], "signin_activities, users or audit_logs"),
        (
            &["tines", "--format", "csv"],
            "[possible values: table, envelope, raw, typed, event, ocsf, ecs]",
        ),
        (&["tines", "a", "b"], "unexpected argument 'b'"),
        (&["tines", "--reject", "x"], "'--rejected'"),
    ] {
        let output = run(&[&["convert"], arguments].concat());
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
        let error = text(&output.stderr);
        assert!(error.starts_with("error: ") && error.contains(advice), "{error}");
    }
    let page = run(&["convert"]);
    assert_eq!((page.status.code(), page.stdout.len()), (Some(2), 0));
    assert!(text(&page.stderr).contains("Examples:\n  signin convert "), "the page for newcomers");
}

#[test]
fn the_help_says_what_goes_in_and_what_comes_out() {
    let output = run(&["convert", "--help"]);
    let help = complete(&output);
    for word in [
        "signin convert tines page.json",
        "--rejected",
        "signin_activities, users, audit_logs",
        "64 MiB",
        "Exit codes:",
        "rejected.ndjson beside",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}
