//! The tenant's users: `GET /api/v1/admin/users`.

use std::borrow::Cow;

use signin_core::{Paging, RateLimit, Request, Segment};

use crate::client::listing::{Listing, USER_RATE_LIMITS, numbered_pages};
use crate::decode::USERS;
use crate::{Client, Operation, PageLayout, Result, User};

/// The tenant's users. Deleted ones are not listed.
///
/// Made by [`Client::users`]. Read it by [`items`](Self::items) or [`pages`](Self::pages);
/// [`first_page`](Self::first_page) is one request.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before items(), pages() or first_page()"]
pub struct Users {
    client: Client,
    filter: Option<UserFilter>,
    include: Option<UserInclude>,
    listing: Listing,
}

/// Which users to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UserFilter {
    /// Tenant owners only: `TENANT_OWNER`.
    TenantOwner,
}

/// What to send with each user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UserInclude {
    /// The teams that the user belongs to: `team_memberships`.
    TeamMemberships,
}

impl Users {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, filter: None, include: None, listing: Listing::new() }
    }

    /// Which users to list. Default: all.
    pub fn filter(mut self, filter: UserFilter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// What to send with each user beyond the user's own members.
    pub fn include(mut self, include: UserInclude) -> Self {
        self.include = Some(include);
        self
    }

    numbered_pages!();
}

impl Operation for Users {
    type Item = User;

    fn name(&self) -> &'static str {
        "users"
    }

    fn request(&self) -> Result<Request> {
        let filter = self.filter.map(|UserFilter::TenantOwner| "TENANT_OWNER");
        let include = self.include.map(|UserInclude::TeamMemberships| "team_memberships");
        let request = Request::get(["api", "v1", "admin", "users"].map(Segment::fixed));
        let request = request.query_opt("filter", filter).query_opt("include", include);
        self.listing.add_to(request, self.name())
    }

    fn layout(&self) -> PageLayout {
        USERS
    }

    fn paging(&self) -> Paging {
        self.listing.paging()
    }

    fn rate_limits(&self) -> &[RateLimit] {
        &USER_RATE_LIMITS
    }

    fn identity<'a>(&self, item: &'a User) -> Option<Cow<'a, str>> {
        item.id.as_deref().map(Cow::Borrowed)
    }
}
