//! Times that exports write in a form of their own, as RFC 3339.

use signin_core::Timestamp;

/// In which order a day and a month stand that could be either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The month first where the time has AM or PM in capitals: so Azure writes it.
    AzureMonthFirst,
    /// Nothing says it.
    Unknown,
}

/// A time, read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Time {
    /// Of a form that is read elsewhere, or no time.
    AsItIs,
    /// Of another form: this is the same time as RFC 3339.
    Written(String),
    /// Which is the day and which the month cannot be known.
    Unclear,
}

impl Time {
    /// Reads `11/14/2025 1:48:53 AM`, `9/19/2023, 1:45:17.287 PM`, `14.11.2025 13:48:53` and the
    /// like, with an offset or in UTC.
    pub(super) fn read(text: &str, order: Order) -> Self {
        let trimmed = text.trim();
        if Timestamp::parse(trimmed).is_some() {
            return if trimmed == text { Self::AsItIs } else { Self::Written(trimmed.to_owned()) };
        }
        let Some(parts) = Parts::of(trimmed) else { return Self::AsItIs };
        let Some((month, day)) = parts.month_and_day(order) else { return Self::Unclear };
        let (year, clock, zone) = (parts.year, &parts.clock, &parts.zone);
        let written = format!("{year:04}-{month:02}-{day:02}T{clock}{zone}");
        match Timestamp::parse(&written) {
            Some(_) => Self::Written(written),
            None => Self::AsItIs,
        }
    }
}

/// A time in its parts.
struct Parts {
    year: u16,
    /// The parts of the date that are not the year, in their order.
    first: u8,
    second: u8,
    separator: char,
    year_first: bool,
    /// AM or PM in capitals.
    in_capitals: bool,
    clock: String,
    zone: String,
}

impl Parts {
    fn of(text: &str) -> Option<Self> {
        let mut words =
            text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
        let (date, clock) = (words.next()?, words.next()?);
        let separator = date.chars().find(|c| !c.is_ascii_digit())?;
        if !matches!(separator, '/' | '.' | '-') {
            return None;
        }
        let mut numbers = date.split(separator);
        let (Some(one), Some(two), Some(three), None) =
            (numbers.next(), numbers.next(), numbers.next(), numbers.next())
        else {
            return None;
        };
        let year_first = one.len() == 4;
        let (year, first, second) = if year_first { (one, two, three) } else { (three, one, two) };
        let (mut half, mut zone) = (None, None);
        for word in words {
            match Half::of(word) {
                Some(it) if half.is_none() => half = Some(it),
                None if zone.is_none() => zone = Some(offset(word)?),
                _ => return None,
            }
        }
        let (half, in_capitals) = half.map_or((None, false), |(half, is)| (Some(half), is));
        Some(Self {
            year: (year.len() == 4).then(|| number(year)).flatten()?,
            first: number(first)?,
            second: number(second)?,
            separator,
            year_first,
            in_capitals,
            clock: time_of_day(clock, half)?,
            zone: zone.unwrap_or_else(|| "Z".to_owned()),
        })
    }

