//! The client and its builder.

mod error;
mod sign_ins;

pub use self::sign_ins::SignIns;

use signin_core::vendor::ClientOptions;
use signin_core::{Credential, StaticToken, builder_settings, client_calls};

use crate::client::error::{BASE, VENDOR};
use crate::{Error, ErrorKind, Result, Secret, TokenSource};

/// A client of NewVendor. Clones share connections, limits and the retry budget.
#[derive(Debug, Clone)]
pub struct Client(signin_core::vendor::Client);

impl Client {
    /// Starts a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder { settings: ClientOptions::new(&VENDOR, BASE, ""), credentials: Vec::new() }
    }

    /// The sign-ins of the account: `GET /v1/sign-ins`.
    pub fn sign_ins(&self) -> SignIns {
        SignIns::new(self.clone())
    }

    client_calls!(0);
}

/// Builds a [`Client`]. Everything that can be wrong with a setting is said by
/// [`build`](Self::build).
#[derive(Debug, Clone)]
#[must_use = "call build()"]
pub struct ClientBuilder {
    settings: ClientOptions,
    credentials: Vec<Result<Credential>>,
}

impl ClientBuilder {
    builder_settings!();

    /// A token that never changes, sent as `Authorization: Bearer`.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.credentials.push(StaticToken::new(token).map(Credential::bearer));
        self
    }

    /// Tokens from a source of your own, such as a vault, sent as `Authorization: Bearer`.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.credentials.push(Ok(Credential::bearer(source)));
        self
    }

    /// Builds the client. No I/O.
    ///
    /// # Errors
    /// [`ErrorKind::Config`], naming the setting: a base URL that is none or not https, no
    /// credential or two, a proxy or certificate that cannot be read.
    pub fn build(mut self) -> Result<Client> {
        let credential = match (self.credentials.pop(), self.credentials.len()) {
            (Some(credential), 0) => credential?,
            (None, _) => {
                return Err(refusal("there is no credential", "call token() on the builder"));
            }
            _ => {
                let next = "keep one of token() and token_source()";
                return Err(refusal("two credentials are given", next));
            }
        };
        self.settings.set_credential(credential);
        self.settings.build().map(Client)
    }
}

fn refusal(why: &'static str, next: &'static str) -> Error {
    Error::new(ErrorKind::Config, "newvendor", why, next)
}
