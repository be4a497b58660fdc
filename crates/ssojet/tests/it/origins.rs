//! The token goes to its own origin only (P4), over real sockets: two servers.

use ssojet::{Client, ErrorKind, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Answers one request with these bytes and gives back what it read.
async fn serve_once(listener: TcpListener, answer: String) -> String {
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    socket.write_all(answer.as_bytes()).await.unwrap();
    String::from_utf8(head).unwrap()
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// Asks `first`, which answers by naming `second`; says what each of them read.
async fn ask(answer: impl Fn(&str) -> String) -> (String, JoinHandle<String>, ssojet::Error) {
    let (first, first_url) = listen().await;
    let (second, second_url) = listen().await;
    let watch = tokio::spawn(serve_once(second, String::new()));
    let seen = tokio::spawn(serve_once(first, answer(&second_url)));
    let builder = Client::builder("app-1").base_url(first_url).token("sk_live_0123456789");
    let ssojet = builder.retry(RetryPolicy::never()).build().unwrap();
    let error = ssojet.login_logs("u").first_page().await.unwrap_err();
    (seen.await.unwrap(), watch, error)
}

#[tokio::test]
async fn p4_a_redirect_to_another_origin_never_sees_the_token() {
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let (seen, other, error) = ask(|other| {
            format!(
                "HTTP/1.1 {status}\r\nlocation: {other}/api/v1/x?key=1\r\ncontent-length: 0\r\n\r\n"
            )
        })
        .await;
        assert!(seen.contains("authorization: Bearer sk_live_0123456789\r\n"), "{seen}");
        assert_eq!(error.kind(), ErrorKind::Origin, "{error}");
        assert!(error.to_string().contains("no redirect is followed"), "{error}");
        assert!(!error.to_string().contains("key=1"), "{error}");
        assert!(!other.is_finished(), "{status}: the other server was asked");
        other.abort();
    }
}

#[tokio::test]
async fn p4_a_cursor_that_looks_like_an_address_is_sent_as_text_to_the_own_origin() {
    use signin_core::testing::{Reply, Scripted};
    let first = crate::page([1], Some("https://evil.example/?x=1"));
    let script = Scripted::new([first, crate::page([2], None)].map(Reply::json));
    crate::seconds(&mut crate::client(&script).login_logs("u").items()).await;
    let urls = script.urls();
    assert!(urls.iter().all(|url| url.starts_with("https://api.ssojet.com/api/v1/")), "{urls:?}");
    assert!(urls[1].ends_with("&cursor=https%3A%2F%2Fevil.example%2F%3Fx%3D1"), "{}", urls[1]);
}

#[test]
fn p4_a_base_url_that_would_show_the_token_is_refused() {
    for url in ["http://api.ssojet.com", "http://10.0.0.1", "http://localhost.example", "ftp://x"] {
        let error = Client::builder("app-1").base_url(url).token("key").build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{url}");
    }
}

#[test]
fn p4_a_client_and_its_builder_never_show_the_token() {
    for builder in [
        Client::builder("app-1").token("sk_live_0123456789"),
        Client::builder("app-1").client_secret("sk_live_0123456789"),
    ] {
        let client = builder.clone().build().unwrap();
        let shown = format!(
            "{builder:?} {client:?} {:?} {:?}",
            client.login_logs("u").items(),
            client.all_sign_ins().items()
        );
        assert!(!shown.contains("sk_live"), "{shown}");
    }
}
