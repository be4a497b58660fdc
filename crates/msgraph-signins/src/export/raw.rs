//! JSON taken apart and put together as text, so that numbers, repeated members and broken escapes
//! stay as they came.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// One member of an object.
#[derive(Debug, Clone)]
pub(super) struct Member<'a> {
    /// The name as it stands in the text, with its quotes and escapes.
    pub(super) key: &'a str,
    /// The name. Half a surrogate, which JSON can write and text cannot hold, is U+FFFD in it.
    pub(super) name: Cow<'a, str>,
    /// The value's own text.
    pub(super) value: &'a str,
}

impl Member<'_> {
    /// Whether it is this very member of the same text, not another one of the same name.
    pub(super) fn is(&self, other: &Member<'_>) -> bool {
        std::ptr::eq(self.key, other.key)
    }
}

/// The members of an object in order, repeated ones included; None for any other text.
pub(super) fn members(json: &str) -> Option<Vec<Member<'_>>> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<Member<'de>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some((key, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                let (key, value) = (key.get().trim_ascii(), value.get().trim_ascii());
                members.push(Member { key, name: text(key).unwrap_or_default(), value });
            }
            Ok(members)
        }
    }
    let mut source = serde_json::Deserializer::from_str(json);
    let members = source.deserialize_map(Members).ok()?;
    source.end().ok()?;
    Some(members)
}

/// The elements of a list; None for any other text.
pub(super) fn elements(json: &str) -> Option<Vec<&str>> {
    let elements = serde_json::from_str::<Vec<&RawValue>>(json).ok()?;
    Some(elements.into_iter().map(|element| element.get().trim_ascii()).collect())
}

/// Whether a text is one JSON value.
pub(super) fn is_json(text: &str) -> bool {
    serde_json::from_str::<&RawValue>(text).is_ok()
}

/// What a JSON text says; None for any other value.
pub(super) fn text(json: &str) -> Option<Cow<'_, str>> {
    struct Text;
    impl Visitor<'_> for Text {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("text")
        }

        fn visit_bytes<E>(self, text: &[u8]) -> Result<String, E> {
            Ok(String::from_utf8_lossy(text).into_owned())
        }
    }
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    // As bytes: half a surrogate is no text.
    serde_json::Deserializer::from_str(json).deserialize_bytes(Text).ok().map(Cow::Owned)
}

/// A text as JSON.
pub(super) fn quoted(text: &str) -> String {
    // A text always has JSON.
    serde_json::to_string(text).unwrap_or_default()
}

/// The kind of a JSON value, by its first character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

impl Kind {
    pub(super) fn of(json: &str) -> Self {
        match json.bytes().next() {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::List,
            Some(b'"') => Self::Text,
            Some(b't' | b'f') => Self::Bool,
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number,
        }
    }
}

/// Whether a value says nothing: null, or a text, a list or an object with nothing in it.
pub(super) fn is_empty(json: &str) -> bool {
    let inner = match Kind::of(json) {
        Kind::Null => return true,
        Kind::Bool | Kind::Number => return false,
        Kind::Text => json.strip_prefix('"').and_then(|json| json.strip_suffix('"')),
        Kind::List => json.strip_prefix('[').and_then(|json| json.strip_suffix(']')),
        Kind::Object => json.strip_prefix('{').and_then(|json| json.strip_suffix('}')),
    };
    inner.is_none_or(|inner| inner.trim_ascii().is_empty())
}

/// An object that is put together.
#[derive(Debug, Default)]
pub(super) struct Object(String);

impl Object {
    /// Adds a member by the JSON of its name and its value.
    pub(super) fn add(&mut self, key: &str, value: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push_str(key);
        self.0.push(':');
        self.0.push_str(value);
    }

    /// Adds a member by its name and the JSON of its value.
    pub(super) fn name(&mut self, name: &str, value: &str) {
        self.add(&quoted(name), value);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The object's JSON.
    pub(super) fn end(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }
}

/// The last member of this name, in any case: of equal members the last one holds.
pub(super) fn last<'m, 'a>(members: &'m [Member<'a>], name: &str) -> Option<&'m Member<'a>> {
    members.iter().rev().find(|member| member.name.eq_ignore_ascii_case(name))
}

/// What the last member of this name says, if it is text with something in it.
pub(super) fn last_text<'a>(members: &[Member<'a>], name: &str) -> Option<Cow<'a, str>> {
    last(members, name).and_then(|member| text(member.value)).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_taken_apart_and_put_together_without_a_change() {
        let json = r#"{"a":1.50,"a":{"x":[1e400]},"\ud800":"\udfff","b\u0063":""}"#;
        let members = members(json).unwrap();
        let names: Vec<_> = members.iter().map(|member| &*member.name).collect();
        assert_eq!(names, ["a", "a", "\u{fffd}\u{fffd}\u{fffd}", "bc"]);
        let mut object = Object::default();
        for member in &members {
            object.add(member.key, member.value);
        }
        assert_eq!(object.end(), json);
        assert_eq!(Object::default().end(), "{}");
    }

    #[test]
    fn what_is_no_object_has_no_members() {
        for json in ["", "[]", "1", "{", "{\"a\":1}x", "{\"a\":1,}", "nul"] {
            assert!(members(json).is_none(), "{json}");
        }
        assert!(elements("{}").is_none());
        assert_eq!(elements("[ 1 ,[2] ]").unwrap(), ["1", "[2]"]);
    }

    #[test]
    fn a_value_that_says_nothing_is_told_by_its_text() {
        for json in ["null", "\"\"", "[]", "[ ]", "{\n}"] {
            assert!(is_empty(json), "{json}");
        }
        for json in ["0", "false", "\"a\"", "[null]", "{\"a\":null}"] {
            assert!(!is_empty(json), "{json}");
        }
    }
}
