//! What a vendor is to the core, and how its error answers become errors.

use std::borrow::Cow;

use http::{HeaderMap, StatusCode, header};
use serde::de::IgnoredAny;
use serde_json::Value;
use url::Url;

use crate::error::{Error, ErrorKind};
use crate::http::origin::Origin;
use crate::text::one_line;

/// What the core must know of a vendor.
#[derive(Debug)]
pub struct VendorSpec {
    /// The short name, in messages and checkpoints.
    pub name: &'static str,
    /// Name and version of the vendor crate, for the user agent.
    pub agent: &'static str,
    /// The API's documented base, if it has one for all customers: links to it are rebased onto
    /// a configured gateway.
    pub documented_base: Option<&'static str>,
    /// The response headers that name a request, the best first.
    pub request_id: &'static [&'static str],
    /// Reads the vendor's error bodies and knows the fix for its errors.
    pub fault: fn(&ErrorResponse<'_>) -> ErrorDetails,
}

/// An answer that is an error: by its status, or, with a good one, by a member of its page that is
/// [for errors](crate::page::page_layout::PageField::Error).
#[derive(Debug, Clone, Copy)]
pub struct ErrorResponse<'a> {
    /// The operation's name.
    pub operation: &'static str,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body. It may be anything: JSON, HTML, nothing.
    pub body: &'a [u8],
}

/// What a vendor says of an error. Everything is optional: the status alone makes a good error.
#[derive(Debug, Clone, Default)]
pub struct ErrorDetails {
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's message.
    pub message: Option<String>,
    /// The vendor's name for the request, where the body has it.
    pub request_id: Option<String>,
    /// What to do, where more is known than the status says.
    pub next: Option<Cow<'static, str>>,
    /// The kind, where the status does not say it. What is of the kind
    /// [`Service`](ErrorKind::Service) may pass, whatever its status: it is tried again once.
    pub kind: Option<ErrorKind>,
}

impl ErrorResponse<'_> {
    /// The first text found at one of these paths of a JSON body. A step into a list takes its
    /// first element; a number is taken as its text.
    pub fn text(&self, paths: &[&[&str]]) -> Option<String> {
        let body: Value = serde_json::from_slice(self.short_body()?).ok()?;
        paths.iter().find_map(|path| match value_at(&body, path)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    }

    /// The body without a byte order mark; None for one that no error message needs.
    fn short_body(&self) -> Option<&[u8]> {
        let body = self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.body);
        (body.len() <= LONGEST_BODY).then_some(body)
    }

    /// The body where it is plain text: neither JSON nor HTML, and text at all.
    pub fn plain(&self) -> Option<&str> {
        let text = std::str::from_utf8(self.short_body()?).ok()?.trim();
        let json = serde_json::from_str::<IgnoredAny>(text).is_ok();
        (!text.is_empty() && !text.starts_with('<') && !json).then_some(text)
    }
}

/// The longest error body in bytes that is looked into.
const LONGEST_BODY: usize = 64 * 1024;

fn value_at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    let value = match value {
        Value::Array(list) => list.first()?,
        value => value,
    };
    match path.split_first() {
        None => Some(value),
        Some((step, rest)) => value_at(value.get(*step)?, rest),
    }
}

impl VendorSpec {
    /// The vendor's name for a request.
    pub(crate) fn request_id(
        &self,
        headers: &HeaderMap,
        clean: impl Fn(&str) -> String,
    ) -> Option<String> {
        let mut values = self.request_id.iter().filter_map(|name| headers.get(*name));
        values.find_map(|value| value.to_str().ok()).map(|id| one_line(&clean(id), 64))
    }

    /// The error that an answer is. `clean` takes the credential out of the vendor's words.
    pub(crate) fn error(
        &self,
        answer: &ErrorResponse<'_>,
        clean: impl Fn(&str) -> String,
    ) -> Error {
        self.error_of(answer, (self.fault)(answer), clean)
    }

