//! What is left of a record when some of its members are taken out.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::value::RawValue;

use crate::record::json::{Json, Kind, elements, members};
use crate::record::model::{Shape, Table};
use crate::record::surrogate::spell_halves;
use crate::text::push_pointer;

/// How deep values are looked into for what says nothing. Anything deeper stays as it is.
const DEEPEST: usize = 64;

/// All members of the record that say something, but for those at these places: an object of the
/// record's own structure and spelling, without nulls, empty texts, empty lists and empty objects.
/// None if nothing is left.
///
/// Places are JSON pointers by the first spelling in the table. A member that came several times
/// is in the typed view by its last value; its other values are left over, whatever was taken. A
/// name that is left over several times has a list of its values. Half a surrogate is left over as
/// the text of its escape, since few readers of JSON take it.
pub(super) fn left_over(json: &str, shape: Shape, taken: &[&str]) -> Option<Json> {
    let json = spell_halves(json);
    let left = match shape {
        Shape::Object(table) => object(&json, table, &mut String::new(), taken, 0),
        _ => pruned(&json, 0),
    };
    left.and_then(|json| serde_json::from_str(&json).ok())
}

fn object(
    json: &str,
    table: &'static Table,
    path: &mut String,
    taken: &[&str],
    depth: usize,
) -> Option<String> {
    let members = members(json);
    let last = last_of_each(table, &members);
    let mut kept = Kept::default();
    for (at, (name, value)) in members.iter().enumerate() {
        let index = table.find(name, 0).filter(|index| last.get(*index) == Some(&Some(at)));
        let Some(member) = index.and_then(|index| table.members.get(index)) else {
            kept.add(name, pruned(value.get(), depth));
            continue;
        };
        let length = path.len();
        push_pointer(path, member.name);
        if !taken.contains(&path.as_str()) {
            kept.add(
                name,
                match member.shape {
                    Shape::Object(inner)
                        if Kind::of(value.get()) == Kind::Object && depth < DEEPEST =>
                    {
                        object(value.get(), inner, path, taken, depth + 1)
                    }
                    _ => pruned(value.get(), depth),
                },
            );
        }
        path.truncate(length);
    }
    kept.object()
}

