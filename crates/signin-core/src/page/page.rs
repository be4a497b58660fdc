//! One page of records.

use serde_json::value::RawValue;
use time::OffsetDateTime;

use crate::page::page_info::PageInfo;
use crate::page::page_layout::PageLayout;
use crate::record::mismatch::Mismatch;
use crate::record::model::FromJson;
use crate::record::record::{Record, Rejected, Text};
#[cfg(feature = "client")]
use {bytes::Bytes, std::sync::Arc};

/// The byte order mark, which says nothing in UTF-8.
const MARK: &str = "\u{feff}";

/// One page of a list: its records in order, each typed or rejected, and what came with them.
#[derive(Debug, Clone)]
pub struct Page<T> {
    rows: Vec<Result<Record<T>, Rejected>>,
    info: PageInfo,
    request_id: Option<String>,
    date: Option<OffsetDateTime>,
}

impl<T: FromJson> Page<T> {
    /// Reads a page as the vendor sends it: no client and no network needed. A leading byte order
    /// mark is dropped; bytes that are not UTF-8 are read with U+FFFD in their place, and kept.
    ///
    /// # Errors
    /// [`Mismatch`]: the body is not JSON, has no list of records where it should stand, or says
    /// itself that the service failed: by the member at [`Mismatch::path`]. A record that does not
    /// fit is no error: it stands in its place as [`Rejected`].
    pub fn decode(body: &[u8], layout: &PageLayout) -> Result<Self, Mismatch> {
        let keep = |raw: &str, _| Text::Own(raw.into());
        if let Ok(text) = std::str::from_utf8(body) {
            return Self::read(text, body, layout, &keep);
        }
        let start = body.strip_prefix(MARK.as_bytes()).unwrap_or(body);
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            return Err(Mismatch::new("", "JSON in UTF-8", "UTF-16"));
        }
        Self::read(&mask(body), body, layout, &keep)
    }

    /// Reads a page whose records share its text until they are taken out of it.
    ///
    /// # Errors
    /// Those of [`decode`](Self::decode), with the body.
    #[cfg(feature = "client")]
    pub(crate) fn share(body: Bytes, layout: &PageLayout) -> Result<Self, (Mismatch, Bytes)> {
        let text = match String::from_utf8(body.into()) {
            Ok(text) => Arc::new(text),
            Err(other) => {
                let body = other.into_bytes();
                return Self::decode(&body, layout).map_err(|why| (why, body.into()));
            }
        };
        let page = Self::read(&text, text.as_bytes(), layout, &|raw, end| {
            let start = end.saturating_sub(raw.len());
            Text::Within(Arc::clone(&text), start..end)
        });
        page.map_err(|why| (why, Arc::unwrap_or_clone(text).into()))
    }

    /// Reads a page from its text, which is the body itself or masked. `keep` makes what a record
    /// keeps of its text, which it is given with the place in the body where that ends.
    fn read(
        text: &str,
        body: &[u8],
        layout: &PageLayout,
        keep: &dyn Fn(&str, usize) -> Text,
    ) -> Result<Self, Mismatch> {
        let whole = body.len();
        let body = body.strip_prefix(MARK.as_bytes()).unwrap_or(body);
        let text = text.strip_prefix(MARK).unwrap_or(text);
        let mut rows = Vec::new();
        let mut parts = layout.open(text, &mut |rest| {
            let before = whole.saturating_sub(rest.len());
            let (row, length) =
                read(rest, text, body, |raw| keep(raw, before.saturating_add(raw.len())))?;
            rows.push(row);
            Ok(length)
        })?;
        let changed = parts.continuations.iter().find(|(_, raw)| {
            slice_of(body, text, raw.get()).is_some_and(|bytes| std::str::from_utf8(bytes).is_err())
        });
        if let Some((path, _)) = changed {
            parts.info.unclear = Some(path.clone());
        }
        Ok(Self { rows, info: parts.info, request_id: None, date: None })
    }
}

impl<T: FromJson> Page<T> {
    /// Reads the rejected records once more, as [`Record::from_json_lenient`] does: a record with
    /// an odd member comes with all others, and says which it is.
    #[must_use]
    pub fn lenient(mut self) -> Self {
        for row in &mut self.rows {
            if let Err(rejected) = row
                && let Ok(record) = Record::from_json_lenient(rejected.raw_bytes())
            {
                *row = Ok(record);
            }
        }
        self
    }
}