    /// The same where the vendor's words are read already.
    pub(crate) fn error_of(
        &self,
        answer: &ErrorResponse<'_>,
        mut fault: ErrorDetails,
        clean: impl Fn(&str) -> String,
    ) -> Error {
        for text in [&mut fault.code, &mut fault.message, &mut fault.request_id] {
            *text = text.take().map(|text| clean(&text));
        }
        fault.request_id = fault.request_id.or_else(|| self.request_id(answer.headers, &clean));
        let status = answer.status;
        let what = format!("{} {}", self.name, answer.operation);
        if is_redirect(answer) {
            let why = format!("{} to {}", status.as_u16(), clean(&destination(answer.headers)));
            let next = fault.next.take().unwrap_or(Cow::Borrowed(
                "no redirect is followed; set the base URL to the API's own host",
            ));
            return Error::new(ErrorKind::Origin, what, why, next).answered(
                status.as_u16(),
                fault.code.as_deref(),
                fault.message.as_deref(),
                fault.request_id.as_deref(),
            );
        }
        let (kind, meaning, next) = meaning(status.as_u16());
        let kind = fault.kind.unwrap_or(kind);
        let reason = match status.canonical_reason() {
            _ if status.is_success() => "with an error",
            reason => reason.unwrap_or("unknown status"),
        };
        // Some services say the status again in words: once is enough.
        let said = fault.message.as_deref().map(|message| one_line(message, 90));
        let said = said.as_deref().map(|message| message.strip_prefix(reason).unwrap_or(message));
        let said = said.map(|message| message.trim_start_matches([':', '.', ' ']));
        let why = match said.filter(|message| !message.is_empty()) {
            Some(message) => format!("{} {reason}: {message}", status.as_u16()),
            None => format!("{} {reason}: {meaning}", status.as_u16()),
        };
        let next = fault.next.take().unwrap_or(Cow::Borrowed(next));
        Error::new(kind, what, why, next).answered(
            status.as_u16(),
            fault.code.as_deref(),
            fault.message.as_deref(),
            fault.request_id.as_deref(),
        )
    }
}

/// Whether an answer sends the client elsewhere. Other 3xx, such as 304, are no redirects.
fn is_redirect(answer: &ErrorResponse<'_>) -> bool {
    matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where a redirect leads: its origin only, since the rest may hold anything.
fn destination(headers: &HeaderMap) -> String {
    let location = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
    match location {
        None => "nowhere".into(),
        Some(text) if text.starts_with('/') && !text.starts_with("//") => "another path".into(),
        Some(text) => match Url::parse(text).ok().as_ref().and_then(Origin::of) {
            Some(origin) => origin.to_string(),
            None => "an unreadable address".into(),
        },
    }
}

/// What a status means where the vendor says nothing better, and what to do.
fn meaning(status: u16) -> (ErrorKind, &'static str, &'static str) {
    const LATER: &str = "resume later; if it stays, tell the vendor";
    match status {
        200..=299 => (ErrorKind::Service, "the page says that the service failed", LATER),
        401 => (
            ErrorKind::Authentication,
            "the credential was not accepted",
            "check that it is of this host, whole, and neither revoked nor expired",
        ),
        403 => (
            ErrorKind::Permission,
            "the credential may not read this",
            "give it the permission or role that the API asks for",
        ),
        404 => (
            ErrorKind::NotFound,
            "there is no such thing, or the credential may not see it",
            "check the ids and the base URL",
        ),
        408 => (ErrorKind::Timeout, "the service gave up waiting", "try again later"),
        429 => (
            ErrorKind::Throttled,
            "the limit is reached",
            "wait, then resume; look for other programs that use the same credential",
        ),
        425 => (ErrorKind::Service, "the service is not ready", LATER),
        500..=599 => (ErrorKind::Service, "the service failed", LATER),
        _ => (
            ErrorKind::Request,
            "the service refuses the request",
            "check the arguments against the vendor's page",
        ),
    }
}
