//! `signin fetch avepoint`: the way to AvePoint Elements, and the pager over its tenants' sign-ins.

use avepoint_graph::{
    AllSignIns, Client, ClientBuilder, ClientSecret, Environment, ManagedTenant, SignIns,
};
use clap::ArgMatches;
use signin_core::CertificateAssertion;
use signin_core::Error;

use super::args::{self as args, Avepoint};
use crate::commands::fetch::args::Common;
use crate::commands::fetch::asked;
use crate::commands::fetch::every_list::{EveryList, ListOwner, Reading};
use crate::commands::fetch::named_lists::NamedLists;
use crate::commands::fetch::plan::Plan;
use crate::commands::fetch::{FetchCommand, read};
use crate::connection::network::{Connection, connected};
use crate::connection::oauth::{self, Proofs};
use crate::formats::Provenance;
use crate::reporting::reporter::Reporter;
use crate::run::exit::Exit;
use crate::vendors::avepoint;

const CLIENT_ID: &str = "AVEPOINT_CLIENT_ID";
const CLIENT_SECRET: &str = "AVEPOINT_CLIENT_SECRET";
const CERTIFICATE: &str = "AVEPOINT_CERTIFICATE";

/// The permission to read sign-ins: all that it takes where the tenants are named.
const SIGN_INS: &str = "elements.um.user.read.all";

/// The options that say how the service is reached and read. All others say what is read.
const HOW: [&str; 6] =
    ["client_id", "base_url", "auth_url", "scopes", "concurrency", "fetch_ahead"];

/// Reads what the options ask for.
pub(crate) async fn run(args: &Avepoint, matches: &ArgMatches, reporter: &mut Reporter) -> Exit {
    read(args, matches, reporter).await
}

impl FetchCommand for Avepoint {
    const VENDOR: &'static str = avepoint::VENDOR;
    type Client = Client;
    type Pager = EveryList<AllSignIns>;

    fn common(&self) -> &Common {
        &self.common
    }

    fn asked(&self, matches: &ArgMatches) -> Vec<(String, String)> {
        asked::options::<Self>(matches, &HOW, &[])
    }

    fn connect(&self, plan: &Plan<'_>) -> Result<Client, String> {
        if !self.tenants.is_empty() && self.customers.len() != 1 {
            return Err(
                "--tenant goes with one --customer, the tenant's; run the program once for \
                    each customer, or leave --tenant out for all tenants of these customers"
                    .to_owned(),
            );
        }
        client(self, plan)
    }

    fn open(&self, plan: &Plan<'_>, client: &Client) -> Result<EveryList<AllSignIns>, String> {
        let provenance = Provenance {
            vendor: avepoint::VENDOR,
            endpoint: avepoint::SIGN_INS,
            customer: self.customers.first().filter(|_| !self.tenants.is_empty()).cloned(),
            ..Provenance::default()
        };
        let reading = reading(self, plan, client).map_err(|error| plan.refused(&error))?;
        Ok(EveryList::new(reading, provenance, &avepoint::SIGN_IN))
    }
}

fn reading(
    args: &Avepoint,
    plan: &Plan<'_>,
    client: &Client,
) -> Result<Reading<AllSignIns>, Error> {
    let ahead = usize::from(args.fetch_ahead);
    if let ([customer], false) = (&*args.customers, args.tenants.is_empty()) {
        let pagers = args.tenants.iter().map(|tenant| {
            let list = client.sign_ins(customer.as_str(), tenant.as_str());
            let list = list.page_size(args.page_size);
            let list = args.risky.into_iter().fold(list, SignIns::risky);
            (tenant.clone(), list.items().fetch_ahead(ahead))
        });
        let pagers = NamedLists::new(pagers, plan.resume(), plan.reporter)?;
        return Ok(Reading::Named(Box::new(pagers)));
    }
    let list = client.all_sign_ins().page_size(args.page_size);
    let list = list.concurrency(args.concurrency.into()).fetch_ahead(ahead);
    let list = args.risky.into_iter().fold(list, AllSignIns::risky);
    let list = match &*args.customers {
        [] => list,
        customers => list.customer_ids(customers.iter().map(String::as_str)),
    };
    Reading::all(list.items(), plan.resume(), plan.reporter)
}

fn client(args: &Avepoint, plan: &Plan<'_>) -> Result<Client, String> {
    let environment = match args.environment {
        args::Environment::Commercial => Environment::Commercial,
        args::Environment::UsGov => Environment::UsGov,
        args::Environment::Aos2 => Environment::Aos2,
        args::Environment::FedRamp => Environment::FedRamp,
    };
    let base_url = args.base_url.as_deref().unwrap_or(environment.api_url());
    let connection = Connection::new(plan, base_url)?;
    let proofs = Proofs::new(plan);
    let sign = |pem: &[u8], key| CertificateAssertion::rs256(pem, key);
    let certificate = proofs.certificate(&[CERTIFICATE], None, sign)?;
    let proof = oauth::the_one([
        (CLIENT_SECRET, proofs.secret(&[CLIENT_SECRET])?.map(Proof::Secret)),
        (CERTIFICATE, certificate.map(Proof::Certificate)),
    ])?;
    let client_id = match &args.client_id {
        Some(client_id) => client_id.clone(),
        None => proofs.id("client id", &[CLIENT_ID])?,
    };
    let builder = connected!(Client::builder(environment).base_url(base_url), connection);
    let builder = match proof {
        Proof::Secret(secret) => builder.client_secret(client_id, secret),
        Proof::Certificate(certificate) => builder.client_assertion(client_id, certificate),
    };
    let builder = args.auth_url.iter().fold(builder, ClientBuilder::auth_url);
    let only = Some(SIGN_INS.to_owned()).filter(|_| !args.tenants.is_empty());
    let default = only.filter(|_| args.scopes.is_empty());
    let scopes = args.scopes.iter().cloned().chain(default);
    let builder = scopes.fold(builder, ClientBuilder::scope);
    builder.build().map_err(|error| plan.refused(&error))
}

/// What shows that the program is the app.
enum Proof {
    Secret(ClientSecret),
    Certificate(oauth::Certificate),
}

impl ListOwner for AllSignIns {
    fn id(tenant: &ManagedTenant) -> &str {
        &tenant.tenant_id
    }

    fn customer(tenant: &ManagedTenant) -> Option<&str> {
        Some(&tenant.customer_id)
    }

    fn member(provenance: &mut Provenance) -> &mut Option<String> {
        &mut provenance.tenant
    }
}
