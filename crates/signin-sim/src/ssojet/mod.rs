//! SSOJet: the users of an application, and the login logs of each.
//!
//! | path below `/api/v1` | parameters beside `client_id` | body |
//! |---|---|---|
//! | [`users/{userid}/loginlogs`][1], as of 2024: [`Body::Older`] | none | `{"login_logs": […]}`: everything at once |
//! | [the same, newer][2]: [`Body::Newer`] | `event=login`, `limit`, `cursor` | `{"audit_logs": […], "limit", "next_cursor"}` |
//! | [`users`][3] | `limit`, `cursor`, `email` | `{"limit", "next_cursor", "users": […]}` |
//! | `oauth2/token` | by POST, a JSON object: client credentials, scope `sys_owner` | a token: see [`oauth`](crate::oauth) |
//!
//! [1]: https://apidog.com/apidoc/docs-site/460181/api/user-management/get-user-login-logs
//! [2]: https://docs.ssojet.com/api/operations/usersuseridloginlogs
//! [3]: https://docs.ssojet.com/project-460181/api/user-management/list-users
//!
//! Where the vendor's pages are silent, the service decides, and says so:
//!
//! - Login logs are listed the oldest first in both bodies, so that those that arrive come last.
//! - One login log of 32 is followed by another that is alike in every byte: the records have no
//!   ids.
//! - The older body cuts times to milliseconds and knows nothing of the client: `UserAgent`, `Os`
//!   and `Device` are `""`, `Name` is that of the CDN. The newer one has up to nine digits, and
//!   mostly knows the client.
//! - `limit` is 50 where none is sent; above 100 it is taken as 100, and the body says so. 0 or no
//!   number is answered 400.
//! - A cursor is opaque text with characters that a query must encode. It is good for the list
//!   that gave it only, and at any time; another one is answered 400.
//! - `client_id` is demanded on every path; without it, or with another one, 400. Parameters that
//!   the vendor's page does not name are ignored.
//! - `email` selects the user with exactly this address.
//! - Users are listed in an order that is not that of their ids. A deleted user is still listed,
//!   as by a cache, and his login logs are not found.
//! - A secret key is accepted, and so is a token of the endpoint, which is asked as the settings
//!   say: the vendor's pages contradict each other in that.
//! - The credential is read first, then the limit is counted (the vendor documents none; by
//!   default there is none), then path and query are looked at.
//! - The `Date` header is the service's own clock: one second after the newest sign-in.
//!
//! Error bodies are `{"error", "error_code", "error_description"}`, or with [`Body::Older`] plain
//! text.

mod errors;
mod log;
mod page;
mod service;
mod settings;
mod users;

pub use log::{SignIn, SignIns};
pub use service::Service;
pub use settings::{Body, LastCursor, Settings};
pub use users::User;
