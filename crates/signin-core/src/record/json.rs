//! JSON values that keep their own text, and the kinds of values.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::record::mismatch::{self, Mismatch};
use crate::record::model::{FromJson, Shape};

/// A JSON value of no fixed shape: its own text, parsed only when asked for.
///
/// Number texts, duplicate members and their order stay as they were sent. Two values are equal
/// when their texts are.
#[derive(Clone)]
pub struct Json(Box<RawValue>);

impl Json {
    /// The value's text.
    pub fn get(&self) -> &str {
        self.0.get()
    }

    /// Reads the value as a type of your choice.
    ///
    /// # Errors
    /// serde_json's own, which may quote the value.
    pub fn parse<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(self.get())
    }
}

impl FromJson for Json {
    fn shape() -> Shape {
        Shape::Any
    }

    fn from_json(text: &str) -> Result<Self, Mismatch> {
        serde_json::from_str(text).map_err(|error| mismatch::not_json(&error))
    }

    fn read_first(text: &str) -> Option<(Box<Self>, usize)> {
        let mut values = serde_json::Deserializer::from_str(text).into_iter();
        let value = values.next()?.ok()?;
        Some((Box::new(value), values.byte_offset()))
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for Json {}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({})", self.get())
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(source).map(Self)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(target)
    }
}

/// The kind of a JSON value, told from its first character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

impl Kind {
    pub(crate) fn of(raw: &str) -> Self {
        match raw.trim_ascii_start().bytes().next() {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::List,
            Some(b'"') => Self::Text,
            Some(b't' | b'f') => Self::Bool,
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number,
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::Text => "text",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

/// The members of an object in order, duplicates included; none for another kind of value.
pub(crate) fn members(raw: &str) -> Vec<(Cow<'_, str>, &RawValue)> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some((name, value)) = map.next_entry::<Name<'de>, _>()? {
                members.push((name.0, value));
            }
            Ok(members)
        }
    }
    serde_json::Deserializer::from_str(raw).deserialize_map(Members).unwrap_or_default()
}

/// Whether a member of an object is such; the members after the first one are not looked at.
pub(crate) fn any_member(raw: &str, is_such: impl Fn(&str, &str) -> bool) -> bool {
    struct Search<'s, F>(F, &'s mut bool);
    impl<'de, F: Fn(&str, &str) -> bool> Visitor<'de> for Search<'_, F> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some((name, value)) = map.next_entry::<Name<'de>, &RawValue>()? {
                if (self.0)(&name.0, value.get()) {
                    *self.1 = true;
                    break;
                }
            }
            Ok(())
        }
    }
    let mut found = false;
    // What it says of the rest of the text is of no interest.
    let _ = serde_json::Deserializer::from_str(raw).deserialize_map(Search(is_such, &mut found));
    found
}

/// A member's name, borrowed where it holds no escape. Half a surrogate, which JSON can write and
/// text cannot hold, becomes U+FFFD.
pub(crate) struct Name<'a>(pub(crate) Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member's name")
            }

            fn visit_borrowed_bytes<E>(self, name: &'de [u8]) -> Result<Self::Value, E> {
                Ok(Name(String::from_utf8_lossy(name)))
            }

            fn visit_bytes<E>(self, name: &[u8]) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(String::from_utf8_lossy(name).into_owned())))
            }
        }
        source.deserialize_bytes(NameVisitor)
    }
}

/// The elements of a list; none for another kind of value.
pub(crate) fn elements(raw: &str) -> Vec<&RawValue> {
    serde_json::from_str(raw).unwrap_or_default()
}
