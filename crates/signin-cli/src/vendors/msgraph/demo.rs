//! A simulated Microsoft Graph with one tenant.

use std::time::Duration;

use msgraph_signins::{Client, Limits, SignInEventType, SignIns, Windows};
use signin_core::Error;
use signin_sim::msgraph::{Service, Settings};

use crate::commands::demo::args::Demo;
use crate::formats::Provenance;
use crate::run::collect::List;
use crate::vendors::msgraph;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// All sign-ins are of seven days; one more is for the service's clock, which is ahead of them.
const DAYS: u32 = 8;

pub(crate) fn settings(args: &Demo) -> Settings {
    Settings::default()
        .users(args.users)
        .events(args.events)
        .per_tenant(u32::MAX)
        .per_app(u32::MAX)
        .rate_window(Duration::ZERO)
}

/// In windows of a day, however many pages they have: so pages of any size give one order.
pub(crate) fn pager(service: &Service, args: &Demo) -> Result<List<Windows<SignIns>>, Error> {
    let tenant = service.tenants().next().unwrap_or_default();
    let (app, now) = (service.oauth(), service.now());
    let client = Client::builder(&*tenant)
        .base_url(service.base_url())
        .auth_url(service.base_url())
        .client_secret(app.client_id(), app.client_secret())
        .limits(Limits::none())
        .build()?;
    let provenance = Provenance {
        vendor: msgraph::VENDOR,
        endpoint: msgraph::SIGN_INS,
        tenant: Some(tenant),
        ..Provenance::default()
    };
    let list = client.sign_ins().event_types(SignInEventType::ALL).top(args.per_page);
    let items = list.window(now - DAY * DAYS, now).length(DAY).longest(DAY);
    Ok(List { provenance, items, kind: &msgraph::SIGN_IN })
}
