//! P2: bytes that are not UTF-8 are kept, by fetch as by convert.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::program::{feed, signin, text};
use crate::server::{Server, answer};

/// A login whose person's name is in Latin-1.
const ROW: &[u8] = b"{\"id\":1,\"created_at\":\"2026-03-02T09:30:00Z\",\"operation_name\":\"Login\",\"user_name\":\"J\xfcrgen\"}";

fn fetch(format: &str, row: &'static [u8]) -> std::process::Output {
    let server = Server::respond(move |_| {
        let (begin, end) = ("{\"audit_logs\":[", "],\"meta\":{\"next_page_number\":null}}");
        let length = begin.len() + row.len() + end.len();
        let head = answer("200 OK", "", "").replace("length: 0", &format!("length: {length}"));
        [head.as_bytes(), begin.as_bytes(), row, end.as_bytes()].concat()
    });
    let arguments = ["fetch", "tines", "--format", format, "--base-url", &server.base()];
    let mut command = signin(&[&arguments[..], &["--since", "2026-01-01T00:00:00Z"]].concat());
    command.env_clear().env("TINES_API_KEY", "key-0123456789").output().unwrap()
}

#[test]
fn p2_raw_and_envelope_keep_bytes_that_are_not_utf_8() {
    let raw = fetch("raw", ROW);
    assert_eq!(raw.status.code(), Some(0), "{}", text(&raw.stderr));
    assert_eq!(raw.stdout, [ROW, b"\n"].concat());
    let envelope = fetch("envelope", ROW);
    assert!(envelope.stdout.ends_with(&[b",\"record\":", ROW, b"}\n"].concat()));
    // What reads a record goes on with a mark in their place.
    let event = fetch("event", ROW);
    assert!(text(&event.stdout).contains("J\u{fffd}rgen"), "{}", text(&event.stdout));
    // A record that fits no type, too.
    const ODD: &[u8] = b"[\"\xfc\"]";
    assert_eq!(fetch("raw", ODD).stdout, [ODD, b"\n"].concat());
}

/// What `signin convert tines` makes of this, complete.
fn converted(format: &str, input: &[u8]) -> Vec<u8> {
    let output = feed(&["convert", "tines", "--format", format], input);
    assert_eq!(output.status.code(), Some(0), "{format}: {}", text(&output.stderr));
    assert!(text(&output.stderr).contains("1 record held bytes that are not UTF-8"));
    output.stdout
}

#[test]
fn p2_an_envelope_that_is_not_utf_8_gives_by_convert_what_fetch_gives() {
    let envelope = fetch("envelope", ROW).stdout;
    assert_eq!(converted("raw", &envelope), [ROW, b"\n"].concat());
    assert_eq!(converted("envelope", &envelope), envelope);
    for format in ["typed", "table"] {
        assert_eq!(converted(format, &envelope), fetch(format, ROW).stdout, "{format}");
    }
    // The port of each server is the tenant of its records.
    let event = |fetched: bool| {
        let line = if fetched { fetch("event", ROW).stdout } else { converted("event", &envelope) };
        let event: serde_json::Value = serde_json::from_slice(&line).unwrap();
        (event["revision"].clone(), event["principal"].clone(), event["time"].clone())
    };
    assert_eq!(event(false), event(true));
    // Among others it stands in its place.
    let good = fetch("envelope", br#"{"id":2,"operation_name":"Login"}"#).stdout;
    let raw = converted("raw", &[&good[..], &envelope, &good].concat());
    assert_eq!(raw.split(|byte| *byte == b'\n').nth(1), Some(ROW));
}

#[test]
fn p2_an_envelope_with_other_bytes_elsewhere_or_changed_ones_is_kept_but_not_taken() {
    let envelope = fetch("envelope", ROW).stdout;
    let at = |part: &[u8]| envelope.windows(part.len()).position(|it| it == part).unwrap();
    let (mut head, mut record) = (envelope.clone(), envelope.clone());
    head[at(b"http:")] = 0xfc;
    record[at(b"rgen")] = b'R';
    for bad in [head, record] {
        let bad = bad.strip_suffix(b"\n").unwrap();
        let good = fetch("envelope", br#"{"id":2,"operation_name":"Login"}"#).stdout;
        let arguments = ["convert", "tines", "--format", "raw", "--rejected", "/dev/stdout"];
        let output = feed(&arguments, [&good[..], bad].concat());
        assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
        let lines = text(&output.stdout).lines();
        let lines = lines.filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let kept = lines.filter_map(|line| STANDARD.decode(line["base64"].as_str()?).ok());
        assert_eq!(kept.collect::<Vec<_>>(), [bad]);
    }
}

#[test]
fn p2_a_rejected_record_that_is_not_utf_8_is_replayed_to_the_byte() {
    const ODD: &[u8] = b"{\"id\":[3],\"operation_name\":\"Login\",\"user_name\":\"J\xfcrgen\"}";
    let rejected = {
        let envelope = fetch("envelope", ODD).stdout;
        let arguments = ["convert", "tines", "--format", "typed", "--rejected", "/dev/stdout"];
        let output = feed(&arguments, envelope);
        assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
        output.stdout
    };
    assert_eq!(converted("raw", &rejected), [ODD, b"\n"].concat());
}
