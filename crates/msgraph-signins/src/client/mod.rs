//! The client and its builder.

mod access;
mod cloud;
mod error;
mod filter;
mod missing;
pub mod odata;
mod properties;
mod sign_in;
mod sign_ins;
mod window;

pub use self::cloud::{ApiVersion, Cloud};
pub use self::missing::Missing;
pub use self::sign_in::SignInById;
pub use self::sign_ins::{SignInOrder, SignIns};

use std::sync::Arc;
use std::time::Duration;

use signin_core::vendor::ClientOptions;
use signin_core::{Credential, RateLimit, StaticToken, builder_settings, client_calls};
use time::OffsetDateTime;

use crate::client::access::{App, Login, Proof, Shared};
use crate::client::error::of_cloud;
use crate::{
    ClientAssertion, ClientSecret, Error, ErrorKind, Id, Result, Secret, SignInEventType,
    Timestamp, TokenSource, Windows,
};

/// A client of one tenant. Clones share connections, limits and the retry budget.
#[derive(Debug, Clone)]
pub struct Client {
    core: signin_core::vendor::Client,
    tenant: Arc<str>,
    rate_limits: Arc<[RateLimit]>,
    /// What signs in to other tenants as well; None for tokens of one tenant.
    app: Option<Arc<(App, Login)>>,
}

impl Client {
    /// Starts a client for a tenant: its id, or one of its domains.
    pub fn builder(tenant: impl Into<String>) -> ClientBuilder {
        let cloud = Cloud::default();
        ClientBuilder {
            tenant: tenant.into(),
            settings: ClientOptions::new(of_cloud(cloud), cloud.graph_root(), "/v1.0"),
            login: Login { cloud, address: None },
            access: Vec::new(),
        }
    }

    /// A client of another tenant that consented to the same application: a light value that
    /// shares connections, the application's limit and the retry budget with this one.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] if the tenant is none, or if this client has a token, a token source
    /// or the whole address of a token endpoint, which are good for one tenant: build a client for each, with one
    /// [`limits`](ClientBuilder::limits) for all.
    pub fn for_tenant(&self, tenant: impl Into<String>) -> Result<Self> {
        let tenant = tenant.into();
        check_tenant(&tenant)?;
        let Some(app) = &self.app else {
            let why = "a token is good for one tenant";
            let next = "sign in as an application, or build a client for each tenant";
            return Err(Error::new(ErrorKind::Config, "msgraph", why, next));
        };
        let (App { client_id, .. }, login) = &**app;
        if login.is_of_one_tenant() {
            let why = "auth_url is a whole address, which gives the tokens of one tenant";
            let next = "give the login's root, or build a client for each tenant";
            return Err(Error::new(ErrorKind::Config, "msgraph", why, next));
        }
        Ok(Self {
            core: self.core.sibling(login.credentials(&app.0, &tenant))?,
            rate_limits: rate_limits_of(client_id, &tenant),
            tenant: tenant.into(),
            app: Some(Arc::clone(app)),
        })
    }

    /// One sign-in: `GET /auditLogs/signIns/{id}`.
    ///
    /// The application needs the permission `AuditLog.Read.All`, the tenant Entra ID P1 or P2.
    /// See the vendor's page,
    /// [Get signIn](https://learn.microsoft.com/en-us/graph/api/signin-get).
    pub fn sign_in(&self, id: impl Into<Id>) -> SignInById {
        SignInById::new(self.clone(), id.into())
    }

    /// The tenant's sign-ins: `GET /auditLogs/signIns`.
    ///
    /// The application needs the permission `AuditLog.Read.All`, the tenant Entra ID P1 or P2.
    /// See the vendor's page,
    /// [List signIns](https://learn.microsoft.com/en-us/graph/api/signin-list).
    pub fn sign_ins(&self) -> SignIns {
        SignIns::new(self.clone())
    }

    /// All kinds of sign-ins of the tenant, from `from` on and before `to`: interactive or not,
    /// of users, service principals and managed identities.
    ///
    /// The same as [`sign_ins`](Self::sign_ins) with all
    /// [`event_types`](SignIns::event_types), read by [`window`](SignIns::window): see there.
    /// It asks beta, which Microsoft does not support for production.
    pub fn all_sign_ins(
        &self,
        from: impl Into<Timestamp>,
        to: impl Into<Timestamp>,
    ) -> Windows<SignIns> {
        self.sign_ins().event_types(SignInEventType::ALL).window(from, to)
    }

    /// The tenant, as it was given.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    client_calls!(core);

