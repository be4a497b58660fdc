//! What can go wrong between a client and a service: one throw of the dice for each request.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Map, Value};
use signin_core::HttpResponse;

use super::dice::Dice;

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The service is not reached.
    Refused,
    /// The connection breaks before the service has looked at the request.
    Reset,
    /// The service answers, and the connection breaks before the answer is whole.
    Lost,
    /// No answer, ever.
    Silence,
    /// The answer comes late.
    Late(Duration),
    /// The answer is cut off, and nothing says so.
    Cut,
    /// The answer is something else.
    Garbage(&'static str),
    /// The answer is that to the list's request before, where there was one: there is none to a
    /// request for a token.
    Repeated,
    /// The answer has an error of the service's beside its list, which is empty: with how it goes
    /// on, or without.
    Failed { goes_on: bool },
    /// Another answer, with this Retry-After.
    Status(u16, Option<&'static str>),
}

/// What stands in the way answers so.
const GARBAGE: [&str; 6] = [
    "",
    "<!DOCTYPE html><title>Sign in to the network</title>",
    "{}",
    "null",
    "{\"error\":{\"code\":\"busy\"}}",
    "\u{1}\u{2}\u{3}",
];

/// Every form of Retry-After, true and not. The date is that of [`DATE`], 40 seconds later.
const RETRY_AFTER: [Option<&str>; 9] = [
    None,
    Some("0"),
    Some("7"),
    Some("2.128"),
    Some("Tue, 10 Jun 2025 10:00:40 GMT"),
    Some("Tue, 10 Jun 2025 09:00:00 GMT"),
    Some("-5"),
    Some("soon"),
    Some("86400"),
];

const DATE: &str = "Tue, 10 Jun 2025 10:00:00 GMT";

impl Fault {
    /// Whether it happens to the service's answer.
    pub(super) fn is_of_the_answer(self) -> bool {
        matches!(self, Self::Lost | Self::Cut | Self::Repeated | Self::Failed { .. })
    }

    /// What happens in its place to an answer without a body.
    pub(super) fn of_no_body(self) -> Self {
        if self == Self::Cut { Self::Lost } else { self }
    }

    pub(super) fn throw(dice: &mut Dice) -> Self {
        match dice.below(20) {
            0 => Self::Refused,
            1 => Self::Reset,
            2 | 3 => Self::Lost,
            4 => Self::Silence,
            5 => Self::Late(Duration::from_secs(1 + dice.below(600))),
            6 | 7 => Self::Cut,
            8 => Self::Garbage(dice.pick(&GARBAGE)),
            9 | 10 => Self::Repeated,
            11 | 12 => Self::Status(429, dice.pick(&RETRY_AFTER)),
            13 => Self::Status(401, None),
            14 => Self::Status(403, None),
            15 => Self::Status(302, None),
            16 => Self::Status(503, dice.pick(&RETRY_AFTER)),
            17 | 18 => Self::Failed { goes_on: dice.percent(50) },
            _ => Self::Status(dice.pick(&[408, 500, 502, 504]), None),
        }
    }
}

/// A page with these members of an error, and with no records; None where it has no list, or where
/// the error is no object.
pub(super) fn failed(page: &[u8], error: &[u8], goes_on: bool) -> Option<Vec<u8>> {
    let mut page: Map<String, Value> = serde_json::from_slice(page).ok()?;
    let error: Map<String, Value> = serde_json::from_slice(error).ok()?;
    // The list stands in the page, or in an object of it.
    let lists = page.iter_mut().filter_map(|(name, value)| emptied(value).then(|| name.clone()));
    let lists: Vec<_> = lists.collect();
    if lists.is_empty() {
        return None;
    }
    page.retain(|name, _| goes_on || lists.contains(name));
    page.extend(error);
    serde_json::to_vec(&page).ok()
}

/// Empties a list, or those of an object; whether there was one.
fn emptied(value: &mut Value) -> bool {
    match value {
        Value::Array(list) => {
            list.clear();
            true
        }
        Value::Object(members) => {
            let lists = members.values_mut().filter_map(Value::as_array_mut);
            lists.map(Vec::clear).count() > 0
        }
        _ => false,
    }
}

/// The answer of whatever stands in the way.
pub(super) fn answer(status: u16, retry_after: Option<&'static str>, body: &str) -> HttpResponse {
    let mut headers = HeaderMap::new();
    headers.insert(header::DATE, HeaderValue::from_static(DATE));
    if let Some(value) = retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static(value));
    }
    if status == 302 {
        let elsewhere = HeaderValue::from_static("https://login.example/");
        headers.insert(header::LOCATION, elsewhere);
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse { status, headers, body: body.as_bytes().to_vec().into() }
}