    fn month_and_day(&self, order: Order) -> Option<(u8, u8)> {
        let (first, second) = (self.first, self.second);
        if self.year_first {
            return Some((first, second));
        }
        match (self.separator, order) {
            ('.', _) => Some((second, first)),
            // A day first would contradict what Azure does, and so make every other row doubtful.
            ('/', Order::AzureMonthFirst) if self.in_capitals => {
                (first <= 12).then_some((first, second))
            }
            _ if first == second => Some((first, first)),
            _ if first > 12 => Some((second, first)),
            _ if second > 12 => Some((first, second)),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Half {
    Before,
    After,
}

impl Half {
    /// AM or PM, and whether it is in capitals.
    fn of(word: &str) -> Option<(Self, bool)> {
        let half = match word.replace('.', "").to_ascii_lowercase().as_str() {
            "am" => Self::Before,
            "pm" => Self::After,
            _ => return None,
        };
        Some((half, matches!(word, "AM" | "PM")))
    }
}

/// `1:45:17.287` with AM or PM as `13:45:17.287`.
fn time_of_day(clock: &str, half: Option<Half>) -> Option<String> {
    let mut numbers = clock.splitn(3, ':');
    let (hour, minute) = (number::<u8>(numbers.next()?)?, number::<u8>(numbers.next()?)?);
    let second = numbers.next().unwrap_or("0");
    let (second, fraction) = second.split_once('.').unwrap_or((second, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let second = number::<u8>(second)?;
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(Half::Before) => hour % 12,
        Some(Half::After) => hour % 12 + 12,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{hour:02}:{minute:02}:{second:02}{point}{fraction}"))
}

/// `+01:00`, `+0100`, `Z` or `UTC` as RFC 3339 has it.
fn offset(word: &str) -> Option<String> {
    if ["Z", "UTC", "GMT"].iter().any(|utc| word.eq_ignore_ascii_case(utc)) {
        return Some("Z".to_owned());
    }
    let sign = word.chars().next().filter(|c| matches!(c, '+' | '-'))?;
    let digits: String = word.chars().skip(1).filter(|c| *c != ':').collect();
    let (hours, minutes) = digits.split_at_checked(2).filter(|_| digits.len() == 4)?;
    Some(format!("{sign}{:02}:{:02}", number::<u8>(hours)?, number::<u8>(minutes)?))
}

fn number<T: std::str::FromStr>(digits: &str) -> Option<T> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is(text: &str, order: Order, expected: &str) {
        assert_eq!(Time::read(text, order), Time::Written(expected.into()), "{text}");
    }

    #[test]
    fn azures_forms_have_the_month_first() {
        let azure = |text, expected| is(text, Order::AzureMonthFirst, expected);
        azure("11/14/2025 1:48:53 AM", "2025-11-14T01:48:53Z");
        azure("1/2/2025 12:48:53 AM", "2025-01-02T00:48:53Z");
        azure("1/2/2025 12:48:53 PM +01:00", "2025-01-02T12:48:53+01:00");
        azure("9/3/2023, 1:45:17.287 PM", "2023-09-03T13:45:17.287Z");
        azure("9/3/2023, 1:45:17.287\u{202f}PM", "2023-09-03T13:45:17.287Z");
        // Not Azure's own words: a program's of another country.
        for text in ["9/3/2023, 1:45:17 pm", "9/3/2023 13:45:17", "19/3/2023 1:45:17 PM"] {
            assert_eq!(Time::read(text, Order::AzureMonthFirst), Time::Unclear, "{text}");
        }
        azure("19/3/2023, 1:45:17 pm", "2023-03-19T13:45:17Z");
    }

    #[test]
    fn a_day_that_may_be_a_month_is_unclear_without_an_order() {
        let unknown = |text, expected| is(text, Order::Unknown, expected);
        unknown("3/13/2025 7:15:41 PM", "2025-03-13T19:15:41Z");
        unknown("13/03/2025 19:15", "2025-03-13T19:15:00Z");
        unknown("05/05/2025 19:15:41", "2025-05-05T19:15:41Z");
        unknown("03.12.2025 19:15:41", "2025-12-03T19:15:41Z");
        unknown("2025/3/12 19:15:41 +0530", "2025-03-12T19:15:41+05:30");
        unknown(" 2025-03-12T19:15:41Z ", "2025-03-12T19:15:41Z");
        for text in ["3/12/2025 7:15:41 PM", "03-12-2025 19:15:41", "3/12/2025 7:15"] {
            assert_eq!(Time::read(text, Order::Unknown), Time::Unclear, "{text}");
        }
    }

    #[test]
    fn what_is_read_elsewhere_or_is_no_time_stays_as_it_is() {
        for text in [
            "2025-03-12T19:15:41.123Z",
            "2025-03-12T19:15:41",
            "/Date(1741893341619)/",
            "",
            "soon",
            "a/b/c d",
            "13/13/2025 1:00:00",
            "3/13/25 1:00:00",
            "3/13/2025 13:00:00 PM",
            "3/13/2025 1:00:00 PM PM",
            "3/13/2025 1:00:00 PST",
            "3/13/2025 1:61:00 AM",
            "1/2/3/4 1:00",
            "99999/1/1 1:00",
            "3/13/2025 1:00:00.x AM",
        ] {
            assert_eq!(Time::read(text, Order::Unknown), Time::AsItIs, "{text}");
        }
    }
}
