//! The client and its builder.

use signin_core::origin::Origin;
use signin_core::request::Segment;
use signin_core::{Credential, Settings, builder_settings};

use crate::{
    Activities, AllSignIns, Error, ErrorKind, Id, Items, Operation, Page, Pages, Region, Result,
    Secret, Timestamp, TokenSource, UserActivities,
};

/// A client of one PingOne environment. Clones share connections, limits and the retry budget.
#[derive(Debug, Clone)]
pub struct Client {
    core: signin_core::Client,
    environment_id: Id,
}

impl Client {
    /// Starts a client that reads this environment: a UUID, which the console shows among the
    /// environment's properties.
    pub fn builder(region: Region, environment_id: impl Into<Id>) -> ClientBuilder {
        ClientBuilder {
            settings: Settings::new(region.vendor(), region.api_url(), "/v1"),
            environment_id: environment_id.into(),
            credentials: Vec::new(),
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
    /// included): [`activities`](Self::activities) without the others.
    pub fn all_sign_ins(
        &self,
        start: impl Into<Timestamp>,
        end: impl Into<Timestamp>,
    ) -> AllSignIns {
        AllSignIns::new(self.activities(start, end).items())
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

    /// The scheme, host and port that every request goes to.
    pub fn origin(&self) -> &Origin {
        self.core.origin()
    }

    /// Asks for the first page of an operation of your own.
    ///
    /// # Errors
    /// Every kind.
    pub async fn execute<O: Operation>(&self, operation: &O) -> Result<Page<O::Item>> {
        self.core.execute(operation).await
    }

    /// Walks the pages of an operation of your own.
    pub fn pages<O: Operation>(&self, operation: O) -> Pages<O> {
        self.core.pages(operation)
    }

    /// Walks the records of an operation of your own.
    pub fn items<O: Operation>(&self, operation: O) -> Items<O> {
        self.core.items(operation)
    }
}

/// Builds a [`Client`]. Everything that can be wrong with a setting is said by
/// [`build`](Self::build).
#[derive(Debug, Clone)]
#[must_use = "call build()"]
pub struct ClientBuilder {
    settings: Settings,
    environment_id: Id,
    credentials: Vec<Result<Credential>>,
}

impl ClientBuilder {
    builder_settings!();

    /// An access token that you have, sent as `Authorization: Bearer`. It is good for about an
    /// hour and is not renewed.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        let token = signin_core::auth::StaticToken::new(token);
        self.credentials.push(token.map(Credential::bearer));
        self
    }

    /// Access tokens from a source of your own, sent as `Authorization: Bearer`.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.credentials.push(Ok(Credential::bearer(source)));
        self
    }

    /// Builds the client. No I/O.
    ///
    /// # Errors
    /// [`ErrorKind::Config`], naming the setting: a base URL that is none or not https, no
    /// credential or two, a proxy or certificate that cannot be read. [`ErrorKind::Argument`]
    /// for an environment id that would bend the path.
    pub fn build(mut self) -> Result<Client> {
        let refuse = |why, next| Err(Error::new(ErrorKind::Config, "pingone", why, next));
        Segment::value("environment_id", &self.environment_id)?;
        let credential = match (self.credentials.pop(), self.credentials.len()) {
            (None, _) => {
                return refuse("there is no credential", "call client_secret() on the builder");
            }
            (Some(credential), 0) => credential?,
            _ => return refuse("two credentials are given", "keep one of them"),
        };
        self.settings.set_credential(credential);
        let core = self.settings.build()?;
        Ok(Client { core, environment_id: self.environment_id })
    }
}
