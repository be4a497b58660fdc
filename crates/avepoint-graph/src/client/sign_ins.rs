//! Sign-ins: `GET …/um/customers/{customerId}/tenants/{tenantId}/overview/security/compliances/signins`.

use std::borrow::Cow;

use signin_core::{Paging, RateLimit, Request, Segment};
use time::UtcOffset;

use crate::client::listing::{Listing, RATE_LIMITS, ROOT, numbered_pages, refuse};
use crate::decode::SIGN_INS;
use crate::{Client, Id, Operation, PageLayout, Result, SignIn, Timestamp};

/// The sign-ins of one tenant, in no documented order.
///
/// Made by [`Client::sign_ins`]. Read it by [`items`](Self::items) or [`pages`](Self::pages);
/// [`first_page`](Self::first_page) is one request.
///
/// Paging: by page number, and rows may move between pages while they are read. So a pager
/// remembers what came (8 bytes a sign-in, 5 MB at most), and where one came twice or the total
/// changed it goes through the pages again, three times at most, until two passes gave the same;
/// else its report is not complete. What a later pass finds is yielded then, and nothing
/// twice. A tenant with more than 400,000 sign-ins is read once, and not said to be complete.
/// A resumed pager goes on where it was, then through the list from its start, and yields again,
/// once, what came before the checkpoint's own pages.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before items(), pages() or first_page()"]
pub struct SignIns {
    client: Client,
    customer_id: Id,
    tenant_id: Id,
    choice: Choice,
    listing: Listing,
}

/// Which sign-ins to give.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice {
    pub(crate) risky: Option<bool>,
    pub(crate) since: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
}

impl SignIns {
    pub(crate) fn new(client: Client, customer_id: Id, tenant_id: Id) -> Self {
        let (choice, listing) = (Choice::default(), Listing::new());
        Self { client, customer_id, tenant_id, choice, listing }
    }

    /// The same list with another choice and other pages.
    pub(crate) fn chosen(self, choice: Choice, listing: Listing) -> Self {
        Self { choice, listing, ..self }
    }

    choice!();
    numbered_pages!();
}

impl Operation for SignIns {
    type Item = SignIn;

    fn name(&self) -> &'static str {
        "sign_ins"
    }

    fn request(&self) -> Result<Request> {
        self.choice.check(self.name())?;
        let customer = Segment::value("customer_id", &self.customer_id)?;
        let tenant = Segment::value("tenant_id", &self.tenant_id)?;
        let [um, customers, tenants] = ["um", "customers", "tenants"].map(Segment::fixed);
        let list = ["overview", "security", "compliances", "signins"].map(Segment::fixed);
        let whose = [um, customers, customer, tenants, tenant];
        let path = ROOT.map(Segment::fixed).into_iter().chain(whose).chain(list);
        let request = Request::get(path);
        let request = request.query_opt("risky", self.choice.risky.map(|risky| risky.to_string()));
        self.listing.add_to(request, self.name())
    }

    fn layout(&self) -> PageLayout {
        SIGN_INS
    }

    fn paging(&self) -> Paging {
        self.listing.paging()
    }

    fn rate_limits(&self) -> &[RateLimit] {
        &RATE_LIMITS
    }

    fn identity<'a>(&self, item: &'a SignIn) -> Option<Cow<'a, str>> {
        item.id.as_deref().map(Cow::Borrowed)
    }

    fn keeps_order(&self) -> bool {
        false
    }

    fn passes_filter(&self, item: &SignIn) -> bool {
        self.choice.holds(item)
    }

    fn filter_arguments(&self) -> Vec<(&'static str, String)> {
        self.choice.times()
    }
}

impl Choice {
    /// Whether a sign-in is within the time range. One without a time, or with one that stands for
    /// none, cannot be known to be outside.
    fn holds(&self, sign_in: &SignIn) -> bool {
        let Some(time) = sign_in.login_time.as_ref().filter(|time| !time.stands_for_none()) else {
            return true;
        };
        self.since.as_ref().is_none_or(|since| time >= since)
            && self.until.as_ref().is_none_or(|until| time < until)
    }

    /// The time range, which is no part of the request.
    pub(crate) fn times(&self) -> Vec<(&'static str, String)> {
        let in_utc = |time: &Timestamp| Timestamp::from(time.instant().to_offset(UtcOffset::UTC));
        let times = [("since", &self.since), ("until", &self.until)].into_iter();
        times.filter_map(|(name, time)| Some((name, in_utc(time.as_ref()?).to_string()))).collect()
    }

    pub(crate) fn check(&self, operation: &'static str) -> Result<()> {
        match (&self.since, &self.until) {
            (Some(since), Some(until)) if since >= until => {
                Err(refuse(operation, "since is not earlier than until".into()))
            }
            _ => Ok(()),
        }
    }
}

/// Writes the setters for which sign-ins to give, for a list with a field `choice`.
macro_rules! choice {
    () => {
        /// Only risky sign-ins, or only the others. Default: all.
        pub fn risky(mut self, risky: bool) -> Self {
            self.choice.risky = Some(risky);
            self
        }

        /// Only sign-ins at this time or later.
        ///
        /// The service has no parameter for times and no documented order: every page is fetched
        /// all the same, and what is outside is left out here and counted in the report
        /// (`filtered`). So a range saves no request. A sign-in without a time is never left
        /// out.
        pub fn since(mut self, time: impl Into<$crate::Timestamp>) -> Self {
            self.choice.since = Some(time.into());
            self
        }

        /// Only sign-ins before this time. What it costs: see [`since`](Self::since).
        pub fn until(mut self, time: impl Into<$crate::Timestamp>) -> Self {
            self.choice.until = Some(time.into());
            self
        }
    };
}

pub(crate) use choice;
