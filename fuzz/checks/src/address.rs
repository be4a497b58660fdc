//! Addresses: what was asked for is what is sent, and nothing else.

use percent_encoding::percent_decode_str;
use signin_core::testing::{Reply, Scripted};
use signin_core::{ErrorKind, RetryPolicy};
use url::Url;

use crate::api::{self, List, PATH};

/// Texts, each after a zero byte: a path segment, then names and values of the query in turn.
pub(crate) fn check(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let mut texts = text.split('\0').map(str::to_owned);
    let id = texts.next().unwrap_or_default();
    let mut query = Vec::new();
    while let Some(name) = texts.next() {
        query.push((name, texts.next().unwrap_or_default()));
    }
    check_one(&id, &query) | check_one(&format!("{id}\0"), &query)
}

/// Whether it was sent.
fn check_one(id: &str, query: &[(String, String)]) -> bool {
    let script = Scripted::new([Reply::json(r#"{"data":[]}"#)]);
    let client = api::client(script.clone(), RetryPolicy::never());
    let list = List { id: Some(id.to_owned()), query: query.to_vec(), ..List::default() };
    let answer = api::run(client.execute(&list));
    let sent = script.urls();
    if let Err(error) = answer {
        assert_eq!(error.kind(), ErrorKind::Argument, "{error}");
        assert!(sent.is_empty(), "refused and sent: {sent:?}");
        let good = !["", ".", ".."].contains(&id)
            && id.len() <= 1024
            && id.chars().all(|c| !c.is_control());
        assert!(!good, "{id:?} is refused: {error}");
        return false;
    }
    let [address] = sent.as_slice() else { panic!("sent {sent:?}") };
    let harmless = |byte: u8| byte.is_ascii_graphic() && byte != b'+';
    assert!(address.bytes().all(harmless), "{address}");
    let url = Url::parse(address).expect("an address");
    assert_eq!(url.as_str(), address, "the parser changes nothing");
    assert_eq!(url.origin().ascii_serialization(), "https://api.example");
    assert_eq!(url.fragment(), None, "{address}");
    let below = url.path().strip_prefix(PATH).and_then(|rest| rest.strip_prefix('/'));
    let segment = below.expect("it is below the list's path");
    assert!(!segment.contains('/'), "{address}");
    assert_eq!(percent_decode_str(segment).decode_utf8().expect("it is text"), id);

    let by_url: Vec<_> = url.query_pairs().into_owned().collect();
    assert_eq!(by_url, query, "by the url crate: {address}");
    let by_hand = url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let decode =
        |text: &str| percent_decode_str(text).decode_utf8().expect("it is text").into_owned();
    let by_hand = by_hand.map(|pair| {
        let (name, value) = pair.split_once('=').expect("a value has a name");
        (decode(name), decode(value))
    });
    assert!(by_hand.eq(query.iter().cloned()), "by RFC 3986: {address}");
    true
}

/// What has bent addresses elsewhere.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    crate::seeds::texts(&[
        "72\0per_page\x00500",
        "a/../b\0after\x002022-10-19T14:25:18+02:00",
        "%2e%2e\0user_id[]\0a b&c=d'e\0user_id[]\x007",
        "..\0x\0y",
        ".\0\0",
        "x\ny\0q\0\r\nX-Evil: 1",
        "?x=1#y\0#\0?",
        "é😀\\\0\u{202e}\0+%20",
        "C:\0file:///etc\0//evil.example",
    ])
}
