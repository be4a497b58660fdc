//! The client and its builder.

mod all_sign_ins;
mod audit_logs;
mod error;
mod listing;
mod signin_activities;
mod users;

pub use self::all_sign_ins::{AllSignIns, ListedUser, TenantSignIn, TenantSignIns, Way};
pub use self::audit_logs::AuditLogs;
pub use self::signin_activities::SigninActivities;
pub use self::users::{UserFilter, UserInclude, Users};

use http::HeaderName;
use signin_core::vendor::{ClientOptions, Owners};
use signin_core::{Credential, FanOut, StaticToken, builder_settings, client_calls};

use crate::client::error::VENDOR;
use crate::{Error, ErrorKind, Id, Result, Secret, TokenSource};

/// A client of one Tines tenant. Clones share connections, limits and the retry budget.
#[derive(Debug, Clone)]
pub struct Client(signin_core::vendor::Client);

impl Client {
    /// Starts a client for a tenant: its domain (`acme.tines.com`), or a URL for self-hosted
    /// tenants and gateways. Nothing is added to it but the API's own path.
    pub fn builder(tenant: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            settings: ClientOptions::new(&VENDOR, tenant, "/api/v1"),
            credentials: Vec::new(),
            user_email: None,
        }
    }

    /// The sign-ins of one user: `GET /api/v1/admin/users/{user_id}/signin_activities`.
    ///
    /// The key must be a tenant owner's. See the vendor's page,
    /// [Get sign-in activities](https://www.tines.com/docs/api/admin/users/get-signin-activities/).
    pub fn signin_activities(&self, user_id: impl Into<Id>) -> SigninActivities {
        SigninActivities::new(self.clone(), user_id.into())
    }

    /// Everyone's sign-ins in one stream: by the audit log, or where that is refused, by the
    /// sign-in activities of each user.
    pub fn all_sign_ins(&self) -> AllSignIns {
        AllSignIns::new(self.clone())
    }

    /// The tenant's users: `GET /api/v1/admin/users`.
    pub fn users(&self) -> Users {
        Users::new(self.clone())
    }

    /// The tenant's audit log: `GET /api/v1/audit_logs`. A row whose `operation_name` is `Login`
    /// is a sign-in, and it names the user.
    ///
    /// The key needs the permission `AUDIT_LOG_READ`, and not every plan has the audit log.
    pub fn audit_logs(&self) -> AuditLogs {
        AuditLogs::new(self.clone())
    }

    client_calls!(0);

    pub(crate) fn fan_out<S: Owners>(&self, owners: S) -> FanOut<S> {
        self.0.fan_out(owners)
    }
}

/// Builds a [`Client`]. Everything that can be wrong with a setting is said by
/// [`build`](Self::build).
#[derive(Debug, Clone)]
#[must_use = "call build()"]
pub struct ClientBuilder {
    settings: ClientOptions,
    credentials: Vec<Result<Credential>>,
    user_email: Option<String>,
}

impl ClientBuilder {
    builder_settings!();

    /// The API key, sent as `Authorization: Bearer`: the current way.
    pub fn token(mut self, key: impl Into<Secret>) -> Self {
        self.credentials.push(StaticToken::new(key).map(Credential::bearer));
        self
    }

    /// The API key, sent as `X-User-Token`, which older and self-hosted tenants take.
    pub fn user_token(mut self, key: impl Into<Secret>) -> Self {
        let name = HeaderName::from_static("x-user-token");
        let key = StaticToken::new(key);
        self.credentials.push(key.map(|key| Credential::header(name, key)));
        self
    }

    /// The key owner's e-mail address, sent as `X-User-Email` with
    /// [`user_token`](Self::user_token): self-hosted tenants before v13 need it.
    pub fn user_email(mut self, email: impl Into<String>) -> Self {
        self.user_email = Some(email.into());
        self
    }

    /// API keys from a source of your own, such as a vault, sent as `Authorization: Bearer`.
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
        let refuse = |why, next| Err(Error::new(ErrorKind::Config, "tines", why, next));
        let credential = match (self.credentials.pop(), self.credentials.len()) {
            (None, _) => {
                return refuse(
                    "there is no API key",
                    "call token() or user_token() on the builder",
                );
            }
            (Some(credential), 0) => credential?,
            _ => {
                return refuse("two credentials are given", "keep one of token() and user_token()");
            }
        };
        let credential = match self.user_email {
            None => credential,
            Some(_) if credential.is_bearer() => {
                let why = "user_email goes with user_token() only";
                return refuse(why, "call user_token() in place of token()");
            }
            Some(email) => credential.beside(HeaderName::from_static("x-user-email"), &email)?,
        };
        self.settings.set_credential(credential);
        self.settings.build().map(Client)
    }
}
