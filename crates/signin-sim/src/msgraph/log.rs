//! The truth: every tenant's sign-ins, computed one at a time from the seed.
//!
//! Nothing is held. Row `n` of a tenant (0 is the oldest) has a time that never falls as `n`
//! grows, so that ranges are found by binary search, and an id that holds `n`.

use std::borrow::Cow;
use std::net::IpAddr;
use std::ops::Range;

use time::{Duration, OffsetDateTime};

use super::filter::{Comparison, Value};
use super::record::{BROWSER, OPERATING_SYSTEM, RESOURCE};
use super::settings::Settings;
use crate::seed::Seed;
use crate::{origin, search};

/// .NET's ticks in a second.
const TICKS: u64 = 10_000_000;
/// Rows that may share one time.
const GROUP: u64 = 4;
/// Seconds from one wave of arrivals to the next.
const WAVE: u64 = 30;
/// Seconds that the clock is ahead of the newest sign-in.
const CLOCK_AHEAD: i64 = 900;

/// A kind of sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// `interactiveUser`.
    InteractiveUser,
    /// `nonInteractiveUser`.
    NonInteractiveUser,
    /// `servicePrincipal`.
    ServicePrincipal,
    /// `managedIdentity`.
    ManagedIdentity,
}

impl Kind {
    /// As it stands in `signInEventTypes`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InteractiveUser => "interactiveUser",
            Self::NonInteractiveUser => "nonInteractiveUser",
            Self::ServicePrincipal => "servicePrincipal",
            Self::ManagedIdentity => "managedIdentity",
        }
    }
}

const PEOPLE: [(&str, &str); 6] = [
    ("Alex Example", "alex@example.com"),
    ("Dara O'Brien", "dara.o'brien@example.com"),
    ("Zoë \"Zed\" Łódź", "zoe@example.com"),
    ("山田 太郎", "taro+ops@example.com"),
    ("Sam & Co #1", "sam@partner.example"),
    ("\u{1b}[31mRed", "red@example.com"),
];
const APPS: [&str; 4] = ["Example Portal", "Example Mail", "Build & Deploy", "Tom's Tool"];
const PLACES: [(&str, &str, f32, f32); 4] = [
    ("Lithia Springs", "US", 33.793_09, -84.445_36),
    ("Example Town", "FR", 48.856_7, 2.350_8),
    ("Łódź", "PL", 51.759_2, 19.456),
    ("", "NL", 0.0, 0.0),
];
/// Codes of `status/errorCode`; most sign-ins succeed.
const CODES: [i64; 8] = [0, 0, 0, 0, 0, 50_126, 50_074, 53_003];

/// One sign-in. Its record is made by [`to_json`](Self::to_json).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignIn {
    /// Unlike all others but its own revisions.
    pub id: String,
    /// In UTC, to 100 ns; several sign-ins may share it.
    pub created_at: OffsetDateTime,
    /// Its kind.
    pub kind: Kind,
    /// `status.errorCode`.
    pub error_code: i64,
    /// From where; of the documentation ranges.
    pub ip: IpAddr,
    /// Whose; empty for applications.
    pub user_principal_name: Cow<'static, str>,
    /// `riskState`; a revision has another one.
    pub risk_state: &'static str,
    pub(super) user_display_name: Cow<'static, str>,
    pub(super) user_id: String,
    pub(super) app: u64,
    pub(super) app_display_name: &'static str,
    pub(super) user_agent: &'static str,
    pub(super) correlation_id: String,
    pub(super) place: (&'static str, &'static str, [u32; 2]),
    pub(super) full: bool,
}

