//! What bytes are, and why they cannot be read.

use std::fmt;

use serde_json::value::RawValue;

use super::input_position::InputPosition;

/// The longest value, in bytes.
pub(super) const LONGEST: usize = 64 * 1024 * 1024;

/// What bytes are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum JsonCheck {
    /// A JSON value.
    Value,
    /// The beginning of one.
    Begun,
    /// Neither, and why.
    Broken(String),
}

impl fmt::Display for JsonCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Value => "a JSON value",
            Self::Begun => "expected JSON, found the end of the line: it is cut off",
            Self::Broken(why) => why,
        })
    }
}

/// Says what bytes are.
pub(super) fn judge(bytes: &[u8]) -> JsonCheck {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // Half a character at the end, where text is cut off.
        Err(error) if error.error_len().is_none() && is_begun(bytes, error.valid_up_to()) => {
            return JsonCheck::Begun;
        }
        Err(error) => {
            let place = error.valid_up_to() + 1;
            let why = format!("expected UTF-8, found another byte at byte {place}");
            return JsonCheck::Broken(why);
        }
    };
    match serde_json::from_str::<&RawValue>(text) {
        Ok(_) => JsonCheck::Value,
        Err(error) if error.is_eof() => JsonCheck::Begun,
        Err(_) if bytes.contains(&0) => {
            JsonCheck::Broken("expected JSON, found a NUL byte".to_owned())
        }
        Err(error) => {
            let place = match error.line() {
                1 => format!("column {}", error.column()),
                line => format!("column {} of its line {line}", error.column()),
            };
            JsonCheck::Broken(format!("expected JSON, found a syntax error at {place}"))
        }
    }
}

fn is_begun(bytes: &[u8], end: usize) -> bool {
    bytes.get(..end).is_some_and(|text| judge(text) == JsonCheck::Begun)
}

/// What is wrong with the input at a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) place: InputPosition,
    pub(super) why: Why,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// More than is held, and no list.
    TooLong,
    /// The input ends in it.
    CutOff,
    /// Nothing after can be known.
    NotJson(String),
    /// The list cannot be read on; what stands after its line can be.
    ListBroken { line: u64, column: usize },
    /// What came after the list of a page makes something else of it.
    Contradiction(&'static str),
    /// The page says that it failed.
    Failure,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        match &self.why {
            Why::TooLong => write!(
                f,
                "a {} of more than {} MiB begins here{}",
                if self.place.record.is_some() { "record" } else { "value" },
                LONGEST / 1024 / 1024,
                if self.place.record.is_some() {
                    ""
                } else {
                    "; give its records one a line, say by jq -c '.[]'"
                },
            ),
            Why::CutOff => {
                f.write_str("the value that begins here is cut off by the end of the input")
            }
            Why::NotJson(reason) => write!(f, "{reason}; what is behind cannot be told"),
            Why::ListBroken { line, column } => write!(
                f,
                "expected JSON, found a syntax error at column {column} of line {line}; what is \
                 behind in the list cannot be told"
            ),
            Why::Contradiction(what) => write!(
                f,
                "the value that begins here was read as a page, but behind its list it has \
                 {what}; look at what its records became"
            ),
            Why::Failure => f.write_str(
                "the page that begins here says that the service failed; fetch it again for what \
                 is missing",
            ),
        }
    }
}
