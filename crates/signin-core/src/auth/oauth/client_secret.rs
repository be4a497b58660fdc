//! A client's secret, or where it is read from.

use std::fmt;
use std::sync::Arc;

use crate::auth::TokenSource;
use crate::error::{Error, ErrorKind, Result};
use crate::http::secret::Secret;

/// A client's secret for a token endpoint: its text, or a source that is asked for it before each
/// token request, so that the secret can be replaced while the program runs.
#[derive(Clone)]
pub struct ClientSecret(Kind);

#[derive(Clone)]
enum Kind {
    Text(Secret),
    Source(Arc<dyn TokenSource>),
}

impl ClientSecret {
    /// The secret that this source gives, such as a file or a vault. [`TokenSource::token`] is
    /// called before each token request, those that are tried again included, and is given the
    /// client's time-out for a request.
    pub fn from_source(source: impl TokenSource) -> Self {
        Self(Kind::Source(Arc::new(source)))
    }

    /// What can be said of it without asking anybody.
    pub(super) fn check(&self) -> Result<()> {
        match &self.0 {
            Kind::Text(secret) => checked(secret).map(drop),
            Kind::Source(_) => Ok(()),
        }
    }

    /// The secret to show now.
    pub(super) async fn now(&self) -> Result<Secret> {
        match &self.0 {
            Kind::Text(secret) => Ok(secret.clone()),
            Kind::Source(source) => checked(&source.token().await?).cloned(),
        }
    }
}

fn checked(secret: &Secret) -> Result<&Secret> {
    let refuse = |why, next| Err(Error::new(ErrorKind::Config, "client credentials", why, next));
    if secret.expose().trim().is_empty() {
        return refuse("the client secret is empty", super::client_credentials::EMPTY);
    }
    if secret.expose().contains(char::is_control) {
        let next = "look for a line break at its end";
        return refuse("the client secret holds a control character", next);
    }
    Ok(secret)
}

impl From<Secret> for ClientSecret {
    fn from(secret: Secret) -> Self {
        Self(Kind::Text(secret))
    }
}

impl From<&str> for ClientSecret {
    fn from(text: &str) -> Self {
        Secret::from(text).into()
    }
}

impl From<String> for ClientSecret {
    fn from(text: String) -> Self {
        Secret::from(text).into()
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Text(_) => "ClientSecret(…)",
            Kind::Source(_) => "ClientSecret(source)",
        })
    }
}
