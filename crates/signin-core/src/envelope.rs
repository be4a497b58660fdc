//! Pages as vendors wrap them: where in an answer the records stand, and what says how to go on.
//!
//! The answer is read once. Records come out as slices of its text, to be decoded one by one, so
//! that a bad one does not take its neighbours with it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::json::{Kind, Name};
use crate::mismatch::{self, Mismatch};
use crate::text::push_pointer;

/// The longest continuation that is followed, in bytes of its text.
pub(crate) const LONGEST_CONTINUATION: usize = 16 * 1024;

/// The most records that a page may hold. Decoding costs memory per record, however short its
/// text is; records of a real API reach the cap of a body long before this.
pub const MOST_RECORDS: usize = 100_000;

const TOO_MANY: &str = "at most 100000 records";

/// Where the parts of a page stand in an answer.
///
/// ```
/// use signin_core::Envelope;
/// use signin_core::envelope::Slot;
///
/// const USERS: Envelope = Envelope(&[
///     (Slot::Records, &["users"]),
///     (Slot::NextCursor, &["next_cursor"]),
/// ]);
/// ```
///
/// A slot with two paths takes what stands at either. An empty path for the records means the
/// answer itself: a list of records, or one record.
#[derive(Debug, Clone, Copy)]
pub struct Envelope(pub &'static [(Slot, &'static [&'static str])]);

/// A part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Slot {
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
}

/// What a page says of itself and of how to go on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// How many records stood on the page, rejected ones included.
    pub rows: u64,
    /// The next page's address.
    pub next_link: Option<String>,
    /// The next page's number.
    pub next_page: Option<u64>,
    /// The next page's cursor.
    pub next_cursor: Option<String>,
    /// The number of records over all pages, as the vendor counts.
    pub total: Option<u64>,
    /// The number of records on a full page, as the vendor says.
    pub page_size: Option<u64>,
    /// A continuation that came twice with different values, or that is none: its path.
    pub unclear: Option<String>,
}

/// An answer taken apart: its records' texts and its facts.
#[derive(Debug)]
pub(crate) struct Parts<'a> {
    pub(crate) records: Vec<&'a RawValue>,
    /// What says how to go on, with its path.
    pub(crate) continuations: Vec<(String, &'a RawValue)>,
    pub(crate) facts: Facts,
}

impl Envelope {
    /// Takes an answer's text apart.
    pub(crate) fn open<'a>(&self, text: &'a str) -> Result<Parts<'a>, Mismatch> {
        let mut found = Found::default();
        let whole = self.0.iter().any(|(slot, path)| *slot == Slot::Records && path.is_empty());
        if whole {
            let raw: &RawValue =
                serde_json::from_str(text).map_err(|error| mismatch::not_json(&error))?;
            if Kind::of(raw.get()) == Kind::List {
                let mut json = serde_json::Deserializer::from_str(raw.get());
                let read = Records(&mut found).deserialize(&mut json);
                read.map_err(|error| found.explain(&error))?;
            } else {
                found.records = Some(vec![raw]);
            }
        }
        if found.records.is_none() || self.0.len() > 1 && Kind::of(text) == Kind::Object {
            let mut json = serde_json::Deserializer::from_str(text);
            let level = Level { envelope: self, depth: 0, inside: u32::MAX, found: &mut found };
            let read = level.deserialize(&mut json).and_then(|()| json.end());
            read.map_err(|error| found.explain(&error))?;
        }
        let Some(records) = found.records else {
            return Err(Mismatch::new(self.records_path(), "a list of records", "nothing"));
        };
        let rows = u64::try_from(records.len()).unwrap_or(u64::MAX);
        let facts = Facts { rows, ..found.facts };
        Ok(Parts { records, continuations: found.continuations, facts })
    }

    fn records_path(&self) -> String {
        let path = self.0.iter().find(|(slot, _)| *slot == Slot::Records).map(|(_, path)| *path);
        let mut pointer = String::new();
        for step in path.unwrap_or_default() {
            push_pointer(&mut pointer, step);
        }
        pointer
    }
}

#[derive(Default)]
struct Found<'a> {
    records: Option<Vec<&'a RawValue>>,
    continuations: Vec<(String, &'a RawValue)>,
    facts: Facts,
    /// Where the reading is, for the message when it fails.
    path: String,
    expected: Option<&'static str>,
}

