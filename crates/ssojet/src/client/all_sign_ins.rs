//! Everyone's sign-ins in one stream: the users, and the login logs of each.

use std::fmt;

use signin_core::FanOut;
use signin_core::vendor::{Owner, Owners};
use time::OffsetDateTime;

use crate::client::listing::Listing;
use crate::{Client, Id, LoginEvent, LoginLogs, Result, User, Users};

/// Everyone's sign-ins, user by user. Made by [`Client::all_sign_ins`]; read by
/// [`items`](Self::items).
///
/// The list of users is read to its end first; then each user's login logs are asked for, which
/// costs a request a user at least. Each record comes with its user, whom it does not name itself.
#[derive(Clone)]
#[must_use = "nothing is fetched before items()"]
pub struct AllSignIns {
    client: Client,
    users: Users,
    event: Option<LoginEvent>,
    listing: Listing,
    concurrency: Option<usize>,
    ahead: usize,
}

/// A user as the list of users names him.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListedUser {
    /// The user's id.
    pub id: Id,
    /// The user's e-mail address.
    pub email: Option<String>,
}

impl AllSignIns {
    pub(crate) fn new(client: Client) -> Self {
        let users = client.users();
        let event = Some(LoginEvent::Login);
        let listing = Listing::default();
        Self { client, users, event, listing, concurrency: None, ahead: 0 }
    }

    /// Whose sign-ins: all that this list gives. Default: all users of this client id. If no user
    /// has the list's e-mail address, a warning reports that
    /// ([`OwnerNotListed`](crate::Warning::OwnerNotListed)).
    pub fn users(mut self, users: Users) -> Self {
        self.users = users;
        self
    }

    /// What to ask for: see [`LoginLogs::event`].
    pub fn event(mut self, event: impl Into<Option<LoginEvent>>) -> Self {
        self.event = event.into();
        self
    }

    /// How many sign-ins a page holds, from 1: see [`LoginLogs::limit`].
    pub fn limit(mut self, limit: u32) -> Self {
        self.listing.limit = Some(limit);
        self
    }

    /// How many users are asked for at once, 1 or more. Default 4.
    pub fn concurrency(mut self, users: usize) -> Self {
        self.concurrency = Some(users);
        self
    }

    /// How many pages of a user's list are fetched ahead; a page names only the next one, so that
    /// any number means one. Default 0.
    pub fn fetch_ahead(mut self, pages: usize) -> Self {
        self.ahead = pages;
        self
    }

    /// Iterates over the sign-ins one by one, user by user, in the order of the length and text of
    /// their ids; each user's in the order in which the service lists them.
    pub fn items(self) -> FanOut<Self> {
        let (client, concurrency, ahead) = (self.client.clone(), self.concurrency, self.ahead);
        let items = client.fan_out(self).fetch_ahead(ahead);
        match concurrency {
            Some(users) => items.concurrency(users),
            None => items,
        }
    }
}

impl Owners for AllSignIns {
    type List = Users;
    type Records = LoginLogs;
    type Owner = ListedUser;

    fn name(&self) -> &'static str {
        "all_sign_ins"
    }

    fn list(&self) -> Users {
        self.users.clone()
    }

    fn owners(&self, user: &User) -> Option<Vec<ListedUser>> {
        let id = user.id.clone().filter(|id| !id.is_empty())?;
        Some(vec![ListedUser { id, email: user.email().map(str::to_owned) }])
    }

    fn named(&self) -> Vec<String> {
        self.users.email.iter().cloned().collect()
    }

    /// How addresses are compared is the service's business.
    fn is_named(&self, _user: &User, _email: &str) -> bool {
        true
    }

    /// The service takes no times: a pager has no end to be fixed.
    fn records(&self, user: &ListedUser, _end: Option<OffsetDateTime>) -> LoginLogs {
        let logs = self.client.login_logs(&user.id).event(self.event);
        match self.listing.limit {
            Some(limit) => logs.limit(limit),
            None => logs,
        }
    }

    fn check(&self) -> Result<()> {
        self.listing.check(self.name())
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        let event = self.event.map(|event| ("event", event.as_str().to_owned()));
        let limit = self.listing.limit.map(|limit| ("login_logs.limit", limit.to_string()));
        event.into_iter().chain(limit).collect()
    }
}

impl Owner for ListedUser {
    fn key(&self) -> &str {
        self.id.as_str()
    }
}

impl fmt::Debug for AllSignIns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AllSignIns")
            .field("users", &self.users)
            .field("event", &self.event)
            .field("listing", &self.listing)
            .finish_non_exhaustive()
    }
}
