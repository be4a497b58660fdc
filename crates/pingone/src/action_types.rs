//! What each kind of event is to signing in: one table decides, for the list of sign-ins and for
//! their conversion to events.

use Decision::{SignIn, SignOut, Step};
use NameSays::{Failed, Nothing, Succeeded};

/// What an event is to signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Decision {
    /// A sign-in, or an attempt that ends here.
    SignIn,
    /// One step of a sign-in. What it leads to is another event, so it is not to be counted.
    Step,
    /// Somebody signed out.
    SignOut,
    /// Something else.
    NotASignIn,
}

/// What the name of an action says of its outcome. It is not the whole outcome: see
/// [`ActionType::outcome`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameSays {
    /// That it succeeded.
    Succeeded,
    /// That it failed.
    Failed,
    /// Nothing, so that a status of success says no more than that it was written down.
    Nothing,
}

/// A row of the table: a kind of event, and what was decided for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ActionType {
    /// The kind of event (`action.type`). One that ends in `*` stands for all that begin so and
    /// have no row of their own.
    pub name: &'static str,
    /// What it is to signing in.
    pub decision: Decision,
    /// What its name says of the outcome. An event failed where its name or its `result.status`
    /// says so, and succeeded where both say that; else its outcome is not known.
    pub outcome: NameSays,
    /// Why it was decided so.
    pub reason: &'static str,
}

impl ActionType {
    /// The row of a kind of event, in whatever case; None for one that has none, which is no
    /// sign-in.
    ///
    /// ```
    /// use pingone::action_types::{ActionType, Decision};
    ///
    /// let failed = ActionType::find("PASSWORD.CHECK_FAILED").unwrap();
    /// assert_eq!(failed.decision, Decision::SignIn);
    /// assert_eq!(ActionType::find("PASSWORD.SET").unwrap().name, "PASSWORD.*");
    /// assert_eq!(ActionType::find("BRANDING.UPDATED"), None);
    /// ```
    pub fn find(action_type: &str) -> Option<&'static Self> {
        let begins = |row: &&Self| {
            let start = row.name.strip_suffix('*');
            start.is_some_and(|start| begins_with(action_type, start))
        };
        let exact = ACTION_TYPES.iter().find(|row| row.name.eq_ignore_ascii_case(action_type));
        exact.or_else(|| ACTION_TYPES.iter().find(begins))
    }
}

