//! The formats: each makes lines of records. None of them does I/O.

pub(crate) mod envelope;
mod raw;
mod refusal;
mod table;
mod typed;

use std::borrow::Cow;
use std::ops::Deref;

use serde::Serialize;
use signin_core::{Id, Record, Timestamp};

use crate::args::Format;
pub(crate) use refusal::{Refusal, Refused};
use table::Table;

/// Where records come from: what a record itself does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Source {
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
    /// When the page was received, RFC 3339 in UTC; none where nobody knows.
    pub(crate) fetched_at: Option<String>,
    /// The record's id, where the record itself has none.
    pub(crate) id: Option<String>,
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

/// A cell of a member's text; an empty text is none.
pub(crate) fn detail<T: Deref<Target = str>>(text: &Option<T>) -> Option<Cow<'_, str>> {
    text.as_deref().filter(|text| !text.is_empty()).map(Cow::Borrowed)
}

/// The chosen format.
#[derive(Debug)]
pub(crate) enum Output {
    Table(Table),
    Envelope,
    Raw,
    Typed,
}

impl Output {
    /// `width` is the columns that a row of the table may take.
    pub(crate) fn new(format: Format, width: usize) -> Self {
        match format {
            Format::Table => Self::Table(Table::new(width)),
            Format::Envelope => Self::Envelope,
            Format::Raw => Self::Raw,
            Format::Typed => Self::Typed,
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

    /// One record, one line.
    pub(crate) fn record<T: Serialize>(
        &self,
        source: &Source,
        record: &Record<T>,
        cells: &Cells<'_>,
        out: &mut Vec<u8>,
    ) -> serde_json::Result<()> {
        match self {
            Self::Table(table) => table.row(source, cells, out),
            Self::Envelope => envelope::line(source, cells.id, record.raw(), out)?,
            Self::Raw => raw::line(record.raw(), out),
            Self::Typed => typed::line::<T>(record, out)?,
        }
        Ok(())
    }

    /// One record of whatever shape, where the format takes any: true if so.
    pub(crate) fn any_json(
        &self,
        source: &Source,
        raw: &str,
        out: &mut Vec<u8>,
    ) -> serde_json::Result<bool> {
        match self {
            Self::Envelope => envelope::line(source, None, raw, out)?,
            Self::Raw => raw::line(raw, out),
            Self::Table(_) | Self::Typed => return Ok(false),
        }
        Ok(true)
    }
}
