//! Retry-After, against jiff's dates and decimal arithmetic of our own.

use std::time::Duration;

use http::HeaderValue;
use jiff::SignedDuration;
use jiff::civil::DateTime;
use signin_core::testing::{Reply, Scripted};
use signin_core::{ErrorKind, RetryPolicy};

use crate::api::{self, List};

/// The answer's own time.
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// The header's value.
pub(crate) fn check(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let usable = HeaderValue::from_str(&text).is_ok_and(|value| value.to_str().is_ok());
    if !usable {
        return false;
    }
    let reply = Reply::status(429).header("retry-after", &text).header("date", DATE);
    let client = api::client(Scripted::new([reply]), RetryPolicy::never());
    let list = List { paging: signin_core::Paging::None, ..List::default() };
    let error = api::run(client.execute(&list)).expect_err("a 429 is an error");
    assert_eq!(error.kind(), ErrorKind::Throttled);
    let found = error.retry_after();
    if let Some(expected) = by_hand(text.trim()) {
        let found = found.unwrap_or_else(|| panic!("not understood: {text:?}"));
        let off = found.abs_diff(expected);
        assert!(off <= Duration::from_nanos(1), "{found:?} instead of {expected:?}: {text:?}");
    } else {
        assert!(found.is_none() || is_loose(text.trim()), "{found:?} of {text:?}");
    }
    found.is_some()
}

/// Seconds with or without a fraction, or an HTTP date.
fn by_hand(text: &str) -> Option<Duration> {
    if let Some(date) = date(text) {
        let now = date_of(FORMS[0], DATE).expect("the date is one");
        return Some(Duration::try_from(date - now).unwrap_or_default());
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

/// The forms of a date of HTTP, by jiff's words.
const FORMS: [&str; 3] =
    ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];

/// A date that is written exactly as one of the forms writes it.
fn date(text: &str) -> Option<SignedDuration> {
    FORMS.into_iter().find_map(|form| date_of(form, text))
}

fn date_of(form: &str, text: &str) -> Option<SignedDuration> {
    let date = DateTime::strptime(form, text).ok().filter(|date| date.year() >= 1970)?;
    let same = date.strftime(form).to_string() == text;
    same.then(|| date.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0)))
}

/// A date with a wrong day of the week, one that jiff takes for of another century, or one with a
/// colon for the space before its time.
fn is_loose(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b':').count() >= 2
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
        "Sunday, 06-Nov-88:08:40:37 GMT",
        "Sun, 6 Nov 1994 08:51 -0005",
        "Sunday, 06-Nov-94 08:50:37 GMT",
        "Sun Nov  6 08:50:37 1994",
    ])
}
