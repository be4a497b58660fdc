//! Reading what can be read of a record that does not fit its type, and reporting what does not.
//!
//! One pass over a record's text and its type's member table does both: it writes the text anew
//! with the known members that fit, and takes note of those that do not. A number, `true` or
//! `false` that was sent as text is read; half a surrogate in a text becomes U+FFFD. Every other
//! odd member is left out, as if it had not been sent, and so is an odd element of a list.
//!
//! It begins where the strict reading failed, writes the record's text anew without what does not
//! fit, and reads that. The record keeps its own text. The strict path pays nothing for it.
//!
//! Some members tell what a record is (`identifying` in `model.toml`): a JSON object with none of
//! them, such as an error body, is no record of the type.

use serde_json::value::RawValue;

use crate::record::json::{Kind, elements, members};
use crate::record::mismatch::{Mismatch, fits, words};
use crate::record::model::{Shape, Table};
use crate::record::surrogate::replace_halves;
use crate::text::push_pointer;

/// The most mismatches of one record that are kept. All of them are read around.
const MOST: usize = 100;

/// The deepest level of an object or list that is looked into, from 0: serde_json reads no deeper.
const DEEPEST: usize = 126;

/// What does not fit in a record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Odd {
    /// In the record's order, the first [`MOST`] of them.
    pub(crate) mismatches: Vec<Mismatch>,
    /// The members that they are in, each once: JSON pointers by the first spelling in the table.
    /// What stands in a list is the list's.
    pub(crate) places: Vec<String>,
}

impl Odd {
    /// Whether something does not fit at a place, given as one of [`places`](Self::places), or
    /// below it.
    #[cfg(feature = "events")]
    pub(crate) fn is_at_or_below(&self, place: &str) -> bool {
        self.places.iter().any(|odd| {
            let below = odd.strip_prefix(place);
            below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
        })
    }
}

/// The text of what fits of a JSON value, and what does not. No text where not even the value as a
/// whole is of its kind.
pub(crate) fn read(json: &str, shape: Shape) -> (Option<String>, Odd) {
    let mut pass = Pass::default();
    let fits = pass.value(json, shape, 0);
    (fits.then_some(pass.text), pass.odd)
}

#[derive(Debug, Default)]
struct Pass {
    /// What fits, so far.
    text: String,
    odd: Odd,
    /// Where the check stands, by the names that were sent.
    path: String,
    /// Where it stands by the table, or the list that it stands in.
    place: String,
    lists: usize,
}

impl Pass {
    /// Writes what fits of a value. False if nothing does.
    fn value(&mut self, json: &str, shape: Shape, level: usize) -> bool {
        let found = Kind::of(json);
        match shape {
            _ if found == Kind::Null => self.text.push_str("null"),
            Shape::Object(_) | Shape::List(_) if level > DEEPEST => {
                return self.refuse("at most 127 levels", "more");
            }
            Shape::Object(table) if found == Kind::Object => self.object(json, table, level),
            Shape::List(inner) if found == Kind::List => self.list(json, *inner, level),
            _ if fits(json, shape) => self.text.push_str(json),
            _ => return self.odd(json, shape, found),
        }
        true
    }

    fn object(&mut self, json: &str, table: &'static Table, level: usize) {
        self.text.push('{');
        let begin = self.text.len();
        for (name, value) in members(json) {
            let member = table.find(&name, 0).and_then(|place| table.members.get(place));
            let Some(member) = member else { continue };
            let (path, place) = (self.path.len(), self.place.len());
            push_pointer(&mut self.path, &name);
            if self.lists == 0 {
                push_pointer(&mut self.place, member.name);
            }
            let before = self.separate(begin);
            // A name always has JSON.
            self.text.push_str(&serde_json::to_string(member.name).unwrap_or_default());
            self.text.push(':');
            if !self.value(value.get(), member.shape, level + 1) {
                self.text.truncate(before);
            }
            self.path.truncate(path);
            self.place.truncate(place);
        }
        self.text.push('}');
    }

