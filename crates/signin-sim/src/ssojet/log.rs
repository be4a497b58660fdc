//! The truth: every user's sign-ins, computed one at a time from the seed.
//!
//! Nothing is held. Row `j` of a user, 0 being the oldest, has a slot of the time span to itself,
//! the same for every row of the user, and stands at a drawn place within it.

use std::net::IpAddr;
use std::ops::Range;

use time::{Duration, OffsetDateTime};

use super::settings::{Body, Settings};
use crate::seed::Seed;
use crate::{json, origin};

/// One row of so many repeats the one before it, byte for byte.
const REPEAT: u64 = 32;
/// Seconds from one wave of arrivals to the next.
const WAVE: i64 = 30;
const SECOND: i128 = 1_000_000_000;
/// What stands for the client's name where only the CDN is known.
const CDN: &str = "Amazon CloudFront";
/// Country and city.
const PLACES: [(&str, &str); 6] = [
    ("India", "Jaipur"),
    ("Germany", "Berlin"),
    ("Japan", "東京"),
    ("France", "Orléans"),
    ("Côte d'Ivoire", "Yamoussoukro"),
    ("India", "UnknownCity"),
];

/// The place of a sign-in that has changed.
const CHANGED: (&str, &str) = ("Iceland", "Reykjavík");

/// One sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignIn {
    /// In UTC, to the nanosecond; the older body cuts it to milliseconds.
    pub created_at: OffsetDateTime,
    /// An address of the documentation ranges, IPv4 or IPv6.
    pub ip: IpAddr,
    /// By its English name.
    pub country: &'static str,
    /// `UnknownCity` now and then.
    pub city: &'static str,
    /// In the newer body. Mostly a browser's; now and then empty, or what an attacker might send.
    pub user_agent: &'static str,
}

impl SignIn {
    /// The record's JSON, byte for byte as the service sends it in this body.
    #[must_use]
    pub fn to_json(&self, body: Body) -> String {
        let mut out = Vec::new();
        self.write(&mut out, body);
        String::from_utf8(out).unwrap_or_default()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>, body: Body) {
        let ip = self.ip.to_string();
        let text = |out: &mut Vec<u8>, name: &str, value: &str| {
            json::put(out, format_args!("\"{name}\":"));
            json::text(out, value);
            json::put(out, ",");
        };
        json::put(out, "{");
        match body {
            Body::Older => {
                text(out, "IpAddress", &ip);
                text(out, "Country", self.country);
                text(out, "City", self.city);
                text(out, "UserAgent", "");
                text(out, "Name", CDN);
                text(out, "Os", "");
                text(out, "Device", "");
                json::put(out, "\"CreatedAt\":");
                json::instant(out, milliseconds(self.created_at));
            }
            Body::Newer => {
                let (name, os, device) = client(self.user_agent);
                text(out, "city", self.city);
                text(out, "country", self.country);
                text(out, "device", device);
                text(out, "event", "login");
                text(out, "ip_address", &ip);
                text(out, "name", name);
                text(out, "os", os);
                text(out, "user_agent", self.user_agent);
                json::put(out, "\"created_at\":");
                json::instant(out, self.created_at);
            }
        }
        json::put(out, "}");
    }
}

/// An instant cut to milliseconds.
fn milliseconds(at: OffsetDateTime) -> OffsetDateTime {
    at - Duration::nanoseconds(i64::from(at.nanosecond() % 1_000_000))
}

/// Name, operating system and kind of device of a user agent.
fn client(user_agent: &str) -> (&'static str, &'static str, &'static str) {
    let first = |choices: &[(&str, &'static str)], none| {
        let found = choices.iter().find(|(mark, _)| user_agent.contains(mark));
        found.map_or(none, |(_, name)| *name)
    };
    let name = first(
        &[("Edg/", "Edge"), ("Chrome", "Chrome"), ("Firefox", "Firefox"), ("Safari", "Safari")],
        CDN,
    );
    let os = first(
        &[
            ("Windows", "Windows"),
            ("iPhone", "iOS"),
            ("Android", "Android"),
            ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ],
        "",
    );
    let device = first(&[("Mobile", "Mobile"), ("Mozilla", "Desktop")], "");
    (name, os, device)
}

/// An application's sign-ins: only the numbers that all of them follow from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Log {
    seed: Seed,
    users: u64,
    events: u64,
    newest: i64,
    span: i64,
    /// Sign-ins of each user in one wave of arrivals.
    per_wave: u64,
    /// Seconds that are no longer kept with each wave, and whether sign-ins change.
    expiring: i64,
    changing: bool,
}

