//! Error bodies: `{"error": {"code", "message", "innerError"}}`.

use std::time::Duration;

use axum::http::StatusCode;

use crate::answer::Answer;
use crate::json;

pub(super) fn unauthorised() -> Answer {
    let message = "Access token has expired or is not yet valid.";
    error(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message)
}

pub(super) fn unlicensed() -> Answer {
    let code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";
    let message = "Neither tenant is B2C or tenant doesn't have premium license";
    error(StatusCode::FORBIDDEN, code, message)
}

pub(super) fn unpermitted() -> Answer {
    let message = "Calling principal does not have required MSGraph permissions AuditLog.Read.All";
    error(StatusCode::FORBIDDEN, "Authentication_MSGraphPermissionMissing", message)
}

pub(super) fn bad_filter() -> Answer {
    error(StatusCode::BAD_REQUEST, "BadRequest", "Invalid filter clause")
}

pub(super) fn bad_option(name: &str) -> Answer {
    let message = format!("Query option '{name}' is not allowed or has a bad value.");
    error(StatusCode::BAD_REQUEST, "BadRequest", &message)
}

pub(super) fn dead_skip_token() -> Answer {
    error(StatusCode::BAD_REQUEST, "", "Invalid Skip Token")
}

pub(super) fn unknown_sign_in() -> Answer {
    error(StatusCode::NOT_FOUND, "ResourceNotFound", "The requested resource was not found.")
}

pub(super) fn unknown_path() -> Answer {
    let message = "Resource not found for the segment.";
    error(StatusCode::NOT_FOUND, "BadRequest", message)
}

/// A gateway gave up: its page stands where a message should.
pub(super) fn timed_out() -> Answer {
    let page = "<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n</html>\r\n";
    error(StatusCode::GATEWAY_TIMEOUT, "UnknownError", page)
}

pub(super) fn throttled(wait: Duration) -> Answer {
    let message = "This request is throttled. Please try again after some time.";
    let mut answer = error(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message);
    answer.headers.push(("retry-after", format!("{:.3}", wait.as_secs_f64())));
    answer
}

/// What takes the place of an answer.
pub(super) fn fault(status: StatusCode) -> Answer {
    let reason = status.canonical_reason().unwrap_or("Error");
    Answer { fault: true, ..error(status, "UnknownError", reason) }
}

fn error(status: StatusCode, code: &str, message: &str) -> Answer {
    let mut body = Vec::new();
    json::put(&mut body, "{\"error\":{\"code\":");
    json::text(&mut body, code);
    json::put(&mut body, ",\"message\":");
    json::text(&mut body, message);
    json::put(&mut body, ",\"innerError\":{\"date\":\"2026-03-02T09:31:00\"}}}");
    Answer::json(status, body)
}
