//! What time it is: by this machine's clock, which is read here and nowhere else, and by a
//! service's.

use std::sync::{Arc, OnceLock};

use time::{Duration, OffsetDateTime};

/// Now, in UTC. Needed only to understand a date in Retry-After where the answer has no Date, to
/// say until when an assertion is good, and to tell how far a service's clock is from this one.
#[expect(clippy::disallowed_methods, reason = "this is the one place where the wall clock is read")]
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// What a service's own clock showed with its first good answer, by the `Date` of that.
///
/// Give it to a client's builder, and ask it once there was an answer. Clones share what they
/// know; so do all clients that were built with them.
#[derive(Debug, Clone, Default)]
pub struct ServiceClock(Arc<OnceLock<First>>);

#[derive(Debug)]
struct First {
    date: OffsetDateTime,
    ahead: Duration,
}

impl ServiceClock {
    /// When the first good answer was sent, to a second; None before there is one with a date.
    pub fn first(&self) -> Option<OffsetDateTime> {
        self.0.get().map(|first| first.date)
    }

    /// How far the service's clock is ahead of this machine's, in whole seconds; negative where it
    /// is behind. Zero where the date is one of the time that the answer took, however long that
    /// was. None before there is an answer with a date.
    pub fn ahead(&self) -> Option<Duration> {
        self.0.get().map(|first| first.ahead)
    }

    /// Takes note of the date of an answer to a request that was sent then, and has just come.
    pub(crate) fn note(&self, date: Option<OffsetDateTime>, sent: OffsetDateTime) {
        if let Some(date) = date {
            self.0.get_or_init(|| First { date, ahead: ahead(date, sent, now()) });
        }
    }
}

/// How far a clock is ahead that showed `date` between two times of this machine's.
fn ahead(date: OffsetDateTime, sent: OffsetDateTime, received: OffsetDateTime) -> Duration {
    // Dates are in whole seconds.
    let whole = |time: OffsetDateTime| time.replace_nanosecond(0).unwrap_or(time);
    let (sent, received) = (whole(sent), whole(received));
    date - date.clamp(sent, received.max(sent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_takes_long_is_no_skew() {
        let at = |second: i64| OffsetDateTime::UNIX_EPOCH + Duration::seconds(second);
        let half = Duration::milliseconds(500);
        for (date, sent, received, skew) in [
            (100, 100, 100, 0),
            (100, 100, 190, 0),
            (190, 100, 190, 0),
            (99, 100, 190, -1),
            (191, 100, 190, 1),
            (2_500, 100, 101, 2_399),
            (100, 2_500, 2_501, -2_400),
            (100, 100, 90, 0),
        ] {
            let found = ahead(at(date), at(sent) + half, at(received) + half);
            assert_eq!(found, Duration::seconds(skew), "{date} {sent} {received}");
        }
    }
}
