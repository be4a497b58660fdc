//! The truth: every tenant's sign-ins, computed one at a time from the seed, and the order in
//! which they are listed.

use std::net::IpAddr;
use std::ops::Range;

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::roster::uuid;
use super::settings::{Settings, TimeForm};
use crate::seed::Seed;
use crate::{json, origin};

/// Seconds from one wave of arrivals to the next.
const WAVE: i64 = 30;
/// .NET ticks of 1970-01-01.
const EPOCH: i64 = 621_355_968_000_000_000;
const TICKS: i64 = 10_000_000;

const FORMS: [TimeForm; 4] =
    [TimeForm::Ticks, TimeForm::TicksText, TimeForm::Rfc3339, TimeForm::NoOffset];

/// Country, city, latitude and longitude as they are written.
const PLACES: [[&str; 4]; 5] = [
    ["US", "Fremont", "37.56699", "-121.9827"],
    ["DE", "Berlin", "52.51964", "13.40693"],
    ["CI", "Côte d’Ivoire \"Abidjan\"", "5.35", "-4"],
    ["JP", "東京", "35.6895000000001", "139.69171"],
    ["", "", "0.0", "0.0"],
];

/// One sign-in, as the documented endpoint shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignIn {
    /// Unique.
    pub id: String,
    /// In UTC, to 100 nanoseconds.
    pub login_time: OffsetDateTime,
    /// Who signed in.
    pub user_id: String,
    /// The user's name.
    pub user_display_name: String,
    /// The user's name for signing in.
    pub user_principal_name: String,
    /// An address of the documentation ranges, IPv4 or IPv6.
    pub ip: IpAddr,
    /// About one of eight is risky.
    pub is_risk: bool,
    /// None is null.
    place: Option<[&'static str; 4]>,
    form: TimeForm,
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
        json::put(out, format_args!("{{\"id\":\"{}\",\"loginTime\":", self.id));
        self.write_time(out);
        json::put(out, format_args!(",\"userId\":\"{}\",\"userDisplayName\":", self.user_id));
        json::text(out, &self.user_display_name);
        json::put(out, ",\"userPrincipalName\":");
        json::text(out, &self.user_principal_name);
        json::put(out, format_args!(",\"ip\":\"{}\"", self.ip));
        match self.place {
            Some([country, city, lat, lon]) => {
                json::put(out, format_args!(",\"lat\":{lat},\"lon\":{lon},\"country\":"));
                json::text(out, country);
                json::put(out, ",\"city\":");
                json::text(out, city);
            }
            None => json::put(out, ",\"lat\":null,\"lon\":null,\"country\":null,\"city\":null"),
        }
        json::put(out, format_args!(",\"isRisk\":{}}}", self.is_risk));
    }

    fn write_time(&self, out: &mut Vec<u8>) {
        let time = self.login_time;
        let ticks = EPOCH + time.unix_timestamp() * TICKS + i64::from(time.nanosecond() / 100);
        let text = (time - Duration::nanoseconds(i64::from(time.nanosecond()))).format(&Rfc3339);
        let second = text.unwrap_or_default().replace('Z', "");
        let fraction = time.nanosecond() / 100;
        match self.form {
            TimeForm::Ticks | TimeForm::Mixed => json::put(out, ticks),
            TimeForm::TicksText => json::put(out, format_args!("\"{ticks}\"")),
            TimeForm::Rfc3339 => json::put(out, format_args!("\"{second}.{fraction:07}Z\"")),
            TimeForm::NoOffset => json::put(out, format_args!("\"{second}.{fraction:07}\"")),
        }
    }
}

/// One tenant's list at one moment. It is a handful of numbers, whatever the number of rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Log {
    seed: Seed,
    newest: i64,
    span: i64,
    form: TimeForm,
    users: u64,
    initial: u64,
    /// How many of the first sign-ins, the newest, are still kept, and whether they change.
    kept: u64,
    changing: bool,
    /// Sign-ins of one wave of arrivals, and the waves so far.
    per_wave: u64,
    waves: u64,
    /// Which order the first sign-ins come in.
    order: u64,
}

