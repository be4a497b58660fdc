//! Microsoft Graph: the sign-in logs of tenants, `v1.0` and `beta`.
//!
//! | path | options |
//! |---|---|
//! | [`{version}/auditLogs/signIns`][1] | `$filter`, `$top`, `$orderby`, `$select` |
//! | [`{version}/auditLogs/signIns/{id}`][2] | `$select` |
//!
//! [1]: https://learn.microsoft.com/en-us/graph/api/signin-list
//! [2]: https://learn.microsoft.com/en-us/graph/api/signin-get
//!
//! Tokens come from `/{tenant}/oauth2/v2.0/token` on the same port, where the real service has a
//! login of its own: see [`oauth`](crate::oauth). A token is good for the tenant that it was asked
//! of.
//!
//! Every tenant has sign-ins of its own, of all four kinds. Requests are limited
//! for each tenant and over all of them; a 429 asks for decimal seconds.
//!
//! As the real service does, and as its clients have met:
//!
//! - `v1.0` has interactive sign-ins only. `beta` lists these as well, and others where
//!   `signInEventTypes/any(…)` asks for them.
//! - A next link has the path in another case, a plain `$` and `(`, and `+` for a space. It is
//!   good for the list that it came from.
//! - `$filter` takes `eq`, `ne`, `ge`, `gt`, `le`, `lt`, `startsWith`, `any`, `and`, `or`, `not`;
//!   what is not understood, and a time before the retention limit, is answered 400 in the same
//!   words.
//! - `$skip`, and `$top` beyond 1 to 1000, are answered 400.
//! - A text is compared without regard to case.
//! - Newer members of enums come only with `Prefer: include-unknown-enum-members`.
//! - A gateway that gives up (504) puts its HTML where a message should be.
//!
//! The `Date` header is the service's own clock: 15 minutes after the newest sign-in. A page
//! costs what the rows cost that it looks at: those of the range of time, until it is full.

mod errors;
mod filter;
mod full;
mod log;
mod record;
mod request;
mod service;
mod settings;

pub use log::{Kind, SignIn};
pub use record::Version;
pub use service::Service;
pub use settings::Settings;
