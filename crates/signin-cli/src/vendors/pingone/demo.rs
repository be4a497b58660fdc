//! A simulated PingOne environment.

use ::pingone::{AllSignIns, Client, Limits, Region};
use signin_core::Error;
use signin_sim::pingone::{Service, Settings};
use time::Duration;

use crate::commands::demo::args::Demo;
use crate::formats::Source;
use crate::run::collect::List;
use crate::vendors::pingone;

pub(crate) const READ: (&str, &str) =
    ("activities", "PingOne: audit activities about signing in, of the last 14 days");

const KEPT: Duration = Duration::days(14);

pub(crate) fn settings(args: &Demo) -> Settings {
    Settings::default().users(args.users).sign_ins(args.events).per_second(u32::MAX)
}

pub(crate) fn walk(service: &Service, args: &Demo) -> Result<List<AllSignIns>, Error> {
    let (app, now) = (service.oauth(), service.now());
    let client = Client::builder(Region::Europe, service.environment_id())
        .base_url(service.base_url())
        .token_url(app.token_url())
        .client_secret(app.client_id(), app.client_secret())
        .limits(Limits::none())
        .build()?;
    let source = Source {
        vendor: pingone::VENDOR,
        endpoint: READ.0,
        tenant: Some(service.environment_id().to_owned()),
        ..Source::default()
    };
    let items = client.activities(now - KEPT, now).limit(args.per_page).sign_ins();
    Ok(List { source, items, kind: &pingone::ACTIVITY })
}
