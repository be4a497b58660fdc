//! Times as vendors write them: every seen form is read, and written back as it was.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::SystemTime;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Unexpected, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_with::{DeserializeAs, SerializeAs};
use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, Time, UtcDateTime, UtcOffset};

use crate::error::{Error, ErrorKind};
use crate::record::mismatch::{self, Mismatch};
use crate::record::model::Shape;

/// A time that remembers how the wire wrote it.
///
/// The instant is exact to the nanosecond; further digits live on in the text. Times compare by
/// instant: `…32Z` equals `…32.000Z`, which as texts would not even sort together.
#[derive(Clone)]
pub struct Timestamp {
    instant: OffsetDateTime,
    written: Written,
}

#[derive(Clone)]
enum Written {
    Text(Box<str>),
    Number(i64),
}

impl Timestamp {
    /// Reads RFC 3339 with any number of fraction digits. A time without an offset is taken as
    /// UTC. Leap seconds are read as the last nanosecond before.
    ///
    /// What others write is read as well, where it can mean one instant only: an offset without a
    /// colon (`+0530`, `+05`), after a space, or as `UTC`; a comma before the fraction; and
    /// .NET's JSON form, milliseconds since 1970 (`/Date(1741893341619)/`), of which an offset
    /// (`/Date(1741893341619+0100)/`) says where and not when.
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self { instant: instant(text)?, written: Written::Text(text.into()) })
    }

    /// Reads .NET ticks: 100 ns since 0001-01-01T00:00:00, taken as UTC, from 0 to
    /// 3155378975999999999.
    pub fn from_ticks(ticks: i64) -> Option<Self> {
        Some(Self { instant: ticks_to_instant(ticks)?, written: Written::Number(ticks) })
    }

    /// The instant, with the offset that was sent.
    pub fn instant(&self) -> OffsetDateTime {
        self.instant
    }

    /// The text as it was sent; None if the wire had a number.
    pub fn text(&self) -> Option<&str> {
        match &self.written {
            Written::Text(text) => Some(text),
            Written::Number(_) => None,
        }
    }

    /// True for 0001-01-01T00:00:00, with which .NET services say "no time".
    pub fn is_zero(&self) -> bool {
        self.instant == zero()
    }

    /// True for what services write where they know no time: anything up to the first second of
    /// 1970, in UTC, and anything from the year 9999 on. The year 1 and the last instant of 9999
    /// are .NET's first and last ones, 1970-01-01T00:00:00Z is Unix' zero.
    pub fn stands_for_none(&self) -> bool {
        let utc = self.instant.checked_to_offset(UtcOffset::UTC);
        !utc.is_some_and(|utc| utc.unix_timestamp() > 0 && utc.year() < 9999)
    }
}

impl From<OffsetDateTime> for Timestamp {
    /// Written as RFC 3339; a year that this cannot write (before 0 or after 9999) keeps the
    /// instant and is written in the `time` crate's own form.
    fn from(instant: OffsetDateTime) -> Self {
        let text = instant.format(&Rfc3339).unwrap_or_else(|_| instant.to_string());
        Self { instant, written: Written::Text(text.into()) }
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    /// See [`Timestamp::parse`].
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).ok_or_else(|| {
            let next = "give RFC 3339, such as 2026-01-31T09:30:00Z";
            Error::new(ErrorKind::Argument, "time", "it is no date with a time of day", next)
        })
    }
}

impl From<SystemTime> for Timestamp {
    fn from(instant: SystemTime) -> Self {
        OffsetDateTime::from(instant).into()
    }
}

fn zero() -> OffsetDateTime {
    Date::from_calendar_date(1, Month::January, 1)
        .map_or(OffsetDateTime::UNIX_EPOCH, |date| date.with_time(Time::MIDNIGHT).assume_utc())
}

fn instant(text: &str) -> Option<OffsetDateTime> {
    rfc_3339(text).or_else(|| dotnet_date(text)).or_else(|| rfc_3339(&respelled(text)?))
}

fn rfc_3339(text: &str) -> Option<OffsetDateTime> {
    let bytes = text.as_bytes();
    if !matches!(bytes.get(10), Some(b'T' | b't' | b' ')) {
        return None;
    }
    let clock = bytes.get(11..)?;
    let has_offset = clock.iter().any(|b| matches!(b, b'Z' | b'z' | b'+' | b'-'));
    if has_offset {
        OffsetDateTime::parse(text, &Rfc3339).ok()
    } else {
        OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339).ok()
    }
}

