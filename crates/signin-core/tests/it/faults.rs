//! Connections that break at every place, and answers that are none.

use std::time::Duration;

use signin_core::{Error, ErrorKind, Json, Report};

use crate::api::{List, assert_good_line, drain, numbered, page, quick, settings};
use signin_testkit::server::{Act, Server, answer, ok};

/// An answer's head with these headers, and no more.
fn head(headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes()
}

/// The error that such a server gives to a client that tries once.
async fn fault(act: Act) -> Error {
    let server = Server::acts([act]).await;
    let mut settings = settings(&server.base());
    settings.set_timeout(Duration::from_millis(300));
    settings.set_body_cap(200_000);
    let client = settings.build().unwrap();
    let error = client.execute(&List::<Json>::new(numbered(3, true))).await.unwrap_err();
    assert_good_line(&error);
    assert_eq!(server.seen().len(), 1, "one attempt is one request");
    error
}

/// Every fault that may pass: how to name it, and what breaks.
fn passing() -> Vec<(&'static str, Act, ErrorKind)> {
    let whole = answer("200 OK", "", page("1,2,3", ""));
    let chunked = "transfer-encoding: chunked\r\n";
    let mut faults = vec![
        ("reset before the headers", Act::Reset(vec![]), ErrorKind::Network),
        ("closed before the headers", Act::Write(vec![]), ErrorKind::Network),
        ("closed in the status line", Act::Write(b"HTTP/1.1 2".to_vec()), ErrorKind::Network),
        ("closed in the headers", Act::Write(whole[..40].to_vec()), ErrorKind::Network),
        ("reset in the body", Act::Reset(whole[..whole.len() - 3].to_vec()), ErrorKind::Network),
        ("closed in the body", Act::Write(whole[..whole.len() - 1].to_vec()), ErrorKind::Network),
        (
            "closed before the last chunk",
            Act::Write([head(chunked), b"b\r\n{\"data\":[1]\r\n".to_vec()].concat()),
            ErrorKind::Network,
        ),
        (
            "a chunk without a length",
            Act::Write([head(chunked), b"zz\r\n{}\r\n0\r\n\r\n".to_vec()].concat()),
            ErrorKind::Network,
        ),
        (
            "a chunk longer than memory",
            {
                let chunk = b"ffffffffffffffff1\r\n{\"data\":[]}".to_vec();
                (Act::Write([head(chunked), chunk].concat()), ErrorKind::Network).0
            },
            ErrorKind::Network,
        ),
        ("silence", Act::Hold(vec![]), ErrorKind::Timeout),
        ("silence in the body", Act::Hold(whole[..whole.len() - 1].to_vec()), ErrorKind::Timeout),
        (
            "continued for ever",
            { Act::Pour(vec![], b"HTTP/1.1 100 Continue\r\n\r\n".to_vec()) },
            ErrorKind::Timeout,
        ),
        ("no HTTP", Act::Write(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()), ErrorKind::Network),
        ("HTTP/0.9", Act::Write(page("1", "").into_bytes()), ErrorKind::Network),
        ("a status of letters", Act::Write(b"HTTP/1.1 abc\r\n\r\n".to_vec()), ErrorKind::Network),
        (
            "control characters in a header",
            Act::Write(head("x-a: b\u{1}\u{0}c\r\n")),
            ErrorKind::Network,
        ),
        (
            "two lengths",
            { Act::Write(head("content-length: 5\r\ncontent-length: 6\r\n")) },
            ErrorKind::Network,
        ),
    ];
    let flood: String = (0..10_000).map(|n| format!("x-{n}: y\r\n")).collect();
    faults.push(("ten thousand headers", Act::Write(head(&flood)), ErrorKind::Network));
    let long = format!("x-a: {}\r\n", "b".repeat(4_000_000));
    faults.push(("a header of four million", Act::Write(head(&long)), ErrorKind::Network));
    faults
}

#[tokio::test]
async fn p8_every_way_to_break_a_connection_is_one_good_line() {
    for (name, act, kind) in passing() {
        let error = fault(act).await;
        assert_eq!(error.kind(), kind, "{name}: {error}");
        assert!(error.is_transient(), "{name}");
        assert_eq!(error.attempts(), 1, "{name}");
    }
}

