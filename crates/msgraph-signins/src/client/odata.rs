//! Literals for `$filter`, quoted so that no value can bend the filter it stands in.

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime, UtcOffset};

use crate::{Error, ErrorKind, Result};

/// A text literal: in single quotes, single quotes within it doubled. A filter is
/// percent-encoded as a whole when it is sent.
///
/// ```
/// assert_eq!(msgraph_signins::odata::text("Dara O'Brien")?, "'Dara O''Brien'");
/// # Ok::<(), msgraph_signins::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Argument`] for a text with control characters: no value that Microsoft Graph
/// filters by holds any.
pub fn text(value: &str) -> Result<String> {
    if value.chars().any(char::is_control) {
        return Err(refuse("a filter's text holds a control character"));
    }
    Ok(format!("'{}'", value.replace('\'', "''")))
}

/// A time literal: RFC 3339 in UTC, with at most 7 digits of a second, which is what the service
/// keeps; what is finer is cut off.
///
/// # Errors
/// [`ErrorKind::Argument`] for a year before 0 or after 9999.
pub fn time(instant: OffsetDateTime) -> Result<String> {
    let utc = instant.checked_to_offset(UtcOffset::UTC).and_then(|utc| {
        let ticks = utc.nanosecond() / NANOSECONDS_OF_A_TICK;
        utc.replace_nanosecond(ticks * NANOSECONDS_OF_A_TICK).ok()?.format(&Rfc3339).ok()
    });
    utc.ok_or_else(|| refuse("a filter's time is of no year from 0 to 9999"))
}

/// The literal of an exclusive end: what is finer than it can say is rounded up, so that nothing
/// before the end is left out.
pub(crate) fn end(instant: OffsetDateTime) -> Result<String> {
    const ALMOST_A_TICK: i64 = NANOSECONDS_OF_A_TICK as i64 - 1;
    time(instant.saturating_add(Duration::nanoseconds(ALMOST_A_TICK)))
}

/// .NET's unit of time, the finest that a filter takes.
const NANOSECONDS_OF_A_TICK: u32 = 100;

pub(crate) fn refuse(why: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Argument, "msgraph filter", why, "nothing was sent; check the value")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_utc_and_as_fine_as_the_service_keeps_them() {
        let at = OffsetDateTime::parse("2026-02-03T09:30:00.123456789+01:00", &Rfc3339).unwrap();
        assert_eq!(time(at).unwrap(), "2026-02-03T08:30:00.1234567Z");
        assert_eq!(end(at).unwrap(), "2026-02-03T08:30:00.1234568Z");
        let whole = OffsetDateTime::UNIX_EPOCH;
        assert_eq!(
            (time(whole).unwrap(), end(whole).unwrap()),
            ("1970-01-01T00:00:00Z".to_owned(), "1970-01-01T00:00:00Z".to_owned())
        );
    }

    #[test]
    fn p5_times_that_cannot_be_written_are_refused_not_bent() {
        let day = |year| time::Date::from_ordinal_date(year, 1).unwrap();
        assert!(time(day(-1).midnight().assume_utc()).is_err());
        let west = UtcOffset::from_hms(-12, 0, 0).unwrap();
        let last = time::Date::MAX.with_time(time::Time::MAX).assume_offset(west);
        assert!(time(last).is_err());
    }
}
