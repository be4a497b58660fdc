//! A simulated SSOJet application.

use ::ssojet::{AllSignIns, Client, Identities, Limits, LoginLog};
use signin_core::{Error, Report};
use signin_sim::ssojet::{Body, Service, Settings};

use crate::commands::demo::args::Demo;
use crate::commands::demo::everyone::Everyone;
use crate::formats::Provenance;
use crate::run::collect::{Listed, Pager};
use crate::vendors::ssojet;

/// The service gives no more.
const MOST_PER_PAGE: u32 = 100;

/// With the newer body: the older one has all of a user's sign-ins at once.
pub(crate) fn settings(args: &Demo) -> Settings {
    Settings::default().users(args.users).events(args.events).body(Body::Newer)
}

pub(crate) fn pager(service: &Service, args: &Demo) -> Result<LoginLogs, Error> {
    let client = Client::builder(service.client_id())
        .base_url(service.base_url())
        .client_secret(service.oauth().client_secret())
        .limits(Limits::none())
        .build()?;
    let provenance = Provenance {
        vendor: ssojet::VENDOR,
        endpoint: ssojet::LOGIN_LOGS,
        client_id: Some(service.client_id().to_owned()),
        ..Provenance::default()
    };
    let items = client.all_sign_ins().limit(args.per_page.min(MOST_PER_PAGE)).items();
    let pager = Everyone::new(provenance, items, &ssojet::LOGIN_LOG, |user, provenance| {
        provenance.user = Some(user.id.to_string());
    });
    Ok(LoginLogs { pager, identities: Identities::new(service.client_id()) })
}

/// Login logs, which have no ids of their own.
pub(crate) struct LoginLogs {
    pager: Everyone<AllSignIns>,
    identities: Identities,
}

impl Pager for LoginLogs {
    type Row = Listed<LoginLog>;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        let next = self.pager.try_next().await;
        let provenance = self.pager.provenance();
        provenance.id = match (&next, &provenance.user) {
            (Ok(Some(row)), Some(user)) => self.identities.of(user, &row.record),
            _ => None,
        };
        next
    }

    fn provenance(&mut self) -> &mut Provenance {
        self.pager.provenance()
    }

    fn report(&self) -> Report {
        self.pager.report()
    }
}
