//! What the program knows of NewVendor.

pub(crate) mod args;
pub(crate) mod demo;
pub(crate) mod fetch;

use ::newvendor::SignIn;
use signin_core::vendor::Model as _;

use super::{Endpoint, Profile, put};
use crate::formats::event::{self, Gives};
use crate::formats::{Cells, Kind, Provenance, detail, moment};

pub(crate) const VENDOR: &str = "newvendor";
pub(crate) const SIGN_INS: &str = "sign_ins";

pub(crate) const PROFILE: Profile = Profile {
    name: VENDOR,
    product: "NewVendor",
    in_help: "NewVendor",
    endpoints: ENDPOINTS,
    demo: (SIGN_INS, "NewVendor: sign-ins of everyone"),
    has_exports: false,
};

pub(crate) static SIGN_IN: Kind<SignIn> = Kind { cells: sign_in, event: event::sign_in };

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint {
    name: SIGN_INS,
    lists: &[&["data"]],
    table: SignIn::table,
    gives: Gives::SignIns,
    put: |sink, provenance, raw| put(sink, provenance, raw, &SIGN_IN),
}];

/// Where sign-ins of the account at this address come from.
pub(crate) fn provenance(base_url: String) -> Provenance {
    Provenance { vendor: VENDOR, endpoint: SIGN_INS, tenant: Some(base_url), ..Provenance::default() }
}

fn sign_in(sign_in: &SignIn) -> Cells<'_> {
    Cells {
        id: sign_in.id.as_ref(),
        time: moment(&sign_in.time),
        user: sign_in.user_name.as_deref().or(sign_in.user_id.as_deref()),
        ip: detail(&sign_in.ip),
        details: [
            sign_in.succeeded.filter(|succeeded| !succeeded).map(|_| "failed".into()),
            None,
            detail(&sign_in.country),
        ],
    }
}
