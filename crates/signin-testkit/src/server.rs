//! A server of bytes: it writes what it is told, however wrong, and keeps what it was sent.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What to do with one request.
#[derive(Debug, Clone)]
pub enum Act {
    /// Write this and close.
    Write(Vec<u8>),
    /// Write this and break the connection off.
    Reset(Vec<u8>),
    /// Write this and be silent until the other side goes.
    Hold(Vec<u8>),
    /// Write the first once and the second for ever, until the other side goes.
    Pour(Vec<u8>, Vec<u8>),
    /// The same with a pause before each time.
    Drip(Vec<u8>, Vec<u8>, Duration),
}

/// A server on a port of loopback. Each connection is for one request. It ends when it is dropped.
#[derive(Debug)]
pub struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
    open: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

/// A connection, until both sides are done with it.
struct Open(Arc<AtomicUsize>);

impl Open {
    fn one(open: &Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(open))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Server {
    /// Answers each request by a function of its number, from 0, and of the server's base URL.
    pub async fn start(mut act: impl FnMut(usize, &str) -> Act + Send + 'static) -> Self {
        let mut number = 0;
        Self::respond(move |_, base| {
            number += 1;
            act(number - 1, base)
        })
        .await
    }

    /// Answers each request by a function of its text and of the server's base URL.
    ///
    /// # Panics
    /// Where no port can be had.
    pub async fn respond(act: impl FnMut(&str, &str) -> Act + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
        let port = listener.local_addr().expect("it has an address").port();
        let base = format!("http://127.0.0.1:{port}");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        let open = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&open);
        let act = Arc::new(Mutex::new(act));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (kept, act, base) = (Arc::clone(&kept), Arc::clone(&act), base.clone());
                let open = Open::one(&counted);
                tokio::spawn(async move {
                    let _open = open;
                    serve(stream, move |request| {
                        let done = (*locked(&act))(&request, &base);
                        locked(&kept).push(request);
                        done
                    })
                    .await;
                });
            }
        });
        Self { port, seen, open, task }
    }

    /// Does these things in turn, the last one for ever.
    pub async fn acts(acts: impl Into<Vec<Act>>) -> Self {
        let acts = acts.into();
        Self::start(move |number, _| acts[number.min(acts.len() - 1)].clone()).await
    }

    /// Its base URL.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many connections are open.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// The requests so far, each as its bytes. A connection without any counts as "".
    pub fn seen(&self) -> Vec<String> {
        locked(&self.seen).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
            let _ = stream.set_zero_linger();
        }
        Act::Hold(bytes) => {
            let _ = stream.write_all(&bytes).await;
            until_gone(&mut stream).await;
        }
        Act::Pour(head, more) => pour(&mut stream, head, more, Duration::ZERO).await,
        Act::Drip(head, more, pause) => pour(&mut stream, head, more, pause).await,
    }
}

async fn pour(stream: &mut TcpStream, head: Vec<u8>, more: Vec<u8>, pause: Duration) {
    let mut written = stream.write_all(&head).await;
    while written.is_ok() {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        written = stream.write_all(&more).await;
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
            if body.len() >= length.map_or(0, |length| length.parse().expect("a length")) {
                return text.into_owned();
            }
        }
        if !stream.read_buf(&mut bytes).await.is_ok_and(|read| read > 0) {
            return String::from_utf8_lossy(&bytes).into_owned();
        }
    }
}

/// A whole answer with these header lines.
pub fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A good answer with this body.
pub fn ok(body: impl AsRef<[u8]>) -> Act {
    Act::Write(answer("200 OK", "", body))
}
