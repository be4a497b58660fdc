//! Sign-in activities: `GET /api/v1/admin/users/{user_id}/signin_activities`.

use std::time::Duration;

use signin_core::limit::Scope;
use signin_core::paging::Paging;
use signin_core::request::{Request, Segment};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::decode::SIGNIN_ACTIVITIES;
use crate::{
    Client, Envelope, Error, ErrorKind, Id, Items, Operation, Page, Pages, Result, SigninActivity,
    Timestamp,
};

/// The most records on a page that the service gives.
const MOST_PER_PAGE: u32 = 500;

const MINUTE: Duration = Duration::from_secs(60);

/// Whether sign-in activities count under `admin/users` is not said; it is assumed.
static SCOPES: [Scope; 2] =
    [Scope::new("admin/users", 500, MINUTE), Scope::new("general", 5000, MINUTE)];

/// The sign-ins of one user, the newest first.
///
/// Made by [`Client::signin_activities`]. Walk it by [`items`](Self::items) or
/// [`pages`](Self::pages); [`first_page`](Self::first_page) is one request.
///
/// Paging: by page number, which the service shifts as sign-ins arrive. So a walk without
/// [`before`](Self::before) fixes it at its first page, from the answer's own Date, and leaves
/// out records that come twice within two pages. Resuming goes one page back and leaves out
/// what was handed out.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before items(), pages() or first_page()"]
pub struct SigninActivities {
    client: Client,
    user_id: Id,
    before: Option<Timestamp>,
    after: Option<Timestamp>,
    per_page: u32,
    page: u64,
}

impl SigninActivities {
    pub(crate) fn new(client: Client, user_id: Id) -> Self {
        Self { client, user_id, before: None, after: None, per_page: MOST_PER_PAGE, page: 1 }
    }

    /// Only sign-ins created before this time. Whether the instant itself counts is not
    /// documented: ask for a little more and leave out what you have.
    pub fn before(mut self, time: impl Into<Timestamp>) -> Self {
        self.before = Some(time.into());
        self
    }

    /// Only sign-ins created after this time. Whether the instant itself counts is not
    /// documented: ask for a little more and leave out what you have.
    pub fn after(mut self, time: impl Into<Timestamp>) -> Self {
        self.after = Some(time.into());
        self
    }

    /// How many sign-ins a page holds, 1 to 500. Default 500, so that a walk takes few
    /// requests; the service's own default is 20.
    pub fn per_page(mut self, per_page: u32) -> Self {
        self.per_page = per_page;
        self
    }

    /// The page to start at, from 1. Default 1.
    pub fn page(mut self, page: u64) -> Self {
        self.page = page;
        self
    }

    /// Walks the sign-ins one by one.
    pub fn items(self) -> Items<Self> {
        self.client.clone().items(self)
    }

    /// Walks the sign-ins page by page.
    pub fn pages(self) -> Pages<Self> {
        self.client.clone().pages(self)
    }

    /// Asks for one page only: it is rarely everything.
    ///
    /// # Errors
    /// Every kind: an argument out of range, no answer, an answer that is an error or cannot
    /// be read.
    pub async fn first_page(self) -> Result<Page<SigninActivity>> {
        self.client.execute(&self).await
    }

    fn check(&self) -> Result<()> {
        let refuse = |why: String| {
            let next = "nothing was sent; check the argument";
            Err(Error::new(ErrorKind::Argument, "tines signin_activities", why, next))
        };
        if !(1..=MOST_PER_PAGE).contains(&self.per_page) {
            return refuse(format!("per_page is {}, not 1 to {MOST_PER_PAGE}", self.per_page));
        }
        if self.page == 0 {
            return refuse("page is 0; pages count from 1".into());
        }
        match (&self.after, &self.before) {
            (Some(after), Some(before)) if after >= before => {
                refuse("after is not earlier than before".into())
            }
            _ => Ok(()),
        }
    }
}

impl Operation for SigninActivities {
    type Item = SigninActivity;

    fn name(&self) -> &'static str {
        "signin_activities"
    }

    fn request(&self) -> Result<Request> {
        self.check()?;
        let path = [
            Segment::fixed("api"),
            Segment::fixed("v1"),
            Segment::fixed("admin"),
            Segment::fixed("users"),
            Segment::value("user_id", &self.user_id)?,
            Segment::fixed("signin_activities"),
        ];
        Ok(Request::get(path)
            .maybe("before", self.before.as_ref().map(ToString::to_string))
            .maybe("after", self.after.as_ref().map(ToString::to_string))
            .query("per_page", self.per_page.to_string()))
    }

    fn envelope(&self) -> Envelope {
        SIGNIN_ACTIVITIES
    }

    fn paging(&self) -> Paging {
        Paging::PageNumber {
            parameter: "page",
            start: self.page,
            first: 1,
            size: u64::from(self.per_page),
            says_next: true,
        }
    }

    fn scopes(&self) -> &[Scope] {
        &SCOPES
    }

    fn identity<'a>(&self, item: &'a SigninActivity) -> Option<&'a str> {
        item.id.as_deref()
    }

    fn pins(&self) -> &'static [&'static str] {
        &["before"]
    }

    fn pin(&self, first: &Page<SigninActivity>) -> Vec<(&'static str, String)> {
        if self.before.is_some() {
            return Vec::new();
        }
        let newest = first.items().filter_map(|item| item.created_at.as_ref()).max();
        // The clock that writes Date may be behind the one that writes created_at: an end
        // before the newest row would leave that row out and shift the pages behind it.
        let end = first.date().max(newest.map(Timestamp::instant)).map(next_second);
        end.and_then(|end| end.format(&Rfc3339).ok())
            .map(|end| ("before", end))
            .into_iter()
            .collect()
    }
}

/// The first whole second after an instant, in UTC.
fn next_second(instant: OffsetDateTime) -> OffsetDateTime {
    let following = instant.unix_timestamp().saturating_add(1);
    OffsetDateTime::from_unix_timestamp(following).unwrap_or(instant)
}
