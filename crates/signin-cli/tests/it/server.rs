//! A server of bytes: it answers each connection as it is told and keeps what it was sent.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

pub(crate) struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Gives these answers in turn, the last one for ever.
    pub(crate) fn answers(answers: impl Into<Vec<String>>) -> Self {
        let answers = answers.into();
        Self::start(move |number| answers.get(number).or(answers.last()).unwrap().clone())
    }

    /// Answers each request by a function of its number, from 0. It lives as long as the test.
    pub(crate) fn start(mut answer: impl FnMut(usize) -> String + Send + 'static) -> Self {
        let mut number = 0;
        Self::respond(move |_| {
            number += 1;
            answer(number - 1)
        })
    }

    /// Answers each request by a function of its head. It lives as long as the test.
    pub(crate) fn respond<A: Into<Vec<u8>>>(
        mut answer: impl FnMut(&str) -> A + Send + 'static,
    ) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let kept = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                serve(stream, &mut answer, &kept);
            }
        });
        Self { port, seen }
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The heads of the requests so far.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn serve<A: Into<Vec<u8>>>(
    mut stream: TcpStream,
    answer: impl FnOnce(&str) -> A,
    seen: &Mutex<Vec<String>>,
) {
    let mut head = String::new();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while reader.read_line(&mut head).is_ok_and(|read| read > 2) {}
    seen.lock().unwrap().push(head.clone());
    let answer = answer(&head).into();
    // Whoever asked may have gone.
    let _ = stream.write_all(&answer);
}

/// An answer with this status line, these further headers, and this body.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n{headers}\r\n{body}"
    )
}

/// A page of the audit log with these rows.
pub(crate) fn page(rows: &str) -> String {
    let body = format!("{{\"audit_logs\":[{rows}],\"meta\":{{\"next_page_number\":null}}}}");
    answer("200 OK", "date: Mon, 02 Mar 2026 10:00:00 GMT\r\n", &body)
}
