//! Points in time on the command line, and the range between two of them.

use std::fmt;
use std::str::FromStr;

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime, UtcOffset};

const FORMS: &str = "give RFC 3339, such as 2026-01-31T09:30:00Z, or 90m, 24h, 7d back from now";

/// A point in time as it was typed: what it is depends on now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct When {
    text: String,
    point: Point,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    At(OffsetDateTime),
    /// Minutes back from now.
    Back(u64),
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let point = match text.parse::<Span>() {
            Ok(span) => Point::Back(span.minutes()?),
            Err(()) => Point::At(at(text)?),
        };
        Ok(Self { text: text.to_owned(), point })
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl When {
    /// The offset that it was written with; none where it counts back from now.
    pub(crate) fn offset(&self) -> Option<UtcOffset> {
        match self.point {
            Point::At(instant) => Some(instant.offset()),
            Point::Back(_) => None,
        }
    }

    /// Whether it counts back from now.
    fn is_relative(&self) -> bool {
        matches!(self.point, Point::Back(_))
    }

    /// The instant, in UTC; None where no calendar has it.
    fn instant(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let instant = match self.point {
            Point::At(instant) => instant.checked_to_offset(UtcOffset::UTC)?,
            Point::Back(minutes) => {
                let back = i64::try_from(minutes).ok()?.checked_mul(60)?;
                now.checked_sub(Duration::seconds(back))?
            }
        };
        (instant >= OffsetDateTime::UNIX_EPOCH).then_some(instant)
    }
}

/// A number and a unit.
struct Span {
    number: String,
    per_unit: u64,
}

impl FromStr for Span {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or(())?;
        let per_unit = match unit {
            "m" => 1,
            "h" => 60,
            "d" => 24 * 60,
            _ => return Err(()),
        };
        let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        if digits { Ok(Self { number: number.to_owned(), per_unit }) } else { Err(()) }
    }
}

impl Span {
    fn minutes(&self) -> Result<u64, String> {
        let minutes = self.number.parse().ok().and_then(|n: u64| n.checked_mul(self.per_unit));
        match minutes {
            Some(0) => Err("that is now; give 1m or more".to_owned()),
            Some(minutes) => Ok(minutes),
            None => Err(TOO_EARLY.to_owned()),
        }
    }
}

/// A length of time such as 90m, 24h or 7d.
pub(crate) fn length(text: &str) -> Option<std::time::Duration> {
    let minutes = text.parse::<Span>().ok()?.minutes().ok()?;
    minutes.checked_mul(60).map(std::time::Duration::from_secs)
}

const TOO_EARLY: &str = "that is before 1970; give a later time";

fn at(text: &str) -> Result<OffsetDateTime, String> {
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| advice(text))
}

/// What to type in place of what is no point in time.
fn advice(text: &str) -> String {
    let closed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let closed = closed.to_ascii_lowercase();
    if closed != text && closed.parse::<Span>().is_ok() {
        return format!("write it as {closed}");
    }
    if let Some(span) = closed.strip_prefix(['-', '+'])
        && span.parse::<Span>().is_ok()
    {
        return format!("spans count back from now: give {span}");
    }
    if let Some(span) = in_whole_minutes(&closed) {
        return format!("give a whole number, such as {span}");
    }
    if text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty() && text.len() < 7 {
        return format!("give a unit: {text}m, {text}h or {text}d back from now");
    }
    if is_time(&format!("{text}T00:00:00Z")) {
        return format!("give a time of day and its zone as well: {text}T00:00:00Z");
    }
    if is_time(&format!("{text}Z")) {
        return format!("give its time zone: {text}Z for UTC, {text}+02:00 for two hours east");
    }
    if is_time(&format!("{text}:00Z")) || is_time(&format!("{}:00Z", text.trim_end_matches('Z'))) {
        return format!("give seconds and zone: {}:00Z", text.trim_end_matches('Z'));
    }
    FORMS.to_owned()
}

fn is_time(text: &str) -> bool {
    OffsetDateTime::parse(text, &Rfc3339).is_ok()
}

/// `1.5h` as `90m`.
fn in_whole_minutes(text: &str) -> Option<String> {
    let (whole, rest) = text.split_once(['.', ','])?;
    let unit = rest.get(rest.len().checked_sub(1)?..)?;
    let fraction = rest.strip_suffix(unit)?;
    let tenths = fraction.parse::<u64>().ok().filter(|_| fraction.len() == 1)?;
    let per_unit = format!("1{unit}").parse::<Span>().ok()?.per_unit;
    let all = whole.parse::<u64>().ok()?.checked_mul(10)?.checked_add(tenths)?;
    let minutes = all.checked_mul(per_unit)? / 10;
    (minutes > 0).then(|| format!("{minutes}m"))
}

/// What was asked for: from `since` on, before `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) since: OffsetDateTime,
    pub(crate) until: Option<OffsetDateTime>,
}

