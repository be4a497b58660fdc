//! SCIM filters: conditions joined by `and`, their literals quoted, so that no value can bend one.

use crate::{Error, ErrorKind, Result};

/// The longest literal in bytes. No id, name or event type comes near it.
const LONGEST_LITERAL: usize = 1024;

/// A filter in the making.
#[derive(Debug, Default)]
pub(crate) struct Filter(String);

impl Filter {
    /// Adds `attribute operator "literal"`.
    ///
    /// # Errors
    /// [`ErrorKind::Argument`] for a literal that is empty, longer than 1,024 bytes or holds a
    /// control character.
    pub(crate) fn compare(self, attribute: &str, operator: &str, literal: &str) -> Result<Self> {
        let literal = quote(literal).map_err(|why| {
            let next = "nothing was sent; check the value";
            Error::new(ErrorKind::Argument, "filter", format!("{attribute} {why}"), next)
        })?;
        Ok(self.raw(&format!("{attribute} {operator} {literal}")))
    }

    /// Adds an expression as it is.
    pub(crate) fn raw(mut self, expression: &str) -> Self {
        if !self.0.is_empty() {
            // Lower case is what the service itself writes; its page has both.
            self.0.push_str(" and ");
        }
        self.0.push_str(expression);
        self
    }

    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

/// A literal of SCIM, which is a text of JSON.
fn quote(text: &str) -> std::result::Result<String, &'static str> {
    if text.is_empty() {
        return Err("is compared with an empty text");
    }
    if text.len() > LONGEST_LITERAL {
        return Err("is compared with a text longer than 1024 bytes");
    }
    if text.chars().any(char::is_control) {
        return Err("is compared with a text that holds a control character");
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p5_a_literal_cannot_leave_its_quotes() {
        let longest = "a".repeat(LONGEST_LITERAL);
        for (literal, filter) in [
            ("a", r#"x eq "a""#),
            (r#"a" or x eq "b"#, r#"x eq "a\" or x eq \"b""#),
            (r#"a\"#, r#"x eq "a\\""#),
            (r#"a\" or x pr"#, r#"x eq "a\\\" or x pr""#),
            ("é😀 %22", r#"x eq "é😀 %22""#),
            (&longest, &format!("x eq \"{longest}\"")),
        ] {
            let made = Filter::default().compare("x", "eq", literal).unwrap();
            assert_eq!(made.into_text(), filter);
        }
    }

    #[test]
    fn p5_a_literal_that_is_none_is_refused_by_its_attribute() {
        for literal in ["", "a\nb", "\0", "\u{7f}", "\u{85}", &"a".repeat(1025)] {
            let error = Filter::default().compare("actors.user.id", "eq", literal).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Argument);
            assert!(error.to_string().contains("actors.user.id"), "{error}");
        }
    }

    #[test]
    fn conditions_are_joined_by_a_lower_case_and() {
        let filter = Filter::default().compare("a", "gt", "1").unwrap().raw("b pr");
        assert_eq!(filter.into_text(), r#"a gt "1" and b pr"#);
    }
}
