//! AvePoint Elements: a partner's customers, their tenants, and the sign-ins of each.
//!
//! | method and path below `/partner/external/v3` | parameters beside `pageIndex` and `pageSize` |
//! |---|---|
//! | [`GET um/customers/{customerId}/tenants/{tenantId}/overview/security/compliances/signins`][1] | `risky` |
//! | [`POST general/customers/batch`][2] | body `{}` or `{"customerIds": […]}` |
//!
//! [1]: https://learn.avepoint.com/elements/user-management/risky_public_api/get-sign-in.html
//! [2]: https://learn.avepoint.com/elements/general/customer/get-all-customers.html
//!
//! Where the vendor's pages are silent, the service decides, and says so:
//!
//! - `pageSize` is 50 where it is not said, and 100 at most; more is taken as 100, and `metadata`
//!   says so. 0 or no number is answered 400, and so for `pageIndex`; so is a `risky` that is
//!   neither `true` nor `false`, and a body that is none of the two.
//! - Sign-ins come in no order of any member, but in one that stays, unless the settings move it.
//!   Customers come in the order of their making.
//! - `risky=false` gives those that are not risky.
//! - Ids are compared without regard to case. A customer or tenant that is not there is answered
//!   404, one outside the app's customer scope 403; the list of customers leaves the latter out.
//! - A page beyond the end is an empty list with the same `metadata`.
//! - A 429 says nothing of when to come back, unless the settings tell.
//! - Tokens are given at `/connect/token` of the same address ([`oauth`](crate::oauth)); one more,
//!   [`Service::token`], is good for ever. The scope of a token is not looked at.
//! - The credential is read first, then the limit is counted, then path and query are looked at.
//! - The `Date` header is the service's own clock: one second after the newest sign-in.
//!
//! Error bodies come in two shapes in turn, those of the products on the same gateway:
//! `{"traceId", "error", "statusCode"}` and
//! `{"statusCode", "message", "errors": [{"code", "field", "message"}], "requestId", "timestamp",
//! "traceId"}`.
//!
//! A page costs what its rows cost, wherever it is in the list; with `risky` also a look at every
//! sign-in of the tenant.

mod errors;
mod log;
mod request;
mod roster;
mod service;
mod settings;

pub use log::{SignIn, SignIns};
pub use roster::{Customer, Tenant};
pub use service::Service;
pub use settings::{Settings, TimeForm};
