//! The generator's reader of documented samples, against serde_json.

use serde_json::{Map, Value};

use crate::tree::{self, Tree};
use crate::vendors::VENDORS;

#[path = "../../../xtask/src/codegen/sample.rs"]
#[allow(dead_code, unused_qualifications, reason = "the generator uses more of it")]
mod sample;

use sample::Node;

/// One sample.
pub(crate) fn check(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let read = sample::read(&text);
    assert_eq!(read, sample::read(&text), "read twice");
    match &read {
        Ok(node) => check_node(&text, node),
        Err(error) => {
            let tree = Tree::read(&text).filter(|tree| !tree.repeats() && tree.depth() < 100);
            assert!(tree.is_none(), "JSON is a sample: {error}: {text}");
        }
    }
    read.is_ok()
}

fn check_node(text: &str, node: &Node) {
    check_places(node, node, "");
    let written = written(node);
    let tree = Tree::read(&written);
    if let Some(plain) = Tree::read(text) {
        let same = tree.as_ref().is_some_and(|tree| same(tree, &plain));
        assert!(same, "{written} instead of {text}");
    }
    // With white space in place of what JSON does not have, it is the same again.
    let again = sample::read(&written).expect("what was written is read");
    assert_eq!(&again, node, "{written}");
}

/// Every value is found at its pointer.
fn check_places(root: &Node, node: &Node, pointer: &str) {
    assert_eq!(root.at(pointer), Some(node), "{pointer}");
    match node {
        Node::Object(members) => {
            for (name, value) in members {
                check_places(root, value, &format!("{pointer}/{}", tree::escape(name)));
            }
        }
        Node::List(values) => {
            for (at, value) in values.iter().enumerate() {
                check_places(root, value, &format!("{pointer}/{at}"));
            }
        }
        Node::Null | Node::Bool | Node::Number(_) | Node::Text(_) => {}
    }
}

/// The sample as JSON. Its reader keeps no truth values: all are true.
fn written(node: &Node) -> String {
    match node {
        Node::Null => "null".to_owned(),
        Node::Bool => "true".to_owned(),
        Node::Number(text) => {
            assert!(is_number(text), "{text:?} is no number");
            text.clone()
        }
        Node::Text(text) => Value::from(text.as_str()).to_string(),
        Node::List(values) => {
            format!("[{}]", values.iter().map(written).collect::<Vec<_>>().join(","))
        }
        Node::Object(members) => {
            let member = |(name, value): &(String, Node)| {
                format!("{}:{}", Value::from(name.as_str()), written(value))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
        }
    }
}

/// Whether a text is a number of JSON, of any size.
fn is_number(text: &str) -> bool {
    serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()
        && text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
}

/// Equal but for truth values.
fn same(one: &Tree, other: &Tree) -> bool {
    match (one, other) {
        (Tree::Leaf(Value::Bool(_)), Tree::Leaf(Value::Bool(_))) => true,
        (Tree::List(one), Tree::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Tree::Object(one), Tree::Object(other)) => {
            let pairs = one.iter().zip(other);
            one.len() == other.len() && pairs.clone().all(|(a, b)| a.0 == b.0 && same(&a.1, &b.1))
        }
        (one, other) => one == other,
    }
}

/// All vendors' samples as they are documented, and their like.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let samples = VENDORS.iter().flat_map(|vendor| crate::seeds::samples(vendor.name));
    let mut seeds: Vec<_> = samples.collect();
    seeds.retain(|sample| sample.len() < 4096);
    let empty = Value::Object(Map::new()).to_string();
    seeds.extend(crate::seeds::texts(&[
        "HTTP/1.1 200 OK\r\nA: b\r\n\r\n{\"a\": 1.50e3}",
        "{\n  \"a\": \"x\", // The a.\n  /* b */ \"b/c\": [1, 2,],\n}",
        "{\"a~b\":{\"\":[null,true,-0.0,\"\\ud83d\\ude00\"]}}",
        &empty,
    ]));
    seeds
}
