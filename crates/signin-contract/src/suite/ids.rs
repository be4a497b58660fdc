//! P5: no id bends a request, and what goes over the wire is what was meant.

use signin_core::ErrorKind;

use crate::pagers::{assert_good_line, drain, pager};
use crate::server::{Server, ok};
use crate::service::Book;
use crate::vendor::{Setup, TOKEN, Vendor};

async fn refused<V: Vendor>(id: &str) {
    let script = Book::<V>::three().script();
    let error = V::ask(&Setup::scripted::<V>(&script), id).await.expect_err("it is refused");
    assert_eq!(error.kind(), ErrorKind::Argument, "{error}");
    assert_good_line(&error);
    assert!(script.sent().is_empty(), "{:?}", script.urls());
}

/// An id that is not there: the list of all things is another one.
pub async fn p5_an_empty_id_is_refused<V: Vendor>() {
    refused::<V>("").await;
}

/// `.` and `..`.
pub async fn p5_an_id_that_climbs_is_refused<V: Vendor>() {
    for id in [".", ".."] {
        refused::<V>(id).await;
    }
}

/// NUL, a line break, and what else is no character.
pub async fn p5_an_id_with_a_control_character_is_refused<V: Vendor>() {
    for id in ["a\0", "a\nb", "\r\nX-Evil: 1", "a\tb", "a\u{7f}", "a\u{85}b"] {
        refused::<V>(id).await;
    }
}

/// 10 kB.
pub async fn p5_an_id_of_ten_kilobytes_is_refused<V: Vendor>() {
    refused::<V>(&"x".repeat(10_000)).await;
}

/// The path that is asked for by this id.
async fn path<V: Vendor>(id: &str) -> String {
    let script = Book::<V>::new([[1].as_slice()]).script();
    // An answer may be refused for being another thing than was asked for.
    let _ = V::ask(&Setup::scripted::<V>(&script), id).await;
    let urls = script.urls();
    let url = urls.first().unwrap_or_else(|| panic!("{id:?} is not asked for"));
    url.split('?').next().unwrap_or_default().to_owned()
}

/// The id stands in the path as one segment, whatever it holds.
async fn encoded<V: Vendor>(id: &str, segment: &str) {
    let pattern = path::<V>("PLACE").await;
    assert!(pattern.split('/').any(|step| step == "PLACE"), "{pattern}");
    assert_eq!(path::<V>(id).await, pattern.replace("PLACE", segment), "{id:?}");
}

/// Slashes, either way, and steps after them.
pub async fn p5_an_id_with_slashes_is_one_segment<V: Vendor>() {
    encoded::<V>("a/b", "a%2Fb").await;
    encoded::<V>("../../users", "..%2F..%2Fusers").await;
    encoded::<V>("..\\x", "..%5Cx").await;
    encoded::<V>("a/", "a%2F").await;
}

/// What is encoded already is encoded once more.
pub async fn p5_an_id_that_is_encoded_stays_what_it_says<V: Vendor>() {
    encoded::<V>("%2e%2e", "%252e%252e").await;
    encoded::<V>("%2E", "%252E").await;
    encoded::<V>("%00", "%2500").await;
    encoded::<V>("%", "%25").await;
}

/// What would end the path.
pub async fn p5_an_id_cannot_begin_a_query_or_a_fragment<V: Vendor>() {
    encoded::<V>("72?page=9", "72%3Fpage%3D9").await;
    encoded::<V>("72#x", "72%23x").await;
    encoded::<V>("a;b=c&d", "a%3Bb%3Dc%26d").await;
    encoded::<V>("http://evil.example", "http%3A%2F%2Fevil.example").await;
}

/// Spaces, plus signs, quotes and characters beyond ASCII.
pub async fn p5_an_id_of_any_characters_is_encoded<V: Vendor>() {
    encoded::<V>("😀", "%F0%9F%98%80").await;
    encoded::<V>("a b+c'\"@", "a%20b%2Bc%27%22%40").await;
    encoded::<V>("e\u{301}\u{202e}", "e%CC%81%E2%80%AE").await;
    encoded::<V>("...", "...").await;
    encoded::<V>("aZ0-._~", "aZ0-._~").await;
}

/// What the service reads, byte by byte: one line, each header once, spaces never as `+`.
pub async fn p5_a_request_is_on_the_wire_what_was_meant<V: Vendor>() {
    let book = Book::<V>::new([[1].as_slice()]);
    let server = Server::acts([ok(book.page(1, "http://127.0.0.1"))]).await;
    let drained = drain(&mut pager::<V>(&Setup::at(server.base()))).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    let request = &server.seen()[0];
    let (head, body) = request.split_once("\r\n\r\n").expect("a whole request");
    let mut lines = head.split("\r\n");
    let line = lines.next().expect("a line");
    let target = line.strip_prefix(V::METHOD).and_then(|line| line.strip_suffix(" HTTP/1.1"));
    let target = target.and_then(|target| target.strip_prefix(' '));
    let target = target.unwrap_or_else(|| panic!("{line}"));
    assert!(target.starts_with('/') && !target.contains([' ', '+', '#', '"', '\\']), "{line}");
    assert!(target.is_ascii() && !target.contains("//") && !target.contains(TOKEN), "{line}");
    let mut headers: Vec<_> = lines.filter_map(|line| line.split_once(": ")).collect();
    headers.sort_unstable();
    let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
    let mut once = names.clone();
    once.dedup();
    assert_eq!(names, once, "each header once");
    let value = |name| headers.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
    assert_eq!(value("host"), Some(server.base().trim_start_matches("http://")));
    assert_eq!(value("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    assert_eq!(value("accept"), Some("application/json"));
    assert!(value("user-agent").is_some_and(|agent| agent.contains("/0.")), "{head}");
    assert_eq!((value("cookie"), value("referer")), (None, None));
    let kind = (!body.is_empty()).then_some("application/json");
    assert_eq!((value("content-type"), body.is_empty()), (kind, V::METHOD == "GET"), "{body}");
}