/// How long the date and the whole seconds of a time are: `2026-01-31T09:30:00`.
const SECONDS: usize = 19;

/// The same time with what RFC 3339 spells otherwise: the mark before the fraction and the offset.
fn respelled(text: &str) -> Option<String> {
    let (clock, rest) = text.split_at_checked(SECONDS)?;
    let (digits, zone) = match rest.strip_prefix(['.', ',']) {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            rest.split_at_checked(end).filter(|(digits, _)| !digits.is_empty())?
        }
        None => ("0", rest),
    };
    let zone = match zone.strip_prefix(' ').unwrap_or(zone) {
        "" if zone.is_empty() => "Z".to_owned(),
        "Z" | "z" | "UTC" | "GMT" => "Z".to_owned(),
        zone => {
            let (sign, hours, minutes) = offset(zone)?;
            format!("{sign}{hours}:{minutes}")
        }
    };
    Some(format!("{clock}.{digits}{zone}"))
}

/// Sign, hours and minutes of `+hh:mm`, `+hhmm` or `+hh`, each of two digits.
fn offset(text: &str) -> Option<(char, &str, &str)> {
    let sign = text.chars().next().filter(|sign| matches!(sign, '+' | '-'))?;
    let (hours, rest) = text.get(1..)?.split_at_checked(2)?;
    let minutes = if rest.is_empty() { "00" } else { rest.strip_prefix(':').unwrap_or(rest) };
    let digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    (digits(hours) && digits(minutes)).then_some((sign, hours, minutes))
}

/// A `DateTime` as .NET's older JSON has it: milliseconds since 1970 in UTC, of the years from 1 to
/// 9999, and the offset of the place where it was written.
fn dotnet_date(text: &str) -> Option<OffsetDateTime> {
    const YEARS: RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;
    let inner = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let digits = inner.strip_prefix('-').unwrap_or(inner);
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (number, zone) = inner.split_at_checked(inner.len() - digits.len() + end)?;
    let milliseconds: i64 = number.parse().ok().filter(|number| YEARS.contains(number))?;
    let utc =
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000).ok()?;
    if zone.is_empty() {
        return Some(utc);
    }
    let (sign, hours, minutes) = offset(zone)?;
    let (hours, minutes): (i8, i8) = (hours.parse().ok()?, minutes.parse().ok()?);
    let sign = if sign == '-' { -1 } else { 1 };
    let is_one = (0..24).contains(&hours) && (0..60).contains(&minutes);
    let zone = is_one.then(|| UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok())??;
    utc.checked_to_offset(zone)
}

fn ticks_to_instant(ticks: i64) -> Option<OffsetDateTime> {
    const UNIX_EPOCH: i64 = 621_355_968_000_000_000;
    const LAST: i64 = 3_155_378_975_999_999_999;
    if !(0..=LAST).contains(&ticks) {
        return None;
    }
    let nanos = i128::from(ticks - UNIX_EPOCH) * 100;
    UtcDateTime::from_unix_timestamp_nanos(nanos).ok().map(Into::into)
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.instant.hash(state);
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.written, self.instant.format(&Rfc3339)) {
            (Written::Text(text), _) => f.pad(text),
            (Written::Number(_), Ok(text)) => f.pad(&text),
            (Written::Number(ticks), Err(_)) => f.pad(&ticks.to_string()),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.written {
            Written::Text(text) => write!(f, "Timestamp({text})"),
            Written::Number(ticks) => write!(f, "Timestamp({self}, {ticks})"),
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        match &self.written {
            Written::Text(text) => target.serialize_str(text),
            Written::Number(ticks) => target.serialize_i64(*ticks),
        }
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        LenientTime::deserialize_as(source)
    }
}

/// Adapter for `serde_with`: a time as text, in the forms that [`Timestamp::parse`] reads. The same
/// as [`Timestamp`]'s own reading; also for [`OffsetDateTime`].
#[derive(Debug, Clone, Copy)]
pub struct LenientTime;

/// Adapter for `serde_with`: .NET ticks as a number or as numeric text, or a time as text.
#[derive(Debug, Clone, Copy)]
pub struct DotNetTicks;

