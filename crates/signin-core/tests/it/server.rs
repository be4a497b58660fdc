//! A server of bytes: it writes what it is told, however wrong, and keeps what it was sent.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What to do with one request.
#[derive(Clone)]
pub(crate) enum Act {
    /// Write this and close.
    Write(Vec<u8>),
    /// Write this and break the connection off.
    Reset(Vec<u8>),
    /// Write this and be silent until the other side goes.
    Hold(Vec<u8>),
    /// Write the first once and the second for ever, until the other side goes.
    Pour(Vec<u8>, Vec<u8>),
}

pub(crate) struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Answers each request by a function of its number, from 0, and of the server's base URL.
    pub(crate) async fn start(mut act: impl FnMut(usize, &str) -> Act + Send + 'static) -> Self {
        let mut number = 0;
        Self::listen(move |_, base| {
            number += 1;
            act(number - 1, base)
        })
        .await
    }

    /// Answers each request by a function of its text.
    #[cfg(feature = "certificate")]
    pub(crate) async fn respond(mut act: impl FnMut(&str) -> Act + Send + 'static) -> Self {
        Self::listen(move |request, _| act(request)).await
    }

    async fn listen(act: impl FnMut(&str, &str) -> Act + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let base = format!("http://127.0.0.1:{port}");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        let act = Arc::new(Mutex::new(act));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, act, base) = (Arc::clone(&kept), Arc::clone(&act), base.clone());
                tokio::spawn(serve(stream, move |request| {
                    let mut act = act.lock().unwrap();
                    let done = (*act)(&request, &base);
                    kept.lock().unwrap().push(request);
                    done
                }));
            }
        });
        Self { port, seen, task }
    }

    /// Does these things in turn, the last one for ever.
    pub(crate) async fn acts(acts: impl Into<Vec<Act>>) -> Self {
        let acts = acts.into();
        Self::start(move |number, _| acts[number.min(acts.len() - 1)].clone()).await
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The requests so far, each as its bytes. A connection without any counts as "".
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, act: impl FnOnce(String) -> Act) {
    let request = read_request(&mut stream).await;
    match act(request) {
        Act::Write(bytes) => {
            if stream.write_all(&bytes).await.is_ok() {
                let _ = stream.shutdown().await;
                until_gone(&mut stream).await;
            }
        }
        Act::Reset(bytes) => {
            let _ = stream.write_all(&bytes).await;
            stream.set_zero_linger().unwrap();
        }
        Act::Hold(bytes) => {
            let _ = stream.write_all(&bytes).await;
            until_gone(&mut stream).await;
        }
        Act::Pour(head, more) => {
            let mut written = stream.write_all(&head).await;
            while written.is_ok() {
                written = stream.write_all(&more).await;
            }
        }
    }
}

async fn until_gone(stream: &mut TcpStream) {
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
}

/// Reads the head and as much body as it announces.
async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return text.into_owned();
            }
        }
        if !stream.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
            return String::from_utf8_lossy(&bytes).into_owned();
        }
    }
}

/// A whole answer with these header lines.
pub(crate) fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub(crate) fn ok(body: impl AsRef<[u8]>) -> Act {
    Act::Write(answer("200 OK", "", body))
}
