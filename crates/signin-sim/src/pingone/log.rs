//! The truth: the environment's events, computed one at a time from the seed.
//!
//! Nothing is held. Event `n` (0 is the oldest) has a time that never falls as `n` grows, so a time
//! is found by binary search; its kind follows from `n` in a cycle, so kinds are counted by
//! arithmetic; all else is drawn.

use std::ops::Range;

use time::{Duration, OffsetDateTime};

use super::settings::Settings;
use crate::seed::Seed;
use crate::{json, origin, search};

/// Neighbours that share one millisecond.
const SAME_TIME: u64 = 3;
/// From one wave of arrivals to the next, in milliseconds. More than a second, because the clock
/// (the `Date` header) stands a second after the newest event.
const WAVE: i64 = 30_000;
/// From `recordedAt` to `createdAt`, in milliseconds.
pub(super) const STORED_AFTER: i64 = 20;

/// What an event is about, and in words.
type Kind = (&'static str, &'static str);

pub(super) const ALLOWED: Kind = ("USER.ACCESS_ALLOWED", "User Access Allowed");
pub(super) const FAILED: Kind = ("PASSWORD.CHECK_FAILED", "Password Check Failed");
pub(super) const RESET: Kind = ("PASSWORD.RESET", "Password Reset");
const CHECKED: Kind = ("PASSWORD.CHECK_SUCCEEDED", "Password Check Succeeded");

/// Kinds take turns. The last two are no sign-ins, and the very last has no actor.
const CYCLE: [Kind; 12] = [
    CHECKED,
    ALLOWED,
    FAILED,
    CHECKED,
    ALLOWED,
    ("OTP.CHECK_FAILED", "One-Time Passcode Check Failed"),
    CHECKED,
    ALLOWED,
    RESET,
    ("USER.ACCESS_DENIED", "User Access Denied"),
    ("USER.UPDATED", "User Updated"),
    ("EXAMPLE.HAPPENED", "Example Happened"),
];

/// Kinds of a cycle that are about signing in.
const SIGN_INS: u64 = 9;

/// A number of events of which so many are about signing in.
pub(super) fn events_with(sign_ins: u64) -> u64 {
    let (cycles, rest) = (sign_ins / SIGN_INS, sign_ins % SIGN_INS);
    // A cycle begins with eight of its nine.
    cycles * CYCLE.len() as u64 + rest
}

/// One event, as the audit log shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// A UUID, unique in the environment.
    pub id: String,
    /// In UTC and whole milliseconds; several events may share it.
    pub recorded_at: OffsetDateTime,
    /// 20 milliseconds later.
    pub created_at: OffsetDateTime,
    /// What it is about, such as `USER.ACCESS_ALLOWED`.
    pub action_type: &'static str,
    /// `SUCCESS`, `FAILURE` or `FAILED`.
    pub status: &'static str,
    /// The user that it is about.
    pub user_id: String,
    pub(super) parts: Parts,
}

/// What is not for the truth's readers to compare by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    environment_id: String,
    description: &'static str,
    user_name: String,
    pub(super) population_id: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) has_actor: bool,
    pub(super) correlation_id: String,
    source: Option<(String, &'static str)>,
    has_changed: bool,
}

impl Event {
    /// The event's JSON, byte for byte as the service sends it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = Vec::new();
        self.write(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let Parts { description, correlation_id, source, has_changed, .. } = &self.parts;
        let result = if *has_changed { "Corrected" } else { "Simulated" };
        json::put(out, format_args!("{{\"id\":\"{}\",\"recordedAt\":", self.id));
        instant(out, self.recorded_at);
        json::put(out, ",\"createdAt\":");
        instant(out, self.created_at);
        json::put(out, format_args!(",\"correlationId\":\"{correlation_id}\""));
        self.write_actors(out);
        if let Some((ip, agent)) = source {
            json::put(out, format_args!(",\"source\":{{\"ipAddress\":\"{ip}\",\"userAgent\":"));
            json::text(out, agent);
            json::put(out, "}");
        }
        json::put(out, format_args!(",\"action\":{{\"type\":\"{}\"", self.action_type));
        json::put(out, format_args!(",\"description\":\"{description}\"}},\"resources\":["));
        self.write_user(out, "USER", true);
        json::put(out, format_args!("],\"result\":{{\"status\":\"{}\"", self.status));
        json::put(out, format_args!(",\"description\":\"{result}\"}}}}"));
    }

