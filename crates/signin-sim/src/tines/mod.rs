//! Tines: `GET /api/v1/admin/users/{user_id}/signin_activities`.
//!
//! Documented by the vendor at
//! <https://www.tines.com/docs/api/admin/users/get-signin-activities/>. Where that page is silent,
//! the service decides, and says so:
//!
//! - `before` and `after` are both strict. A timestamp that is not RFC 3339 is answered 400.
//! - `per_page` above 500 is taken as 500; 0 or no number is answered 422, and so for `page`.
//! - Of a parameter given twice the last one counts; parameters that the page does not name are
//!   ignored, and kept in the links.
//! - A page beyond the end is an empty list without a next page.
//! - The credential is read first, then the limits are counted, then path and query are looked
//!   at. Unauthorised requests and refused ones count in no limit.
//! - The `Date` header is the service's own clock: one second after the newest sign-in of any
//!   user. So `before` set to the `Date` of page one holds a walk still: it has everything on that
//!   page, and nothing that arrives later.
//!
//! Error bodies come in the three shapes that clients of Tines have met:
//!
//! | status | when | body |
//! |---|---|---|
//! | 400 | `before` or `after` is no RFC 3339 timestamp | `{"type", "status_code", "errors": [{"message", "details"}]}` |
//! | 401 | no key, or a wrong one | the same |
//! | 404 | unknown or malformed user id | the same |
//! | 404 | unknown path or method | plain text |
//! | 422 | `per_page` or `page` is no number from 1 | `[{"message", "details"}]` |
//! | 429 | a rate limit | plain text |
//! | as set | `fail_every` | each of the three in turn |

mod errors;
mod log;
mod page;
mod paging;
mod request;
mod service;
mod settings;

pub use log::{SignIn, SignIns};
pub use service::Service;
pub use settings::Settings;
