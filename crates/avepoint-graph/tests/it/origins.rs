//! The key goes to its own origin only (P4), over real sockets: two servers.

use avepoint_graph::{Client, Environment, Error, ErrorKind, RetryPolicy};
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

fn client(url: &str) -> Client {
    let builder = Client::builder(Environment::Commercial).base_url(url).token("key-0123456789");
    builder.retry(RetryPolicy::never()).build().unwrap()
}

/// Asks `first`, which answers by naming `second`; says what each of them read.
async fn ask(answer: impl Fn(&str) -> String) -> (String, JoinHandle<String>, Error) {
    let (first, first_url) = listen().await;
    let (second, second_url) = listen().await;
    let watch = tokio::spawn(serve_once(second, String::new()));
    let seen = tokio::spawn(serve_once(first, answer(&second_url)));
    let error = client(&first_url).sign_ins("c", "t").first_page().await.unwrap_err();
    (seen.await.unwrap(), watch, error)
}

#[tokio::test]
async fn p4_a_redirect_to_another_origin_never_sees_the_key() {
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let (seen, other, error) = ask(|other| {
            format!(
                "HTTP/1.1 {status}\r\nlocation: {other}/partner/x?key=1\r\ncontent-length: 0\r\n\r\n"
            )
        })
        .await;
        assert!(seen.contains("authorization: Bearer key-0123456789\r\n"), "{seen}");
        assert_eq!(error.kind(), ErrorKind::Origin, "{error}");
        assert!(error.to_string().contains("no redirect is followed"), "{error}");
        assert!(!error.to_string().contains("key=1"), "{error}");
        assert!(!other.is_finished(), "{status}: the other server was asked");
        other.abort();
    }
}

#[test]
fn p4_a_base_url_that_would_show_the_key_is_refused() {
    for url in [
        "http://graph.example",
        "http://10.0.0.1",
        "http://localhost.example",
        "ftp://graph.example",
    ] {
        let error = Client::builder(Environment::Commercial)
            .base_url(url)
            .token("key-0123456789")
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{url}");
    }
}

#[test]
fn p4_a_client_and_its_builder_never_show_the_key() {
    let builder = Client::builder(Environment::Commercial).token("key-0123456789");
    let client = builder.clone().build().unwrap();
    let shown = format!(
        "{builder:?} {client:?} {:?} {:?} {:?}",
        client.sign_ins("c", "t"),
        client.sign_ins("c", "t").items(),
        client.all_sign_ins().items()
    );
    assert!(!shown.contains("key-0123456789"), "{shown}");
}
