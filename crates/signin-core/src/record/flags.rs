//! Sets of open enum members in one text, as OData writes them.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::record::open_enum::OpenEnum;

/// Members of an open enum in one text, joined by commas: `"application,users"`.
///
/// The text is kept as it was sent; the members are read on demand.
pub struct Flags<T> {
    text: Box<str>,
    members: PhantomData<fn() -> T>,
}

impl<T: OpenEnum> Flags<T> {
    /// The members in the order of the text, in whatever case they came. Unknown ones keep their
    /// text.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        let texts = self.text.split(',').map(str::trim).filter(|text| !text.is_empty());
        texts.map(T::from_text)
    }

    /// Whether a member is in the set.
    pub fn contains(&self, member: &T) -> bool {
        self.iter().any(|other| other.as_str() == member.as_str())
    }
}

impl<T> Flags<T> {
    /// The text as it was sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<T> From<&str> for Flags<T> {
    fn from(text: &str) -> Self {
        Self { text: text.into(), members: PhantomData }
    }
}

impl<T> Clone for Flags<T> {
    fn clone(&self) -> Self {
        self.as_str().into()
    }
}

impl<T> PartialEq for Flags<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for Flags<T> {}

impl<T> Hash for Flags<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<T> fmt::Debug for Flags<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flags({:?})", self.text)
    }
}

impl<'de, T> Deserialize<'de> for Flags<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        Ok(Self { text: text.into(), members: PhantomData })
    }
}

impl<T> Serialize for Flags<T> {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    enum Condition {
        Users,
        Other(Box<str>),
    }

    impl OpenEnum for Condition {
        const MEMBERS: &'static [(&'static str, Self)] = &[("users", Self::Users)];

        fn other(text: &str) -> Self {
            Self::Other(text.into())
        }

        fn as_str(&self) -> &str {
            match self {
                Self::Users => "users",
                Self::Other(text) => text,
            }
        }
    }

    #[test]
    fn p2_flags_are_read_one_by_one_and_written_as_they_came() {
        let flags: Flags<Condition> = serde_json::from_str("\"users, newThing,\"").unwrap();
        let members: Vec<_> = flags.iter().collect();
        assert_eq!(members, [Condition::Users, Condition::Other("newThing".into())]);
        assert!(flags.contains(&Condition::Users));
        assert!(Flags::<Condition>::from("newThing,USERS").contains(&Condition::Users));
        assert_eq!(serde_json::to_string(&flags).unwrap(), "\"users, newThing,\"");
        assert_eq!(Flags::<Condition>::from("").iter().count(), 0);
    }
}
