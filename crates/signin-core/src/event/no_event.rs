//! Why a record gave no event.

use std::fmt;

/// Why a record did not become an event. It never holds a value of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoEvent {
    /// The record is of something else than a sign-in: nothing is wrong with it.
    NotASignIn,
    /// The record lacks what every event must have, or has it in a form that says nothing.
    Unusable {
        /// The member as a JSON pointer (RFC 6901).
        path: &'static str,
        /// What was expected there and what was found, in words.
        reason: &'static str,
    },
    /// The [`Context`](super::Context) lacks what this vendor's events need.
    MissingContext {
        /// The name of the field.
        field: &'static str,
    },
}

impl NoEvent {
    /// No time, or one that stands for none
    /// ([`Timestamp::stands_for_none`](crate::Timestamp::stands_for_none)).
    pub const fn without_time(path: &'static str) -> Self {
        Self::Unusable { path, reason: "expected a time from 1970 to 9998, found none" }
    }

    /// Nobody who signed in.
    pub const fn without_principal(path: &'static str) -> Self {
        Self::Unusable { path, reason: "expected who signed in, found nobody" }
    }

    /// Nothing that tells the record from others.
    pub const fn without_identity(path: &'static str) -> Self {
        Self::Unusable { path, reason: "expected an id, found none" }
    }
}

impl fmt::Display for NoEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotASignIn => f.write_str("the record is no sign-in"),
            Self::Unusable { path, reason } => write!(f, "{path}: {reason}"),
            Self::MissingContext { field } => {
                write!(f, "the context lacks `{field}`, which the record does not say")
            }
        }
    }
}

impl std::error::Error for NoEvent {}
