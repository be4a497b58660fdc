//! Pages of every vendor: the same each time, nothing lost, nothing made up.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use signin_core::vendor::Shape;
use signin_core::{FromJson, Mismatch, Page, Record, Rejected};

use crate::tree::{self, Tree};
use crate::vendors::VENDORS;

/// The first byte chooses the vendor; the rest is a body.
pub(crate) fn vendor(input: &[u8]) -> bool {
    let [choice, body @ ..] = input else { return false };
    (VENDORS[usize::from(*choice) % VENDORS.len()].decode)(body)
}

/// Every vendor's samples as bodies, each after the byte that chooses the vendor.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let choices = (0..=u8::MAX).zip(VENDORS);
    let seeds = choices.flat_map(|(choice, vendor)| {
        let bodies = crate::seeds::fixtures(vendor.name).into_iter();
        bodies.map(move |body| [&[choice][..], &body].concat())
    });
    seeds.collect()
}

/// What the models of all vendors are.
pub(crate) trait Typed: FromJson + Serialize + DeserializeOwned + PartialEq + Debug {}

impl<T: FromJson + Serialize + DeserializeOwned + PartialEq + Debug> Typed for T {}

/// Reads a body by this function, whose records stand at one of these paths. Whether a record came.
pub(crate) fn check<T: Typed>(
    body: &[u8],
    records: &[&[&str]],
    decode: impl Fn(&[u8]) -> Result<Page<T>, Mismatch>,
) -> bool {
    let first = decode(body);
    assert_eq!(format!("{first:?}"), format!("{:?}", decode(body)), "decoded twice");
    let tree =
        std::str::from_utf8(body).ok().map(|text| text.strip_prefix('\u{feff}').unwrap_or(text));
    let tree = tree.and_then(Tree::read).filter(|tree| !tree.repeats());
    match first {
        Ok(page) => {
            assert_eq!(page.info().rows, page.rows().len() as u64, "the count of rows");
            if let Some(tree) = tree {
                assert_eq!(count(&tree, records), Some(page.rows().len()), "records lost");
            }
            let mut rest = body;
            for row in page.rows() {
                let bytes = match row {
                    Ok(record) => check_record(record),
                    Err(rejected) => check_rejected::<T>(rejected),
                };
                rest = behind(rest, bytes);
            }
            page.items().next().is_some()
        }
        Err(mismatch) => {
            let elsewhere = records.iter().all(|path| mismatch.path() != pointer(path));
            let lost = tree.and_then(|tree| count(&tree, records)).is_some();
            assert!(!lost || elsewhere && !mismatch.path().is_empty(), "{mismatch}: not read");
            false
        }
    }
}

/// How many records stand in the lists at these paths; None if one is no list, or there is none.
fn count(tree: &Tree, paths: &[&[&str]]) -> Option<usize> {
    let lists: Vec<_> = paths.iter().flat_map(|path| tree.all_at(path)).collect();
    let lengths = lists.iter().map(|list| match list {
        Tree::List(list) => Some(list.len()),
        _ => None,
    });
    if lists.is_empty() { None } else { lengths.sum() }
}

fn pointer(path: &[&str]) -> String {
    path.iter().map(|step| format!("/{}", tree::escape(step))).collect()
}

/// What of the body is after this part, which must stand in it.
fn behind<'a>(body: &'a [u8], part: &[u8]) -> &'a [u8] {
    let at = body.windows(part.len().max(1)).position(|window| window == part);
    &body[at.expect("a record is a slice of its page") + part.len()..]
}

fn check_record<T: Typed>(record: &Record<T>) -> &[u8] {
    let bytes = record.raw_bytes();
    assert_eq!(record.raw(), String::from_utf8_lossy(bytes), "text and bytes");
    assert_eq!(record.is_lossy(), std::str::from_utf8(bytes).is_err(), "lossy");
    let again = Record::<T>::from_json(bytes).expect("a record is read alone");
    assert_eq!((&**record, record.raw()), (&*again, again.raw()), "read alone");
    assert_eq!(serde_json::to_string(record).expect("a record is written"), record.raw());
    check_written(&**record);
    check_extra(record);
    check_last_wins(record);
    bytes
}

/// What the plain type writes, it reads again, and writes the same; it knows all of it.
fn check_written<T: Typed>(plain: &T) {
    let written = serde_json::to_string(plain).expect("a plain value is written");
    let read: T = serde_json::from_str(&written).expect("what was written is read");
    assert_eq!(&read, plain, "written and read: {written}");
    assert_eq!(serde_json::to_string(&read).expect("it is written again"), written);
    let record = Record::<T>::from_json(&written).expect("what was written is a record");
    assert_eq!(record.extra(), [], "members that the type wrote and does not know");
}

