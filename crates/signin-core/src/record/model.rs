//! Models by member tables: what a type knows of its wire members, and the one visitor that reads
//! them.
//!
//! A derived `Deserialize` fails when a member comes twice or under both of its names; sign-in
//! logs hold such records. Here every member is looked up in a [`Table`] and assigned, so the
//! last of equal members wins, and the same table finds unknown members
//! ([`Record::extra`](crate::Record::extra)) and says where a record does not fit
//! ([`Mismatch`]).

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde::ser::{Serialize, SerializeMap};
use serde_with::DeserializeAs;
use serde_with::de::DeserializeAsWrap;

use crate::record::json;
use crate::record::mismatch::{self, Mismatch};

/// The members that a model knows.
#[derive(Debug)]
pub struct Table {
    /// The model's name, for messages.
    pub name: &'static str,
    /// Its members, in the order of the documented sample.
    pub members: &'static [Member],
}

/// One member of a model.
#[derive(Debug)]
pub struct Member {
    /// The name on the wire.
    pub name: &'static str,
    /// Other spellings that the vendor uses for the same member.
    pub aliases: &'static [&'static str],
    /// What its value looks like.
    pub shape: Shape,
    /// Whether it helps to tell what a record is: see [`Table::identifies`].
    pub identifying: bool,
}

/// What a value looks like on the wire. A null is an absent value in every shape.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Shape {
    /// Any JSON value.
    Any,
    /// Text, free or of an open set.
    Text,
    /// true or false.
    Bool,
    /// A whole number that fits 64 bits, signed.
    Integer,
    /// A finite number.
    Number,
    /// An identifier: text or a whole number.
    Id,
    /// A time as text.
    Time,
    /// A time as text, or as .NET ticks in a number or in text.
    Ticks,
    /// A list of values of one shape.
    List(&'static Shape),
    /// An object with known members.
    Object(&'static Table),
}

/// A type that is read by its member table. Written by `cargo xtask codegen` for the vendors'
/// models; write it by hand for an endpoint of your own.
///
/// ```
/// use serde::de::MapAccess;
/// use signin_core::vendor::{Member, Model, Shape, Table};
/// use signin_core::{FromJson, Id};
///
/// #[derive(Debug, Default)]
/// struct Device {
///     id: Option<Id>,
///     trusted: Option<bool>,
/// }
///
/// impl Model for Device {
///     fn table() -> &'static Table {
///         const TABLE: Table = Table {
///             name: "Device",
///             members: &[
///                 Member::new("id", Shape::Id),
///                 Member::new("isTrusted", Shape::Bool).or(&["trusted"]),
///             ],
///         };
///         &TABLE
///     }
///
///     fn assign<'de, A: MapAccess<'de>>(
///         &mut self,
///         member: usize,
///         value: &mut A,
///     ) -> Result<(), A::Error> {
///         match member {
///             0 => self.id = value.next_value()?,
///             _ => self.trusted = value.next_value()?,
///         }
///         Ok(())
///     }
/// }
///
/// let device = Device::from_json(r#"{"trusted": false, "id": 7, "isTrusted": true}"#)?;
/// assert_eq!(device.trusted, Some(true));
/// # Ok::<(), signin_core::Mismatch>(())
/// ```
pub trait Model: Default {
    /// The members that the type knows.
    fn table() -> &'static Table;

    /// Reads the value of the member at this place of the table and keeps it.
    ///
    /// # Errors
    /// What the value's own reading says.
    fn assign<'de, A: MapAccess<'de>>(
        &mut self,
        member: usize,
        value: &mut A,
    ) -> Result<(), A::Error>;
}

/// A type that a record's text can be read as: every [`Model`], and [`Json`](crate::Json), which
/// takes any value.
pub trait FromJson: Sized {
    /// What the text must look like.
    fn shape() -> Shape;

    /// Reads the text of one JSON value.
    ///
    /// # Errors
    /// [`Mismatch`]: the first place where the text does not fit, without its value.
    fn from_json(text: &str) -> Result<Self, Mismatch>;

    /// Reads the JSON value that a text begins with, without looking for its end first; gives the
    /// value, boxed since models are large, and its length. None if it does not fit, or cannot be read so:
    /// [`from_json`](Self::from_json) of the value alone decides then.
    fn read_first(_text: &str) -> Option<(Box<Self>, usize)> {
        None
    }
}

impl<T: Model> FromJson for T {
    fn shape() -> Shape {
        Shape::Object(T::table())
    }

    fn from_json(text: &str) -> Result<Self, Mismatch> {
        let mut json = serde_json::Deserializer::from_str(text);
        deserialize(&mut json)
            .and_then(|value| json.end().map(|()| value))
            .map_err(|error| mismatch::explain(text, Self::shape(), &error))
    }

    fn read_first(text: &str) -> Option<(Box<Self>, usize)> {
        let mut values = serde_json::Deserializer::from_str(text).into_iter::<Read<T>>();
        let Read(value) = values.next()?.ok()?;
        Some((value, values.byte_offset()))
    }
}

/// A model as serde asks for it.
struct Read<T>(Box<T>);

impl<'de, T: Model> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let mut value = Box::<T>::default();
        source.deserialize_map(ModelVisitor(&mut *value))?;
        Ok(Self(value))
    }
}

