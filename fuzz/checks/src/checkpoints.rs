//! Checkpoints: what was written is read, what was altered is refused, and a forged one leads to
//! no other place.

use signin_core::paging::Paging;
use signin_core::testing::{Reply, Scripted};
use signin_core::{Checkpoint, ErrorKind, RetryPolicy};

use crate::api::{self, List};

/// A checkpoint's text; and what stands in one between its version and its checksum, which is
/// sealed here as an attacker would.
pub(crate) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let sealed =
        format!(r#"{{"v":1,"mark":{text},"check":"{:08x}"}}"#, crc32fast::hash(text.as_bytes()));
    for text in [&*text, &sealed] {
        match text.parse::<Checkpoint>() {
            Ok(checkpoint) => check_one(&checkpoint, input),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Checkpoint, "{error}");
                assert!(serde_json::from_str::<Checkpoint>(text).is_err(), "{error}, yet read");
            }
        }
    }
}

fn check_one(checkpoint: &Checkpoint, input: &[u8]) {
    let text = checkpoint.to_string();
    assert_eq!(&text.parse::<Checkpoint>().expect("what was written is read"), checkpoint);
    assert_eq!(&serde_json::from_str::<Checkpoint>(&text).expect("by serde too"), checkpoint);
    check_altered(checkpoint, text.into_bytes(), input);
    for paging in [
        Paging::NextLink,
        Paging::Cursor { parameter: "cursor" },
        Paging::PageNumber { parameter: "page", start: 1, first: 1, size: 2, says_next: true },
        Paging::None,
    ] {
        check_resumed(checkpoint.clone(), paging);
    }
}

/// One byte that is another one, at places and with values that the input chooses.
fn check_altered(checkpoint: &Checkpoint, mut text: Vec<u8>, input: &[u8]) {
    for (step, byte) in input.iter().rev().take(16).enumerate() {
        let at = usize::from(*byte).wrapping_mul(31).wrapping_add(step * 97) % text.len();
        let kept = text[at];
        text[at] = kept ^ (byte | 1);
        if let Ok(read) = String::from_utf8_lossy(&text).parse::<Checkpoint>() {
            assert_eq!(&read, checkpoint, "altered at {at}: {}", String::from_utf8_lossy(&text));
        }
        text[at] = kept;
    }
}

/// Whoever can write checkpoints can make a walk leave records out, and no more.
fn check_resumed(checkpoint: Checkpoint, paging: Paging) {
    let over = checkpoint.is_end();
    let script = Scripted::respond(|_| Reply::json(r#"{"data":[1]}"#));
    let client = api::client(script.clone(), RetryPolicy::never());
    let pages = client.pages(List { paging, ..List::default() });
    match pages.resume(checkpoint) {
        Ok(mut pages) => {
            let first = api::run(pages.try_next());
            let sent = api::check_origin(&script);
            assert!(!over || matches!(first, Ok(None)) && sent.is_empty(), "behind the end");
        }
        Err(error) => {
            let known = [ErrorKind::Checkpoint, ErrorKind::Origin];
            assert!(known.contains(&error.kind()), "{error}");
            assert!(script.sent().is_empty(), "refused and sent");
        }
    }
}

/// Checkpoints of walks, whole and without their seals.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let walk = r#""walk":{"vendor":"acme","operation":"events","method":"GET","origin":"https://api.example","path":"/gate/v1/events","query":[],"body":0}"#;
    let rest = r#""rows":3,"total":9,"incomplete":false,"seen":"0000000000000003ffffffffffffffff""#;
    let mark = |pinned: &str, position: &str| {
        format!("{{{walk},\"pinned\":{pinned},\"position\":{position},{rest}}}")
    };
    let open = mark("[]", "\"start\"");
    let marks = [
        mark("[]", "\"start\""),
        mark("[]", "\"end\""),
        mark("[]", "{\"page\":7}"),
        mark("[[\"until\",\"2025-06-10T10:00:01Z\"]]", "{\"cursor\":\"a+b\"}"),
        mark("[]", "{\"link\":\"https://api.example/gate/v1/events?t=1\"}"),
        mark("[]", "{\"link\":\"https://documented.example/v1/events?t=1\"}"),
        mark("[]", "{\"link\":\"https://evil.example/gate/v1/events?t=1\"}"),
        mark(
            "[]",
            &format!(
                "{{\"sources\":{{\"done\":\"a\",\"open\":[{{\"key\":\"b\",\"mark\":{open}}}]}}}}"
            ),
        ),
        mark(
            "[]",
            &format!(
                "{{\"windows\":{{\"done\":\"2026-11-02T00:00:00Z\",\"open\":{{\"to\":\"2026-11-03T00:00:00Z\",\"mark\":{open}}}}}}}"
            ),
        ),
    ];
    let mut seeds: Vec<_> = marks.into_iter().map(String::into_bytes).collect();
    seeds.push(br#"{"v":1,"mark":{"walk":{"vendor":"tines","operation":"signin_activities","method":"GET","origin":"https://acme.tines.com","path":"/api/v1/admin/users/72/signin_activities","query":[["per_page","500"]],"body":0},"pinned":[["before","2025-06-10T10:00:01Z"]],"position":{"page":7},"rows":3000,"total":null,"incomplete":false,"seen":"0000000000000003ffffffffffffffff"},"check":"31c81d4f"}"#.to_vec());
    seeds
}
