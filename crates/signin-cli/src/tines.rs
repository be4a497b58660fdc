//! What the program knows of Tines.

use std::io;

use signin_core::Model as _;
use tines_admin::{AuditLog, SigninActivity, TenantSignIn, User};

use crate::collect::Row;
use crate::format::{Cells, Source, detail};
use crate::sink::Sink;
use crate::vendor::{Endpoint, put};

pub(crate) const VENDOR: &str = "tines";
pub(crate) const ENDPOINT: &str = "signin_activities";
pub(crate) const AUDIT_LOGS: &str = "audit_logs";

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        name: ENDPOINT,
        lists: &[&["admin/login_activities"]],
        table: SigninActivity::table,
        put: |sink, source, raw| put(sink, source, raw, cells),
    },
    Endpoint {
        name: "users",
        lists: &[&["admin/users"]],
        table: User::table,
        put: |sink, source, raw| put(sink, source, raw, user),
    },
    Endpoint {
        name: AUDIT_LOGS,
        lists: &[&["audit_logs"]],
        table: AuditLog::table,
        put: |sink, source, raw| put(sink, source, raw, audit_log),
    },
];

/// The sign-ins of one user of the tenant at this origin.
pub(crate) fn source(origin: &str, user_id: &str) -> Source {
    Source {
        vendor: VENDOR,
        endpoint: ENDPOINT,
        tenant: Some(origin.to_owned()),
        user: Some(user_id.to_owned()),
        ..Source::default()
    }
}

pub(crate) fn cells(activity: &SigninActivity) -> Cells<'_> {
    Cells {
        id: activity.id.as_ref(),
        time: activity.created_at.as_ref(),
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

    fn put(&self, source: &Source, sink: &mut Sink) -> io::Result<()> {
        match self {
            Self::AuditLog(row) => sink.put(source, row, &self.cells()),
            Self::Activity { record, .. } => sink.put(source, record, &self.cells()),
            _ => Err(io::Error::other("a sign-in of a kind that is not known")),
        }
    }
}

fn user(user: &User) -> Cells<'_> {
    Cells {
        id: user.id.as_ref(),
        time: user.last_seen.as_ref(),
        user: user.email.as_deref().or(user.id.as_deref()),
        ip: None,
        details: [
            detail(&user.first_name),
            detail(&user.last_name),
            user.is_active.filter(|active| !active).map(|_| "inactive".into()),
        ],
    }
}

pub(crate) fn audit_log(entry: &AuditLog) -> Cells<'_> {
    Cells {
        id: entry.id.as_ref(),
        time: entry.created_at.as_ref(),
        user: entry.user_email.as_deref().or(entry.user_id.as_deref()),
        ip: detail(&entry.request_ip),
        details: [detail(&entry.operation_name), detail(&entry.request_user_agent), None],
    }
}
