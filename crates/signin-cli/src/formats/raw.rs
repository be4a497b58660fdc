//! `raw`: the source's own record, one a line.

use std::borrow::Cow;

pub(super) fn line(raw: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&bytes_on_one_line(raw));
    out.push(b'\n');
}

/// The bytes of a JSON text without its line breaks, whether they are UTF-8 or not.
pub(super) fn bytes_on_one_line(raw: &[u8]) -> Cow<'_, [u8]> {
    if raw.iter().any(|byte| matches!(byte, b'\r' | b'\n')) {
        raw.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect()
    } else {
        Cow::Borrowed(raw)
    }
}

/// A JSON text without its line breaks. They can only stand between tokens: JSON's strings hold no
/// raw control characters. Nothing else is changed.
pub(super) fn one_line(raw: &str) -> Cow<'_, str> {
    if raw.contains(['\r', '\n']) {
        Cow::Owned(raw.chars().filter(|c| !matches!(c, '\r' | '\n')).collect())
    } else {
        Cow::Borrowed(raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_line_breaks_between_tokens_are_removed() {
        let pretty = "{\r\n  \"a\": \"x\\r\\ny\",\n\n\t\"b\" : 1.50\r}";
        let line = one_line(pretty);
        assert_eq!(line, "{  \"a\": \"x\\r\\ny\",\t\"b\" : 1.50}");
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&line), value(pretty));
    }

    #[test]
    fn a_record_on_one_line_is_not_copied() {
        assert!(matches!(one_line("{\"a\": \"\u{2028}\"}"), Cow::Borrowed(_)));
    }
}