/// Whether a kind of event begins so, in whatever case.
pub(crate) fn begins_with(action_type: &str, start: &str) -> bool {
    action_type.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

/// What a kind of event (`action.type`) is to signing in. One without a row is
/// [`Decision::NotASignIn`].
pub fn decision(action_type: &str) -> Decision {
    ActionType::find(action_type).map_or(Decision::NotASignIn, |row| row.decision)
}

const fn row(
    name: &'static str,
    decision: Decision,
    outcome: NameSays,
    reason: &'static str,
) -> ActionType {
    ActionType { name, decision, outcome, reason }
}

const fn other(name: &'static str, reason: &'static str) -> ActionType {
    row(name, Decision::NotASignIn, Nothing, reason)
}

/// All rows: the documented kinds that are, or may be taken for, sign-ins. The others, which are
/// those of configuration, have none. Of several rows that end in `*` the first one that fits
/// decides.
///
/// Source of the names:
/// <https://developer.pingidentity.com/pingone-api/platform/reference/audit-reporting-events.html>;
/// the reasons are ours.
#[rustfmt::skip]
pub static ACTION_TYPES: [ActionType; 45] = [
    row("USER.ACCESS_ALLOWED", SignIn, Succeeded,
        "A user got into an application: the sign-in itself, also where a session was still good and nothing had to be proved."),
    row("USER.ACCESS_DENIED", SignIn, Failed,
        "A user was kept out of an application, as a rule for want of a role, whatever was proved before."),
    row("USER.ACCESS_*", Step, Nothing,
        "Of the same family and not known: kept, not counted."),
    row("PASSWORD.CHECK_SUCCEEDED", Step, Succeeded,
        "The password was right; the access that follows is the sign-in, which would count twice."),
    row("PASSWORD.CHECK_FAILED", SignIn, Failed,
        "The attempt ends here: nothing follows a wrong password but another attempt."),
    row("PASSWORD.CHECK_*", Step, Nothing,
        "Of the same family and not known: kept, not counted."),
    row("OTP.CHECK_SUCCESS", Step, Succeeded,
        "The passcode was right; the access that follows is the sign-in."),
    row("OTP.CHECK_FAILED", SignIn, Failed,
        "The attempt ends here, as with a password."),
    row("OTP.CHECK_INVALID", SignIn, Failed,
        "The passcode was refused, as by OTP.CHECK_FAILED; when which of the two comes is not documented."),
    row("OTP.CHECK_*", Step, Nothing,
        "Of the same family and not known: kept, not counted."),
    row("ASSERTION.CHECK_SUCCESS", Step, Succeeded,
        "A passkey or security key (FIDO2) proved right; the access that follows is the sign-in."),
    row("ASSERTION.CHECK_FAILED", SignIn, Failed,
        "The attempt ends here, as with a password."),
    row("ASSERTION.CHECK_*", Step, Nothing,
        "Of the same family and not known: kept, not counted."),
    row("USER.KERBEROS_SUCCEEDED", Step, Succeeded,
        "The ticket of the user's computer was good; the access that follows is the sign-in."),
    row("USER.KERBEROS_FAILED", Step, Failed,
        "Browsers try this unasked, and the user is asked for something else: no attempt of his ends here."),
    row("AUTHENTICATION.CREATED", Step, Nothing,
        "A proof by a device was asked for; success says that asking succeeded, not that it was given."),
    row("AUTHENTICATION.UPDATED", Step, Nothing,
        "A proof by a device went on, as when a device was chosen; whether it was given is not said."),
    row("AUTHENTICATION.*", Step, Nothing,
        "Of the same family and not known: kept, not counted."),
    row("RADIUS_SESSION.CREATED", Step, Nothing,
        "A gateway asked on behalf of a user, such as of a VPN; success says that asking succeeded."),
    row("RADIUS_SESSION.UPDATED", Step, Nothing,
        "It went on; whether the user got in is not said."),
    row("USER.SLO_SUCCESS", SignOut, Succeeded,
        "Single logout: the user signed out of all applications."),
    row("USER.SLO_FAILURE", SignOut, Failed,
        "Single logout that failed."),
    row("USER.SLO_PARTIAL_LOGOUT", SignOut, Nothing,
        "Single logout that not all applications followed: neither a success nor a failure."),
    other("USER.SLO_REQUESTED",
        "Single logout was asked for; what came of it is another event, which would count twice."),
    other("SESSION.CREATED",
        "It follows a sign-in that has events of its own, and would count twice."),
    other("SESSION.UPDATED",
        "A session goes on with each access, which has an event of its own."),
    other("SESSION.DELETED",
        "A session also ends by itself or by an administrator, and the event names whoever ended it: not told as a sign-out of his."),
    other("SESSION.*",
        "The life of a session, such as a browser that is trusted from now on."),
    other("FLOW.CREATED",
        "A sign-on began: recorded ones name no user, and nothing is proved yet."),
    other("FLOW.UPDATED",
        "A sign-on went on: its steps have events of their own."),
    other("FLOW.DELETED",
        "A sign-on was over: its steps and its access have events of their own, and it would count twice."),
    other("FLOW_EXECUTION.*",
        "The course of a flow, as FLOW.CREATED and FLOW.UPDATED."),
    other("DAVINCI_INTERACTION.*",
        "The course of a DaVinci flow, which need not be a sign-on."),
    other("AUTHENTICATION_CODE.*",
        "A code for a device to scan was made, used or withdrawn; what the device then proves has events of its own."),
    other("DEVICE_PAYLOAD.*",
        "A message of the authenticator app was checked for being genuine: nothing that the user proved."),
    other("DEVICE.*",
        "A device for second factors was set up, changed or locked, its first passcode included."),
    other("SEEN_DEVICE.*",
        "A device was remembered or forgotten."),
    other("USER_SEEN_DEVICE.*",
        "A device was remembered or forgotten for a user."),
    other("NOTIFICATION.*",
        "A message such as a passcode was sent: nothing is proved yet."),
    other("RISK_EVALUATION.*",
        "A risk was judged, during a sign-in or not; the sign-in has events of its own."),
    other("OAUTH_CONSENT.*",
        "A consent was given or withdrawn."),
    other("AGREEMENT_CONSENT.*",
        "An agreement was accepted or withdrawn."),
    other("ACCOUNT.*",
        "An account was linked with one at another identity provider."),
    other("PASSWORD.*",
        "A password was set, reset, recovered or unlocked; nobody signed in by it."),
    other("USER.*",
        "An account was made, changed, locked or deleted."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_reached_and_says_why() {
        for (at, row) in ACTION_TYPES.iter().enumerate() {
            // What the row stands for finds it, and no other one before it.
            let example = row.name.replace('*', "SOMETHING_NEW");
            assert_eq!(ActionType::find(&example), Some(row), "{example}");
            assert!(row.reason.ends_with('.') && row.reason.len() < 140, "{}", row.name);
            let same = |other: &&ActionType| other.name == row.name;
            assert_eq!(ACTION_TYPES.iter().position(|other| same(&other)), Some(at));
        }
    }

    #[test]
    fn a_kind_is_the_same_in_whatever_case() {
        for (kind, row) in [
            ("user.access_allowed", "USER.ACCESS_ALLOWED"),
            ("Password.Check_Failed", "PASSWORD.CHECK_FAILED"),
            ("password.check_soon", "PASSWORD.CHECK_*"),
            ("password.é", "PASSWORD.*"),
        ] {
            assert_eq!(ActionType::find(kind).map(|row| row.name), Some(row), "{kind}");
        }
    }

    #[test]
    fn what_the_name_says_is_in_the_name() {
        for row in &ACTION_TYPES {
            let has = |words: &[&str]| words.iter().any(|word| row.name.ends_with(word));
            let failed = has(&["_FAILED", "_FAILURE", "_INVALID", "_DENIED"]);
            let succeeded = has(&["_SUCCEEDED", "_SUCCESS", "_ALLOWED"]);
            assert_eq!(row.outcome == Failed, failed, "{}", row.name);
            assert_eq!(row.outcome == Succeeded, succeeded, "{}", row.name);
        }
    }

    #[test]
    fn a_kind_without_a_row_is_no_sign_in() {
        for kind in ["", "*", "USER", "ÜSER.ACCESS_ALLOWED", "EXAMPLE.HAPPENED", "GROUP.CREATED"] {
            assert_eq!(ActionType::find(kind), None, "{kind}");
            assert_eq!(decision(kind), Decision::NotASignIn);
        }
    }
}
