//! Who there is: the users' ids, which of them are owners, and which are deleted.
//!
//! Users are numbered from 0. All of it is arithmetic on that number, so that any page of the
//! users is found without passing those before it.

use super::settings::Settings;
use crate::search;
use crate::seed::Seed;

/// User ids lie in steps, one drawn from each.
const FIRST_USER: u64 = 72;
const USER_STEP: u64 = 9;
/// Of so many users in a row, one is an owner of the tenant.
const OWNER_STEP: u64 = 4;

/// The tenant's users, those that are deleted included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Roster {
    ids: Seed,
    owners: Seed,
    deletions: Seed,
    users: u64,
    deleted: u64,
}

impl Roster {
    pub(super) fn new(seed: Seed, settings: &Settings) -> Self {
        Self {
            ids: seed.branch("user ids"),
            owners: seed.branch("owners"),
            deletions: seed.branch("deleted users"),
            users: settings.shared.users,
            deleted: settings.deleted_users.min(settings.shared.users),
        }
    }

    /// How many users there are and were: all numbers are below this.
    pub(super) fn users(&self) -> u64 {
        self.users
    }

    /// How many users exist.
    pub(super) fn existing(&self) -> u64 {
        self.users - self.deleted
    }

    /// The id of a user, deleted or not.
    pub(super) fn id(&self, user: u64) -> u64 {
        let within = self.ids.at(user).below(USER_STEP);
        FIRST_USER + user * USER_STEP + within
    }

    /// The number of a user, deleted or not; `None` is an id that nobody ever had.
    pub(super) fn user(&self, id: u64) -> Option<u64> {
        let user = id.checked_sub(FIRST_USER)? / USER_STEP;
        (user < self.users && self.id(user) == id).then_some(user)
    }

    /// Existing user `n`, from 0.
    pub(super) fn nth_existing(&self, n: u64) -> u64 {
        search::first(0..self.users, |user| user + 1 - self.deleted_before(user + 1) > n)
    }

    /// The numbers of all that exist and are owners. This one looks at every owner.
    pub(super) fn owners(self) -> impl Iterator<Item = u64> {
        let steps = 0..self.users.div_ceil(OWNER_STEP);
        steps.map(move |step| self.owner(step)).filter(move |user| self.exists(*user))
    }

    pub(super) fn is_owner(&self, user: u64) -> bool {
        self.owner(user / OWNER_STEP) == user
    }

    fn owner(&self, step: u64) -> u64 {
        let start = step * OWNER_STEP;
        start + self.owners.at(step).below(OWNER_STEP.min(self.users - start))
    }

    pub(super) fn exists(&self, user: u64) -> bool {
        self.deleted_before(user + 1) == self.deleted_before(user)
    }

    /// Deleted user `n`, from 0: the users are cut into as many even parts as there are deleted
    /// ones, and each part has lost one.
    pub(super) fn nth_deleted(&self, n: u64) -> u64 {
        let start = |part| part * self.users / self.deleted.max(1);
        start(n) + self.deletions.at(n).below(start(n + 1) - start(n))
    }

    /// How many users are deleted.
    pub(super) fn deleted(&self) -> u64 {
        self.deleted
    }

    /// How many of the users before `user` are deleted.
    fn deleted_before(&self, user: u64) -> u64 {
        if self.deleted == 0 || user == 0 {
            return 0;
        }
        // The part that the last of them is in.
        let part = (user * self.deleted - 1) / self.users;
        part + u64::from(self.nth_deleted(part) < user)
    }
}

#[cfg(test)]
mod tests {
    use super::Roster;
    use crate::seed::Seed;
    use crate::tines::Settings;

    fn roster(seed: u64, users: u64, deleted: u64) -> Roster {
        let settings = Settings::default().users(users).deleted_users(deleted);
        Roster::new(Seed::new(seed), &settings)
    }

    #[test]
    fn existing_and_deleted_users_are_all_users_whatever_the_numbers() {
        for (users, deleted) in [(1, 0), (1, 1), (7, 3), (7, 6), (7, 7), (10, 99), (100, 37)] {
            for seed in 0..10 {
                let roster = roster(seed, users, deleted);
                let gone: Vec<_> = (0..roster.deleted()).map(|n| roster.nth_deleted(n)).collect();
                let here: Vec<_> = (0..roster.existing()).map(|n| roster.nth_existing(n)).collect();
                assert_eq!(gone.len() as u64, deleted.min(users));
                assert!(gone.iter().all(|user| !roster.exists(*user)));
                assert!(here.iter().all(|user| roster.exists(*user)));
                let mut all = [gone, here].concat();
                all.sort_unstable();
                assert!(all.into_iter().eq(0..users), "{users} {deleted} {seed}");
            }
        }
    }

    #[test]
    fn every_tenant_has_owners_and_not_every_user_is_one() {
        for (users, deleted) in [(1, 0), (2, 0), (6, 0), (40, 9)] {
            let roster = roster(3, users, deleted);
            let owners: Vec<_> = roster.owners().collect();
            let is_owner = |user: &u64| roster.exists(*user) && roster.is_owner(*user);
            assert!((0..users).filter(is_owner).eq(owners.iter().copied()));
            assert!(!owners.is_empty() && (users == 1 || (owners.len() as u64) < users));
        }
    }
}
