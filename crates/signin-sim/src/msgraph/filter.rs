//! `$filter`: the part of OData that the service understands, parsed and held against rows.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What a property of a row is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Number(i64),
    Bool(bool),
    Time(OffsetDateTime),
    List(Vec<&'static str>),
    Null,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Eq,
    Ne,
    Ge,
    Gt,
    Le,
    Lt,
}

/// A filter.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filter {
    Compare(String, Comparison, Value),
    StartsWith(String, String),
    /// Any element of the list passes; the inner filter's property is the variable.
    Any(String, Box<Filter>),
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
}

impl Filter {
    /// Reads a filter; None for one that is not understood.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { tokens: tokens(text)?, at: 0 };
        let filter = reader.any_of(0)?;
        (reader.at == reader.tokens.len()).then_some(filter)
    }

    /// Whether a row passes; None where it asks for what no row has.
    pub(super) fn passes(&self, property: &dyn Fn(&str) -> Option<Value>) -> Option<bool> {
        Some(match self {
            Self::Compare(name, how, literal) => how.holds(&property(name)?, literal)?,
            Self::StartsWith(name, prefix) => match property(name)? {
                Value::Text(text) => text.to_lowercase().starts_with(&prefix.to_lowercase()),
                _ => false,
            },
            Self::Any(name, inner) => {
                let Value::List(elements) = property(name)? else { return None };
                let mut found = false;
                for element in elements {
                    found |= inner.passes(&|_| Some(Value::Text(element.to_owned())))?;
                }
                found
            }
            Self::And(all) => {
                let mut passed = true;
                for one in all {
                    passed &= one.passes(property)?;
                }
                passed
            }
            Self::Or(any) => {
                let mut passed = false;
                for one in any {
                    passed |= one.passes(property)?;
                }
                passed
            }
            Self::Not(inner) => !inner.passes(property)?,
        })
    }

    /// Every bound on `createdDateTime` that all rows must keep.
    pub(super) fn bounds(&self) -> Vec<(Comparison, OffsetDateTime)> {
        match self {
            Self::Compare(name, how, Value::Time(time)) if name == "createdDateTime" => {
                vec![(*how, *time)]
            }
            Self::And(all) => all.iter().flat_map(Self::bounds).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether kinds of sign-ins are asked for.
    pub(super) fn names_kinds(&self) -> bool {
        match self {
            Self::Any(name, _) => name == "signInEventTypes",
            Self::And(all) | Self::Or(all) => all.iter().any(Self::names_kinds),
            Self::Not(inner) => inner.names_kinds(),
            _ => false,
        }
    }
}

impl Comparison {
    fn named(word: &str) -> Option<Self> {
        Some(match word {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "ge" => Self::Ge,
            "gt" => Self::Gt,
            "le" => Self::Le,
            "lt" => Self::Lt,
            _ => return None,
        })
    }

    fn holds(self, value: &Value, literal: &Value) -> Option<bool> {
        let order = match (value, literal) {
            (Value::Time(value), Value::Time(literal)) => value.cmp(literal),
            (Value::Number(value), Value::Number(literal)) => value.cmp(literal),
            (Value::Text(value), Value::Text(literal)) => {
                return self.equality(value.eq_ignore_ascii_case(literal));
            }
            (Value::Bool(value), Value::Bool(literal)) => return self.equality(value == literal),
            (Value::Null, Value::Null) => return self.equality(true),
            (Value::Null, _) | (_, Value::Null) => return self.equality(false),
            _ => return None,
        };
        Some(match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Ge => order.is_ge(),
            Self::Gt => order.is_gt(),
            Self::Le => order.is_le(),
            Self::Lt => order.is_lt(),
        })
    }

    fn equality(self, same: bool) -> Option<bool> {
        match self {
            Self::Eq => Some(same),
            Self::Ne => Some(!same),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

/// Words are names, numbers, times and keywords; None for a text that does not end.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ' ' => {}
            '(' | ')' | ',' => tokens.push(Token::Sign(c)),
            '\'' => {
                let mut literal = String::new();
                loop {
                    match chars.next()? {
                        '\'' if chars.next_if_eq(&'\'').is_some() => literal.push('\''),
                        '\'' => break,
                        c => literal.push(c),
                    }
                }
                tokens.push(Token::Text(literal));
            }
            c if is_word(c) => {
                let mut word = String::from(c);
                while let Some(c) = chars.next_if(|c| is_word(*c)) {
                    word.push(c);
                }
                tokens.push(Token::Word(word));
            }
            _ => return None,
        }
    }
    Some(tokens)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_/:.-+@".contains(c)
}

/// Nested deeper than this is not read.
const DEEPEST: u32 = 20;

struct Reader {
    tokens: Vec<Token>,
    at: usize,
}

impl Reader {
    fn any_of(&mut self, depth: u32) -> Option<Filter> {
        if depth > DEEPEST {
            return None;
        }
        let mut all = vec![self.all_of(depth)?];
        while self.take_word("or") {
            all.push(self.all_of(depth)?);
        }
        if all.len() == 1 { all.pop() } else { Some(Filter::Or(all)) }
    }

