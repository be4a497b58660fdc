//! A small API that every test asks: one vendor, one list, three ways of paging.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::time::Duration;

use serde::de::MapAccess;
use serde::{Deserialize, Deserializer};
use signin_core::PageField;
use signin_core::Paging;
use signin_core::RateLimit;
use signin_core::StaticToken;
use signin_core::vendor::{Client, ClientOptions, Member, Model, Shape, Table, model};
use signin_core::vendor::{ErrorDetails, ErrorResponse, VendorSpec};
use signin_core::{
    Credential, Error, ErrorKind, FromJson, Id, Items, Json, Operation, Page, PageLayout, Result,
    RetryPolicy, Timestamp, Transport,
};
use signin_core::{Request, Segment};

pub(crate) const KEY: &str = "key-0123456789abcdef";

pub(crate) static ACME: VendorSpec = VendorSpec {
    name: "acme",
    agent: "acme-sdk/1.0",
    documented_base: None,
    request_id: &["x-request-id"],
    fault,
};

fn fault(answer: &ErrorResponse<'_>) -> ErrorDetails {
    let message = answer.text(&[&["message"], &["error", "message"]]);
    let code = answer.text(&[&["code"]]);
    ErrorDetails {
        kind: (code.as_deref() == Some("passing")).then_some(ErrorKind::Service),
        code,
        message: message.or_else(|| answer.plain().map(str::to_owned)),
        ..ErrorDetails::default()
    }
}

pub(crate) const CURSOR: Paging = Paging::Cursor { parameter: "cursor" };

pub(crate) const fn numbered(size: u64, says_next: bool) -> Paging {
    Paging::PageNumber { parameter: "page", start: 1, first: 1, size, says_next }
}

/// A record with a table of its own, an object and a list in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Row {
    pub(crate) id: Option<Id>,
    pub(crate) at: Option<Timestamp>,
    pub(crate) count: Option<i64>,
    pub(crate) user: Option<String>,
    pub(crate) ok: Option<bool>,
    pub(crate) place: Option<Place>,
    pub(crate) devices: Option<Vec<Place>>,
    pub(crate) any: Option<Json>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Place {
    pub(crate) city: Option<String>,
    pub(crate) latitude: Option<f64>,
}

static PLACE: Table = Table {
    name: "Place",
    members: &[Member::new("city", Shape::Text), Member::new("latitude", Shape::Number)],
};

static ROW: Table = Table {
    name: "Row",
    members: &[
        Member::new("id", Shape::Id),
        Member::new("at", Shape::Time).or(&["createdAt"]),
        Member::new("count", Shape::Integer),
        Member::new("user", Shape::Text),
        Member::new("ok", Shape::Bool),
        Member::new("place", Shape::Object(&PLACE)),
        Member::new("devices", Shape::List(&Shape::Object(&PLACE))),
        Member::new("any", Shape::Any),
    ],
};

impl Model for Row {
    fn table() -> &'static Table {
        &ROW
    }

    fn assign<'de, A: MapAccess<'de>>(
        &mut self,
        member: usize,
        value: &mut A,
    ) -> Result<(), A::Error> {
        match member {
            0 => self.id = value.next_value()?,
            1 => self.at = value.next_value()?,
            2 => self.count = value.next_value()?,
            3 => self.user = value.next_value()?,
            4 => self.ok = value.next_value()?,
            5 => self.place = value.next_value()?,
            6 => self.devices = value.next_value()?,
            _ => self.any = value.next_value()?,
        }
        Ok(())
    }
}

impl Model for Place {
    fn table() -> &'static Table {
        &PLACE
    }

    fn assign<'de, A: MapAccess<'de>>(
        &mut self,
        member: usize,
        value: &mut A,
    ) -> Result<(), A::Error> {
        match member {
            0 => self.city = value.next_value()?,
            _ => self.latitude = value.next_value()?,
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        model::deserialize(source)
    }
}

/// What a type of records can tell a pager.
pub(crate) trait Listed: FromJson + Send + Sync + Unpin + 'static {
    fn key(&self) -> Option<&str> {
        None
    }

    fn time(&self) -> Option<String> {
        None
    }
}

impl Listed for Json {}

impl Listed for Row {
    fn key(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn time(&self) -> Option<String> {
        self.at.as_ref()?.text().map(str::to_owned)
    }
}

/// `GET /v1/events`, with everything that an operation may say.
pub(crate) struct List<T> {
    pub(crate) paging: Paging,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) body: Option<&'static str>,
    pub(crate) scopes: &'static [RateLimit],
    /// Whether records are told apart.
    pub(crate) keyed: bool,
    /// Whether records of one key may be different ones.
    pub(crate) alike: bool,
    /// Whether the first page's newest record fixes the list's end.
    pub(crate) pinned: bool,
    /// Whether rows keep their order.
    pub(crate) ordered: bool,
    pub(crate) item: PhantomData<fn() -> T>,
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self { query: self.query.clone(), ..*self }
    }
}

