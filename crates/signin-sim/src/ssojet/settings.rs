//! What a simulated SSOJet application is like.

use std::time::Duration;

use axum::http::StatusCode;
use time::OffsetDateTime;

use crate::front::Faults;
use crate::oauth;
use crate::rate::RetryAfter;

/// 2026-03-02T09:30:00Z.
const NEWEST: i64 = 1_772_443_800;
/// About the years 1000 and 9000: all that is computed from them can be written as RFC 3339.
const YEARS: (i64, i64) = (-30_610_224_000, 221_845_392_000);
const DAY: i64 = 86_400;

/// Which of the documented bodies login logs come in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// That of 2024: `login_logs`, everything at once.
    #[default]
    Older,
    /// The newer one: `audit_logs`, page by page.
    Newer,
}

/// What stands in place of the next cursor on a last page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LastCursor {
    /// null.
    #[default]
    Null,
    /// `""`.
    Empty,
    /// The member is not there.
    Absent,
}

/// What a simulated SSOJet application is like. Values out of range are taken as the nearest in
/// range.
#[derive(Clone, Debug)]
#[must_use = "settings do nothing until they are given to the builder"]
pub struct Settings {
    pub(crate) port: u16,
    pub(super) users: u64,
    pub(super) deleted_users: u64,
    pub(super) events: u64,
    pub(super) body: Body,
    pub(super) last_cursor: LastCursor,
    pub(super) token: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) oauth: oauth::Settings,
    pub(super) newest: i64,
    pub(super) span: i64,
    pub(super) per_minute: Option<u32>,
    pub(super) rate_window: Duration,
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
            users: 3,
            deleted_users: 0,
            events: 1_000,
            body: Body::default(),
            last_cursor: LastCursor::default(),
            token: None,
            client_id: None,
            oauth: oauth::Settings::default()
                .encoding(oauth::Encoding::Json)
                .scope("sys_owner")
                .errors(oauth::Errors::Numbered),
            newest: NEWEST,
            span: 90 * DAY,
            per_minute: None,
            rate_window: Duration::from_secs(60),
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

    /// Users of the application, 1 to 1,000,000. Default 3.
    pub fn users(mut self, users: u64) -> Self {
        self.users = users.clamp(1, 1_000_000);
        self
    }

    /// How many of the users are deleted, all of them at most: the first ones of the list, which
    /// still has them; their login logs are not found. Default 0.
    pub fn deleted_users(mut self, users: u64) -> Self {
        self.deleted_users = users;
        self
    }

    /// Sign-ins of all users together when the service starts, 0 to 1,000,000,000,000. Default
    /// 1,000. Later users have more of them.
    pub fn events(mut self, events: u64) -> Self {
        self.events = events.min(1_000_000_000_000);
        self
    }

    /// The body of login logs. Default [`Body::Older`].
    pub fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// What the last page of a list says. Default [`LastCursor::Null`].
    pub fn last_cursor(mut self, last_cursor: LastCursor) -> Self {
        self.last_cursor = last_cursor;
        self
    }

    /// The secret key, which is always accepted. Default: made from the seed.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The client id. Default: made from the seed.
    pub fn client_id(mut self, client_id: impl Into<String>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// What the token endpoint is like; its client id is always the application's. Default: a JSON
    /// object with the secret and the scope `sys_owner`.
    pub fn oauth(mut self, settings: oauth::Settings) -> Self {
        self.oauth = settings;
        self
    }

    /// When the newest of the first sign-ins was at the latest, cut to whole seconds; years 1000
    /// to 9000. Default 2026-03-02T09:30:00Z: no clock is read.
    pub fn newest(mut self, newest: OffsetDateTime) -> Self {
        self.newest = newest.unix_timestamp().clamp(YEARS.0, YEARS.1);
        self
    }

    /// The days before `newest` over which the first sign-ins are spread, 1 to 36,500. Default 90.
    pub fn days(mut self, days: u32) -> Self {
        self.span = i64::from(days.clamp(1, 36_500)) * DAY;
        self
    }

    /// Requests a minute to any path that are answered, in a sliding window; 0 refuses all.
    /// Default: no limit.
    pub fn per_minute(mut self, requests: u32) -> Self {
        self.per_minute = Some(requests);
        self
    }

    /// The length of the window, for those who cannot wait a minute; a day at most. Default 60
    /// seconds.
    pub fn rate_window(mut self, length: Duration) -> Self {
        self.rate_window = length.min(Duration::from_secs(DAY.unsigned_abs()));
        self
    }

    /// The `Retry-After` header of a 429, in whole seconds; `None` leaves it out. Default
    /// [`RetryAfter::Remaining`].
    pub fn retry_after(mut self, retry_after: Option<RetryAfter>) -> Self {
        self.retry_after = retry_after;
        self
    }

    /// After every `every_requests` requests that were answered (2xx, to any path), each user gets
    /// `count` (1,000,000 at most) new sign-ins at the end of his list, 30 seconds after all that
    /// was there before. Default none; 0 for either is none.
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

    /// With each wave of [`arrivals`](Self::arrivals) the oldest of the first sign-ins are no longer
    /// kept, those of this much more time; cut to whole seconds. Default none.
    pub fn expiring(mut self, time: Duration) -> Self {
        self.expiring = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        self
    }

    /// Whether each of the first sign-ins changes once, at one of the first 64 waves of
    /// [`arrivals`](Self::arrivals), drawn from the seed: its place. Default false.
    pub fn changing(mut self, changing: bool) -> Self {
        self.changing = changing;
        self
    }

    /// Some pages, drawn from the seed, are short or empty and have a next one. No row is lost.
    /// Default false.
    pub fn short_pages(mut self, short: bool) -> Self {
        self.short_pages = short;
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
}
