//! User activities: counts in whole buckets.

use std::ops::Range;

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime, Time};

use super::errors::{self, Refusal};
use super::filter;
use super::log::{ALLOWED, FAILED, Log, RESET};
use crate::{json, query};

/// The most buckets of an answer; a year of hours is 8,760.
const MOST_BUCKETS: i64 = 100_000;

/// What was counted in a range of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Sign-ons that succeeded.
    pub successes: u64,
    /// Sign-ons that failed.
    pub failures: u64,
    /// Password resets.
    pub password_resets: u64,
}

impl Counts {
    /// What the first `len` events of a log have from `range.start` to before `range.end`.
    pub(super) fn of(log: Log, len: u64, range: &Range<OffsetDateTime>) -> Self {
        let positions = log.before(len, range.start)..log.before(len, range.end);
        Self {
            successes: log.count(&positions, ALLOWED),
            failures: log.count(&positions, FAILED),
            password_resets: log.count(&positions, RESET),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SampleSize {
    Hour,
    Day,
    Week,
}

/// What a request asks for.
#[derive(Debug)]
pub(super) struct UserActivities {
    range: Range<OffsetDateTime>,
    size: SampleSize,
}

impl UserActivities {
    pub(super) fn read(query: &str, now: OffsetDateTime) -> Result<Self, Refusal> {
        let (mut range, mut size) = (now - Duration::days(30)..now, None);
        for pair in query::pairs(query) {
            match pair.name.as_str() {
                "filter" => range = dates(&pair.value)?,
                "sampleSize" => size = Some(sample_size(&pair.value)?),
                _ => {}
            }
        }
        let length = range.end - range.start;
        let size = size.unwrap_or(if length <= Duration::days(5) {
            SampleSize::Hour
        } else if length <= Duration::days(60) {
            SampleSize::Day
        } else {
            SampleSize::Week
        });
        if length.whole_seconds() / size.length().whole_seconds() > MOST_BUCKETS {
            return Err(errors::bad_value("filter", "The range has too many buckets"));
        }
        Ok(Self { range, size })
    }

    /// The answer's body, at this address, from the first `len` events.
    pub(super) fn body(&self, address: &str, log: Log, len: u64) -> Vec<u8> {
        let mut out = Vec::new();
        json::put(&mut out, "{\"_links\":{\"self\":{\"href\":");
        json::text(&mut out, address);
        json::put(&mut out, "}},\"_embedded\":{\"userActivities\":[");
        let mut comma = "";
        for bucket in self.buckets() {
            json::put(&mut out, std::mem::replace(&mut comma, ","));
            let counts = Counts::of(log, len, &bucket);
            json::put(&mut out, "{\"startDate\":");
            json::instant(&mut out, bucket.start);
            json::put(&mut out, ",\"endDate\":");
            json::instant(&mut out, bucket.end);
            json::put(
                &mut out,
                format_args!(
                    ",\"userSignOns\":{{\"successes\":{},\"failures\":{}}},\"passwordResets\":{}}}",
                    counts.successes, counts.failures, counts.password_resets
                ),
            );
        }
        json::put(&mut out, "]}}");
        out
    }

    /// The whole ones: the first that begins in the range, and those after it that end there.
    fn buckets(&self) -> impl Iterator<Item = Range<OffsetDateTime>> {
        let Self { range, size } = self;
        let (length, end) = (size.length(), range.end);
        let mut start = size.begin(range.start);
        if start < range.start {
            start += length;
        }
        let starts = std::iter::successors(Some(start), move |start| start.checked_add(length));
        starts.map(move |start| start..start + length).take_while(move |bucket| bucket.end <= end)
    }
}

impl SampleSize {
    fn length(self) -> Duration {
        match self {
            Self::Hour => Duration::HOUR,
            Self::Day => Duration::DAY,
            Self::Week => Duration::WEEK,
        }
    }

    /// Where the bucket of an instant begins, by the instant's own offset.
    fn begin(self, instant: OffsetDateTime) -> OffsetDateTime {
        let day = instant.replace_time(Time::MIDNIGHT);
        match self {
            Self::Hour => day + Duration::hours(instant.hour().into()),
            Self::Day => day,
            Self::Week => day - Duration::days(day.weekday().number_days_from_monday().into()),
        }
    }
}

fn sample_size(value: &str) -> Result<SampleSize, Refusal> {
    match value {
        "HOUR" => Ok(SampleSize::Hour),
        "DAY" => Ok(SampleSize::Day),
        "WEEK" => Ok(SampleSize::Week),
        _ => Err(errors::bad_value("sampleSize", "It is one of HOUR, DAY, WEEK")),
    }
}

/// Both dates, in any order.
fn dates(text: &str) -> Result<Range<OffsetDateTime>, Refusal> {
    let refuse = |why: &str| errors::bad_filter(why.to_owned(), "\"eq\",\"and\"");
    let (mut start, mut end) = (None, None);
    for condition in filter::read(text).map_err(|why| refuse(&why))? {
        let place = match (condition.attribute.as_str(), condition.operator.as_str()) {
            ("startDate", "eq") => &mut start,
            ("endDate", "eq") => &mut end,
            (attribute, _) => {
                return Err(refuse(&format!("The condition on '{attribute}' is not supported")));
            }
        };
        let instant = OffsetDateTime::parse(&condition.literal, &Rfc3339);
        *place = Some(instant.map_err(|_| refuse("A date is not in ISO 8601"))?);
    }
    match (start, end) {
        (Some(start), Some(end)) if start < end && near(start) && near(end) => Ok(start..end),
        (Some(_), Some(_)) => Err(refuse("The start date is not before the end date")),
        _ => Err(refuse("Both startDate and endDate must be specified")),
    }
}

/// Far enough from where the calendar ends that weeks can be added.
fn near(instant: OffsetDateTime) -> bool {
    (1..=9990).contains(&instant.year())
}