impl DotNetTicks {
    pub(crate) fn from_json(text: &str) -> Result<Timestamp, Mismatch> {
        let mut json = serde_json::Deserializer::from_str(text);
        Self::deserialize_as(&mut json).map_err(|error| mismatch::explain(text, Shape::Any, &error))
    }
}

impl<'de> DeserializeAs<'de, Timestamp> for LenientTime {
    fn deserialize_as<D: Deserializer<'de>>(source: D) -> Result<Timestamp, D::Error> {
        source.deserialize_str(TimeVisitor { ticks: false })
    }
}

impl<'de> DeserializeAs<'de, OffsetDateTime> for LenientTime {
    fn deserialize_as<D: Deserializer<'de>>(source: D) -> Result<OffsetDateTime, D::Error> {
        source.deserialize_str(TimeVisitor { ticks: false }).map(|time| time.instant)
    }
}

impl SerializeAs<OffsetDateTime> for LenientTime {
    fn serialize_as<S: Serializer>(time: &OffsetDateTime, target: S) -> Result<S::Ok, S::Error> {
        let text = time.format(&Rfc3339).map_err(S::Error::custom)?;
        target.serialize_str(&text)
    }
}

impl<'de> DeserializeAs<'de, Timestamp> for DotNetTicks {
    fn deserialize_as<D: Deserializer<'de>>(source: D) -> Result<Timestamp, D::Error> {
        source.deserialize_any(TimeVisitor { ticks: true })
    }
}

struct TimeVisitor {
    ticks: bool,
}

impl TimeVisitor {
    fn number<E: de::Error>(&self, ticks: Option<i64>) -> Result<Timestamp, E> {
        let known = ticks.filter(|_| self.ticks).and_then(Timestamp::from_ticks);
        known.ok_or_else(|| E::invalid_value(Unexpected::Other("another number"), self))
    }
}

