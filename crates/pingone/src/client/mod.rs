//! The client and its builder.

mod activities;
mod all_sign_ins;
mod counts;
mod error;
mod filter;
mod region;
mod sample_size;
mod user_activities;

pub use self::activities::{Activities, TimeAttribute};
pub use self::all_sign_ins::AllSignIns;
pub use self::counts::UserActivityCounts;
pub use self::region::Region;
pub use self::sample_size::{Buckets, SampleSize};
pub use self::user_activities::UserActivities;

use signin_core::vendor::{ClientOptions, TokenError, is_whole, token_url};
use signin_core::{
    ClientCredentials, Credential, Segment, StaticToken, builder_settings, client_calls,
};

use crate::{ClientSecret, Error, ErrorKind, Id, Result, Secret, Timestamp, TokenSource};

/// A client of one PingOne environment. Clones share connections, limits and the retry budget.
#[derive(Debug, Clone)]
pub struct Client {
    core: signin_core::vendor::Client,
    environment_id: Id,
}

impl Client {
    /// Starts a client that reads this environment: a UUID, which the console shows among the
    /// environment's properties.
    pub fn builder(region: Region, environment_id: impl Into<Id>) -> ClientBuilder {
        ClientBuilder {
            settings: ClientOptions::new(region.vendor(), region.api_url(), "/v1"),
            region,
            environment_id: environment_id.into(),
            access: Vec::new(),
            auth_environment: None,
            token_url: None,
        }
    }

    /// How often users signed on, as counts in buckets of time:
    /// `GET /v1/environments/{envID}/userActivities`.
    ///
    /// See the vendor's page,
    /// [Read User Activities](https://developer.pingidentity.com/pingone-api/platform/user-activities/read-user-activities.html).
    pub fn user_activities(&self) -> UserActivities {
        UserActivities::new(self.clone())
    }

    /// The environment's audit events from `start` (included) to `end` (not included):
    /// `GET /v1/environments/{envID}/activities`.
    ///
    /// The service keeps 14 days. A longer range is refused; one that begins before that, by the
    /// clock of the service's answers, is read and its report is not complete. See the vendor's
    /// page,
    /// [Audit Activities](https://developer.pingidentity.com/pingone-api/platform/audit-activities/index.html).
    pub fn activities(&self, start: impl Into<Timestamp>, end: impl Into<Timestamp>) -> Activities {
        Activities::new(self.clone(), start.into(), end.into())
    }

    /// The events about signing in of the whole environment, from `start` (included) to `end` (not
    /// included): [`activities`](Self::activities) without the others, and
    /// [`Activities::sign_ins`] with arguments of your own.
    pub fn all_sign_ins(
        &self,
        start: impl Into<Timestamp>,
        end: impl Into<Timestamp>,
    ) -> AllSignIns {
        self.activities(start, end).sign_ins()
    }

    /// The same client for another environment of the same region and licence, with the same
    /// credential, connections, limits and retry budget. The app needs a role there too.
    #[must_use]
    pub fn for_environment(&self, environment_id: impl Into<Id>) -> Self {
        Self { core: self.core.clone(), environment_id: environment_id.into() }
    }

    /// The environment that is read.
    pub fn environment_id(&self) -> &Id {
        &self.environment_id
    }

    client_calls!(core);
}

/// Builds a [`Client`]. Everything that can be wrong with a setting is said by
/// [`build`](Self::build).
#[derive(Debug, Clone)]
#[must_use = "call build()"]
pub struct ClientBuilder {
    settings: ClientOptions,
    region: Region,
    environment_id: Id,
    access: Vec<Access>,
    auth_environment: Option<Id>,
    token_url: Option<String>,
}

/// Where tokens come from.
#[derive(Debug, Clone)]
enum Access {
    Given(Result<Credential>),
    /// A worker app.
    App {
        client_id: String,
        secret: ClientSecret,
        in_body: bool,
    },
}

impl ClientBuilder {
    builder_settings!();

    /// The worker app's client id and secret, shown by HTTP Basic: the way that apps are set to
    /// (`Client Secret Basic`) unless somebody changed it. Each app takes one way only.
    pub fn client_secret(
        self,
        client_id: impl Into<String>,
        secret: impl Into<ClientSecret>,
    ) -> Self {
        self.app(client_id.into(), secret.into(), false)
    }

