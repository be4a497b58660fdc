//! Retry-After, against httpdate and decimal arithmetic of our own.

use std::time::{Duration, UNIX_EPOCH};

use http::HeaderValue;
use signin_core::testing::{Reply, Scripted};
use signin_core::{ErrorKind, RetryPolicy};

use crate::api::{self, List};

/// The answer's own time.
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// The header's value.
pub(crate) fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let usable = HeaderValue::from_str(&text).is_ok_and(|value| value.to_str().is_ok());
    if !usable {
        return;
    }
    let reply = Reply::status(429).header("retry-after", &text).header("date", DATE);
    let client = api::client(Scripted::new([reply]), RetryPolicy::never());
    let list = List { paging: signin_core::paging::Paging::None, ..List::default() };
    let error = api::run(client.execute(&list)).expect_err("a 429 is an error");
    assert_eq!(error.kind(), ErrorKind::Throttled);
    let found = error.retry_after();
    if let Some(expected) = by_hand(text.trim()) {
        let found = found.unwrap_or_else(|| panic!("not understood: {text:?}"));
        let off = found.abs_diff(expected);
        assert!(off <= Duration::from_nanos(1), "{found:?} instead of {expected:?}: {text:?}");
    } else if let Some(found) = found {
        // Dates of mail, which name other zones, are understood as well.
        let parsed = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim());
        if let Ok(then) = parsed {
            let now = httpdate::parse_http_date(DATE).expect("the date is one");
            let now = now.duration_since(UNIX_EPOCH).expect("it is after 1970");
            let then = u64::try_from(then.as_second()).unwrap_or_default();
            let expected = Duration::from_secs(then).saturating_sub(now);
            assert_eq!(found, expected, "{text:?}");
        }
    }
}

/// Seconds with or without a fraction, or an HTTP date.
fn by_hand(text: &str) -> Option<Duration> {
    if let Ok(date) = httpdate::parse_http_date(text) {
        let now = httpdate::parse_http_date(DATE).expect("the date is one");
        return Some(date.duration_since(now).unwrap_or_default());
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let seconds = whole
        .bytes()
        .fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    let nanos = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    Some(Duration::from_secs(seconds).saturating_add(Duration::from_nanos(nanos)))
}

/// Every form that occurs.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    crate::seeds::texts(&[
        "0",
        "7",
        "2.5",
        "0.048",
        "18446744073709551616",
        "1.99999999999999999999",
        "-1",
        "1e3",
        "",
        "Sun, 06 Nov 1994 08:50:37 GMT",
        "Sat, 05 Nov 1994 08:50:37 GMT",
        "Sun, 6 Nov 1994 08:50 +0100",
        "Sunday, 06-Nov-94 08:50:37 GMT",
        "Sun Nov  6 08:50:37 1994",
    ])
}
