//! A scripted transport: tests that need no server and never sleep.
//!
//! Give it to a builder's `transport`, run the test with tokio's paused time, and look at what
//! was sent, byte for byte:
//!
//! ```
//! use signin_core::testing::{Reply, Scripted};
//!
//! let script = Scripted::new([Reply::json("{}"), Reply::status(503), Reply::hang()]);
//! assert_eq!(script.sent().len(), 0);
//! ```

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tokio::time::{Instant, sleep};

use crate::Deferred;
use crate::http::transport::{HttpRequest, HttpResponse, Step, Transport, TransportError};

/// A transport that answers from a script and keeps what was sent. Clones share both.
#[derive(Clone)]
pub struct Scripted(Arc<Mutex<Script>>);

type Respond = Box<dyn FnMut(&Sent) -> Reply + Send>;

struct Script {
    replies: VecDeque<Reply>,
    respond: Option<Respond>,
    sent: Vec<Sent>,
}

/// A request as it was sent. Unlike the client's own types it shows everything, the token too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The method.
    pub method: String,
    /// The address, exactly as it goes over the wire.
    pub url: String,
    /// Header names and values in ascending order of the names.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// When it was sent, by tokio's clock.
    pub at: Instant,
}

impl Sent {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

/// One scripted answer, or the lack of one.
#[derive(Debug, Clone)]
pub struct Reply {
    after: Duration,
    outcome: Outcome,
}

#[derive(Debug, Clone)]
enum Outcome {
    Answer(HttpResponse),
    Failure(TransportError),
    Hang,
}

impl Reply {
    /// 200 with this body.
    pub fn json(body: impl Into<Bytes>) -> Self {
        Self::status(200).body(body)
    }

    /// This status with an empty body. A number that is no status becomes 500.
    pub fn status(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let answer = HttpResponse { status, headers: HeaderMap::new(), body: Bytes::new() };
        Self { after: Duration::ZERO, outcome: Outcome::Answer(answer) }
    }

    /// No answer: the transport fails at this step.
    pub fn failure(step: Step, reason: &str) -> Self {
        let error = TransportError { step, reason: reason.to_owned() };
        Self { after: Duration::ZERO, outcome: Outcome::Failure(error) }
    }

    /// No answer, ever.
    pub fn hang() -> Self {
        Self { after: Duration::ZERO, outcome: Outcome::Hang }
    }

    /// The same with this body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        if let Outcome::Answer(answer) = &mut self.outcome {
            answer.body = body.into();
        }
        self
    }

    /// The same with a further header; one that cannot be is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let pair = (HeaderName::try_from(name), HeaderValue::from_str(value));
        if let (Outcome::Answer(answer), (Ok(name), Ok(value))) = (&mut self.outcome, pair) {
            answer.headers.append(name, value);
        }
        self
    }

    /// The same after this time.
    #[must_use]
    pub fn after(mut self, time: Duration) -> Self {
        self.after = time;
        self
    }
}

impl Scripted {
    /// Answers in this order. A request beyond the script fails and says so.
    pub fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies = replies.into_iter().collect();
        Self(Arc::new(Mutex::new(Script { replies, respond: None, sent: Vec::new() })))
    }

    /// Answers each request by a function.
    pub fn respond(respond: impl FnMut(&Sent) -> Reply + Send + 'static) -> Self {
        let script = Self::new([]);
        script.lock().respond = Some(Box::new(respond));
        script
    }

    /// What was sent so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.lock().sent.clone()
    }

    /// The addresses of what was sent so far.
    pub fn urls(&self) -> Vec<String> {
        self.lock().sent.iter().map(|sent| sent.url.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reply(&self, request: &HttpRequest) -> Reply {
        let sent = sent(request);
        let mut script = self.lock();
        let reply = match &mut script.respond {
            Some(respond) => Some(respond(&sent)),
            None => script.replies.pop_front(),
        };
        script.sent.push(sent);
        reply.unwrap_or_else(|| Reply::failure(Step::Request, "the script is over"))
    }
}

fn sent(request: &HttpRequest) -> Sent {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let mut headers: Vec<_> =
        request.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    headers.sort();
    Sent {
        method: request.method.to_string(),
        url: request.url.to_string(),
        headers,
        body: request.body.to_vec(),
        at: Instant::now(),
    }
}

impl Transport for Scripted {
    fn send(&self, request: HttpRequest) -> Deferred<'_, Result<HttpResponse, TransportError>> {
        let reply = self.reply(&request);
        Box::pin(async move {
            if !reply.after.is_zero() {
                sleep(reply.after).await;
            }
            match reply.outcome {
                Outcome::Answer(answer) => Ok(answer),
                Outcome::Failure(error) => Err(error),
                Outcome::Hang => std::future::pending().await,
            }
        })
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let script = self.lock();
        f.debug_struct("Scripted")
            .field("left", &script.replies.len())
            .field("sent", &script.sent.len())
            .finish_non_exhaustive()
    }
}
