//! The client and its builder.

mod all_sign_ins;
mod error;
mod listing;
mod login_logs;
mod users;

pub use self::all_sign_ins::{AllSignIns, ListedUser};
pub use self::login_logs::{LoginEvent, LoginLogs};
pub use self::users::Users;

use std::sync::Arc;

use signin_core::vendor::{ClientOptions, Owners};
use signin_core::{
    ClientCredentials, ClientSecret, Credential, FanOut, Secret, StaticToken, builder_settings,
    client_calls,
};

use crate::client::error::{BASE, VENDOR, token_advice};
use crate::{Error, ErrorKind, Id, Result, TokenSource};

/// The API's own path.
const API_PATH: &str = "/api/v1";

/// A client of one SSOJet application. Clones share connections, limits and the retry budget.
#[derive(Debug, Clone)]
pub struct Client {
    core: signin_core::vendor::Client,
    client_id: Arc<str>,
}

impl Client {
    /// Starts a client for an application: its client id, which every request names.
    pub fn builder(client_id: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            settings: ClientOptions::new(&VENDOR, BASE, API_PATH),
            client_id: client_id.into(),
            credentials: Vec::new(),
            secrets: Vec::new(),
        }
    }

    /// The login logs of one user: `GET /api/v1/users/{userid}/loginlogs`.
    ///
    /// See the vendor's pages, [Get User Login
    /// Logs](https://apidog.com/apidoc/docs-site/460181/api/user-management/get-user-login-logs)
    /// and the [newer one](https://docs.ssojet.com/api/operations/usersuseridloginlogs).
    pub fn login_logs(&self, user_id: impl Into<Id>) -> LoginLogs {
        LoginLogs::new(self.clone(), user_id.into())
    }

    /// Everyone's sign-ins in one stream: the login logs of each user.
    pub fn all_sign_ins(&self) -> AllSignIns {
        AllSignIns::new(self.clone())
    }

    /// The users: `GET /api/v1/users`.
    ///
    /// See the vendor's page, [List
    /// Users](https://docs.ssojet.com/project-460181/api/user-management/list-users).
    pub fn users(&self) -> Users {
        Users::new(self.clone())
    }

    /// Another client with another client id, for those whose token reads several applications.
    /// It is a light value, and shares connections, limits and the retry budget with this one.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if the client id is empty or holds a control character.
    pub fn for_client_id(&self, client_id: impl Into<String>) -> Result<Self> {
        Ok(Self { core: self.core.clone(), client_id: checked(client_id.into())? })
    }

    /// The client id that every request names.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    client_calls!(core);

    pub(crate) fn fan_out<S: Owners>(&self, owners: S) -> FanOut<S> {
        self.core.fan_out(owners)
    }
}

/// Builds a [`Client`]. Everything that can be wrong with a setting is said by
/// [`build`](Self::build).
#[derive(Debug, Clone)]
#[must_use = "call build()"]
pub struct ClientBuilder {
    settings: ClientOptions,
    client_id: String,
    credentials: Vec<Result<Credential>>,
    /// Secrets of the client id, for which tokens are got below the base URL.
    secrets: Vec<ClientSecret>,
}

impl ClientBuilder {
    builder_settings!();

    /// A token that never changes: a secret key (`sk_live_…`) or an access token, sent as
    /// `Authorization: Bearer`.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.credentials.push(StaticToken::new(token).map(Credential::bearer));
        self
    }

    /// Tokens from a source of your own, such as a vault, sent as `Authorization: Bearer`.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.credentials.push(Ok(Credential::bearer(source)));
        self
    }

    /// Access tokens by OAuth client credentials: this client id with its secret, as a JSON object
    /// with the scope `sys_owner`, sent to `/api/v1/oauth2/token` below the base URL.
    ///
    /// SSOJet's pages contradict each other in how tokens are got; this is one of their ways. For
    /// another one see [`client_credentials`](Self::client_credentials).
    pub fn client_secret(mut self, secret: impl Into<ClientSecret>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Access tokens by OAuth client credentials with URL, encoding, scope and further parameters
    /// of your own, also for another client id than the one whose users are read:
    ///
    /// ```
    /// use ssojet::{Client, ClientCredentials};
    ///
    /// let credentials = ClientCredentials::new("https://api.ssojet.com/oauth/token", "my-app")
    ///     .secret_in_body("the secret's text");
    /// let client = Client::builder("my-app").client_credentials(credentials).build()?;
    /// # Ok::<(), ssojet::Error>(())
    /// ```
    pub fn client_credentials(mut self, credentials: ClientCredentials) -> Self {
        self.credentials.push(Ok(credentials.into()));
        self
    }

    /// Builds the client. No I/O.
    ///
    /// # Errors
    /// [`ErrorKind::Config`], naming the setting: a client id that is empty, a base URL that is
    /// none or not https, no credential or two, a proxy or certificate that cannot be read.
    pub fn build(mut self) -> Result<Client> {
        let client_id = checked(self.client_id)?;
        for secret in self.secrets {
            let asked = ClientCredentials::new(token_url(self.settings.base_url()), &*client_id);
            let asked = asked.secret_in_body(secret).json().scope("sys_owner");
            self.credentials.push(Ok(asked.advice(token_advice).into()));
        }
        let credential = match (self.credentials.pop(), self.credentials.len()) {
            (None, _) => {
                let next = "call token() or client_secret() on the builder";
                return Err(refusal("there is no credential", next));
            }
            (Some(credential), 0) => credential?,
            _ => {
                let next =
                    "keep one of token(), token_source(), client_secret() and client_credentials()";
                return Err(refusal("two credentials are given", next));
            }
        };
        self.settings.set_credential(credential);
        Ok(Client { core: self.settings.build()?, client_id })
    }
}

/// Where tokens are got below a base URL, which may end in the API's own path.
fn token_url(base: &str) -> String {
    let base = base.trim().trim_end_matches('/');
    format!("{}/api/v1/oauth2/token", base.strip_suffix(API_PATH).unwrap_or(base))
}

/// The client id, if it can be one.
fn checked(client_id: String) -> Result<Arc<str>> {
    if client_id.trim().is_empty() {
        let next = "give the application's id; a file or variable may have been empty";
        return Err(refusal("client_id is empty", next));
    }
    if client_id.contains(char::is_control) {
        let next = "look for a line break at its end";
        return Err(refusal("client_id holds a control character", next));
    }
    Ok(client_id.into())
}

fn refusal(why: &'static str, next: &'static str) -> Error {
    Error::new(ErrorKind::Config, "ssojet", why, next)
}
