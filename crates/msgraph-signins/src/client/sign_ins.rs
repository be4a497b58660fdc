//! The list of sign-ins: `GET /auditLogs/signIns`.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue};
use signin_core::{Paging, RateLimit, Request, Segment, list_calls};
use time::OffsetDateTime;

use crate::client::error::is_dead_link;
use crate::client::filter::{Filter, From};
use crate::decode::SIGN_INS;
use crate::{
    ApiVersion, Client, Error, ErrorKind, Operation, PageLayout, Result, SignIn, SignInEventType,
    Timestamp,
};

/// The most records on a page that the service gives.
const MOST_ON_A_PAGE: u32 = 1000;

/// The sign-ins of a tenant, the newest first.
///
/// Made by [`Client::sign_ins`]. Read it by [`items`](Self::items) or [`pages`](Self::pages);
/// [`first_page`](Self::first_page) is one request. Long ranges are better read by
/// [`window`](Self::window): on large tenants a list without a range of time does not answer in
/// time, and one of hundreds of thousands of records breaks on the way.
///
/// Setters of the same property are alternatives: `user_id(a).user_id(b)` gives the sign-ins of
/// both. Setters of different properties all hold at once.
///
/// Paging: by the whole next link. Pages may be short, even empty; only a missing link ends the
/// list. A link dies with its skip token after a while, also the one in a checkpoint: then the
/// pager goes on with what is not newer than the oldest record that came, and a minute more, of
/// which some records may come twice. With the oldest first, or without `createdDateTime` in `select`,
/// the list is begun again.
#[derive(Debug, Clone)]
#[must_use = "nothing is fetched before items(), pages() or first_page()"]
pub struct SignIns {
    pub(crate) client: Client,
    pub(crate) filter: Filter,
    version: Option<ApiVersion>,
    top: u32,
    order: Option<SignInOrder>,
    select: Vec<String>,
}

/// In which order sign-ins are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignInOrder {
    /// The newest first, as without an order: `createdDateTime desc`.
    NewestFirst,
    /// The oldest first: `createdDateTime asc`.
    OldestFirst,
}

impl SignIns {
    pub(crate) fn new(client: Client) -> Self {
        let (filter, select) = (Filter::default(), Vec::new());
        Self { client, filter, version: None, top: MOST_ON_A_PAGE, order: None, select }
    }

    /// Only sign-ins of this instant or later: `createdDateTime ge`.
    pub fn created_from(mut self, time: impl Into<Timestamp>) -> Self {
        self.filter.from = Some(From::At(time.into().instant()));
        self
    }

    /// Only sign-ins later than this instant: `createdDateTime gt`.
    pub fn created_after(mut self, time: impl Into<Timestamp>) -> Self {
        self.filter.from = Some(From::After(time.into().instant()));
        self
    }

    /// Only sign-ins before this instant: `createdDateTime lt`.
    pub fn created_before(mut self, time: impl Into<Timestamp>) -> Self {
        self.filter.before = Some(time.into().instant());
        self
    }

    /// Only these kinds of sign-ins. Without it, interactive ones are listed.
    ///
    /// All kinds but [`InteractiveUser`](SignInEventType::InteractiveUser) are in beta only: the
    /// call then goes to beta, which [`version`](Self::version) says, and which Microsoft does
    /// not support for production.
    pub fn event_types(mut self, kinds: impl IntoIterator<Item = SignInEventType>) -> Self {
        self.filter.kinds.extend(kinds);
        self
    }

    /// Only sign-ins that also pass this filter of OData, sent **as it is**, in parentheses.
    ///
    /// What is built into it unquoted can change what is asked for: quote values by
    /// [`odata::text`](crate::client::odata::text) and [`odata::time`](crate::client::odata::time). Said several
    /// times, all of them hold.
    pub fn filter_raw(mut self, filter: impl Into<String>) -> Self {
        self.filter.raw.push(filter.into());
        self
    }

    /// How many records a page holds, 1 to 1000: `$top`. Default 1000, so that a list takes few
    /// requests.
    pub fn top(mut self, records: u32) -> Self {
        self.top = records;
        self
    }

    /// The order, `$orderby`. Default: none is sent, and the newest come first.
    pub fn order_by(mut self, order: SignInOrder) -> Self {
        self.order = Some(order);
        self
    }