    /// Wholly absent where nobody acted.
    fn write_actors(&self, out: &mut Vec<u8>) {
        let Parts { environment_id, client_id, has_actor, .. } = &self.parts;
        if !has_actor {
            return;
        }
        json::put(out, ",\"actors\":{\"client\":");
        match client_id {
            None => json::put(out, "{\"id\":\"adminui\",\"name\":\"adminui\",\"type\":\"CLIENT\"}"),
            Some(id) => json::put(
                out,
                format_args!(
                    "{{\"id\":\"{id}\",\"name\":\"Portal\",\"environment\":\
                     {{\"id\":\"{environment_id}\"}},\"type\":\"CLIENT\"}}"
                ),
            ),
        }
        json::put(out, ",\"user\":");
        self.write_user(out, "USER", false);
        json::put(out, "}");
    }

    fn write_user(&self, out: &mut Vec<u8>, kind: &str, kind_first: bool) {
        let Parts { environment_id, user_name, population_id, .. } = &self.parts;
        json::put(out, "{");
        if kind_first {
            json::put(out, format_args!("\"type\":\"{kind}\","));
        }
        json::put(out, format_args!("\"id\":\"{}\",\"name\":", self.user_id));
        json::text(out, user_name);
        json::put(out, format_args!(",\"environment\":{{\"id\":\"{environment_id}\"}}"));
        match population_id {
            // Recorded events have it so.
            None => json::put(out, ",\"population\":{}"),
            Some(id) => json::put(out, format_args!(",\"population\":{{\"id\":\"{id}\"}}")),
        }
        if !kind_first {
            json::put(out, format_args!(",\"type\":\"{kind}\""));
        }
        json::put(out, "}");
    }
}

/// RFC 3339 in UTC with three digits, in quotes.
fn instant(out: &mut Vec<u8>, at: OffsetDateTime) {
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    let (hour, minute, second, milli) = (at.hour(), at.minute(), at.second(), at.millisecond());
    json::put(
        out,
        format_args!(
            "\"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z\""
        ),
    );
}

/// An environment's events: only the numbers that all of them follow from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Log {
    seed: Seed,
    users: u64,
    events: u64,
    /// Milliseconds since 1970.
    newest: i64,
    /// Milliseconds.
    span: i64,
    per_wave: u64,
    /// Milliseconds that are no longer kept with each wave, and whether events change.
    expiring: i64,
    changing: bool,
}

impl Log {
    pub(super) fn new(seed: Seed, settings: &Settings) -> Self {
        Self {
            seed: seed.branch("events"),
            users: settings.shared.users,
            events: settings.shared.events,
            newest: settings.shared.newest * 1000,
            span: settings.shared.span * 1000,
            per_wave: settings.shared.arrivals.map_or(0, |(_, count)| count),
            expiring: settings.shared.expiring.saturating_mul(1000),
            changing: settings.shared.changing,
        }
    }

    pub(super) fn environment_id(self) -> String {
        uuid(self.seed.branch("environment"))
    }

    pub(super) fn user_id(self, user: u64) -> String {
        uuid(self.seed.branch("users").at(user))
    }

    pub(super) fn users(self) -> u64 {
        self.users
    }

    /// How many events there are after `waves` waves of arrivals.
    pub(super) fn len(self, waves: u64) -> u64 {
        self.events + waves * self.per_wave
    }

    /// The clock after `waves` waves: a second after the newest event.
    pub(super) fn now(self, waves: u64) -> OffsetDateTime {
        from_millis(self.newest + i64::try_from(waves).unwrap_or(0) * WAVE + 1000)
    }

