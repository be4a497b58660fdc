//! What the program knows of Microsoft Graph.

pub(crate) mod args;
pub(crate) mod demo;
pub(crate) mod fetch;
mod sign_in_filter;

use msgraph_signins::SignIn;
use signin_core::vendor::Model as _;

use super::{Endpoint, Profile, put};
use crate::formats::event::{self, Gives};
use crate::formats::{Cells, Kind, detail, moment};

pub(crate) const VENDOR: &str = "msgraph";
pub(crate) const SIGN_INS: &str = "sign_ins";

pub(crate) const PROFILE: Profile = Profile {
    name: VENDOR,
    product: "Microsoft Graph",
    in_help: "Microsoft Graph (Entra ID)",
    endpoints: ENDPOINTS,
    demo: (SIGN_INS, "Microsoft Graph: sign-ins of all four kinds, from beta"),
    has_exports: true,
};

pub(crate) static SIGN_IN: Kind<SignIn> = Kind { cells: sign_in, event: event::sign_in };

pub(crate) const ENDPOINTS: &[Endpoint] = &[Endpoint {
    name: SIGN_INS,
    // Graph's own pages, and those that an event hub yields.
    lists: &[&["value"], &["records"]],
    table: SignIn::table,
    gives: Gives::SignIns,
    put: |sink, provenance, raw| put(sink, provenance, raw, &SIGN_IN),
}];

fn sign_in(sign_in: &SignIn) -> Cells<'_> {
    let names = [
        &sign_in.user_principal_name,
        &sign_in.user_display_name,
        &sign_in.service_principal_name,
        // What was typed, where the service found nobody.
        &sign_in.sign_in_identifier,
    ];
    let name = names.into_iter().flatten().find(|name| !name.is_empty());
    // Zero is success; a status without a code says nothing.
    let outcome = match sign_in.status.as_ref().and_then(|status| status.error_code) {
        Some(0) => Some("success".into()),
        Some(code) => Some(format!("error {code}").into()),
        None => None,
    };
    Cells {
        id: sign_in.id.as_ref(),
        time: moment(&sign_in.created_date_time),
        user: name.map(String::as_str).or(sign_in.user_id.as_deref()),
        ip: detail(&sign_in.ip_address),
        details: [outcome, detail(&sign_in.app_display_name), detail(&sign_in.client_app_used)],
    }
}
