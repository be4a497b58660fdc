//! Sign-ins that a product only counts.

use serde::Serialize;

use super::Product;
use crate::record::json::Json;
use crate::record::timestamp::Timestamp;

/// How many sign-ins there were in a span of time: a metric, not an event. Nobody is named in it.
/// OCSF has no class for it (its Authentication is one sign-in of one user), so there is no
/// `to_ocsf` here.
///
/// Made by `Default` and assignment; vendor crates make it by
/// [`Record::to_event`](crate::Record::to_event).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SignInCounts {
    /// The same for every revision of one count, in every run. A UUID, lower-case with hyphens.
    pub id: String,
    /// The SHA-256 of the record's text without white space between tokens: counts of the day at
    /// hand change.
    pub revision: String,
    /// Where the record is from.
    pub product: Product,
    /// The tenant whose sign-ins were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The customer whose tenant it is, where a provider reads for many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The first instant of the span, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<Timestamp>,
    /// The end of the span, in UTC, as the vendor tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<Timestamp>,
    /// Sign-ins that succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successes: Option<u64>,
    /// Sign-ins that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failures: Option<u64>,
    /// See [`SignIn::unmapped`](super::SignIn::unmapped).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unmapped: Option<Json>,
    /// See [`SignIn::raw`](super::SignIn::raw).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// See [`SignIn::mapped`](super::SignIn::mapped).
    #[serde(skip)]
    pub mapped: Vec<&'static str>,
}
