//! User activities, which are counts: `GET /v1/environments/{envID}/userActivities`.

use std::borrow::Cow;
use std::ops::Range;
use std::time::Duration;

use signin_core::{Paging, RateLimit, Request, Segment};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::client::counts::UserActivityCounts;
use crate::client::filter::Filter;
use crate::decode::USER_ACTIVITIES;
use crate::{
    Client, Error, ErrorKind, Items, Operation, Page, PageLayout, Pages, Result, SampleSize,
    Timestamp, UserActivity,
};

const MINUTE: Duration = Duration::from_secs(60);

/// The documented limit of this endpoint and those like it, and the 35 % of it that one IP gets.
static RATE_LIMITS: [RateLimit; 2] = [
    RateLimit::new("userActivities of the IP", 210, MINUTE),
    RateLimit::new("userActivities of the licence", 600, MINUTE),
];

/// How often users signed on and reset their passwords, in buckets of an hour, a day or a week.
///
/// Made by [`Client::user_activities`]. [`send`](Self::send) gives all buckets;
/// [`items`](Self::items) and [`pages`](Self::pages) read them as other lists are read.
///
/// The service gives whole buckets only and drops the partial ones at the ends of the range:
/// [`aligned`](Self::aligned) widens the range so that nothing of it is dropped,
/// [`expected_buckets`](Self::expected_buckets) says beforehand what will come, and
/// [`UserActivityCounts::gaps`] afterwards what did not.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before send(), items(), pages() or first_page()"]
pub struct UserActivities {
    client: Client,
    between: Option<(Timestamp, Timestamp)>,
    sample_size: Option<SampleSize>,
}

impl UserActivities {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, between: None, sample_size: None }
    }

    /// The range to count: `startDate` and `endDate` of the vendor's filter, which takes both or
    /// neither. Default: what the service takes for the last 30 days.
    ///
    /// The offset of the start decides where days begin; the end is sent with the same offset.
    /// Both are sent in whole seconds, within the range given, which changes no bucket.
    pub fn between(mut self, start: impl Into<Timestamp>, end: impl Into<Timestamp>) -> Self {
        self.between = Some((start.into(), end.into()));
        self
    }

    /// How long a bucket is: `sampleSize`. Default: as the service chooses, see
    /// [`effective_sample_size`](Self::effective_sample_size).
    pub fn sample_size(mut self, size: SampleSize) -> Self {
        self.sample_size = Some(size);
        self
    }

    /// Widens the range to whole buckets, so that nothing of it is dropped, and sets the sample
    /// size that they are of. See [`SampleSize::widened`]; a bucket that is not over yet is
    /// counted as far as it has come. Without a range nothing changes.
    pub fn aligned(mut self) -> Self {
        // A range that cannot be is reported when it is sent.
        if let Ok(Some(range)) = self.range() {
            let size = self.sample_size.unwrap_or_else(|| SampleSize::chosen_for(&range));
            if let Some(Range { start, end }) = size.widened(&range) {
                self.between = Some((start.into(), end.into()));
                self.sample_size = Some(size);
            }
        }
        self
    }

    /// The size that the buckets will have: the one asked for, or the one that the service
    /// chooses for the range. See [`SampleSize::chosen_for`].
    pub fn effective_sample_size(&self) -> SampleSize {
        let chosen = || match self.range() {
            Ok(Some(range)) => SampleSize::chosen_for(&range),
            // 30 days.
            _ => SampleSize::Day,
        };
        self.sample_size.unwrap_or_else(chosen)
    }

    /// The buckets that will come, in the order of time. None where it cannot be said: without a
    /// range, whose end the service's clock decides, and for weeks.
    pub fn expected_buckets(&self) -> Option<crate::Buckets> {
        let range = self.range().ok().flatten()?;
        self.effective_sample_size().whole_buckets(&range)
    }

    /// Asks for all buckets.
    ///
    /// # Errors
    /// Every kind: a range that cannot be, no answer, an answer that is an error or cannot be
    /// read. A single bucket that does not fit is no error: see
    /// [`UserActivityCounts::rejected`].
    pub async fn send(self) -> Result<UserActivityCounts> {
        let range = self.range()?;
        UserActivityCounts::collect(self.pages(), range).await
    }

    /// Iterates over the buckets one by one.
    pub fn items(self) -> Items<Self> {
        self.client.clone().items(self)
    }

    /// Iterates over the buckets page by page. As far as is known, there is one page.
    pub fn pages(self) -> Pages<Self> {
        self.client.clone().pages(self)
    }

    /// Asks for one page only. As far as is known, it is everything.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn first_page(self) -> Result<Page<UserActivity>> {
        self.client.execute(&self).await
    }

    /// The range as it is sent: whole seconds, one offset.
    fn range(&self) -> Result<Option<Range<OffsetDateTime>>> {
        let Some((start, end)) = &self.between else { return Ok(None) };
        let refuse = |why: &'static str| {
            let next = "nothing was sent; check the two dates";
            Err(Error::new(ErrorKind::Argument, "pingone user_activities", why, next))
        };
        if start >= end {
            return refuse("the start is not earlier than the end");
        }
        let start = start.instant();
        let Some(end) = end.instant().checked_to_offset(start.offset()) else {
            return refuse("the end is beyond the calendar by the offset of the start");
        };
        let (Some(start), Some(end)) = (next_second(start), end.replace_nanosecond(0).ok()) else {
            return refuse("the start is beyond the calendar");
        };
        if start >= end {
            return refuse("the range is shorter than a second");
        }
        Ok(Some(start..end))
    }

    fn filter(&self) -> Result<Option<String>> {
        let Some(range) = self.range()? else { return Ok(None) };
        let text = |instant: OffsetDateTime| {
            instant.format(&Rfc3339).map_err(|_| {
                let why = "a date has a year above 9999, or an offset that is no whole minutes";
                let next = "nothing was sent; check the two dates";
                Error::new(ErrorKind::Argument, "pingone user_activities", why, next)
            })
        };
        let filter = Filter::default().compare("startDate", "eq", &text(range.start)?)?.compare(
            "endDate",
            "eq",
            &text(range.end)?,
        )?;
        Ok(Some(filter.into_text()))
    }
}

/// The instant itself if it is a whole second, else the next one.
fn next_second(instant: OffsetDateTime) -> Option<OffsetDateTime> {
    let whole = instant.replace_nanosecond(0).ok()?;
    if whole == instant { Some(whole) } else { whole.checked_add(time::Duration::SECOND) }
}

impl Operation for UserActivities {
    type Item = UserActivity;

    fn name(&self) -> &'static str {
        "user_activities"
    }

    fn request(&self) -> Result<Request> {
        let environment = Segment::value("environment_id", self.client.environment_id())?;
        let [v1, environments, activities] =
            ["v1", "environments", "userActivities"].map(Segment::fixed);
        Ok(Request::get([v1, environments, environment, activities])
            .query_opt("filter", self.filter()?)
            .query_opt("sampleSize", self.sample_size.map(SampleSize::as_str)))
    }

    fn layout(&self) -> PageLayout {
        USER_ACTIVITIES
    }

    /// Nothing says that the answer has pages; a link to one is followed all the same.
    fn paging(&self) -> Paging {
        Paging::NextLink
    }

    fn rate_limits(&self) -> &[RateLimit] {
        &RATE_LIMITS
    }

    fn identity<'a>(&self, item: &'a UserActivity) -> Option<Cow<'a, str>> {
        item.start_date.as_ref()?.text().map(Cow::Borrowed)
    }
}
