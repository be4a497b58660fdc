//! A simulated service as a transport: it is called, not connected to, so that time can be stopped.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderValue, Request};
use signin_core::Deferred;
use signin_core::{HttpRequest, HttpResponse, Transport, TransportError};
use signin_sim::Local;
use tokio::time::{Instant, sleep};

/// Calls a service.
pub(crate) type Call = Arc<dyn Fn(HttpRequest) -> Deferred<'static, HttpResponse> + Send + Sync>;

/// How a simulated service is called.
pub(crate) fn call_of<S: Clone + Send + Sync + 'static>(service: Local<S>) -> Call {
    Arc::new(move |sent: HttpRequest| {
        let service = service.clone();
        Box::pin(async move {
            let mut request = Request::new(sent.body);
            *request.method_mut() = sent.method;
            *request.uri_mut() = sent.url.as_str().parse().expect("an address is one");
            *request.headers_mut() = sent.headers;
            let (parts, body) = service.call(request).await.into_parts();
            HttpResponse { status: parts.status, headers: parts.headers, body }
        })
    })
}

/// The way to a service, on which nothing goes wrong and every request, for a token too, takes the
/// same time. The service counts a request when it arrives. Clones are the same way.
#[derive(Clone)]
pub struct Called {
    call: Call,
    latency: Duration,
    callers: Arc<Mutex<HashMap<HeaderValue, Caller>>>,
}

/// One who shows a token.
struct Caller {
    requests: u64,
    last: Instant,
    /// The longest time between two of its requests.
    silence: Duration,
}

/// How those who showed a token were served.
#[derive(Debug, Clone, Copy)]
pub struct Served {
    /// How many they were.
    pub callers: u32,
    /// The longest time in which one of them was not served, until now.
    pub silence: Duration,
    /// The most requests that one of them sent.
    pub most: u64,
}

impl Called {
    /// A way that takes so long.
    pub fn new<S: Clone + Send + Sync + 'static>(service: &Local<S>, latency: Duration) -> Self {
        Self { call: call_of(service.clone()), latency, callers: Arc::default() }
    }

    /// How everybody was served so far.
    pub fn served(&self) -> Served {
        let (callers, now) = (self.callers(), Instant::now());
        let silence = callers.values().map(|caller| caller.silence.max(now - caller.last));
        Served {
            callers: callers.len().try_into().unwrap_or(u32::MAX),
            silence: silence.max().unwrap_or_default(),
            most: callers.values().map(|caller| caller.requests).max().unwrap_or_default(),
        }
    }

    fn callers(&self) -> MutexGuard<'_, HashMap<HeaderValue, Caller>> {
        self.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_note(&self, request: &HttpRequest) {
        let Some(token) = request.headers.get(AUTHORIZATION) else { return };
        let now = Instant::now();
        let mut callers = self.callers();
        let new = || Caller { requests: 0, last: now, silence: Duration::ZERO };
        let caller = callers.entry(token.clone()).or_insert_with(new);
        caller.requests += 1;
        caller.silence = caller.silence.max(now - caller.last);
        caller.last = now;
    }
}

impl Transport for Called {
    fn send(&self, request: HttpRequest) -> Deferred<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            if !self.latency.is_zero() {
                sleep(self.latency).await;
            }
            self.take_note(&request);
            Ok((self.call)(request).await)
        })
    }
}

impl fmt::Debug for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Called").field("latency", &self.latency).finish_non_exhaustive()
    }
}
