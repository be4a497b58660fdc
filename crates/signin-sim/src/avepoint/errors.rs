//! Error bodies, in the two shapes that the module documentation lists.

use axum::http::StatusCode;

use crate::answer::Answer;
use crate::json;
use crate::seed::Seed;

/// Why a request is refused.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refusal {
    Unauthorised,
    OutOfScope,
    NotFound,
    Parameter(&'static str),
    /// With what `Retry-After` says.
    Throttled(Option<u64>),
    /// As the settings told.
    Told(StatusCode),
}

impl Refusal {
    /// The answer to request `number`.
    pub(super) fn answer(self, seed: Seed, number: u64) -> Answer {
        let (status, reason, field) = match self {
            Self::Unauthorised => (StatusCode::UNAUTHORIZED, "The access token is invalid", ""),
            Self::OutOfScope => (StatusCode::FORBIDDEN, "Forbidden", ""),
            Self::NotFound => (StatusCode::NOT_FOUND, "Not found", ""),
            Self::Parameter(name) => (StatusCode::BAD_REQUEST, "The request is invalid", name),
            Self::Throttled(_) => (StatusCode::TOO_MANY_REQUESTS, "Too many requests", ""),
            Self::Told(status) => (status, "Told to fail", ""),
        };
        let trace = seed.branch("traces").at(number).hex();
        let mut body = Vec::new();
        if number.is_multiple_of(2) {
            let status = status.as_u16();
            json::put(&mut body, format_args!("{{\"traceId\":\"{trace}\",\"error\":"));
            json::text(&mut body, reason);
            json::put(&mut body, format_args!(",\"statusCode\":{status}}}"));
        } else {
            json::put(&mut body, format_args!("{{\"statusCode\":{},\"message\":", status.as_u16()));
            json::text(&mut body, reason);
            json::put(&mut body, ",\"errors\":[");
            if !field.is_empty() {
                json::put(&mut body, format_args!("{{\"code\":\"Invalid\",\"field\":\"{field}\""));
                json::put(&mut body, format_args!(",\"message\":\"{field} is invalid\"}}"));
            }
            json::put(&mut body, format_args!("],\"requestId\":\"{trace}\""));
            json::put(&mut body, ",\"timestamp\":\"2026-03-02T09:30:00Z\"");
            json::put(&mut body, format_args!(",\"traceId\":\"{trace}\"}}"));
        }
        let retry_after = match self {
            Self::Throttled(seconds) => seconds,
            _ => None,
        };
        let fault = matches!(self, Self::Told(_));
        Answer { retry_after, fault, ..Answer::json(status, body) }
    }
}