impl Range {
    /// The range as of now.
    ///
    /// # Errors
    /// What to type instead.
    pub(crate) fn new(
        since: &When,
        until: Option<&When>,
        now: OffsetDateTime,
    ) -> Result<Self, String> {
        let instant = |option: &str, when: &When| {
            when.instant(now).ok_or_else(|| format!("{option} {when}: {TOO_EARLY}"))
        };
        let from = instant("--since", since)?;
        if from >= now {
            let why = "nothing has happened yet since then; give an earlier time";
            return Err(format!("--since {since} is not in the past: {why}"));
        }
        let to = until.map(|until| instant("--until", until)).transpose()?;
        match (until, to) {
            (Some(until), Some(to)) if to <= from => Err(format!(
                "--until {until} is not later than --since {since}; give the earlier one to --since"
            )),
            _ => Ok(Self { since: from, until: to }),
        }
    }

    /// The range as of another now, where its ends count back from that.
    pub(crate) fn moved(self, by: Duration, since: &When, until: Option<&When>) -> Self {
        let moved = |instant: OffsetDateTime| instant.checked_add(by).unwrap_or(instant);
        let until_moves = until.is_some_and(When::is_relative);
        Self {
            since: if since.is_relative() { moved(self.since) } else { self.since },
            until: if until_moves { self.until.map(moved) } else { self.until },
        }
    }

    /// Whether the range has this instant.
    pub(crate) fn holds(&self, instant: OffsetDateTime) -> bool {
        instant >= self.since && self.until.is_none_or(|until| instant < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> OffsetDateTime {
        at("2026-03-02T12:00:00Z").unwrap()
    }

    fn when(text: &str) -> When {
        text.parse().unwrap()
    }

    fn range(since: &str, until: Option<&str>) -> Result<Range, String> {
        Range::new(&when(since), until.map(when).as_ref(), now())
    }

    #[test]
    fn a_time_is_rfc_3339_or_a_span_back_from_now() {
        for (text, instant) in [
            ("2026-01-31T09:30:00Z", "2026-01-31T09:30:00Z"),
            ("2026-01-31t09:30:00.25+02:00", "2026-01-31T07:30:00.25Z"),
            ("2026-01-31 09:30:00Z", "2026-01-31T09:30:00Z"),
            ("90m", "2026-03-02T10:30:00Z"),
            ("24h", "2026-03-01T12:00:00Z"),
            ("7d", "2026-02-23T12:00:00Z"),
            ("007d", "2026-02-23T12:00:00Z"),
        ] {
            assert_eq!(range(text, None).unwrap().since, at(instant).unwrap(), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_answered_with_what_to_type() {
        for (text, advice) in [
            ("", FORMS),
            ("yesterday", FORMS),
            ("now", FORMS),
            ("h", FORMS),
            ("5w", FORMS),
            ("30s", FORMS),
            ("1h30m", FORMS),
            ("２４h", FORMS),
            ("1772443800", FORMS),
            ("2026-02-30T00:00:00Z", FORMS),
            ("24 h", "write it as 24h"),
            (" 24h", "write it as 24h"),
            ("24H", "write it as 24h"),
            ("-24h", "spans count back from now: give 24h"),
            ("1.5h", "give a whole number, such as 90m"),
            ("0,5d", "give a whole number, such as 720m"),
            ("24", "give a unit: 24m, 24h or 24d back from now"),
            ("0h", "that is now; give 1m or more"),
            ("99999999999999999999d", TOO_EARLY),
            ("9999999999999999999d", TOO_EARLY),
            ("2026-01-31", "give a time of day and its zone as well: 2026-01-31T00:00:00Z"),
            (
                "2026-01-31T09:30:00",
                "give its time zone: 2026-01-31T09:30:00Z for UTC, \
                 2026-01-31T09:30:00+02:00 for two hours east",
            ),
            ("2026-01-31T09:30", "give seconds and zone: 2026-01-31T09:30:00Z"),
            ("2026-01-31T09:30Z", "give seconds and zone: 2026-01-31T09:30:00Z"),
        ] {
            assert_eq!(text.parse::<When>().unwrap_err(), advice, "{text:?}");
        }
    }

    #[test]
    fn a_range_that_cannot_be_is_refused_with_the_option_to_change() {
        for (since, until, error) in [
            ("2026-03-02T12:00:00Z", None, "--since 2026-03-02T12:00:00Z is not in the past"),
            ("2027-01-01T00:00:00Z", None, "--since 2027-01-01T00:00:00Z is not in the past"),
            ("24h", Some("24h"), "--until 24h is not later than --since 24h"),
            ("24h", Some("25h"), "give the earlier one to --since"),
            ("99999d", None, "--since 99999d: that is before 1970"),
            ("999999999999999999m", None, "--since 999999999999999999m: that is before 1970"),
            ("1969-12-31T23:59:59Z", None, "that is before 1970"),
            ("24h", Some("1900-01-01T00:00:00Z"), "--until 1900-01-01T00:00:00Z: that is before"),
        ] {
            let refused = range(since, until).unwrap_err();
            assert!(refused.contains(error), "{refused}");
        }
    }

    #[test]
    fn a_range_has_its_beginning_and_not_its_end() {
        let range = range("2026-03-01T00:00:00Z", Some("2026-03-02T00:00:00Z")).unwrap();
        for (text, inside) in [
            ("2026-02-28T23:59:59.999999999Z", false),
            ("2026-03-01T00:00:00Z", true),
            ("2026-03-01T23:59:59.999999999Z", true),
            ("2026-03-02T00:00:00Z", false),
            ("2026-03-02T01:00:00+02:00", true),
        ] {
            assert_eq!(range.holds(at(text).unwrap()), inside, "{text}");
        }
    }
}
