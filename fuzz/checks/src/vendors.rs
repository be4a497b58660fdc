//! The vendors: what of each one's crate is checked. A vendor is a function that decodes its pages,
//! one that makes its events, and a line in the list.

use signin_core::event::Context;

use crate::decode::check as page;
use crate::events::{check_counts as counts, check_event as event};

/// What is checked of a vendor's crate.
#[derive(Debug, Clone, Copy)]
pub struct Vendor {
    /// Its name, which is that of its folder in `fixtures/`.
    pub name: &'static str,
    /// Reads a body as each of its lists, and panics if that breaks a property. Says whether a
    /// record came.
    pub decode: fn(&[u8]) -> bool,
    /// Makes an event of a record as each of its lists', and panics if that breaks a property. Says
    /// whether there was one.
    pub event: fn(&[u8], &Context) -> bool,
    /// How many of its samples are pages with records, at least.
    pub pages: u64,
}

/// Every vendor.
pub const VENDORS: &[Vendor] = &[
    Vendor { name: "avepoint", decode: avepoint::decode, event: avepoint::event, pages: 3 },
    Vendor { name: "msgraph", decode: msgraph::decode, event: msgraph::event, pages: 3 },
    Vendor { name: "pingone", decode: pingone::decode, event: pingone::event, pages: 4 },
    Vendor { name: "ssojet", decode: ssojet::decode, event: ssojet::event, pages: 5 },
    Vendor { name: "tines", decode: tines::decode, event: tines::event, pages: 4 },
];

mod avepoint {
    use avepoint_graph::{SignIn, decode_customers, decode_sign_ins};

    use super::*;

    pub(super) fn decode(body: &[u8]) -> bool {
        page(body, &[&["data"]], decode_sign_ins) | page(body, &[&["data"]], decode_customers)
    }

    pub(super) fn event(record: &[u8], context: &Context) -> bool {
        super::event::<SignIn>(record, context)
    }
}

mod msgraph {
    use msgraph_signins::{SignIn, decode_sign_ins};

    use super::*;

    pub(super) fn decode(body: &[u8]) -> bool {
        page(body, &[&["value"]], decode_sign_ins)
    }

    pub(super) fn event(record: &[u8], context: &Context) -> bool {
        super::event::<SignIn>(record, context)
    }
}

mod pingone {
    use ::pingone::{Activity, UserActivity, decode_activities, decode_user_activities};

    use super::*;

    pub(super) fn decode(body: &[u8]) -> bool {
        page(body, &[&["_embedded", "activities"]], decode_activities)
            | page(body, &[&["_embedded", "userActivities"]], decode_user_activities)
    }

    pub(super) fn event(record: &[u8], context: &Context) -> bool {
        super::event::<Activity>(record, context) | counts::<UserActivity>(record, context)
    }
}

mod ssojet {
    use ::ssojet::{LoginLog, decode_login_logs, decode_users};

    use super::*;

    pub(super) fn decode(body: &[u8]) -> bool {
        page(body, &[&["login_logs"], &["audit_logs"]], decode_login_logs)
            | page(body, &[&["users"]], decode_users)
    }

    pub(super) fn event(record: &[u8], context: &Context) -> bool {
        super::event::<LoginLog>(record, context)
    }
}

mod tines {
    use tines_admin::{AuditLog, SigninActivity};
    use tines_admin::{decode_audit_logs, decode_signin_activities, decode_users};

    use super::*;

    pub(super) fn decode(body: &[u8]) -> bool {
        page(body, &[&["admin/login_activities"]], decode_signin_activities)
            | page(body, &[&["admin/users"]], decode_users)
            | page(body, &[&["audit_logs"]], decode_audit_logs)
    }

    pub(super) fn event(record: &[u8], context: &Context) -> bool {
        super::event::<SigninActivity>(record, context) | super::event::<AuditLog>(record, context)
    }
}
