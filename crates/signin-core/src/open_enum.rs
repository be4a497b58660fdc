//! Enums that stay open: a member that nobody has heard of keeps its text.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Visitor};
use serde::ser::Serializer;

/// A set of texts that the vendor may add to at any time. An unknown member is kept as its text,
/// so that reading never fails and writing gives back what was read.
pub trait OpenEnum {
    /// The member with this text; members are told apart by case.
    fn from_text(text: &str) -> Self;

    /// The text on the wire.
    fn as_str(&self) -> &str;
}

/// Reads an open enum. This is the whole of such a type's `Deserialize`.
///
/// # Errors
/// The value is no text.
pub fn deserialize<'de, T: OpenEnum, D: Deserializer<'de>>(source: D) -> Result<T, D::Error> {
    source.deserialize_str(TextVisitor(PhantomData))
}

/// Looks at the text where it stands: a member that is known needs no copy of it.
struct TextVisitor<T>(PhantomData<T>);

impl<T: OpenEnum> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(T::from_text(text))
    }
}

/// Writes an open enum. This is the whole of such a type's `Serialize`.
///
/// # Errors
/// What the serializer says.
pub fn serialize<T: OpenEnum, S: Serializer>(value: &T, target: S) -> Result<S::Ok, S::Error> {
    target.serialize_str(value.as_str())
}
