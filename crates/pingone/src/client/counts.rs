//! What a request for user activities gave: the buckets, their sums, and what they leave out.

use std::ops::Range;

use signin_core::vendor::MOST_RECORDS;
use time::OffsetDateTime;

use crate::{
    Error, ErrorKind, Pages, Record, Rejected, Report, Result, UserActivities, UserActivity,
    UserSignOns,
};

/// The buckets of a range, and what they leave out of it.
#[derive(Debug, Clone)]
pub struct UserActivityCounts {
    rows: Vec<std::result::Result<Record<UserActivity>, Rejected>>,
    range: Option<Range<OffsetDateTime>>,
    report: Report,
}

impl UserActivityCounts {
    pub(crate) async fn collect(
        mut pages: Pages<UserActivities>,
        range: Option<Range<OffsetDateTime>>,
    ) -> Result<Self> {
        let mut rows = Vec::new();
        while let Some(page) = pages.try_next().await? {
            rows.extend(page.into_rows());
            if rows.len() > MOST_RECORDS {
                let why = format!("there are more than {MOST_RECORDS} buckets");
                let next = "ask for a shorter range or larger buckets, or walk them by items()";
                return Err(Error::new(ErrorKind::TooLarge, "pingone user_activities", why, next));
            }
        }
        Ok(Self { rows, range, report: pages.report().clone() })
    }

    /// The buckets that fit their type, in the order in which they came.
    pub fn buckets(&self) -> impl Iterator<Item = &Record<UserActivity>> {
        self.rows.iter().filter_map(|row| row.as_ref().ok())
    }

    /// Those that do not. They are in no sum.
    pub fn rejected(&self) -> impl Iterator<Item = &Rejected> {
        self.rows.iter().filter_map(|row| row.as_ref().err())
    }

    /// Every bucket in its place, typed or rejected.
    pub fn into_rows(self) -> Vec<std::result::Result<Record<UserActivity>, Rejected>> {
        self.rows
    }

    /// Sign-ons that succeeded, over all buckets.
    pub fn successes(&self) -> i64 {
        self.sum(|bucket| {
            bucket.user_sign_ons.as_ref().and_then(|UserSignOns { successes, .. }| *successes)
        })
    }

    /// Sign-ons that failed, over all buckets.
    pub fn failures(&self) -> i64 {
        self.sum(|bucket| {
            bucket.user_sign_ons.as_ref().and_then(|UserSignOns { failures, .. }| *failures)
        })
    }

    /// Password resets, over all buckets.
    pub fn password_resets(&self) -> i64 {
        self.sum(|bucket| bucket.password_resets)
    }

    /// The parts of the range asked for that no bucket covers, from the earliest: the partial
    /// buckets at its ends, which the service drops without a word, and whatever else is
    /// missing. What happened there is in no sum. Empty if no range was asked for.
    pub fn gaps(&self) -> Vec<Range<OffsetDateTime>> {
        let Some(range) = &self.range else { return Vec::new() };
        let bounds = self.buckets().filter_map(|bucket| {
            let (start, end) = (bucket.start_date.as_ref()?, bucket.end_date.as_ref()?);
            Some((start.instant(), end.instant()))
        });
        let mut covered: Vec<_> = bounds.filter(|(start, end)| start < end).collect();
        covered.sort_unstable();
        let mut gaps = Vec::new();
        let mut reached = range.start;
        for (start, end) in covered {
            if start > reached && reached < range.end {
                gaps.push(reached..start.min(range.end));
            }
            reached = reached.max(end);
        }
        if reached < range.end {
            gaps.push(reached..range.end);
        }
        gaps
    }

    /// What fetching them took, and what was noticed.
    pub fn report(&self) -> &Report {
        &self.report
    }

    fn sum(&self, count: impl Fn(&UserActivity) -> Option<i64>) -> i64 {
        self.buckets().filter_map(|bucket| count(bucket)).fold(0, i64::saturating_add)
    }
}