impl SignIn {
    /// The property that a filter names; None for one that no row has.
    pub(super) fn property(&self, name: &str) -> Option<Value> {
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        let user = !self.user_principal_name.is_empty();
        match name {
            "id" => text(&self.id),
            "createdDateTime" => Some(Value::Time(self.created_at)),
            "userId" if user => text(&self.user_id),
            "userId" => Some(Value::Null),
            "userPrincipalName" => text(&self.user_principal_name),
            "userDisplayName" => text(&self.user_display_name),
            "appId" => text(&self.app_id()),
            "appDisplayName" => text(self.app_display_name),
            "resourceId" => text(&self.resource_id()),
            "ipAddress" => text(&self.ip.to_string()),
            "correlationId" => text(&self.correlation_id),
            "status/errorCode" => Some(Value::Number(self.error_code)),
            "conditionalAccessStatus" => text(self.conditional_access_status()),
            "riskState" => text(self.risk_state),
            "riskLevelAggregated" | "riskLevelDuringSignIn" => text(self.risk_level()),
            "riskDetail" => text(self.risk_detail()),
            "clientAppUsed" => text(self.client_app_used()),
            "resourceDisplayName" => text(RESOURCE),
            "deviceDetail/operatingSystem" => text(OPERATING_SYSTEM),
            "deviceDetail/browser" => text(BROWSER),
            "isInteractive" => Some(Value::Bool(self.kind == Kind::InteractiveUser)),
            "location/city" => text(self.place.0),
            "location/state" => text(""),
            "location/countryOrRegion" => text(self.place.1),
            "signInEventTypes" => Some(Value::List(vec![self.kind.as_str()])),
            _ => None,
        }
    }

    pub(super) fn app_id(&self) -> String {
        format!("000000a9-0000-4000-8000-{:012x}", self.app)
    }

    pub(super) fn resource_id(&self) -> String {
        format!("00000a91-0000-4000-8000-{:012x}", self.app % 2)
    }

    pub(super) fn risk_level(&self) -> &'static str {
        match self.risk_state {
            "none" => "none",
            "atRisk" => "high",
            _ => "medium",
        }
    }

    pub(super) fn conditional_access_status(&self) -> &'static str {
        match self.error_code {
            53_003 => "failure",
            0 => "success",
            _ => "notApplied",
        }
    }
}

/// One tenant's sign-ins at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Log {
    seed: Seed,
    tenant: u64,
    users: u64,
    events: u64,
    /// Ticks since 1970 of the newest of the first sign-ins, and how far back they go.
    newest: i64,
    span: u64,
    revisions: u64,
    waves: u64,
    per_wave: u64,
    /// Ticks from the oldest of the first sign-ins that are no longer kept, and whether sign-ins
    /// change.
    gone: u64,
    changing: bool,
    full: bool,
}

