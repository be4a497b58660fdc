//! The contract of origins (P4), over real sockets: what is sent elsewhere is not followed.

use signin_core::{Error, ErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What came of asking a service that names another one.
#[derive(Debug)]
pub struct SentElsewhere {
    /// The head of the request that the service read.
    pub seen: String,
    /// Whether the other service was asked.
    pub followed: bool,
    /// What the caller got.
    pub error: Error,
}

/// Checks that no redirect is followed, whatever its status: the service sees this line among the
/// headers, the other origin sees nothing, and the error says so without the address's query.
///
/// `ask` makes one request to the service with this base URL and gives its error.
///
/// # Panics
/// Where one of that does not hold.
pub async fn check_redirects(line: &str, ask: impl AsyncFn(String) -> Error) {
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let SentElsewhere { seen, followed, error } = elsewhere(
            |other| {
                format!(
                    "HTTP/1.1 {status}\r\nlocation: {other}/x?key=1\r\ncontent-length: 0\r\n\r\n"
                )
            },
            &ask,
        )
        .await;
        assert!(seen.contains(&format!("{line}\r\n")), "{status}: {seen}");
        assert!(!followed, "{status}: the other server was asked");
        assert_eq!(error.kind(), ErrorKind::Origin, "{status}: {error}");
        let line = error.to_string();
        assert!(line.contains("no redirect is followed") && !line.contains("key=1"), "{line}");
    }
}

/// Asks a service that answers once, naming another one.
///
/// `answer` is given the other one's base URL and gives the bytes that the service sends; `ask` is
/// given the service's base URL.
///
/// # Panics
/// Where no socket can be had, or the service was not asked.
pub async fn elsewhere(
    answer: impl Fn(&str) -> String,
    ask: impl AsyncFn(String) -> Error,
) -> SentElsewhere {
    let (service, service_url) = listen().await;
    let (other, other_url) = listen().await;
    let watch = tokio::spawn(async move { other.accept().await.is_ok() });
    let answer = answer(&other_url);
    let seen = tokio::spawn(async move {
        let (mut socket, _) = service.accept().await.expect("a connection");
        let head = read_head(&mut socket).await;
        socket.write_all(answer.as_bytes()).await.expect("the client reads");
        head
    });
    let error = ask(service_url).await;
    let seen = seen.await.expect("the service was asked");
    let followed = watch.is_finished();
    watch.abort();
    SentElsewhere { seen, followed, error }
}

/// A socket on loopback, and its base URL.
///
/// # Panics
/// Where there is none to be had.
pub async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
    let url = format!("http://{}", listener.local_addr().expect("it has an address"));
    (listener, url)
}

/// Reads a request up to the end of its headers.
///
/// # Panics
/// Where the connection ends before, or the headers are no text.
pub async fn read_head(socket: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.expect("a whole request"));
    }
    String::from_utf8(head).expect("headers are text")
}
