//! The formats: each makes lines of records. None of them does I/O.

pub(crate) mod envelope;
pub(crate) mod event;
mod raw;
mod refusal;
mod table;
mod typed;

use std::borrow::Cow;
use std::ops::Deref;

use serde::Serialize;
use signin_core::event::{Context, NoEvent};
use signin_core::vendor::Shape;
use signin_core::{FromJson, Id, Record, Timestamp};

use crate::args::Format;
use event::{Event, Events, Schema};
pub(crate) use refusal::{Refusal, Refused};
use table::Table;

/// Where records come from: what a record itself does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Provenance {
    pub(crate) vendor: &'static str,
    /// Empty where it is not known.
    pub(crate) endpoint: &'static str,
    /// The tenant: the base URL's origin where the vendor has no id for it.
    pub(crate) tenant: Option<String>,
    /// The customer whose tenant it is, where a provider reads for many.
    pub(crate) customer: Option<String>,
    /// The user whose list was asked for.
    pub(crate) user: Option<String>,
    /// The client that the vendor's service was asked as, where records depend on it.
    pub(crate) client_id: Option<String>,
    /// The kind of sign-in, where only what stands around the record says it.
    pub(crate) kind: Option<&'static str>,
    /// When the page was received, RFC 3339 in UTC; none where nobody knows.
    pub(crate) fetched_at: Option<String>,
    /// The record's id, where the record itself has none.
    pub(crate) id: Option<String>,
    /// The record as it came, where what is read was made of it.
    pub(crate) original: Option<String>,
}

/// What records of every vendor have under some name.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells<'a> {
    pub(crate) id: Option<&'a Id>,
    pub(crate) time: Option<&'a Timestamp>,
    pub(crate) user: Option<&'a str>,
    pub(crate) ip: Option<Cow<'a, str>>,
    /// What else a person wants to see first: outcome, place, program.
    pub(crate) details: [Option<Cow<'a, str>>; 3],
}

/// What the formats know of the records of one list.
#[derive(Debug)]
pub(crate) struct Kind<T: 'static> {
    pub(crate) cells: fn(&T) -> Cells<'_>,
    /// The record in the shape that all products share.
    pub(crate) event: fn(&Record<T>, &Context) -> Result<Event, NoEvent>,
}

/// A cell of a member's text; an empty text is none.
pub(crate) fn detail<T: Deref<Target = str>>(text: &Option<T>) -> Option<Cow<'_, str>> {
    text.as_deref().filter(|text| !text.is_empty()).map(Cow::Borrowed)
}

/// Why what has no member of its list's records is not written.
const NOTHING_TELLS_IT: NoEvent = NoEvent::Unusable {
    path: "",
    reason: "expected a member that tells what the record is, such as an id, found none",
};

/// Whether a JSON value has a member that tells it for a record of this type.
fn is_identified<T: FromJson>(raw: &str) -> bool {
    match T::shape() {
        Shape::Object(table) => table.identifies(raw),
        _ => true,
    }
}

/// A cell of a time; one that stands for none is none.
pub(crate) fn moment(time: &Option<Timestamp>) -> Option<&Timestamp> {
    time.as_ref().filter(|time| !time.stands_for_none())
}

/// The chosen format.
#[derive(Debug)]
pub(crate) enum Output {
    Table(Table),
    Envelope,
    Raw,
    Typed,
    Events(Events),
}

impl Output {
    /// `width` is the columns that a row of the table may take; `keep_raw` is for events.
    pub(crate) fn new(format: Format, width: usize, keep_raw: bool) -> Self {
        let events = |schema| Self::Events(Events { schema, keep_raw });
        match format {
            Format::Table => Self::Table(Table::new(width)),
            Format::Envelope => Self::Envelope,
            Format::Raw => Self::Raw,
            Format::Typed => Self::Typed,
            Format::Event => events(Schema::Own),
            Format::Ocsf => events(Schema::Ocsf),
            Format::Ecs => events(Schema::Ecs),
        }
    }

    /// What stands before the first record.
    pub(crate) fn header(&self, out: &mut Vec<u8>) {
        if let Self::Table(table) = self {
            table.header(out);
        }
    }

    /// What stands before the records of one source of several; a `gap` tells them from those above.
    pub(crate) fn title(&self, title: &str, gap: bool, out: &mut Vec<u8>) {
        if let Self::Table(table) = self {
            out.extend_from_slice(if gap { b"\n" } else { b"" });
            out.extend_from_slice(title.as_bytes());
            out.push(b'\n');
            table.header(out);
        }
    }

    /// One record, one line; or why there is none in this format.
    pub(crate) fn record<T: FromJson + Serialize>(
        &self,
        provenance: &Provenance,
        record: &Record<T>,
        kind: &Kind<T>,
        out: &mut Vec<u8>,
    ) -> serde_json::Result<Result<(), NoEvent>> {
        if self.needs_a_record() && !is_identified::<T>(record.raw()) {
            return Ok(Err(NOTHING_TELLS_IT));
        }
        match self {
            Self::Table(table) => table.row(provenance, &(kind.cells)(record), out),
            Self::Envelope => {
                envelope::line(provenance, (kind.cells)(record).id, record.raw_bytes(), out)?;
            }
            Self::Raw => raw::line(record.raw_bytes(), out),
            Self::Typed => typed::line::<T>(record, out)?,
            Self::Events(events) => return events.line(provenance, record, kind, out),
        }
        Ok(Ok(()))
    }

    /// Whether what is no record of its list cannot be written: every member of a record may be
    /// absent, so an error body would be an empty one.
    fn needs_a_record(&self) -> bool {
        matches!(self, Self::Table(_) | Self::Typed | Self::Events(_))
    }

    /// One record of whatever shape, where the format takes any: true if so.
    pub(crate) fn any_json(
        &self,
        provenance: &Provenance,
        raw: &[u8],
        out: &mut Vec<u8>,
    ) -> serde_json::Result<bool> {
        match self {
            Self::Envelope => envelope::line(provenance, None, raw, out)?,
            Self::Raw => raw::line(raw, out),
            Self::Table(_) | Self::Typed | Self::Events(_) => return Ok(false),
        }
        Ok(true)
    }
}