impl<'a> Found<'a> {
    /// Why the reading failed, without the words of serde, which quote values.
    fn explain(&self, error: &serde_json::Error) -> Mismatch {
        if error.classify() != serde_json::error::Category::Data {
            return mismatch::not_json(error);
        }
        let expected = self.expected.unwrap_or("an object");
        let found = if expected == TOO_MANY { "more" } else { "another kind of value" };
        Mismatch::new(self.path.clone(), expected, found)
    }

    fn keep(&mut self, slot: Slot, raw: &'a RawValue) {
        if matches!(slot, Slot::NextLink | Slot::NextPage | Slot::NextCursor) {
            self.continuations.push((self.path.clone(), raw));
        }
        let facts = &mut self.facts;
        let clear = match slot {
            Slot::Records => true,
            Slot::NextLink => text(raw).is_ok_and(|link| put(&mut facts.next_link, link)),
            Slot::NextCursor => text(raw).is_ok_and(|cursor| put(&mut facts.next_cursor, cursor)),
            Slot::NextPage => number(raw).is_ok_and(|page| put(&mut facts.next_page, page)),
            Slot::Total => {
                facts.total = number(raw).unwrap_or_default();
                true
            }
            Slot::PageSize => {
                facts.page_size = number(raw).unwrap_or_default();
                true
            }
        };
        if !clear && facts.unclear.is_none() {
            facts.unclear = Some(self.path.clone());
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

/// One object on the way to the slots.
struct Level<'e, 'f, 'a> {
    envelope: &'e Envelope,
    depth: usize,
    /// The slots whose paths lead through here, a bit each.
    inside: u32,
    found: &'f mut Found<'a>,
}

impl Level<'_, '_, '_> {
    /// The slots that a member leads to: the bits of those that go deeper, and the one it is.
    fn slots(&self, name: &str) -> (u32, Option<Slot>) {
        let mut deeper = 0;
        let mut here = None;
        for (index, (slot, path)) in self.envelope.0.iter().enumerate() {
            let bit = 1_u32.checked_shl(u32::try_from(index).unwrap_or(u32::MAX)).unwrap_or(0);
            if self.inside & bit == 0 || path.get(self.depth) != Some(&name) {
                continue;
            }
            if path.len() == self.depth + 1 {
                here = Some(*slot);
            } else {
                deeper |= bit;
            }
        }
        (deeper, here)
    }
}

impl<'a> DeserializeSeed<'a> for Level<'_, '_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, source: D) -> Result<(), D::Error> {
        self.found.expected = Some("an object");
        source.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Level<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    /// A null in place of an inner object: nothing of it is there.
    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        if self.depth == 0 { Err(E::custom("null")) } else { Ok(()) }
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let length = self.found.path.len();
        while let Some(Name(name)) = map.next_key()? {
            let (deeper, here) = self.slots(&name);
            if deeper == 0 && here.is_none() {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            push_pointer(&mut self.found.path, &name);
            match here {
                Some(Slot::Records) => map.next_value_seed(Records(&mut *self.found))?,
                Some(slot) => {
                    let raw = map.next_value::<&'a RawValue>()?;
                    self.found.keep(slot, raw);
                }
                None => map.next_value_seed(Level {
                    envelope: self.envelope,
                    depth: self.depth + 1,
                    inside: deeper,
                    found: &mut *self.found,
                })?,
            }
            self.found.path.truncate(length);
        }
        Ok(())
    }
}

/// The list of records. Two lists of one page are both taken: none of them may get lost.
struct Records<'f, 'a>(&'f mut Found<'a>);

