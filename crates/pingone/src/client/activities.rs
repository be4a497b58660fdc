//! Activities, which are events: `GET /v1/environments/{envID}/activities`.

use std::borrow::Cow;
use std::time::Duration;

use signin_core::{Paging, RateLimit, Request, Segment, list_calls};
use time::{OffsetDateTime, UtcOffset};

use crate::client::filter::Filter;
use crate::decode::ACTIVITIES;
use crate::{
    Activity, AllSignIns, Client, Error, ErrorKind, Id, Operation, Page, PageLayout, Result,
    Timestamp, Warning,
};

/// How long the service keeps events where they can be read.
const DAYS_KEPT: u16 = 14;

/// The most records on a page that is known to be in use; the greatest is not documented.
const MOST_PER_PAGE: u32 = 500;

const SECOND: Duration = Duration::from_secs(1);

/// The documented limit, and the 35 % of it that one IP gets: 3.5 a second.
static RATE_LIMITS: [RateLimit; 2] = [
    RateLimit::new("activities of the IP", 3, SECOND),
    RateLimit::new("activities of the licence", 10, SECOND),
];

/// The environment's audit events of a range of time, the newest first.
///
/// Made by [`Client::activities`]. Read them by [`items`](Self::items) or
/// [`pages`](Self::pages); [`first_page`](Self::first_page) is one request.
///
/// Beside the range the vendor documents one filter at a time, with or without a population.
/// Success or failure is no filter: it is in the event's result.
///
/// Paging: by links. Resuming asks for the page at hand again; what was yielded of it is left
/// out. Where the service takes its link no more, the pager goes on with what is not newer than the
/// oldest event that came, and a minute more, of which some events may come twice.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before items(), pages() or first_page()"]
pub struct Activities {
    client: Client,
    start: Timestamp,
    end: Timestamp,
    time: TimeAttribute,
    /// What else is compared, by attribute.
    equal: Vec<(&'static str, String)>,
    raw: Vec<String>,
    limit: u32,
}

/// Which of an event's two times a range is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeAttribute {
    /// `recordedAt`.
    #[default]
    RecordedAt,
    /// `createdAt`.
    CreatedAt,
}

impl Activities {
    pub(crate) fn new(client: Client, start: Timestamp, end: Timestamp) -> Self {
        let (equal, raw) = (Vec::new(), Vec::new());
        let time = TimeAttribute::default();
        Self { client, start, end, time, equal, raw, limit: MOST_PER_PAGE }
    }

    /// Which of an event's times the range is of. Default: `recordedAt`.
    pub fn time_attribute(mut self, attribute: TimeAttribute) -> Self {
        self.time = attribute;
        self
    }

    /// Only events of this kind, such as `USER.ACCESS_ALLOWED`: `action.type`.
    pub fn action_type(self, action_type: impl Into<String>) -> Self {
        self.equals("action.type", action_type.into())
    }

    /// Only what this user did: `actors.user.id`. What was done to him is found by
    /// [`resource_id`](Self::resource_id).
    pub fn actor_user_id(self, user_id: impl Into<Id>) -> Self {
        self.equals("actors.user.id", user_id.into().to_string())
    }

    /// Only what this client did: `actors.client.id`.
    pub fn actor_client_id(self, client_id: impl Into<Id>) -> Self {
        self.equals("actors.client.id", client_id.into().to_string())
    }

    /// Only what was done to this user, application or other thing: `resources.id`.
    pub fn resource_id(self, resource_id: impl Into<Id>) -> Self {
        self.equals("resources.id", resource_id.into().to_string())
    }

    /// Only what was done to things of this type, such as `USER`: `resources.type`.
    pub fn resource_type(self, resource_type: impl Into<String>) -> Self {
        self.equals("resources.type", resource_type.into())
    }

    /// Only what was done to users of this population: `resources.population.id`.
    pub fn population_id(self, population_id: impl Into<Id>) -> Self {
        self.equals("resources.population.id", population_id.into().to_string())
    }

    /// Only the events that belong to one request: `correlationId`.
    pub fn correlation_id(self, correlation_id: impl Into<Id>) -> Self {
        self.equals("correlationId", correlation_id.into().to_string())
    }

    /// A further condition in SCIM, joined by `and`, for attributes that have no setter here.
    ///
    /// It is sent as it is: nothing is quoted, and an `or` in it can reach beyond the range.
    /// Never build it from what others wrote.
    pub fn filter_raw(mut self, expression: impl Into<String>) -> Self {
        self.raw.push(expression.into());
        self
    }

    /// How many events a page holds, 1 to 500. Default 500, so that a list takes few requests;
    /// the service's own default is 100.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }

    list_calls!();

    /// Iterates over those events one by one that are about signing in.
    pub fn sign_ins(self) -> AllSignIns {
        AllSignIns::new(self.items())
    }