    pub(crate) fn windows(
        &self,
        list: SignIns,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Windows<SignIns> {
        self.core.windows(list, from, to)
    }

    /// The limits that the sign-in reports are under: for an operation of your own.
    pub fn rate_limits(&self) -> &[RateLimit] {
        &self.rate_limits
    }
}

/// The documented limits of the sign-in reports, the narrowest first: for each app and tenant,
/// and for each app over all tenants.
fn rate_limits_of(app: &str, tenant: &str) -> Arc<[RateLimit]> {
    const WINDOW: Duration = Duration::from_secs(10);
    let tenant = tenant.to_ascii_lowercase();
    Arc::new([
        RateLimit { name: format!("app {app} tenant {tenant}").into(), max: 5, per: WINDOW },
        RateLimit { name: format!("app {app}").into(), max: 122, per: WINDOW },
    ])
}

/// Builds a [`Client`]. Everything that can be wrong with a setting is said by
/// [`build`](Self::build).
#[derive(Debug, Clone)]
#[must_use = "call build()"]
pub struct ClientBuilder {
    tenant: String,
    settings: ClientOptions,
    login: Login,
    access: Vec<Access>,
}

/// Where tokens come from.
#[derive(Debug, Clone)]
enum Access {
    Given(Result<Credential>),
    App(Result<App>),
}

impl ClientBuilder {
    builder_settings!();

    /// The cloud that the tenant is in. Default [`Cloud::Global`].
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.settings.set_vendor(of_cloud(cloud));
        self.login.cloud = cloud;
        self
    }

    /// Where tokens are got in place of the cloud's login: a gateway, a simulator on loopback. The
    /// token endpoint's whole address, which ends in `/token`, or the login's root, without a
    /// tenant. https, or plain http on loopback where the base URL is so too.
    pub fn auth_url(mut self, address: impl Into<String>) -> Self {
        self.login.address = Some(address.into());
        self
    }

    /// Signs in as an application with a client secret: its value, not its id.
    pub fn client_secret(
        self,
        client_id: impl Into<String>,
        secret: impl Into<ClientSecret>,
    ) -> Self {
        self.app(client_id.into(), Ok(Proof::Secret(secret.into())))
    }

    /// Signs in as an application with a certificate of its app registration and the
    /// certificate's RSA key, both PEM, the key without a passphrase.
    #[cfg(feature = "certificate")]
    pub fn client_certificate(
        self,
        client_id: impl Into<String>,
        certificate: impl AsRef<[u8]>,
        key: impl Into<Secret>,
    ) -> Self {
        let assertion = signin_core::CertificateAssertion::ps256(certificate, key);
        let proof = assertion.map(|assertion| Proof::Assertion(Shared::new(assertion)));
        self.app(client_id.into(), proof)
    }

    /// Signs in as an application with an assertion from a source of your own: a federated token
    /// (workload identity), or a signature by a key that stays elsewhere.
    pub fn client_assertion(
        self,
        client_id: impl Into<String>,
        assertion: impl ClientAssertion,
    ) -> Self {
        self.app(client_id.into(), Ok(Proof::Assertion(Shared::new(assertion))))
    }

    /// A token that you got elsewhere, for this tenant. It is good for about an hour.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        let token = StaticToken::new(token).map(Credential::bearer);
        self.access.push(Access::Given(token));
        self
    }

    /// Tokens from a source of your own, such as a managed identity or a vault, for this tenant.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.access.push(Access::Given(Ok(Credential::bearer(source))));
        self
    }

    /// Builds the client. No I/O.
    ///
    /// # Errors
    /// [`ErrorKind::Config`], naming the setting: a tenant that is none, a base or auth URL that
    /// is none or not https, no credential or two, a secret that is empty, a certificate or key
    /// that cannot be read, a proxy or root certificate that cannot be.
    pub fn build(mut self) -> Result<Client> {
        check_tenant(&self.tenant)?;
        let refuse = |why, next| Err(Error::new(ErrorKind::Config, "msgraph", why, next));
        let access = match (self.access.pop(), self.access.len()) {
            (None, _) => {
                return refuse(
                    "there is no credential",
                    "call client_secret() or token() on the builder",
                );
            }
            (Some(access), 0) => access,
            _ => return refuse("two credentials are given", "keep one of them"),
        };
        let (credential, app) = match access {
            Access::Given(_) if self.login.address.is_some() => {
                return refuse("auth_url goes with an application only", "leave it out");
            }
            Access::Given(credential) => (credential?, None),
            Access::App(app) => {
                let app = app?;
                let login = self.login.of_all_tenants(&self.tenant);
                let credential = login.credentials(&app, &self.tenant).into();
                (credential, Some(Arc::new((app, login))))
            }
        };
        let client_id = app.as_ref().map_or("", |app| app.0.client_id.as_str());
        let rate_limits = rate_limits_of(client_id, &self.tenant);
        self.settings.set_credential(credential);
        Ok(Client { core: self.settings.build()?, tenant: self.tenant.into(), rate_limits, app })
    }

    fn app(mut self, client_id: String, proof: Result<Proof>) -> Self {
        self.access.push(Access::App(proof.map(|proof| App { client_id, proof })));
        self
    }
}

/// Refuses what cannot be a tenant: it goes into addresses.
fn check_tenant(tenant: &str) -> Result<()> {
    const NEXT: &str = "give the tenant's id, or one of its domains";
    let why = match tenant {
        "" => "it is empty",
        "common" | "organizations" | "consumers" => "an application signs in to one tenant",
        _ if tenant.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.') => {
            "it holds what neither an id nor a domain holds"
        }
        _ if tenant.starts_with('.') || tenant.len() > 253 => "it is neither an id nor a domain",
        _ => return Ok(()),
    };
    Err(Error::new(ErrorKind::Config, "tenant", why, NEXT))
}
