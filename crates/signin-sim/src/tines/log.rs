//! The truth: every user's sign-ins, computed one at a time from the seed.
//!
//! Nothing is held. Row `j` of a user (0 is the newest) stands at a *tick*, a whole number that
//! grows with age; no two rows of a user share one. Id and time are monotone functions of the
//! tick, the same for all users, so that ids are unique, newer sign-ins have greater ids across
//! the tenant, and `before` and `after` are found by binary search over `j`.

use std::net::IpAddr;
use std::ops::Range;

use time::OffsetDateTime;

use super::roster::Roster;
use super::settings::Settings;
use crate::seed::Seed;
use crate::{json, origin, search};

const FIRST_ID: u64 = 220;
/// Rows are laid out in blocks of two bursts each; a burst's ticks follow each other.
const BLOCK: u64 = 8;
/// Neighbouring ticks that share one second.
const SAME_SECOND: u64 = 8;
/// Seconds from one wave of arrivals to the next. More than 1, because the clock (the `Date`
/// header) stands 1 second after the newest wave and the next one must be later than that.
const WAVE: i64 = 30;

/// The user agent of a sign-in that has changed.
const CHANGED: &str = "Read later by another parser/1.0";

/// One sign-in, as the documented endpoint shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignIn {
    /// Unique in the tenant, greater for newer sign-ins.
    pub id: u64,
    /// In UTC and whole seconds; several sign-ins may share it.
    pub created_at: OffsetDateTime,
    /// Who signed in.
    pub user_id: u64,
    /// An address of the documentation ranges, IPv4 or IPv6.
    pub ip: IpAddr,
    /// Mostly a browser's; now and then empty, or what an attacker might send.
    pub user_agent: &'static str,
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
        json::put(out, "{\"created_at\":");
        json::instant(out, self.created_at);
        json::put(out, format_args!(",\"id\":{},\"user_id\":{}", self.id, self.user_id));
        json::put(out, format_args!(",\"ip\":\"{}\",\"user_agent\":", self.ip));
        json::text(out, self.user_agent);
        json::put(out, "}");
    }
}

/// One seed for each thing that is drawn.
#[derive(Clone, Copy, Debug)]
struct Seeds {
    shares: Seed,
    ages: Seed,
    bursts: Seed,
    devices: Seed,
    strangers: Seed,
}

impl Seeds {
    fn new(seed: Seed) -> Self {
        Self {
            shares: seed.branch("shares"),
            ages: seed.branch("ages"),
            bursts: seed.branch("bursts"),
            devices: seed.branch("devices"),
            strangers: seed.branch("strangers"),
        }
    }
}

/// A tenant's sign-ins: only the numbers that all of them follow from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Log {
    seeds: Seeds,
    roster: Roster,
    events: u64,
    newest: i64,
    span: i64,
    /// Sign-ins of each user in one wave of arrivals.
    per_wave: u64,
    /// Seconds that are no longer kept with each wave, and whether sign-ins change or vanish.
    expiring: i64,
    changing: bool,
    vanishing: bool,
}

impl Log {
    pub(super) fn new(seed: Seed, settings: &Settings) -> Self {
        Self {
            seeds: Seeds::new(seed),
            roster: Roster::new(seed, settings),
            events: settings.shared.events,
            newest: settings.shared.newest,
            span: settings.shared.span,
            per_wave: settings.shared.arrivals.map_or(0, |(_, count)| count),
            expiring: settings.shared.expiring,
            changing: settings.shared.changing,
            vanishing: settings.vanishing,
        }
    }

    /// Whether sign-ins vanish.
    pub(super) fn is_vanishing(&self) -> bool {
        self.vanishing
    }

    /// Whether a sign-in has vanished after `waves` waves.
    pub(super) fn has_vanished(&self, row: &SignIn, waves: u64) -> bool {
        let seed = self.seeds.ages.branch("vanishing").at(row.id);
        let is_first = row.created_at <= instant(self.newest);
        self.vanishing && is_first && seed.below(4) == 0 && seed.has_changed(waves)
    }

    pub(super) fn roster(&self) -> Roster {
        self.roster
    }

    /// When the first of the first sign-ins may have been.
    pub(super) fn oldest(&self) -> i64 {
        self.newest - self.span
    }

