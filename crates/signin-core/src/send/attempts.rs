//! What a client's own requests and its token requests share: the transport, the gates, and the
//! attempts at one request.
//!
//! A token request passes the gate of its host, which a 429 closes for all siblings, but takes no
//! turn there: nobody who waits for a token may hold up the others.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep, timeout};

use crate::http::error_response::VendorSpec;
use crate::http::transport::{HttpRequest, HttpResponse, Step, Transport, TransportError};
use crate::send::clock::{self, ServiceClock};
use crate::send::rate_limit::Limits;
use crate::send::retry::{
    Attempt, Decision, Outcome, RetryBudget, RetryPolicy, decide, http_date, retry_after,
};
use crate::text::duration;

/// The way to the network. A client, its clones and its siblings share it.
pub(crate) struct Sender {
    pub(crate) vendor: &'static VendorSpec,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) limits: Limits,
    pub(crate) retry: RetryPolicy,
    pub(crate) budget: RetryBudget,
    /// Whether anything was ever answered.
    pub(crate) reached: AtomicBool,
    pub(crate) timeout: Duration,
    pub(crate) user_agent: HeaderValue,
    pub(crate) clock: ServiceClock,
}

impl Sender {
    /// The headers that every request has.
    pub(crate) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::USER_AGENT, self.user_agent.clone());
        headers
    }

    /// An operation in words: vendor and operation.
    pub(crate) fn what(&self, operation: &str) -> String {
        format!("{} {operation}", self.vendor.name)
    }
}

/// The attempts at one request.
pub(crate) struct Attempts<'a> {
    sender: &'a Sender,
    /// How often it was sent.
    pub(crate) number: u32,
    /// How often of these it was paused as the service asked.
    pauses: u32,
    /// How often it was backed off from.
    back_offs: u32,
    /// Time spent on sending and backing off.
    spent: Duration,
    /// The sum of the pauses.
    asked: Duration,
}

impl<'a> Attempts<'a> {
    pub(crate) fn new(sender: &'a Sender) -> Self {
        let (spent, asked) = (Duration::ZERO, Duration::ZERO);
        Self { sender, number: 0, pauses: 0, back_offs: 0, spent, asked }
    }

    /// Sends the request once, within what is left of its time. `clean` takes secrets out of what
    /// is traced.
    pub(crate) async fn send(
        &mut self,
        operation: &str,
        request: HttpRequest,
        clean: impl Fn(&str) -> String,
    ) -> Result<HttpResponse, TransportError> {
        self.number += 1;
        let begun = Instant::now();
        let limit = self.sender.timeout.min(self.sender.retry.deadline.saturating_sub(self.spent));
        let result =
            timeout(limit, self.sender.transport.send(request)).await.unwrap_or_else(|_| {
                let reason = format!("no whole answer within {}", duration(limit));
                Err(TransportError { step: Step::Timeout, reason })
            });
        let took = begun.elapsed();
        self.spent += took;
        self.sender.reached.fetch_or(result.is_ok(), Ordering::Relaxed);
        trace(self.sender.vendor.name, operation, self.number, took, &result, clean);
        result
    }

    /// What to do after an attempt.
    pub(crate) fn decide(&self, outcome: Outcome, idempotent: bool, can_refresh: bool) -> Decision {
        let attempt = Attempt {
            failures: self.number - self.pauses,
            outcome,
            idempotent,
            spent: self.spent,
            asked: self.asked,
            can_refresh,
            in_budget: self.sender.budget.allows(),
            reached: self.sender.reached.load(Ordering::Relaxed),
            jitter: jitter(),
        };
        decide(&self.sender.retry, &attempt)
    }

    /// The request waits behind a closed gate, for as long as the service asked.
    pub(crate) fn pause(&mut self, pause: Duration) {
        self.pauses += 1;
        self.asked = self.asked.saturating_add(pause);
    }

    /// Waits before the next attempt.
    pub(crate) async fn back_off(&mut self, delay: Duration) {
        self.back_offs += 1;
        self.sender.budget.retried();
        sleep(delay).await;
        self.spent += delay;
    }

    /// The request got through.
    pub(crate) fn succeeded(&self) {
        self.sender.budget.succeeded(self.back_offs > 0);
    }
}

/// What came of an attempt, in the words of the decision.
pub(crate) fn outcome(result: &Result<HttpResponse, TransportError>) -> Outcome {
    match result {
        Ok(answer) => Outcome::Answer {
            status: answer.status.as_u16(),
            retry_after: read_retry_after(&answer.headers),
        },
        Err(error) => Outcome::Failure(error.step),
    }
}

pub(crate) fn read_retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    retry_after(value, date(headers).unwrap_or_else(clock::now))
}

/// The time at which the service answered, by its own clock.
pub(crate) fn date(headers: &HeaderMap) -> Option<OffsetDateTime> {
    let value = headers.get(header::DATE)?.to_str().ok()?;
    http_date(value)
}

/// Anything from 0 to 1, from the randomness that the standard library keeps for its maps.
fn jitter() -> f64 {
    let random = u32::try_from(RandomState::new().hash_one(()) >> 32).unwrap_or(0);
    f64::from(random) / f64::from(u32::MAX)
}

#[cfg(feature = "tracing")]
fn trace(
    vendor: &str,
    operation: &str,
    attempt: u32,
    took: Duration,
    result: &Result<HttpResponse, TransportError>,
    clean: impl Fn(&str) -> String,
) {
    let elapsed_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let (status, failure) = match result {
        Ok(answer) => (answer.status.as_u16(), String::new()),
        Err(error) => (0, clean(&error.reason)),
    };
    tracing::debug!(vendor, operation, attempt, status, elapsed_ms, failure, "request");
}

#[cfg(not(feature = "tracing"))]
fn trace(
    _: &str,
    _: &str,
    _: u32,
    _: Duration,
    _: &Result<HttpResponse, TransportError>,
    _: impl Fn(&str) -> String,
) {
}
