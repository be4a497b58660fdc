//! Sign-ins that came another way than from Graph, in Graph's own structure.
//!
//! Microsoft exports the same sign-ins in several wrappings. [`read`] says what a record is by
//! its members and gives it as Graph's beta has it, so that [`Record`](crate::Record) and all that
//! stands on it can read it; [`Csv`] does it for tables, [`Columns`] for the answers of a query.
//!
//! ```
//! use msgraph_signins::export::{Found, Shape, read};
//! use msgraph_signins::{Record, SignIn, SignInEventType};
//!
//! let json = r#"{"time":"2026-01-02T03:10:00Z","category":"ManagedIdentitySignInLogs",
//!     "tenantId":"0000007e-0000-4000-8000-000000000001","callerIpAddress":"198.51.100.7",
//!     "properties":{"id":"a","createdDateTime":"2026-01-02T03:04:05+00:00","ipAddress":""}}"#;
//! let Found::SignIn(export) = read(json)? else { panic!("it is a sign-in") };
//! assert_eq!(export.shape, Shape::DiagnosticRecord);
//! assert_eq!(export.tenant.as_deref(), Some("0000007e-0000-4000-8000-000000000001"));
//! assert_eq!(export.kind, Some(SignInEventType::ManagedIdentity));
//! let record = Record::<SignIn>::from_json(&*export.record);
//! let record = record.map_err(|rejected| rejected.mismatch().to_string())?;
//! assert_eq!(record.sign_in_event_types, ["managedIdentity"]);
//! // What is not Graph's is next to it, and never replaces it.
//! assert_eq!(record.extra()[0].pointer, "/diagnosticRecord");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | shape | is | what Graph does not have stands in |
//! |---|---|---|
//! | [`Shape::Graph`] | Graph's own JSON, that of the admin center's JSON file and of tools that call Graph | its place |
//! | [`Shape::DiagnosticRecord`] | a record of diagnostic settings: event hub, storage account | `diagnosticRecord`: the members around `properties` |
//! | [`Shape::LogAnalytics`], [`Shape::LogAnalyticsCsv`] | a row of `SigninLogs` and its sisters | `logAnalytics`: columns by their names |
//! | [`Shape::PowerShell`] | `Get-MgAuditLogSignIn` by `ConvertTo-Json` or `Export-Csv` | `powerShell`: texts of what was lost |
//! | [`Shape::AdminCenterCsv`] | a row of the admin center's CSV file | `adminCenter`: columns by their headers |
//!
//! Where a value had to be written in another way, such as a time, its own text stands there by the
//! JSON pointer of the member. Numbers, unknown members and repeated ones keep their own text. The
//! time at which a record was processed is never taken for that of the sign-in, except where a
//! table has no other: then [`Export::time_from`] says so, and so does
//! `/logAnalytics/createdDateTimeFrom`.

mod admin_center;
mod conditions;
mod csv;
mod diagnostic_record;
mod graph;
mod kind;
mod log_analytics;
mod powershell;
mod raw;
mod recognise;
mod refusal;
mod time;

use std::borrow::Cow;

use crate::SignInEventType;
use graph::KINDS;
use raw::{Kind, Object, is_empty, last, members};
use recognise::Form;

pub use csv::Csv;
pub use kind::{kind_of_file, kind_of_log};
pub use log_analytics::Columns;
pub use refusal::{NotASignIn, Refusal};

/// In which wrapping a sign-in came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// None: Graph's own.
    Graph,
    /// A record of Azure Monitor's diagnostic settings, with the sign-in in `properties`.
    DiagnosticRecord,
    /// A row of a table of Log Analytics, as a query or a data export gives it.
    LogAnalytics,
    /// The same from a CSV file of the portal, where times have their zone in the header.
    LogAnalyticsCsv,
    /// An object of PowerShell's Graph or AzureAD module, as JSON or from CSV.
    PowerShell,
    /// A row of a CSV file of the Entra admin center.
    AdminCenterCsv,
}

