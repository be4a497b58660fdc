//! `raw`: the source's own record, one a line.

use std::borrow::Cow;

pub(super) fn line(raw: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(one_line(raw).as_bytes());
    out.push(b'\n');
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
