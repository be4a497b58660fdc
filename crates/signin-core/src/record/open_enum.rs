//! Enums that stay open: a member that nobody has heard of keeps its text, and so does one that is
//! spelled otherwise.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// A set of texts that the vendor may add to at any time. An unknown member is kept as its text, so
/// that reading never fails and writing gives back what was read.
pub trait OpenEnum: Clone + 'static {
    /// All members that this version knows, each after its documented text.
    const MEMBERS: &'static [(&'static str, Self)];

    /// A member that this version does not know.
    fn other(text: &str) -> Self;

    /// The text on the wire: of a known member the documented one.
    fn as_str(&self) -> &str;

    /// The member with this text, in whatever case: services write one member as `azureAD` and as
    /// `AzureAd`. Only letters of ASCII are compared so.
    fn from_text(text: &str) -> Self {
        member(|known| known == text)
            .or_else(|| member(|known| known.eq_ignore_ascii_case(text)))
            .unwrap_or_else(|| Self::other(text))
    }
}

/// The first known member with such a text.
fn member<T: OpenEnum>(is_it: impl Fn(&str) -> bool) -> Option<T> {
    T::MEMBERS.iter().find(|(known, _)| is_it(known)).map(|(_, member)| member.clone())
}

/// A member of an open enum, and how the wire spelled it.
///
/// It dereferences to the member, which is the same in whatever case it came, so that a `match` on
/// the variants misses none; what was sent is kept and written back, so that nothing is changed on
/// the way. Compared by the member. It takes no more memory than the member alone.
///
/// ```
/// use signin_core::{OpenEnum, Spelled};
///
/// #[derive(Debug, Clone, PartialEq)]
/// enum Level {
///     High,
///     Other(Box<str>),
/// }
///
/// impl OpenEnum for Level {
///     const MEMBERS: &'static [(&'static str, Self)] = &[("high", Self::High)];
///
///     fn other(text: &str) -> Self {
///         Self::Other(text.into())
///     }
///
///     fn as_str(&self) -> &str {
///         match self {
///             Self::High => "high",
///             Self::Other(text) => text,
///         }
///     }
/// }
///
/// let level: Option<Spelled<Level>> = serde_json::from_str(r#""High""#)?;
/// assert!(matches!(level.as_deref(), Some(Level::High)));
/// assert_eq!(serde_json::to_string(&level)?, r#""High""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Spelled<T>(Spelling<T>);

#[derive(Clone)]
enum Spelling<T> {
    /// By the member's own text.
    Own(T),
    /// In another case. Rare, so that it may cost an allocation.
    Another(Box<(T, Box<str>)>),
}

impl<T> Spelled<T> {
    /// The member.
    pub fn into_inner(self) -> T {
        match self.0 {
            Spelling::Own(member) => member,
            Spelling::Another(spelled) => spelled.0,
        }
    }
}

impl<T: OpenEnum> Spelled<T> {
    /// The member with this text, in whatever case, and the text.
    pub fn new(text: &str) -> Self {
        // As documented: all that is looked at in nearly all records.
        if let Some(member) = member(|known| known == text) {
            return Self(Spelling::Own(member));
        }
        Self(match member(|known| known.eq_ignore_ascii_case(text)) {
            Some(member) => Spelling::Another(Box::new((member, text.into()))),
            None => Spelling::Own(T::other(text)),
        })
    }

    /// The text as it was sent.
    pub fn as_sent(&self) -> &str {
        match &self.0 {
            Spelling::Own(member) => member.as_str(),
            Spelling::Another(spelled) => &spelled.1,
        }
    }
}

impl<T> Deref for Spelled<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match &self.0 {
            Spelling::Own(member) => member,
            Spelling::Another(spelled) => &spelled.0,
        }
    }
}

impl<T> From<T> for Spelled<T> {
    /// By the member's own text.
    fn from(member: T) -> Self {
        Self(Spelling::Own(member))
    }
}

impl<T: PartialEq> PartialEq for Spelled<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: PartialEq> PartialEq<T> for Spelled<T> {
    fn eq(&self, other: &T) -> bool {
        **self == *other
    }
}

