//! Where in the input something stands, for people.

use std::fmt;

/// Where in the input something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InputPosition {
    /// The line that the value begins on, from 1.
    pub(super) line: u64,
    /// Which of several records of that value, from 1.
    pub(super) record: Option<u64>,
}

impl InputPosition {
    /// A value as a whole.
    pub(super) fn of(line: u64) -> Self {
        Self { line, record: None }
    }
}

impl fmt::Display for InputPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        self.record.map_or(Ok(()), |record| write!(f, ", record {record}"))
    }
}
