//! What the program knows of SSOJet.

use signin_core::Model as _;
use ssojet::{LoginLog, User};

use crate::format::{Cells, detail};
use crate::vendor::{Endpoint, put};

pub(crate) const VENDOR: &str = "ssojet";
pub(crate) const LOGIN_LOGS: &str = "login_logs";

pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        name: LOGIN_LOGS,
        lists: &[&["login_logs"], &["audit_logs"]],
        table: LoginLog::table,
        put: |sink, source, raw| put(sink, source, raw, login_log),
    },
    Endpoint {
        name: "users",
        lists: &[&["users"]],
        table: User::table,
        put: |sink, source, raw| put(sink, source, raw, user),
    },
];

/// Whose it is, the record does not say.
pub(crate) fn login_log(log: &LoginLog) -> Cells<'_> {
    Cells {
        time: log.created_at.as_ref(),
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
