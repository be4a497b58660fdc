//! How an application signs in: its proof, the token endpoint of a tenant, and what to do about
//! refusals.

use std::fmt;
use std::sync::Arc;

use signin_core::ClientCredentials;
use signin_core::vendor::{TokenError, is_whole, token_url};

use crate::{ClientAssertion, ClientSecret, Cloud, Deferred, Result, Secret};

/// An app registration with the proof that it shows.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) client_id: String,
    pub(crate) proof: Proof,
}

/// What an application shows of itself.
#[derive(Clone)]
pub(crate) enum Proof {
    Secret(ClientSecret),
    Assertion(Shared),
}

/// An assertion that several tenants' clients share.
#[derive(Clone)]
pub(crate) struct Shared(Arc<dyn ClientAssertion>);

impl Shared {
    pub(crate) fn new(assertion: impl ClientAssertion) -> Self {
        Self(Arc::new(assertion))
    }
}

impl ClientAssertion for Shared {
    fn assertion<'a>(
        &'a self,
        client_id: &'a str,
        audience: &'a str,
    ) -> Deferred<'a, Result<Secret>> {
        self.0.assertion(client_id, audience)
    }
}

/// Where an application signs in.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    pub(crate) cloud: Cloud,
    /// In place of the cloud's login: the token endpoint's whole address, or its root.
    pub(crate) address: Option<String>,
}

/// The token endpoint of a tenant below the login's root.
fn token_path(tenant: &str) -> String {
    format!("/{tenant}/oauth2/v2.0/token")
}

impl Login {
    /// The same login by its root, where its address was the whole one of this tenant.
    pub(crate) fn of_all_tenants(mut self, tenant: &str) -> Self {
        if let Some(address) = &mut self.address
            && let Some(root) = address.trim().strip_suffix(&token_path(tenant))
        {
            *address = root.to_owned();
        }
        self
    }

    /// Whether its address is that of one tenant only.
    pub(crate) fn is_of_one_tenant(&self) -> bool {
        self.address.as_deref().is_some_and(is_whole)
    }

    /// What to ask for tokens of this tenant, whose text was checked.
    pub(crate) fn credentials(&self, app: &App, tenant: &str) -> ClientCredentials {
        let address = self.address.as_deref().unwrap_or(self.cloud.login_root());
        let url = token_url(address, &token_path(tenant));
        let asked = ClientCredentials::new(url, app.client_id.as_str());
        let asked = match &app.proof {
            Proof::Secret(secret) => asked.secret_in_body(secret.clone()),
            Proof::Assertion(assertion) => asked.assertion(assertion.clone()),
        };
        asked.scope(format!("{}/.default", self.cloud.graph_root())).advice(advice)
    }
}

/// What to do about a token request that is refused.
fn advice(error: &TokenError) -> Option<&'static str> {
    let code = error.code.as_deref()?;
    Some(match code {
        "AADSTS7000215" => "give the secret's value, not its id, and check that it is this app's",
        "AADSTS7000222" => {
            "the secret or certificate has expired: add a new one to the app registration"
        }
        "AADSTS700016" => {
            "check the client id, and that an administrator of this tenant consented to the app"
        }
        "AADSTS90002" | "AADSTS900023" | "AADSTS900021" => {
            "check the tenant's id or domain, and the cloud"
        }
        "AADSTS700027" => "the certificate is not one of the app registration's: upload it there",
        "AADSTS70021" | "AADSTS700211" | "AADSTS700212" | "AADSTS700213" => {
            "the federated credential's issuer, subject or audience does not match the token's"
        }
        "AADSTS7000112" | "AADSTS7000218" => "enable the app, and give it a secret or certificate",
        "AADSTS65001" | "AADSTS650052" => "let an administrator of this tenant consent to the app",
        "AADSTS53003" => {
            "conditional access keeps the app out: change the policy, or ask from another place"
        }
        _ => return None,
    })
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proof = match self.proof {
            Proof::Secret(_) => "secret",
            Proof::Assertion(_) => "assertion",
        };
        f.debug_struct("App").field("client_id", &self.client_id).field("proof", &proof).finish()
    }
}
