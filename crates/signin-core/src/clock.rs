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

#[cfg(all(test, feature = "testing"))]
mod tests {
    use super::*;
    use crate::answer::{Fault, Vendor};
    use crate::auth::StaticToken;
    use crate::envelope::{Envelope, Slot};
    use crate::paging::Paging;
    use crate::request::{Request, Segment};
    use crate::testing::{Reply, Scripted};
    use crate::{Credential, Json, Operation, Result, Settings};

    static VENDOR: Vendor = Vendor {
        name: "acme",
        agent: "acme/1",
        documented_base: None,
        request_id: &[],
        fault: |_| Fault::default(),
    };

    #[derive(Clone)]
    struct Things;

    impl Operation for Things {
        type Item = Json;

        fn name(&self) -> &'static str {
            "things"
        }

        fn request(&self) -> Result<Request> {
            Ok(Request::get([Segment::fixed("things")]))
        }

        fn envelope(&self) -> Envelope {
            Envelope(&[(Slot::Records, &["things"])])
        }

        fn paging(&self) -> Paging {
            Paging::None
        }
    }

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

    /// What stands in between a client and its service has a clock of its own: an answer that is
    /// an error, or no page, says nothing.
    #[tokio::test(start_paused = true)]
    async fn the_first_good_answer_says_what_time_it_is_for_the_service() {
        let dated = |reply: Reply, second: u32| {
            reply.header("date", &format!("Mon, 02 Mar 2026 09:30:0{second} GMT"))
        };
        let good = || Reply::json("{\"things\":[]}");
        let script = Scripted::new([
            dated(Reply::status(403), 1),
            good(),
            dated(good(), 3),
            dated(good(), 4),
        ]);
        let clock = ServiceClock::default();
        let mut settings = Settings::new(&VENDOR, "https://api.example", "");
        settings.set_credential(Credential::bearer(StaticToken::new("key-0123456789").unwrap()));
        settings.set_transport(script);
        settings.set_service_clock(clock.clone());
        let client = settings.build().unwrap();
        let sibling = client.sibling(Credential::bearer(StaticToken::new("other-key").unwrap()));
        let sibling = sibling.unwrap();
        for (asked, seconds) in
            [(&client, None), (&client, None), (&sibling, Some(3)), (&client, Some(3))]
        {
            let _ = asked.execute(&Things).await;
            let first = clock.first().map(|first| first.unix_timestamp() - 1_772_443_800);
            assert_eq!(first, seconds);
            assert_eq!(clock.ahead().is_some(), seconds.is_some());
        }
    }
}
