//! The users: who they are, drawn from the seed and computed when asked for.

use time::OffsetDateTime;

use super::log::{Log, instant};
use crate::json;
use crate::seed::Seed;

/// Users are made up to so many seconds before the oldest sign-in.
const YEARS_BEFORE: u64 = 3 * 365 * 86_400;
/// First and last name. The empty one is of users who were invited and never said theirs.
const NAMES: [(&str, &str); 8] = [
    ("Ada", "Example"),
    ("Ben", "O'Brien"),
    ("Chloé", "Dupont-Lefèvre"),
    ("", ""),
    ("Dmitri \"Dima\"", "Ivanov"),
    ("花子", "山田"),
    ("Zoë", "van der Berg"),
    ("Lin", ""),
];
const TEAMS: [(u64, &str); 4] =
    [(3, "Detection"), (5, "IT & Ops"), (9, "Sandbox \"old\""), (14, "Réponse aux incidents")];
const ROLES: [&str; 3] = ["TEAM_ADMIN", "EDITOR", "VIEWER"];
const OWNER_PERMISSIONS: [&str; 3] = ["AUDIT_LOG_READ", "TENANT_MANAGE", "USER_MANAGE"];
const AUDITOR_PERMISSIONS: [&str; 1] = ["AUDIT_LOG_READ"];

/// One user, as the documented endpoint shows him.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// What sign-ins and rows of the audit log call `user_id`.
    pub id: u64,
    /// Of some users only; null or left out for the others.
    pub scim_uid: Option<String>,
    /// Unlike that of any other user.
    pub email: String,
    /// Whether he is an owner of the tenant.
    pub admin: bool,
    /// None for most users.
    pub tenant_permissions: &'static [&'static str],
    /// False for some.
    pub is_active: bool,
    /// In UTC and whole seconds, before all sign-ins.
    pub created_at: OffsetDateTime,
    /// In UTC and whole seconds.
    pub updated_at: OffsetDateTime,
    /// May be empty.
    pub first_name: &'static str,
    /// May be empty.
    pub last_name: &'static str,
    /// The newest sign-in, if there is one.
    pub last_seen: Option<OffsetDateTime>,
    /// The teams he is in: none, or some.
    pub team_memberships: Vec<TeamMembership>,
}

/// That a user is in a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TeamMembership {
    /// The team.
    pub team_id: u64,
    /// Its name.
    pub team_name: &'static str,
    /// `TEAM_ADMIN`, `EDITOR` or `VIEWER`.
    pub role: &'static str,
}

impl User {
    /// The record's JSON, byte for byte as the service sends it without `include`.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.json(false)
    }

    /// The record's JSON, byte for byte as the service sends it with `include=team_memberships`.
    #[must_use]
    pub fn to_json_with_teams(&self) -> String {
        self.json(true)
    }

    fn json(&self, teams: bool) -> String {
        let mut out = Vec::new();
        self.write(&mut out, teams);
        String::from_utf8(out).unwrap_or_default()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>, teams: bool) {
        json::put(out, format_args!("{{\"id\":{}", self.id));
        match &self.scim_uid {
            Some(scim_uid) => json::put(out, format_args!(",\"scim_uid\":\"{scim_uid}\"")),
            // Null and missing are the same to who reads well.
            None if self.id.is_multiple_of(2) => json::put(out, ",\"scim_uid\":null"),
            None => {}
        }
        json::put(out, ",\"email\":");
        json::text(out, &self.email);
        json::put(out, format_args!(",\"admin\":{},\"tenant_permissions\":[", self.admin));
        write_list(out, self.tenant_permissions, |out, name| json::text(out, name));
        json::put(out, format_args!("],\"is_active\":{},\"created_at\":", self.is_active));
        json::instant(out, self.created_at);
        json::put(out, ",\"updated_at\":");
        json::instant(out, self.updated_at);
        json::put(out, ",\"first_name\":");
        json::text(out, self.first_name);
        json::put(out, ",\"last_name\":");
        json::text(out, self.last_name);
        json::put(out, ",\"last_seen\":");
        match self.last_seen {
            Some(at) => json::instant(out, at),
            None => json::put(out, "null"),
        }
        if teams {
            json::put(out, ",\"team_memberships\":[");
            write_list(out, &self.team_memberships, |out, team| team.write(out));
            json::put(out, "]");
        }
        json::put(out, "}");
    }
}

