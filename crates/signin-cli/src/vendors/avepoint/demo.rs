//! A simulated AvePoint Elements.

use std::time::Duration;

use avepoint_graph::{AllSignIns, Client, Environment, Limits};
use signin_core::Error;
use signin_sim::avepoint::{Service, Settings};

use crate::commands::demo::args::Demo;
use crate::commands::demo::everyone::Everyone;
use crate::formats::Provenance;
use crate::vendors::avepoint;

/// The more sign-ins, the more customers: a client does not call a tenant's list complete that is
/// too long to be compared.
const EVENTS_PER_CUSTOMER: u64 = 50_000;

/// The service gives no more.
const MOST_PER_PAGE: u32 = 100;

pub(crate) fn settings(args: &Demo) -> Settings {
    Settings::default()
        .customers(3 + args.events / EVENTS_PER_CUSTOMER)
        .users(args.users)
        .events(args.events)
        .rate_window(Duration::ZERO)
}

pub(crate) fn pager(service: &Service, args: &Demo) -> Result<Everyone<AllSignIns>, Error> {
    let app = service.oauth();
    let client = Client::builder(Environment::Commercial)
        .base_url(service.base_url())
        .auth_url(service.base_url())
        .client_secret(app.client_id(), app.client_secret())
        .limits(Limits::none())
        .build()?;
    let provenance = Provenance {
        vendor: avepoint::VENDOR,
        endpoint: avepoint::SIGN_INS,
        ..Provenance::default()
    };
    let items = client.all_sign_ins().page_size(args.per_page.min(MOST_PER_PAGE)).items();
    Ok(Everyone::new(provenance, items, &avepoint::SIGN_IN, |tenant, provenance| {
        provenance.customer = Some(tenant.customer_id.to_string());
        provenance.tenant = Some(tenant.tenant_id.to_string());
    }))
}
