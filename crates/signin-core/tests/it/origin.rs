//! P4 over real sockets: a second server listens where the first one points, and must never see
//! a connection.

use signin_core::Paging;
use signin_core::testing::{Reply, Scripted};
use signin_core::{Error, ErrorKind, Json};

use crate::api::{KEY, List, assert_good_line, drain, page, scripted, settings};
use signin_testkit::server::{Act, Server, answer, ok};

fn is_origin_error(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::Origin, "{error}");
    assert_good_line(error);
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("QUERY") && !shown.contains('?'), "shows a query: {shown}");
}

/// Walks a list whose first answer is `first` for this other base, and gives the error.
async fn pager(first: impl Fn(&str) -> Act) -> Error {
    let other = Server::acts([ok(page("666", ""))]).await;
    let own = Server::acts([first(&other.base()), ok(page("2", ""))]).await;
    let client = settings(&own.base()).build().unwrap();
    let mut items = client.items(List::<Json>::new(Paging::NextLink));
    let (_, error) = drain(&mut items).await;
    let error = error.expect("an error");
    // The pager stays where it is: asking again does not get across either.
    drain(&mut items).await;
    assert_eq!(other.seen(), Vec::<String>::new(), "the other server was asked");
    assert!(own.seen().iter().all(|request| {
        request.lines().filter(|line| *line == format!("authorization: Bearer {KEY}")).count() == 1
    }));
    error
}