impl Member {
    /// A member with one spelling.
    pub const fn new(name: &'static str, shape: Shape) -> Self {
        Self { name, aliases: &[], shape, identifying: false }
    }

    /// The same member with further spellings.
    #[must_use]
    pub const fn or(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// The same member as one of those that tell what a record is: see [`Table::identifies`].
    #[must_use]
    pub const fn identifying(self) -> Self {
        Self { identifying: true, ..self }
    }

    /// Whether this is one of the member's spellings.
    pub fn is_spelled(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

impl Table {
    /// The place of a member. `near` is looked at first, since members tend to come in the
    /// documented order; then all names, then all other spellings.
    pub fn find(&self, name: &str, near: usize) -> Option<usize> {
        if self.members.get(near).is_some_and(|member| member.name == name) {
            return Some(near);
        }
        let members = self.members.iter();
        let found = members.clone().position(|member| member.name == name);
        found.or_else(|| members.clone().position(|member| member.aliases.contains(&name)))
    }

    /// The members of which a record of this type has at least one.
    pub fn identifying(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.identifying)
    }

    /// Whether a JSON value looks like a record of this type: it is an object in which one of the
    /// [`identifying`](Self::identifying) members says something, or the table names none.
    ///
    /// Every member may be absent, so an error body or a record of something else reads as a
    /// record without a single value. This tells them apart.
    pub fn identifies(&self, json: &str) -> bool {
        let is_told = |name: &str, value: &str| {
            let is_known = || self.identifying().any(|member| member.is_spelled(name));
            !matches!(value.trim_ascii(), "null" | "\"\"" | "[]" | "{}") && is_known()
        };
        self.identifying().next().is_none() || json::any_member(json, is_told)
    }
}

/// Reads a model. This is the whole of a model's `Deserialize`.
///
/// # Errors
/// What the deserializer or a member's value says.
pub fn deserialize<'de, T: Model, D: Deserializer<'de>>(source: D) -> Result<T, D::Error> {
    let mut value = T::default();
    source.deserialize_map(ModelVisitor(&mut value))?;
    Ok(value)
}

/// Reads an object's members into a model.
struct ModelVisitor<'m, T>(&'m mut T);

impl<'de, T: Model> Visitor<'de> for ModelVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let table = T::table();
        let mut near = 0;
        while let Some(found) = map.next_key_seed(Lookup { table, near })? {
            if let Some(member) = found {
                self.0.assign(member, &mut map)?;
                near = member + 1;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Lookup {
    table: &'static Table,
    near: usize,
}

impl<'de> DeserializeSeed<'de> for Lookup {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<Option<usize>, D::Error> {
        // As bytes: a name may hold half a surrogate, which is no text, and must not cost the record.
        key.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Lookup {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.table.find(name, self.near))
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<Option<usize>, E> {
        Ok(std::str::from_utf8(name).ok().and_then(|name| self.table.find(name, self.near)))
    }
}

/// Reads a list; a null is an empty one. Generated models call this.
///
/// # Errors
/// What the deserializer or an element says.
pub fn next_list<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    value: &mut A,
) -> Result<Vec<T>, A::Error> {
    value.next_value::<Option<List<T>>>().map(|list| list.map_or_else(Vec::new, |List(list)| list))
}

/// A list without the room for more that a `Vec` makes: a page holds thousands of short ones.
struct List<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_seq(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<List<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            if list.len() == list.capacity() {
                list.reserve_exact(list.len().max(2));
            }
            list.push(element);
        }
        // Below, giving back costs more than it gains.
        if (list.capacity() - list.len()) * size_of::<T>() >= 256 {
            list.shrink_to_fit();
        }
        Ok(List(list))
    }
}

/// Reads a value by an adapter of serde_with; a null is None. Generated models call this.
///
/// # Errors
/// What the adapter says.
pub fn next_as<'de, U, T, A>(value: &mut A) -> Result<Option<T>, A::Error>
where
    U: DeserializeAs<'de, T>,
    A: MapAccess<'de>,
{
    let wrapped = value.next_value::<Option<DeserializeAsWrap<T, U>>>()?;
    Ok(wrapped.map(DeserializeAsWrap::into_inner))
}

/// Writes one member, unless it is absent: None, or an empty list.
///
/// # Errors
/// What the serializer says.
pub fn serialize_member<M: SerializeMap, V: Serialize + Absent>(
    map: &mut M,
    name: &'static str,
    value: &V,
) -> Result<(), M::Error> {
    if value.is_absent() { Ok(()) } else { map.serialize_entry(name, value) }
}

/// Whether a model's field stands for a member that was not there.
pub trait Absent {
    /// True for None and for an empty list.
    fn is_absent(&self) -> bool;
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Absent for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: Table = Table {
        name: "T",
        members: &[
            Member::new("a", Shape::Text),
            Member::new("b", Shape::Text).or(&["B", "bee"]),
            Member::new("c", Shape::Text),
        ],
    };

