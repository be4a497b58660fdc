//! Sign-ins that came another way than from Graph: each wrapping, and what is refused.

mod admin_center;
mod any_input;
mod diagnostic_records;
mod every_member;
mod graph;
mod log_analytics;
mod powershell;
mod refusals;

use msgraph_signins::export::{Export, Found, NotASignIn, read};
use msgraph_signins::{Record, SignIn};

const TENANT: &str = "0000007e-0000-4000-8000-000000000001";

/// What a text is read as, which must be a sign-in.
#[track_caller]
fn sign_in(json: &str) -> Export<'_> {
    match read(json) {
        Ok(Found::SignIn(export)) => export,
        other => panic!("{json}: {other:?}"),
    }
}

/// Why a text is refused.
#[track_caller]
fn refusal(json: &str) -> NotASignIn {
    match read(json) {
        Err(refusal) => refusal,
        other => panic!("{json}: {other:?}"),
    }
}

/// The category of a text that is left out.
#[track_caller]
fn category(json: &str) -> String {
    match read(json) {
        Ok(Found::Other { category }) => category,
        other => panic!("{json}: {other:?}"),
    }
}

#[track_caller]
fn record(json: &str) -> Record<SignIn> {
    Record::from_json(json).unwrap_or_else(|rejected| panic!("{json}: {}", rejected.mismatch()))
}
