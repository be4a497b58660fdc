//! One token request, tried until it is answered, by the same decision as any other request. Its
//! origin is checked once, when the client is built: the address never changes.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method, header};
use tokio::time::{Instant, timeout};

use super::client_credentials::{ClientCredentials, Encoding, Proof};
use super::token_error::{self, OPERATION, TokenError};
use super::token_response::TokenResponse;
use crate::auth::oauth::ClientAssertion;
use crate::auth::sensitive;
use crate::error::{Error, ErrorKind, Result};
use crate::http::origin::{BaseUrl, Endpoint};
use crate::http::redact::Redactor;
use crate::http::request::{encode, encode_query};
use crate::http::secret::Secret;
use crate::http::transport::{HttpRequest, HttpResponse, TransportError};
use crate::send::attempts::{Attempts, Sender, outcome, read_retry_after};
use crate::send::rate_limit::RateLimit;
use crate::send::retry::{Decision, Outcome, PASSING};
use crate::text::duration;

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How tokens are asked for.
pub(super) struct Exchange {
    asked: ClientCredentials,
    endpoint: Endpoint,
    /// What a 429 closes, for all who ask the same host.
    gate: RateLimit,
    sender: Arc<Sender>,
    redactor: Redactor,
}

impl Exchange {
    pub(super) fn new(
        asked: ClientCredentials,
        sender: &Arc<Sender>,
        base: &BaseUrl,
        redactor: &Redactor,
    ) -> Result<Self> {
        asked.check()?;
        let endpoint = Endpoint::parse("token URL", &asked.token_url)?;
        if endpoint.is_plain() != base.is_plain() {
            // Proxies and certificates are chosen for the client as a whole.
            let why = "one of token URL and base URL is plain http on loopback, the other is not";
            let next = "use https for both, or loopback for both";
            return Err(Error::new(ErrorKind::Config, "token URL", why, next));
        }
        let gate = RateLimit::gate(format!("{OPERATION} {}", endpoint.origin));
        Ok(Self { asked, endpoint, gate, sender: Arc::clone(sender), redactor: redactor.clone() })
    }

    /// Fetches a token; also the instant from which its life counts.
    pub(super) async fn fetch(&self) -> Result<(TokenResponse, Instant)> {
        let sender = &*self.sender;
        let gate = std::slice::from_ref(&self.gate);
        let (mut attempts, mut doubted) = (Attempts::new(sender), false);
        loop {
            sender.limits.open(&self.gate).await;
            // Prepared anew each time: no service takes an assertion twice.
            let request = self.prepare().await?;
            let clean = |text: &str| self.redactor.redact(text);
            let begun = Instant::now();
            let result = attempts.send(OPERATION, request, clean).await;
            let outcome = without_disguise(&result);
            let mut decision = attempts.decide(outcome, true, false);
            let ends = matches!(decision, Decision::Done | Decision::GiveUp);
            if ends && !doubted && is_of_another(&result) {
                doubted = true;
                decision = attempts.decide(PASSING, true, false);
            }
            if let Outcome::Answer { status: 429, retry_after } = outcome {
                sender.limits.pause(gate, sender.retry.pause(decision, retry_after));
            }
            match (decision, result) {
                (Decision::Pause(pause), _) => attempts.pause(pause),
                (Decision::Retry(delay), _) => attempts.back_off(delay).await,
                (_, Ok(response)) if response.status.is_success() => {
                    attempts.succeeded();
                    return match TokenResponse::read(&response.body) {
                        Ok(token_response) => Ok((token_response, begun)),
                        Err(why) => Err(self.unreadable(&response, why, attempts.number, clean)),
                    };
                }
                (_, result) => return Err(self.error(result, attempts.number, clean)),
            }
        }
    }

