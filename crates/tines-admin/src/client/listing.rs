//! What Tines' lists have in common: numbered pages and, where there are times, the newest first.

use std::time::Duration;

use signin_core::{Paging, RateLimit, Request};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::{Error, ErrorKind, Page, Result, Timestamp};

/// The most records on a page that the service gives.
const MOST_PER_PAGE: u32 = 500;

const MINUTE: Duration = Duration::from_secs(60);

/// What all requests of one IP and key are counted by.
const GENERAL: RateLimit = RateLimit::new("general", 5000, MINUTE);

/// The limit of the user pages. Whether sign-in activities count under it is not said; it is
/// assumed.
pub(crate) static USER_RATE_LIMITS: [RateLimit; 2] =
    [RateLimit::new("admin/users", 500, MINUTE), GENERAL];

/// The limit of the audit log.
pub(crate) static AUDIT_LOG_RATE_LIMITS: [RateLimit; 2] =
    [RateLimit::new("audit_logs", 1000, MINUTE), GENERAL];

/// The arguments that say which part of a list is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    pub(crate) before: Option<Timestamp>,
    pub(crate) after: Option<Timestamp>,
    pub(crate) per_page: u32,
    pub(crate) page: u64,
}

impl Listing {
    /// Everything, in pages as large as there are.
    pub(crate) fn new() -> Self {
        Self { before: None, after: None, per_page: MOST_PER_PAGE, page: 1 }
    }

    /// A request with these arguments, but for the page's number.
    pub(crate) fn add_to(&self, request: Request, operation: &'static str) -> Result<Request> {
        self.check(operation)?;
        Ok(request
            .query_opt("before", self.before.as_ref().map(|time| in_utc(time.instant())))
            .query_opt("after", self.after.as_ref().map(|time| in_utc(time.instant())))
            .query("per_page", self.per_page.to_string()))
    }

    /// Refuses arguments that are out of range.
    pub(crate) fn check(&self, operation: &'static str) -> Result<()> {
        self.check_ranges().map_err(|why| {
            let next = "nothing was sent; check the argument";
            Error::new(ErrorKind::Argument, format!("tines {operation}"), why, next)
        })
    }

    fn check_ranges(&self) -> std::result::Result<(), String> {
        if !(1..=MOST_PER_PAGE).contains(&self.per_page) {
            return Err(format!("per_page is {}, not 1 to {MOST_PER_PAGE}", self.per_page));
        }
        if self.page == 0 {
            return Err("page is 0; pages count from 1".into());
        }
        match (&self.after, &self.before) {
            (Some(after), Some(before)) if after >= before => {
                Err("after is not earlier than before".into())
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn paging(&self) -> Paging {
        Paging::PageNumber {
            parameter: "page",
            start: self.page,
            first: 1,
            size: u64::from(self.per_page),
            says_next: true,
        }
    }

    /// The end that a pager fixes at its first page, unless the caller gave one: what arrives
    /// meanwhile would shift the pages.
    pub(crate) fn fixed_end<T>(
        &self,
        first: &Page<T>,
        time: impl Fn(&T) -> Option<&Timestamp>,
    ) -> Vec<(&'static str, String)> {
        if self.before.is_some() {
            return Vec::new();
        }
        let newest = first.items().filter_map(|item| time(item)).max();
        // The clock that writes Date may be behind the one that writes created_at: an end
        // before the newest row would leave that row out and shift the pages after it.
        let end = first.date().max(newest.map(Timestamp::instant)).map(next_second);
        end.map(|end| ("before", in_utc(end))).into_iter().collect()
    }
}

/// An instant as the API takes it. It is sent in UTC whatever offset it was given with.
pub(crate) fn in_utc(instant: OffsetDateTime) -> String {
    let utc = instant.to_offset(UtcOffset::UTC);
    utc.format(&Rfc3339).unwrap_or_else(|_| utc.to_string())
}

/// The first whole second after an instant, in UTC.
pub(crate) fn next_second(instant: OffsetDateTime) -> OffsetDateTime {
    let following = instant.unix_timestamp().saturating_add(1);
    OffsetDateTime::from_unix_timestamp(following).unwrap_or(instant)
}

/// Writes the setters for the time range, for a list with a field `listing`.
macro_rules! time_range {
    () => {
        /// Only records created before this time. Whether the instant itself counts is not
        /// documented: ask for a little more and leave out what you have.
        pub fn before(mut self, time: impl Into<$crate::Timestamp>) -> Self {
            self.listing.before = Some(time.into());
            self
        }

        /// Only records created after this time. Whether the instant itself counts is not
        /// documented: ask for a little more and leave out what you have.
        pub fn after(mut self, time: impl Into<$crate::Timestamp>) -> Self {
            self.listing.after = Some(time.into());
            self
        }
    };
}

/// Writes the setters for the pages, and the ways to read them, for a list with the fields
/// `listing` and `client`.
macro_rules! numbered_pages {
    () => {
        /// How many records a page holds, 1 to 500. Default 500, so that a list takes few
        /// requests; the service's own default is 20.
        pub fn per_page(mut self, per_page: u32) -> Self {
            self.listing.per_page = per_page;
            self
        }

        /// The page to start at, from 1. Default 1.
        pub fn page(mut self, page: u64) -> Self {
            self.listing.page = page;
            self
        }

        signin_core::list_calls!();
    };
}

pub(crate) use {numbered_pages, time_range};
