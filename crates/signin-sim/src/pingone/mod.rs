//! PingOne: an environment's audit events, and the counts of its sign-ons.
//!
//! | path below `/v1/environments/{environment_id}` | parameters | requests |
//! |---|---|---|
//! | [`userActivities`][1] | `filter`, `sampleSize` | 210 a minute |
//! | [`activities`][2] | `filter`, `limit`; `cursor` of a link | 3 a second |
//!
//! [1]: https://developer.pingidentity.com/pingone-api/platform/user-activities/read-user-activities.html
//! [2]: https://developer.pingidentity.com/pingone-api/platform/audit-activities/get-user-activities.html
//!
//! Tokens come from `/{environment_id}/as/token` on the same port, where the real service has a host
//! of its own; the environment in it is the worker app's, and another one is not found. See
//! [`oauth`](crate::oauth).
//!
//! The limits are what one IP gets of the documented ones. Where the vendor's pages are silent or
//! contradict themselves, the service decides, and says so:
//!
//! - Filters are conditions joined by `and`, in either case; nothing else joins them. Literals are
//!   texts of JSON. The names of attributes are told apart by case, so that `EndDate` is refused;
//!   `recordedat` in lower case, which the vendor's older pages have, is not.
//! - User activities take `startDate` and `endDate` by `eq`, both or neither. Neither: the 30 days
//!   before the service's clock.
//! - Buckets are whole hours, days or weeks of the start's own offset; partial ones at the ends are
//!   dropped. Weeks begin on Monday. Without `sampleSize`: hours up to 5 days, days up to 60, else
//!   weeks. `HOURS` is refused.
//! - Activities need a lower and an upper bound of `recordedAt` or `createdAt`, by `gt` and `lt`,
//!   both exclusive, and take further conditions by `eq` on `action.type`, `actors.user.id`,
//!   `actors.client.id`, `resources.id`, `resources.type`, `resources.population.id` and
//!   `correlationId`. `result.status` and all others are refused.
//! - Events of more than 14 days before the clock are left out of the activities without a word;
//!   they are in the counts.
//! - `limit` above 500 is taken as 500. A link to the next page holds `limit` and a `cursor`, which
//!   stands for the filter and the last event yielded: what arrives meanwhile shifts nothing.
//! - A sign-on that succeeded is an event `USER.ACCESS_ALLOWED`, one that failed is a
//!   `PASSWORD.CHECK_FAILED`, and a password reset is a `PASSWORD.RESET`: so counts and events agree.
//! - The credential is read first, then the environment, then the limits are counted, then the
//!   parameters are looked at.
//! - The `Date` header is the service's own clock: one second after the newest event.
//!
//! | status | when | `code`, `details[0].code` |
//! |---|---|---|
//! | 400 | a filter that cannot be | `INVALID_DATA`, `INVALID_FILTER` |
//! | 400 | another parameter that cannot be | `INVALID_DATA`, `INVALID_VALUE` |
//! | 401 | no token, or a wrong one | `ACCESS_FAILED`, `INVALID_TOKEN` |
//! | 403 | another environment, also one that does not exist | `ACCESS_FAILED`, `INSUFFICIENT_PERMISSIONS` |
//! | 404 | another path or method | `NOT_FOUND` |
//! | 429 | a limit | `REQUEST_LIMITED`, `LIMIT_EXCEEDED` |
//! | as set | `fail_every` | `UNEXPECTED_ERROR` |
//!
//! # What a page costs
//!
//! Buckets cost nothing: counts are computed. A page of activities costs its rows; under a
//! condition by `eq` also every event that is passed over on the way.

mod activities;
mod errors;
mod filter;
mod log;
mod service;
mod settings;
mod user_activities;

pub use log::{Event, Events};
pub use service::Service;
pub use settings::Settings;
pub use user_activities::Counts;