impl<T> Page<T> {
    #[cfg(feature = "client")]
    pub(crate) fn received(self, request_id: Option<String>, date: Option<OffsetDateTime>) -> Self {
        Self { request_id, date, ..self }
    }

    /// The records that fit their type, in order.
    pub fn items(&self) -> impl Iterator<Item = &Record<T>> {
        self.rows.iter().filter_map(|row| row.as_ref().ok())
    }

    /// The records that do not, in order.
    pub fn rejected(&self) -> impl Iterator<Item = &Rejected> {
        self.rows.iter().filter_map(|row| row.as_ref().err())
    }

    /// Every record in its place, typed or rejected.
    pub fn rows(&self) -> &[Result<Record<T>, Rejected>] {
        &self.rows
    }

    /// Every record in its place, typed or rejected.
    pub fn into_rows(self) -> Vec<Result<Record<T>, Rejected>> {
        self.rows.into_iter().map(|row| row.map(|record| record.by_itself().0)).collect()
    }

    /// The same, but the records still share the page's bytes: to be taken out one by one, by
    /// [`Record::by_itself`].
    #[cfg(feature = "client")]
    pub(crate) fn into_shared_rows(self) -> Vec<Result<Record<T>, Rejected>> {
        self.rows
    }

    /// What the page says of itself: rows, total, how to go on.
    pub fn info(&self) -> &PageInfo {
        &self.info
    }

    /// The vendor's name for the request, to be named to its support.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The time at which the vendor answered, by its own clock.
    pub fn date(&self) -> Option<OffsetDateTime> {
        self.date
    }

    /// Takes away a continuation that a check of its text refuses.
    #[cfg(feature = "client")]
    pub(crate) fn distrust(&mut self, refuse: impl Fn(&str) -> bool) {
        let info = &mut self.info;
        for text in [&mut info.next_link, &mut info.next_cursor] {
            if text.as_deref().is_some_and(&refuse) {
                *text = None;
                info.unclear = Some("a link that holds the credential".into());
            }
        }
    }

    #[cfg(feature = "client")]
    pub(crate) fn retain(&mut self, keep: impl FnMut(&Result<Record<T>, Rejected>) -> bool) {
        self.rows.retain(keep);
    }
}

/// The body with every byte that is not UTF-8 replaced by one character of one byte, so that
/// places in it are places in the body.
fn mask(body: &[u8]) -> String {
    body.utf8_chunks().fold(String::with_capacity(body.len()), |mut text, chunk| {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
        text
    })
}

/// Reads the record that the rest of a page's text begins with, and gives its length.
fn read<T: FromJson>(
    rest: &str,
    text: &str,
    body: &[u8],
    keep: impl FnOnce(&str) -> Text,
) -> serde_json::Result<(Result<Record<T>, Rejected>, usize)> {
    let is_the_body = std::ptr::eq(body, text.as_bytes());
    if is_the_body
        && let Some((value, length)) = T::read_first(rest)
        && let Some(raw) = rest.get(..length)
        && is_json(raw)
    {
        return Ok((Ok(Record::new(value, keep(raw))), length));
    }
    // One that does not fit, is no JSON or not UTF-8: its borders are found first.
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
    let raw = values.next().unwrap_or_else(|| serde_json::from_str(rest))?;
    let bytes = slice_of(body, text, raw.get());
    let row = match bytes.map(std::str::from_utf8) {
        Some(Err(_)) => Record::from_json(bytes.unwrap_or_default()),
        _ => Record::read(raw.get(), None),
    };
    Ok((row, values.byte_offset()))
}

/// Whether the text of a value that a model was read from is JSON. Names are read as bytes, among
/// which control characters pass; elsewhere those are white space.
fn is_json(raw: &str) -> bool {
    let has_control = raw.bytes().fold(false, |has, byte| has | (byte < b' '));
    !has_control || serde_json::from_str::<&RawValue>(raw).is_ok()
}

/// The bytes of the body at the place where `part` stands in `text`; None where the two are the
/// same bytes.
fn slice_of<'a>(body: &'a [u8], text: &str, part: &str) -> Option<&'a [u8]> {
    if std::ptr::eq(body, text.as_bytes()) {
        return None;
    }
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    body.get(start..start.checked_add(part.len())?)
}