    fn equals(mut self, attribute: &'static str, value: String) -> Self {
        self.equal.push((attribute, value));
        self
    }

    fn check(&self) -> std::result::Result<(), String> {
        if !(1..=MOST_PER_PAGE).contains(&self.limit) {
            return Err(format!("limit is {}, not 1 to {MOST_PER_PAGE}", self.limit));
        }
        if self.start >= self.end {
            return Err("the start is not earlier than the end".into());
        }
        if self.end.instant() - self.start.instant() > time::Duration::days(DAYS_KEPT.into()) {
            return Err(format!("the range is longer than the {DAYS_KEPT} days that are kept"));
        }
        if self.raw.iter().any(|raw| raw.trim().is_empty() || raw.contains(char::is_control)) {
            return Err("filter_raw is empty or holds a control character".into());
        }
        Ok(())
    }

    /// The range includes its start and not its end, so that ranges which meet share nothing and
    /// leave nothing out. The service's bounds are both exclusive, and of milliseconds.
    fn filter(&self) -> Result<String> {
        let attribute = match self.time {
            TimeAttribute::RecordedAt => "recordedAt",
            TimeAttribute::CreatedAt => "createdAt",
        };
        let start = next_millisecond(&self.start, -time::Duration::MILLISECOND)?;
        let end = next_millisecond(&self.end, time::Duration::ZERO)?;
        let mut filter =
            Filter::default().compare(attribute, "gt", &start)?.compare(attribute, "lt", &end)?;
        for (attribute, value) in &self.equal {
            filter = filter.compare(attribute, "eq", value)?;
        }
        for expression in &self.raw {
            filter = filter.raw(expression);
        }
        Ok(filter.into_text())
    }
}

/// The first whole millisecond at or after a time, and `plus` more, as the API takes it: UTC with
/// three digits.
fn next_millisecond(time: &Timestamp, plus: time::Duration) -> Result<String> {
    let instant = time.instant();
    let over = instant.nanosecond() % 1_000_000;
    let up = if over == 0 { 0 } else { 1_000_000 - over };
    let utc = instant
        .checked_add(time::Duration::nanoseconds(up.into()) + plus)
        .and_then(|instant| instant.checked_to_offset(UtcOffset::UTC))
        .filter(|instant| (0..=9999).contains(&instant.year()));
    let Some(utc) = utc else {
        let next = "nothing was sent; check the range";
        let why = "a time is outside the years 0 to 9999";
        return Err(Error::new(ErrorKind::Argument, "pingone activities", why, next));
    };
    let (date, clock) = (utc.date(), utc.time());
    Ok(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        clock.hour(),
        clock.minute(),
        clock.second(),
        clock.millisecond()
    ))
}

impl Operation for Activities {
    type Item = Activity;

    fn name(&self) -> &'static str {
        "activities"
    }

    fn request(&self) -> Result<Request> {
        self.check().map_err(|why| {
            let next = "nothing was sent; check the argument";
            Error::new(ErrorKind::Argument, "pingone activities", why, next)
        })?;
        let environment = Segment::value("environment_id", self.client.environment_id())?;
        let [v1, environments, activities] =
            ["v1", "environments", "activities"].map(Segment::fixed);
        Ok(Request::get([v1, environments, environment, activities])
            .query("filter", self.filter()?)
            .query("limit", self.limit.to_string()))
    }

    fn layout(&self) -> PageLayout {
        ACTIVITIES
    }

    fn paging(&self) -> Paging {
        Paging::NextLink
    }

    fn rate_limits(&self) -> &[RateLimit] {
        &RATE_LIMITS
    }

    fn identity<'a>(&self, item: &'a Activity) -> Option<Cow<'a, str>> {
        item.id.as_deref().map(Cow::Borrowed)
    }

    /// The list may be in the order of the other attribute than the range is of: an event that was
    /// recorded late stands among the new ones, however long ago it was created.
    fn time(&self, item: &Activity) -> Option<OffsetDateTime> {
        let recorded = item.recorded_at.as_ref().map(Timestamp::instant);
        match self.time {
            TimeAttribute::RecordedAt => recorded,
            TimeAttribute::CreatedAt => {
                recorded.max(item.created_at.as_ref().map(Timestamp::instant))
            }
        }
    }

    fn before(&self, end: OffsetDateTime) -> Option<Self> {
        let end = Timestamp::from(end.min(self.end.instant()));
        Some(Self { end, ..self.clone() })
    }

    /// Events that are no longer kept are left out without a word.
    fn check_completeness(&self, page: &Page<Activity>) -> Option<Warning> {
        // A minute is for clocks that differ, and for the way here.
        let kept = time::Duration::days(DAYS_KEPT.into()) + time::Duration::MINUTE;
        let oldest = page.date()?.checked_sub(kept)?;
        (self.start.instant() < oldest).then_some(Warning::NotKept { days: DAYS_KEPT })
    }
}