impl Log {
    pub(super) fn new(seed: Seed, settings: &Settings) -> Self {
        Self {
            seed: seed.branch("sign-ins"),
            users: settings.shared.users,
            events: settings.shared.events,
            newest: settings.shared.newest,
            span: settings.shared.span,
            per_wave: settings.shared.arrivals.map_or(0, |(_, count)| count),
            expiring: settings.shared.expiring,
            changing: settings.shared.changing,
        }
    }

    /// The clock after `waves` waves of arrivals: the second after the newest sign-in of all.
    pub(super) fn now(&self, waves: u64) -> OffsetDateTime {
        instant(i128::from(self.wave(waves) + 1) * SECOND)
    }

    fn wave(&self, wave: u64) -> i64 {
        self.newest + i64::try_from(wave).unwrap_or(0) * WAVE
    }

    /// The rows that user number `user` has after `waves` waves.
    pub(super) fn rows(&self, user: u64, waves: u64) -> Range<u64> {
        let initial = self.initial(user);
        let gone = u128::from(waves) * u128::from(self.expiring.unsigned_abs());
        let gone = u128::from(initial) * gone / u128::from(self.span.unsigned_abs()).max(1);
        let gone = u64::try_from(gone).unwrap_or(u64::MAX).min(initial);
        gone..initial + waves * self.per_wave
    }

    /// Shares grow with the number of the user.
    fn initial(&self, user: u64) -> u64 {
        let square = |n: u64| u128::from(n) * u128::from(n);
        let before = |user| u128::from(self.events) * square(user) / square(self.users).max(1);
        u64::try_from(before(user + 1) - before(user)).unwrap_or(0)
    }

    /// Row `j` of a user, from the oldest, after `waves` waves.
    fn sign_in(&self, user: u64, j: u64, waves: u64) -> SignIn {
        let j = if j % REPEAT == REPEAT - 1 { j - 1 } else { j };
        let seed = self.seed.at(user).at(j);
        // A user has four devices; one sign-in of ten is from somewhere else.
        let device = match seed.at(0).below(10) {
            0 => seed.at(1),
            _ => self.seed.at(user).branch("devices").at(seed.at(2).below(4)),
        };
        let changed = self.changing && j < self.initial(user) && seed.has_changed(waves);
        let (country, city) = if changed { CHANGED } else { device.at(3).pick(&PLACES) };
        SignIn {
            created_at: instant(self.created_at(user, j, seed.at(4))),
            ip: origin::address(device.at(1)),
            country,
            city,
            user_agent: origin::user_agent(device.at(2)),
        }
    }

    /// Nanoseconds since 1970.
    fn created_at(&self, user: u64, j: u64, seed: Seed) -> i128 {
        let initial = self.initial(user);
        let (start, end, rows, row) = match j.checked_sub(initial) {
            None => (self.newest - self.span, self.newest, initial, j),
            Some(late) => {
                let wave = late / self.per_wave.max(1) + 1;
                let start = self.wave(wave) - WAVE / 2;
                (start, self.wave(wave), self.per_wave, late % self.per_wave.max(1))
            }
        };
        let slot = i128::from(end - start) * SECOND / i128::from(rows.max(1));
        let within = seed.below(u64::try_from(slot).unwrap_or(1));
        i128::from(start) * SECOND + slot * i128::from(row) + i128::from(within)
    }
}

/// Sign-ins of one user, the oldest first, computed as they are asked for.
#[derive(Clone, Debug)]
pub struct SignIns {
    log: Log,
    user: u64,
    rows: Range<u64>,
    waves: u64,
}

impl SignIns {
    pub(super) fn new(log: Log, user: u64, rows: Range<u64>, waves: u64) -> Self {
        Self { log, user, rows, waves }
    }
}

impl Iterator for SignIns {
    type Item = SignIn;

    fn next(&mut self) -> Option<SignIn> {
        self.rows.next().map(|j| self.log.sign_in(self.user, j, self.waves))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }
}

impl ExactSizeIterator for SignIns {}

/// The settings hold every time between the years 0 and 9999.
fn instant(nanoseconds: i128) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
