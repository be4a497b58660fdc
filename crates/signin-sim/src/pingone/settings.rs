//! What a simulated PingOne environment is like.

use super::log;
use crate::oauth;
use crate::settings::{Shared, shared_settings};

/// What a simulated PingOne environment is like. Values out of range are taken as the nearest in
/// range.
#[derive(Clone, Debug)]
#[must_use = "settings do nothing until they are given to the builder"]
pub struct Settings {
    pub(crate) shared: Shared,
    pub(super) oauth: oauth::Settings,
    pub(super) per_second: u32,
    pub(super) per_minute: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            shared: Shared::new(3, 10),
            oauth: oauth::Settings::default().proof(oauth::Proof::Basic),
            per_second: 3,
            per_minute: 210,
        }
    }
}

shared_settings! {
    /// The port on 127.0.0.1, so that a service that was stopped can come back where it was.
    /// Default 0: a free one.
    port;

    /// Users of the environment, 1 to 1,000,000. Default 3.
    users;

    /// Events when the service starts, 0 to 1,000,000,000,000. Default 1,000.
    events;

    /// When the newest of the first events was recorded, at the latest, cut to whole seconds; years
    /// 1000 to 9000. Default 2026-03-02T09:30:00Z: no clock is read.
    newest;

    /// The days before `newest` over which the first events are spread, 1 to 36,500. Default 10:
    /// those of more than 14 days ago are in the counts only.
    days;

    /// After every `every_requests` requests that were answered (2xx, to any path), there are
    /// `count` (1,000,000 at most) new events, 30 seconds after all that was there before. Default
    /// none; 0 for either is none.
    arrivals;

    /// How many waves of [`arrivals`](Self::arrivals) there are at most: then nothing arrives, goes
    /// or changes any more. Default: no end.
    waves;

    /// With each wave of [`arrivals`](Self::arrivals) the oldest of the first events are no longer
    /// kept, those of this much more time; cut to whole seconds. Default none.
    expiring;

    /// Whether each of the first events changes once, at one of the first 64 waves of
    /// [`arrivals`](Self::arrivals), drawn from the seed: its result's description. Default false.
    changing;

    /// Pages of activities hold fewer events than asked for, drawn from the seed, and some hold
    /// none; each of them has a link to the next one, and no event is lost. Default false.
    short_pages;

    /// The `Retry-After` header of a 429, in whole seconds; `None` leaves it out. Default
    /// [`RetryAfter::Remaining`](crate::RetryAfter::Remaining).
    retry_after;

    /// Time that passes before a request is looked at. Default none.
    think_time;

    /// Every `n`-th request of all is answered with `status` (300 to 599, else 503), whatever it
    /// asks. Default never; 0 is never.
    fail_every;
}

impl Settings {
    /// The worker app and its token endpoint, whose port is this service's. Default: HTTP Basic,
    /// tokens of an hour.
    pub fn oauth(mut self, oauth: oauth::Settings) -> Self {
        self.oauth = oauth;
        self
    }

    /// As many events when the service starts as hold this many about signing in (access that was
    /// given or denied, a password or a code that was checked), 0 to 500,000,000,000. It takes the
    /// place of [`events`](Self::events).
    pub fn sign_ins(self, sign_ins: u64) -> Self {
        self.events(log::events_with(sign_ins.min(500_000_000_000)))
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
}