impl Log {
    pub(super) fn new(seed: Seed, tenant: u64, settings: &Settings, waves: u64) -> Self {
        Self {
            seed: seed.branch("sign-ins").at(tenant),
            tenant,
            users: settings.shared.users,
            events: settings
                .events_of_first
                .filter(|_| tenant == 0)
                .unwrap_or(settings.shared.events),
            newest: settings.shared.newest,
            span: settings.shared.span.unsigned_abs() * TICKS,
            revisions: settings.revisions,
            waves,
            per_wave: settings.shared.arrivals.map_or(0, |(_, count)| count),
            gone: settings
                .shared
                .expiring
                .unsigned_abs()
                .saturating_mul(waves)
                .saturating_mul(TICKS),
            changing: settings.shared.changing,
            full: settings.full,
        }
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> u64 {
        self.events + self.waves * self.per_wave
    }

    /// The service's clock.
    pub(super) fn now(&self) -> OffsetDateTime {
        instant(self.newest, self.waves * WAVE * TICKS) + Duration::seconds(CLOCK_AHEAD)
    }

    /// The oldest row that is still kept.
    fn first(&self) -> u64 {
        let start = self.newest - i64::try_from(self.span / TICKS).unwrap_or(0);
        let kept_from = instant(start, self.gone.min(self.span));
        if self.gone == 0 { 0 } else { search::first(0..self.len(), |n| self.time(n) >= kept_from) }
    }

    /// The row that this row is a revision of, or itself.
    fn origin(&self, n: u64) -> u64 {
        let revised =
            self.revisions > 0 && n < self.events && n % self.revisions == self.revisions - 1;
        if revised { n - 1 } else { n }
    }

    pub(super) fn time(&self, n: u64) -> OffsetDateTime {
        let n = self.origin(n);
        if let Some(arrival) = n.checked_sub(self.events) {
            return instant(self.newest, (arrival / self.per_wave.max(1) + 1) * WAVE * TICKS);
        }
        let start = self.newest - i64::try_from(self.span / TICKS).unwrap_or(0);
        let base = |n: u64| {
            let ticks = u128::from(self.span) * u128::from(n) / u128::from(self.events.max(1));
            u64::try_from(ticks).unwrap_or(self.span)
        };
        let (group, step) = (n / GROUP, self.span / self.events.max(1) / 2);
        let seed = self.seed.branch("times");
        if seed.at(group).below(3) > 0 {
            return instant(start, base(n) + seed.at(group).at(n).below(step.max(1)));
        }
        let shared = base(group * GROUP);
        // In whole seconds, where rows are far enough apart for that not to turn their order.
        let whole = if step > TICKS { shared / TICKS * TICKS } else { shared };
        instant(start, whole)
    }

    fn id(&self, n: u64) -> String {
        let n = self.origin(n);
        let drawn = self.seed.branch("ids").at(n).bits() >> 32;
        format!("{drawn:08x}-{:04x}-4000-8000-{n:012x}", self.tenant)
    }

    /// The number of the oldest row with this id.
    pub(super) fn find(&self, id: &str) -> Option<u64> {
        let n = u64::from_str_radix(id.get(id.len().checked_sub(12)?..)?, 16).ok()?;
        (n < self.len() && n >= self.first() && self.id(n).eq_ignore_ascii_case(id))
            .then(|| self.origin(n))
    }

    /// The rows within these bounds, as numbers.
    pub(super) fn between(&self, bounds: &[(Comparison, OffsetDateTime)]) -> Range<u64> {
        let mut range = self.first()..self.len();
        for (how, time) in bounds {
            let at = || search::first(0..self.len(), |n| self.time(n) >= *time);
            let behind = || search::first(0..self.len(), |n| self.time(n) > *time);
            match how {
                Comparison::Ge => range.start = range.start.max(at()),
                Comparison::Gt => range.start = range.start.max(behind()),
                Comparison::Lt => range.end = range.end.min(at()),
                Comparison::Le => range.end = range.end.min(behind()),
                Comparison::Eq => {
                    range = range.start.max(at())..range.end.min(behind());
                }
                Comparison::Ne => {}
            }
        }
        range.start..range.end.max(range.start)
    }

    /// Row `n` from the oldest.
    pub(super) fn sign_in(&self, n: u64) -> SignIn {
        let origin = self.origin(n);
        let seed = self.seed.branch("rows").at(origin);
        let kind = match seed.at(0).below(20) {
            0..=9 => Kind::InteractiveUser,
            10..=15 => Kind::NonInteractiveUser,
            16..=18 => Kind::ServicePrincipal,
            _ => Kind::ManagedIdentity,
        };
        let is_user = matches!(kind, Kind::InteractiveUser | Kind::NonInteractiveUser);
        let user = seed.at(1).below(self.users);
        let (name, principal) = if is_user { person(user) } else { Default::default() };
        let app = seed.at(2).below(APPS.len() as u64);
        let device = self.seed.branch("devices").at(user).at(seed.at(3).below(4));
        let (city, country, latitude, longitude) = pick(&PLACES, device.at(0).below(4));
        let risk = match seed.at(5).below(10) {
            _ if self.changing && n < self.events && seed.has_changed(self.waves) => "dismissed",
            0 => "atRisk",
            _ => "none",
        };
        SignIn {
            id: self.id(n),
            created_at: self.time(n),
            kind,
            error_code: seed.at(6).pick(&CODES),
            ip: origin::address(device.at(1)),
            user_principal_name: principal,
            risk_state: if n == origin { risk } else { "remediated" },
            user_display_name: name,
            user_id: format!("00000005-{:04x}-4000-8000-{user:012x}", self.tenant),
            app,
            app_display_name: pick(&APPS, app),
            user_agent: origin::user_agent(device.at(2)),
            correlation_id: format!("000000c0-{:04x}-4000-8000-{:012x}", self.tenant, origin / 2),
            place: (city, country, [latitude.to_bits(), longitude.to_bits()]),
            full: self.full,
        }
    }
}

/// The display name and the principal name of a user.
fn person(user: u64) -> (Cow<'static, str>, Cow<'static, str>) {
    if user < PEOPLE.len() as u64 {
        let (name, principal) = pick(&PEOPLE, user);
        return (name.into(), principal.into());
    }
    (format!("User {user}").into(), format!("user{user}@example.com").into())
}

fn pick<T: Copy + Default>(choices: &[T], number: u64) -> T {
    usize::try_from(number).ok().and_then(|n| choices.get(n)).copied().unwrap_or_default()
}

fn instant(seconds: i64, ticks: u64) -> OffsetDateTime {
    let start = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let whole = i64::try_from(ticks / TICKS).unwrap_or(0);
    let rest = i64::try_from(ticks % TICKS).unwrap_or(0) * 100;
    start.saturating_add(Duration::seconds(whole) + Duration::nanoseconds(rest))
}

#[cfg(test)]
mod tests {
    use super::{Comparison, Log};
    use crate::msgraph::Settings;
    use crate::seed::Seed;

