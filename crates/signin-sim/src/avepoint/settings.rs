//! What a simulated AvePoint Elements is like.

use crate::oauth;
use crate::settings::{Shared, shared_settings};

/// What a simulated AvePoint Elements is like. Values out of range are taken as the nearest in
/// range.
#[derive(Clone, Debug)]
#[must_use = "settings do nothing until they are given to the builder"]
pub struct Settings {
    pub(crate) shared: Shared,
    pub(super) customers: u64,
    pub(super) out_of_scope: u64,
    pub(super) token: Option<String>,
    pub(super) oauth: oauth::Settings,
    pub(super) time_form: TimeForm,
    pub(super) per_minute: u32,
    pub(super) reorder_every: Option<u64>,
    pub(super) ties: bool,
    pub(super) total_skew: i64,
}

/// How `loginTime` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeForm {
    /// .NET ticks as a number.
    Ticks,
    /// .NET ticks as text.
    TicksText,
    /// RFC 3339 in UTC with seven digits of a second.
    Rfc3339,
    /// The same without an offset.
    NoOffset,
    /// One or another, drawn for each sign-in.
    Mixed,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            shared: Shared { retry_after: None, ..Shared::new(20, 30) },
            customers: 3,
            out_of_scope: 0,
            token: None,
            oauth: oauth::Settings::default(),
            time_form: TimeForm::Ticks,
            per_minute: u32::MAX,
            reorder_every: None,
            ties: false,
            total_skew: 0,
        }
    }
}

shared_settings! {
    /// The port on 127.0.0.1, so that a service that was stopped can come back where it was.
    /// Default 0: a free one.
    port;

    /// Users of each tenant, 1 to 1,000,000. Default 20.
    users;

    /// Sign-ins of all tenants together when the service starts, 0 to 1,000,000,000,000. Default
    /// 1,000. The later a tenant was made, the more it has.
    events;

    /// The second in which the newest of the first sign-ins was; years 1000 to 9000. Default
    /// 2026-03-02T09:30:00Z: no clock is read.
    newest;

    /// The days before `newest` over which the first sign-ins are spread, 1 to 36,500. Default 30.
    days;

    /// After every `every_requests` requests that were answered (2xx), each tenant gets `count`
    /// (1,000,000 at most) new sign-ins at the start of its list. Default none; 0 for either is
    /// none.
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

    /// The length of that window, for those who cannot wait a minute; a day at most. Default 60
    /// seconds.
    rate_window;

    /// The `Retry-After` header of a 429, in whole seconds. Default none.
    retry_after;

    /// Time that passes before a request is looked at. Default none.
    think_time;

    /// Every `n`-th request of all is answered with `status` (300 to 599, else 503), whatever it
    /// asks, in one error shape after the other. Default never; 0 is never.
    fail_every;
}

impl Settings {
    /// Customers, 1 to 10,000. Default 3. The first one has two tenants, the others none to three,
    /// drawn from the seed.
    pub fn customers(mut self, customers: u64) -> Self {
        self.customers = customers.clamp(1, 10_000);
        self
    }

    /// How many customers, the last ones, are outside the app's customer scope: they are not
    /// listed, and their tenants are answered 403. Default 0.
    pub fn out_of_scope(mut self, customers: u64) -> Self {
        self.out_of_scope = customers;
        self
    }

    /// The token endpoint, `/connect/token` of the same address. Its port is not its own.
    pub fn oauth(mut self, settings: oauth::Settings) -> Self {
        self.oauth = settings;
        self
    }

    /// An access token that is good for ever, beside those of the token endpoint. Default: made
    /// from the seed.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// How `loginTime` is written. Default [`TimeForm::Ticks`].
    pub fn time_form(mut self, form: TimeForm) -> Self {
        self.time_form = form;
        self
    }

    /// Requests a minute that are answered, in a sliding window. Default: all; 0 refuses all.
    pub fn per_minute(mut self, requests: u32) -> Self {
        self.per_minute = requests;
        self
    }

    /// After every `requests` requests that were answered (2xx), the sign-ins of each tenant come
    /// in another order. Default never; 0 is never.
    pub fn reorder_every(mut self, requests: u64) -> Self {
        self.reorder_every = (requests > 0).then_some(requests);
        self
    }

    /// Whether each page of sign-ins but the first begins with the last one of the page before, in
    /// place of the one that belongs there: so does a service that sorts by what many rows share,
    /// page by page. Those that are left out come on no page. Default false.
    pub fn ties(mut self, ties: bool) -> Self {
        self.ties = ties;
        self
    }

    /// `totalCount` is off by so many rows (never below 0). Default 0.
    pub fn total_skew(mut self, rows: i64) -> Self {
        self.total_skew = rows;
        self
    }
}
