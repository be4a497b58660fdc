//! The conditional access policies that were looked at.

use signin_core::event::{Members, Policy, says_nothing};

use crate::AppliedConditionalAccessPolicyResult as Applied;
use crate::{AppliedConditionalAccessPolicy, SignIn};

pub(super) fn of(row: &SignIn) -> Vec<Policy> {
    row.applied_conditional_access_policies.iter().filter_map(policy).collect()
}

/// A policy, if anything is said of it.
fn policy(applied: &AppliedConditionalAccessPolicy) -> Option<Policy> {
    let mut policy = Policy::default();
    // The list stays as a whole: it holds the controls and conditions as well.
    let mut read = Members::default();
    policy.id = read.id("/id", &applied.id);
    policy.name = read.text("/displayName", &applied.display_name);
    let result = applied.result.as_ref().filter(|result| !says_nothing(result.as_sent()));
    policy.result = result.map(|result| result.as_sent().to_owned());
    policy.is_applied = result.and_then(|result| is_applied(result));
    (policy != Policy::default()).then_some(policy)
}

/// Whether a policy was in force, by its result. One that only reports never is.
fn is_applied(result: &Applied) -> Option<bool> {
    match result {
        Applied::Success | Applied::Failure => Some(true),
        Applied::NotApplied
        | Applied::NotEnabled
        | Applied::ReportOnlySuccess
        | Applied::ReportOnlyFailure
        | Applied::ReportOnlyNotApplied
        | Applied::ReportOnlyInterrupted => Some(false),
        // No member of the enum, but what the vendor's own sample has.
        Applied::Other(word) if word.eq_ignore_ascii_case("applied") => Some(true),
        _ => None,
    }
}
