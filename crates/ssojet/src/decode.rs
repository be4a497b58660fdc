//! Pages as SSOJet sends them. No client is needed to read one.

use signin_core::{PageField, PageLayout};

use crate::{LoginLog, Mismatch, Page, User};

/// A user's login logs: the body of 2024 names them `login_logs`, the newer one `audit_logs` and
/// has a cursor.
pub(crate) const LOGIN_LOGS: PageLayout = PageLayout(&[
    (PageField::Records, &["login_logs"]),
    (PageField::Records, &["audit_logs"]),
    (PageField::NextCursor, &["next_cursor"]),
    (PageField::PageSize, &["limit"]),
    (PageField::Error, &["error"]),
    (PageField::Error, &["error_code"]),
    (PageField::Error, &["error_description"]),
]);

pub(crate) const USERS: PageLayout = PageLayout(&[
    (PageField::Records, &["users"]),
    (PageField::NextCursor, &["next_cursor"]),
    (PageField::PageSize, &["limit"]),
    (PageField::Error, &["error"]),
    (PageField::Error, &["error_code"]),
    (PageField::Error, &["error_description"]),
]);

/// Reads a page of a user's login logs as SSOJet sends it, without a client.
///
/// # Errors
/// [`Mismatch`]: the body is not JSON, has no list of login logs, or says that the service failed.
/// A single record that does not fit stands in its place as [`Rejected`](crate::Rejected).
pub fn decode_login_logs(body: &[u8]) -> Result<Page<LoginLog>, Mismatch> {
    Page::decode(body, &LOGIN_LOGS)
}

/// Reads a page of users as SSOJet sends it, without a client.
///
/// # Errors
/// As [`decode_login_logs`].
pub fn decode_users(body: &[u8]) -> Result<Page<User>, Mismatch> {
    Page::decode(body, &USERS)
}
