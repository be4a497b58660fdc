//! Where tokens come from: the caller, or the identity service of the app's environment.

use signin_core::vendor::{TokenError, token_url};
use signin_core::{ClientCredentials, Credential};

use crate::{Environment, Error, ErrorKind, Result};

/// What is asked for unless the caller says otherwise: sign-ins, and customers.
const SCOPES: [&str; 2] = ["elements.um.user.read.all", "elements.customers.read.all"];

/// Token requests with a longer scope have failed.
const LONGEST_SCOPE: usize = 300;

/// The token endpoint below the identity service's base.
const TOKEN_PATH: &str = "/connect/token";

/// What the builder was given as tokens.
#[derive(Debug, Clone, Default)]
pub(crate) struct Access {
    pub(crate) auth_url: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) offers: Vec<Offer>,
}

/// A credential, or what gets one.
#[derive(Debug, Clone)]
pub(crate) enum Offer {
    Token(Result<Credential>),
    App(Result<ClientCredentials>),
}

impl Access {
    /// The one credential of a client in this environment.
    pub(crate) fn credential(mut self, environment: Environment) -> Result<Credential> {
        match (self.offers.pop(), self.offers.len()) {
            (None, _) => Err(refuse(
                "there is no credential".into(),
                "call client_secret() or token() on the builder",
            )),
            (Some(Offer::App(app)), 0) => self.app(app?, environment),
            (Some(Offer::Token(_)), 0) if self.auth_url.is_some() || !self.scopes.is_empty() => {
                let why = "auth_url and scope go with an app's secret or certificate only";
                Err(refuse(why.into(), "leave them out"))
            }
            (Some(Offer::Token(credential)), 0) => credential,
            _ => Err(refuse("two credentials are given".into(), "keep one of them")),
        }
    }

    fn app(self, app: ClientCredentials, environment: Environment) -> Result<Credential> {
        let root = self.auth_url.as_deref().unwrap_or(environment.identity_url());
        let scopes = match self.scopes.is_empty() {
            true => SCOPES.map(str::to_owned).to_vec(),
            false => self.scopes,
        };
        let length = scopes.join(" ").chars().count();
        if length > LONGEST_SCOPE {
            let why = format!("the scope has {length} characters");
            let next = "AvePoint refuses more than 300: ask only for what you read";
            return Err(refuse(why, next));
        }
        let app = app.at(token_url(root, TOKEN_PATH)).advice(advice);
        Ok(scopes.into_iter().fold(app, ClientCredentials::scope).into())
    }
}

/// What to do about a token request that is refused.
fn advice(error: &TokenError) -> Option<&'static str> {
    match error.error.as_deref()? {
        "invalid_client" => Some(
            "check client id and secret or certificate, and that the app is of this environment",
        ),
        "invalid_scope" => Some("give the app the permissions that it asks for, or set scope()"),
        _ => None,
    }
}

fn refuse(why: String, next: &'static str) -> Error {
    Error::new(ErrorKind::Config, "avepoint", why, next)
}
