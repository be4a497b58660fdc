//! Reading a token request: its parameters, and how the client proves itself.

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::errors::Refusal;
use super::settings::Encoding;
use crate::front::header;
use crate::query;

/// What a token request says.
#[derive(Debug, Default)]
pub(super) struct Request {
    parameters: Vec<(String, String)>,
    /// Id and secret of HTTP Basic.
    basic: Option<(String, String)>,
}

/// What the client shows of itself.
pub(super) enum Shown<'r> {
    Body(&'r str),
    Basic(&'r str),
    Assertion(&'r str),
}

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

impl Request {
    pub(super) fn read(
        headers: &HeaderMap,
        body: &[u8],
        encoding: Encoding,
    ) -> Result<Self, Refusal> {
        let kind = header(headers, CONTENT_TYPE.as_str()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let parameters = match encoding {
            Encoding::Form if kind == "application/x-www-form-urlencoded" => form(body)?,
            Encoding::Form => return Err(Refusal::Request("the body is not a form")),
            Encoding::Json if kind == "application/json" => json(body)?,
            Encoding::Json => return Err(Refusal::Request("the body is not JSON")),
        };
        for (place, (name, _)) in parameters.iter().enumerate() {
            if parameters.iter().skip(place + 1).any(|(other, _)| other == name) {
                return Err(Refusal::Request("a parameter is given twice"));
            }
        }
        let basic = match header(headers, AUTHORIZATION.as_str()) {
            None => None,
            Some(value) => Some(basic(value).ok_or(Refusal::Request("this is not HTTP Basic"))?),
        };
        Ok(Self { parameters, basic })
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn client_id(&self) -> Option<&str> {
        self.basic.as_ref().map(|(id, _)| id.as_str()).or_else(|| self.get("client_id"))
    }

    /// The one proof that is shown.
    pub(super) fn shown(&self) -> Result<Shown<'_>, Refusal> {
        let basic = self.basic.as_ref().map(|(_, secret)| secret.as_str());
        match (self.get("client_secret"), basic, self.get("client_assertion")) {
            (Some(secret), None, None) => Ok(Shown::Body(secret)),
            (None, Some(secret), None) => Ok(Shown::Basic(secret)),
            (None, None, Some(assertion)) => {
                if self.get("client_assertion_type") != Some(ASSERTION_TYPE) {
                    return Err(Refusal::Request("the client_assertion_type is not a JWT's"));
                }
                Ok(Shown::Assertion(assertion))
            }
            (None, None, None) => Err(Refusal::Request("the client does not prove itself")),
            _ => Err(Refusal::Request("the client proves itself in two ways")),
        }
    }
}

fn form(body: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    let text = std::str::from_utf8(body).map_err(|_| Refusal::Request("the body is not text"))?;
    Ok(query::pairs(text).map(|pair| (pair.name, pair.value)).collect())
}

fn json(body: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
        return Err(Refusal::Request("the body is not a JSON object"));
    };
    let text = |value| match value {
        Value::String(text) => Ok(text),
        _ => Err(Refusal::Request("a parameter is not text")),
    };
    members.into_iter().map(|(name, value)| Ok((name, text(value)?))).collect()
}

/// Id and secret, each form-decoded after the split.
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, pair) = value.split_once(' ')?;
    let pair =
        STANDARD.decode(pair.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let pair = String::from_utf8(pair).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((query::decode(id), query::decode(secret)))
}
