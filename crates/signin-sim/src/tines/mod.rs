//! Tines: the users of a tenant, the sign-in activities of each, and the audit log of all.
//!
//! | path below `/api/v1` | parameters beside `per_page` and `page` | requests a minute |
//! |---|---|---|
//! | [`admin/users/{user_id}/signin_activities`][1] | `before`, `after` | 500, those of `admin/users` included |
//! | [`admin/users`][2] | `filter=TENANT_OWNER`, `include=team_memberships` | the same 500 |
//! | [`audit_logs`][3] | `before`, `after`, `user_id` or `user_id[]`, `operation_name` or `operation_name[]` | 1,000 |
//!
//! [1]: https://www.tines.com/docs/api/admin/users/get-signin-activities/
//! [2]: https://www.tines.com/docs/api/admin/users/list/
//! [3]: https://www.tines.com/docs/api/audit-logs/list/
//!
//! Where the vendor's pages are silent, the service decides, and says so:
//!
//! - `before` and `after` are both strict. A timestamp that is not RFC 3339 is answered 400.
//! - `per_page` above 500 is taken as 500; 0 or no number is answered 422, and so for `page`.
//! - Of a parameter given twice the last one counts, but each of `user_id[]` and
//!   `operation_name[]` does, and `user_id` beside `user_id[]` is one more of them. Parameters that
//!   the vendor's page does not name are ignored, and kept in the links.
//! - `filter` and `include` with any other value than the documented one are answered 422.
//! - A `user_id` that is nobody's, or no number, selects no rows of the audit log; so does an
//!   `operation_name` that no row has, and one in another case.
//! - Users are listed by id, the audit log is newest first over all users.
//! - Each sign-in is one row `Login` of the audit log, under another id than among the activities,
//!   at the same second, from the same address. About one row of ten is another operation.
//! - A deleted user is not listed, his activities are not found, and his rows stay in the audit
//!   log. Sign-ins arrive only for users that exist.
//! - A page beyond the end is an empty list without a next page.
//! - The credential is read first, then the limits are counted, then path and query are looked
//!   at. Unauthorised requests and refused ones count in no limit.
//! - The `Date` header is the service's own clock: one second after the newest sign-in of any
//!   user. So `before` set to the `Date` of page one holds a pager still: it has everything on that
//!   page, and nothing that arrives later.
//!
//! Error bodies come in the three shapes that clients of Tines have met:
//!
//! | status | when | body |
//! |---|---|---|
//! | 400 | `before` or `after` is no RFC 3339 timestamp | `{"type", "status_code", "errors": [{"message", "details"}]}` |
//! | 401 | no key, or a wrong one | the same |
//! | 403 | a plan without audit log | the same |
//! | 404 | unknown, deleted or malformed user id | the same |
//! | 404 | unknown path or method; as set, a plan without audit log | plain text |
//! | 422 | `per_page` or `page` is no number from 1; another `filter` or `include` | `[{"message", "details"}]` |
//! | 429 | a rate limit | plain text |
//! | as set | `fail_every` | each of the three in turn |
//!
//! # What a page costs
//!
//! A page of activities or of users costs what its rows cost, wherever it is in the list; under
//! `filter=TENANT_OWNER` also a look at every owner. A page of the audit log is a merge of all
//! users' lists that starts in the middle: beside its rows it costs, for each user that the filter
//! leaves, some memory while it is written and a few dozen draws per doubling of the events. That
//! is meant for some thousands of users; a tenant of a million takes many seconds a page.

mod audit_logs;
mod errors;
mod log;
mod page;
mod paging;
mod request;
mod roster;
mod service;
mod settings;
mod users;

pub use audit_logs::{Login, Logins};
pub use log::{SignIn, SignIns};
pub use service::Service;
pub use settings::Settings;
pub use users::{TeamMembership, User};
