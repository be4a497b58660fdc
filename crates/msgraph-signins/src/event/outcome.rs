//! What came of it: success, failure, or a further step that was asked for.

use signin_core::event::{Members, Outcome, SignIn};

use crate::SignInStatus;

/// The codes that are neither success nor failure, each with what it means: the sign-in stopped
/// and a further step was asked for. By the vendor's reference of codes, which names the first six
/// so and describes the others so.
///
/// Not harmless: 50072, 50074, 50076 and 50079 as a rule follow a password that was right.
///
/// Source: <https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes>
pub const INTERRUPTS: [(i64, &str); 14] = [
    (50072, "the user has to register a second factor first"),
    (50074, "a second factor is demanded and was not passed yet"),
    (50125, "the user has to reset a password or register for resets"),
    (50140, "the user was asked whether to stay signed in"),
    (50168, "the browser has to bring the device's single sign-on token"),
    (50199, "the user was asked to confirm the sign-in"),
    (50058, "nobody was signed in whose session could be used silently"),
    (50076, "a second factor is demanded, by a changed setting or from this place"),
    (50079, "a second factor has to be registered, by a changed setting or from this place"),
    (50097, "the device has to prove itself"),
    (50127, "a broker app has to be installed"),
    (50129, "the device has to be registered"),
    (50158, "a challenge of another provider has to be passed"),
    (65001, "the user or an administrator has to consent to the application"),
];

/// What stands for a reason on rows that have none.
const NO_REASON: &str = "Other.";

/// Fills in outcome, code and reason.
pub(super) fn fill(status: &SignInStatus, members: &mut Members, event: &mut SignIn) {
    event.outcome = outcome(status.error_code);
    let code = status.error_code.map(|code| code.to_string());
    event.code = members.take("/status/errorCode", code);
    event.reason = reason(status, members);
}

fn outcome(code: Option<i64>) -> Outcome {
    match code {
        None => Outcome::Unknown,
        Some(0) => Outcome::Success,
        Some(code) if INTERRUPTS.iter().any(|(other, _)| *other == code) => Outcome::Interrupted,
        Some(_) => Outcome::Failure,
    }
}

/// The reason and what is added to it. Where both say something they are one text, and
/// stay, since neither could be found in it again.
fn reason(status: &SignInStatus, members: &mut Members) -> Option<String> {
    let mut both = Members::default();
    let reason = both.text("/status/failureReason", &status.failure_reason);
    let reason = reason.filter(|reason| !reason.eq_ignore_ascii_case(NO_REASON));
    let details = both.text("/status/additionalDetails", &status.additional_details);
    match (reason, details) {
        (Some(reason), Some(details)) if reason != details => Some(format!("{reason} ({details})")),
        (Some(reason), _) => members.take("/status/failureReason", Some(reason)),
        (None, details) => members.take("/status/additionalDetails", details),
    }
}
