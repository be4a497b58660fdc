//! What is asked for, in instants, and what time it was meanwhile: by the service's own clock,
//! which is the one that its records are timed by.

use signin_core::ServiceClock;
use time::{Duration, OffsetDateTime};

use crate::args::Range;
use crate::clock;
use crate::reporting::summary::count;

/// A clock that is off by no more is right.
const RIGHT: Duration = Duration::MINUTE;

/// How long a run may be over when it is gone on with, and nothing is said of the time since.
const SHORT: Duration = Duration::HOUR;

/// What is asked for, and what time it was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    pub(crate) range: Range,
    /// When the run began, or the run that it goes on with: by this machine's clock or, where that
    /// is wrong, by the service's.
    pub(crate) began: OffsetDateTime,
    /// The service's clock with its first answer to that run; None before it, and where its
    /// answers have no date.
    pub(crate) served: Option<OffsetDateTime>,
    /// How late the service's records may come.
    pub(crate) lateness: Duration,
}

impl Times {
    /// What there was by then, the pager can have met.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.served.map_or(self.began, |served| served.min(self.began))
    }

    /// Up to when a pager that came to its end has read everything.
    pub(crate) fn read_until(&self) -> OffsetDateTime {
        match self.range.until {
            Some(until) => until.min(self.now()),
            None => self.now().saturating_sub(self.lateness),
        }
    }

    /// Of which time no run will read without being told to: from then on, where `now` is that
    /// much later than the run which this one goes on with.
    pub(crate) fn unread_since(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let is_long_ago = now - self.now() > self.lateness + SHORT;
        (self.range.until.is_none() && is_long_ago).then(|| self.read_until())
    }
}

/// How far the service's clock is ahead of this machine's, where one of the two is wrong.
pub(crate) fn skew(service: &ServiceClock) -> Option<Duration> {
    service.ahead().filter(|ahead| ahead.abs() > RIGHT)
}

/// What is said of a skew.
pub(crate) fn about(skew: Duration) -> String {
    let side = if skew.is_positive() { "behind" } else { "ahead of" };
    let span = skew.unsigned_abs();
    let (seconds, minutes) = (span.as_secs(), span.as_secs() / 60);
    let long = match (minutes, minutes / 60) {
        (0..2, _) => count(seconds, "second"),
        (_, 0..2) => count(minutes, "minute"),
        (_, hours @ 0..48) => count(hours, "hour"),
        (_, hours) => count(hours / 24, "day"),
    };
    format!(
        "this machine's clock is {long} {side} the service's: times are taken from the service's"
    )
}

/// The service's now; this machine's where the service did not say.
pub(crate) fn now(service: &ServiceClock) -> OffsetDateTime {
    service.first().unwrap_or_else(clock::now)
}

#[cfg(test)]
mod tests {
    use time::format_description::well_known::Rfc3339;

    use super::*;

    fn at(text: &str) -> OffsetDateTime {
        OffsetDateTime::parse(&format!("2026-03-{text}:00Z"), &Rfc3339).unwrap()
    }

    fn times(until: Option<&str>, served: Option<&str>) -> Times {
        Times {
            range: Range { since: at("01T00:00"), until: until.map(at) },
            began: at("05T12:00"),
            served: served.map(at),
            lateness: Duration::minutes(15),
        }
    }

    #[test]
    fn what_may_still_come_late_is_not_read_unless_an_end_was_asked_for() {
        for (until, served, read_until) in [
            (None, None, "05T11:45"),
            (None, Some("05T12:00"), "05T11:45"),
            (None, Some("05T11:20"), "05T11:05"),
            (None, Some("05T12:40"), "05T11:45"),
            (Some("04T00:00"), Some("05T12:00"), "04T00:00"),
            (Some("05T11:55"), Some("05T12:00"), "05T11:55"),
            (Some("05T11:55"), Some("05T11:20"), "05T11:20"),
            (Some("06T00:00"), None, "05T12:00"),
        ] {
            let times = times(until, served);
            assert_eq!(times.read_until(), at(read_until), "{until:?} {served:?}");
        }
    }

    #[test]
    fn what_came_since_a_run_of_long_ago_is_unread_from_where_that_had_read_everything() {
        let unread = |until, now| times(until, Some("05T12:00")).unread_since(at(now));
        assert_eq!(unread(None, "05T13:15"), None);
        assert_eq!(unread(None, "05T13:16"), Some(at("05T11:45")));
        assert_eq!(unread(None, "08T00:00"), Some(at("05T11:45")));
        assert_eq!(unread(Some("05T00:00"), "08T00:00"), None, "an end was asked for");
    }

    #[test]
    fn a_skew_is_said_in_the_unit_that_fits() {
        for (skew, long) in [
            (Duration::seconds(61), "61 seconds behind"),
            (Duration::minutes(-40), "40 minutes ahead of"),
            (Duration::minutes(121), "2 hours behind"),
            (Duration::days(-300), "300 days ahead of"),
        ] {
            assert!(about(skew).contains(&format!("clock is {long} the")), "{}", about(skew));
        }
    }
}
