//! Sign-in activities: `GET /api/v1/admin/users/{user_id}/signin_activities`.

use std::borrow::Cow;

use signin_core::{Paging, RateLimit, Request, Segment};

use crate::client::listing::{Listing, USER_RATE_LIMITS, numbered_pages, time_range};
use crate::decode::SIGNIN_ACTIVITIES;
use crate::{Client, Id, Operation, Page, PageLayout, Result, SigninActivity};

/// The sign-ins of one user, the newest first.
///
/// Made by [`Client::signin_activities`]. Read it by [`items`](Self::items) or
/// [`pages`](Self::pages); [`first_page`](Self::first_page) is one request.
///
/// Paging: by page number, which the service shifts as sign-ins arrive. So a pager without
/// [`before`](Self::before) fixes it at its first page, from the answer's own Date, and leaves
/// out records that come twice within two pages. Resuming goes one page back and leaves out
/// what was yielded.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before items(), pages() or first_page()"]
pub struct SigninActivities {
    client: Client,
    user_id: Id,
    listing: Listing,
}

impl SigninActivities {
    pub(crate) fn new(client: Client, user_id: Id) -> Self {
        Self { client, user_id, listing: Listing::new() }
    }

    pub(crate) fn listing(mut self, listing: Listing) -> Self {
        self.listing = listing;
        self
    }

    time_range!();
    numbered_pages!();
}

impl Operation for SigninActivities {
    type Item = SigninActivity;

    fn name(&self) -> &'static str {
        "signin_activities"
    }

    fn request(&self) -> Result<Request> {
        let user = Segment::value("user_id", &self.user_id)?;
        let [api, v1, admin, users, activities] =
            ["api", "v1", "admin", "users", "signin_activities"].map(Segment::fixed);
        let request = Request::get([api, v1, admin, users, user, activities]);
        self.listing.add_to(request, self.name())
    }

    fn layout(&self) -> PageLayout {
        SIGNIN_ACTIVITIES
    }

    fn paging(&self) -> Paging {
        self.listing.paging()
    }

    fn rate_limits(&self) -> &[RateLimit] {
        &USER_RATE_LIMITS
    }

    fn identity<'a>(&self, item: &'a SigninActivity) -> Option<Cow<'a, str>> {
        item.id.as_deref().map(Cow::Borrowed)
    }

    fn fixed_parameters(&self) -> &'static [&'static str] {
        &["before"]
    }

    fn fix_parameters(&self, first: &Page<SigninActivity>) -> Vec<(&'static str, String)> {
        self.listing.fixed_end(first, |item| item.created_at.as_ref())
    }
}
