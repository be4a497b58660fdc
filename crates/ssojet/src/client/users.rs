//! The users: `GET /api/v1/users`.

use std::borrow::Cow;

use signin_core::{Paging, Request, Segment};

use crate::client::listing::{Listing, cursor_pages};
use crate::decode::USERS;
use crate::{Client, Error, ErrorKind, Operation, PageLayout, Result, User};

/// The users, inactive ones too.
///
/// Made by [`Client::users`]. Read it by [`items`](Self::items) or [`pages`](Self::pages);
/// [`first_page`](Self::first_page) is one request. Resuming asks for the page at hand again and
/// leaves out what of it was yielded. Where the service takes its cursor no more, the list is
/// begun again.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before items(), pages() or first_page()"]
pub struct Users {
    client: Client,
    pub(crate) email: Option<String>,
    listing: Listing,
}

impl Users {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, email: None, listing: Listing::default() }
    }

    /// Only the user with this e-mail address.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    cursor_pages!();
}

impl Operation for Users {
    type Item = User;

    fn name(&self) -> &'static str {
        "users"
    }

    fn request(&self) -> Result<Request> {
        if self.email.as_deref().is_some_and(|email| email.trim().is_empty()) {
            // The service may take it for none, and give all users.
            let next = "nothing was sent; check the argument";
            return Err(Error::new(ErrorKind::Argument, "ssojet users", "email is empty", next));
        }
        let request = Request::get(["api", "v1", "users"].map(Segment::fixed))
            .query("client_id", self.client.client_id())
            .query_opt("email", self.email.as_deref());
        self.listing.add_to(request, self.name())
    }

    fn layout(&self) -> PageLayout {
        USERS
    }

    fn paging(&self) -> Paging {
        Listing::PAGING
    }

    fn identity<'a>(&self, item: &'a User) -> Option<Cow<'a, str>> {
        item.id.as_deref().map(Cow::Borrowed)
    }
}