    /// Only these members, by their names on the wire: `$select`. `id` is asked for as well,
    /// since it distinguishes records. Said several times, all of them. Default: every member.
    pub fn select<S: Into<String>>(mut self, members: impl IntoIterator<Item = S>) -> Self {
        self.select.extend(members.into_iter().map(Into::into));
        self
    }

    /// Asks this version. Default: v1.0, or beta where [`event_types`](Self::event_types) needs
    /// it.
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.version = Some(version);
        self
    }

    /// The version that will be asked.
    pub fn version(&self) -> ApiVersion {
        self.version.unwrap_or(self.filter.version())
    }

    list_calls!();

    fn check(&self) -> std::result::Result<(), String> {
        if !(1..=MOST_ON_A_PAGE).contains(&self.top) {
            return Err(format!("top is {}, not 1 to {MOST_ON_A_PAGE}", self.top));
        }
        if self.version() < self.filter.version() {
            return Err("these kinds of sign-ins are in beta, not in v1.0".into());
        }
        Ok(())
    }
}

impl Operation for SignIns {
    type Item = SignIn;

    fn name(&self) -> &'static str {
        "sign_ins"
    }

    fn request(&self) -> Result<Request> {
        self.filter.check()?;
        self.check().map_err(|why| {
            let next = "nothing was sent; check the argument";
            Error::new(ErrorKind::Argument, "msgraph sign_ins", why, next)
        })?;
        let order = self.order.map(|order| match order {
            SignInOrder::NewestFirst => "createdDateTime desc",
            SignInOrder::OldestFirst => "createdDateTime asc",
        });
        Ok(get(&self.client, self.version(), None)
            .query_opt("$filter", self.filter.text()?)
            .query_opt("$orderby", order)
            .query("$top", self.top.to_string())
            .query_opt("$select", selection(&self.select)?))
    }

    fn layout(&self) -> PageLayout {
        SIGN_INS
    }

    fn paging(&self) -> Paging {
        Paging::NextLink
    }

    fn rate_limits(&self) -> &[RateLimit] {
        self.client.rate_limits()
    }

    fn identity<'a>(&self, item: &'a SignIn) -> Option<Cow<'a, str>> {
        item.id.as_deref().map(Cow::Borrowed)
    }

    fn is_dead(&self, error: &Error) -> bool {
        is_dead_link(error)
    }

    fn time(&self, item: &SignIn) -> Option<OffsetDateTime> {
        let is_newest_first = self.order != Some(SignInOrder::OldestFirst);
        item.created_date_time.as_ref().filter(|_| is_newest_first).map(Timestamp::instant)
    }

    fn before(&self, end: OffsetDateTime) -> Option<Self> {
        let mut list = self.clone();
        list.filter.before = Some(self.filter.before.map_or(end, |before| before.min(end)));
        Some(list)
    }
}

/// A GET of the sign-ins or of one of them, with the headers that each request carries: links
/// do not carry them on.
pub(crate) fn get(client: &Client, version: ApiVersion, id: Option<Segment>) -> Request {
    let path = [version.as_str(), "auditLogs", "signIns"].map(Segment::fixed);
    // Without it, members newer than the schema come as `unknownFutureValue`.
    let prefer = HeaderValue::from_static("include-unknown-enum-members");
    Request::get(path.into_iter().chain(id))
        .header(HeaderName::from_static("prefer"), prefer)
        .request_id(HeaderName::from_static("client-request-id"))
        .account(client.tenant())
}

/// The value of `$select`, with `id` in it; None for every member.
pub(crate) fn selection(members: &[String]) -> Result<Option<String>> {
    let is_name = |name: &String| {
        let mut bytes = name.bytes();
        bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    if let Some(name) = members.iter().find(|name| !is_name(name)) {
        let why = format!("select has `{name}`, which is no name of a member");
        let next = "nothing was sent; give names such as createdDateTime";
        return Err(Error::new(ErrorKind::Argument, "msgraph request", why, next));
    }
    let mut names: Vec<&str> = members.iter().map(String::as_str).collect();
    if !names.is_empty() && !names.contains(&"id") {
        names.insert(0, "id");
    }
    Ok((!names.is_empty()).then(|| names.join(",")))
}
