//! Identifiers: text that remembers how the wire wrote it.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

/// An identifier: opaque text. It remembers whether the wire had a number and writes it back so.
///
/// Two ids are equal when their texts are: `Id::from(72)` equals `Id::from("72")`.
#[derive(Clone)]
pub struct Id {
    text: Box<str>,
    number: bool,
}

impl Id {
    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn number(number: impl fmt::Display) -> Self {
        Self { text: number.to_string().into(), number: true }
    }

    /// True if the wire had a number.
    pub fn is_number(&self) -> bool {
        self.number
    }
}

impl From<u64> for Id {
    fn from(number: u64) -> Self {
        Self::number(number)
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self { text: text.into(), number: false }
    }
}

impl From<&String> for Id {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<&Id> for Id {
    fn from(id: &Id) -> Self {
        id.clone()
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self { text: text.into(), number: false }
    }
}

impl Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Id {}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        &*self.text == other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        &*self.text == *other
    }
}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.number { write!(f, "Id({})", self.text) } else { write!(f, "Id({:?})", self.text) }
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        if !self.number {
            return target.serialize_str(&self.text);
        }
        match (self.text.parse::<u64>(), self.text.parse::<i64>()) {
            (Ok(number), _) => target.serialize_u64(number),
            (_, Ok(number)) => target.serialize_i64(number),
            _ => target.serialize_str(&self.text),
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(IdVisitor)
    }
}

struct IdVisitor;

impl<'de> Visitor<'de> for IdVisitor {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text or a whole number")
    }

    fn visit_str<E>(self, text: &str) -> Result<Id, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Id, E> {
        Ok(text.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Id, E> {
        Ok(number.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Id, E> {
        Ok(Id::number(number))
    }

    /// serde_json hands numbers over as a map where its feature `arbitrary_precision` is on
    /// anywhere in the program; only its own type reads that map.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Id, A::Error> {
        let number = serde_json::Number::deserialize(MapAccessDeserializer::new(map))?;
        match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Ok(number.into()),
            (_, Some(number)) => Ok(Id::number(number)),
            _ => Err(Error::invalid_type(Unexpected::Other("another number"), &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(json: &str) -> String {
        serde_json::to_string(&serde_json::from_str::<Id>(json).unwrap()).unwrap()
    }

    #[test]
    fn p2_an_id_is_written_as_it_was_read() {
        for json in ["72", "\"72\"", "0", "-4", "18446744073709551615", "\"\"", "\"001f****\""] {
            assert_eq!(round(json), json);
        }
    }

    #[test]
    fn an_id_is_never_rounded() {
        for json in ["18446744073709551616", "1.5", "1e3", "true", "null", "[]", "{}"] {
            assert!(serde_json::from_str::<Id>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn ids_are_equal_by_text() {
        assert_eq!(Id::from(72_u64), Id::from("72"));
        assert_eq!(Id::from("72"), "72");
        assert_ne!(Id::from("072"), Id::from(72_u64));
    }
}
