//! Refusals of a token endpoint, in the shapes that the products have.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::answer::Answer;

/// The shape of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Errors {
    /// RFC 6749: `{"error", "error_description"}`, as PingOne has it.
    Standard,
    /// `{"error"}` alone with status 400, as AvePoint's identity service has it.
    Bare,
    /// `{"error": 401, "error_code", "error_description"}`, as SSOJet has it.
    Numbered,
    /// Microsoft Entra's: the standard's, with an AADSTS number in front of the words and in
    /// `error_codes`, and ids for the case file.
    Entra,
}

/// Why no token is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Method,
    /// What is wrong with the request.
    Request(&'static str),
    GrantType,
    Scope,
    UnknownClient,
    WrongSecret,
    WrongWay,
    /// What is wrong with the assertion.
    Assertion(&'static str),
    /// As the settings told.
    Told(StatusCode),
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Request(_) | Self::GrantType | Self::Scope => StatusCode::BAD_REQUEST,
            Self::UnknownClient | Self::WrongSecret | Self::WrongWay | Self::Assertion(_) => {
                StatusCode::UNAUTHORIZED
            }
            Self::Told(status) => status,
        }
    }

    fn error(self) -> &'static str {
        match self {
            Self::Method | Self::Request(_) => "invalid_request",
            Self::GrantType => "unsupported_grant_type",
            Self::Scope => "invalid_scope",
            Self::UnknownClient | Self::WrongSecret | Self::WrongWay | Self::Assertion(_) => {
                "invalid_client"
            }
            Self::Told(status) if status.is_client_error() => "access_denied",
            Self::Told(_) => "temporarily_unavailable",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Method => "token requests are POST",
            Self::Request(why) | Self::Assertion(why) => why,
            Self::GrantType => "the grant type is not client_credentials",
            Self::Scope => "the scope is not known",
            Self::UnknownClient => "the client is not known",
            Self::WrongSecret => "the secret is wrong",
            Self::WrongWay => "the client must prove itself in another way",
            Self::Told(_) => "told to fail",
        }
    }

    /// Entra's number for it.
    fn number(self) -> u32 {
        match self {
            Self::Method | Self::Request(_) => 900_144,
            Self::GrantType => 70_003,
            Self::Scope => 70_011,
            Self::UnknownClient => 700_016,
            Self::WrongSecret => 7_000_215,
            Self::WrongWay => 7_000_218,
            Self::Assertion(_) => 700_027,
            Self::Told(_) => 90_033,
        }
    }

    /// The answer to token request `id`.
    pub(super) fn answer(self, errors: Errors, id: &str, retry_after: Option<u64>) -> Answer {
        let (error, words) = (self.error(), self.words());
        let told = matches!(self, Self::Told(_));
        let mut status = self.status();
        let body = match errors {
            Errors::Standard => json!({ "error": error, "error_description": words }),
            Errors::Bare => {
                if !told {
                    status = StatusCode::BAD_REQUEST;
                }
                json!({ "error": error })
            }
            Errors::Numbered => {
                json!({ "error": status.as_u16(), "error_code": error, "error_description": words })
            }
            Errors::Entra => entra(error, words, self.number(), id),
        };
        let answer = Answer::json(status, body.to_string().into_bytes());
        Answer { retry_after: retry_after.filter(|_| told), fault: told, ..answer }
    }
}

fn entra(error: &str, words: &str, number: u32, id: &str) -> Value {
    let time = "2026-03-02 09:30:00Z";
    json!({
        "error": error,
        "error_description": format!(
            "AADSTS{number}: {words}. Trace ID: {id} Correlation ID: {id} Timestamp: {time}"
        ),
        "error_codes": [number],
        "timestamp": time,
        "trace_id": id,
        "correlation_id": id,
        "error_uri": format!("https://login.microsoftonline.com/error?code={number}"),
    })
}