impl<T: Eq> Eq for Spelled<T> {}

impl<T: Hash> Hash for Spelled<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<T: fmt::Debug> fmt::Debug for Spelled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Spelling::Own(member) => member.fmt(f),
            Spelling::Another(spelled) => write!(f, "{:?} as {:?}", spelled.0, spelled.1),
        }
    }
}

impl<'de, T: OpenEnum> Deserialize<'de> for Spelled<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_str(TextVisitor(Self::new, PhantomData))
    }
}

impl<T: OpenEnum> Serialize for Spelled<T> {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        target.serialize_str(self.as_sent())
    }
}

/// Reads an open enum. This is the whole of such a type's `Deserialize`.
///
/// # Errors
/// The value is no text.
pub fn deserialize<'de, T: OpenEnum, D: Deserializer<'de>>(source: D) -> Result<T, D::Error> {
    source.deserialize_str(TextVisitor(T::from_text, PhantomData))
}

/// Looks at the text where it stands: a member that is known needs no copy of it.
struct TextVisitor<T>(fn(&str) -> T, PhantomData<T>);

impl<T> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text")
    }

    fn visit_str<E>(self, text: &str) -> Result<T, E> {
        Ok(self.0(text))
    }
}

/// Writes an open enum. This is the whole of such a type's `Serialize`.
///
/// # Errors
/// What the serializer says.
pub fn serialize<T: OpenEnum, S: Serializer>(value: &T, target: S) -> Result<S::Ok, S::Error> {
    target.serialize_str(value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    enum Level {
        High,
        AtRisk,
        Other(Box<str>),
    }

    impl OpenEnum for Level {
        const MEMBERS: &'static [(&'static str, Self)] =
            &[("high", Self::High), ("atRisk", Self::AtRisk)];

        fn other(text: &str) -> Self {
            Self::Other(text.into())
        }

        fn as_str(&self) -> &str {
            match self {
                Self::High => "high",
                Self::AtRisk => "atRisk",
                Self::Other(text) => text,
            }
        }
    }

    #[test]
    fn p2_a_member_is_the_same_in_whatever_case_and_written_as_it_was_read() {
        for (text, member) in [
            ("high", Level::High),
            ("High", Level::High),
            ("HIGH", Level::High),
            ("atrisk", Level::AtRisk),
            ("AtRisk", Level::AtRisk),
            ("at risk", Level::Other("at risk".into())),
            ("Highest", Level::Other("Highest".into())),
            // Only letters of ASCII: the Kelvin sign is no K.
            ("atRis\u{212a}", Level::Other("atRis\u{212a}".into())),
            ("", Level::Other("".into())),
        ] {
            let json = serde_json::to_string(text).unwrap();
            let read: Spelled<Level> = serde_json::from_str(&json).unwrap();
            assert_eq!((&*read, read.as_sent()), (&member, text));
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
            assert_eq!(Level::from_text(text), member);
            assert_eq!(read, member);
            assert_eq!(read.clone().into_inner(), member);
            assert_eq!(read, Spelled::from(member));
        }
        assert_ne!(Spelled::<Level>::new("High"), Spelled::new("atRisk"));
        let hash = |text| {
            let mut state = std::hash::DefaultHasher::new();
            Spelled::<Level>::new(text).hash(&mut state);
            state.finish()
        };
        assert_eq!(hash("HIGH"), hash("high"), "what is equal has one hash");
        assert!(serde_json::from_str::<Spelled<Level>>("7").is_err());
    }

    #[test]
    fn p7_a_spelling_takes_no_more_memory_than_the_member() {
        assert_eq!(size_of::<Option<Spelled<Level>>>(), size_of::<Option<Level>>());
    }

    #[test]
    fn another_spelling_is_seen_in_debug_output_and_the_documented_one_is_not() {
        assert_eq!(format!("{:?}", Spelled::<Level>::new("high")), "High");
        assert_eq!(format!("{:?}", Spelled::<Level>::new("HIGH")), "High as \"HIGH\"");
    }
}