    fn log(settings: &Settings) -> Log {
        Log::new(Seed::new(5), 3, settings, 2)
    }

    #[test]
    fn times_never_fall_and_some_are_equal() {
        for events in [1, 7, 1_000, 900_000_000] {
            let log = log(&Settings::default().events(events).arrivals(1, 3).revisions(5));
            let times: Vec<_> = (0..log.len().min(2_000)).map(|n| log.time(n)).collect();
            assert!(times.is_sorted(), "{events}");
            let equal = times.windows(2).filter(|pair| pair[0] == pair[1]).count();
            assert!(equal > 0, "{events}");
            let last: Vec<_> =
                (log.len().saturating_sub(2_000)..log.len()).map(|n| log.time(n)).collect();
            assert!(last.is_sorted() && *last.last().unwrap() < log.now(), "{events}");
        }
    }

    #[test]
    fn ranges_are_exact() {
        let log = log(&Settings::default().events(500));
        for n in [0, 1, 250, 499] {
            let time = log.time(n);
            let count = |holds: &dyn Fn(u64) -> bool| (0..500).filter(|n| holds(*n)).count() as u64;
            let length = |how| {
                let range = log.between(&[(how, time)]);
                range.end - range.start
            };
            assert_eq!(length(Comparison::Ge), count(&|n| log.time(n) >= time));
            assert_eq!(length(Comparison::Gt), count(&|n| log.time(n) > time));
            assert_eq!(length(Comparison::Le), count(&|n| log.time(n) <= time));
            assert_eq!(length(Comparison::Lt), count(&|n| log.time(n) < time));
            assert_eq!(length(Comparison::Eq), count(&|n| log.time(n) == time));
        }
    }

    #[test]
    fn ids_are_found_again_and_a_revision_has_the_id_of_its_origin() {
        let log = log(&Settings::default().events(100).revisions(10));
        for n in 0..100 {
            let row = log.sign_in(n);
            let origin = if n % 10 == 9 { n - 1 } else { n };
            assert_eq!(log.find(&row.id), Some(origin));
            let first = log.sign_in(origin);
            assert_eq!((&row.id, row.created_at), (&first.id, first.created_at));
            assert_eq!(row == first, n == origin);
        }
        for id in ["", "x", "00000000-0003-4000-8000-000000000001", "é-0000-4000-8000-000000000001"]
        {
            assert_eq!(log.find(id), None, "{id}");
        }
    }
}
