//! A simulated PingOne environment.

use ::pingone::{Activity, AllSignIns, Client, Limits, Region};
use signin_core::{Error, Record, Report};
use signin_sim::pingone::{Service, Settings};
use time::Duration;

use crate::commands::demo::args::Demo;
use crate::formats::Provenance;
use crate::run::collect::{List, Records};
use crate::vendors::pingone;

const KEPT: Duration = Duration::days(14);

pub(crate) fn settings(args: &Demo) -> Settings {
    Settings::default().users(args.users).sign_ins(args.events).per_second(u32::MAX)
}

pub(crate) fn pager(service: &Service, args: &Demo) -> Result<List<AllSignIns>, Error> {
    let (app, now) = (service.oauth(), service.now());
    let client = Client::builder(Region::Europe, service.environment_id())
        .base_url(service.base_url())
        .token_url(app.token_url())
        .client_secret(app.client_id(), app.client_secret())
        .limits(Limits::none())
        .build()?;
    let provenance = Provenance {
        vendor: pingone::VENDOR,
        endpoint: pingone::ACTIVITIES,
        tenant: Some(service.environment_id().to_owned()),
        ..Provenance::default()
    };
    let items = client.activities(now - KEPT, now).limit(args.per_page).sign_ins();
    Ok(List { provenance, items, kind: &pingone::ACTIVITY })
}

impl Records for AllSignIns {
    type Value = Activity;

    async fn try_next(&mut self) -> Result<Option<Record<Activity>>, Error> {
        self.try_next().await
    }

    fn report(&self) -> Report {
        self.report().clone()
    }
}