    fn all_of(&mut self, depth: u32) -> Option<Filter> {
        let mut all = vec![self.one(depth)?];
        while self.take_word("and") {
            all.push(self.one(depth)?);
        }
        if all.len() == 1 { all.pop() } else { Some(Filter::And(all)) }
    }

    fn one(&mut self, depth: u32) -> Option<Filter> {
        if self.take_sign('(') {
            let inner = self.any_of(depth + 1)?;
            return self.take_sign(')').then_some(inner);
        }
        let word = self.word()?;
        if word == "not" {
            return Some(Filter::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.take_sign('(') {
            return self.call(&word, depth);
        }
        let how = Comparison::named(&self.word()?)?;
        let value = match self.next()? {
            Token::Text(text) => Value::Text(text),
            Token::Word(word) => literal(&word)?,
            Token::Sign(_) => return None,
        };
        Some(Filter::Compare(word, how, value))
    }

    fn call(&mut self, name: &str, depth: u32) -> Option<Filter> {
        if name.eq_ignore_ascii_case("startswith") {
            let property = self.word()?;
            let Token::Text(prefix) = self.take_sign(',').then(|| self.next())?? else {
                return None;
            };
            return self.take_sign(')').then_some(Filter::StartsWith(property, prefix));
        }
        let list = name.strip_suffix("/any")?;
        // The variable and its colon, which may be written together with what follows.
        let (variable, rest) =
            self.word()?.split_once(':').map(|(v, r)| (v.to_owned(), r.to_owned()))?;
        if !rest.is_empty() {
            self.at -= 1;
            *self.tokens.get_mut(self.at)? = Token::Word(rest);
        }
        let inner = self.any_of(depth + 1)?;
        (!variable.is_empty() && self.take_sign(')'))
            .then(|| Filter::Any(list.to_owned(), Box::new(inner)))
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at)?.clone();
        self.at += 1;
        Some(token)
    }

    fn word(&mut self) -> Option<String> {
        match self.next()? {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    fn take(&mut self, token: &Token) -> bool {
        let is_next = self.tokens.get(self.at) == Some(token);
        self.at += usize::from(is_next);
        is_next
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.take(&Token::Word(word.to_owned()))
    }

    fn take_sign(&mut self, sign: char) -> bool {
        self.take(&Token::Sign(sign))
    }
}

fn literal(word: &str) -> Option<Value> {
    Some(match word {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" => Value::Null,
        _ => match word.parse() {
            Ok(number) => Value::Number(number),
            Err(_) => Value::Time(OffsetDateTime::parse(word, &Rfc3339).ok()?),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::{Filter, Value};

    fn row(name: &str) -> Option<Value> {
        Some(match name {
            "userDisplayName" => Value::Text("Dara O'Brien".into()),
            "status/errorCode" => Value::Number(50126),
            "isInteractive" => Value::Bool(true),
            "location/city" => Value::Null,
            "signInEventTypes" => Value::List(vec!["interactiveUser"]),
            "createdDateTime" => Value::Time(time::OffsetDateTime::UNIX_EPOCH),
            _ => return None,
        })
    }

    fn passes(text: &str) -> Option<bool> {
        Filter::parse(text)?.passes(&row)
    }

    #[test]
    fn what_is_documented_is_understood() {
        for (text, expected) in [
            ("userDisplayName eq 'Dara O''Brien'", true),
            ("startsWith(userDisplayName,'dara')", true),
            ("startswith(userDisplayName, 'brien')", false),
            ("status/errorCode eq 50126 and isInteractive eq true", true),
            ("status/errorCode ne 50126 or (isInteractive eq false)", false),
            ("not (isInteractive eq false)", true),
            (
                "createdDateTime ge 1970-01-01T00:00:00Z and createdDateTime lt 1970-01-01T00:00:00.0000001Z",
                true,
            ),
            ("createdDateTime gt 1970-01-01T01:00:00+01:00", false),
            ("signInEventTypes/any(t: t eq 'nonInteractiveUser' or t eq 'interactiveUser')", true),
            ("signInEventTypes/any(t:t eq 'servicePrincipal')", false),
            ("location/city eq null", true),
        ] {
            assert_eq!(passes(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_is_refused() {
        for text in [
            "",
            "userDisplayName",
            "userDisplayName eq",
            "userDisplayName eq 'open",
            "userDisplayName eq 'a' 'b'",
            "userDisplayName eq 'a' and",
            "(isInteractive eq true",
            "isInteractive eq true)",
            "nothing eq 1",
            "userDisplayName ge 'a'",
            "status/errorCode eq 'x'",
            "createdDateTime ge 'x'",
            "createdDateTime ge 2026-01-01T00:00:00",
            "contains(userDisplayName,'a')",
            "signInEventTypes/any(t eq 'x')",
            &format!("{}isInteractive eq true{}", "(".repeat(5000), ")".repeat(5000)),
        ] {
            assert_eq!(passes(text), None, "{text}");
        }
    }
}
