//! Error bodies: an object, or plain text where login logs come in the older body.

use axum::http::StatusCode;

use super::settings::Body;
use crate::answer::Answer;
use crate::json;

/// Why a request is refused.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    description: &'static str,
}

impl Refusal {
    const fn new(status: StatusCode, code: &'static str, description: &'static str) -> Self {
        Self { status, code, description }
    }

    pub(super) const TOKEN: Self =
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "The token is not valid");
    pub(super) const CLIENT_ID: Self =
        Self::new(StatusCode::BAD_REQUEST, "invalid_client_id", "client_id is missing or unknown");
    pub(super) const EVENT: Self =
        Self::new(StatusCode::BAD_REQUEST, "invalid_event", "event must be login");
    pub(super) const LIMIT: Self =
        Self::new(StatusCode::BAD_REQUEST, "invalid_limit", "limit must be a number from 1");
    pub(super) const CURSOR: Self =
        Self::new(StatusCode::BAD_REQUEST, "invalid_cursor", "cursor is not one of this list");
    pub(super) const USER: Self =
        Self::new(StatusCode::NOT_FOUND, "user_not_found", "There is no such user");
    pub(super) const PATH: Self =
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is no such path");
    pub(super) const LIMITED: Self =
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Try again later");

    /// What takes the place of an answer, as the settings told.
    pub(super) fn told(status: StatusCode) -> Self {
        Self::new(status, "told_to_fail", "Told to fail")
    }

    pub(super) fn answer(self, body: Body) -> Answer {
        let Self { status, code, description } = self;
        if body == Body::Older {
            return Answer::plain(status, description);
        }
        let mut out = Vec::new();
        json::put(&mut out, format_args!("{{\"error\":{},\"error_code\":", status.as_u16()));
        json::text(&mut out, code);
        json::put(&mut out, ",\"error_description\":");
        json::text(&mut out, description);
        json::put(&mut out, "}");
        Answer::json(status, out)
    }
}
