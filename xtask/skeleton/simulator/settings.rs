//! What a simulated NewVendor is like.

use crate::settings::{Shared, shared_settings};

/// What a simulated NewVendor is like. Values out of range are taken as the nearest in range.
#[derive(Clone, Debug)]
#[must_use = "settings do nothing until they are given to the builder"]
pub struct Settings {
    pub(crate) shared: Shared,
    pub(super) token: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { shared: Shared::new(3, 90), token: None }
    }
}

shared_settings! {
    /// The port on 127.0.0.1, so that a service that was stopped can come back where it was.
    /// Default 0: a free one.
    port;

    /// Users of the account, 1 to 1,000,000. Default 3.
    users;

    /// Sign-ins of all users together when the service starts, 0 to 1,000,000,000,000. Default
    /// 1,000.
    events;

    /// When the newest of the sign-ins was at the latest, cut to whole seconds; years 1000 to 9000.
    /// Default 2026-03-02T09:30:00Z: no clock is read.
    newest;

    /// The days before `newest` over which the sign-ins are spread, 1 to 36,500. Default 90.
    days;

    /// After every `every_requests` requests that were answered (2xx, to any path), there are
    /// `count` (1,000,000 at most) new sign-ins at the end of the list. Default none; 0 for either is
    /// none.
    arrivals;

    /// How many waves of [`arrivals`](Self::arrivals) there are at most. Default: no end.
    waves;

    /// Time that passes before a request is looked at. Default none.
    think_time;

    /// Every `n`-th request of all is answered with `status` (300 to 599, else 503), whatever it
    /// asks. Default never; 0 is never.
    fail_every;
}

impl Settings {
    /// The token, which is always accepted. Default: made from the seed.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }
}
