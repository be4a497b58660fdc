//! The client and its pipeline: limits, then the credential after the check of the origin, then the
//! transport, then the decision whether to try again.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use http::{HeaderValue, StatusCode};
use time::OffsetDateTime;
use tokio::time::Instant;
use url::Url;

use crate::auth::{Credential, Holder};
use crate::client::options::ClientOptions;
use crate::error::{Error, ErrorKind, Result};
use crate::http::error_response::{ErrorResponse, VendorSpec};
use crate::http::origin::{BaseUrl, Origin};
use crate::http::redact::Redactor;
use crate::http::request::Request;
use crate::http::reqwest_transport::ReqwestTransport;
use crate::http::secret::Secret;
use crate::http::transport::{HttpRequest, HttpResponse, Step, TransportError};
use crate::send::attempts::{Attempts, Sender, outcome, read_retry_after};
use crate::send::clock::{self, ServiceClock};
use crate::send::counters::RequestCounters;
use crate::send::rate_limit::RateLimit;
use crate::send::request_id;
use crate::send::retry::{Decision, Outcome, PASSING, RetryBudget};

/// A client of one vendor's API. Clones share connections, limits and the retry budget.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    base: BaseUrl,
    credential: Holder,
    sender: Arc<Sender>,
    /// Whether records that do not fit are read as far as they do.
    lenient: bool,
}

/// A good answer, and how often it was asked for.
pub(crate) struct Answered {
    pub(crate) response: HttpResponse,
    pub(crate) attempts: u32,
    /// When it was asked for, by this machine's clock.
    pub(crate) sent: OffsetDateTime,
}

/// One request with its address, on its way through the pipeline.
pub(crate) struct Call<'a> {
    pub(crate) operation: &'static str,
    pub(crate) request: &'a Request,
    pub(crate) url: Url,
    pub(crate) rate_limits: &'a [RateLimit],
}

impl Client {
    pub(crate) fn new(settings: ClientOptions) -> Result<Self> {
        let vendor = settings.vendor;
        let base = BaseUrl::parse(&settings.base_url)?.without_suffix(settings.api_path);
        let credential = settings.credential.clone().ok_or_else(|| {
            let next = "give the builder a key or a token";
            Error::new(ErrorKind::Config, vendor.name, "there is no credential", next)
        })?;
        let spans = [settings.http.connect_timeout, settings.http.read_timeout, settings.timeout];
        if spans.contains(&Duration::ZERO) {
            let next = "give a span, or leave the setting out";
            return Err(Error::new(ErrorKind::Config, vendor.name, "a time-out is zero", next));
        }
        let suffix = settings.user_agent.as_deref().unwrap_or_default();
        let user_agent = HeaderValue::from_str(format!("{} {suffix}", vendor.agent).trim_end())
            .map_err(|_| {
                let why = "it holds a character that no header can carry";
                Error::new(ErrorKind::Config, "user agent", why, "give a name such as my-tool/1.2")
            })?;
        let transport = match &settings.transport {
            Some(transport) => Arc::clone(transport),
            None => Arc::new(ReqwestTransport::new(&settings.http, &base)?),
        };
        let sender = Arc::new(Sender {
            vendor,
            transport,
            limits: settings.limits,
            retry: settings.retry,
            budget: RetryBudget::new(),
            reached: AtomicBool::new(false),
            timeout: settings.timeout,
            user_agent,
            clock: settings.clock,
        });
        let credential = credential.connect(&sender, &base)?;
        let lenient = settings.lenient;
        Ok(Self(Arc::new(Shared { base, credential, sender, lenient })))
    }

    /// Another client of the same API with another credential: for the many tenants of one
    /// provider. It is a light value, and shares transport, connections, limits and the retry
    /// budget with this one.
    ///
    /// # Errors
    /// [`ErrorKind::Config`]: what is wrong with the credential. No I/O.
    pub fn sibling(&self, credential: impl Into<Credential>) -> Result<Self> {
        let Shared { base, sender, lenient, .. } = &*self.0;
        let credential = credential.into().connect(sender, base)?;
        let (base, sender) = (base.clone(), Arc::clone(sender));
        Ok(Self(Arc::new(Shared { base, credential, sender, lenient: *lenient })))
    }

    /// The scheme, host and port that every request goes to.
    pub fn origin(&self) -> &Origin {
        self.0.base.origin()
    }

