//! A user's sign-ins: `GET /api/v1/users/{userid}/loginlogs`.

use std::borrow::Cow;

use signin_core::{Paging, Request, Segment};

use crate::client::listing::{Listing, cursor_pages};
use crate::decode::LOGIN_LOGS;
use crate::identity::alike;
use crate::{Client, Id, LoginLog, Operation, PageLayout, Result};

/// The login logs of one user.
///
/// Made by [`Client::login_logs`]. Read it by [`items`](Self::items) or [`pages`](Self::pages);
/// [`first_page`](Self::first_page) is one request.
///
/// Two bodies are documented, and distinguished by their members: that of 2024 (`login_logs`) is
/// one page that holds everything, the oldest first; the newer one (`audit_logs`) goes on by a
/// cursor.
/// Neither gives a record an id, so nothing is left out for being alike another record. Resuming
/// asks for the page at hand again and yields what of it was not yielded: see
/// [`Identities`](crate::Identities) for telling records apart from run to run. Where the service
/// takes its cursor no more, the log is begun again, and what was yielded of it comes twice.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before items(), pages() or first_page()"]
pub struct LoginLogs {
    client: Client,
    user_id: Id,
    event: Option<LoginEvent>,
    listing: Listing,
}

/// What a log is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginEvent {
    /// Sign-ins: `login`.
    Login,
}

impl LoginEvent {
    /// The text that is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
        }
    }
}

impl LoginLogs {
    pub(crate) fn new(client: Client, user_id: Id) -> Self {
        Self { client, user_id, event: Some(LoginEvent::Login), listing: Listing::default() }
    }

    /// What to ask for. Default [`LoginEvent::Login`], which the newer page demands and the page
    /// of 2024 does not know; None leaves the parameter out.
    pub fn event(mut self, event: impl Into<Option<LoginEvent>>) -> Self {
        self.event = event.into();
        self
    }

    cursor_pages!();
}

impl Operation for LoginLogs {
    type Item = LoginLog;

    fn name(&self) -> &'static str {
        "login_logs"
    }

    fn request(&self) -> Result<Request> {
        let user = Segment::value("userid", &self.user_id)?;
        let [api, v1, users, logs] = ["api", "v1", "users", "loginlogs"].map(Segment::fixed);
        let request = Request::get([api, v1, users, user, logs])
            .query("client_id", self.client.client_id())
            .query_opt("event", self.event.map(LoginEvent::as_str));
        self.listing.add_to(request, self.name())
    }

    fn layout(&self) -> PageLayout {
        LOGIN_LOGS
    }

    fn paging(&self) -> Paging {
        Listing::PAGING
    }

    fn identity<'a>(&self, item: &'a LoginLog) -> Option<Cow<'a, str>> {
        alike(item).map(Cow::Owned)
    }

    fn identity_is_unique(&self) -> bool {
        false
    }
}
