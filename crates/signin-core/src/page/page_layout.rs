//! Pages as vendors wrap them: where in an answer the records stand, and what says how to go on.
//!
//! The answer is read once, from front to back. Each record is decoded where it stands, by itself,
//! so that a bad one does not take its neighbours with it, and good ones are not looked for first:
//! only for one that does not fit is its end looked for, since to look for every end first costs a
//! second scan of all that is read.
//!
//! An error that the service writes into a page with a good status ([`PageField::Error`]) is an
//! error, whatever its list holds. A page that counts 0 ([`PageField::Count`]) needs no list.

use serde::de::{Deserialize, IgnoredAny};
use serde_json::value::RawValue;

use crate::page::page_info::PageInfo;
use crate::record::json::{Kind, Name};
use crate::record::mismatch::{self, Mismatch};
use crate::text::push_pointer;

/// The longest continuation that is followed, in bytes of its text.
pub(crate) const LONGEST_CONTINUATION: usize = 16 * 1024;

/// The most records that a page may hold. Decoding costs memory per record, however short its
/// text is; records of a real API reach the cap of a body long before this.
pub const MOST_RECORDS: usize = 100_000;

/// Where the parts of a page stand in an answer.
///
/// ```
/// use signin_core::{PageField, PageLayout};
///
/// const USERS: PageLayout = PageLayout(&[
///     (PageField::Records, &["users"]),
///     (PageField::NextCursor, &["next_cursor"]),
/// ]);
/// ```
///
/// A field with two paths takes what stands at either. Where a list may be left out of an empty page,
/// [`PageField::Count`] says so: a page without a list and without a count of 0 is none. An empty path for the records means the
/// answer itself: a list of records, or one record. Beside another path it holds where nothing
/// stands at that: an answer that may be a bare record or one in a list is recognised by itself.
#[derive(Debug, Clone, Copy)]
pub struct PageLayout(pub &'static [(PageField, &'static [&'static str])]);

/// A part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageField {
    /// The list of records.
    Records,
    /// The address of the next page.
    NextLink,
    /// The number of the next page.
    NextPage,
    /// The cursor of the next page.
    NextCursor,
    /// How many records there are over all pages.
    Total,
    /// How many records a full page holds.
    PageSize,
    /// How many records the page itself says it has. Where all that say it say 0, a page without
    /// its list is an empty one.
    Count,
    /// What stands there only where the service failed, whatever else the page holds. Null, an
    /// empty text, list or object, `false`, 0 and a number from 200 to 299 say that it did not.
    Error,
}

/// What stands around the records of an answer.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    /// What says how to go on, with its path.
    pub(crate) continuations: Vec<(String, &'a RawValue)>,
    pub(crate) info: PageInfo,
}

/// Reads the record that a text begins with, and gives its length.
pub(crate) type ReadRecord<'r, 'a> = dyn FnMut(&'a str) -> serde_json::Result<usize> + 'r;

impl PageLayout {
    /// Takes an answer's text apart. `record` is called for each record in order, with the text
    /// from the record on.
    pub(crate) fn open<'a>(
        &self,
        text: &'a str,
        record: &mut ReadRecord<'_, 'a>,
    ) -> Result<Parts<'a>, Mismatch> {
        let mut reader = Reader::new(self, text, record);
        let whole =
            self.0.iter().any(|(field, path)| *field == PageField::Records && path.is_empty());
        let is_object = Kind::of(text) == Kind::Object;
        if !whole || self.0.len() > 1 && is_object {
            reader.object(u32::MAX, 0)?;
            reader.end()?;
        }
        if whole && reader.rows.is_none() {
            reader.at = 0;
            match reader.peek() {
                Some(b'[') => reader.list()?,
                _ => reader.record()?,
            }
            reader.end()?;
        }
        if let Some(error) = reader.error {
            return Err(error);
        }
        let is_empty = reader.counted == Some(0);
        let Some(rows) = reader.rows.or(is_empty.then_some(0)) else {
            return Err(Mismatch::new(self.records_path(), "a list of records", "nothing"));
        };
        let info = PageInfo { rows, ..reader.info };
        Ok(Parts { continuations: reader.continuations, info })
    }

    fn records_path(&self) -> String {
        let path =
            self.0.iter().find(|(field, _)| *field == PageField::Records).map(|(_, path)| *path);
        let mut pointer = String::new();
        for step in path.unwrap_or_default() {
            push_pointer(&mut pointer, step);
        }
        pointer
    }

    /// The fields that a member leads to, of an object at this depth that those of `inside` lead
    /// through, a bit each: the bits of those that go deeper, and the one that it is.
    fn slots(&self, inside: u32, depth: usize, name: &str) -> (u32, Option<PageField>) {
        let mut deeper = 0;
        let mut here = None;
        for (index, (field, path)) in self.0.iter().enumerate() {
            let bit = 1_u32.checked_shl(u32::try_from(index).unwrap_or(u32::MAX)).unwrap_or(0);
            if inside & bit == 0 || path.get(depth) != Some(&name) {
                continue;
            }
            if path.len() == depth + 1 {
                here = Some(*field);
            } else {
                deeper |= bit;
            }
        }
        (deeper, here)
    }
}