impl<T> List<T> {
    pub(crate) fn new(paging: Paging) -> Self {
        let (query, item) = (Vec::new(), PhantomData);
        let (keyed, alike, pinned, ordered) = (false, false, false, true);
        Self { paging, query, body: None, scopes: &[], keyed, alike, pinned, ordered, item }
    }

    pub(crate) fn keyed(self) -> Self {
        Self { keyed: true, ..self }
    }

    pub(crate) fn alike(self) -> Self {
        Self { keyed: true, alike: true, ..self }
    }

    pub(crate) fn unordered(self) -> Self {
        Self { ordered: false, ..self }
    }

    pub(crate) fn scopes(self, scopes: &'static [RateLimit]) -> Self {
        Self { scopes, ..self }
    }
}

impl<T: Listed> Operation for List<T> {
    type Item = T;

    fn name(&self) -> &'static str {
        "events"
    }

    fn request(&self) -> Result<Request> {
        let path = ["v1", "events"].map(Segment::fixed);
        let request = match self.body {
            Some(body) => Request::post_idempotent(path, body),
            None => Request::get(path),
        };
        Ok(self.query.iter().fold(request, |request, (name, value)| request.query(*name, value)))
    }

    fn layout(&self) -> PageLayout {
        PageLayout(&[
            (PageField::Records, &["data"]),
            (PageField::NextLink, &["next"]),
            (PageField::NextCursor, &["cursor"]),
            (PageField::NextPage, &["meta", "next_page"]),
            (PageField::Total, &["meta", "total"]),
            (PageField::PageSize, &["meta", "size"]),
        ])
    }

    fn paging(&self) -> Paging {
        self.paging
    }

    fn rate_limits(&self) -> &[RateLimit] {
        self.scopes
    }

    fn identity<'a>(&self, item: &'a T) -> Option<Cow<'a, str>> {
        if self.keyed { item.key().map(Cow::Borrowed) } else { None }
    }

    fn identity_is_unique(&self) -> bool {
        !self.alike
    }

    fn keeps_order(&self) -> bool {
        self.ordered
    }

    fn fixed_parameters(&self) -> &'static [&'static str] {
        &["until"]
    }

    fn fix_parameters(&self, first: &Page<T>) -> Vec<(&'static str, String)> {
        let newest = first.items().next().and_then(|record| record.time());
        newest.filter(|_| self.pinned).map(|time| ("until", time)).into_iter().collect()
    }
}

/// So many attempts with hardly any back-off, for real sockets.
pub(crate) fn quick(attempts: u32) -> RetryPolicy {
    let mut policy = RetryPolicy::default().attempts(attempts);
    policy.base_delay = Duration::from_millis(1);
    policy
}

pub(crate) fn settings(base: &str) -> ClientOptions {
    let mut settings = ClientOptions::new(&ACME, base, "");
    settings.set_credential(Credential::bearer(StaticToken::new(KEY).unwrap()));
    settings.set_retry(quick(1));
    settings
}

/// A client of `https://api.example` by this transport, with the default retries.
pub(crate) fn scripted(transport: impl Transport) -> Client {
    let mut settings = settings("https://api.example");
    settings.set_retry(RetryPolicy::default());
    settings.set_transport(transport);
    settings.build().unwrap()
}

/// A page of records with what says how to go on, such as `"cursor":"x"`.
pub(crate) fn page(records: &str, rest: &str) -> String {
    let comma = if rest.is_empty() { "" } else { "," };
    format!(r#"{{"data":[{records}]{comma}{rest}}}"#)
}

/// What a pager gives until it ends or fails for good.
pub(crate) async fn drain<T: Listed>(items: &mut Items<List<T>>) -> (Vec<String>, Option<Error>) {
    let mut raw = Vec::new();
    while raw.len() < 10_000 {
        match items.try_next().await {
            Ok(Some(record)) => raw.push(record.raw().to_owned()),
            Ok(None) => return (raw, None),
            Err(error) if error.rejected().is_some() => {
                raw.push(error.rejected().unwrap().raw());
            }
            Err(error) => return (raw, Some(error)),
        }
    }
    panic!("the walk does not end")
}

/// What holds for every error's line, whatever the service sent.
pub(crate) fn assert_good_line(error: &Error) {
    let line = error.to_string();
    assert!(line.chars().count() <= 300, "{} characters: {line}", line.chars().count());
    for text in [&line, &format!("{error:?}")] {
        assert!(!text.contains(char::is_control), "control character: {text:?}");
        assert!(!text.contains(KEY), "the key is shown: {text}");
        let hidden =
            |c| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}');
        assert!(!text.contains(hidden), "hidden character: {text:?}");
    }
}

/// A page under `data` with this record so often.
pub(crate) fn list_of(record: &str, count: usize) -> Vec<u8> {
    let mut body = String::with_capacity(record.len() * count + count + 16);
    body.push_str("{\"data\":[");
    for place in 0..count {
        body.push_str(if place == 0 { "" } else { "," });
        body.push_str(record);
    }
    body.push_str("]}");
    body.into_bytes()
}