    /// Up to when nothing is kept any more after `waves` waves of arrivals.
    fn gone_until(&self, waves: u64) -> Option<OffsetDateTime> {
        let gone = i64::try_from(waves).unwrap_or(i64::MAX).saturating_mul(self.expiring);
        (gone > 0).then(|| instant(self.oldest().saturating_add(gone)))
    }

    /// The clock after `waves` waves of arrivals: the second after the newest sign-in of all.
    pub(super) fn now(&self, waves: u64) -> OffsetDateTime {
        instant(self.wave_time(waves) + 1)
    }

    fn wave_time(&self, wave: u64) -> i64 {
        self.newest + i64::try_from(wave).unwrap_or(0) * WAVE
    }

    /// The list of one user after `waves` waves of arrivals; `None` is an unknown user or a
    /// deleted one.
    pub(super) fn of(self, user_id: u64, waves: u64) -> Option<UserLog> {
        let user = self.roster.user(user_id).filter(|user| self.roster.exists(*user))?;
        Some(self.list(user, waves))
    }

    /// The list of user number `user`. A deleted user keeps the first sign-ins; none arrive.
    pub(super) fn list(self, user: u64, waves: u64) -> UserLog {
        let user_id = self.roster.id(user);
        let initial = self.events_before(user + 1) - self.events_before(user);
        let arrived = if self.roster.exists(user) { waves * self.per_wave } else { 0 };
        let block_width = self.ticks() / initial.div_ceil(BLOCK).max(1);
        UserLog { log: self, user, user_id, initial, waves, arrived, block_width }
    }

    /// How many of the first sign-ins belong to the users before `user`. It grows with the square
    /// and a drawn part of the next step, and is 0 at the first and `events` after the last user.
    fn events_before(&self, user: u64) -> u64 {
        let square = |n: u64| 16 * u128::from(n) * u128::from(n);
        let drawn = match user {
            0 => 0,
            _ if user >= self.roster.users() => 0,
            _ => self.seeds.shares.at(user).below(16 * (2 * user + 1)),
        };
        let weight = square(user) + u128::from(drawn);
        let share = u128::from(self.events) * weight / square(self.roster.users()).max(1);
        u64::try_from(share).unwrap_or(self.events)
    }

    /// All ticks are below this; a block is 32 ticks wide at least, whoever has all the events.
    fn ticks(&self) -> u64 {
        4 * self.events + 64
    }

    /// Seconds before `newest` at `tick`: 0 at tick 0, and never less at a greater tick.
    fn age(&self, tick: u64) -> i64 {
        let groups = self.ticks() / SAME_SECOND + 1;
        let group = tick / SAME_SECOND;
        let span = self.span.unsigned_abs();
        let even = u128::from(span) * u128::from(group) / u128::from(groups);
        let within = match group {
            0 => 0,
            _ => self.seeds.ages.at(group).below(span / groups),
        };
        i64::try_from(even + u128::from(within)).unwrap_or(self.span)
    }
}

/// One user's list at one moment. It is a handful of numbers, whatever the number of rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct UserLog {
    log: Log,
    user: u64,
    user_id: u64,
    initial: u64,
    waves: u64,
    arrived: u64,
    block_width: u64,
}

impl UserLog {
    pub(super) fn len(&self) -> u64 {
        self.initial + self.arrived
    }

    pub(super) fn user(&self) -> u64 {
        self.user
    }

    /// The greatest height that any user's row may have.
    pub(super) fn top(&self) -> u64 {
        self.log.ticks() + self.waves * self.log.per_wave
    }

    /// How many of the user's rows are higher: found from the blocks, with no pager.
    pub(super) fn above(&self, height: u64) -> u64 {
        let ticks = self.log.ticks();
        let Some(tick) = ticks.checked_sub(height) else {
            return self.arrived.saturating_sub(height - ticks);
        };
        let block = tick / self.block_width;
        let start_of = |block: u64| (block * BLOCK).min(self.initial);
        let rows = start_of(block)..start_of(block + 1);
        self.arrived + search::first(rows, |j| self.tick(j) >= tick)
    }

