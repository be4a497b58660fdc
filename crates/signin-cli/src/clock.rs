//! The one place of the program where the wall clock is read.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Now, in UTC and whole seconds, as RFC 3339.
#[expect(clippy::disallowed_methods, reason = "the one place of the program that reads the clock")]
pub(crate) fn now() -> String {
    let now = OffsetDateTime::now_utc();
    // Cannot fail: no clock shows a year beyond 9999 and no second has that many nanoseconds.
    now.replace_nanosecond(0).unwrap_or(now).format(&Rfc3339).unwrap_or_default()
}
