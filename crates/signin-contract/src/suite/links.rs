//! P4 where pages name the next one by its address: only the own path of the own origin is
//! followed.

use signin_core::ErrorKind;
use signin_core::testing::{Reply, Scripted};

use crate::pagers::{assert_everything, drain, scripted};
use crate::service::Book;
use crate::vendor::{Linked, Next};

/// A script whose first page has this link.
fn linking<V: Linked>(book: &Book<V>, link: &str) -> Scripted {
    let (first, link) = (book.clone(), link.to_owned());
    book.script_but(move |number, _| {
        let page = || Reply::json(first.page_with(1, Next::Text(&link), V::BASE));
        (number == 1).then(page)
    })
}

/// A link to this base is refused before anything is sent.
async fn refused<V: Linked>(link: &str) {
    let book = Book::<V>::three();
    let script = linking(&book, link);
    let mut pager = scripted::<V>(&script);
    for attempt in 1..=2 {
        let drained = drain(&mut pager).await;
        if attempt == 1 {
            assert_eq!(drained.raw, book.records()[..3], "what came is good");
        }
        let error = drained.fails(ErrorKind::Origin);
        assert!(!error.to_string().contains("QUERY"), "{error}");
        assert_eq!(script.sent().len(), 1, "{link}");
    }
}

async fn refused_at<V: Linked>(base: &str) {
    refused::<V>(&V::link(base, "QUERY2")).await;
}

fn host<V: Linked>() -> &'static str {
    V::BASE.strip_prefix("https://").expect("https")
}

/// Another host.
pub async fn p4_a_next_link_to_another_host_is_refused<V: Linked>() {
    refused_at::<V>("https://evil.example").await;
    refused_at::<V>("//evil.example").await;
    refused_at::<V>("https://127.0.0.1").await;
    refused_at::<V>(&format!("https://evil.example/{}", host::<V>())).await;
}

/// A host that looks like the own one.
pub async fn p4_a_next_link_to_a_host_that_looks_alike_is_refused<V: Linked>() {
    let host = host::<V>();
    for host in [
        format!("{host}.evil.example"),
        format!("evil-{host}"),
        format!("evil.{host}"),
        format!("{host}."),
        host.replacen('a', "\u{430}", 1).replacen('o', "\u{3bf}", 1),
        format!("evil.example\\.{host}"),
        format!("evil.example%2F{host}"),
    ] {
        refused_at::<V>(&format!("https://{host}")).await;
    }
}

/// Another port of the own host.
pub async fn p4_a_next_link_to_another_port_is_refused<V: Linked>() {
    for port in ["80", "8443", "0", "65535"] {
        refused_at::<V>(&format!("{}:{port}", V::BASE)).await;
    }
}

/// The own host without TLS, or by another scheme.
pub async fn p4_a_next_link_by_another_scheme_is_refused<V: Linked>() {
    for scheme in ["http", "ftp", "ws", "file", "javascript", "data"] {
        refused_at::<V>(&V::BASE.replace("https", scheme)).await;
    }
    refused_at::<V>(&format!("http://{}:443", host::<V>())).await;
}

/// User info, of the own host too.
pub async fn p4_a_next_link_with_user_info_is_refused<V: Linked>() {
    let host = host::<V>();
    for authority in [
        format!("user:pw@{host}"),
        format!("user@{host}"),
        format!(":pw@{host}"),
        format!("{host}@evil.example"),
        format!("{host}:443@evil.example"),
    ] {
        refused_at::<V>(&format!("https://{authority}")).await;
    }
}

/// Another path of the own origin, or the way there.
pub async fn p4_a_next_link_to_another_path_is_refused<V: Linked>() {
    for step in ["/", "/x", "/x/..%2F", "/\\"] {
        refused_at::<V>(&format!("{}{step}", V::BASE)).await;
    }
    let link = V::link(V::BASE, "QUERY2");
    for (from, to) in [("?", "/../users?"), ("?", "/x?"), ("?", "%2F..?"), ("?", ";x?")] {
        refused::<V>(&link.replacen(from, to, 1)).await;
    }
}

/// Control characters and backslashes, which parsers take out or turn round.
pub async fn p4_a_next_link_that_parsers_mend_is_refused<V: Linked>() {
    let link = V::link(V::BASE, "QUERY2");
    for link in [
        link.replacen("https://", "https:\\\\", 1),
        link.replacen("https", "ht\ttps", 1),
        link.replacen("?", "\n?", 1),
        format!("\u{1}{link}"),
        format!("{link}\0"),
    ] {
        refused::<V>(&link).await;
    }
}

/// A link without a host: from the root it is the own origin's; any other is none.
pub async fn p4_a_relative_next_link_stays_within_the_origin<V: Linked>() {
    let book = Book::<V>::three();
    let relative = V::link("", "2");
    let script = linking(&book, &relative);
    let drained = drain(&mut scripted::<V>(&script)).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_everything::<V>(&drained.raw, &book.records());
    assert_eq!(script.urls()[1], format!("{}{relative}", V::BASE));
    let query = relative.split_once('?').map(|(_, query)| query).unwrap_or_default();
    for link in [format!("?{query}"), format!("x?{query}"), relative[1..].to_owned()] {
        refused::<V>(&link.replace('2', "QUERY2")).await;
    }
}

/// Every letter of the own link is sent as it came.
pub async fn p1_a_next_link_is_followed_as_it_came<V: Linked>() {
    let book = Book::<V>::three();
    let link = V::link(V::BASE, "a+b%2Bc%20d%3D%3d'(2)~*");
    let script = linking(&book, &link);
    let drained = drain(&mut scripted::<V>(&script)).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_eq!(script.urls()[1], link.replace('\'', "%27"), "a quote is always encoded");
}

/// Behind a gateway the service still names its own host, which means the gateway.
pub async fn p4_a_next_link_to_the_documented_host_means_the_gateway<V: Linked>() {
    let book = Book::<V>::three();
    let script = book.script();
    let mut setup = crate::vendor::Setup::scripted::<V>(&script);
    setup.base_url = "https://gate.example/of/ours".to_owned();
    let drained = drain(&mut crate::pagers::pager::<V>(&setup)).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_everything::<V>(&drained.raw, &book.records());
    assert_eq!(script.urls()[1], V::link("https://gate.example/of/ours", "2"));
    for url in script.urls() {
        assert!(url.starts_with("https://gate.example/of/ours/"), "{url}");
    }
}
