//! SCIM filters, as much of them as the service takes.

use std::iter::Peekable;
use std::str::Chars;

/// One condition: attribute, operator, literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) attribute: String,
    pub(super) operator: String,
    pub(super) literal: String,
}

/// The conditions of a filter, or why it is none.
pub(super) fn read(text: &str) -> Result<Vec<Condition>, String> {
    let mut rest = text.chars().peekable();
    let mut conditions = Vec::new();
    loop {
        let attribute = word(&mut rest);
        let operator = word(&mut rest).to_ascii_lowercase();
        if attribute.is_empty() || operator.is_empty() {
            return Err("A condition is an attribute, an operator and a literal".to_owned());
        }
        let literal = literal(&mut rest)
            .ok_or_else(|| format!("The literal of '{attribute}' is not a quoted text"))?;
        conditions.push(Condition { attribute, operator, literal });
        match word(&mut rest) {
            end if end.is_empty() => return Ok(conditions),
            and if and.eq_ignore_ascii_case("and") => {}
            other => return Err(format!("'{other}' does not join conditions")),
        }
    }
}

/// All up to the next space.
fn word(rest: &mut Peekable<Chars<'_>>) -> String {
    while rest.next_if_eq(&' ').is_some() {}
    let mut word = String::new();
    while let Some(next) = rest.next_if(|c| *c != ' ') {
        word.push(next);
    }
    word
}

/// A text of JSON in quotes.
fn literal(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    while rest.next_if_eq(&' ').is_some() {}
    let mut quoted = String::from(rest.next_if_eq(&'"')?);
    let mut escaped = false;
    for next in rest.by_ref() {
        quoted.push(next);
        match next {
            '"' if !escaped => return serde_json::from_str(&quoted).ok(),
            next => escaped = next == '\\' && !escaped,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::read;

    fn shown(text: &str) -> Result<Vec<String>, String> {
        let conditions = read(text)?.into_iter();
        Ok(conditions.map(|c| format!("{} {} {}", c.attribute, c.operator, c.literal)).collect())
    }

    #[test]
    fn conditions_are_joined_by_and_in_either_case() {
        let documented = r#"startDate eq "2022-05-17T09:10:12-04:00" and endDate eq "x""#;
        assert_eq!(
            shown(documented).unwrap(),
            ["startDate eq 2022-05-17T09:10:12-04:00", "endDate eq x"]
        );
        assert_eq!(shown(r#"a gt "1"  AND b LT "2""#).unwrap(), ["a gt 1", "b lt 2"]);
    }

    #[test]
    fn a_literal_keeps_what_is_quoted_in_it() {
        assert_eq!(shown(r#"a eq "x\" and \\""#).unwrap(), [r#"a eq x" and \"#]);
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for text in [
            "",
            "a",
            "a pr",
            "a eq 1",
            r#"a eq "1"#,
            r#"a eq "1" or b eq "2""#,
            r#"a eq "1" and"#,
            r#"(a eq "1")"#,
            r#"a eq "\x""#,
        ] {
            assert!(read(text).is_err() || text.starts_with('('), "{text}");
        }
    }
}
