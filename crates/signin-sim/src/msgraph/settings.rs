//! What a simulated Microsoft Graph is like.

use std::time::Duration;

use crate::oauth;
use crate::settings::{Shared, shared_settings};

const DAY: i64 = 86_400;

/// What a simulated Microsoft Graph is like. Values out of range are taken as the nearest in
/// range.
#[derive(Clone, Debug)]
#[must_use = "settings do nothing until they are given to the builder"]
pub struct Settings {
    pub(crate) shared: Shared,
    pub(super) tenants: u64,
    pub(super) unlicensed: u64,
    pub(super) unpermitted: u64,
    pub(super) events_of_first: Option<u64>,
    pub(super) retention: Option<i64>,
    pub(super) most_rows: Option<u64>,
    pub(super) revisions: u64,
    pub(super) per_tenant: u32,
    pub(super) per_app: u32,
    pub(super) retry_after: Option<Duration>,
    pub(super) skip_token_life: Option<u64>,
    pub(super) repeated_rows: bool,
    pub(super) policies: bool,
    pub(super) wrapped: bool,
    pub(super) lost_by_id: u64,
    pub(super) full: bool,
    pub(super) oauth: oauth::Settings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            shared: Shared { rate_window: Duration::from_secs(10), ..Shared::new(6, 7) },
            tenants: 1,
            unlicensed: 0,
            unpermitted: 0,
            events_of_first: None,
            retention: None,
            most_rows: None,
            revisions: 0,
            per_tenant: 5,
            per_app: 122,
            retry_after: None,
            skip_token_life: None,
            repeated_rows: false,
            policies: true,
            wrapped: false,
            lost_by_id: 0,
            full: false,
            oauth: oauth::Settings::default()
                .errors(oauth::Errors::Entra)
                .scope("https://graph.microsoft.com/.default"),
        }
    }
}

shared_settings! {
    /// The port on 127.0.0.1, so that a service that was stopped can come back where it was.
    /// Default 0: a free one.
    port;

    /// Users of each tenant, 1 to 1,000,000. Default 6, whose names are hard to quote and to show.
    users;

    /// When the newest of the first sign-ins was created, cut to whole seconds; years 1000 to
    /// 9000. Default 2026-03-02T09:30:00Z: no clock is read.
    newest;

    /// The days before `newest` over which the first sign-ins are spread, 1 to 36,500. Default 7.
    days;

    /// After every `every_requests` requests that were answered (2xx, to any path), each tenant
    /// gets `count` (1,000,000 at most) new sign-ins, 30 seconds after all that was there before.
    /// Default none; 0 for either is none.
    arrivals;

    /// How many waves of [`arrivals`](Self::arrivals) there are at most: then nothing arrives, goes
    /// or changes any more. Default: no end.
    waves;

    /// With each wave of [`arrivals`](Self::arrivals) the oldest of the first sign-ins are no longer
    /// kept, those of this much more time; cut to whole seconds. Default none.
    expiring;

    /// Whether each of the first sign-ins changes once, at one of the first 64 waves of
    /// [`arrivals`](Self::arrivals), drawn from the seed: its risk. Default false.
    changing;

    /// Some pages, drawn from the seed, hold fewer rows than asked for, or none, and have a next
    /// link all the same. Default false.
    short_pages;

    /// The length of both windows; a day at most. Default 10 seconds.
    rate_window;

    /// Time that passes before a request is looked at. Default none.
    think_time;

    /// Every `n`-th request of all is answered with `status` (300 to 599, else 503), whatever it
    /// asks. Default never; 0 is never.
    fail_every;
}

impl Settings {
    /// Tenants, 1 to 10,000, each with its own sign-ins and token. Default 1.
    pub fn tenants(mut self, tenants: u64) -> Self {
        self.tenants = tenants.clamp(1, 10_000);
        self
    }

    /// How many of the tenants, the last ones, have no P1 or P2 licence: 403. Default 0.
    pub fn unlicensed(mut self, tenants: u64) -> Self {
        self.unlicensed = tenants;
        self
    }

    /// How many of the tenants, the first ones, did not consent to `AuditLog.Read.All`: 403.
    /// Default 0.
    pub fn unpermitted(mut self, tenants: u64) -> Self {
        self.unpermitted = tenants;
        self
    }

    /// Sign-ins of each tenant, of all kinds, when the service starts; 0 to 1,000,000,000.
    /// Default 1,000.
    pub fn events(mut self, events: u64) -> Self {
        self.shared.events = events.min(1_000_000_000);
        self
    }

    /// Sign-ins of the first tenant, in place of [`events`](Self::events): one that is larger than
    /// the others.
    pub fn events_of_first(mut self, events: u64) -> Self {
        self.events_of_first = Some(events.min(1_000_000_000));
        self
    }

    /// How many days back from the newest of the first sign-ins `createdDateTime` may be asked
    /// for; before that a filter is answered 400. Default: any.
    pub fn retention(mut self, days: u32) -> Self {
        self.retention = Some(i64::from(days.min(36_500)) * DAY);
        self
    }

    /// A list whose range of time holds more rows than this is answered 504. Default: any.
    pub fn most_rows(mut self, rows: u64) -> Self {
        self.most_rows = Some(rows);
        self
    }

    /// Every `n`-th sign-in, from the oldest, is a revision of the one before: same id and time,
    /// another risk. Default 0: none; 1 is taken as 2.
    pub fn revisions(mut self, n: u64) -> Self {
        self.revisions = if n == 1 { 2 } else { n };
        self
    }

    /// Requests of one tenant that are answered in a window. Default 5; 0 refuses all.
    pub fn per_tenant(mut self, requests: u32) -> Self {
        self.per_tenant = requests;
        self
    }

    /// Requests of all tenants that are answered in a window. Default 122; 0 refuses all.
    pub fn per_app(mut self, requests: u32) -> Self {
        self.per_app = requests;
        self
    }

    /// The `Retry-After` header of a 429, in decimal seconds. Default: what is left to wait.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// A skip token is good for so many requests that come after it, of all tenants, and is then
    /// answered 400. Default: for ever.
    pub fn skip_token_life(mut self, requests: u64) -> Self {
        self.skip_token_life = Some(requests);
        self
    }

    /// Each page after the first begins with the last row of the page before. Default false.
    pub fn repeated_rows(mut self, repeated: bool) -> Self {
        self.repeated_rows = repeated;
        self
    }

    /// Whether the application may read policies; without it `appliedConditionalAccessPolicies`
    /// is left out. Default true.
    pub fn policies(mut self, included: bool) -> Self {
        self.policies = included;
        self
    }

    /// A single sign-in comes within a `value` list, as documented, and not bare. Default false.
    pub fn wrapped(mut self, wrapped: bool) -> Self {
        self.wrapped = wrapped;
        self
    }

    /// Every `n`-th sign-in, from the oldest, is not found by its id, although lists show it.
    /// Default 0: all are found.
    pub fn lost_by_id(mut self, n: u64) -> Self {
        self.lost_by_id = n;
        self
    }

    /// Whether records are as large as those of a large tenant, about 2.6 kB in v1.0 and 4.9 kB in
    /// beta, with six policies each. Default false.
    pub fn full(mut self, full: bool) -> Self {
        self.full = full;
        self
    }

    /// The token endpoint, `/{tenant}/oauth2/v2.0/token` on the same port. Default: one client
    /// with a secret in the body, the scope of the global cloud, and Entra's refusals.
    pub fn oauth(mut self, oauth: oauth::Settings) -> Self {
        self.oauth = oauth;
        self
    }
}