    fn list(&mut self, json: &str, inner: Shape, level: usize) {
        self.text.push('[');
        let begin = self.text.len();
        self.lists += 1;
        for (index, element) in elements(json).into_iter().enumerate() {
            let path = self.path.len();
            push_pointer(&mut self.path, &index.to_string());
            let before = self.separate(begin);
            if !self.element(element, inner, level) {
                self.text.truncate(before);
            }
            self.path.truncate(path);
        }
        self.lists -= 1;
        self.text.push(']');
    }

    /// Writes what fits of an element of a list, where a null stands for no value.
    fn element(&mut self, element: &RawValue, inner: Shape, level: usize) -> bool {
        if Kind::of(element.get()) == Kind::Null && !matches!(inner, Shape::Any) {
            return self.refuse(words(inner), Kind::Null.words());
        }
        self.value(element.get(), inner, level + 1)
    }

    /// Sets a comma, unless it is the first member or element. Gives the length before.
    fn separate(&mut self, begin: usize) -> usize {
        let before = self.text.len();
        if before > begin {
            self.text.push(',');
        }
        before
    }

    /// Takes note of a value that does not fit, and writes what can be read of it all the same.
    fn odd(&mut self, json: &str, shape: Shape, found: Kind) -> bool {
        let (found, readable) = match (shape, found) {
            (Shape::Text | Shape::Time | Shape::Ticks | Shape::Id, Kind::Text) => {
                let whole = replace_halves(json, |_, out| out.push('\u{fffd}'));
                let is_broken = whole != json;
                let found = if is_broken { "text with a broken escape" } else { "other text" };
                (found, is_broken.then(|| whole.into_owned()))
            }
            (Shape::Integer | Shape::Number | Shape::Bool, Kind::Text) => {
                (Kind::Text.words(), token(json, shape))
            }
            (Shape::Integer | Shape::Number | Shape::Id, Kind::Number) => ("another number", None),
            _ => (found.words(), None),
        };
        self.refuse(words(shape), found);
        let readable = readable.filter(|json| fits(json, shape));
        if let Some(json) = &readable {
            self.text.push_str(json);
        }
        readable.is_some()
    }

    /// Takes note of a mismatch here. Gives false: nothing was written.
    fn refuse(&mut self, expected: &'static str, found: &'static str) -> bool {
        if self.odd.mismatches.len() < MOST {
            self.odd.mismatches.push(Mismatch::new(self.path.clone(), expected, found));
        }
        if !self.odd.places.contains(&self.place) {
            self.odd.places.push(self.place.clone());
        }
        false
    }
}

