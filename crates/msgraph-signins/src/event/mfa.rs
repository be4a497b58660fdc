//! Whether it was multi-factor authentication.

use signin_core::event::Outcome;

use super::factors::words;
use crate::{AuthenticationDetail, SignIn};

/// True where a step or the status says that it was done. A requirement alone says it of a
/// success only, one way or the other: it is what was asked for, not what was done.
pub(super) fn of(row: &SignIn, outcome: Outcome) -> Option<bool> {
    let details = row.status.as_ref().and_then(|status| status.additional_details.as_deref());
    if details.is_some_and(says_done) || row.authentication_details.iter().any(is_done) {
        return Some(true);
    }
    let requirement = row.authentication_requirement.as_deref()?.to_ascii_lowercase();
    match requirement.as_str() {
        _ if outcome != Outcome::Success => None,
        "multifactorauthentication" => Some(true),
        "singlefactorauthentication" => Some(false),
        _ => None,
    }
}

/// Whether a step was the second factor's and passed. One that was skipped, as on a remembered
/// device, is said to have passed as well.
fn is_done(step: &AuthenticationDetail) -> bool {
    let result = step.authentication_step_result_detail.as_deref().unwrap_or_default();
    let purpose = step.authentication_step_requirement.as_deref().unwrap_or_default();
    match step.succeeded {
        Some(true) => says_done(result) || speaks_of_it(purpose) && !denies(result),
        Some(false) => false,
        None => says_done(result),
    }
}

/// Whether a text says that it is satisfied or completed: `MFA requirement satisfied by claim in
/// the token`, `MFA completed in Azure AD`.
fn says_done(text: &str) -> bool {
    let done = |word: &str| matches!(word, "satisfied" | "completed");
    speaks_of_it(text) && !denies(text) && words(text).split(' ').any(done)
}

fn speaks_of_it(text: &str) -> bool {
    let words = words(text);
    [" mfa", " multifactor", " multi factor"].iter().any(|begin| words.contains(begin))
}

fn denies(text: &str) -> bool {
    let no = |word: &str| matches!(word, "not" | "never" | "skipped" | "denied" | "failed");
    words(text).split(' ').any(no)
}
