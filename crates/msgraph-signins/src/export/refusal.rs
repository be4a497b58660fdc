//! Why a record or a row is not read as a sign-in.

use std::fmt;

use signin_core::vendor::is_unsafe_to_show;

use super::raw::{Kind, Member};

/// How many names of members a refusal says, and how long each may be.
const MOST_NAMES: usize = 12;
const LONGEST_NAME: usize = 40;

/// Why something is not read as a sign-in. Its text is one line for people: what it is and what to
/// do. It holds names of members, never values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotASignIn {
    refusal: Refusal,
    path: String,
    text: String,
}

/// The reasons why something is not read as a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// A record of the unified audit log of Microsoft 365 or Purview. It says less of a sign-in
    /// than the sign-in log, and `Success` of failures.
    UnifiedAuditLog,
    /// A directory audit or a risk detection: something that was done, or noticed.
    DirectoryAudit,
    /// The steps of authentications without their sign-ins, which the admin center has in a file of
    /// its own.
    AuthenticationDetails,
    /// Which is the day and which the month of the time cannot be known, or its time zone is not known.
    UnclearTime,
    /// A diagnostic record of sign-ins with no sign-in in it.
    NoProperties,
    /// A row of a table that has not as many fields as the table has columns.
    OtherLength,
    /// Nothing that is known.
    Unknown,
}

impl Refusal {
    /// A name that stays the same, for counting.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnifiedAuditLog => "unified_audit_log",
            Self::DirectoryAudit => "directory_audit",
            Self::AuthenticationDetails => "authentication_details",
            Self::UnclearTime => "unclear_time",
            Self::NoProperties => "no_properties",
            Self::OtherLength => "other_length",
            Self::Unknown => "unknown",
        }
    }
}

impl NotASignIn {
    /// Which reason it is.
    pub fn refusal(&self) -> Refusal {
        self.refusal
    }

    /// The member that it is about as a JSON pointer (RFC 6901), such as `/createdDateTime`; empty
    /// where it is about the whole record.
    pub fn path(&self) -> &str {
        &self.path
    }

    fn new(refusal: Refusal, text: impl Into<String>) -> Self {
        Self { refusal, path: String::new(), text: text.into() }
    }

    pub(super) fn unified_audit_log() -> Self {
        Self::new(
            Refusal::UnifiedAuditLog,
            "it is a record of the unified audit log, which says Success of failed sign-ins and has \
             no outcome, place or policies: export the sign-in logs of Entra ID instead",
        )
    }

    pub(super) fn directory_audit() -> Self {
        Self::new(
            Refusal::DirectoryAudit,
            "it is a directory audit or a risk detection, not a sign-in: export the sign-in logs \
             of Entra ID",
        )
    }

    pub(super) fn authentication_details() -> Self {
        Self::new(
            Refusal::AuthenticationDetails,
            "it holds steps of authentications without their sign-ins: take the file without \
             _AuthDetails in its name, or download JSON, which has both",
        )
    }

    pub(super) fn unclear_time(path: &str, why: &str) -> Self {
        let text = format!("{why}: export the time in UTC as 2026-01-31T09:30:00Z");
        Self { refusal: Refusal::UnclearTime, path: path.to_owned(), text }
    }

    pub(super) fn no_properties() -> Self {
        let text = "expected the sign-in as an object, found none";
        Self {
            refusal: Refusal::NoProperties,
            path: "/properties".to_owned(),
            text: text.to_owned(),
        }
    }

    pub(super) fn other_length(fields: usize, columns: usize) -> Self {
        let text = format!(
            "the row has {fields} fields and the table {columns} columns: it is cut off, or \
             quoted or separated in another way"
        );
        Self::new(Refusal::OtherLength, text)
    }

    pub(super) fn no_object(kind: Kind) -> Self {
        let found = match kind {
            Kind::Null => "null",
            Kind::Bool => "true or false",
            Kind::Number => "a number",
            Kind::Text => "text",
            Kind::List => "a list",
            Kind::Object => "an object that cannot be read",
        };
        Self::new(Refusal::Unknown, format!("expected a sign-in, found {found}"))
    }

    /// What it is cannot be known; its members are said, so that a person can.
    pub(super) fn unknown(what: &str, members: &[Member<'_>]) -> Self {
        let shown = members.iter().take(MOST_NAMES).map(|member| shown(&member.name));
        let mut names = shown.collect::<Vec<_>>().join(", ");
        if members.is_empty() {
            "none".clone_into(&mut names);
        }
        let more = match members.len().saturating_sub(MOST_NAMES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let text = format!("it is no sign-in of a known form; its {what} are: {names}{more}");
        Self::new(Refusal::Unknown, text)
    }
}

/// A name as it may be shown: short, and without characters that play tricks.
pub(super) fn shown(name: &str) -> String {
    let clean = |c: char| if is_unsafe_to_show(c) { '\u{fffd}' } else { c };
    let mut shown: String = name.chars().take(LONGEST_NAME).map(clean).collect();
    if name.chars().nth(LONGEST_NAME).is_some() {
        shown.push('…');
    }
    shown
}

impl fmt::Display for NotASignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for NotASignIn {}