    pub(crate) fn base(&self) -> &BaseUrl {
        &self.0.base
    }

    pub(crate) fn vendor(&self) -> &'static VendorSpec {
        self.0.sender.vendor
    }

    pub(crate) fn clock(&self) -> &ServiceClock {
        &self.0.sender.clock
    }

    /// Whether records that do not fit are read as far as they do.
    pub(crate) fn is_lenient(&self) -> bool {
        self.0.lenient
    }

    /// Takes back the body of a page that was yielded.
    pub(crate) fn take_back(&self, body: Vec<u8>) {
        self.0.sender.transport.take_back(body);
    }

    /// The secrets that this client showed last.
    pub(crate) fn redactor(&self) -> &Redactor {
        self.0.credential.redactor()
    }

    /// Sends a request until it is answered, or there is no use in trying further.
    pub(crate) async fn send(
        &self,
        call: &Call<'_>,
        counters: &RequestCounters,
    ) -> Result<Answered> {
        self.check_origin(call)?;
        let sender = &*self.0.sender;
        // Where the vendor documents no limit there is still the gate that a 429 closes.
        let gate = [RateLimit::gate(call.operation)];
        let rate_limits = if call.rate_limits.is_empty() { &gate } else { call.rate_limits };
        let (mut attempts, mut refreshed, mut doubted) = (Attempts::new(sender), false, false);
        loop {
            // A token that has to be fetched is fetched before the request counts as started. It is
            // asked for again after the wait, in which it may have run out: then the request starts
            // later than it was counted.
            self.token().await?;
            let queued = Instant::now();
            let start = sender.limits.start(rate_limits).await;
            counters.waited(queued.elapsed());
            let token = self.token().await?;
            start.begin_now();
            let request = self.dress(call, &token)?;
            let name = call.request.request_id.as_ref().and_then(|name| request.headers.get(name));
            let name = name.and_then(|name| name.to_str().ok()).map(str::to_owned);
            counters.request();
            let sent = clock::now();
            let result =
                attempts.send(call.operation, request, |text| self.redactor().redact(text)).await;
            let outcome = outcome(&result);
            let unauthorised = matches!(outcome, Outcome::Answer { status: 401, .. });
            let can_refresh = unauthorised && !refreshed && self.0.credential.refused(&token);
            let mut decision = attempts.decide(outcome, call.request.idempotent, can_refresh);
            if decision == Decision::GiveUp && !doubted && self.is_passing(call, &result) {
                doubted = true;
                decision = attempts.decide(PASSING, call.request.idempotent, false);
            }
            if let Outcome::Answer { status: 429, retry_after } = outcome {
                counters.throttled();
                sender.limits.pause(rate_limits, sender.retry.pause(decision, retry_after));
            }
            let number = attempts.number;
            match (decision, result) {
                (Decision::Done, Ok(response)) => {
                    attempts.succeeded();
                    return Ok(Answered { response, attempts: number, sent });
                }
                (Decision::GiveUp | Decision::Done, result) => {
                    return Err(self.error(call, result, number).or_request_id(name));
                }
                (Decision::Refresh, _) => refreshed = true,
                (Decision::Pause(pause), _) => attempts.pause(pause),
                (Decision::Retry(delay), _) => {
                    attempts.back_off(delay).await;
                    counters.waited(delay);
                }
            }
            counters.retry();
        }
    }

    /// Whether the vendor's crate knows a refusal for one that may pass.
    fn is_passing(&self, call: &Call<'_>, result: &Result<HttpResponse, TransportError>) -> bool {
        let Ok(HttpResponse { status, headers, body }) = result else { return false };
        let answer = ErrorResponse { operation: call.operation, status: *status, headers, body };
        let refused = status.is_client_error() && *status != StatusCode::TOO_MANY_REQUESTS;
        refused && (self.0.sender.vendor.fault)(&answer).kind == Some(ErrorKind::Service)
    }

    async fn token(&self) -> Result<Secret> {
        self.0.credential.token().await
    }

    /// Nothing secret is attached to a request that would leave the client's own origin.
    fn check_origin(&self, call: &Call<'_>) -> Result<()> {
        if Origin::of(&call.url).as_ref() == Some(self.origin()) {
            return Ok(());
        }
        let next = "the credential was not sent; set the base URL to the API's own host";
        Err(Error::new(
            ErrorKind::Origin,
            self.what(call.operation),
            "the address is of another origin",
            next,
        ))
    }

    fn dress(&self, call: &Call<'_>, token: &Secret) -> Result<HttpRequest> {
        let mut headers = self.0.sender.headers();
        for (name, value) in &call.request.headers {
            headers.insert(name.clone(), value.clone());
        }
        if let Some(name) = &call.request.request_id
            && let Ok(value) = HeaderValue::from_str(&request_id::uuid())
        {
            headers.insert(name.clone(), value);
        }
        self.0.credential.attach(&mut headers, token)?;
        Ok(HttpRequest {
            method: call.request.method.clone(),
            url: call.url.clone(),
            headers,
            body: call.request.body.clone().unwrap_or_default(),
        })
    }

    /// An operation in words: vendor and operation.
    pub(crate) fn what(&self, operation: &str) -> String {
        self.0.sender.what(operation)
    }

    pub(crate) fn error(
        &self,
        call: &Call<'_>,
        result: Result<HttpResponse, TransportError>,
        attempts: u32,
    ) -> Error {
        match result {
            Ok(HttpResponse { status, headers, body }) => {
                let answer = ErrorResponse {
                    operation: call.operation,
                    status,
                    headers: &headers,
                    body: &body,
                };
                let pause = read_retry_after(&headers);
                let error =
                    self.0.sender.vendor.error(&answer, |text| self.redactor().redact(text));
                error.after_attempts(attempts, pause).of_host(self.origin().to_string())
            }
            Err(TransportError { step, reason }) => {
                let (kind, next) = match step {
                    Step::Connect => (
                        ErrorKind::Network,
                        "check host, network and proxy, then run again from the checkpoint",
                    ),
                    Step::Name => (ErrorKind::Host, "check the base URL, network and proxy"),
                    Step::Tls => (
                        ErrorKind::Host,
                        "check the base URL; where an authority of your own issued it, give the builder its root certificate",
                    ),
                    Step::Timeout => (
                        ErrorKind::Timeout,
                        "ask for smaller pages, or resume later from the checkpoint",
                    ),
                    Step::TooLarge => {
                        (ErrorKind::TooLarge, "ask for smaller pages, or raise the body cap")
                    }
                    Step::Request => (ErrorKind::Argument, "check the arguments"),
                    Step::Answer => {
                        (ErrorKind::Network, "run again from the checkpoint; nothing is lost")
                    }
                };
                let reason = self.redactor().redact(&reason);
                Error::new(kind, self.what(call.operation), reason, next)
                    .after_attempts(attempts, None)
                    .of_host(self.origin().to_string())
            }
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("vendor", &self.0.sender.vendor.name)
            .field("origin", self.0.base.origin())
            .field("credential", &self.0.credential)
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    use super::*;
    use crate::auth::StaticToken;
    use crate::http::error_response::ErrorDetails;
    use crate::http::request::Segment;
    use crate::testing::{Reply, Scripted};

    static VENDOR: VendorSpec = VendorSpec {
        name: "acme",
        agent: "acme/1",
        documented_base: None,
        request_id: &[],
        fault: |_| ErrorDetails::default(),
    };

    /// Links and built addresses are checked before; this is the last gate before the key.
    #[tokio::test(start_paused = true)]
    async fn p4_a_request_to_another_origin_is_stopped_before_the_credential_is_asked_for() {
        let script = Scripted::respond(|_| Reply::json("{}"));
        let mut settings = ClientOptions::new(&VENDOR, "https://api.example", "");
        settings.set_credential(Credential::bearer(StaticToken::new("key-0123456789").unwrap()));
        settings.set_transport(script.clone());
        let client = settings.build().unwrap();
        let request = Request::get([Segment::fixed("x")]);
        for (url, refused) in [
            ("https://api.example/x", false),
            ("https://api.example:8443/x", true),
            ("http://api.example/x", true),
            ("https://evil.example/x", true),
        ] {
            let url = Url::parse(url).unwrap();
            let call = Call { operation: "x", request: &request, url, rate_limits: &[] };
            let sent = script.sent().len();
            let result = client.send(&call, &RequestCounters::default()).await.map(drop);
            assert_eq!(
                result.map_err(|error| error.kind()),
                if refused { Err(ErrorKind::Origin) } else { Ok(()) }
            );
            assert_eq!(script.sent().len(), sent + usize::from(!refused));
        }
    }
}
