//! Error bodies, as the module documentation lists them.

use axum::http::StatusCode;

use crate::answer::Answer;
use crate::json;

/// An error before it has a request's id.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
    detail: Option<Box<Detail>>,
    retry_after: Option<u64>,
    fault: bool,
}

#[derive(Debug)]
struct Detail {
    code: &'static str,
    target: Option<&'static str>,
    message: String,
    inner: Option<String>,
}

const BASE: &str = "The request could not be completed.";

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self { status, code, message, detail: None, retry_after: None, fault: false }
    }

    fn detail(self, code: &'static str, target: Option<&'static str>, message: String) -> Self {
        Self { detail: Some(Box::new(Detail { code, target, message, inner: None })), ..self }
    }

    fn inner(mut self, inner: String) -> Self {
        if let Some(detail) = &mut self.detail {
            detail.inner = Some(inner);
        }
        self
    }

    /// The answer to the request of this id.
    pub(super) fn answer(self, id: &str) -> Answer {
        let mut body = Vec::new();
        json::put(&mut body, format_args!("{{\"id\":\"{id}\",\"code\":\"{}\"", self.code));
        json::put(&mut body, ",\"message\":");
        json::text(&mut body, self.message);
        if let Some(Detail { code, target, message, inner }) = self.detail.map(|detail| *detail) {
            json::put(&mut body, format_args!(",\"details\":[{{\"code\":\"{code}\""));
            if let Some(target) = target {
                json::put(&mut body, format_args!(",\"target\":\"{target}\""));
            }
            json::put(&mut body, ",\"message\":");
            json::text(&mut body, &message);
            if let Some(inner) = inner {
                json::put(&mut body, format_args!(",\"innerError\":{{{inner}}}"));
            }
            json::put(&mut body, "}]");
        }
        json::put(&mut body, "}");
        let answer = Answer::json(self.status, body);
        Answer { retry_after: self.retry_after, fault: self.fault, ..answer }
    }
}

pub(super) fn bad_filter(message: String, operators: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "INVALID_DATA", BASE)
        .detail("INVALID_FILTER", Some("filter"), message)
        .inner(format!("\"supportedOperators\":[{operators}]"))
}

pub(super) fn bad_value(target: &'static str, message: &str) -> Refusal {
    let refusal = Refusal::new(StatusCode::BAD_REQUEST, "INVALID_DATA", BASE);
    refusal.detail("INVALID_VALUE", Some(target), message.to_owned())
}

pub(super) fn unauthorised() -> Refusal {
    let message = "The request could not be completed. You do not have access to this resource.";
    let refusal = Refusal::new(StatusCode::UNAUTHORIZED, "ACCESS_FAILED", message);
    refusal.detail("INVALID_TOKEN", None, "The access token is not accepted".to_owned())
}

/// An environment that does not exist answers so, too.
pub(super) fn no_access() -> Refusal {
    let message = "The request could not be completed. You do not have access to this resource.";
    let refusal = Refusal::new(StatusCode::FORBIDDEN, "ACCESS_FAILED", message);
    let why = "The application has no role in this environment";
    refusal.detail("INSUFFICIENT_PERMISSIONS", None, why.to_owned())
}

pub(super) fn unknown_path() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "NOT_FOUND", "Unable to find what was requested")
}

pub(super) fn throttled(limit: u32, retry_after: Option<u64>) -> Refusal {
    let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, "REQUEST_LIMITED", BASE)
        .detail("LIMIT_EXCEEDED", None, "Too many requests".to_owned())
        .inner(format!("\"quotaLimit\":{limit}"));
    Refusal { retry_after, ..refusal }
}

/// What takes the place of an answer.
pub(super) fn fault(status: StatusCode) -> Refusal {
    let refusal = Refusal::new(status, "UNEXPECTED_ERROR", "An unexpected error occurred.");
    Refusal { fault: true, ..refusal }
}