    /// When event `n` was recorded, in milliseconds since 1970.
    fn millis(self, n: u64) -> i64 {
        if let Some(arrived) = n.checked_sub(self.events) {
            let wave = arrived / self.per_wave.max(1) + 1;
            return self.newest + i64::try_from(wave).unwrap_or(0) * WAVE;
        }
        let groups = self.events.div_ceil(SAME_TIME).max(1);
        let group = n / SAME_TIME;
        let span = self.span.unsigned_abs();
        let even = u128::from(span) * u128::from(group) / u128::from(groups);
        let within = self.seed.branch("times").at(group).below(span / groups);
        self.newest - self.span + i64::try_from(even + u128::from(within)).unwrap_or(0)
    }

    /// How many of the first events are no longer kept after `waves` waves.
    pub(super) fn gone(self, waves: u64) -> u64 {
        let gone = i64::try_from(waves).unwrap_or(i64::MAX).saturating_mul(self.expiring);
        let until = (self.newest - self.span).saturating_add(gone).min(self.newest);
        if gone > 0 { self.before(self.events, from_millis(until)) } else { 0 }
    }

    /// How many of the first `len` events were recorded before an instant.
    pub(super) fn before(self, len: u64, instant: OffsetDateTime) -> u64 {
        search::first(0..len, |n| from_millis(self.millis(n)) >= instant)
    }

    /// How many of the events at these positions are of a kind.
    pub(super) fn count(self, positions: &Range<u64>, kind: Kind) -> u64 {
        let cycle = CYCLE.len() as u64;
        let places = (0_u64..).zip(CYCLE).filter(|(_, other)| *other == kind);
        let before = |n: u64, place: u64| (n + cycle - 1 - place) / cycle;
        places.map(|(place, _)| before(positions.end, place) - before(positions.start, place)).sum()
    }

    /// Event `n` after `waves` waves.
    pub(super) fn event(self, n: u64, waves: u64) -> Event {
        let place = usize::try_from(n % CYCLE.len() as u64).unwrap_or(0);
        let (action_type, description) = CYCLE.get(place).copied().unwrap_or(ALLOWED);
        let seed = self.seed.branch("event").at(n);
        let user = seed.at(0).below(self.users);
        let failed = action_type.ends_with("FAILED") || action_type.ends_with("DENIED");
        let status = match failed {
            false => "SUCCESS",
            // In places it is spelt so.
            true if seed.at(1).below(5) == 0 => "FAILED",
            true => "FAILURE",
        };
        let recorded_at = from_millis(self.millis(n));
        let parts = Parts {
            environment_id: self.environment_id(),
            description,
            user_name: format!("user{user}@example.com"),
            population_id: (seed.at(2).below(3) > 0)
                .then(|| uuid(self.seed.branch("population").at(user % 2))),
            client_id: (action_type != RESET.0).then(|| uuid(self.seed.branch("client"))),
            has_actor: place + 1 < CYCLE.len(),
            correlation_id: uuid(self.seed.branch("correlation").at(n / 2)),
            source: (seed.at(3).below(4) > 0)
                .then(|| (origin::address(seed.at(4)).to_string(), origin::user_agent(seed.at(5)))),
            has_changed: self.changing && n < self.events && seed.has_changed(waves),
        };
        Event {
            id: uuid(seed),
            recorded_at,
            created_at: recorded_at + Duration::milliseconds(STORED_AFTER),
            action_type,
            status,
            user_id: self.user_id(user),
            parts,
        }
    }
}

/// Events of a range of time, newest first, computed as they are asked for.
#[derive(Clone, Debug)]
pub struct Events {
    pub(super) log: Log,
    pub(super) positions: Range<u64>,
    pub(super) waves: u64,
}

impl Iterator for Events {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        self.positions.next_back().map(|n| self.log.event(n, self.waves))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.positions.size_hint()
    }
}

impl ExactSizeIterator for Events {}

/// The settings hold every time between the years 0 and 9999.
fn from_millis(millis: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// 32 hexadecimal digits as a UUID of version 4.
pub(super) fn uuid(seed: Seed) -> String {
    let (high, low) = (seed.bits(), seed.at(1).bits());
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}