impl<'a> DeserializeSeed<'a> for Records<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, source: D) -> Result<(), D::Error> {
        self.0.expected = Some("a list of records");
        source.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Records<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<(), A::Error> {
        let records = self.0.records.get_or_insert_default();
        while let Some(record) = list.next_element::<&'a RawValue>()? {
            if records.len() == MOST_RECORDS {
                self.0.expected = Some(TOO_MANY);
                return Err(serde::de::Error::custom("too many records"));
            }
            records.push(record);
        }
        Ok(())
    }

    /// No list is not an empty list: an answer without one is never taken for the end.
    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Err(E::custom("null"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Envelope = Envelope(&[
        (Slot::Records, &["admin/rows"]),
        (Slot::NextLink, &["meta", "next"]),
        (Slot::NextPage, &["meta", "number"]),
        (Slot::Total, &["meta", "count"]),
        (Slot::PageSize, &["meta", "size"]),
        (Slot::NextCursor, &["cursor"]),
    ]);

    fn facts(text: &str) -> Facts {
        PAGE.open(text).unwrap().facts
    }

    fn refused(text: &str) -> String {
        PAGE.open(text).unwrap_err().to_string()
    }

    #[test]
    fn the_parts_are_found_wherever_they_stand() {
        let text = r#"{"x":{"meta":1},"meta":{"number":2,"next":"https://h/p?page=2","size":20,"count":25,"y":[]},"admin/rows":[{"a":1}, 2 ,null]}"#;
        let parts = PAGE.open(text).unwrap();
        let records: Vec<_> = parts.records.iter().map(|r| r.get()).collect();
        assert_eq!(records, ["{\"a\":1}", "2", "null"]);
        assert_eq!(
            parts.facts,
            Facts {
                rows: 3,
                next_link: Some("https://h/p?page=2".into()),
                next_page: Some(2),
                total: Some(25),
                page_size: Some(20),
                ..Facts::default()
            }
        );
    }

    #[test]
    fn no_continuation_is_said_in_many_ways() {
        for meta in
            ["null", "{}", r#"{"next":null,"number":null}"#, r#"{"next":"null"}"#, r#"{"next":""}"#]
        {
            let facts = facts(&format!(r#"{{"admin/rows":[],"meta":{meta}}}"#));
            assert_eq!(facts, Facts::default(), "{meta}");
        }
    }

    #[test]
    fn p1_a_continuation_given_twice_with_different_values_is_unclear() {
        let twice = facts(r#"{"admin/rows":[],"meta":{"number":2,"number":3}}"#);
        assert_eq!(twice.unclear.as_deref(), Some("/meta/number"));
        let same = facts(r#"{"admin/rows":[],"meta":{"number":2,"number":2}}"#);
        assert_eq!(same.unclear, None);
        let none = facts(r#"{"admin/rows":[],"meta":{"next":["https://h"]}}"#);
        assert_eq!(none.unclear.as_deref(), Some("/meta/next"));
        let words = facts(r#"{"admin/rows":[],"meta":{"number":"two"}}"#);
        assert_eq!(words.unclear.as_deref(), Some("/meta/number"));
    }

    #[test]
    fn p7_a_continuation_that_is_too_long_is_unclear_not_followed() {
        let page = |length| format!(r#"{{"admin/rows":[],"cursor":"{}"}}"#, "c".repeat(length));
        assert!(facts(&page(10_000)).next_cursor.is_some());
        let long = facts(&page(1_000_000));
        assert_eq!((long.next_cursor, long.unclear.as_deref()), (None, Some("/cursor")));
    }

    #[test]
    fn p1_an_answer_without_its_list_is_never_an_empty_page() {
        assert_eq!(refused("{}"), "/admin~1rows: expected a list of records, found nothing");
        for list in ["null", "{}", "\"\"", "0", "true"] {
            let reason = refused(&format!(r#"{{"admin/rows":{list}}}"#));
            assert_eq!(
                reason,
                "/admin~1rows: expected a list of records, found another kind of value"
            );
        }
        for body in ["null", "[]", "\"x\"", "1"] {
            assert_eq!(refused(body), "expected an object, found another kind of value");
        }
        assert_eq!(
            refused(r#"{"meta":[]}"#),
            "/meta: expected an object, found another kind of value"
        );
        assert!(refused("<html>").contains("syntax error at line 1 column 1"));
        assert!(refused(r#"{"admin/rows":[{"a":1}"#).contains("end of the text"));
        assert!(refused(r#"{"admin/rows":[]} x"#).contains("syntax error"));
    }

    #[test]
    fn p2_two_lists_of_one_page_are_both_taken() {
        let parts = PAGE.open(r#"{"admin/rows":[1],"admin/rows":[2]}"#).unwrap();
        assert_eq!(parts.facts.rows, 2);
    }

    #[test]
    fn an_empty_path_takes_the_answer_itself() {
        const WHOLE: Envelope = Envelope(&[(Slot::Records, &[])]);
        assert_eq!(WHOLE.open("[1, 2]").unwrap().facts.rows, 2);
        assert_eq!(WHOLE.open("{\"a\":[1,2]}").unwrap().facts.rows, 1);
        assert!(WHOLE.open("").is_err());
    }

    #[test]
    fn deep_nesting_beside_the_slots_and_inside_records_is_skipped_not_followed() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let text = format!(r#"{{"x":{deep},"admin/rows":[{deep}]}}"#);
        assert_eq!(PAGE.open(&text).unwrap().records[0].get().len(), 20_000);
    }
}
