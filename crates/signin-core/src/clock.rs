//! The one place where the wall clock is read.

use time::OffsetDateTime;

/// Now, in UTC. Needed only to understand a date in Retry-After where the answer has no Date, and
/// to say until when an assertion is good.
#[expect(clippy::disallowed_methods, reason = "this is the one place where the wall clock is read")]
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}
