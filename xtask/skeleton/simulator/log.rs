//! The truth: the account's sign-ins, computed one at a time from the seed.

use std::net::IpAddr;

use time::OffsetDateTime;

use super::settings::Settings;
use crate::seed::Seed;
use crate::{json, origin};

/// Seconds from one wave of arrivals to the next.
const WAVE: i64 = 30;
const COUNTRIES: [&str; 4] = ["DE", "FR", "IN", "JP"];

/// One sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignIn {
    /// Its number in the list, from 0, the oldest.
    pub number: u64,
    /// In UTC, to the second.
    pub time: OffsetDateTime,
    /// The user's number.
    pub user: u64,
    /// An address of the documentation ranges, IPv4 or IPv6.
    pub ip: IpAddr,
    /// A two-letter code.
    pub country: &'static str,
    /// Whether the user was let in.
    pub succeeded: bool,
}

impl SignIn {
    /// The record's JSON, byte for byte as the service sends it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = Vec::new();
        self.write(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let Self { number, time, user, ip, country, succeeded } = self;
        json::put(out, format_args!("{{\"id\":\"s-{number}\",\"time\":"));
        json::instant(out, *time);
        json::put(out, format_args!(",\"userId\":\"u-{user}\","));
        json::put(out, format_args!("\"userName\":\"user-{user}@example.com\","));
        json::put(out, format_args!("\"ip\":\"{ip}\",\"country\":\"{country}\","));
        json::put(out, format_args!("\"succeeded\":{succeeded}}}"));
    }
}

/// What all that is listed follows from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Log {
    seed: Seed,
    users: u64,
    events: u64,
    newest: i64,
    span: i64,
    per_wave: u64,
}

impl Log {
    pub(super) fn new(seed: Seed, Settings { shared, .. }: &Settings) -> Self {
        Self {
            seed: seed.branch("sign-ins"),
            users: shared.users,
            events: shared.events,
            newest: shared.newest,
            span: shared.span,
            per_wave: shared.arrivals.map_or(0, |(_, count)| count),
        }
    }

    /// How many there are after `waves` waves of arrivals.
    pub(super) fn count(&self, waves: u64) -> u64 {
        self.events + waves * self.per_wave
    }

    /// The clock after `waves` waves: the second after the newest sign-in.
    pub(super) fn now(&self, waves: u64) -> OffsetDateTime {
        instant(self.newest + seconds(waves) * WAVE + 1)
    }

    pub(super) fn sign_in(&self, number: u64) -> SignIn {
        let seed = self.seed.at(number);
        let time = match number.checked_sub(self.events) {
            None => {
                let left = u128::from(self.events - number - 1) * u128::from(self.span.unsigned_abs());
                let left = left / u128::from(self.events).max(1);
                self.newest - i64::try_from(left).unwrap_or(0)
            }
            Some(late) => self.newest + (seconds(late / self.per_wave.max(1)) + 1) * WAVE,
        };
        SignIn {
            number,
            time: instant(time),
            user: seed.at(0).below(self.users),
            ip: origin::address(seed.at(1)),
            country: seed.at(2).pick(&COUNTRIES),
            succeeded: seed.at(3).below(10) > 0,
        }
    }
}

fn seconds(waves: u64) -> i64 {
    i64::try_from(waves).unwrap_or(0)
}

/// The settings hold every time between the years 0 and 9999.
fn instant(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
