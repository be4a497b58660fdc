//! Records whose bytes are not UTF-8, out of envelopes that keep them.

use super::detect::Detected;
use super::json_check::{JsonCheck, judge};
use super::{Conversion, InputPosition};
use crate::run::collect::{Run, RunError};

/// A record as JSON.
#[derive(Debug, Clone, Copy)]
pub(super) struct Json<'a> {
    pub(super) text: &'a str,
    /// What it is made from: bytes that are not UTF-8 are U+FFFD in the text.
    pub(super) bytes: &'a [u8],
}

impl<'a> From<&'a str> for Json<'a> {
    fn from(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes() }
    }
}

impl Conversion {
    /// Takes an envelope of which the record, and nothing else, holds bytes that are not UTF-8.
    /// False: these bytes are no such envelope.
    pub(super) fn envelope_of_bytes(
        &mut self,
        bytes: &[u8],
        place: InputPosition,
        run: &mut Run<'_>,
    ) -> Result<bool, RunError> {
        let masked = mask(bytes);
        if masked.as_bytes() == bytes || judge(masked.as_bytes()) != JsonCheck::Value {
            return Ok(false);
        }
        let Detected::Envelope(envelope) = Detected::of(&masked, self.vendor) else {
            return Ok(false);
        };
        let Some(record) = envelope.record().and_then(|text| own_bytes(bytes, &masked, text))
        else {
            return Ok(false);
        };
        let text = String::from_utf8_lossy(record);
        let envelope = envelope.with_record(Json { text: &text, bytes: record });
        self.not_utf8 += 1;
        self.envelope(bytes, &envelope, place, run)?;
        Ok(true)
    }
}

/// The bytes of this part of what was masked; None if bytes that are not UTF-8 stand elsewhere too.
fn own_bytes<'a>(bytes: &'a [u8], masked: &str, part: &str) -> Option<&'a [u8]> {
    let start = (part.as_ptr() as usize).checked_sub(masked.as_ptr() as usize)?;
    let (before, rest) = bytes.split_at_checked(start)?;
    let (own, behind) = rest.split_at_checked(part.len())?;
    let is_text = |bytes| std::str::from_utf8(bytes).is_ok();
    (is_text(before) && is_text(behind)).then_some(own)
}

/// The bytes as a text of the same length, in which each byte that is not UTF-8 is a question mark.
fn mask(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}
