//! A simulated Tines tenant.

use std::time::Duration;

use signin_core::{Error, Report};
use signin_sim::tines::{Service, Settings};
use tines_admin::{Client, Limits, TenantSignIn, TenantSignIns, Way};

use crate::commands::demo::args::Demo;
use crate::formats::Provenance;
use crate::run::collect::Pager;
use crate::vendors::tines;

pub(crate) fn settings(args: &Demo) -> Settings {
    Settings::default()
        .users(args.users)
        .events(args.events)
        .per_minute(u32::MAX)
        .per_minute_general(u32::MAX)
        .rate_window(Duration::ZERO)
}

/// User by user: the audit log of many users costs the simulator too much.
pub(crate) fn pager(service: &Service, args: &Demo) -> Result<SignIns, Error> {
    let client = Client::builder(service.base_url())
        .token(service.api_key())
        .limits(Limits::none())
        .build()?;
    let pager = client.all_sign_ins().way(Way::Users).per_page(args.per_page).items();
    Ok(SignIns { provenance: tines::provenance(service.base_url(), ""), pager })
}

pub(crate) struct SignIns {
    provenance: Provenance,
    pager: TenantSignIns,
}

impl Pager for SignIns {
    type Row = TenantSignIn;

    async fn try_next(&mut self) -> Result<Option<TenantSignIn>, Error> {
        self.pager.try_next().await
    }

    fn provenance(&mut self) -> &mut Provenance {
        let user = self.pager.user().map(|user| user.id.as_str());
        if self.provenance.user.as_deref() != user {
            self.provenance.user = user.map(str::to_owned);
        }
        &mut self.provenance
    }

    fn report(&self) -> Report {
        self.pager.report()
    }
}
