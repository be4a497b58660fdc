//! P3, P7 and P8 below HTTP, over real sockets: connections that break at every place, and
//! answers that have no end.

use std::time::Duration;

use signin_core::{Error, ErrorKind};
use tokio::net::TcpSocket;

use crate::pagers::{assert_everything, assert_good_line, drain, pager, resume, stored, take};
use crate::server::{Act, answer};
use crate::service::{Book, Service};
use crate::vendor::{Setup, TOKEN, Vendor};

/// How long an attempt may take where only waiting shows the fault.
const SHORT: Duration = Duration::from_millis(150);

/// A pager meets this once after its first page: a client that tries once tells it, and the rest
/// is read from the checkpoint.
async fn breaks<V: Vendor>(
    change: impl Fn(Setup) -> Setup,
    fault: impl FnOnce(Vec<u8>) -> Act + Send + 'static,
    kind: ErrorKind,
) -> Error {
    let book = Book::<V>::three();
    let service = Service::start(&book).await;
    let mut first = pager::<V>(&service.setup());
    let mut got = take(&mut first, 3).await;
    let checkpoint = stored(first.checkpoint().as_ref());
    drop(first);
    let asked = service.server().seen().len();
    service.spoil(fault);
    let second = pager::<V>(&change(service.setup()));
    let drained = drain(&mut second.resume(checkpoint).expect("its own")).await;
    assert!(drained.raw.is_empty(), "{:?}", drained.raw);
    let error = drained.fails(kind);
    assert_eq!(service.server().seen().len(), asked + 1, "one attempt is one request");
    got.extend(resume::<V>(&service.setup(), &error).await);
    assert_everything::<V>(&got, &book.records());
    let line = format!("authorization: Bearer {TOKEN}");
    for request in service.server().seen() {
        assert_eq!(request.lines().filter(|other| *other == line).count(), 1, "{request}");
    }
    error
}

/// The same, and a client that tries again tells nothing and loses nothing.
async fn passes<V: Vendor>(fault: impl Fn(Vec<u8>) -> Act + Clone + Send + 'static) {
    let error = breaks::<V>(|setup| setup, fault.clone(), ErrorKind::Network).await;
    assert!(error.is_transient());
    let book = Book::<V>::three();
    let service = Service::start(&book).await;
    let mut pager = pager::<V>(&service.setup().tries(3));
    let mut got = take(&mut pager, 3).await;
    service.spoil(fault.clone());
    service.spoil(fault);
    let drained = drain(&mut pager).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    got.extend(drained.raw);
    assert_eq!(got, book.records());
    let report = pager.report();
    assert_eq!((report.retries, report.requests, report.pages), (2, 5, 3));
    assert!(report.is_complete(), "{report:?}");
}

/// The place where an answer's body begins.
fn body_of(whole: &[u8]) -> usize {
    whole.windows(4).position(|end| end == b"\r\n\r\n").expect("a head") + 4
}

/// A head of an answer that has these headers.
fn head(headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes()
}

/// Nobody listens at the service's port.
pub async fn p8_a_refused_connection_is_told<V: Vendor>() {
    let socket = TcpSocket::new_v4().expect("a socket");
    // Bound, so that nobody else takes the port, and never listening.
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a port on loopback");
    let port = socket.local_addr().expect("it has an address").port();
    let setup = Setup::at(format!("http://127.0.0.1:{port}")).tries(2);
    let error = drain(&mut pager::<V>(&setup)).await.error.expect("an error");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Network, 2), "{error}");
    assert!(error.to_string().contains("refused") && error.is_transient(), "{error}");
    assert_good_line(&error);
}

/// Reset before anything was answered.
pub async fn p3_a_reset_before_the_headers_loses_nothing<V: Vendor>() {
    passes::<V>(|_| Act::Reset(Vec::new())).await;
}

/// Closed before anything was answered.
pub async fn p3_an_end_before_the_headers_loses_nothing<V: Vendor>() {
    passes::<V>(|_| Act::Write(Vec::new())).await;
}

/// Reset or closed within the headers.
pub async fn p3_a_break_in_the_headers_loses_nothing<V: Vendor>() {
    passes::<V>(|whole| Act::Reset(whole[..40].to_vec())).await;
    passes::<V>(|whole| Act::Write(whole[..40].to_vec())).await;
}

/// Reset within the body.
pub async fn p3_a_reset_in_the_body_loses_nothing<V: Vendor>() {
    passes::<V>(|whole| {
        let half = usize::midpoint(body_of(&whole), whole.len());
        Act::Reset(whole[..half].to_vec())
    })
    .await;
}

/// Fewer bytes than Content-Length says, by one.
pub async fn p3_a_body_shorter_than_its_length_loses_nothing<V: Vendor>() {
    passes::<V>(|whole| Act::Write(whole[..whole.len() - 1].to_vec())).await;
}

