//! What to ask a token endpoint for, and with which proof: plain data.

use std::fmt;
use std::sync::Arc;

use crate::auth::oauth::{ClientAssertion, ClientSecret, TokenError};
use crate::error::{Error, ErrorKind, Result};
use crate::http::origin::Endpoint;

/// OAuth 2.0 client credentials: who asks where for a token, and how it proves itself.
///
/// Nothing is checked before the client is built with it.
#[derive(Clone)]
#[must_use = "give it to a client's settings"]
pub struct ClientCredentials {
    pub(super) token_url: String,
    pub(super) client_id: String,
    pub(super) proof: Option<Proof>,
    pub(super) audience: Option<String>,
    scopes: Vec<String>,
    parameters: Vec<(String, String)>,
    pub(super) encoding: Encoding,
    pub(super) advice: fn(&TokenError) -> Option<&'static str>,
}

/// How the client proves itself.
#[derive(Clone)]
pub(super) enum Proof {
    Body(ClientSecret),
    Basic(ClientSecret),
    Assertion(Arc<dyn ClientAssertion>),
}

/// How the parameters are written into the body.
#[derive(Debug, Clone, Copy)]
pub(super) enum Encoding {
    Form,
    Json,
}

/// The parameters that are written by this crate only.
const RESERVED: [&str; 6] = [
    "grant_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "scope",
];

/// What to do about something that is empty.
pub(super) const EMPTY: &str = "give its text; a file or variable may have been empty";

/// Whether this is a token endpoint's whole address, rather than its root: one whose path ends in
/// `/token`.
pub fn is_whole(address: &str) -> bool {
    let address = address.trim().trim_end_matches('/');
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.rsplit_once('/').is_some_and(|(_, last)| last.eq_ignore_ascii_case("token"))
}

/// The URL of a token endpoint that is given by its whole address or by its root, which may be a
/// path below a gateway's host: to a root `path` is added, the endpoint's own, from its slash on.
///
/// ```
/// use signin_core::vendor::token_url;
///
/// let whole = "https://auth.acme.example/as/token";
/// assert_eq!(token_url(whole, "/oauth2/token"), whole);
/// let root = "https://gateway.example/login/";
/// assert_eq!(token_url(root, "/oauth2/token"), "https://gateway.example/login/oauth2/token");
/// ```
pub fn token_url(address: &str, path: &str) -> String {
    let trimmed = address.trim().trim_end_matches('/');
    if is_whole(address) { trimmed.to_owned() } else { format!("{trimmed}{path}") }
}

impl ClientCredentials {
    /// Asks this token endpoint as this client. https, or plain http on loopback; no query. The
    /// path must be as it is sent: percent-encode ids within it by
    /// [`Segment::value`](crate::http::request::Segment::value), whose text is the encoded one.
    pub fn new(token_url: impl Into<String>, client_id: impl Into<String>) -> Self {
        Self {
            token_url: token_url.into(),
            client_id: client_id.into(),
            proof: None,
            audience: None,
            scopes: Vec::new(),
            parameters: Vec::new(),
            encoding: Encoding::Form,
            advice: |_| None,
        }
    }

    /// The same at another token endpoint: for builders that learn it later.
    pub fn at(self, token_url: impl Into<String>) -> Self {
        Self { token_url: token_url.into(), ..self }
    }

    /// Proves itself by a secret in the body (`client_secret_post`). Of several proofs the last
    /// one holds.
    pub fn secret_in_body(self, secret: impl Into<ClientSecret>) -> Self {
        Self { proof: Some(Proof::Body(secret.into())), ..self }
    }

    /// Proves itself by HTTP Basic (`client_secret_basic`), id and secret percent-encoded first as
    /// [RFC 6749, 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1) asks.
    pub fn secret_by_basic(self, secret: impl Into<ClientSecret>) -> Self {
        Self { proof: Some(Proof::Basic(secret.into())), ..self }
    }

    /// Proves itself by a client assertion (`private_key_jwt`, or a federated token).
    pub fn assertion(self, assertion: impl ClientAssertion) -> Self {
        Self { proof: Some(Proof::Assertion(Arc::new(assertion))), ..self }
    }

    /// The audience that assertions are made for. Default: the token URL. Needed behind a gateway,
    /// where the service knows itself by another name.
    pub fn audience(self, audience: impl Into<String>) -> Self {
        Self { audience: Some(audience.into()), ..self }
    }

    /// Asks for a scope. Several are joined by a space.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scopes.push(scope.into());
        self
    }

    /// A further parameter of the token request, such as `audience` or `resource`. Values are
    /// never shown.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Writes the body as a JSON object. Default: a form, as the standard has it.
    pub fn json(self) -> Self {
        Self { encoding: Encoding::Json, ..self }
    }

    /// What to do about a refusal, where the vendor's codes tell more than the standard's. The
    /// text follows the reason in the error's line; 120 characters at most.
    pub fn advice(self, advice: fn(&TokenError) -> Option<&'static str>) -> Self {
        Self { advice, ..self }
    }

    /// The parameters beside the proof, in the order in which they are sent.
    pub(super) fn parameters(&self) -> Vec<(&str, String)> {
        let mut all = vec![("grant_type", "client_credentials".to_owned())];
        if !self.scopes.is_empty() {
            all.push(("scope", self.scopes.join(" ")));
        }
        all.extend(self.parameters.iter().map(|(name, value)| (name.as_str(), value.clone())));
        all
    }

    /// What can be said without asking anybody.
    pub(super) fn check(&self) -> Result<()> {
        let refuse = |why: String, next: &'static str| {
            Err(Error::new(ErrorKind::Config, "client credentials", why, next))
        };
        if self.client_id.trim().is_empty() {
            return refuse("the client id is empty".into(), EMPTY);
        }
        match &self.proof {
            None => {
                let next = "give the builder a secret, a certificate or an assertion";
                return refuse("there is no secret".into(), next);
            }
            Some(Proof::Body(secret) | Proof::Basic(secret)) => secret.check()?,
            Some(Proof::Assertion(_)) => {}
        }
        let mut names = self.parameters.iter().map(|(name, _)| name.as_str());
        if let Some(name) = names.find(|name| name.is_empty() || RESERVED.contains(name)) {
            let next = "leave it out, or use the method that sets it";
            return refuse(format!("the parameter {name:?} cannot be set"), next);
        }
        Ok(())
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.parameters.iter().map(|(name, _)| name).collect();
        // A URL may hold user info, for which building will refuse it.
        let origin = Endpoint::parse("token URL", &self.token_url).map(|url| url.origin).ok();
        f.debug_struct("ClientCredentials")
            .field("origin", &origin)
            .field("client_id", &self.client_id)
            .field("proof", &self.proof)
            .field("scopes", &self.scopes)
            .field("parameters", &names)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Body(_) => "secret in body",
            Self::Basic(_) => "secret by Basic",
            Self::Assertion(_) => "assertion",
        })
    }
}
