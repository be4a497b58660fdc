//! Where a record does not fit its type: found by a walk over the member table, after the fact.
//!
//! The reading itself stops at the first value that does not fit, but serde's own words quote
//! that value, and a value may be a person's data. So the place is looked up again here, and said
//! with the path, what was expected and the kind of what was found.

use std::borrow::Cow;
use std::fmt;

use serde_json::value::RawValue;

use crate::json::{Kind, elements, members};
use crate::model::{Shape, Table};
use crate::text::push_pointer;
use crate::timestamp::{DotNetTicks, Timestamp};
use crate::{Id, Json};

/// Why a text could not be read as a type: the place, what was expected there and what kind of
/// value was found. It never holds the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    path: String,
    expected: &'static str,
    found: Cow<'static, str>,
}

impl Mismatch {
    pub(crate) fn new(
        path: impl Into<String>,
        expected: &'static str,
        found: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { path: path.into(), expected, found: found.into() }
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
    let mut path = String::new();
    find(raw.get(), shape, &mut path)
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

/// The deepest nesting of known members that is looked into: serde_json reads no deeper.
pub(crate) const DEEPEST: usize = 128;

fn find(raw: &str, shape: Shape, path: &mut String) -> Option<Mismatch> {
    let found = Kind::of(raw);
    if path.matches('/').count() > DEEPEST {
        return Some(Mismatch::new(path.clone(), "at most 128 levels", "more"));
    }
    if found == Kind::Null || fits(raw, shape) {
        return None;
    }
    let mismatch = || Mismatch::new(path.clone(), words(shape), found.words());
    match shape {
        Shape::Object(table) if found == Kind::Object => find_in_object(raw, table, path),
        Shape::List(inner) if found == Kind::List => {
            elements(raw).iter().enumerate().find_map(|(index, element)| {
                within(path, &index.to_string(), |path| {
                    if Kind::of(element.get()) == Kind::Null && !matches!(inner, Shape::Any) {
                        return Some(Mismatch::new(path.clone(), words(*inner), "null"));
                    }
                    find(element.get(), *inner, path)
                })
            })
        }
        Shape::Text | Shape::Time | Shape::Ticks if found == Kind::Text => {
            let readable = serde_json::from_str::<String>(raw).is_ok();
            let found = if readable { "other text" } else { "text with a broken escape" };
            Some(Mismatch::new(path.clone(), words(shape), found))
        }
        Shape::Integer | Shape::Number | Shape::Id if found == Kind::Number => {
            Some(Mismatch::new(path.clone(), words(shape), "another number"))
        }
        _ => Some(mismatch()),
    }
}

fn find_in_object(raw: &str, table: &'static Table, path: &mut String) -> Option<Mismatch> {
    members(raw).iter().find_map(|(name, value)| {
        let member = table.members.get(table.find(name, 0)?)?;
        within(path, name, |path| find(value.get(), member.shape, path))
    })
}

fn within<T>(path: &mut String, step: &str, walk: impl FnOnce(&mut String) -> T) -> T {
    let length = path.len();
    push_pointer(path, step);
    let result = walk(path);
    path.truncate(length);
    result
}

/// Whether a leaf can be read as its shape. Lists and objects are walked instead.
fn fits(raw: &str, shape: Shape) -> bool {
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

fn words(shape: Shape) -> &'static str {
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
