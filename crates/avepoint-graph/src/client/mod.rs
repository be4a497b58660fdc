//! The client and its builder.

mod access;
mod all_sign_ins;
mod customers;
mod environment;
mod error;
mod listing;
mod sign_ins;

pub use self::all_sign_ins::{AllSignIns, ManagedTenant};
pub use self::customers::Customers;
pub use self::environment::Environment;
pub use self::sign_ins::SignIns;

use signin_core::vendor::{ClientOptions, Owners};
use signin_core::{
    ClientCredentials, Credential, FanOut, StaticToken, builder_settings, client_calls,
};

use crate::client::access::{Access, Offer};
use crate::client::error::VENDOR;
use crate::{ClientAssertion, ClientSecret, Id, Result, Secret, TokenSource};

/// A client of AvePoint Elements. Clones share connections, limits and the retry budget.
#[derive(Debug, Clone)]
pub struct Client(signin_core::vendor::Client);

impl Client {
    /// Starts a client of the environment that the app is registered in.
    pub fn builder(environment: Environment) -> ClientBuilder {
        ClientBuilder {
            settings: ClientOptions::new(&VENDOR, environment.api_url(), "/partner/external/v3"),
            environment,
            access: Access::default(),
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
    environment: Environment,
    access: Access,
}

impl ClientBuilder {
    builder_settings!();

    /// Signs in as an app with its client secret.
    pub fn client_secret(
        self,
        client_id: impl Into<String>,
        secret: impl Into<ClientSecret>,
    ) -> Self {
        let app = ClientCredentials::new("", client_id).secret_in_body(secret);
        self.offer(Offer::App(Ok(app)))
    }

    /// Signs in as an app with its certificate and the certificate's RSA key, both PEM, the key
    /// without a passphrase.
    #[cfg(feature = "certificate")]
    pub fn client_certificate(
        self,
        client_id: impl Into<String>,
        certificate: impl AsRef<[u8]>,
        key: impl Into<Secret>,
    ) -> Self {
        let assertion = signin_core::CertificateAssertion::rs256(certificate, key);
        let app = ClientCredentials::new("", client_id);
        self.offer(Offer::App(assertion.map(|assertion| app.assertion(assertion))))
    }

    /// Signs in as an app with an assertion from a source of your own: a signature by a key that
    /// stays elsewhere. AvePoint takes RS256, with `x5t` and `kid` in the header.
    pub fn client_assertion(
        self,
        client_id: impl Into<String>,
        assertion: impl ClientAssertion,
    ) -> Self {
        self.offer(Offer::App(Ok(ClientCredentials::new("", client_id).assertion(assertion))))
    }

    /// A scope to ask for with the app's secret or certificate. Said several times: several.
    /// Default: `elements.um.user.read.all` and `elements.customers.read.all`. All of them together
    /// may have 300 characters.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.access.scopes.push(scope.into());
        self
    }

    /// Where tokens are got in place of the environment's identity service: a gateway, a simulator
    /// on loopback. The token endpoint's whole address, which ends in `/token`, or its root. https,
    /// or plain http on loopback where the base URL is so too.
    pub fn auth_url(mut self, root: impl Into<String>) -> Self {
        self.access.auth_url = Some(root.into());
        self
    }

    /// An access token that you have. It is good for an hour and is not renewed.
    pub fn token(self, token: impl Into<Secret>) -> Self {
        self.offer(Offer::Token(StaticToken::new(token).map(Credential::bearer)))
    }

    /// Access tokens from a source of your own.
    pub fn token_source(self, source: impl TokenSource) -> Self {
        self.offer(Offer::Token(Ok(Credential::bearer(source))))
    }

    /// Builds the client. No I/O.
    ///
    /// # Errors
    /// [`Config`](crate::ErrorKind::Config), naming the setting: a base or auth URL that is none
    /// or not https, no credential or two, a secret that is empty, a scope that is too long, a
    /// certificate, key or proxy that cannot be read.
    pub fn build(mut self) -> Result<Client> {
        self.settings.set_credential(self.access.credential(self.environment)?);
        self.settings.build().map(Client)
    }

    fn offer(mut self, offer: Offer) -> Self {
        self.access.offers.push(offer);
        self
    }
}
