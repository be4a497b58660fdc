//! Members that a record has and its type does not know.

use crate::record::json::{Kind, elements, members};
use crate::record::model::Shape;
use crate::text::push_pointer;

/// A member of a record that the record's type does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra<'a> {
    /// Where it stands: a JSON pointer (RFC 6901), such as `/device/serial`.
    pub pointer: String,
    /// Its value's own text.
    pub json: &'a str,
}

/// Every unknown member of a record, at any depth, in the record's order.
pub(crate) fn find(raw: &str, shape: Shape) -> Vec<Extra<'_>> {
    let mut found = Vec::new();
    walk(raw, shape, &mut String::new(), &mut found);
    found
}

fn walk<'a>(raw: &'a str, shape: Shape, path: &mut String, found: &mut Vec<Extra<'a>>) {
    let length = path.len();
    match shape {
        Shape::Object(table) if Kind::of(raw) == Kind::Object => {
            for (name, value) in members(raw) {
                push_pointer(path, &name);
                match table.find(&name, 0).and_then(|place| table.members.get(place)) {
                    Some(member) => walk(value.get(), member.shape, path, found),
                    None => found.push(Extra { pointer: path.clone(), json: value.get() }),
                }
                path.truncate(length);
            }
        }
        Shape::List(inner) if Kind::of(raw) == Kind::List => {
            for (index, element) in elements(raw).into_iter().enumerate() {
                push_pointer(path, &index.to_string());
                walk(element.get(), *inner, path, found);
                path.truncate(length);
            }
        }
        _ => {}
    }
}