    async fn prepare(&self) -> Result<HttpRequest> {
        let Self { asked, endpoint, sender, redactor, .. } = self;
        let mut parameters = asked.parameters();
        let mut headers = sender.headers();
        let id = ("client_id", asked.client_id.clone());
        match &asked.proof {
            Some(Proof::Body(secret)) => {
                let secret = self.in_time("client secret", secret.now()).await?;
                parameters.extend([id, ("client_secret", secret.expose().to_owned())]);
                redactor.note(&secret);
            }
            Some(Proof::Basic(secret)) => {
                let secret = self.in_time("client secret", secret.now()).await?;
                let encoded = encode(secret.expose());
                let pair = format!("{}:{encoded}", encode(&asked.client_id));
                let pair = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, pair);
                let value = sensitive(&format!("Basic {pair}"), "the client secret")?;
                headers.insert(header::AUTHORIZATION, value);
                [secret, encoded.into(), pair.into()]
                    .iter()
                    .for_each(|secret| redactor.note(secret));
            }
            Some(Proof::Assertion(source)) => {
                let assertion = self.assertion(&**source).await?;
                parameters.extend([
                    id,
                    ("client_assertion_type", JWT_BEARER.to_owned()),
                    ("client_assertion", assertion.expose().to_owned()),
                ]);
                redactor.note(&assertion);
            }
            // Refused when the client was built.
            None => {}
        }
        let (kind, body) = write(asked.encoding, &parameters);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        let (method, url) = (Method::POST, endpoint.url.clone());
        Ok(HttpRequest { method, url, headers, body })
    }

    /// An assertion of the caller's or of the certificate.
    async fn assertion(&self, source: &dyn ClientAssertion) -> Result<Secret> {
        const PROOF: &str = "client assertion";
        let Self { asked, endpoint, sender, .. } = self;
        let audience = asked.audience.as_deref().unwrap_or(endpoint.url.as_str());
        let assertion = self.in_time(PROOF, source.assertion(&asked.client_id, audience)).await?;
        if assertion.expose().trim().is_empty() {
            let (what, kind) = (sender.what(PROOF), ErrorKind::Authentication);
            return Err(Error::new(kind, what, "it is empty", "check where it comes from"));
        }
        Ok(assertion)
    }

    /// A proof that somebody else gives, within the time of a request.
    async fn in_time(
        &self,
        proof: &'static str,
        asking: impl Future<Output = Result<Secret>>,
    ) -> Result<Secret> {
        let limit = self.sender.timeout;
        timeout(limit, asking).await.unwrap_or_else(|_| {
            let why = format!("none within {}", duration(limit));
            let next = format!("check where each {proof} comes from, then run again");
            Err(Error::new(ErrorKind::Timeout, self.sender.what(proof), why, next))
        })
    }

    /// The error that the last attempt is.
    fn error(
        &self,
        result: Result<HttpResponse, TransportError>,
        attempts: u32,
        clean: impl Fn(&str) -> String,
    ) -> Error {
        let (error, pause) = match result {
            Ok(response) => {
                let answer = token_error::answer(&response);
                let fault = TokenError::read(&answer).into_fault(&answer, self.asked.advice);
                let error = self.sender.vendor.error_of(&answer, fault, clean);
                (error, read_retry_after(&response.headers))
            }
            Err(TransportError { step, reason }) => {
                let (kind, next) = token_error::meaning(step);
                (Error::new(kind, self.sender.what(OPERATION), clean(&reason), next), None)
            }
        };
        error.after_attempts(attempts, pause).of_host(self.endpoint.origin.to_string())
    }

    /// The error that a good status with something else than a token is.
    fn unreadable(
        &self,
        response: &HttpResponse,
        (why, next): (String, &'static str),
        attempts: u32,
        clean: impl Fn(&str) -> String,
    ) -> Error {
        let answer = token_error::answer(response);
        let refusal = TokenError::read(&answer);
        if answer.text(&[&["error"]]).is_some() {
            let fault = refusal.into_fault(&answer, self.asked.advice);
            let error = self.sender.vendor.error_of(&answer, fault, clean);
            return error.after_attempts(attempts, None).of_host(self.endpoint.origin.to_string());
        }
        Error::new(ErrorKind::Decode, self.sender.what(OPERATION), clean(&why), next)
            .with_status(response.status.as_u16())
            .with_request_id(self.sender.vendor.request_id(&response.headers, clean))
            .after_attempts(attempts, None)
            .of_host(self.endpoint.origin.to_string())
    }
}

/// The outcome of an attempt; a service that cannot now may say so under any status.
fn without_disguise(result: &Result<HttpResponse, TransportError>) -> Outcome {
    match (outcome(result), result) {
        (Outcome::Answer { status: 400..=428, retry_after }, Ok(response))
            if TokenError::read(&token_error::answer(response)).is_passing() =>
        {
            Outcome::Answer { status: 503, retry_after }
        }
        (outcome, _) => outcome,
    }
}

/// Whether an answer is neither a token nor an error of a token endpoint, but of something in
/// between that may be gone soon: a page of HTML, nothing at all, other JSON.
fn is_of_another(result: &Result<HttpResponse, TransportError>) -> bool {
    let Ok(response) = result else { return false };
    let (status, answer) = (response.status.as_u16(), token_error::answer(response));
    let is_token = response.status.is_success() && TokenResponse::read(&response.body).is_ok();
    let is_told =
        answer.text(&[&["access_token"]]).is_some() || TokenError::read(&answer).error.is_some();
    status != 429 && status < 500 && !is_token && !is_told
}

/// The body, and what kind of body it is.
fn write(encoding: Encoding, parameters: &[(&str, String)]) -> (&'static str, Bytes) {
    match encoding {
        Encoding::Form => {
            let pairs = parameters.iter().map(|(name, value)| (*name, value.as_str()));
            ("application/x-www-form-urlencoded", encode_query(pairs).into())
        }
        Encoding::Json => {
            let object: serde_json::Map<_, _> = parameters
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
                .collect();
            ("application/json", serde_json::Value::Object(object).to_string().into())
        }
    }
}
