//! P4: the token goes to its own origin only, and is shown nowhere.

use signin_core::ErrorKind;

use crate::pagers::{assert_good_line, assert_no_secret, drain, pager, scripted, stored, take};
use crate::server::{Act, Server, answer, ok};
use crate::service::Book;
use crate::vendor::{Setup, TOKEN, Vendor};

const REDIRECTS: [&str; 5] =
    ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"];

/// The error of a pager whose first request is answered with this redirect, which is not followed.
async fn redirected<V: Vendor>(status: &'static str, to: String) {
    let server = Server::start(move |_, base| {
        let location = format!("location: {}\r\n", to.replace("BASE", base));
        Act::Write(answer(status, &location, ""))
    })
    .await;
    let error = drain(&mut pager::<V>(&Setup::at(server.base()))).await.error.expect("an error");
    assert_eq!(error.kind(), ErrorKind::Origin, "{status}: {error}");
    assert_good_line(&error);
    let line = error.to_string();
    assert!(line.contains("no redirect is followed") && !line.contains("key=1"), "{line}");
    assert_eq!(server.seen().len(), 1, "{status}");
}

/// Redirects of each status to another server, over real sockets: that one sees no connection.
pub async fn p4_a_redirect_to_another_origin_never_sees_the_token<V: Vendor>() {
    for status in REDIRECTS {
        let book = Book::<V>::three();
        let other = Server::start(move |_, base| ok(book.page(1, base))).await;
        redirected::<V>(status, format!("{}/x?key=1", other.base())).await;
        assert_eq!(other.seen(), [""; 0], "{status}");
    }
}

/// Redirects within the origin: another path may be another thing.
pub async fn p4_a_redirect_within_the_origin_is_not_followed<V: Vendor>() {
    for status in REDIRECTS {
        for to in ["BASE/x?key=1", "/x?key=1", "x"] {
            redirected::<V>(status, to.to_owned()).await;
        }
    }
}

/// Plain http to anything but loopback, user info, and what is no address.
pub async fn p4_a_base_url_that_would_show_the_token_is_refused<V: Vendor>() {
    let host = V::BASE.trim_start_matches("https://");
    for url in [
        &*format!("http://{host}"),
        &*format!("https://user:pw@{host}"),
        "http://10.0.0.1",
        "http://localhost.evil.example",
        "http://127.0.0.1@evil.example",
        "ftp://gate.example",
        "https://gate.example?x",
        "https://a\nb",
        " ",
    ] {
        let error = V::client(&Setup::at(url.to_owned())).expect_err(url);
        assert_eq!(error.kind(), ErrorKind::Config, "{url}: {error}");
        assert_good_line(&error);
    }
}

/// Whatever can be printed or kept.
pub async fn p4_nothing_that_can_be_printed_shows_the_token<V: Vendor>() {
    let script = Book::<V>::three().script();
    let client = V::client(&Setup::scripted::<V>(&script)).expect("a client");
    let mut pager = scripted::<V>(&script);
    assert_no_secret(&format!("{client:?} {client:#?} {pager:?} {pager:#?}"));
    take(&mut pager, 4).await;
    assert_no_secret(&format!("{pager:?} {:?}", stored(pager.checkpoint().as_ref())));
    let bearer = format!("Bearer {TOKEN}");
    for sent in script.sent() {
        assert_eq!(sent.header("authorization"), Some(bearer.as_str()), "it was sent");
        assert!(!sent.url.contains(TOKEN), "and nowhere else");
        let body = String::from_utf8_lossy(&sent.body);
        assert!(!body.contains(TOKEN) && (V::METHOD != "GET" || body.is_empty()), "{body}");
    }
}
