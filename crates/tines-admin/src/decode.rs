//! Pages as Tines sends them. No client is needed to read one.

use signin_core::{PageField, PageLayout};

use crate::{AuditLog, Mismatch, Page, SigninActivity, User};

/// A body with its records under this name, and `meta`. The vendor's prose calls the body of
/// sign-in activities an array; it is such an object.
macro_rules! layout {
    ($records:literal) => {
        PageLayout(&[
            (PageField::Records, &[$records]),
            (PageField::NextLink, &["meta", "next_page"]),
            (PageField::NextPage, &["meta", "next_page_number"]),
            (PageField::Total, &["meta", "count"]),
            (PageField::PageSize, &["meta", "per_page"]),
            (PageField::Error, &["errors"]),
            (PageField::Error, &["error"]),
            (PageField::Error, &["status_code"]),
        ])
    };
}

pub(crate) const SIGNIN_ACTIVITIES: PageLayout = layout!("admin/login_activities");
pub(crate) const USERS: PageLayout = layout!("admin/users");
pub(crate) const AUDIT_LOGS: PageLayout = layout!("audit_logs");

/// Reads a page of sign-in activities as Tines sends it, without a client.
///
/// # Errors
/// [`Mismatch`]: the body is not JSON, has no list of sign-in activities, or says that the service
/// failed. A single record that does not fit stands in its place as [`Rejected`](crate::Rejected).
pub fn decode_signin_activities(body: &[u8]) -> Result<Page<SigninActivity>, Mismatch> {
    Page::decode(body, &SIGNIN_ACTIVITIES)
}

/// Reads a page of users as Tines sends it, without a client.
///
/// # Errors
/// As [`decode_signin_activities`].
pub fn decode_users(body: &[u8]) -> Result<Page<User>, Mismatch> {
    Page::decode(body, &USERS)
}

/// Reads a page of the audit log as Tines sends it, without a client.
///
/// # Errors
/// As [`decode_signin_activities`].
pub fn decode_audit_logs(body: &[u8]) -> Result<Page<AuditLog>, Mismatch> {
    Page::decode(body, &AUDIT_LOGS)
}
