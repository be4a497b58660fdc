//! What a simulated SSOJet application is like.

use crate::oauth;
use crate::settings::{Shared, shared_settings};

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
    pub(crate) shared: Shared,
    pub(super) deleted_users: u64,
    pub(super) body: Body,
    pub(super) last_cursor: LastCursor,
    pub(super) token: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) oauth: oauth::Settings,
    pub(super) per_minute: Option<u32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            shared: Shared::new(3, 90),
            deleted_users: 0,
            body: Body::default(),
            last_cursor: LastCursor::default(),
            token: None,
            client_id: None,
            oauth: oauth::Settings::default()
                .encoding(oauth::Encoding::Json)
                .scope("sys_owner")
                .errors(oauth::Errors::Numbered),
            per_minute: None,
        }
    }
}

shared_settings! {
    /// The port on 127.0.0.1, so that a service that was stopped can come back where it was.
    /// Default 0: a free one.
    port;

    /// Users of the application, 1 to 1,000,000. Default 3.
    users;

    /// Sign-ins of all users together when the service starts, 0 to 1,000,000,000,000. Default
    /// 1,000. Later users have more of them.
    events;

    /// When the newest of the first sign-ins was at the latest, cut to whole seconds; years 1000
    /// to 9000. Default 2026-03-02T09:30:00Z: no clock is read.
    newest;

    /// The days before `newest` over which the first sign-ins are spread, 1 to 36,500. Default 90.
    days;

    /// After every `every_requests` requests that were answered (2xx, to any path), each user gets
    /// `count` (1,000,000 at most) new sign-ins at the end of his list, 30 seconds after all that
    /// was there before. Default none; 0 for either is none.
    arrivals;

    /// How many waves of [`arrivals`](Self::arrivals) there are at most: then nothing arrives, goes
    /// or changes any more. Default: no end.
    waves;

    /// With each wave of [`arrivals`](Self::arrivals) the oldest of the first sign-ins are no longer
    /// kept, those of this much more time; cut to whole seconds. Default none.
    expiring;

    /// Whether each of the first sign-ins changes once, at one of the first 64 waves of
    /// [`arrivals`](Self::arrivals), drawn from the seed: its place. Default false.
    changing;

    /// Some pages, drawn from the seed, are short or empty and have a next one. No row is lost.
    /// Default false.
    short_pages;

    /// The length of the window, for those who cannot wait a minute; a day at most. Default 60
    /// seconds.
    rate_window;

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
    /// How many of the users are deleted, all of them at most: the first ones of the list, which
    /// still has them; their login logs are not found. Default 0.
    pub fn deleted_users(mut self, users: u64) -> Self {
        self.deleted_users = users;
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

    /// Requests a minute to any path that are answered, in a sliding window; 0 refuses all.
    /// Default: no limit.
    pub fn per_minute(mut self, requests: u32) -> Self {
        self.per_minute = Some(requests);
        self
    }
}
