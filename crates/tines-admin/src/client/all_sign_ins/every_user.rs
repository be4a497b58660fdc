//! The way by the users.

use signin_core::vendor::{Owner, Owners};
use time::OffsetDateTime;

use super::ListedUser;
use crate::client::listing::{Listing, in_utc, next_second};
use crate::{Client, Result, SigninActivities, Timestamp, User, Users};

/// The tenant's users, and the sign-in activities of each.
#[derive(Debug, Clone)]
pub(super) struct EveryUser {
    pub(super) client: Client,
    pub(super) listing: Listing,
}

impl EveryUser {
    pub(super) const NAME: &str = "all_sign_ins";
}

impl Owners for EveryUser {
    type List = Users;
    type Records = SigninActivities;
    type Owner = ListedUser;

    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn list(&self) -> Users {
        Users::new(self.client.clone()).per_page(self.listing.per_page)
    }

    fn owners(&self, user: &User) -> Option<Vec<ListedUser>> {
        Some(vec![ListedUser { id: user.id.clone()?, email: user.email.clone() }])
    }

    fn records(&self, user: &ListedUser, end: Option<OffsetDateTime>) -> SigninActivities {
        let mut listing = self.listing.clone();
        listing.before = listing.before.or_else(|| end.map(Timestamp::from));
        SigninActivities::new(self.client.clone(), user.id.clone()).listing(listing)
    }

    fn check(&self) -> Result<()> {
        self.listing.check(Self::NAME)
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        let Listing { before, after, per_page, .. } = &self.listing;
        let times = [("before", before), ("after", after)].into_iter();
        let times = times.filter_map(|(name, time)| Some((name, in_utc(time.as_ref()?.instant()))));
        times.chain([("per_page", per_page.to_string())]).collect()
    }

    /// One end for all users: what arrives meanwhile shifts no pages, and is the next run's.
    fn end(&self, date: Option<OffsetDateTime>) -> Option<OffsetDateTime> {
        if self.listing.before.is_some() { None } else { date.map(next_second) }
    }
}

impl Owner for ListedUser {
    fn key(&self) -> &str {
        self.id.as_str()
    }
}
