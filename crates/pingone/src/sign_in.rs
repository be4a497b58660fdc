//! Which events are about signing in.

use crate::Activity;

/// How the types of events about signing in begin. The service's filter
/// takes one type at a time, so they are told apart here.
const SIGN_IN: [&str; 4] = ["USER.ACCESS_", "PASSWORD.CHECK_", "OTP.CHECK_", "AUTHENTICATION"];

impl Activity {
    /// Whether the event is about signing in: access that was allowed or denied
    /// (`USER.ACCESS_…`), a password or one-time code that was checked (`PASSWORD.CHECK_…`,
    /// `OTP.CHECK_…`), or an authentication (`AUTHENTICATION…`). One sign-in is several such
    /// events. An event that does not name its type may be one: true.
    pub fn is_sign_in(&self) -> bool {
        let kind = self.action.as_ref().and_then(|action| action.kind.as_deref());
        kind.is_none_or(|kind| SIGN_IN.iter().any(|start| kind.starts_with(start)))
    }
}