/// For each member of the table, where the value stands that the typed view has: the last one.
fn last_of_each(table: &Table, members: &[(Cow<'_, str>, &RawValue)]) -> Vec<Option<usize>> {
    let mut last = vec![None; table.members.len()];
    for (at, (name, _)) in members.iter().enumerate() {
        if let Some(index) = table.find(name, 0).and_then(|index| last.get_mut(index)) {
            *index = Some(at);
        }
    }
    last
}

/// A value without members and elements that say nothing; None if it says nothing itself.
fn pruned(json: &str, depth: usize) -> Option<String> {
    let json = json.trim_ascii();
    match Kind::of(json) {
        Kind::Null => None,
        Kind::Text if json == "\"\"" => None,
        Kind::List | Kind::Object if depth >= DEEPEST => Some(json.to_owned()),
        Kind::List => {
            let kept =
                elements(json).into_iter().filter_map(|value| pruned(value.get(), depth + 1));
            list(&kept.collect::<Vec<_>>())
        }
        Kind::Object => {
            let mut kept = Kept::default();
            for (name, value) in members(json) {
                kept.add(&name, pruned(value.get(), depth + 1));
            }
            kept.object()
        }
        Kind::Text | Kind::Bool | Kind::Number => Some(json.to_owned()),
    }
}

fn list(values: &[String]) -> Option<String> {
    (!values.is_empty()).then(|| format!("[{}]", values.join(",")))
}

/// Members that stay, in the order of their first values.
#[derive(Default)]
struct Kept {
    members: Vec<(String, Vec<String>)>,
    indexes: HashMap<String, usize>,
}

impl Kept {
    fn add(&mut self, name: &str, value: Option<String>) {
        let Some(value) = value else { return };
        let known = self.indexes.get(name).and_then(|index| self.members.get_mut(*index));
        match known {
            Some((_, values)) => values.push(value),
            None => {
                self.indexes.insert(name.to_owned(), self.members.len());
                self.members.push((name.to_owned(), vec![value]));
            }
        }
    }

    fn object(self) -> Option<String> {
        let mut json = String::new();
        for (name, values) in self.members {
            json.push(if json.is_empty() { '{' } else { ',' });
            // A text always has JSON.
            json.push_str(&serde_json::to_string(&name).unwrap_or_default());
            json.push(':');
            match values.as_slice() {
                [only] => json.push_str(only),
                several => json.extend(list(several)),
            }
        }
        (!json.is_empty()).then(|| json + "}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::model::Member;

    const PLACE: Table = Table {
        name: "Place",
        members: &[Member::new("city", Shape::Text), Member::new("country", Shape::Text)],
    };
    const RECORD: Table = Table {
        name: "Record",
        members: &[
            Member::new("id", Shape::Id),
            Member::new("ip", Shape::Text).or(&["ip_address"]),
            Member::new("place", Shape::Object(&PLACE)),
            Member::new("steps", Shape::List(&Shape::Object(&PLACE))),
        ],
    };

    fn left(json: &str, taken: &[&str]) -> Option<String> {
        left_over(json, Shape::Object(&RECORD), taken).map(|json| json.get().to_owned())
    }

    #[test]
    fn p2_what_was_not_taken_is_left_over_in_its_own_structure() {
        let json = r#"{"id":7,"place":{"city":"Ulm","country":"Germany","zip":"89073"},
            "steps":[{"city":"A"}],"new":{"x":1.50,"y":null}}"#;
        assert_eq!(
            left(json, &["/id", "/place/city"]).as_deref(),
            Some(
                r#"{"place":{"country":"Germany","zip":"89073"},"steps":[{"city":"A"}],"new":{"x":1.50}}"#
            )
        );
        assert_eq!(left(r#"{"id":7,"place":{"city":"Ulm"}}"#, &["/id", "/place/city"]), None);
    }

    #[test]
    fn what_says_nothing_is_not_left_over() {
        let json = r#"{"id":null,"ip":"","place":{"city":"","country":null},"steps":[],"new":{},
            "deep":[[{"a":[null,""]}]],"kept":[null,0,false,""]}"#;
        assert_eq!(left(json, &[]).as_deref(), Some(r#"{"kept":[0,false]}"#));
    }

    #[test]
    fn p2_of_a_member_that_came_twice_only_the_last_value_can_be_taken() {
        let json =
            r#"{"ip":"192.0.2.1","ip_address":"192.0.2.2","id":1,"id":2,"id":3,"a":1,"a":2}"#;
        let expected = r#"{"ip":"192.0.2.1","id":[1,2],"a":[1,2]}"#;
        assert_eq!(left(json, &["/ip", "/id"]).as_deref(), Some(expected));
        // The last one says nothing, and so does the typed view: all others stay.
        let json = r#"{"ip":"192.0.2.1","ip":null}"#;
        assert_eq!(left(json, &[]).as_deref(), Some(r#"{"ip":"192.0.2.1"}"#));
    }

    #[test]
    fn p7_a_hostile_record_costs_neither_stack_nor_time() {
        let deep = format!(r#"{{"a":{}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(left(&deep, &[]).as_deref(), Some(&*deep));
        let many: Vec<_> = (0..50_000).map(|n| format!(r#""{n}":{n},"id":{n}"#)).collect();
        let wide = format!("{{{}}}", many.join(","));
        let kept = left(&wide, &["/id"]).map(|json| json.matches(':').count());
        assert_eq!(kept, Some(50_001));
    }

    #[test]
    fn p2_half_a_surrogate_is_left_over_as_the_text_of_its_escape() {
        let json = r#"{"a\"b\u0000\n":1,"\ud800":2,"x":["\uDFFF",{"\ud83d":"\ud83d\ude00"}]}"#;
        let expected =
            r#"{"a\"b\u0000\n":1,"\\ud800":2,"x":["\\uDFFF",{"\\ud83d":"\ud83d\ude00"}]}"#;
        let left = left(json, &[]).unwrap();
        assert_eq!(left, expected);
        let value: serde_json::Value = serde_json::from_str(&left).unwrap();
        assert_eq!(value.as_object().map(serde_json::Map::len), Some(3), "{left}");
    }
}