    /// The worker app's client id and secret, shown in the body of the token request, for apps
    /// that are set to `Client Secret Post`.
    pub fn client_secret_post(
        self,
        client_id: impl Into<String>,
        secret: impl Into<ClientSecret>,
    ) -> Self {
        self.app(client_id.into(), secret.into(), true)
    }

    /// The environment that the worker app lives in, which gives the tokens. Default: the one
    /// that is read.
    pub fn auth_environment(mut self, environment_id: impl Into<Id>) -> Self {
        self.auth_environment = Some(environment_id.into());
        self
    }

    /// Where tokens are got in place of the region's own token service: a custom domain, a gateway,
    /// a simulator. The token endpoint's whole address, which ends in `/token`, such as
    /// `https://auth.acme.example/as/token`, or its root, to which the environment is added.
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// An access token that you have, sent as `Authorization: Bearer`. It is good for about an
    /// hour and is not renewed.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        let token = StaticToken::new(token);
        self.access.push(Access::Given(token.map(Credential::bearer)));
        self
    }

    /// Access tokens from a source of your own, sent as `Authorization: Bearer`.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.access.push(Access::Given(Ok(Credential::bearer(source))));
        self
    }

    /// Builds the client. No I/O.
    ///
    /// # Errors
    /// [`ErrorKind::Config`], naming the setting: a base or token URL that is none or not https,
    /// no credential or two, a proxy or certificate that cannot be read. [`ErrorKind::Argument`]
    /// for an environment id that would bend a path.
    pub fn build(mut self) -> Result<Client> {
        let refuse = |why, next| Err(Error::new(ErrorKind::Config, "pingone", why, next));
        Segment::value("environment_id", &self.environment_id)?;
        let access = match (self.access.pop(), self.access.len()) {
            (None, _) => {
                return refuse("there is no credential", "call client_secret() on the builder");
            }
            (Some(access), 0) => access,
            _ => return refuse("two credentials are given", "keep one of them"),
        };
        let alone = matches!(access, Access::Given(_));
        if alone && (self.auth_environment.is_some() || self.token_url.is_some()) {
            let why = "auth_environment and token_url go with client_secret() only";
            return refuse(why, "leave them out, or give the app's id and secret");
        }
        let credential = match access {
            Access::Given(credential) => credential?,
            Access::App { client_id, secret, in_body } => {
                let asked = ClientCredentials::new(self.token_address()?, client_id);
                let asked = if in_body {
                    asked.secret_in_body(secret)
                } else {
                    asked.secret_by_basic(secret)
                };
                asked.advice(advice).into()
            }
        };
        self.settings.set_credential(credential);
        let core = self.settings.build()?;
        Ok(Client { core, environment_id: self.environment_id })
    }

    fn app(mut self, client_id: String, secret: ClientSecret, in_body: bool) -> Self {
        self.access.push(Access::App { client_id, secret, in_body });
        self
    }

    fn token_address(&self) -> Result<String> {
        match (&self.token_url, &self.auth_environment) {
            (Some(address), Some(_)) if is_whole(address) => {
                let why = "token_url is a whole address: auth_environment has no place in it";
                let next = "keep one of the two";
                Err(Error::new(ErrorKind::Config, "pingone", why, next))
            }
            (address, other) => {
                let environment = other.as_ref().unwrap_or(&self.environment_id);
                let environment = Segment::value("auth_environment", environment)?;
                let address = address.clone().unwrap_or_else(|| self.region.auth_url());
                Ok(token_url(&address, &format!("/{environment}/as/token")))
            }
        }
    }
}

/// What to do about a token request that is refused.
fn advice(error: &TokenError) -> Option<&'static str> {
    let advice = match (error.status, error.error.as_deref()) {
        (_, Some("invalid_client" | "unauthorized_client")) => {
            "check id, secret and the app's environment; try client_secret_post(): an app takes one way only"
        }
        (404, _) => {
            "check region and auth_environment(): the app's own environment gives its tokens"
        }
        _ => return None,
    };
    Some(advice)
}
