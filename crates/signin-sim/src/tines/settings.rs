//! What a simulated Tines tenant is like.

use axum::http::StatusCode;

use crate::settings::{Shared, shared_settings};

/// What a simulated Tines tenant is like. Values out of range are taken as the nearest in range.
#[derive(Clone, Debug)]
#[must_use = "settings do nothing until they are given to the builder"]
pub struct Settings {
    pub(crate) shared: Shared,
    pub(super) deleted_users: u64,
    pub(super) api_key: Option<String>,
    pub(super) per_minute: u32,
    pub(super) per_minute_audit_logs: u32,
    pub(super) per_minute_general: u32,
    pub(super) vanishing: bool,
    pub(super) audit_log: bool,
    pub(super) audit_log_refusal: StatusCode,
    pub(super) legacy_meta: bool,
    pub(super) next_page_text_null: bool,
    pub(super) count_skew: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            shared: Shared::new(3, 90),
            deleted_users: 0,
            api_key: None,
            per_minute: 500,
            per_minute_audit_logs: 1_000,
            per_minute_general: 5_000,
            vanishing: false,
            audit_log: true,
            audit_log_refusal: StatusCode::FORBIDDEN,
            legacy_meta: false,
            next_page_text_null: false,
            count_skew: 0,
        }
    }
}

shared_settings! {
    /// The port on 127.0.0.1, so that a service that was stopped can come back where it was.
    /// Default 0: a free one.
    port;

    /// Users of the tenant, 1 to 1,000,000. Default 3.
    users;

    /// Sign-ins of all users together when the service starts, 0 to 1,000,000,000,000. Default
    /// 1,000. The users' shares are uneven and drawn from the seed; some may have none.
    events;

    /// When the newest of the first sign-ins was created, cut to whole seconds; years 1000 to
    /// 9000. Default 2026-03-02T09:30:00Z: no clock is read.
    newest;

    /// The days before `newest` over which the first sign-ins are spread, 1 to 36,500. Default 90.
    days;

    /// After every `every_requests` requests that were answered (2xx, to any path), each user gets
    /// `count` (1,000,000 at most) new sign-ins at the top of his list, 30 seconds after all that
    /// was there before. Default none; 0 for either is none.
    arrivals;

    /// How many waves of [`arrivals`](Self::arrivals) there are at most: then nothing arrives, goes
    /// or changes any more. Default: no end.
    waves;

    /// With each wave of [`arrivals`](Self::arrivals) the oldest of the first sign-ins are no longer
    /// kept, those of this much more time; cut to whole seconds. Default none.
    expiring;

    /// Whether each of the first sign-ins changes once, at one of the first 64 waves of
    /// [`arrivals`](Self::arrivals), drawn from the seed: its user agent. Default false.
    changing;

    /// Two of every four pages, drawn from the seed, share the rows of one; one of the two may be
    /// empty. The first page is full, no two pages in a row are empty, and no row is lost. Default
    /// false.
    short_pages;

    /// The length of all windows, for those who cannot wait a minute; a day at most. Default 60
    /// seconds.
    rate_window;

    /// The `Retry-After` header of a 429, in whole seconds; `None` leaves it out. Default
    /// [`RetryAfter::Remaining`](crate::RetryAfter::Remaining).
    retry_after;

    /// Time that passes before a request is looked at. Default none.
    think_time;

    /// Every `n`-th request of all is answered with `status` (300 to 599, else 503), whatever it
    /// asks, in one error shape after the other. Default never; 0 is never.
    fail_every;
}

impl Settings {
    /// How many of the users are deleted, all of them at most; drawn from the seed. Default 0.
    ///
    /// A deleted user is not listed, and his sign-in activities are not found; what he did before
    /// stays in the audit log. No sign-ins of his arrive any more.
    pub fn deleted_users(mut self, users: u64) -> Self {
        self.deleted_users = users;
        self
    }

    /// The API key. Default: made from the seed.
    pub fn api_key(mut self, api_key: impl Into<String>) -> Self {
        self.api_key = Some(api_key.into());
        self
    }

    /// Requests a minute to `/api/v1/admin/users` and what is below it that are answered, in a
    /// sliding window for the token. Default 500; 0 refuses all.
    pub fn per_minute(mut self, requests: u32) -> Self {
        self.per_minute = requests;
        self
    }

    /// Requests a minute to `/api/v1/audit_logs` that are answered, in a sliding window for the
    /// token. Default 1,000; 0 refuses all.
    pub fn per_minute_audit_logs(mut self, requests: u32) -> Self {
        self.per_minute_audit_logs = requests;
        self
    }

    /// Requests a minute to any path that are answered, in a sliding window for the token. Default
    /// 5,000; 0 refuses all.
    pub fn per_minute_general(mut self, requests: u32) -> Self {
        self.per_minute_general = requests;
        self
    }

    /// Whether one of four of the first sign-ins, drawn from the seed, vanishes from among its
    /// user's sign-in activities, at one of the first 64 waves of [`arrivals`](Self::arrivals);
    /// the audit log keeps it. Then each page costs time for all of the user's. Default false.
    pub fn vanishing(mut self, vanishing: bool) -> Self {
        self.vanishing = vanishing;
        self
    }

    /// Whether the tenant's plan has the audit log; without it, `/api/v1/audit_logs` is refused.
    /// Default true.
    pub fn audit_log(mut self, included: bool) -> Self {
        self.audit_log = included;
        self
    }

    /// The status of that refusal: 403, or 404 as of a path that there is not. Default 403.
    pub fn audit_log_refusal(mut self, status: u16) -> Self {
        self.audit_log_refusal =
            if status > 403 { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
        self
    }

    /// Leaves `next_page_number` out of `meta`, as older tenants do. Default false.
    pub fn legacy_meta(mut self, legacy: bool) -> Self {
        self.legacy_meta = legacy;
        self
    }

    /// On the last page, `next_page` is the text `"null"` instead of null. Default false.
    pub fn next_page_text_null(mut self, text: bool) -> Self {
        self.next_page_text_null = text;
        self
    }

    /// `meta.count` is off by so many rows (never below 0), and `meta.pages` is what follows from
    /// it; rows and links are right. Default 0.
    pub fn count_skew(mut self, rows: i64) -> Self {
        self.count_skew = rows;
        self
    }
}
