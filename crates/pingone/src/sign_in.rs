//! Which events are about signing in.

use crate::Activity;
use crate::action_types::{Decision, decision};

impl Activity {
    /// Whether the event is about signing in or out: any of which the table
    /// [`ACTION_TYPES`](crate::action_types::ACTION_TYPES) says so, such as access that was allowed
    /// or denied and passwords or passcodes that were checked. One sign-in is several such events.
    /// An event that does not name its type may be one: true.
    pub fn is_sign_in(&self) -> bool {
        let kind = self.action.as_ref().and_then(|action| action.kind.as_deref());
        kind.is_none_or(|kind| decision(kind) != Decision::NotASignIn)
    }
}