#[tokio::test]
async fn p3_after_every_fault_that_passes_nothing_is_lost_or_doubled() {
    for (name, act, kind) in passing() {
        let server = Server::acts([
            ok(page("1,2,3", r#""meta":{"next_page":2}"#)),
            act.clone(),
            act,
            ok(page("4,5,6", r#""meta":{"next_page":3}"#)),
            ok(page("7", "")),
        ])
        .await;
        let mut settings = settings(&server.base());
        settings.set_retry(quick(3));
        // Only where nothing else ends the answer: the good ones must come in time on a busy machine.
        if kind == ErrorKind::Timeout {
            settings.set_timeout(Duration::from_millis(500));
        }
        let mut items = settings.build().unwrap().items(List::<Json>::new(numbered(3, true)));
        let (records, error) = drain(&mut items).await;
        assert!(error.is_none(), "{name}: {error:?}");
        assert_eq!(records, ["1", "2", "3", "4", "5", "6", "7"], "{name}");
        let Report { pages, records, requests, retries, finished, .. } = *items.report();
        assert_eq!((pages, records, requests, retries), (3, 7, 5, 2), "{name}");
        assert!(finished && items.report().is_complete(), "{name}");
        assert_eq!(server.seen().len(), 5, "{name}");
    }
}

#[tokio::test]
async fn p8_a_refused_connection_is_a_network_error_that_says_so() {
    let base = Server::acts([ok("")]).await.base();
    // The server is gone by now, and nobody else listens on its port.
    tokio::task::yield_now().await;
    let client = settings(&base).build().unwrap();
    let error = client.execute(&List::<Json>::new(numbered(3, true))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Network);
    assert!(error.to_string().contains("refused"), "{error}");
    assert_good_line(&error);
}

#[tokio::test]
async fn p8_the_time_outs_hold_against_silence_and_against_a_drip() {
    let silent = Server::acts([Act::Hold(vec![])]).await;
    let mut settings = settings(&silent.base());
    settings.set_read_timeout(Duration::from_millis(50));
    let client = settings.build().unwrap();
    let error = client.execute(&List::<Json>::new(numbered(3, true))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    let drip = Act::Pour(head("transfer-encoding: chunked\r\n"), b"1\r\n \r\n".to_vec());
    let drip = Server::acts([drip]).await;
    let mut settings = crate::api::settings(&drip.base());
    settings.set_timeout(Duration::from_millis(50));
    settings.set_body_cap(usize::MAX);
    let client = settings.build().unwrap();
    let error = client.execute(&List::<Json>::new(numbered(3, true))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
}

#[tokio::test]
async fn p7_a_body_without_end_is_cut_at_the_cap() {
    let spaces = [b"4000\r\n".to_vec(), vec![b' '; 0x4000], b"\r\n".to_vec()].concat();
    for act in [
        Act::Pour(head("transfer-encoding: chunked\r\n"), spaces),
        Act::Pour(head(""), vec![b' '; 0x4000]),
        Act::Pour(head("content-length: 99999999999999\r\n"), vec![b' '; 0x4000]),
        ok(vec![b' '; 200_001]),
    ] {
        let error = fault(act).await;
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
        assert!(!error.is_transient(), "trying again gives the same");
    }
}

#[tokio::test]
async fn p7_a_body_of_exactly_the_cap_is_read() {
    let body = page("1", "");
    let padded = format!("{body}{}", " ".repeat(200_000 - body.len()));
    let server = Server::acts([ok(padded)]).await;
    let mut settings = settings(&server.base());
    settings.set_body_cap(200_000);
    let client = settings.build().unwrap();
    let page = client.execute(&List::<Json>::new(numbered(3, true))).await.unwrap();
    assert_eq!(page.rows().len(), 1);
}

#[cfg(feature = "gzip")]
mod gzip {
    use super::*;

    /// gzip of bytes in stored blocks: nothing is compressed, all is valid.
    fn stored(bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        let mut chunks = bytes.chunks(0xffff).peekable();
        while let Some(chunk) = chunks.next() {
            let length = u16::try_from(chunk.len()).unwrap();
            out.push(u8::from(chunks.peek().is_none()));
            out.extend(length.to_le_bytes());
            out.extend((!length).to_le_bytes());
            out.extend(chunk);
        }
        out.extend(crc32fast::hash(bytes).to_le_bytes());
        out.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
        out
    }

    /// gzip of a space and then `runs` times 258 more: 13 bits for each run.
    fn bomb(runs: usize) -> Vec<u8> {
        let mut bits: Vec<bool> = Vec::new();
        let mut put = |text: &str| bits.extend(text.bytes().map(|b| b == b'1'));
        put("110"); // last block, fixed codes
        put("01010000"); // a space: 0x30 + 32
        (0..runs).for_each(|_| put("1100010100000")); // length 258, distance 1
        put("0000000");
        let byte = |bits: &[bool]| {
            bits.iter().enumerate().fold(0_u8, |byte, (place, bit)| byte | u8::from(*bit) << place)
        };
        let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        out.extend(bits.chunks(8).map(byte));
        out.extend([0; 8]);
        out
    }

    fn gzipped(body: &[u8]) -> Act {
        Act::Write(answer("200 OK", "content-encoding: gzip\r\n", body))
    }

    #[tokio::test]
    async fn p7_the_body_cap_counts_what_comes_out_of_decompression() {
        let small = bomb(200_000);
        assert!(small.len() < 400_000, "51 million spaces in {} bytes", small.len());
        let error = fault(gzipped(&small)).await;
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
    }

    #[tokio::test]
    async fn p3_a_gzip_body_that_is_cut_or_damaged_is_asked_for_again() {
        let whole = stored(page("1,2,3", "").as_bytes());
        let mut damaged = whole.clone();
        let checksum = damaged.len() - 8;
        damaged[checksum] ^= 1;
        let cut = whole[..whole.len() - 4].to_vec();
        let none = page("1,2,3", "").into_bytes();
        for (name, broken) in [("damaged", damaged), ("cut", cut), ("none", none)] {
            let error = fault(gzipped(&broken)).await;
            assert_eq!(error.kind(), ErrorKind::Network, "{name}: {error}");
            let server = Server::acts([gzipped(&broken), gzipped(&whole)]).await;
            let mut settings = settings(&server.base());
            settings.set_retry(quick(2));
            let mut items = settings.build().unwrap().items(List::<Json>::new(numbered(9, true)));
            let (records, error) = drain(&mut items).await;
            assert!(error.is_none(), "{name}: {error:?}");
            assert_eq!(records, ["1", "2", "3"], "{name}");
            assert_eq!(items.report().retries, 1, "{name}");
            assert!(server.seen()[0].contains("accept-encoding: gzip\r\n"));
        }
    }
}
