//! What the program knows of AvePoint Elements.

pub(crate) mod args;
pub(crate) mod demo;
pub(crate) mod fetch;

use avepoint_graph::{Customer, SignIn};
use signin_core::vendor::Model as _;

use super::{Endpoint, Profile, put};
use crate::formats::event::{self, Gives};
use crate::formats::{Cells, Kind, detail, moment};

pub(crate) const VENDOR: &str = "avepoint";
pub(crate) const SIGN_INS: &str = "sign_ins";

pub(crate) const PROFILE: Profile = Profile {
    name: VENDOR,
    product: "AvePoint Elements",
    in_help: "AvePoint Elements",
    endpoints: ENDPOINTS,
    demo: (SIGN_INS, "AvePoint Elements: sign-ins of each tenant of each customer"),
    has_exports: false,
};

pub(crate) static SIGN_IN: Kind<SignIn> = Kind { cells: sign_in, event: event::sign_in };
pub(crate) static CUSTOMER: Kind<Customer> = Kind { cells: customer, event: event::nothing };

/// Both kinds of pages have their list under one name: their records tell them apart.
pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        name: SIGN_INS,
        lists: &[&["data"]],
        table: SignIn::table,
        gives: Gives::SignIns,
        put: |sink, provenance, raw| put(sink, provenance, raw, &SIGN_IN),
    },
    Endpoint {
        name: "customers",
        lists: &[&["data"]],
        table: Customer::table,
        gives: Gives::Nothing,
        put: |sink, provenance, raw| put(sink, provenance, raw, &CUSTOMER),
    },
];

fn sign_in(sign_in: &SignIn) -> Cells<'_> {
    let names = [&sign_in.user_principal_name, &sign_in.user_display_name];
    let name = names.into_iter().flatten().find(|name| !name.is_empty());
    Cells {
        id: sign_in.id.as_ref(),
        time: moment(&sign_in.login_time),
        user: name.map(String::as_str).or(sign_in.user_id.as_deref()),
        ip: detail(&sign_in.ip),
        details: [
            sign_in.is_risk.filter(|risk| *risk).map(|_| "at risk".into()),
            detail(&sign_in.city),
            detail(&sign_in.country),
        ],
    }
}

fn customer(customer: &Customer) -> Cells<'_> {
    Cells {
        id: customer.id.as_ref(),
        time: None,
        user: customer.owner_email.as_deref(),
        ip: None,
        details: [
            detail(&customer.organization),
            detail(&customer.country_or_region),
            Some(format!("tenants: {}", customer.tenants.len()).into()),
        ],
    }
}
