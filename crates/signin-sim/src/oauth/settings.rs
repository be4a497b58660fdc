//! What a simulated token endpoint is like.

use std::time::Duration;

use axum::http::StatusCode;

use super::errors::Errors;

/// What a simulated token endpoint is like.
#[derive(Clone, Debug)]
#[must_use = "settings do nothing until they are given to the builder"]
pub struct Settings {
    port: u16,
    pub(super) client_id: String,
    pub(super) client_secret: Option<String>,
    pub(super) proof: Proof,
    pub(super) encoding: Encoding,
    pub(super) scope: Option<String>,
    pub(super) life: Duration,
    pub(super) expires_in: ExpiresIn,
    pub(super) uses: Option<u64>,
    pub(super) errors: Errors,
    pub(super) fail_first: Option<(u64, StatusCode)>,
    pub(super) retry_after: Option<u64>,
}

/// The way in which the client must prove itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Proof {
    /// The secret in the body.
    Body,
    /// HTTP Basic, id and secret form-encoded within it.
    Basic,
    /// An assertion by RS256, with `x5t` and `kid` in its header.
    Rs256,
    /// An assertion by PS256, with `x5t#S256` in its header.
    Ps256,
}

/// What a token request's body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// A form.
    Form,
    /// A JSON object.
    Json,
}

/// How `expires_in` is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExpiresIn {
    /// Whole seconds as a number.
    Number,
    /// Whole seconds as a text.
    Text,
    /// Not at all.
    Absent,
    /// This JSON, true or not.
    Literal(&'static str),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 0,
            client_id: "app-1".to_owned(),
            client_secret: None,
            proof: Proof::Body,
            encoding: Encoding::Form,
            scope: None,
            life: Duration::from_secs(3600),
            expires_in: ExpiresIn::Number,
            uses: None,
            errors: Errors::Standard,
            fail_first: None,
            retry_after: None,
        }
    }
}

impl Settings {
    /// The port on which the endpoint listens; 0 for a free one.
    pub(crate) fn listens_at(&self) -> u16 {
        self.port
    }

    /// The port on 127.0.0.1 of an endpoint that stands alone. Default 0: a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The one client's id. Default `app-1`.
    pub fn client_id(mut self, id: impl Into<String>) -> Self {
        self.client_id = id.into();
        self
    }

    /// The client's secret. Default: made from the seed.
    pub fn client_secret(mut self, secret: impl Into<String>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// The one way of proving itself that is taken. Default [`Proof::Body`].
    pub fn proof(mut self, proof: Proof) -> Self {
        self.proof = proof;
        self
    }

    /// What the body must be. Default [`Encoding::Form`].
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// The scope that must be asked for. Default: any, or none.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// How long a token lives, in real time. Default an hour.
    pub fn life(mut self, life: Duration) -> Self {
        self.life = life;
        self
    }

    /// How `expires_in` is written. Default [`ExpiresIn::Number`].
    pub fn expires_in(mut self, expires_in: ExpiresIn) -> Self {
        self.expires_in = expires_in;
        self
    }

    /// How many requests of an API a token is good for. Default: any number.
    pub fn uses(mut self, uses: u64) -> Self {
        self.uses = Some(uses);
        self
    }

    /// The shape of refusals. Default [`Errors::Standard`].
    pub fn errors(mut self, errors: Errors) -> Self {
        self.errors = errors;
        self
    }

    /// The first `n` token requests are answered with `status` (400 to 599, else 503), whatever
    /// they ask. Default none.
    pub fn fail_first(mut self, n: u64, status: u16) -> Self {
        let status = StatusCode::from_u16(status)
            .ok()
            .filter(|status| status.is_client_error() || status.is_server_error());
        self.fail_first = Some((n, status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE)));
        self
    }

    /// The `Retry-After` header of those answers, in seconds. Default none.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}