#[tokio::test]
async fn p4_a_next_link_to_another_origin_never_sees_the_key() {
    for link in [
        "BASE/v1/events?t=QUERY",
        "//127.0.0.1:PORT/v1/events?t=QUERY",
        "http://user:pw@127.0.0.1:PORT/v1/events?t=QUERY",
        "http:\\\\/\\\\/127.0.0.1:PORT\\\\/v1",
        "http://localhost:PORT/v1/events?QUERY",
        "http://0x7f000001:PORT/v1/events?QUERY",
        "/\\t/127.0.0.1:PORT/v1/events?QUERY",
        "/\\\\127.0.0.1:PORT/v1/events?QUERY",
    ] {
        let error = pager(|other| {
            let port = other.rsplit(':').next().unwrap();
            let link = link.replace("BASE", other).replace("PORT", port);
            ok(page("1", &format!(r#""next":"{link}""#)))
        })
        .await;
        is_origin_error(&error);
    }
}

#[tokio::test]
async fn p4_a_redirect_to_another_origin_never_sees_the_key() {
    for status in ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"] {
        let error = pager(|other| {
            let to = format!("location: {other}/v1/events?t=QUERY\r\n");
            Act::Write(answer(status, &to, ""))
        })
        .await;
        is_origin_error(&error);
        assert!(error.to_string().contains("http://127.0.0.1:"), "{error}");
    }
}

#[tokio::test]
async fn p4_no_redirect_is_followed_within_the_origin_either() {
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let own = Server::start(move |_, base| {
            Act::Write(answer(status, &format!("location: {base}/v2/x?QUERY\r\n"), ""))
        })
        .await;
        let client = settings(&own.base()).build().unwrap();
        let error = client.execute(&List::<Json>::new(Paging::None)).await.unwrap_err();
        is_origin_error(&error);
        assert_eq!(own.seen().len(), 1);
    }
}

#[tokio::test]
async fn p4_a_redirect_to_nowhere_that_can_be_read_is_an_error_with_a_good_line() {
    let huge = format!("location: http://{}/?QUERY\r\n", "a".repeat(20_000));
    let key = format!("location: http://evil.example/?QUERY={KEY}\r\n");
    for to in [
        "",
        "location: \r\n",
        "location: ::::\r\n",
        "location: http://[\r\n",
        "location: http://a\u{1}b/?QUERY\r\n",
        "location: http://é/?QUERY\r\n",
        "location: http://\u{202e}evil/?QUERY\r\n",
        "location: javascript:alert(1)\r\n",
        "location: //evil.example/?QUERY\r\n",
        "location: http://u:p@evil.example/?QUERY\r\n",
        &huge,
        &key,
    ] {
        let error = pager(|_| Act::Write(answer("302 Found", to, ""))).await;
        if error.kind() != ErrorKind::Network {
            // A header that is none breaks the connection instead.
            is_origin_error(&error);
        }
        assert_good_line(&error);
    }
}

#[tokio::test]
async fn p4_a_link_that_holds_the_key_is_not_shown() {
    for link in [
        format!("https://evil.example/{KEY}?access_token={KEY}"),
        format!("https://{KEY}.evil.example/"),
        format!("https://{KEY}@api.example/v1/events"),
        format!("https://api.example/v1/events/../{KEY}"),
    ] {
        let script = Scripted::new([Reply::json(page("1", &format!(r#""next":"{link}""#)))]);
        let mut items = scripted(script).items(List::<Json>::new(Paging::NextLink));
        let error = drain(&mut items).await.1.unwrap();
        assert_eq!(error.kind(), ErrorKind::Paging);
        assert_good_line(&error);
    }
}

#[tokio::test]
async fn p4_a_checkpoint_never_holds_the_key_that_a_service_writes_into_a_link() {
    let link = format!(r#""next":"https://api.example/v1/events?access_token={KEY}""#);
    let script = Scripted::new([Reply::json(page("1", &link)), Reply::json(page("2", ""))]);
    let mut items = scripted(script).items(List::<Json>::new(Paging::NextLink));
    items.try_next().await.unwrap();
    assert!(!items.checkpoint().unwrap().to_string().contains(KEY));
}

#[test]
fn p4_a_base_url_that_would_show_the_key_is_refused_when_building() {
    for base in [
        "http://10.0.0.1",
        "http://api.example",
        "http://localhost.evil.example",
        "http://127.0.0.1@evil.example",
        "http://[::ffff:127.0.0.1]",
        "http://0.0.0.0",
        "https://user@api.example",
        "https://api.example?x",
        "ws://127.0.0.1",
    ] {
        let error = settings(base).build().map(|_| base).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{base}");
        assert_good_line(&error);
    }
}

#[tokio::test]
async fn p4_a_loopback_base_is_not_sent_through_a_proxy_in_the_clear() {
    let proxy = Server::acts([ok(page("1", ""))]).await;
    let own = Server::acts([ok(page("1", ""))]).await;
    let mut settings = settings(&own.base());
    settings.set_proxy(proxy.base());
    if let Ok(client) = settings.build() {
        let _ = client.execute(&List::<Json>::new(Paging::None)).await;
    }
    assert!(proxy.seen().iter().all(|request| !request.contains(KEY)), "{:?}", proxy.seen());
}

/// A connection through this proxy to a host that nobody resolves, tried once.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
async fn through(proxy: String) -> Error {
    let mut settings = settings("https://api.example");
    settings.set_proxy(proxy);
    settings.set_retry(signin_core::RetryPolicy::never());
    let client = settings.build().unwrap();
    client.execute(&List::<Json>::new(Paging::None)).await.unwrap_err()
}

#[tokio::test]
#[cfg(any(feature = "rustls", feature = "native-tls"))]
async fn p8_a_proxy_that_does_not_connect_is_named_without_its_password() {
    let refusing = Server::acts([Act::Write(
        b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n".to_vec(),
    )])
    .await;
    let gone = "127.0.0.1:9".to_owned();
    let refusing_host = refusing.base().replace("http://", "");
    for host in [gone, refusing_host] {
        for scheme in ["http://", ""] {
            let error = through(format!("{scheme}user:proxy-password-1@{host}")).await;
            assert_eq!(error.kind(), ErrorKind::Network, "{error}");
            assert_good_line(&error);
            let line = error.to_string();
            assert!(line.contains(&format!("through the proxy http://{host}")), "{line}");
            assert!(!format!("{line} {error:?}").contains("password-1"), "{line}");
        }
    }
    assert!(refusing.seen().iter().all(|request| !request.contains(KEY)), "{:?}", refusing.seen());
}
