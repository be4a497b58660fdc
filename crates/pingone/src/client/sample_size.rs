//! The sizes of buckets, and what the vendor's page leaves to find out: which size the service
//! chooses, and which buckets a range gives.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use time::{Duration, OffsetDateTime, Time};

use crate::{Error, ErrorKind, Result};

/// How long a bucket of user activities is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SampleSize {
    /// `HOUR`. The vendor's page also writes `HOURS`, which is not among the values.
    Hour,
    /// `DAY`: from midnight to midnight by the offset of the dates asked with.
    Day,
    /// `WEEK`: seven days. On which day they begin is not documented.
    Week,
}

impl SampleSize {
    /// What the parameter is sent as.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "HOUR",
            Self::Day => "DAY",
            Self::Week => "WEEK",
        }
    }

    /// The size that the service chooses for a range if none is asked for: up to 5 days hours,
    /// up to 60 days days, else weeks.
    ///
    /// The vendor's page has another rule at its head (always days) and this one twice below.
    /// Who must know sets the size.
    pub fn chosen_for(range: &Range<OffsetDateTime>) -> Self {
        let length = range.end - range.start;
        if length <= Duration::days(5) {
            Self::Hour
        } else if length <= Duration::days(60) {
            Self::Day
        } else {
            Self::Week
        }
    }

    /// The buckets that the service gives for a range: those that are whole, by the offset of
    /// the range's start. Partial ones at its ends are dropped, as the documented answer shows
    /// for days; for hours the same is assumed.
    ///
    /// None for weeks, since nothing says on which day they begin.
    pub fn whole_buckets(self, range: &Range<OffsetDateTime>) -> Option<Buckets> {
        let end = range.end.checked_to_offset(range.start.offset())?;
        let step = self.step()?;
        let start = floor(range.start, step);
        let start = if start < range.start { start.checked_add(step)? } else { start };
        let end = floor(end, step).max(start);
        Some(Buckets { rest: start..end, step })
    }

    /// The least range that has this one within whole buckets, so that nothing at its ends is
    /// dropped, by the offset of its start. For weeks six whole days more on each side, which
    /// is enough on whichever day they begin.
    ///
    /// None beyond the years that a date can have.
    pub fn widened(self, range: &Range<OffsetDateTime>) -> Option<Range<OffsetDateTime>> {
        let end = range.end.checked_to_offset(range.start.offset())?;
        let step = self.step().unwrap_or(Duration::DAY);
        let more = if self == Self::Week { Duration::days(6) } else { Duration::ZERO };
        let last = floor(end, step);
        let last = if last < end { last.checked_add(step)? } else { last };
        Some(floor(range.start, step).checked_sub(more)?..last.checked_add(more)?)
    }

    /// None for weeks, whose first day is not known.
    fn step(self) -> Option<Duration> {
        match self {
            Self::Hour => Some(Duration::HOUR),
            Self::Day => Some(Duration::DAY),
            Self::Week => None,
        }
    }
}

impl fmt::Display for SampleSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for SampleSize {
    type Err = Error;

    /// Reads `HOUR`, `DAY`, `WEEK`, in any case.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] for any other text.
    fn from_str(text: &str) -> Result<Self> {
        let known = [Self::Hour, Self::Day, Self::Week];
        let found = known.into_iter().find(|size| size.as_str().eq_ignore_ascii_case(text));
        found.ok_or_else(|| {
            let next = "give one of HOUR, DAY and WEEK";
            Error::new(ErrorKind::Argument, "sample size", "it is none that is known", next)
        })
    }
}

/// Buckets that follow each other, from the earliest: their bounds, in the offset of the range
/// that they are of. Made by [`SampleSize::whole_buckets`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buckets {
    rest: Range<OffsetDateTime>,
    step: Duration,
}

impl Buckets {
    /// From the start of the first bucket to the end of the last; empty if there is none.
    pub fn covered(&self) -> Range<OffsetDateTime> {
        self.rest.clone()
    }
}

impl Iterator for Buckets {
    type Item = Range<OffsetDateTime>;

    fn next(&mut self) -> Option<Range<OffsetDateTime>> {
        let start = self.rest.start;
        let end = start.checked_add(self.step).filter(|end| *end <= self.rest.end)?;
        self.rest.start = end;
        Some(start..end)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let seconds = (self.rest.end - self.rest.start).whole_seconds();
        let left = usize::try_from(seconds / self.step.whole_seconds()).unwrap_or(0);
        (left, Some(left))
    }
}

impl ExactSizeIterator for Buckets {}

/// The last whole hour or midnight at or before an instant, by its own offset.
fn floor(instant: OffsetDateTime, step: Duration) -> OffsetDateTime {
    let hour = if step == Duration::HOUR { instant.hour() } else { 0 };
    instant.replace_time(Time::from_hms(hour, 0, 0).unwrap_or(Time::MIDNIGHT))
}

#[cfg(test)]
mod tests;
