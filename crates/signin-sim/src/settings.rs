//! What the settings of all services share: how much there is, since when, what happens to it while
//! it is read, and how the service answers.

use std::time::Duration;

use axum::http::StatusCode;
use time::OffsetDateTime;

use crate::front::Faults;
use crate::rate::RetryAfter;

/// 2026-03-02T09:30:00Z.
const NEWEST: i64 = 1_772_443_800;
/// About the years 1000 and 9000: all that is computed from them can be written as RFC 3339.
const YEARS: (i64, i64) = (-30_610_224_000, 221_845_392_000);
const DAY: i64 = 86_400;

/// The settings that every service has. A setter that takes a value out of range takes the nearest
/// in range.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub(crate) port: u16,
    pub(crate) users: u64,
    pub(crate) events: u64,
    /// When the newest of the first events was: seconds since 1970.
    pub(crate) newest: i64,
    /// Over how many seconds before that the first events are spread.
    pub(crate) span: i64,
    /// After how many answers how many events arrive.
    pub(crate) arrivals: Option<(u64, u64)>,
    pub(crate) waves: u64,
    /// How many more seconds are no longer kept with each wave.
    pub(crate) expiring: i64,
    pub(crate) changing: bool,
    pub(crate) short_pages: bool,
    pub(crate) rate_window: Duration,
    pub(crate) retry_after: Option<RetryAfter>,
    pub(crate) faults: Faults,
}

impl Shared {
    /// So many users, and 1,000 events over so many days.
    pub(crate) fn new(users: u64, days: u32) -> Self {
        Self {
            port: 0,
            users,
            events: 1_000,
            newest: NEWEST,
            span: span(days),
            arrivals: None,
            waves: u64::MAX,
            expiring: 0,
            changing: false,
            short_pages: false,
            rate_window: Duration::from_secs(60),
            retry_after: Some(RetryAfter::Remaining),
            faults: Faults::default(),
        }
    }

    pub(crate) fn set_newest(&mut self, newest: OffsetDateTime) {
        self.newest = newest.unix_timestamp().clamp(YEARS.0, YEARS.1);
    }

    pub(crate) fn set_days(&mut self, days: u32) {
        self.span = span(days);
    }

    pub(crate) fn set_arrivals(&mut self, every_requests: u64, count: u64) {
        let some = every_requests > 0 && count > 0;
        self.arrivals = some.then_some((every_requests, count.min(1_000_000)));
    }

    pub(crate) fn set_expiring(&mut self, time: Duration) {
        self.expiring = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    }

    pub(crate) fn set_rate_window(&mut self, length: Duration) {
        self.rate_window = length.min(Duration::from_secs(DAY.unsigned_abs()));
    }

    pub(crate) fn set_fail_every(&mut self, n: u64, status: u16) {
        let status = StatusCode::from_u16(status)
            .ok()
            .filter(|status| status.as_u16() >= 300 && status.as_u16() < 600);
        self.faults.fail_every =
            (n > 0).then_some((n, status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE)));
    }
}

/// So many days in seconds, 1 to 36,500.
fn span(days: u32) -> i64 {
    i64::from(days.clamp(1, 36_500)) * DAY
}

/// Writes setters of [`Shared`] for a service's settings, which hold it as `shared`: each by its
/// name, with what the service's own documentation says of it.
macro_rules! shared_settings {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        impl Settings {
            /// The port on which the service listens; 0 for a free one.
            pub(crate) fn listens_at(&self) -> u16 {
                self.shared.port
            }

            $($crate::settings::setter! { $(#[$doc])* $name })*
        }
    };
}

/// Writes one of these setters.
macro_rules! setter {
    ($(#[$doc:meta])* port) => {
        $(#[$doc])*
        pub fn port(mut self, port: u16) -> Self {
            self.shared.port = port;
            self
        }
    };
    ($(#[$doc:meta])* users) => {
        $(#[$doc])*
        pub fn users(mut self, users: u64) -> Self {
            self.shared.users = users.clamp(1, 1_000_000);
            self
        }
    };
    ($(#[$doc:meta])* events) => {
        $(#[$doc])*
        pub fn events(mut self, events: u64) -> Self {
            self.shared.events = events.min(1_000_000_000_000);
            self
        }
    };
    ($(#[$doc:meta])* newest) => {
        $(#[$doc])*
        pub fn newest(mut self, newest: time::OffsetDateTime) -> Self {
            self.shared.set_newest(newest);
            self
        }
    };
    ($(#[$doc:meta])* days) => {
        $(#[$doc])*
        pub fn days(mut self, days: u32) -> Self {
            self.shared.set_days(days);
            self
        }
    };
    ($(#[$doc:meta])* arrivals) => {
        $(#[$doc])*
        pub fn arrivals(mut self, every_requests: u64, count: u64) -> Self {
            self.shared.set_arrivals(every_requests, count);
            self
        }
    };
    ($(#[$doc:meta])* waves) => {
        $(#[$doc])*
        pub fn waves(mut self, most: u64) -> Self {
            self.shared.waves = most;
            self
        }
    };
    ($(#[$doc:meta])* expiring) => {
        $(#[$doc])*
        pub fn expiring(mut self, time: std::time::Duration) -> Self {
            self.shared.set_expiring(time);
            self
        }
    };
    ($(#[$doc:meta])* changing) => {
        $(#[$doc])*
        pub fn changing(mut self, changing: bool) -> Self {
            self.shared.changing = changing;
            self
        }
    };
    ($(#[$doc:meta])* short_pages) => {
        $(#[$doc])*
        pub fn short_pages(mut self, short: bool) -> Self {
            self.shared.short_pages = short;
            self
        }
    };
    ($(#[$doc:meta])* rate_window) => {
        $(#[$doc])*
        pub fn rate_window(mut self, length: std::time::Duration) -> Self {
            self.shared.set_rate_window(length);
            self
        }
    };
    ($(#[$doc:meta])* retry_after) => {
        $(#[$doc])*
        pub fn retry_after(mut self, retry_after: Option<$crate::RetryAfter>) -> Self {
            self.shared.retry_after = retry_after;
            self
        }
    };
    ($(#[$doc:meta])* think_time) => {
        $(#[$doc])*
        pub fn think_time(mut self, time: std::time::Duration) -> Self {
            self.shared.faults.think_time = time;
            self
        }
    };
    ($(#[$doc:meta])* fail_every) => {
        $(#[$doc])*
        pub fn fail_every(mut self, n: u64, status: u16) -> Self {
            self.shared.set_fail_every(n, status);
            self
        }
    };
}

pub(crate) use {setter, shared_settings};
