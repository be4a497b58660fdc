//! What a token endpoint says when it refuses, and the error that it becomes.

use std::borrow::Cow;

use crate::error::ErrorKind;
use crate::http::error_response::{ErrorDetails, ErrorResponse};
use crate::http::transport::{HttpResponse, Step};

/// What a token endpoint says when it gives no token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenError {
    /// The status.
    pub status: u16,
    /// The standard's code, such as `invalid_client`.
    pub error: Option<String>,
    /// A finer code of the vendor's, where its words begin with one: `AADSTS7000215`.
    pub code: Option<String>,
    /// The vendor's words, as they came: they may hold anything.
    pub description: Option<String>,
}

impl TokenError {
    /// Reads a refusal in any of the shapes that occur: the standard's, and the vendors' own.
    pub(super) fn read(answer: &ErrorResponse<'_>) -> Self {
        let description = answer.text(&[
            &["error_description"],
            &["error", "message"],
            &["message"],
            &["errorMessage"],
        ]);
        let code = description.as_deref().and_then(finer_code).map(str::to_owned);
        Self {
            status: answer.status.as_u16(),
            error: answer.text(&[&["error_code"], &["error"], &["error", "code"], &["code"]]),
            code,
            description: description.or_else(|| answer.plain().map(str::to_owned)),
        }
    }

    /// True where the service says that it cannot now, whatever its status.
    pub(super) fn is_passing(&self) -> bool {
        let passing = ["temporarily_unavailable", "server_error"];
        self.error.as_deref().is_some_and(|error| passing.contains(&error))
    }

    /// A person must act on a refusal. What may pass by itself keeps its status' kind.
    fn kind(&self) -> Option<ErrorKind> {
        match self.status {
            _ if self.is_passing() => Some(ErrorKind::Service),
            408 | 429 | 500..=599 => None,
            _ => Some(ErrorKind::Authentication),
        }
    }

    fn advice(&self) -> Option<&'static str> {
        match self.kind() {
            Some(ErrorKind::Authentication) => {}
            Some(_) => return Some("run again later"),
            None => return None,
        }
        if (300..400).contains(&self.status) {
            return Some("no redirect is followed; check the token URL");
        }
        Some(match self.error.as_deref() {
            Some("invalid_client") => {
                "check client id and secret or certificate: whole, not expired, of this tenant or environment"
            }
            Some("unauthorized_client" | "unsupported_grant_type") => {
                "let the app use client credentials, and prove itself in the way that it is set to"
            }
            Some("invalid_scope" | "invalid_target" | "invalid_resource") => {
                "check the scope, and that the app was granted it"
            }
            _ if self.status == 404 => "check the token URL: region, tenant or environment",
            _ => "check client id, secret, scope, and the token URL with its tenant or environment",
        })
    }

    /// The refusal in the words of every error.
    pub(super) fn into_fault(
        self,
        answer: &ErrorResponse<'_>,
        advice: fn(&Self) -> Option<&'static str>,
    ) -> ErrorDetails {
        let (kind, next) = (self.kind(), advice(&self).or_else(|| self.advice()));
        let message = match (&self.error, self.description) {
            (Some(error), Some(text)) if self.code.is_none() && !text.contains(error.as_str()) => {
                Some(format!("{error}: {text}"))
            }
            (error, text) => text.or_else(|| error.clone()),
        };
        ErrorDetails {
            code: self.code.or(self.error),
            message,
            request_id: answer.text(&[&["trace_id"], &["correlation_id"], &["correlationId"]]),
            next: next.map(Cow::Borrowed),
            kind,
        }
    }
}

/// The code that Microsoft's words begin with.
fn finer_code(description: &str) -> Option<&str> {
    let code = description.trim_start().split(':').next()?.trim_end();
    let number = code.strip_prefix("AADSTS")?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    digits.then_some(code)
}

/// The answer as error messages read it.
pub(super) fn answer(response: &HttpResponse) -> ErrorResponse<'_> {
    let HttpResponse { status, headers, body } = response;
    ErrorResponse { operation: OPERATION, status: *status, headers, body }
}

/// What a token request is called in messages.
pub(super) const OPERATION: &str = "token";

/// What no answer means, and what to do.
pub(super) fn meaning(step: Step) -> (ErrorKind, &'static str) {
    match step {
        Step::Connect => {
            (ErrorKind::Network, "check the token URL, network and proxy, then run again")
        }
        Step::Name => (ErrorKind::Host, "check the token URL, network and proxy"),
        Step::Tls => (
            ErrorKind::Host,
            "check the token URL; where an authority of your own issued it, give the builder its root certificate",
        ),
        Step::Timeout => (ErrorKind::Timeout, "run again later; the token URL may be wrong"),
        Step::TooLarge => (ErrorKind::TooLarge, "check the token URL: this is no token"),
        Step::Request => (ErrorKind::Config, "check the token URL"),
        Step::Answer => (ErrorKind::Network, "run again; nothing is lost"),
    }
}
