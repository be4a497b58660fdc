//! JSON as a tree that keeps order and repeated members: what the records' readers are held
//! against.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};
use signin_core::vendor::{Member, Shape};

/// A JSON value with its members in order, repeated ones included.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    /// Null, true, false, a number or a text.
    Leaf(Value),
    /// A list.
    List(Vec<Tree>),
    /// An object.
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// Reads a text; None for what has no tree: no JSON, deeper than 128 levels, a number beyond
    /// f64, half a surrogate.
    pub(crate) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Whether any object names a member twice.
    pub(crate) fn repeats(&self) -> bool {
        match self {
            Self::Leaf(_) => false,
            Self::List(list) => list.iter().any(Self::repeats),
            Self::Object(members) => members.iter().enumerate().any(|(at, (name, value))| {
                value.repeats() || members[..at].iter().any(|(other, _)| other == name)
            }),
        }
    }

    /// How many levels of lists and objects there are.
    pub(crate) fn depth(&self) -> usize {
        let inner: Box<dyn Iterator<Item = &Self>> = match self {
            Self::Leaf(_) => return 0,
            Self::List(list) => Box::new(list.iter()),
            Self::Object(members) => Box::new(members.iter().map(|(_, value)| value)),
        };
        1 + inner.map(Self::depth).max().unwrap_or(0)
    }

    /// Everything that stands at a path of names.
    pub(crate) fn all_at<'t>(&'t self, path: &[&str]) -> Vec<&'t Self> {
        let Some((first, rest)) = path.split_first() else { return vec![self] };
        let Self::Object(members) = self else { return Vec::new() };
        let here = members.iter().filter(|(name, _)| name == first);
        here.flat_map(|(_, value)| value.all_at(rest)).collect()
    }

    /// Every member that a shape does not know, with its pointer.
    pub(crate) fn unknown<'t>(
        &'t self,
        shape: Shape,
        path: &str,
        found: &mut Vec<(String, &'t Self)>,
    ) {
        match (self, shape) {
            (Self::Object(members), Shape::Object(table)) => {
                for (name, value) in members {
                    let step = format!("{path}/{}", escape(name));
                    match table.members.iter().find(|member| is(member, name)) {
                        Some(member) => value.unknown(member.shape, &step, found),
                        None => found.push((step, value)),
                    }
                }
            }
            (Self::List(list), Shape::List(inner)) => {
                for (at, value) in list.iter().enumerate() {
                    value.unknown(*inner, &format!("{path}/{at}"), found);
                }
            }
            _ => {}
        }
    }
}

/// Whether a member goes by this name.
pub(crate) fn is(member: &Member, name: &str) -> bool {
    std::iter::once(&member.name).chain(member.aliases).any(|spelling| *spelling == name)
}

/// A name as a step of a JSON pointer.
pub(crate) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Tree::Leaf(Number::from_f64(value).into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Tree::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}
