//! What the program knows of Tines.

pub(crate) mod args;
pub(crate) mod demo;
pub(crate) mod fetch;

use std::io;

use signin_core::event::NoEvent;
use signin_core::vendor::Model as _;
use tines_admin::{AuditLog, SigninActivity, TenantSignIn, User};

use super::{Endpoint, Profile, put};
use crate::formats::event::{self, Gives};
use crate::formats::{Cells, Kind, Provenance, detail, moment};
use crate::outputs::sink::Sink;
use crate::run::collect::Row;

pub(crate) const VENDOR: &str = "tines";
pub(crate) const ENDPOINT: &str = "signin_activities";
pub(crate) const AUDIT_LOGS: &str = "audit_logs";

pub(crate) const PROFILE: Profile = Profile {
    name: VENDOR,
    product: "Tines",
    in_help: "Tines",
    endpoints: ENDPOINTS,
    demo: (ENDPOINT, "Tines: sign-in activities of each user"),
    has_exports: false,
};

pub(crate) static ACTIVITY: Kind<SigninActivity> = Kind { cells, event: event::sign_in };
pub(crate) static USER: Kind<User> = Kind { cells: user, event: event::nothing };
pub(crate) static AUDIT_LOG: Kind<AuditLog> = Kind { cells: audit_log, event: event::sign_in };

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        name: ENDPOINT,
        lists: &[&["admin/login_activities"]],
        table: SigninActivity::table,
        gives: Gives::SignIns,
        put: |sink, provenance, raw| put(sink, provenance, raw, &ACTIVITY),
    },
    Endpoint {
        name: "users",
        lists: &[&["admin/users"]],
        table: User::table,
        gives: Gives::Nothing,
        put: |sink, provenance, raw| put(sink, provenance, raw, &USER),
    },
    Endpoint {
        name: AUDIT_LOGS,
        lists: &[&["audit_logs"]],
        table: AuditLog::table,
        gives: Gives::SignIns,
        put: |sink, provenance, raw| put(sink, provenance, raw, &AUDIT_LOG),
    },
];

/// The sign-ins of one user of the tenant at this origin.
pub(crate) fn provenance(origin: &str, user_id: &str) -> Provenance {
    Provenance {
        vendor: VENDOR,
        endpoint: ENDPOINT,
        tenant: Some(origin.to_owned()),
        user: Some(user_id.to_owned()),
        ..Provenance::default()
    }
}

fn cells(activity: &SigninActivity) -> Cells<'_> {
    Cells {
        id: activity.id.as_ref(),
        time: moment(&activity.created_at),
        user: activity.user_id.as_deref(),
        ip: detail(&activity.ip),
        details: [detail(&activity.user_agent), None, None],
    }
}

impl Row for TenantSignIn {
    fn cells(&self) -> Cells<'_> {
        match self {
            Self::AuditLog(row) => audit_log(row),
            Self::Activity { record, .. } => cells(record),
            _ => Cells::default(),
        }
    }

    fn raw(&self) -> &[u8] {
        match self {
            Self::AuditLog(row) => row.raw_bytes(),
            Self::Activity { record, .. } => record.raw_bytes(),
            _ => self.raw().as_bytes(),
        }
    }

    fn put(&self, provenance: &Provenance, sink: &mut Sink) -> io::Result<Result<(), NoEvent>> {
        match self {
            Self::AuditLog(row) => sink.put(provenance, row, &AUDIT_LOG),
            Self::Activity { record, .. } => sink.put(provenance, record, &ACTIVITY),
            _ => Err(io::Error::other("a sign-in of a kind that is not known")),
        }
    }
}

fn user(user: &User) -> Cells<'_> {
    Cells {
        id: user.id.as_ref(),
        time: moment(&user.last_seen),
        user: user.email.as_deref().or(user.id.as_deref()),
        ip: None,
        details: [
            detail(&user.first_name),
            detail(&user.last_name),
            user.is_active.filter(|active| !active).map(|_| "inactive".into()),
        ],
    }
}

fn audit_log(entry: &AuditLog) -> Cells<'_> {
    Cells {
        id: entry.id.as_ref(),
        time: moment(&entry.created_at),
        user: entry.user_email.as_deref().or(entry.user_id.as_deref()),
        ip: detail(&entry.request_ip),
        details: [detail(&entry.operation_name), detail(&entry.request_user_agent), None],
    }
}