    #[test]
    fn a_member_is_found_from_every_start_and_by_every_spelling() {
        for near in 0..5 {
            assert_eq!(TABLE.find("a", near), Some(0), "from {near}");
            assert_eq!(TABLE.find("b", near), Some(1), "from {near}");
            assert_eq!(TABLE.find("B", near), Some(1), "from {near}");
            assert_eq!(TABLE.find("bee", near), Some(1), "from {near}");
            assert_eq!(TABLE.find("c", near), Some(2), "from {near}");
            assert_eq!(TABLE.find("A", near), None, "from {near}");
        }
    }

    #[test]
    fn a_record_is_told_by_one_identifying_member_that_says_something() {
        const NAMED: Table = Table {
            name: "Named",
            members: &[
                Member::new("id", Shape::Id).or(&["ID"]).identifying(),
                Member::new("when", Shape::Time).identifying(),
                Member::new("note", Shape::Text),
            ],
        };
        for json in [
            r#"{"id":7}"#,
            r#"{"ID":"x","id":null}"#,
            r#"{"note":"","when":[1],"x":{}}"#,
            r#" { "id" : 0 } "#,
        ] {
            assert!(NAMED.identifies(json), "{json}");
        }
        for json in [
            "{}",
            "7",
            "[]",
            "[{\"id\":7}]",
            "\"id\"",
            r#"{"note":"x"}"#,
            r#"{"id":null,"when":""}"#,
            r#"{"id":{},"when":[]}"#,
            r#"{"Id":7,"x":{"id":7}}"#,
            r#"{"\ud800":7}"#,
        ] {
            assert!(!NAMED.identifies(json), "{json}");
        }
        assert!(TABLE.identifies("{}"), "a table that names none takes all");
    }
}
