//! What a conversion leaves over of a record, what makes a revision, and countries' codes: by a
//! second implementation over trees, repeated members included.

use serde::de::MapAccess;
use serde_json::Value;
use signin_core::event::{Context, Members, SignIn, country, revision};
use signin_core::vendor::{Member, Model, Shape, Table};
use signin_core::{FromJson, Record};

use crate::tree::{self, Tree};

/// The first byte chooses which members are taken over; the rest is a record.
pub(crate) fn check(input: &[u8]) -> bool {
    let [choice, record @ ..] = input else { return false };
    let text = String::from_utf8_lossy(record);
    check_revision(&text);
    check_country(&text) | check_left_over(*choice, &text)
}

/// White space between tokens is no revision.
fn check_revision(text: &str) {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return };
    let pretty = serde_json::to_string_pretty(&value).expect("it is written");
    assert_eq!(revision(&value.to_string()), revision(&pretty), "{text}");
    let other = serde_json::json!([value]);
    assert_ne!(revision(&other.to_string()), revision(&pretty), "{text}");
}

/// A code is two letters, and its own country's. Whether there is one.
fn check_country(text: &str) -> bool {
    let Some(code) = country::code(text) else { return false };
    assert!(code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()), "{code}");
    assert_eq!(country::code(code), Some(code), "{text}");
    true
}

/// A record with every shape that members are looked for in.
#[derive(Debug, Default)]
struct Thing;

static PLACE: Table = Table {
    name: "Place",
    members: &[Member::new("city", Shape::Any), Member::new("zone", Shape::Object(&ZONE))],
};
static ZONE: Table = Table { name: "Zone", members: &[Member::new("a/b", Shape::Any)] };
static THING: Table = Table {
    name: "Thing",
    members: &[
        Member::new("id", Shape::Any),
        Member::new("ip", Shape::Any).or(&["ip_address", "IP"]),
        Member::new("place", Shape::Object(&PLACE)),
        Member::new("steps", Shape::List(&Shape::Object(&PLACE))),
    ],
};

impl Model for Thing {
    fn table() -> &'static Table {
        &THING
    }

    fn assign<'de, A: MapAccess<'de>>(&mut self, _: usize, value: &mut A) -> Result<(), A::Error> {
        value.next_value::<serde::de::IgnoredAny>().map(drop)
    }
}

/// Whether it is a record that could be compared.
fn check_left_over(choice: u8, text: &str) -> bool {
    const PLACES: [&str; 8] = [
        "/id",
        "/ip",
        "/place/city",
        "/place/zone/a~1b",
        "/place/zone",
        "/steps",
        "/place",
        "/none",
    ];
    let Ok(record) = Record::<Thing>::from_json(text) else { return false };
    let mut members = Members::default();
    for (bit, place) in PLACES.into_iter().enumerate() {
        members.take(place, (choice >> bit & 1 == 1).then_some(()));
    }
    let taken = members.taken().to_vec();
    let mut event = SignIn::default();
    members.finish(&mut event, &record, "7", &Context::default());
    assert_eq!(event.mapped, taken);
    let tree = Tree::read(record.raw()).filter(|tree| tree.depth() < 60);
    let Some(tree) = tree else { return false };
    let expected = left_over(&tree, Thing::shape(), "", &taken);
    let found = event.unmapped.map(|json| Tree::read(json.get()).expect("what is left is JSON"));
    assert_eq!(found, expected, "{taken:?} of {text}");
    true
}

/// What says something and was not taken, by the words of `SignIn::unmapped`.
fn left_over(tree: &Tree, shape: Shape, path: &str, taken: &[&str]) -> Option<Tree> {
    let (Tree::Object(members), Shape::Object(table)) = (tree, shape) else { return says(tree) };
    let member = |name: &str| table.members.iter().position(|member| tree::is(member, name));
    let kept = members.iter().enumerate().filter_map(|(at, (name, value))| {
        let place = member(name);
        let last = !members[at + 1..].iter().any(|(other, _)| member(other) == place);
        let left = match place.map(|place| &table.members[place]) {
            Some(member) if last => {
                let path = format!("{path}/{}", tree::escape(member.name));
                let left = || left_over(value, member.shape, &path, taken);
                if taken.contains(&path.as_str()) { None } else { left() }
            }
            _ => says(value),
        };
        left.map(|left| (name.clone(), left))
    });
    gathered(kept)
}

/// A value without what says nothing.
fn says(tree: &Tree) -> Option<Tree> {
    match tree {
        Tree::Leaf(Value::Null) => None,
        Tree::Leaf(Value::String(text)) if text.is_empty() => None,
        Tree::Leaf(_) => Some(tree.clone()),
        Tree::List(list) => {
            let kept: Vec<_> = list.iter().filter_map(says).collect();
            (!kept.is_empty()).then_some(Tree::List(kept))
        }
        Tree::Object(members) => {
            gathered(members.iter().filter_map(|(name, value)| Some((name.clone(), says(value)?))))
        }
    }
}

/// An object in which a name that comes several times has a list of its values.
fn gathered(members: impl Iterator<Item = (String, Tree)>) -> Option<Tree> {
    let mut kept: Vec<(String, Vec<Tree>)> = Vec::new();
    for (name, value) in members {
        match kept.iter_mut().find(|(other, _)| *other == name) {
            Some((_, values)) => values.push(value),
            None => kept.push((name, vec![value])),
        }
    }
    let single = |mut values: Vec<Tree>| match values.len() {
        1 => values.remove(0),
        _ => Tree::List(values),
    };
    let members = kept.into_iter().map(|(name, values)| (name, single(values)));
    let members: Vec<_> = members.collect();
    (!members.is_empty()).then_some(Tree::Object(members))
}

/// Records of the invented type, and countries.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    crate::seeds::texts(&[
        "\x05{\"id\":7,\"place\":{\"city\":\"Ulm\",\"country\":\"Germany\",\"zone\":{\"a/b\":1,\"c\":\"\"}},\"steps\":[{\"city\":\"A\"}],\"new\":{\"x\":1.50,\"y\":null}}",
        "\x03{\"ip\":\"192.0.2.1\",\"ip_address\":\"192.0.2.2\",\"id\":1,\"id\":2,\"id\":3,\"a\":1,\"a\":2}",
        "\0{\"deep\":[[{\"a\":[null,\"\"]}]],\"kept\":[null,0,false,\"\"],\"ip\":\"x\",\"ip\":null}",
        "\x48{\"place\":{\"zone\":{\"a/b\":[1]}},\"place\":{\"city\":{\"a\":[]}}}",
        "\x01Germany",
        "\x01de",
        "\x01United States of America",
    ])
}
