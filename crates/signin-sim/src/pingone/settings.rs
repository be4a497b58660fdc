//! What a simulated PingOne environment is like.

use std::time::Duration;

use axum::http::StatusCode;
use time::OffsetDateTime;

use super::log;
use crate::front::Faults;
use crate::oauth;
use crate::rate::RetryAfter;

/// 2026-03-02T09:30:00Z.
const NEWEST: i64 = 1_772_443_800;
/// About the years 1000 and 9000: all that is computed from them can be written as RFC 3339.
const YEARS: (i64, i64) = (-30_610_224_000, 221_845_392_000);
const DAY: i64 = 86_400;

/// What a simulated PingOne environment is like. Values out of range are taken as the nearest in
/// range.
#[derive(Clone, Debug)]
#[must_use = "settings do nothing until they are given to the builder"]
pub struct Settings {
    pub(crate) port: u16,
    pub(super) oauth: oauth::Settings,
    pub(super) users: u64,
    pub(super) events: u64,
    pub(super) newest: i64,
    pub(super) span: i64,
    pub(super) per_second: u32,
    pub(super) per_minute: u32,
    pub(super) retry_after: Option<RetryAfter>,
    pub(super) arrivals: Option<(u64, u64)>,
    pub(super) waves: u64,
    pub(super) expiring: i64,
    pub(super) changing: bool,
    pub(super) short_pages: bool,
    pub(super) faults: Faults,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 0,
            oauth: oauth::Settings::default().proof(oauth::Proof::Basic),
            users: 3,
            events: 1_000,
            newest: NEWEST,
            span: 10 * DAY,
            per_second: 3,
            per_minute: 210,
            retry_after: Some(RetryAfter::Remaining),
            arrivals: None,
            waves: u64::MAX,
            expiring: 0,
            changing: false,
            short_pages: false,
            faults: Faults::default(),
        }
    }
}

impl Settings {
    /// The port on 127.0.0.1, so that a service that was stopped can come back where it was.
    /// Default 0: a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The worker app and its token endpoint, whose port is this service's. Default: HTTP Basic,
    /// tokens of an hour.
    pub fn oauth(mut self, oauth: oauth::Settings) -> Self {
        self.oauth = oauth;
        self
    }

    /// Users of the environment, 1 to 1,000,000. Default 3.
    pub fn users(mut self, users: u64) -> Self {
        self.users = users.clamp(1, 1_000_000);
        self
    }

    /// As many events when the service starts as hold this many about signing in (access that was
    /// given or denied, a password or a code that was checked), 0 to 500,000,000,000. It takes the
    /// place of [`events`](Self::events).
    pub fn sign_ins(self, sign_ins: u64) -> Self {
        self.events(log::events_with(sign_ins.min(500_000_000_000)))
    }

    /// Events when the service starts, 0 to 1,000,000,000,000. Default 1,000.
    pub fn events(mut self, events: u64) -> Self {
        self.events = events.min(1_000_000_000_000);
        self
    }

    /// When the newest of the first events was recorded, at the latest, cut to whole seconds; years
    /// 1000 to 9000. Default 2026-03-02T09:30:00Z: no clock is read.
    pub fn newest(mut self, newest: OffsetDateTime) -> Self {
        self.newest = newest.unix_timestamp().clamp(YEARS.0, YEARS.1);
        self
    }

    /// The days before `newest` over which the first events are spread, 1 to 36,500. Default 10:
    /// those of more than 14 days ago are in the counts only.
    pub fn days(mut self, days: u32) -> Self {
        self.span = i64::from(days.clamp(1, 36_500)) * DAY;
        self
    }

    /// Requests a second to `activities` that are answered, in a sliding window. Default 3; 0
    /// refuses all.
    pub fn per_second(mut self, requests: u32) -> Self {
        self.per_second = requests;
        self
    }

    /// Requests a minute to `userActivities` that are answered, in a sliding window. Default 210;
    /// 0 refuses all.
    pub fn per_minute(mut self, requests: u32) -> Self {
        self.per_minute = requests;
        self
    }

    /// The `Retry-After` header of a 429, in whole seconds; `None` leaves it out. Default
    /// [`RetryAfter::Remaining`].
    pub fn retry_after(mut self, retry_after: Option<RetryAfter>) -> Self {
        self.retry_after = retry_after;
        self
    }

    /// After every `every_requests` requests that were answered (2xx, to any path), there are
    /// `count` (1,000,000 at most) new events, 30 seconds after all that was there before. Default
    /// none; 0 for either is none.
    pub fn arrivals(mut self, every_requests: u64, count: u64) -> Self {
        let some = every_requests > 0 && count > 0;
        self.arrivals = some.then_some((every_requests, count.min(1_000_000)));
        self
    }

    /// How many waves of [`arrivals`](Self::arrivals) there are at most: then nothing arrives, goes
    /// or changes any more. Default: no end.
    pub fn waves(mut self, most: u64) -> Self {
        self.waves = most;
        self
    }

    /// With each wave of [`arrivals`](Self::arrivals) the oldest of the first events are no longer
    /// kept, those of this much more time; cut to whole seconds. Default none.
    pub fn expiring(mut self, time: Duration) -> Self {
        self.expiring = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        self
    }

    /// Whether each of the first events changes once, at one of the first 64 waves of
    /// [`arrivals`](Self::arrivals), drawn from the seed: its result's description. Default false.
    pub fn changing(mut self, changing: bool) -> Self {
        self.changing = changing;
        self
    }

    /// Time that passes before a request is looked at. Default none.
    pub fn think_time(mut self, time: Duration) -> Self {
        self.faults.think_time = time;
        self
    }

    /// Every `n`-th request of all is answered with `status` (300 to 599, else 503), whatever it
    /// asks. Default never; 0 is never.
    pub fn fail_every(mut self, n: u64, status: u16) -> Self {
        let status = StatusCode::from_u16(status)
            .ok()
            .filter(|status| status.as_u16() >= 300 && status.as_u16() < 600);
        self.faults.fail_every =
            (n > 0).then_some((n, status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE)));
        self
    }

    /// Pages of activities hold fewer events than asked for, drawn from the seed, and some hold
    /// none; each of them has a link to the next one, and no event is lost. Default false.
    pub fn short_pages(mut self, short: bool) -> Self {
        self.short_pages = short;
        self
    }
}
