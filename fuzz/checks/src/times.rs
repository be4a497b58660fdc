//! Times, against jiff, which shares no code with what they are built upon.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use serde_with::DeserializeAs;
use signin_core::Timestamp;
use signin_core::vendor::timestamp::DotNetTicks;
use time::OffsetDateTime;

/// What instants are counted from.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// One text as a time; the first eight bytes also as ticks and as an instant.
pub(crate) fn check(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let ours = Timestamp::parse(&text);
    let nanos = ours.as_ref().map(|time| time.instant().unix_timestamp_nanos());
    assert_eq!(nanos, by_jiff(&text), "{text:?}");
    if let Some(time) = &ours {
        check_written(time, &text);
    }
    check_json_ticks(&text);
    let mut number = [0; 8];
    number.iter_mut().zip(input).for_each(|(to, from)| *to = *from);
    check_ticks(i64::from_le_bytes(number));
    ours.is_some()
}

/// What was read is written as it was, and is the same when read again.
fn check_written(time: &Timestamp, text: &str) {
    assert_eq!((time.text(), &*time.to_string()), (Some(text), text), "the text is kept");
    let json = serde_json::to_string(time).expect("it is written");
    let read: Timestamp = serde_json::from_str(&json).expect("what was written is read");
    assert_eq!((&read, read.text()), (time, Some(text)));
    let anew = Timestamp::from(time.instant());
    let anew_text = anew.text().expect("an instant is written as text");
    assert_eq!(by_jiff(anew_text), Some(time.instant().unix_timestamp_nanos()), "{anew_text}");
    check_literal(time.instant());
}

/// A literal of OData is in UTC, of at most seven digits, and the instant cut off there.
fn check_literal(instant: OffsetDateTime) {
    let Ok(literal) = msgraph_signins::odata::time(instant) else {
        let utc = instant.checked_to_offset(time::UtcOffset::UTC);
        assert!(utc.is_none_or(|utc| !(0..=9999).contains(&utc.year())), "refused: {instant}");
        return;
    };
    assert!(literal.len() <= "2026-02-03T08:30:00.1234567Z".len() && literal.ends_with('Z'));
    let nanos = instant.unix_timestamp_nanos();
    assert_eq!(by_jiff(&literal), Some(nanos - nanos.rem_euclid(100)), "{literal}");
}

/// Ticks as a number: exactly, or not at all.
fn check_ticks(ticks: i64) {
    let time = Timestamp::from_ticks(ticks);
    assert_eq!(time.is_some(), (0..=3_155_378_975_999_999_999).contains(&ticks), "{ticks}");
    let Some(time) = time else { return };
    let zero = by_jiff("0001-01-01T00:00:00Z").expect("jiff knows the first day");
    assert_eq!(time.instant().unix_timestamp_nanos() - zero, i128::from(ticks) * 100);
    assert_eq!(time.is_zero(), ticks == 0);
    assert_eq!(serde_json::to_string(&time).expect("it is written"), ticks.to_string());
    assert_eq!(by_jiff(&time.to_string()), Some(time.instant().unix_timestamp_nanos()));
}

/// A JSON text or number by the adapter for ticks: the text is given back as it was.
fn check_json_ticks(text: &str) {
    for json in [text.to_owned(), serde_json::Value::from(text).to_string()] {
        let mut source = serde_json::Deserializer::from_str(&json);
        let read: Result<Timestamp, _> = DotNetTicks::deserialize_as(&mut source);
        let (Ok(time), Ok(())) = (read, source.end()) else { continue };
        let written = serde_json::to_string(&time).expect("it is written");
        let (written, json) = (crate::tree::Tree::read(&written), crate::tree::Tree::read(&json));
        assert_eq!(written, json, "{text}");
    }
}

