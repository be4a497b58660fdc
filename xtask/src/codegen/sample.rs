//! Documented samples, read as documented: comments, trailing commas, HTTP head lines and all.

use jsonc_parser::ast::Value;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// The largest sample in bytes. Documented ones are a few kilobytes.
const LARGEST: usize = 1024 * 1024;

/// A JSON value whose numbers keep their text and whose objects keep their order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Null,
    Bool,
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// The kind in words, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// The value at a JSON pointer.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Node> {
        pointer.split('/').skip(1).try_fold(self, |node, step| {
            let name = step.replace("~1", "/").replace("~0", "~");
            match node {
                Self::Object(members) => {
                    members.iter().find(|(member, _)| *member == name).map(|(_, value)| value)
                }
                Self::List(elements) => elements.get(name.parse::<usize>().ok()?),
                _ => None,
            }
        })
    }
}

/// Reads a sample. What no page would document is refused: a value twice, a text that is none.
pub(crate) fn read(text: &str) -> Result<Node, String> {
    if text.len() > LARGEST {
        return Err(format!("the sample is larger than {LARGEST} bytes"));
    }
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_extended_string_escapes: false,
        allow_non_finite_numbers: false,
    };
    let body = without_head(text);
    let parsed = parse_to_ast(body, &CollectOptions::default(), &options)
        .map_err(|error| format!("not JSON: {error}"))?;
    let value = parsed.value.ok_or("the sample is empty")?;
    node(&value, "")
}

/// The text after the head lines of an HTTP answer, if it has them.
fn without_head(text: &str) -> &str {
    if !text.starts_with("HTTP/") {
        return text;
    }
    let ends = ["\r\n\r\n", "\n\n"];
    ends.iter().find_map(|end| text.split_once(end)).map_or(text, |(_, body)| body)
}

fn node(value: &Value<'_>, path: &str) -> Result<Node, String> {
    Ok(match value {
        Value::NullKeyword(_) => Node::Null,
        Value::BooleanLit(_) => Node::Bool,
        Value::NumberLit(number) => Node::Number(number.value.to_owned()),
        Value::StringLit(text) => Node::Text(text.value.clone().into_owned()),
        Value::Array(list) => {
            let elements = list.elements.iter().enumerate();
            let nodes = elements.map(|(index, element)| node(element, &format!("{path}/{index}")));
            Node::List(nodes.collect::<Result<_, _>>()?)
        }
        Value::Object(object) => {
            let mut members: Vec<(String, Node)> = Vec::new();
            for property in &object.properties {
                let name = property.name.as_str().to_owned();
                let place = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
                if members.iter().any(|(other, _)| *other == name) {
                    return Err(format!("{place}: the member comes twice"));
                }
                let value = node(&property.value, &place)?;
                members.push((name, value));
            }
            Node::Object(members)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_read_as_it_is_documented() {
        let http =
            "HTTP/1.1 200 OK\nContent-length: 211\n\n{\"value\": [{\"a\": 638907426550000000}]}";
        let node = read(http).unwrap();
        assert_eq!(node.at("/value/0/a"), Some(&Node::Number("638907426550000000".into())));
        let commented = "{\n  \"a\": \"x\", // The a.\n  \"b/c\": [1, 2,],\n}";
        let node = read(commented).unwrap();
        assert_eq!(node.at("/a"), Some(&Node::Text("x".into())));
        assert_eq!(node.at("/b~1c/1"), Some(&Node::Number("2".into())));
        assert_eq!(node.at(""), Some(&node));
        assert_eq!(node.at("/c"), None);
    }

    #[test]
    fn hostile_samples_end_in_a_clear_error() {
        let deep = "[".repeat(10_000);
        let long = format!("\"{}\"", "x".repeat(10 * 1024 * 1024));
        for (text, reason) in [
            ("", "empty"),
            ("// nothing", "empty"),
            ("{", "not JSON"),
            ("{\"a\": }", "not JSON"),
            ("{a: 1}", "not JSON"),
            ("{'a': 1}", "not JSON"),
            ("{\"a\": 1 \"b\": 2}", "not JSON"),
            ("{\"a\": 0x10}", "not JSON"),
            ("{\"a\": 1} {\"a\": 2}", "not JSON"),
            ("{\"o\": {\"a/b\": 1, \"a/b\": 2}}", "/o/a~1b: the member comes twice"),
            (&deep, "not JSON"),
            (&long, "larger than"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
