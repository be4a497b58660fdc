//! Error bodies, in the three shapes that the module documentation lists.

use axum::http::StatusCode;

use crate::answer::Answer;
use crate::json;

pub(super) fn bad_timestamp(name: &str) -> Answer {
    let details = format!("{name} must be an RFC 3339 timestamp");
    object(StatusCode::BAD_REQUEST, "BadRequest", "Invalid timestamp", &details)
}

pub(super) fn unauthorised() -> Answer {
    object(StatusCode::UNAUTHORIZED, "Unauthorized", "Invalid API key", "Check the key sent")
}

pub(super) fn unknown_user() -> Answer {
    object(StatusCode::NOT_FOUND, "NotFound", "Not found", "No such user in this tenant")
}

pub(super) fn unknown_path() -> Answer {
    Answer::plain(StatusCode::NOT_FOUND, "Not Found\n")
}

/// The plan has no audit log: what it has not is forbidden, or not there at all.
pub(super) fn no_audit_log(status: StatusCode) -> Answer {
    if status == StatusCode::NOT_FOUND {
        return unknown_path();
    }
    object(status, "Forbidden", "Forbidden", "The audit log is not part of this plan")
}

pub(super) fn bad_number(name: &str) -> Answer {
    let details = format!("{name} must be a number from 1");
    list(StatusCode::UNPROCESSABLE_ENTITY, "Invalid parameter", &details)
}

pub(super) fn bad_choice(name: &str, documented: &str) -> Answer {
    let details = format!("{name} must be {documented}");
    list(StatusCode::UNPROCESSABLE_ENTITY, "Invalid parameter", &details)
}

pub(super) fn throttled(retry_after: Option<u64>) -> Answer {
    let answer = Answer::plain(StatusCode::TOO_MANY_REQUESTS, "Retry later\n");
    Answer { retry_after, ..answer }
}

/// What takes the place of the answer to request `number`.
pub(super) fn fault(status: StatusCode, number: u64) -> Answer {
    let reason = status.canonical_reason().unwrap_or("Error");
    let answer = match number % 3 {
        0 => object(status, reason, reason, "Told to fail"),
        1 => list(status, reason, "Told to fail"),
        _ => Answer::plain(status, reason),
    };
    Answer { fault: true, ..answer }
}

fn object(status: StatusCode, kind: &str, message: &str, details: &str) -> Answer {
    let mut body = Vec::new();
    json::put(&mut body, "{\"type\":");
    json::text(&mut body, kind);
    json::put(&mut body, format_args!(",\"status_code\":{},\"errors\":", status.as_u16()));
    write_list(&mut body, message, details);
    json::put(&mut body, "}");
    Answer::json(status, body)
}

fn list(status: StatusCode, message: &str, details: &str) -> Answer {
    let mut body = Vec::new();
    write_list(&mut body, message, details);
    Answer::json(status, body)
}

fn write_list(body: &mut Vec<u8>, message: &str, details: &str) {
    json::put(body, "[{\"message\":");
    json::text(body, message);
    json::put(body, ",\"details\":");
    json::text(body, details);
    json::put(body, "}]");
}