impl TeamMembership {
    fn write(&self, out: &mut Vec<u8>) {
        json::put(out, format_args!("{{\"team_id\":{},\"team_name\":", self.team_id));
        json::text(out, self.team_name);
        json::put(out, format_args!(",\"role\":\"{}\"}}", self.role));
    }
}

fn write_list<T>(out: &mut Vec<u8>, items: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
    for (written, item) in items.iter().enumerate() {
        if written > 0 {
            json::put(out, ",");
        }
        write(out, item);
    }
}

/// What is known of the users beside their numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct People(Seed);

impl People {
    pub(super) fn new(seed: Seed) -> Self {
        Self(seed.branch("people"))
    }

    /// First and last name of a user.
    pub(super) fn names(self, user: u64) -> (&'static str, &'static str) {
        self.0.at(user).at(0).pick(&NAMES)
    }

    /// Both names in one, as the audit log has them.
    pub(super) fn full_name(self, user: u64) -> String {
        let (first, last) = self.names(user);
        format!("{first} {last}").trim().to_owned()
    }

    /// A user's address, in a domain that nobody owns.
    pub(super) fn email(id: u64) -> String {
        format!("user{id}@acme.example")
    }

    /// User number `user` of `log` after `waves` waves of arrivals.
    pub(super) fn user(self, log: Log, user: u64, waves: u64) -> User {
        let seed = self.0.at(user);
        let list = log.list(user, waves);
        let last_seen = (list.len() > 0).then(|| list.sign_in(0).created_at);
        let before = i64::try_from(seed.at(1).below(YEARS_BEFORE)).unwrap_or(0);
        let created_at = instant(log.oldest() - 1 - before);
        let (first_name, last_name) = self.names(user);
        let admin = log.roster().is_owner(user);
        let id = log.roster().id(user);
        User {
            id,
            scim_uid: (seed.at(2).below(2) == 0).then(|| seed.at(3).hex()),
            email: Self::email(id),
            admin,
            tenant_permissions: match seed.at(4).below(8) {
                _ if admin => &OWNER_PERMISSIONS,
                0 => &AUDITOR_PERMISSIONS,
                _ => &[],
            },
            is_active: seed.at(5).below(10) > 0,
            created_at,
            updated_at: last_seen.unwrap_or(created_at),
            first_name,
            last_name,
            last_seen,
            team_memberships: teams(seed.at(6)),
        }
    }
}

/// Each team in turn, or not.
fn teams(seed: Seed) -> Vec<TeamMembership> {
    let of = |(team_id, team_name)| {
        let seed = seed.at(team_id);
        (seed.at(0).below(3) == 0).then(|| {
            let role = seed.at(1).pick(&ROLES);
            TeamMembership { team_id, team_name, role }
        })
    };
    TEAMS.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::People;
    use crate::seed::Seed;
    use crate::tines::{Settings, log::Log};

    #[test]
    fn every_record_is_json_with_the_documented_members_and_all_kinds_occur() {
        let seed = Seed::new(2);
        let log = Log::new(seed, &Settings::default().users(300).events(3_000));
        let users: Vec<_> = (0..300).map(|user| People::new(seed).user(log, user, 0)).collect();
        for user in &users {
            let value: serde_json::Value =
                serde_json::from_str(&user.to_json_with_teams()).unwrap();
            assert_eq!(value["id"], user.id);
            assert_eq!(value["email"], user.email.as_str());
            assert_eq!(value["first_name"], user.first_name);
            assert_eq!(value["last_name"], user.last_name);
            assert_eq!(value["admin"], user.admin);
            assert_eq!(value["is_active"], user.is_active);
            let teams = value["team_memberships"].as_array().unwrap();
            assert_eq!(teams.len(), user.team_memberships.len());
            assert!(user.created_at <= user.updated_at);
            let value: serde_json::Value = serde_json::from_str(&user.to_json()).unwrap();
            assert_eq!(value.get("team_memberships"), None);
        }
        assert!(users.iter().any(|user| user.last_seen.is_none()));
        assert!(users.iter().any(|user| !user.is_active));
        assert!(users.iter().any(|user| user.first_name.is_empty()));
        assert!(users.iter().any(|user| user.team_memberships.len() > 1));
        let scim = |sent: &str| users.iter().filter(|user| user.to_json().contains(sent)).count();
        let (told, null) = (scim("\"scim_uid\":\""), scim("\"scim_uid\":null"));
        assert!(told > 0 && null > 0 && told + null < 300);
    }
}
