//! What every service does with every request, whatever the product: counting, thinking, failing
//! as told, reading the credential, and the headers that all answers carry.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, DATE, HOST, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use time::OffsetDateTime;

use crate::answer::Answer;
use crate::http_date::http_date;
use crate::seed::Seed;
use crate::stats::Counters;

/// Trouble that the settings ask for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    /// Time before a request is looked at.
    pub(crate) think_time: Duration,
    /// Every n-th request is answered with this status.
    pub(crate) fail_every: Option<(u64, StatusCode)>,
}

impl Faults {
    /// The status that takes the place of the answer to request `number`.
    pub(crate) fn status(&self, number: u64) -> Option<StatusCode> {
        let (every, status) = self.fail_every?;
        number.is_multiple_of(every).then_some(status)
    }
}

/// The part of a service that is not about its product.
#[derive(Debug)]
pub(crate) struct Front {
    pub(crate) seed: Seed,
    pub(crate) faults: Faults,
    pub(crate) counters: Counters,
    /// How often all continuations died.
    breaks: AtomicU64,
}

impl Front {
    pub(crate) fn new(seed: Seed, faults: Faults) -> Self {
        let (seed, counters) = (seed.branch("request ids"), Counters::default());
        Self { seed, faults, counters, breaks: AtomicU64::new(0) }
    }

    /// From now on the continuations that were given so far are refused.
    pub(crate) fn refuse_continuations(&self) {
        self.breaks.fetch_add(1, Relaxed);
    }

    /// How often all continuations died: those of another number are dead.
    pub(crate) fn breaks(&self) -> u64 {
        self.breaks.load(Relaxed)
    }

    /// Takes a request in: its number, after the think time.
    pub(crate) async fn begin(&self) -> u64 {
        let number = self.counters.request();
        if !self.faults.think_time.is_zero() {
            tokio::time::sleep(self.faults.think_time).await;
        }
        number
    }

    /// Sends the answer to request `number` off, at `now` of the service's own clock.
    pub(crate) fn finish(&self, number: u64, now: OffsetDateTime, answer: Answer) -> Response {
        self.counters.answer(&answer);
        let mut response = Response::new(Body::from(answer.body));
        *response.status_mut() = answer.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
        put(headers, DATE, &http_date(now));
        put(headers, HeaderName::from_static("x-request-id"), &self.seed.at(number).hex());
        if let Some(seconds) = answer.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        for (name, value) in &answer.headers {
            put(headers, HeaderName::from_static(name), value);
        }
        response
    }
}

/// Digits, letters, commas, colons and spaces are always a header value.
fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// A header's text.
pub(crate) fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// The token of `Authorization: Bearer …`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = header(headers, AUTHORIZATION.as_str())?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Scheme, host and port that the client asked for, also where a TLS front stands in between; the
/// service's own where it names no host.
pub(crate) fn origin(headers: &HeaderMap, base_url: &str) -> String {
    let is_https = header(headers, "x-forwarded-proto") == Some("https");
    let scheme = if is_https { "https" } else { "http" };
    let host = header(headers, HOST.as_str());
    host.map_or_else(|| base_url.to_owned(), |host| format!("{scheme}://{host}"))
}
