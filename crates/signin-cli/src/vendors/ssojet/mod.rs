//! What the program knows of SSOJet.

pub(crate) mod args;
pub(crate) mod demo;
pub(crate) mod fetch;

use signin_core::Record;
use signin_core::vendor::Model as _;
use ssojet::{Identities, LoginLog, User};

use super::{Endpoint, Profile, put};
use crate::formats::event::{self, Gives};
use crate::formats::{Cells, Kind, Provenance, detail, moment};

pub(crate) const VENDOR: &str = "ssojet";
pub(crate) const LOGIN_LOGS: &str = "login_logs";

pub(crate) const PROFILE: Profile = Profile {
    name: VENDOR,
    product: "SSOJet",
    in_help: "SSOJet",
    endpoints: ENDPOINTS,
    demo: (LOGIN_LOGS, "SSOJet: login logs of each user"),
    has_exports: false,
};

pub(crate) static LOGIN_LOG: Kind<LoginLog> = Kind { cells: login_log, event: event::sign_in };
pub(crate) static USER: Kind<User> = Kind { cells: user, event: event::nothing };

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        name: LOGIN_LOGS,
        lists: &[&["login_logs"], &["audit_logs"]],
        table: LoginLog::table,
        gives: Gives::SignIns,
        put: |sink, provenance, raw| put(sink, provenance, raw, &LOGIN_LOG),
    },
    Endpoint {
        name: "users",
        lists: &[&["users"]],
        table: User::table,
        gives: Gives::Nothing,
        put: |sink, provenance, raw| put(sink, provenance, raw, &USER),
    },
];

/// Gives login logs identities that came without.
#[derive(Debug, Default)]
pub(crate) struct Naming(Option<(String, Identities)>);

impl Naming {
    /// The identity of the next record, of which it is known whose it is.
    pub(crate) fn identity(&mut self, provenance: &Provenance, record: &str) -> Option<String> {
        let (client_id, user) = (provenance.client_id.as_deref()?, provenance.user.as_deref()?);
        let log = Record::<LoginLog>::from_json_lenient(record).ok()?;
        let named = self.0.take().filter(|(of, _)| of == client_id);
        let (_, identities) = self
            .0
            .insert(named.unwrap_or_else(|| (client_id.to_owned(), Identities::new(client_id))));
        identities.of(user, &log)
    }
}

/// Whose it is, the record does not say.
fn login_log(log: &LoginLog) -> Cells<'_> {
    Cells {
        time: moment(&log.created_at),
        ip: detail(&log.ip_address),
        details: [detail(&log.city), detail(&log.country), detail(&log.user_agent)],
        ..Cells::default()
    }
}

fn user(user: &User) -> Cells<'_> {
    Cells {
        id: user.id.as_ref(),
        time: None,
        user: user.email.as_deref().or(user.id.as_deref()),
        ip: None,
        details: [
            detail(&user.first_name),
            detail(&user.last_name),
            user.is_active.filter(|active| !active).map(|_| "inactive".into()),
        ],
    }
}
