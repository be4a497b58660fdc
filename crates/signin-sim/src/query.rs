//! Query strings, read the way web frameworks read forms.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// One `name=value` of a query.
pub(crate) struct Pair<'q> {
    /// As it was sent, still encoded.
    pub(crate) raw: &'q str,
    /// The name, decoded.
    pub(crate) name: String,
    /// The value, decoded; empty where there is no `=`.
    pub(crate) value: String,
}

/// The pairs of a query, in order.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = Pair<'_>> {
    query.split('&').filter(|raw| !raw.is_empty()).map(|raw| {
        let (name, value) = raw.split_once('=').unwrap_or((raw, ""));
        Pair { raw, name: decode(name), value: decode(value) }
    })
}

/// `+` is a space, as in a form: a client that leaves the `+` of a time's offset unescaped is
/// misunderstood here as it is by the real services.
pub(crate) fn decode(text: &str) -> String {
    let text = if text.contains('+') { Cow::from(text.replace('+', " ")) } else { Cow::from(text) };
    percent_decode_str(&text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn pairs_keep_their_order_and_their_raw_text() {
        let read: Vec<_> = super::pairs("a=1%3A2&&b&c%5B%5D=x+y%2B")
            .map(|pair| (pair.raw, pair.name, pair.value))
            .collect();
        let expected = [("a=1%3A2", "a", "1:2"), ("b", "b", ""), ("c%5B%5D=x+y%2B", "c[]", "x y+")]
            .map(|(raw, name, value)| (raw, name.to_owned(), value.to_owned()));
        assert_eq!(read, expected);
    }
}