impl<'de> Visitor<'de> for TimeVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.ticks { "an RFC 3339 time or .NET ticks" } else { "an RFC 3339 time" })
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
        let digits = self.ticks && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let instant =
            if digits { text.parse().ok().and_then(ticks_to_instant) } else { instant(text) };
        let instant =
            instant.ok_or_else(|| E::invalid_value(Unexpected::Other("other text"), &self))?;
        Ok(Timestamp { instant, written: Written::Text(text.into()) })
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Timestamp, E> {
        self.number(Some(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Timestamp, E> {
        self.number(i64::try_from(number).ok())
    }

    /// Numbers arrive as a map where serde_json's `arbitrary_precision` is on in the program.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Timestamp, A::Error> {
        let number = serde_json::Number::deserialize(MapAccessDeserializer::new(map))?;
        self.number(number.as_i64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unix_nanos(text: &str) -> Option<i128> {
        Timestamp::parse(text).map(|time| time.instant().unix_timestamp_nanos())
    }

    #[test]
    fn every_seen_form_of_text_is_the_right_instant() {
        let base = 1_666_189_518_000_000_000;
        for (text, nanos) in [
            ("2022-10-19T14:25:18Z", base),
            ("2022-10-19t14:25:18z", base),
            ("2022-10-19 14:25:18Z", base),
            ("2022-10-19T14:25:18", base),
            ("2022-10-19T16:25:18+02:00", base),
            ("2022-10-19T14:25:18.02Z", base + 20_000_000),
            ("2022-10-19T14:25:18.1234567Z", base + 123_456_700),
            ("2022-10-19T14:25:18.123456789Z", base + 123_456_789),
            ("2022-10-19T14:25:18.12345678999999999999Z", base + 123_456_789),
            ("2022-10-19T14:25:18.5", base + 500_000_000),
            // An offset without its colon, after a space, by its name.
            ("2022-10-19T14:25:18+0000", base),
            ("2022-10-19T14:25:18.020+00", base + 20_000_000),
            ("2022-10-19T16:25:18+0200", base),
            ("2022-10-19T08:55:18.5-0530", base + 500_000_000),
            ("2022-10-19T16:25:18+02", base),
            ("2022-10-19 14:25:18 +0000", base),
            ("2022-10-19 16:25:18 +02:00", base),
            ("2022-10-19 14:25:18 UTC", base),
            ("2022-10-19 14:25:18.5 GMT", base + 500_000_000),
            ("2022-10-19 14:25:18 Z", base),
            ("2022-10-19 14:25:18,020", base + 20_000_000),
            ("2022-10-19T16:25:18,1234567+0200", base + 123_456_700),
            // .NET's older JSON: in UTC, wherever it was written.
            ("/Date(1666189518000)/", base),
            ("/Date(1666189518020+0200)/", base + 20_000_000),
            ("/Date(1666189518020-1130)/", base + 20_000_000),
            ("/Date(-1)/", -1_000_000),
            ("/Date(-62135596800000)/", -62_135_596_800_000_000_000),
        ] {
            assert_eq!(unix_nanos(text), Some(nanos), "{text}");
        }
        for text in [
            "",
            "2022-10-19",
            "2022-02-30T00:00:00Z",
            "2022-10-19T14:25:18+2",
            "2022-10-19T14:25:18+020",
            "2022-10-19T14:25:18+02000",
            "2022-10-19T14:25:18+02:0",
            "2022-10-19T14:25:18+2400",
            "2022-10-19T14:25:18+0060",
            "2022-10-19T14:25:18 ",
            "2022-10-19T14:25:18  +0000",
            "2022-10-19T14:25:18 CET",
            "2022-10-19T14:25:18.+0000",
            "2022-10-19T14:25:18,",
            "19/10/2022 14:25:18",
            "1666189518",
            "Date(1666189518000)",
            "/Date()/",
            "/Date(-)/",
            "/Date(+1)/",
            "/Date(1.5)/",
            "/Date(16661895180001)/ ",
            "/Date(1666189518000+2400)/",
            "/Date(1666189518000+02:000)/",
            "/Date(1666189518000 +0200)/",
            "/Date(-62135596800001)/",
            "/Date(253402300800000)/",
            "/Date(9223372036854775807)/",
            "/Date(99999999999999999999)/",
            "2022-10-19x14:25:18Z",
            "2022-10-19T14:25Z",
            "2022-10-19T14:25:18Zjunk",
            "２022-10-19T14:25:18Z",
        ] {
            assert_eq!(unix_nanos(text), None, "{text}");
        }
    }

    #[test]
    fn p2_a_time_in_anothers_spelling_keeps_its_text_and_its_offset() {
        for (json, text, hours) in [
            (r#""2025-03-13T14:15:41.619-0500""#, "2025-03-13T14:15:41.619-0500", -5),
            (r#""\/Date(1741893341619)\/""#, "/Date(1741893341619)/", 0),
            (r#""/Date(1741893341619+0100)/""#, "/Date(1741893341619+0100)/", 1),
        ] {
            let time: Timestamp = serde_json::from_str(json).unwrap();
            assert_eq!(time.instant().unix_timestamp_nanos(), 1_741_893_341_619_000_000, "{json}");
            assert_eq!((time.text(), time.instant().offset().whole_hours()), (Some(text), hours));
            assert_eq!(serde_json::to_string(&time).unwrap(), format!("\"{text}\""));
        }
    }

    #[test]
    fn the_first_and_the_last_times_of_calendars_stand_for_none() {
        for (text, is_none) in [
            ("0001-01-01T00:00:00Z", true),
            ("0001-01-01T00:00:00+01:00", true),
            ("1601-01-01T00:00:00Z", true),
            ("1900-01-01T00:00:00Z", true),
            ("1969-12-31T23:59:59Z", true),
            ("1970-01-01T00:00:00Z", true),
            ("1970-01-01T01:00:00+01:00", true),
            ("1970-01-01T00:00:01Z", false),
            ("2026-01-01T00:00:00Z", false),
            ("9998-12-31T23:59:59.9999999Z", false),
            ("9998-12-31T23:30:00-01:00", true),
            ("9999-01-01T00:00:00Z", true),
            ("9999-01-01T00:30:00+01:00", false),
            ("9999-12-31T23:59:59", true),
            ("9999-12-31T23:59:59.9999999Z", true),
            ("9999-12-31T23:59:59.9999999-14:00", true),
            ("/Date(253402300799999)/", true),
            ("/Date(-62135596800000)/", true),
        ] {
            let time = Timestamp::parse(text).unwrap();
            assert_eq!(time.stands_for_none(), is_none, "{text}");
        }
        for (ticks, is_none) in
            [(0, true), (638_907_426_550_000_000, false), (3_155_378_975_999_999_999, true)]
        {
            assert_eq!(Timestamp::from_ticks(ticks).unwrap().stands_for_none(), is_none, "{ticks}");
        }
    }

    #[test]
    fn times_compare_by_instant_never_by_text() {
        let earlier = Timestamp::parse("2025-01-01T00:00:32Z").unwrap();
        let later = Timestamp::parse("2025-01-01T00:00:32.5Z").unwrap();
        assert!(earlier < later);
        assert_ne!(earlier, later);
        let elsewhere = Timestamp::parse("2025-01-01T01:00:32.000+01:00").unwrap();
        assert_eq!(earlier, elsewhere);
        let hash = |time: &Timestamp| {
            let mut state = std::hash::DefaultHasher::new();
            time.hash(&mut state);
            state.finish()
        };
        assert_eq!(hash(&earlier), hash(&elsewhere), "what is equal has one hash");
        assert_ne!(hash(&earlier), hash(&later), "a hash of all times is none");
    }

    #[test]
    fn p2_the_text_of_a_time_is_what_was_sent_and_a_number_has_none() {
        let text = "2025-08-14T04:30:55.120";
        let time = Timestamp::parse(text).unwrap();
        assert_eq!((time.text(), time.is_zero()), (Some(text), false));
        assert_eq!(
            (time.to_string(), format!("{time:?}")),
            (text.into(), format!("Timestamp({text})"))
        );
        let ticks = Timestamp::from_ticks(638_907_426_550_000_000).unwrap();
        assert_eq!((ticks.text(), ticks.is_zero()), (None, false));
        assert_eq!(format!("{ticks:?}"), "Timestamp(2025-08-14T04:30:55Z, 638907426550000000)");
    }

    #[test]
    fn ticks_are_read_exactly_and_written_back() {
        let time = DotNetTicks::from_json("638907426550000000").unwrap();
        assert_eq!(time.to_string(), "2025-08-14T04:30:55Z");
        assert_eq!(serde_json::to_string(&time).unwrap(), "638907426550000000");
        let one_more = DotNetTicks::from_json("638907426550000001").unwrap();
        assert_eq!((one_more.instant() - time.instant()).whole_nanoseconds(), 100);
        let text = DotNetTicks::from_json("\"638907426550000000\"").unwrap();
        assert_eq!(text, time);
        assert_eq!(serde_json::to_string(&text).unwrap(), "\"638907426550000000\"");
        assert!(DotNetTicks::from_json("0").unwrap().is_zero());
        assert!(DotNetTicks::from_json("\"0001-01-01T00:00:00\"").unwrap().is_zero());
        assert_eq!(
            DotNetTicks::from_json("3155378975999999999").unwrap().to_string(),
            "9999-12-31T23:59:59.9999999Z"
        );
        for wrong in
            ["-1", "3155378976000000000", "1e3", "1.5", "\"-1\"", "true", "18446744073709551616"]
        {
            assert!(DotNetTicks::from_json(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn p2_a_time_is_written_as_it_was_read() {
        for json in [
            "\"2024-07-11T07:21:15.14Z\"",
            "\"2022-05-18T00:00:00-04:00\"",
            "\"2025-08-14T04:30:55\"",
        ] {
            let time: Timestamp = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&time).unwrap(), json);
        }
    }

    #[test]
    fn p8_what_is_no_time_is_told_by_what_was_expected_and_never_quoted() {
        let ticks = "\"638907426550000000\"";
        for (json, found) in
            [("\"key-0123456789\"", "other text"), (ticks, "other text"), ("123456789", "integer")]
        {
            let time = serde_json::from_str::<Timestamp>(json).unwrap_err().to_string();
            assert!(time.contains(found) && time.contains("expected an RFC 3339 time"), "{time}");
            assert!(!time.contains("key-"), "{time}");
        }
        let mut number = serde_json::Deserializer::from_str("-5");
        let ticks: Result<Timestamp, _> = DotNetTicks::deserialize_as(&mut number);
        let ticks = ticks.unwrap_err().to_string();
        assert!(ticks.contains("expected an RFC 3339 time or .NET ticks"), "{ticks}");
        assert!(!ticks.contains("-5"), "{ticks}");
    }
}
