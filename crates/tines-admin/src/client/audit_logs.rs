//! The audit log: `GET /api/v1/audit_logs`.

use std::borrow::Cow;

use signin_core::{Paging, RateLimit, Request, Segment};

use crate::client::listing::{AUDIT_LOG_RATE_LIMITS, Listing, numbered_pages, time_range};
use crate::decode::AUDIT_LOGS;
use crate::{AuditLog, Client, Error, ErrorKind, Id, Operation, Page, PageLayout, Result};

/// The tenant's audit log, the newest first.
///
/// Made by [`Client::audit_logs`]. Read it by [`items`](Self::items) or [`pages`](Self::pages);
/// [`first_page`](Self::first_page) is one request. Paging and resuming are those of
/// [`SigninActivities`](crate::SigninActivities).
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before items(), pages() or first_page()"]
pub struct AuditLogs {
    client: Client,
    user_ids: Vec<Id>,
    operation_names: Vec<String>,
    listing: Listing,
}

impl AuditLogs {
    pub(crate) fn new(client: Client) -> Self {
        let (user_ids, operation_names) = (Vec::new(), Vec::new());
        Self { client, user_ids, operation_names, listing: Listing::new() }
    }

    /// Only what this user did. Said several times: what any of these users did.
    pub fn user_id(mut self, user_id: impl Into<Id>) -> Self {
        self.user_ids.push(user_id.into());
        self
    }

    /// Only operations of this name, such as `Login`. Case matters. Said several
    /// times: operations of any of these names.
    pub fn operation_name(mut self, operation_name: impl Into<String>) -> Self {
        self.operation_names.push(operation_name.into());
        self
    }

    pub(crate) fn listing(mut self, listing: Listing) -> Self {
        self.listing = listing;
        self
    }

    time_range!();
    numbered_pages!();

    /// Refuses filters that hold nothing: the service may take one for none, and give everything.
    fn check(&self) -> Result<()> {
        let mut filters = self
            .user_ids
            .iter()
            .map(Id::as_str)
            .chain(self.operation_names.iter().map(String::as_str));
        if !filters.any(|value| value.trim().is_empty()) {
            return Ok(());
        }
        let (why, next) = ("a user_id or operation_name is empty", "nothing was sent; check it");
        Err(Error::new(ErrorKind::Argument, "tines audit_logs", why, next))
    }
}

impl Operation for AuditLogs {
    type Item = AuditLog;

    fn name(&self) -> &'static str {
        "audit_logs"
    }

    fn request(&self) -> Result<Request> {
        self.check()?;
        let mut request = Request::get(["api", "v1", "audit_logs"].map(Segment::fixed));
        for user_id in &self.user_ids {
            request = request.query("user_id[]", user_id.as_str());
        }
        for name in &self.operation_names {
            request = request.query("operation_name[]", name.as_str());
        }
        self.listing.add_to(request, self.name())
    }

    fn layout(&self) -> PageLayout {
        AUDIT_LOGS
    }

    fn paging(&self) -> Paging {
        self.listing.paging()
    }

    fn rate_limits(&self) -> &[RateLimit] {
        &AUDIT_LOG_RATE_LIMITS
    }

    fn identity<'a>(&self, item: &'a AuditLog) -> Option<Cow<'a, str>> {
        item.id.as_deref().map(Cow::Borrowed)
    }

    fn fixed_parameters(&self) -> &'static [&'static str] {
        &["before"]
    }

    fn fix_parameters(&self, first: &Page<AuditLog>) -> Vec<(&'static str, String)> {
        self.listing.fixed_end(first, |item| item.created_at.as_ref())
    }
}