impl Log {
    /// The list of tenant `number` of `tenants`, after so many answers.
    pub(super) fn new(
        seed: Seed,
        settings: &Settings,
        (number, tenants): (u64, u64),
        answered: u64,
    ) -> Self {
        let square = |n: u64| u128::from(n) * u128::from(n);
        let before =
            |n: u64| u128::from(settings.shared.events) * square(n) / square(tenants).max(1);
        let initial = before(number + 1) - before(number);
        let initial = u64::try_from(initial).unwrap_or(settings.shared.events);
        let (every, per_wave) = settings.shared.arrivals.unwrap_or((1, 0));
        let waves = if per_wave > 0 { (answered / every).min(settings.shared.waves) } else { 0 };
        let gone = u128::from(waves) * u128::from(settings.shared.expiring.unsigned_abs());
        let gone =
            u128::from(initial) * gone / u128::from(settings.shared.span.unsigned_abs()).max(1);
        Self {
            seed: seed.branch("sign-ins").at(number),
            newest: settings.shared.newest,
            span: settings.shared.span,
            form: settings.time_form,
            users: settings.shared.users,
            initial,
            kept: initial.saturating_sub(u64::try_from(gone).unwrap_or(u64::MAX)),
            changing: settings.shared.changing,
            per_wave,
            waves,
            order: settings.reorder_every.map_or(0, |every| answered / every),
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.kept + self.arrived()
    }

    fn arrived(&self) -> u64 {
        self.waves * self.per_wave
    }

    /// The second after the newest sign-in.
    pub(super) fn now(&self) -> OffsetDateTime {
        instant(self.newest + self.wave_time() + 1)
    }

    fn wave_time(&self) -> i64 {
        i64::try_from(self.waves).unwrap_or(0) * WAVE
    }

    /// The sign-ins in the order of the list: arrivals first, then the first ones, drawn. Once some
    /// are no longer kept, each costs time for all.
    pub(super) fn listed(self, positions: Range<u64>) -> impl Iterator<Item = SignIn> {
        let (arrived, initial) = (self.arrived(), self.initial.max(1));
        let seed = self.seed.branch("order").at(self.order);
        let shift = seed.at(0).below(initial);
        let steps = (1..).map(|n| 1 + seed.at(n).below(initial));
        let step = steps.take(1_000).find(|step| common(*step, initial) == 1).unwrap_or(1);
        let drawn = move |n: u64| {
            let n = (u128::from(n) * u128::from(step) + u128::from(shift)) % u128::from(initial);
            u64::try_from(n).unwrap_or(0)
        };
        positions.map(move |position| match position.checked_sub(arrived) {
            None => self.sign_in(self.initial + arrived - 1 - position),
            Some(n) if self.kept == self.initial => self.sign_in(drawn(n)),
            Some(n) => {
                let mut kept = (0..initial).map(drawn).filter(|n| *n < self.kept);
                self.sign_in(kept.nth(usize::try_from(n).unwrap_or(usize::MAX)).unwrap_or(0))
            }
        })
    }

    /// Number `n`: of the first sign-ins 0 is the newest; arrivals follow, the oldest first.
    fn sign_in(&self, n: u64) -> SignIn {
        let seed = self.seed.branch("rows").at(n);
        let second = match n.checked_sub(self.initial) {
            None => {
                let age = u128::from(self.span.unsigned_abs()) * u128::from(n);
                let age = age / u128::from(self.initial.max(1));
                self.newest - i64::try_from(age).unwrap_or(self.span)
            }
            Some(arrival) => {
                let wave = i64::try_from(arrival / self.per_wave.max(1)).unwrap_or(0);
                self.newest + (wave + 1) * WAVE
            }
        };
        let ticks = i64::try_from(seed.at(1).below(TICKS.unsigned_abs())).unwrap_or(0);
        let user = seed.at(2).below(self.users);
        let place = usize::try_from(seed.at(3).below(6)).unwrap_or(0);
        let changed = self.changing && n < self.initial && seed.has_changed(self.waves);
        SignIn {
            id: uuid(seed.branch("id")),
            login_time: instant(second) + Duration::nanoseconds(ticks * 100),
            user_id: uuid(self.seed.branch("users").at(user)),
            user_display_name: format!("User {user} <\u{1b}[1m>"),
            user_principal_name: format!("user{user}@example.com"),
            ip: origin::address(seed.at(4)),
            is_risk: (seed.at(5).below(8) == 0) != changed,
            place: PLACES.get(place).copied(),
            form: match self.form {
                TimeForm::Mixed => {
                    let form = usize::try_from(seed.at(6).below(4)).unwrap_or(0);
                    FORMS.get(form).copied().unwrap_or(TimeForm::Ticks)
                }
                form => form,
            },
        }
    }
}

/// Sign-ins of one tenant, the newest first, computed as they are asked for.
#[derive(Clone, Debug)]
pub struct SignIns(Option<(Log, Range<u64>)>);

impl SignIns {
    pub(super) fn new(log: Option<Log>) -> Self {
        Self(log.map(|log| (log, 0..log.len())))
    }
}

impl Iterator for SignIns {
    type Item = SignIn;

    fn next(&mut self) -> Option<SignIn> {
        let (log, rows) = self.0.as_mut()?;
        let (place, arrived) = (rows.next()?, log.arrived());
        Some(match place.checked_sub(arrived) {
            Some(n) => log.sign_in(n),
            None => log.sign_in(log.initial + arrived - 1 - place),
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.as_ref().map_or((0, Some(0)), |(_, rows)| rows.size_hint())
    }
}

impl ExactSizeIterator for SignIns {}

/// The greatest common divisor.
fn common(one: u64, other: u64) -> u64 {
    if other == 0 { one } else { common(other, one % other) }
}

/// The settings hold every time between the years 0 and 9999.
fn instant(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
