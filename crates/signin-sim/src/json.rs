//! Writing JSON straight into a page's buffer.
//!
//! Writing to a `Vec` cannot fail, which is why the results are dropped here and nowhere else.

use std::fmt::Display;
use std::io::Write as _;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Text that needs no escaping: punctuation, member names, numbers.
pub(crate) fn put(out: &mut Vec<u8>, plain: impl Display) {
    let _ = write!(out, "{plain}");
}

/// A JSON string, escaped.
pub(crate) fn text(out: &mut Vec<u8>, text: &str) {
    let _ = serde_json::to_writer(out, text);
}

/// An instant as RFC 3339 in quotes. The years that the settings allow can all be written.
pub(crate) fn instant(out: &mut Vec<u8>, at: OffsetDateTime) {
    out.push(b'"');
    let _ = at.format_into(out, &Rfc3339);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    #[test]
    fn text_is_escaped_and_instants_are_rfc_3339() {
        let mut out = Vec::new();
        super::text(&mut out, "a\"b\\c\u{1b}é");
        super::instant(&mut out, OffsetDateTime::UNIX_EPOCH);
        super::put(&mut out, 5);
        let expected = "\"a\\\"b\\\\c\\u001bé\"\"1970-01-01T00:00:00Z\"5";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