/// A whole page in chunks, without the last one.
pub async fn p3_a_body_without_its_last_chunk_loses_nothing<V: Vendor>() {
    passes::<V>(|whole| {
        let body = &whole[body_of(&whole)..];
        let length = format!("{:x}\r\n", body.len());
        let chunk = [length.as_bytes(), body, b"\r\n"].concat();
        Act::Write([head("transfer-encoding: chunked\r\n"), chunk].concat())
    })
    .await;
}

/// A chunk that ends before its length.
pub async fn p3_a_chunk_that_is_cut_loses_nothing<V: Vendor>() {
    passes::<V>(|whole| {
        let body = &whole[body_of(&whole)..];
        let length = format!("{:x}\r\n", body.len() + 1);
        let chunk = [length.as_bytes(), body].concat();
        Act::Write([head("transfer-encoding: chunked\r\n"), chunk].concat())
    })
    .await;
}

/// Another protocol on the port.
pub async fn p3_an_answer_that_is_not_http_loses_nothing<V: Vendor>() {
    passes::<V>(|_| Act::Write(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())).await;
}

/// A service that says nothing.
pub async fn p3_silence_loses_nothing<V: Vendor>() {
    let error =
        breaks::<V>(|setup| setup.timeout(SHORT), |_| Act::Hold(Vec::new()), ErrorKind::Timeout);
    assert!(error.await.is_transient());
}

/// A service that says nothing more within the body.
pub async fn p3_silence_in_the_body_loses_nothing<V: Vendor>() {
    let fault = |whole: Vec<u8>| Act::Hold(whole[..whole.len() - 1].to_vec());
    let error = breaks::<V>(|setup| setup.timeout(SHORT), fault, ErrorKind::Timeout);
    assert!(error.await.is_transient());
}

/// A byte now and then, so that the service is never silent: the time for the whole ends it.
pub async fn p3_a_body_that_drips_loses_nothing<V: Vendor>() {
    let fault = |_| {
        let pause = SHORT / 10;
        Act::Drip(head("transfer-encoding: chunked\r\n"), b"1\r\n \r\n".to_vec(), pause)
    };
    let error = breaks::<V>(|setup| setup.timeout(SHORT), fault, ErrorKind::Timeout);
    assert!(error.await.is_transient());
}

/// A body without end: by chunks, by the connection's end, by a length beyond memory.
pub async fn p7_a_body_without_end_is_cut_at_the_cap<V: Vendor>() {
    let chunk = [b"4000\r\n".to_vec(), vec![b' '; 0x4000], b"\r\n".to_vec()].concat();
    for (headers, more) in [
        ("transfer-encoding: chunked\r\n", chunk),
        ("", vec![b' '; 0x4000]),
        ("content-length: 99999999999999\r\n", vec![b' '; 0x4000]),
    ] {
        let fault = move |_| Act::Pour(head(headers), more);
        let error = breaks::<V>(|setup| setup, fault, ErrorKind::TooLarge).await;
        assert!(!error.is_transient(), "trying again gives the same");
    }
}

/// Two megabytes of white space in two kilobytes.
pub async fn p7_a_body_that_grows_in_decompression_is_cut_at_the_cap<V: Vendor>() {
    let fault = |_| Act::Write(answer("200 OK", "content-encoding: gzip\r\n", gzip::bomb(8200)));
    breaks::<V>(|setup| setup, fault, ErrorKind::TooLarge).await;
}

/// A compressed page without its end, or with another checksum.
pub async fn p3_a_compressed_body_that_is_cut_or_damaged_loses_nothing<V: Vendor>() {
    let packed = |whole: &[u8]| gzip::stored(&whole[body_of(whole)..]);
    let gzipped = |body: &[u8]| Act::Write(answer("200 OK", "content-encoding: gzip\r\n", body));
    passes::<V>(move |whole| {
        let packed = packed(&whole);
        gzipped(&packed[..packed.len() - 4])
    })
    .await;
    passes::<V>(move |whole| {
        let mut packed = packed(&whole);
        let checksum = packed.len() - 8;
        packed[checksum] ^= 1;
        gzipped(&packed)
    })
    .await;
}

mod gzip {
    /// gzip of bytes in stored blocks: nothing is compressed, all is valid.
    pub(super) fn stored(bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
        let mut chunks = bytes.chunks(0xffff).peekable();
        while let Some(chunk) = chunks.next() {
            let length = u16::try_from(chunk.len()).expect("a short chunk");
            out.push(u8::from(chunks.peek().is_none()));
            out.extend(length.to_le_bytes());
            out.extend((!length).to_le_bytes());
            out.extend(chunk);
        }
        out.extend(crc32fast::hash(bytes).to_le_bytes());
        out.extend(u32::try_from(bytes.len()).expect("a short text").to_le_bytes());
        out
    }

    /// gzip of a space and then `runs` times 258 more: 13 bits for each run.
    pub(super) fn bomb(runs: usize) -> Vec<u8> {
        let mut bits: Vec<bool> = Vec::new();
        let mut put = |text: &str| bits.extend(text.bytes().map(|bit| bit == b'1'));
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
}
