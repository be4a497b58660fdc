//! A simulated NewVendor.

use ::newvendor::{Client, Limits, SignIns};
use signin_core::{Error, Items};
use signin_sim::newvendor::{Service, Settings};

use crate::commands::demo::args::Demo;
use crate::run::collect::List;
use crate::vendors::newvendor;

pub(crate) fn settings(args: &Demo) -> Settings {
    Settings::default().users(args.users).events(args.events)
}

pub(crate) fn pager(service: &Service, args: &Demo) -> Result<List<Items<SignIns>>, Error> {
    let client = Client::builder()
        .base_url(service.base_url())
        .token(service.token())
        .limits(Limits::none())
        .build()?;
    let provenance = newvendor::provenance(client.origin().to_string());
    let items = client.sign_ins().limit(args.per_page).items();
    Ok(List { provenance, items, kind: &newvendor::SIGN_IN })
}
