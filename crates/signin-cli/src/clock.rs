//! The one place of the program where the wall clock is read.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Now, in UTC and whole seconds.
#[expect(clippy::disallowed_methods, reason = "the one place of the program that reads the clock")]
pub(crate) fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now)
}

/// An instant as RFC 3339.
pub(crate) fn text(instant: OffsetDateTime) -> String {
    // Cannot fail: no clock shows a year beyond 9999, and no argument has a second of an offset.
    instant.format(&Rfc3339).unwrap_or_default()
}