/// The number, `true` or `false` that a text holds, if it holds nothing else. Letters may be
/// capital ones: some tools write `True`.
fn token(json: &str, shape: Shape) -> Option<String> {
    let text: String = serde_json::from_str(json).ok()?;
    let text = text.trim_ascii();
    match shape {
        Shape::Bool => Some(text.to_ascii_lowercase()),
        _ => text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)).then(|| text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::model::Member;

    static PLACE: Table = Table {
        name: "Place",
        members: &[Member::new("city", Shape::Text).or(&["town"]), Member::new("a/b", Shape::Any)],
    };
    static ROW: Table = Table {
        name: "Row",
        members: &[
            Member::new("id", Shape::Id),
            Member::new("ok", Shape::Bool),
            Member::new("code", Shape::Integer),
            Member::new("lat", Shape::Number),
            Member::new("at", Shape::Time),
            Member::new("name", Shape::Text),
            Member::new("place", Shape::Object(&PLACE)),
            Member::new("tags", Shape::List(&Shape::Text)),
            Member::new("steps", Shape::List(&Shape::Object(&PLACE))),
            Member::new("any", Shape::List(&Shape::Any)),
        ],
    };

    /// What fits, the paths of what does not, and the places that these are in.
    fn read_row(json: &str) -> (Option<String>, Vec<String>, Vec<String>) {
        let (text, odd) = read(json, Shape::Object(&ROW));
        let paths = odd.mismatches.iter().map(|odd| odd.path().to_owned());
        (text, paths.collect(), odd.places)
    }

    #[test]
    fn what_fits_is_kept_and_what_does_not_is_named() {
        for (json, text, paths, places) in [
            (r#"{"id":7,"new":[1]}"#, r#"{"id":7}"#, &[][..], &[][..]),
            (r#"{"id":1.5,"name":"a"}"#, r#"{"name":"a"}"#, &["/id"], &["/id"]),
            (
                r#"{"name":7,"ok":1,"code":[]}"#,
                "{}",
                &["/name", "/ok", "/code"],
                &["/name", "/ok", "/code"],
            ),
            (
                r#"{"code":"50126","lat":" 1.50 "}"#,
                r#"{"code":50126,"lat":1.50}"#,
                &["/code", "/lat"],
                &["/code", "/lat"],
            ),
            (r#"{"ok":"True"}"#, r#"{"ok":true}"#, &["/ok"], &["/ok"]),
            (
                r#"{"ok":"yes","code":"1e3","lat":"inf"}"#,
                "{}",
                &["/ok", "/code", "/lat"],
                &["/ok", "/code", "/lat"],
            ),
            (r#"{"code":9e99,"lat":1e999}"#, "{}", &["/code", "/lat"], &["/code", "/lat"]),
            (
                r#"{"name":"a\ud800","id":"\udfff"}"#,
                "{\"name\":\"a\u{fffd}\",\"id\":\"\u{fffd}\"}",
                &["/name", "/id"],
                &["/name", "/id"],
            ),
            (r#"{"at":"yesterday","place":null}"#, r#"{"place":null}"#, &["/at"], &["/at"]),
            (
                r#"{"place":{"town":1,"a/b":2}}"#,
                r#"{"place":{"a/b":2}}"#,
                &["/place/town"],
                &["/place/city"],
            ),
            (r#"{"place":[],"steps":{}}"#, "{}", &["/place", "/steps"], &["/place", "/steps"]),
            (
                r#"{"tags":["a",null,1,"b"]}"#,
                r#"{"tags":["a","b"]}"#,
                &["/tags/1", "/tags/2"],
                &["/tags"],
            ),
            (
                r#"{"steps":[{"city":1},0,{"city":"A"}]}"#,
                r#"{"steps":[{},{"city":"A"}]}"#,
                &["/steps/0/city", "/steps/1"],
                &["/steps"],
            ),
            (r#"{"any":[null,{"x":"\ud800"}]}"#, r#"{"any":[null,{"x":"\ud800"}]}"#, &[], &[]),
            (r#"{"name":"a","name":7}"#, r#"{"name":"a"}"#, &["/name"], &["/name"]),
        ] {
            let (found, odd, at) = read_row(json);
            assert_eq!(found.as_deref(), Some(text), "{json}");
            assert_eq!(
                (odd.as_slice(), at.as_slice()),
                (
                    &paths.iter().map(ToString::to_string).collect::<Vec<_>>()[..],
                    &places.iter().map(ToString::to_string).collect::<Vec<_>>()[..]
                ),
                "{json}"
            );
        }
        for json in ["7", "[]", "\"x\"", "true"] {
            assert_eq!(read_row(json), (None, vec![String::new()], vec![String::new()]), "{json}");
        }
    }

    #[test]
    fn p7_of_many_odd_values_the_first_are_told_and_all_are_read_around() {
        let nulls = vec!["null"; 50_000].join(",");
        let (text, paths, places) = read_row(&format!("{{\"tags\":[{nulls},\"a\"],\"id\":7}}"));
        assert_eq!(text.as_deref(), Some(r#"{"tags":["a"],"id":7}"#));
        assert_eq!((paths.len(), places), (MOST, vec!["/tags".to_owned()]));
    }

    #[cfg(feature = "events")]
    #[test]
    fn a_place_is_odd_by_what_stands_below_it_and_not_by_its_neighbours() {
        let (_, odd) = read(r#"{"place":{"city":1},"tags":[1]}"#, Shape::Object(&ROW));
        let is_odd = |place| odd.is_at_or_below(place);
        assert!(is_odd("/place/city") && is_odd("/place") && is_odd("/tags"));
        assert!(!is_odd("/place/a~1b") && !is_odd("/pla") && !is_odd("/tag") && !is_odd("/id"));
    }
}