impl Shape {
    /// A name that stays the same, for summaries.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Graph => "graph",
            Self::DiagnosticRecord => "diagnostic_records",
            Self::LogAnalytics => "log_analytics",
            Self::LogAnalyticsCsv => "log_analytics_csv",
            Self::PowerShell => "powershell",
            Self::AdminCenterCsv => "admin_center_csv",
        }
    }
}

/// What a record was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<'a> {
    /// A sign-in.
    SignIn(Export<'a>),
    /// A record of another log that was exported along with the sign-ins: to be left out.
    Other {
        /// The log's or the table's name, such as `AuditLogs`; cut at 40 characters, and safe to
        /// show.
        category: String,
    },
}

/// A sign-in of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Export<'a> {
    /// The wrapping that it came in.
    pub shape: Shape,
    /// The sign-in as Graph's beta has it. Of Graph's own shape the text itself, untouched.
    pub record: Cow<'a, str>,
    /// The tenant that the log is of, where the wrapping says it. A home or a resource tenant is
    /// not that.
    pub tenant: Option<String>,
    /// The kind of sign-in, where the wrapping says it. The record has it as well, unless it has a
    /// kind of its own.
    pub kind: Option<SignInEventType>,
    /// Members that the export has no more than a trace of, as JSON pointers (RFC 6901):
    /// PowerShell writes an object that is nested too deep as the name of its type. They are
    /// absent in the record.
    pub lost: Vec<String>,
    /// What stands in for the time of the sign-in, where the export does not have that:
    /// `TimeGenerated`, up to 20 minutes later.
    pub time_from: Option<&'static str>,
}

impl Export<'_> {
    /// Whether the export leaves out what Graph says of this sign-in: something was
    /// [lost](Self::lost), or it is of a form that has no place for policies, risk and
    /// coordinates.
    pub fn is_lossy(&self) -> bool {
        self.shape == Shape::AdminCenterCsv || !self.lost.is_empty()
    }

    /// The same sign-in as one of this kind, if neither it nor its wrapping says one: see
    /// [`kind_of_file`].
    #[must_use]
    pub fn of_kind(mut self, kind: SignInEventType) -> Self {
        if self.kind.is_some() {
            return self;
        }
        let Some(members) = members(&self.record) else { return self };
        if last(&members, KINDS).is_none_or(|kinds| is_empty(kinds.value)) {
            let mut record = Object::default();
            for member in members.iter().filter(|member| member.name != KINDS) {
                record.add(member.key, member.value);
            }
            record.name(KINDS, &graph::kinds(kind));
            self.record = Cow::Owned(record.end());
        }
        self.kind = Some(kind);
        self
    }

    /// The same without a borrow.
    pub fn into_owned(self) -> Export<'static> {
        Export { record: Cow::Owned(self.record.into_owned()), ..self }
    }
}

/// Reads the text of one record: a JSON object that is a sign-in in any of the [`Shape`]s, also one
/// that [`Csv::raw`] or [`Columns::row`] made. Lists, pages (`value`, `records`) and lines are
/// taken apart before.
///
/// # Errors
/// [`NotASignIn`]: it is something else, and what; or its time cannot be known.
pub fn read(json: &str) -> Result<Found<'_>, NotASignIn> {
    let json = json.trim_ascii();
    let members = members(json).ok_or_else(|| NotASignIn::no_object(Kind::of(json)))?;
    match recognise::form(&members)? {
        Form::Graph => Ok(Found::SignIn(Export {
            shape: Shape::Graph,
            record: Cow::Borrowed(json),
            tenant: recognise::tenant(&members),
            kind: None,
            lost: Vec::new(),
            time_from: None,
        })),
        Form::Other { log } => Ok(Found::Other { category: refusal::shown(&log) }),
        Form::DiagnosticRecord { category, properties } => {
            diagnostic_record::read(&members, &category, &properties)
        }
        Form::LogAnalytics(shape) => log_analytics::read(&members, shape),
        Form::PowerShell => powershell::read(members),
        Form::AdminCenter => admin_center::read(&members),
    }
}