fn check_extra<T: Typed>(record: &Record<T>) {
    let extra = record.extra();
    let Some(tree) = Tree::read(record.raw()) else { return };
    let mut expected = Vec::new();
    tree.unknown(T::shape(), "", &mut expected);
    let found = extra.iter().map(|extra| (extra.pointer.as_str(), Tree::read(extra.json)));
    let expected_by_text = expected.iter().map(|(at, value)| (at.as_str(), Some((*value).clone())));
    assert!(found.eq(expected_by_text), "{extra:?} instead of {expected:?}");
    if tree.repeats() {
        return;
    }
    let value: serde_json::Value = serde_json::from_str(record.raw()).expect("a tree is a value");
    for extra in extra {
        let json = serde_json::from_str(extra.json).expect("an extra member is JSON");
        assert_eq!(value.pointer(&extra.pointer), Some(&json), "{}", extra.pointer);
    }
}

/// Without all but the last of the spellings of each known member, the typed view is the same.
fn check_last_wins<T: Typed>(record: &Record<T>) {
    let Shape::Object(table) = T::shape() else { return };
    let Some(members) = members(record.raw()) else { return };
    let member = |name: &str| table.members.iter().position(|member| tree::is(member, name));
    let last = members.iter().enumerate().filter(|(at, (name, _))| {
        let place = member(name);
        place.is_some() && members[at + 1..].iter().all(|(other, _)| member(other) != place)
    });
    let kept: Vec<_> = last.map(|(_, (name, raw))| format!("{name:?}:{raw}")).collect();
    let text = format!("{{{}}}", kept.join(","));
    let alone = Record::<T>::from_json(&text).expect("the last ones are a record");
    assert_eq!(&*alone, &**record, "the last one wins: {text}");
}

/// An object's members in order with their texts.
fn members(text: &str) -> Option<Vec<(String, Box<RawValue>)>> {
    struct Members(Vec<(String, Box<RawValue>)>);
    impl<'de> serde::Deserialize<'de> for Members {
        fn deserialize<D: serde::Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
            source.deserialize_map(Self(Vec::new()))
        }
    }
    impl<'de> serde::de::Visitor<'de> for Members {
        type Value = Self;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(mut self, mut map: A) -> Result<Self, A::Error> {
            while let Some(member) = map.next_entry()? {
                self.0.push(member);
            }
            Ok(self)
        }
    }
    serde_json::from_str::<Members>(text).ok().map(|members| members.0)
}

fn check_rejected<T: Typed>(rejected: &Rejected) -> &[u8] {
    let bytes = rejected.raw_bytes();
    let mismatch = rejected.mismatch();
    let again = Record::<T>::from_json(bytes).expect_err("a rejected record is rejected alone");
    assert_eq!(again.mismatch(), mismatch, "rejected alone");
    assert_ne!(mismatch.found(), "something that could not be read", "no place: {rejected:?}");
    assert!(is_known(T::shape(), mismatch.path()), "{mismatch}: no place of the type");
    check_lenient::<T>(rejected);
    bytes
}

/// A record that is odd, but an object, is read without what is odd.
fn check_lenient<T: Typed>(rejected: &Rejected) {
    let bytes = rejected.raw_bytes();
    match Record::<T>::from_json_lenient(bytes) {
        Ok(record) => {
            assert_eq!(record.raw_bytes(), bytes, "its own bytes");
            assert_eq!(record.mismatches().first(), Some(rejected.mismatch()), "{rejected:?}");
            let places = record.mismatches().iter().map(Mismatch::path);
            assert!(places.clone().all(|place| is_known(T::shape(), place)), "{rejected:?}");
        }
        Err(again) => {
            assert_eq!(again.mismatch(), rejected.mismatch(), "refused as before");
            assert!(!bytes.trim_ascii_start().starts_with(b"{"), "an object: {rejected:?}");
        }
    }
}

/// Whether a pointer leads through known members only, so that it shows nothing of a record.
fn is_known(mut shape: Shape, pointer: &str) -> bool {
    pointer.split('/').skip(1).all(|step| {
        let inner = match shape {
            Shape::Object(table) => {
                let member = table.members.iter();
                let mut named = member.filter(|member| {
                    let mut names = std::iter::once(&member.name).chain(member.aliases);
                    names.any(|name| tree::escape(name) == step)
                });
                named.next().map(|member| member.shape)
            }
            Shape::List(inner) => step.parse::<usize>().is_ok().then_some(*inner),
            _ => None,
        };
        shape = inner.unwrap_or(Shape::Any);
        inner.is_some()
    })
}