    /// Where row `j` stands in the tenant: unlike all other rows of all users, and the greater the
    /// newer.
    pub(super) fn rank(&self, j: u64) -> u64 {
        self.height(j) * self.log.roster.users() + self.user
    }

    /// The rows strictly between the two, as positions from the newest.
    pub(super) fn between(
        &self,
        after: Option<OffsetDateTime>,
        before: Option<OffsetDateTime>,
    ) -> Range<u64> {
        let start = before.map_or(0, |before| self.first(|created| created < before));
        let after = after.max(self.log.gone_until(self.waves));
        let end = after.map_or(self.len(), |after| self.first(|created| created <= after));
        start..end.max(start)
    }

    /// The first row whose time is `old` enough, by binary search: times never rise with `j`.
    fn first(&self, old: impl Fn(OffsetDateTime) -> bool) -> u64 {
        search::first(0..self.len(), |j| old(instant(self.created_at(j))))
    }

    /// Row `j` from the newest.
    pub(super) fn sign_in(&self, j: u64) -> SignIn {
        let id = self.id(j);
        // A user has four devices; one sign-in of ten is from somewhere else.
        let stranger = self.log.seeds.strangers.at(id);
        let device = match stranger.below(10) {
            0 => stranger.at(0),
            _ => self.log.seeds.devices.at(self.user).at(stranger.at(1).below(4)),
        };
        let changed = self.log.changing && j >= self.arrived && stranger.has_changed(self.waves);
        SignIn {
            id,
            created_at: instant(self.created_at(j)),
            user_id: self.user_id,
            ip: origin::address(device.at(1)),
            user_agent: if changed { CHANGED } else { origin::user_agent(device.at(2)) },
        }
    }

    fn created_at(&self, j: u64) -> i64 {
        match j.checked_sub(self.arrived) {
            Some(j) => self.log.newest - self.log.age(self.tick(j)),
            None => self.log.wave_time(self.waves - j / self.log.per_wave.max(1)),
        }
    }

    fn id(&self, j: u64) -> u64 {
        FIRST_ID + self.rank(j)
    }

    /// The tick of row `j` turned over, with the arrivals on top: the greater the newer. No two
    /// rows of a user share one.
    fn height(&self, j: u64) -> u64 {
        let ticks = self.log.ticks();
        match j.checked_sub(self.arrived) {
            Some(j) => ticks - self.tick(j),
            None => ticks + self.arrived - j,
        }
    }

    /// The tick of row `j` of the first sign-ins. Within its block, the row is in the first burst
    /// or in the second one, which starts in the block's second half.
    fn tick(&self, j: u64) -> u64 {
        let (block, row) = (j / BLOCK, j % BLOCK);
        let seed = self.log.seeds.bursts.at(self.user).at(block);
        let start = block * self.block_width + row;
        if row > seed.at(0).below(BLOCK - 1) {
            return start + self.block_width / 2 + seed.at(1).below(self.block_width / 4);
        }
        // The last user, who has sign-ins when anybody has, has the newest of all.
        let newest = block == 0 && self.user + 1 == self.log.roster.users();
        if newest { start } else { start + seed.at(2).below(self.block_width / 4) }
    }
}

/// Sign-ins of one user, newest first, computed as they are asked for.
#[derive(Clone, Debug)]
pub struct SignIns(Option<(UserLog, Range<u64>)>);

impl SignIns {
    pub(super) fn new(
        list: Option<UserLog>,
        after: Option<OffsetDateTime>,
        before: Option<OffsetDateTime>,
    ) -> Self {
        Self(list.map(|list| (list, list.between(after, before))))
    }
}

impl Iterator for SignIns {
    type Item = SignIn;

    fn next(&mut self) -> Option<SignIn> {
        let (list, rows) = self.0.as_mut()?;
        rows.next().map(|j| list.sign_in(j))
    }

    fn nth(&mut self, n: usize) -> Option<SignIn> {
        let (list, rows) = self.0.as_mut()?;
        rows.nth(n).map(|j| list.sign_in(j))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.as_ref().map_or((0, Some(0)), |(_, rows)| rows.size_hint())
    }
}

impl ExactSizeIterator for SignIns {}

/// The settings hold every time between the years 0 and 9999.
pub(super) fn instant(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests;
