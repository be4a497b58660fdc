//! Times as Elasticsearch reads them.

use std::num::NonZeroU8;

use time::OffsetDateTime;
use time::error::Format;
use time::format_description::well_known::Iso8601;
use time::format_description::well_known::iso8601::{Config, EncodedConfig, TimePrecision};

use crate::event::members::utc;
use crate::record::timestamp::Timestamp;

const MILLISECONDS: EncodedConfig = with_digits(3);
const NANOSECONDS: EncodedConfig = with_digits(9);

const fn with_digits(digits: u8) -> EncodedConfig {
    let precision = TimePrecision::Second { decimal_digits: NonZeroU8::new(digits) };
    Config::DEFAULT.set_time_precision(precision).encode()
}

/// The time as RFC 3339 in UTC, with as many digits as it takes: three or nine. None for one
/// that stands for no time, or that RFC 3339 cannot write.
pub(super) fn text(time: &Timestamp) -> Option<String> {
    format(utc(time)?.instant()).ok()
}

fn format(instant: OffsetDateTime) -> Result<String, Format> {
    match instant.nanosecond() % 1_000_000 {
        0 => instant.format(&Iso8601::<MILLISECONDS>),
        _ => instant.format(&Iso8601::<NANOSECONDS>),
    }
}

/// The nanoseconds from the first to the second; None if they are the other way round.
pub(super) fn between((start, end): (&Timestamp, &Timestamp)) -> Option<u64> {
    u64::try_from((end.instant() - start.instant()).whole_nanoseconds()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_utc_and_as_exact_as_it_is() {
        for (time, expected) in [
            ("2026-01-02T03:04:05Z", Some("2026-01-02T03:04:05.000Z")),
            ("2026-01-02T03:04:05.1Z", Some("2026-01-02T03:04:05.100Z")),
            ("2026-01-02T03:04:05.123+05:30", Some("2026-01-01T21:34:05.123Z")),
            ("2026-01-02T03:04:05.1234567Z", Some("2026-01-02T03:04:05.123456700Z")),
            ("2026-01-02T03:04:05.000000001-11:00", Some("2026-01-02T14:04:05.000000001Z")),
            ("9998-12-31T23:59:59.999Z", Some("9998-12-31T23:59:59.999Z")),
            ("9999-12-31T23:59:59.999Z", None),
            ("9999-12-31T23:59:59-01:00", None),
            ("1970-01-01T00:00:00Z", None),
            ("0001-01-01T00:00:00Z", None),
        ] {
            let parsed = Timestamp::parse(time).unwrap();
            assert_eq!(text(&parsed).as_deref(), expected, "{time}");
        }
    }

    #[test]
    fn a_span_is_in_nanoseconds_and_goes_forward() {
        let at = |text| Timestamp::parse(text).unwrap();
        let (start, end) = (at("2026-01-01T00:00:00Z"), at("2026-01-02T01:00:00.5+01:00"));
        assert_eq!(between((&start, &end)), Some(86_400_500_000_000));
        assert_eq!(between((&start, &start)), Some(0));
        assert_eq!(between((&end, &start)), None);
    }
}
