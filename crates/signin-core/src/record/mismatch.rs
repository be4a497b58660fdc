//! Where a record does not fit its type: found by the member table, after the fact.
//!
//! The reading itself stops at the first value that does not fit, but serde's own words quote that
//! value, and a value may be a person's data. So the place is looked up again ([`lenient`]), and
//! reported with the path, what was expected and the kind of what was found.

use std::borrow::Cow;
use std::fmt;

use serde_json::value::RawValue;

use crate::record::id::Id;
use crate::record::json::Json;
use crate::record::json::Kind;
use crate::record::lenient;
use crate::record::model::Shape;
use crate::record::timestamp::{DotNetTicks, Timestamp};

/// Why a text could not be read as a type: the place, what was expected there and what kind of
/// value was found. It never holds the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    path: String,
    expected: &'static str,
    found: Cow<'static, str>,
    /// What was found says itself that it is an error.
    is_failure: bool,
}

impl Mismatch {
    pub(crate) fn new(
        path: impl Into<String>,
        expected: &'static str,
        found: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { path: path.into(), expected, found: found.into(), is_failure: false }
    }

    /// A page that says by this member that the service failed.
    pub(crate) fn failure(path: String, found: &'static str) -> Self {
        Self { is_failure: true, ..Self::new(path, "no error of the service", found) }
    }

    /// Whether the service itself says that it failed.
    #[cfg(feature = "client")]
    pub(crate) fn is_failure(&self) -> bool {
        self.is_failure
    }

    /// The place as a JSON pointer (RFC 6901); empty for the whole record.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was expected, in words: "a whole number".
    pub fn expected(&self) -> &str {
        self.expected
    }

    /// The kind of what was found: "text", "a list".
    pub fn found(&self) -> &str {
        &self.found
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for Mismatch {}

/// Says where `text`, which serde refused with `error`, does not fit `shape`.
pub(crate) fn explain(text: &str, shape: Shape, error: &serde_json::Error) -> Mismatch {
    let Ok(raw) = serde_json::from_str::<&RawValue>(text) else {
        return not_json(error);
    };
    let found = Kind::of(raw.get());
    if found == Kind::Null {
        return Mismatch::new("", words(shape), found.words());
    }
    let (_, odd) = lenient::read(raw.get(), shape);
    odd.mismatches
        .into_iter()
        .next()
        .unwrap_or_else(|| Mismatch::new("", words(shape), "something that could not be read"))
}

/// A text that is no JSON value at all: only the place is said.
pub(crate) fn not_json(error: &serde_json::Error) -> Mismatch {
    if error.is_eof() {
        cut_off(error.line(), error.column())
    } else {
        syntax_error(error.line(), error.column())
    }
}

/// A text that ends before its value does.
pub(crate) fn cut_off(line: usize, column: usize) -> Mismatch {
    Mismatch::new("", "JSON", format!("the end of the text at line {line} column {column}"))
}

/// A text that is no JSON from this place on.
pub(crate) fn syntax_error(line: usize, column: usize) -> Mismatch {
    Mismatch::new("", "JSON", format!("a syntax error at line {line} column {column}"))
}

/// Whether a leaf can be read as its shape. Lists and objects are gone through instead.
pub(crate) fn fits(raw: &str, shape: Shape) -> bool {
    match shape {
        Shape::Any => serde_json::from_str::<Json>(raw).is_ok(),
        Shape::Text => serde_json::from_str::<String>(raw).is_ok(),
        Shape::Bool => serde_json::from_str::<bool>(raw).is_ok(),
        Shape::Integer => serde_json::from_str::<i64>(raw).is_ok(),
        Shape::Number => serde_json::from_str::<f64>(raw).is_ok(),
        Shape::Id => serde_json::from_str::<Id>(raw).is_ok(),
        Shape::Time => serde_json::from_str::<Timestamp>(raw).is_ok(),
        Shape::Ticks => DotNetTicks::from_json(raw).is_ok(),
        Shape::List(_) | Shape::Object(_) => false,
    }
}

pub(crate) fn words(shape: Shape) -> &'static str {
    match shape {
        Shape::Any => "a JSON value",
        Shape::Text => "text",
        Shape::Bool => "true or false",
        Shape::Integer => "a whole number of 64 bits",
        Shape::Number => "a finite number",
        Shape::Id => "an id (text or a whole number of 64 bits)",
        Shape::Time => "an RFC 3339 time",
        Shape::Ticks => "an RFC 3339 time or .NET ticks",
        Shape::List(_) => "a list",
        Shape::Object(_) => "an object",
    }
}
