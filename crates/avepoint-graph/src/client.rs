//! The client and its builder.

use signin_core::auth::StaticToken;
use signin_core::fan_out::{FanOut, Sources};
use signin_core::origin::Origin;
use signin_core::{Credential, Settings, builder_settings};

use crate::error::VENDOR;
use crate::{
    AllSignIns, Customers, Environment, Error, ErrorKind, Id, Items, Operation, Page, Pages,
    Result, Secret, SignIns, TokenSource,
};

/// A client of AvePoint Elements. Clones share connections, limits and the retry budget.
#[derive(Debug, Clone)]
pub struct Client(signin_core::Client);

impl Client {
    /// Starts a client of the environment that the app is registered in.
    pub fn builder(environment: Environment) -> ClientBuilder {
        ClientBuilder {
            settings: Settings::new(&VENDOR, environment.api_url(), "/partner/external/v3"),
            credentials: Vec::new(),
        }
    }

    /// The sign-ins of one tenant of a customer:
    /// `GET …/um/customers/{customerId}/tenants/{tenantId}/overview/security/compliances/signins`.
    ///
    /// The app needs the permission `elements.um.user.read.all`. See the vendor's page,
    /// [Retrieve Sign-in Information](https://learn.avepoint.com/elements/user-management/risky_public_api/get-sign-in.html).
    pub fn sign_ins(&self, customer_id: impl Into<Id>, tenant_id: impl Into<Id>) -> SignIns {
        SignIns::new(self.clone(), customer_id.into(), tenant_id.into())
    }

    /// The sign-ins of every tenant of every customer.
    ///
    /// The app needs the permissions `elements.um.user.read.all` and
    /// `elements.customers.read.all`.
    pub fn all_sign_ins(&self) -> AllSignIns {
        AllSignIns::new(self.clone())
    }

    /// The customers that the partner manages, with their tenants:
    /// `POST …/general/customers/batch`.
    ///
    /// The app needs the permission `elements.customers.read.all`. See the vendor's page,
    /// [Get all customers](https://learn.avepoint.com/elements/general/customer/get-all-customers.html).
    pub fn customers(&self) -> Customers {
        Customers::new(self.clone())
    }

    /// The scheme, host and port that every request goes to.
    pub fn origin(&self) -> &Origin {
        self.0.origin()
    }

    /// Asks for the first page of an operation of your own.
    ///
    /// # Errors
    /// Every kind.
    pub async fn execute<O: Operation>(&self, operation: &O) -> Result<Page<O::Item>> {
        self.0.execute(operation).await
    }

    /// Walks the pages of an operation of your own.
    pub fn pages<O: Operation>(&self, operation: O) -> Pages<O> {
        self.0.pages(operation)
    }

    /// Walks the records of an operation of your own.
    pub fn items<O: Operation>(&self, operation: O) -> Items<O> {
        self.0.items(operation)
    }

    pub(crate) fn fan_out<S: Sources>(&self, sources: S) -> FanOut<S> {
        self.0.fan_out(sources)
    }
}

/// Builds a [`Client`]. Everything that can be wrong with a setting is said by
/// [`build`](Self::build).
#[derive(Debug, Clone)]
#[must_use = "call build()"]
pub struct ClientBuilder {
    settings: Settings,
    credentials: Vec<Result<Credential>>,
}

impl ClientBuilder {
    builder_settings!();

    /// An access token that you have. It is good for an hour and is not renewed.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.credentials.push(StaticToken::new(token).map(Credential::bearer));
        self
    }

    /// Access tokens from a source of your own.
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
        let refuse = |why, next| Err(Error::new(ErrorKind::Config, "avepoint", why, next));
        let credential = match (self.credentials.pop(), self.credentials.len()) {
            (None, _) => return refuse("there is no credential", "call token() on the builder"),
            (Some(credential), 0) => credential?,
            _ => return refuse("two credentials are given", "keep one of them"),
        };
        self.settings.set_credential(credential);
        self.settings.build().map(Client)
    }
}