/// Reads an answer from front to back.
struct Reader<'e, 'r, 'a> {
    layout: &'e PageLayout,
    text: &'a str,
    /// Where the reading is: in the text, and in the answer.
    at: usize,
    path: String,
    record: &'r mut ReadRecord<'r, 'a>,
    /// None before a list was met.
    rows: Option<u64>,
    /// The largest of the page's own counts.
    counted: Option<u64>,
    /// The first member that says that the service failed.
    error: Option<Mismatch>,
    continuations: Vec<(String, &'a RawValue)>,
    info: PageInfo,
}

impl<'e, 'r, 'a> Reader<'e, 'r, 'a> {
    fn new(layout: &'e PageLayout, text: &'a str, record: &'r mut ReadRecord<'r, 'a>) -> Self {
        Self {
            layout,
            text,
            at: 0,
            path: String::new(),
            record,
            rows: None,
            counted: None,
            error: None,
            continuations: Vec::new(),
            info: PageInfo::default(),
        }
    }

    /// An object on the way to the fields; those of `inside` lead through it, a bit each.
    fn object(&mut self, inside: u32, depth: usize) -> Result<(), Mismatch> {
        match self.peek() {
            Some(b'{') => self.at += 1,
            // A null in place of an inner object: nothing of it is there.
            Some(b'n') if depth > 0 => return self.value::<()>(),
            _ => return Err(self.other_than("an object")),
        }
        if self.goes_on_with(b'}') {
            return Ok(());
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.broken());
            }
            let Name(name) = self.value()?;
            self.expect(b':')?;
            let (deeper, here) = self.layout.slots(inside, depth, &name);
            let length = self.path.len();
            if here.is_some() || deeper != 0 {
                push_pointer(&mut self.path, &name);
            }
            match here {
                Some(PageField::Records) => self.list()?,
                Some(field) => {
                    let raw = self.value()?;
                    self.keep(field, raw);
                }
                None if deeper != 0 => self.object(deeper, depth + 1)?,
                None => {
                    self.value::<IgnoredAny>()?;
                }
            }
            self.path.truncate(length);
            if self.goes_on_with(b'}') {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    /// The list of records. Two lists of one page are both taken: none of them may get lost. No
    /// list is not an empty list: an answer without one is never taken for the end.
    fn list(&mut self) -> Result<(), Mismatch> {
        match self.peek() {
            Some(b'[') => self.at += 1,
            Some(b'n') => return self.value::<()>(),
            _ => return Err(self.other_than("a list of records")),
        }
        self.rows.get_or_insert_default();
        if self.goes_on_with(b']') {
            return Ok(());
        }
        loop {
            self.record()?;
            if self.goes_on_with(b']') {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    fn record(&mut self) -> Result<(), Mismatch> {
        let rows = self.rows.get_or_insert_default();
        if usize::try_from(*rows).is_ok_and(|rows| rows >= MOST_RECORDS) {
            return Err(Mismatch::new(self.path.clone(), "at most 100000 records", "more"));
        }
        *rows += 1;
        self.peek();
        let rest = self.rest();
        self.at += (self.record)(rest).map_err(|error| self.broken_by(&error))?;
        Ok(())
    }

    fn keep(&mut self, field: PageField, raw: &'a RawValue) {
        if matches!(field, PageField::NextLink | PageField::NextPage | PageField::NextCursor) {
            self.continuations.push((self.path.clone(), raw));
        }
        let info = &mut self.info;
        let clear = match field {
            PageField::Records => true,
            PageField::NextLink => text(raw).is_ok_and(|link| put(&mut info.next_link, link)),
            PageField::NextCursor => {
                text(raw).is_ok_and(|cursor| put(&mut info.next_cursor, cursor))
            }
            PageField::NextPage => number(raw).is_ok_and(|page| put(&mut info.next_page, page)),
            PageField::Total => {
                info.total = number(raw).unwrap_or_default();
                true
            }
            PageField::PageSize => {
                info.page_size = number(raw).unwrap_or_default();
                true
            }
            PageField::Count => {
                // A count that cannot be read is none of 0.
                let count = number(raw).unwrap_or(Some(u64::MAX));
                self.counted = self.counted.max(count);
                true
            }
            PageField::Error => {
                if self.error.is_none() && says_that_it_failed(raw) {
                    let found = Kind::of(raw.get()).words();
                    self.error = Some(Mismatch::failure(self.path.clone(), found));
                }
                true
            }
        };
        if !clear && info.unclear.is_none() {
            info.unclear = Some(self.path.clone());
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next character that is no white space; the reading stands before it.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.rest().as_bytes();
        let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r'));
        let blank = blank.count();
        self.at += blank;
        rest.get(blank).copied()
    }

    /// Passes this character if it is the next one.
    fn goes_on_with(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, byte: u8) -> Result<(), Mismatch> {
        if self.goes_on_with(byte) { Ok(()) } else { Err(self.broken()) }
    }

    fn end(&mut self) -> Result<(), Mismatch> {
        if self.peek().is_none() { Ok(()) } else { Err(self.broken()) }
    }

    /// Reads a value and passes it.
    fn value<T: Deserialize<'a>>(&mut self) -> Result<T, Mismatch> {
        self.peek();
        let mut values = serde_json::Deserializer::from_str(self.rest()).into_iter();
        match values.next() {
            Some(Ok(value)) => {
                self.at += values.byte_offset();
                Ok(value)
            }
            Some(Err(error)) => Err(self.broken_by(&error)),
            None => Err(self.broken()),
        }
    }

    /// Why the value that comes is not taken: its kind, or that it is none.
    fn other_than(&mut self, expected: &'static str) -> Mismatch {
        let path = self.path.clone();
        match self.value::<IgnoredAny>() {
            Ok(_) => Mismatch::new(path, expected, "another kind of value"),
            Err(broken) => broken,
        }
    }

    /// The text is no JSON from here on.
    fn broken(&self) -> Mismatch {
        let (line, column) = self.line_and_column();
        if self.rest().is_empty() {
            mismatch::cut_off(line, column)
        } else {
            mismatch::syntax_error(line, column + 1)
        }
    }

    /// The text is no JSON; the error is that of a part which begins here.
    fn broken_by(&self, error: &serde_json::Error) -> Mismatch {
        let (line, column) = self.line_and_column();
        let before = if error.line() == 1 { column } else { 0 };
        let (line, column) = (line + error.line() - 1, before + error.column());
        if error.is_eof() {
            mismatch::cut_off(line, column)
        } else {
            mismatch::syntax_error(line, column)
        }
    }

    /// The line where the reading is, from 1, and the bytes before it in that line.
    fn line_and_column(&self) -> (usize, usize) {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        let lines = before.iter().filter(|byte| **byte == b'\n').count();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
        (lines + 1, before.len() - start)
    }
}

/// Whether the value of a member that is for errors tells of one.
fn says_that_it_failed(raw: &RawValue) -> bool {
    let value = raw.get();
    match Kind::of(value) {
        Kind::Null => false,
        Kind::Bool => value == "true",
        Kind::Number | Kind::Text => !matches!(number(raw), Ok(None | Some(0 | 200..=299))),
        Kind::List | Kind::Object => {
            let inner = value.strip_prefix(['[', '{']).and_then(|it| it.strip_suffix([']', '}']));
            !inner.is_some_and(|inner| inner.trim_ascii().is_empty())
        }
    }
}

/// Keeps a value; false if another one is there already.
fn put<T: PartialEq>(place: &mut Option<T>, value: Option<T>) -> bool {
    let clear = value.is_none() || place.is_none() || *place == value;
    if value.is_some() {
        *place = value;
    }
    clear
}

/// A continuation as text. Null, "" and the text "null", which occurs, mean that there is none.
fn text(raw: &RawValue) -> Result<Option<String>, ()> {
    match Kind::of(raw.get()) {
        Kind::Null => Ok(None),
        _ if raw.get().len() > LONGEST_CONTINUATION => Err(()),
        Kind::Text => {
            let text: String = serde_json::from_str(raw.get()).map_err(drop)?;
            Ok(Some(text).filter(|text| !text.is_empty() && text != "null"))
        }
        Kind::Number => Ok(Some(raw.get().to_owned())),
        _ => Err(()),
    }
}

/// A whole number, also as text.
fn number(raw: &RawValue) -> Result<Option<u64>, ()> {
    text(raw)?.map(|text| text.parse().map_err(drop)).transpose()
}

#[cfg(test)]
mod tests;
