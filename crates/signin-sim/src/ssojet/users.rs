//! The users: who they are, drawn from the seed and computed when asked for.

use super::settings::Settings;
use crate::json;
use crate::seed::Seed;

/// First and last name; None is null.
const NAMES: [(&str, Option<&str>); 6] = [
    ("Ada", Some("Example")),
    ("Ben", Some("O'Brien")),
    ("Chloé", Some("Dupont-Lefèvre")),
    ("", Some("")),
    ("花子", Some("山田")),
    ("Lin", None),
];

/// One user, as the documented list shows him.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// 24 hexadecimal digits.
    pub id: String,
    /// Unlike that of any other user.
    pub email: String,
    /// May be empty.
    pub first_name: &'static str,
    /// May be empty, or null.
    pub last_name: Option<&'static str>,
    /// False for some.
    pub is_active: bool,
}

impl User {
    /// The record's JSON, byte for byte as the service sends it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = Vec::new();
        self.write(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        json::put(out, format_args!("{{\"id\":\"{}\",\"email\":", self.id));
        json::text(out, &self.email);
        json::put(out, ",\"first_name\":");
        json::text(out, self.first_name);
        json::put(out, ",\"last_name\":");
        match self.last_name {
            Some(name) => json::text(out, name),
            None => json::put(out, "null"),
        }
        json::put(out, format_args!(",\"is_active\":{}}}", self.is_active));
    }
}

/// The application's users, numbered from 0, those that are deleted included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Roster {
    seed: Seed,
    users: u64,
    deleted: u64,
}

impl Roster {
    pub(super) fn new(seed: Seed, settings: &Settings) -> Self {
        let deleted = settings.deleted_users.min(settings.shared.users);
        Self { seed: seed.branch("users"), users: settings.shared.users, deleted }
    }

    pub(super) fn users(&self) -> u64 {
        self.users
    }

    pub(super) fn exists(&self, user: u64) -> bool {
        user >= self.deleted
    }

    /// Drawn digits, and the user's number among them as a counter.
    pub(super) fn id(&self, user: u64) -> String {
        let drawn = self.seed.branch("ids").at(user).bits();
        format!("{drawn:016x}{:08x}", user ^ self.mask())
    }

    /// The number of a user; None is an id that nobody has.
    pub(super) fn number(&self, id: &str) -> Option<u64> {
        let user = u64::from_str_radix(id.get(16..)?, 16).ok()? ^ self.mask();
        (user < self.users && self.id(user) == id).then_some(user)
    }

    /// The number of the user with this address.
    pub(super) fn with_email(&self, email: &str) -> Option<u64> {
        let user = email.strip_prefix("user")?.strip_suffix("@acme.example")?.parse().ok()?;
        (user < self.users && self.user(user).email == email).then_some(user)
    }

    fn mask(&self) -> u64 {
        self.seed.branch("mask").bits() >> 32
    }

    pub(super) fn user(&self, user: u64) -> User {
        let seed = self.seed.at(user);
        let (first_name, last_name) = seed.at(0).pick(&NAMES);
        User {
            id: self.id(user),
            email: format!("user{user}@acme.example"),
            first_name,
            last_name,
            is_active: seed.at(1).below(10) > 0,
        }
    }
}
