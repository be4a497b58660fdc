//! What bytes are, and why they cannot be read.

use std::fmt;

use serde_json::value::RawValue;

/// The longest value, in bytes.
pub(super) const LONGEST: usize = 64 * 1024 * 1024;

/// What bytes are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A JSON value.
    Value,
    /// The beginning of one.
    Begun,
    /// Neither, and why.
    Broken(String),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Value => "a JSON value",
            Self::Begun => "expected JSON, found the end of the line: it is cut off",
            Self::Broken(why) => why,
        })
    }
}

/// Says what bytes are.
pub(super) fn judge(bytes: &[u8]) -> Verdict {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let place = error.valid_up_to() + 1;
            let why = format!("expected UTF-8, found another byte at byte {place}");
            return Verdict::Broken(why);
        }
    };
    match serde_json::from_str::<&RawValue>(text) {
        Ok(_) => Verdict::Value,
        Err(error) if error.is_eof() => Verdict::Begun,
        Err(_) if bytes.contains(&0) => {
            Verdict::Broken("expected JSON, found a NUL byte".to_owned())
        }
        Err(error) => {
            let place = match error.line() {
                1 => format!("column {}", error.column()),
                line => format!("column {} of its line {line}", error.column()),
            };
            Verdict::Broken(format!("expected JSON, found a syntax error at {place}"))
        }
    }
}

/// Why nothing behind can be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) line: u64,
    pub(super) why: Why,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Why {
    TooLong,
    CutOff,
    NotJson(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.why {
            Why::TooLong => write!(
                f,
                "a value of more than {} MiB begins here; give its records one a line, say by \
                 jq -c '.[]'",
                LONGEST / 1024 / 1024
            ),
            Why::CutOff => {
                f.write_str("the value that begins here is cut off by the end of the input")
            }
            Why::NotJson(reason) => write!(f, "{reason}; what is behind cannot be told"),
        }
    }
}
