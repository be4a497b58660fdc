//! P2: bytes that are not UTF-8 are kept, by fetch as by convert.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::program::{feed, signin, summary, text};
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

#[test]
fn p2_an_envelope_that_is_not_utf_8_is_kept_by_convert_to_the_byte() {
    const GOOD: &[u8] = br#"{"id":2,"operation_name":"Login"}"#;
    let (good, odd) = (fetch("envelope", GOOD).stdout, fetch("envelope", ROW).stdout);
    let arguments = ["convert", "tines", "--format", "raw", "--rejected", "/dev/stdout"];
    let output = feed(&arguments, [&good[..], &odd].concat());
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert_eq!(summary(&output.stderr)["records"], 1);
    let lines = text(&output.stdout).lines();
    let kept = lines.filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let kept = kept.filter_map(|line| STANDARD.decode(line["base64"].as_str()?).ok());
    let kept: Vec<_> = kept.collect();
    assert_eq!(kept, [odd.strip_suffix(b"\n").unwrap()]);
}
