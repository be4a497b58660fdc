//! Credentials: tokens, where they come from, and how they are written into a request.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use tokio::time::timeout;

use crate::auth::oauth::{ClientCredentials, TokenCache};
use crate::error::{Error, ErrorKind, Result};
use crate::http::origin::BaseUrl;
use crate::http::redact::Redactor;
use crate::http::secret::Secret;
use crate::http::transport::Deferred;
use crate::send::attempts::Sender;
use crate::text::duration;

/// Where tokens come from: a static key, an OAuth server, a vault, a managed identity.
pub trait TokenSource: Send + Sync + 'static {
    /// The token to use now. Called before each request, and again after a wait for limits: keep
    /// what is still good.
    fn token(&self) -> Deferred<'_, Result<Secret>>;

    /// The service answered 401 to this token. Returns true if the next call of
    /// [`token`](Self::token) may give another one; the request is then sent once more.
    fn refused(&self, _token: &Secret) -> bool {
        false
    }
}

/// A token that never changes.
#[derive(Debug, Clone)]
pub struct StaticToken(Secret);

impl StaticToken {
    /// This token, always.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if it is empty or holds what no header can carry, such as a line
    /// break at its end.
    pub fn new(token: impl Into<Secret>) -> Result<Self> {
        let token = token.into();
        if token.expose().trim().is_empty() {
            let next = "give the key's text; a file or variable may have been empty";
            return Err(Error::new(ErrorKind::Config, "credential", "the key is empty", next));
        }
        sensitive(token.expose(), "the key")?;
        Ok(Self(token))
    }
}

impl TokenSource for StaticToken {
    fn token(&self) -> Deferred<'_, Result<Secret>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }
}

/// A token source and the way its token is written into a request.
#[derive(Clone)]
pub struct Credential {
    source: Source,
    form: Form,
}

#[derive(Clone)]
enum Source {
    Given(Arc<dyn TokenSource>),
    /// Becomes a source once there is a transport to ask by.
    ClientCredentials(ClientCredentials),
}

/// How a token is written into a request.
#[derive(Debug, Clone)]
struct Form {
    scheme: Scheme,
    beside: Vec<(HeaderName, HeaderValue)>,
}

#[derive(Debug, Clone)]
enum Scheme {
    Bearer,
    Header(HeaderName),
}

impl Credential {
    /// `Authorization: Bearer <token>`.
    pub fn bearer(source: impl TokenSource) -> Self {
        Self::new(Source::Given(Arc::new(source)), Scheme::Bearer)
    }

    /// The token in a header of its own.
    pub fn header(name: HeaderName, source: impl TokenSource) -> Self {
        Self::new(Source::Given(Arc::new(source)), Scheme::Header(name))
    }

    fn new(source: Source, scheme: Scheme) -> Self {
        Self { source, form: Form { scheme, beside: Vec::new() } }
    }

    /// A further header that goes with the token and only where the token goes.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if its value holds what no header can carry.
    pub fn beside(mut self, name: HeaderName, value: &str) -> Result<Self> {
        let value = sensitive(value, name.as_str())?;
        self.form.beside.push((name, value));
        Ok(self)
    }

    /// True if the token goes into `Authorization: Bearer`.
    pub fn is_bearer(&self) -> bool {
        matches!(self.form.scheme, Scheme::Bearer)
    }

    /// The credential with a way to the network, for the API at `base`.
    pub(crate) fn connect(self, sender: &Arc<Sender>, base: &BaseUrl) -> Result<Holder> {
        let redactor = Redactor::default();
        let (source, limit): (Arc<dyn TokenSource>, _) = match self.source {
            Source::Given(source) => (source, Some(sender.timeout)),
            // It bounds each of its steps, and waits as long as the service asks it to.
            Source::ClientCredentials(asked) => {
                (Arc::new(TokenCache::new(asked, sender, base, &redactor)?), None)
            }
        };
        Ok(Holder { source, limit, form: self.form, redactor })
    }
}

impl From<ClientCredentials> for Credential {
    /// `Authorization: Bearer`, with the tokens that the token endpoint gives.
    fn from(asked: ClientCredentials) -> Self {
        Self::new(Source::ClientCredentials(asked), Scheme::Bearer)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut redactor = f.debug_struct("Credential");
        if let Source::ClientCredentials(asked) = &self.source {
            redactor.field("source", asked);
        }
        redactor.field("scheme", &self.form.scheme).finish_non_exhaustive()
    }
}

/// A credential within a client.
pub(crate) struct Holder {
    source: Arc<dyn TokenSource>,
    /// How long the source may take.
    limit: Option<Duration>,
    form: Form,
    redactor: Redactor,
}

impl Holder {
    /// The token to use now. A source that does not answer is a time-out like any other.
    pub(crate) async fn token(&self) -> Result<Secret> {
        let Some(limit) = self.limit else {
            return self.source.token().await;
        };
        timeout(limit, self.source.token()).await.unwrap_or_else(|_| {
            let why = format!("no token within {}", duration(limit));
            let next = "check where tokens come from, then run again";
            Err(Error::new(ErrorKind::Timeout, "credential", why, next))
        })
    }

    pub(crate) fn refused(&self, token: &Secret) -> bool {
        self.source.refused(token)
    }

    /// The secrets that it showed last.
    pub(crate) fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Writes the token into the headers. Called after the check of the origin only.
    pub(crate) fn attach(&self, headers: &mut HeaderMap, token: &Secret) -> Result<()> {
        let (name, text) = match &self.form.scheme {
            Scheme::Bearer => (header::AUTHORIZATION, format!("Bearer {}", token.expose())),
            Scheme::Header(name) => (name.clone(), token.expose().to_owned()),
        };
        headers.insert(name, sensitive(&text, "the token")?);
        self.redactor.note(token);
        for (name, value) in &self.form.beside {
            headers.insert(name.clone(), value.clone());
        }
        Ok(())
    }
}

impl fmt::Debug for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("scheme", &self.form.scheme).finish_non_exhaustive()
    }
}

/// A header value that is never shown.
pub(crate) fn sensitive(text: &str, name: &str) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        let why = format!("{name} holds a character that no header can carry");
        let next = "look for a line break or a stray character at its end";
        Error::new(ErrorKind::Config, "credential", why, next)
    })?;
    value.set_sensitive(true);
    Ok(value)
}
