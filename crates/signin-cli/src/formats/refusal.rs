//! What could not be written as a record: an envelope with the place and the reason, which
//! `signin convert` reads again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::Provenance;
use super::envelope::{Head, id_of, revision};
use super::raw::bytes_on_one_line;

/// What could not be written as a record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refusal<'a> {
    /// The place as a JSON pointer; empty for the whole.
    pub(crate) path: &'a str,
    /// Why, without values.
    pub(crate) reason: &'a str,
    pub(crate) what: Refused<'a>,
}

/// What was refused.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Refused<'a> {
    /// A record, as JSON. It becomes the envelope's `record`, to the byte.
    Record(&'a [u8]),
    /// Input in which no record was found. It becomes the envelope's `text`, or `base64` where it
    /// is no text.
    Input(&'a [u8]),
}

#[derive(Serialize)]
struct Tail<'a> {
    path: &'a str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

impl Refusal<'_> {
    /// One line, as an envelope.
    pub(crate) fn line(
        &self,
        provenance: &Provenance,
        out: &mut Vec<u8>,
    ) -> serde_json::Result<()> {
        let (record, input) = match self.what {
            Refused::Record(record) => (Some(bytes_on_one_line(record)), None),
            Refused::Input(input) => (None, Some(input)),
        };
        let text = input.and_then(|input| std::str::from_utf8(input).ok());
        let bytes = input.filter(|_| text.is_none());
        let rev = record.as_deref().map(revision);
        let id = record.as_deref().and_then(|record| id_of(&String::from_utf8_lossy(record)));
        let id = id.as_deref().or(provenance.id.as_deref());
        Head::new(provenance, id, rev.as_deref()).open(out)?;
        let base64 = bytes.map(|bytes| STANDARD.encode(bytes));
        let tail = Tail { path: self.path, reason: self.reason, text, base64 };
        let opened = out.len();
        serde_json::to_writer(&mut *out, &tail)?;
        // Its members go on with those of the head, and it stays open for the record.
        if let Some(brace) = out.get_mut(opened) {
            *brace = b',';
        }
        out.pop();
        if let Some(record) = record {
            out.extend_from_slice(b",\"record\":");
            out.extend_from_slice(&record);
        }
        out.extend_from_slice(b"}\n");
        Ok(())
    }
}
