//! Over the members of an object and the elements of a list, one at a time and without copies.
//!
//! The text is JSON: that was held before. So nothing here fails; a pager over anything else ends.

use std::borrow::Cow;

use serde_json::value::RawValue;

/// The members of an object in order, equal names included: name and value.
#[derive(Debug)]
pub(crate) struct Members<'a>(&'a str);

/// The elements of a list in order.
#[derive(Debug)]
pub(super) struct Elements<'a>(&'a str);

/// The members of an object; none of any other value.
pub(crate) fn members(json: &str) -> Members<'_> {
    Members(json.trim_ascii_start().strip_prefix('{').unwrap_or_default())
}

/// The elements of a list; none for any other value.
pub(super) fn elements(json: &str) -> Option<Elements<'_>> {
    json.trim_ascii_start().strip_prefix('[').map(Elements)
}

/// A text's value; none for any other value.
pub(super) fn text(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        return serde_json::from_str(json).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

impl<'a> Iterator for Members<'a> {
    type Item = (Cow<'a, str>, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let name = take(&mut self.0, ',')?;
        let value = take(&mut self.0, ':')?;
        // Half a surrogate is no text: such a name is nobody's.
        Some((text(name).unwrap_or(Cow::Borrowed(name)), value))
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        take(&mut self.0, ',')
    }
}

/// Takes the next value, after the separator if there is one; none at a closing bracket.
fn take<'a>(rest: &mut &'a str, separator: char) -> Option<&'a str> {
    let from = rest.trim_ascii_start();
    let from = from.strip_prefix(separator).unwrap_or(from);
    let mut values = serde_json::Deserializer::from_str(from).into_iter::<&'a RawValue>();
    let value = values.next()?.ok()?;
    *rest = from.get(values.byte_offset()..)?;
    Some(value.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_elements_come_in_order_with_their_own_text() {
        let object =
            " {\"a\" : 1.50,\n\"a\":[2 , 3],\"b\\u0063\":{\"}\":\"]\"} , \"\\ud800\":null}";
        let found: Vec<_> = members(object).collect();
        let expected =
            [("a", "1.50"), ("a", "[2 , 3]"), ("bc", "{\"}\":\"]\"}"), ("\"\\ud800\"", "null")];
        assert_eq!(found.len(), expected.len());
        for ((name, value), expected) in found.iter().zip(expected) {
            assert_eq!((&**name, *value), expected);
        }
        let list = "[ 1 ,\"x\",[ ],{}\n, true,null,-0.0]";
        let found: Vec<_> = elements(list).unwrap().collect();
        assert_eq!(found, ["1", "\"x\"", "[ ]", "{}", "true", "null", "-0.0"]);
        assert_eq!(elements("[ ]").unwrap().count(), 0);
        assert_eq!(members("{ }").count(), 0);
        assert!(elements("{}").is_none());
        assert_eq!(members("[]").count(), 0);
    }
}