/// The instant in nanoseconds by a grammar of our own and jiff's calendar.
pub(crate) fn by_jiff(text: &str) -> Option<i128> {
    if let Some(rest) = text.strip_prefix("/Date(") {
        return by_milliseconds(rest.strip_suffix(")/")?);
    }
    let shape = |from: usize, to: usize, text: &str| -> Option<i16> {
        let digits = text.get(from..to)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let signs = text.as_bytes();
    let fits = signs.get(4) == Some(&b'-')
        && signs.get(7) == Some(&b'-')
        && matches!(signs.get(10), Some(b'T' | b't' | b' '))
        && signs.get(13) == Some(&b':')
        && signs.get(16) == Some(&b':');
    let [month, day, hour, minute, second] =
        [(5, 7), (8, 10), (11, 13), (14, 16), (17, 19)].map(|(from, to)| shape(from, to, text));
    let (year, second) = (shape(0, 4, text).filter(|_| fits)?, second?);
    let leap = second == 60;
    let date = Date::new(year, month?.try_into().ok()?, day?.try_into().ok()?).ok()?;
    let second = if leap { 59 } else { second.try_into().ok()? };
    let clock = Time::new(hour?.try_into().ok()?, minute?.try_into().ok()?, second, 0).ok()?;
    let local = date.to_datetime(clock).duration_since(EPOCH).as_secs();

    let rest = text.get(19..)?;
    let (fraction, offset) = match rest.strip_prefix(['.', ',']) {
        Some(rest) => {
            let end = rest.bytes().take_while(u8::is_ascii_digit).count();
            rest.split_at_checked(end).filter(|(digits, _)| !digits.is_empty())?
        }
        None => ("", rest),
    };
    let padded = format!("{fraction:0<9}");
    let nanos: i128 = if leap { 999_999_999 } else { padded.get(..9)?.parse().ok()? };
    let offset_seconds = match offset {
        "" | "Z" | "z" | "UTC" | "GMT" | " Z" | " z" | " UTC" | " GMT" => 0,
        _ => offset_seconds(offset.strip_prefix(' ').unwrap_or(offset))?,
    };
    let seconds = local - offset_seconds;
    if leap && !is_end_of_month(seconds) {
        return None;
    }
    Some(i128::from(seconds) * 1_000_000_000 + nanos)
}

/// The seconds east of UTC that `+hh:mm`, `+hhmm` or `+hh` says.
fn offset_seconds(offset: &str) -> Option<i64> {
    let sign = match offset.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = match offset.as_bytes() {
        [_, _, _, b':', _, _] => offset.replace(':', ""),
        [_, _, _, _, _] => offset.to_owned(),
        [_, _, _] => format!("{offset}00"),
        _ => return None,
    };
    let digits = digits.get(1..).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
    let number: i64 = digits.parse().ok()?;
    let (hours, minutes) = (number / 100, number % 100);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// .NET's milliseconds since 1970, with or without an offset: an instant of the years 1 to 9999,
/// and of a year that can be written there.
fn by_milliseconds(inner: &str) -> Option<i128> {
    let calendar = -62_135_596_800_000..253_402_300_800_000_i128;
    let at = inner.char_indices().skip(1).find(|(_, c)| matches!(c, '+' | '-'));
    let (number, offset) = inner.split_at(at.map_or(inner.len(), |(at, _)| at));
    if number.starts_with('+') {
        return None;
    }
    let number: i128 = number.parse().ok()?;
    let offset = if offset.is_empty() { 0 } else { offset_seconds(offset)? };
    let there = number + i128::from(offset) * 1_000;
    (calendar.contains(&number) && there < calendar.end).then_some(number * 1_000_000)
}

/// Leap seconds follow the last second of a month, by UTC.
fn is_end_of_month(seconds: i64) -> bool {
    let after = EPOCH.checked_add(SignedDuration::from_secs(seconds + 1));
    // The month after the last one that there is begins all the same.
    after.map_or(seconds > 0, |after| after.day() == 1 && after.time() == Time::midnight())
}

/// Every form that occurs, and some that do not.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    crate::seeds::texts(&[
        "2022-10-19T14:25:18Z",
        "2022-10-19t14:25:18z",
        "2022-10-19 14:25:18Z",
        "2022-10-19T14:25:18",
        "2022-10-19T16:25:18+02:00",
        "2022-05-18T00:00:00-04:00",
        "2022-10-19T14:25:18.02Z",
        "2022-10-19T14:25:18.1234567Z",
        "2022-10-19T14:25:18.12345678999999999999Z",
        "2022-10-19T14:25:18.5",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59.9999999Z",
        "2016-12-31T23:59:60Z",
        "2017-01-01T05:29:60+05:30",
        "2024-02-29T00:00:00-00:00",
        "638907426550000000",
        "2025-03-13T14:15:41.619-0500",
        "2025-03-13 19:15:41,619 +00",
        "2025-03-13 19:15:41 UTC",
        "/Date(1741893341619)/",
        "/Date(-62135596800000+0100)/",
        "/Date(253402300799999-2359)/",
        "2022-10-19",
    ])
}
