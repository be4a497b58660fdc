//! The golden models: generated code, compiled with warnings denied, that does what it says.
#![deny(warnings, missing_docs)]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[rustfmt::skip]
#[allow(unreachable_pub, reason = "a test exports nothing")]
#[path = "../golden/generated/mod.rs"]
mod generated;

use generated::{Level, Thing};
use serde_json::Value;
use signin_core::{Id, Record};

const SAMPLE: &str = include_str!("../golden/fixtures/things.json");

fn samples() -> Vec<Value> {
    let page: Value = serde_json::from_str(SAMPLE).unwrap();
    page["data"].as_array().unwrap().clone()
}

/// A null or an empty list counts as an absent member.
fn without_absent(value: &Value) -> Value {
    let gone = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !gone(value));
            kept.map(|(name, value)| (name.clone(), without_absent(value))).collect()
        }
        Value::Array(list) => list.iter().map(without_absent).collect(),
        other => other.clone(),
    }
}

/// Equal as JSON; a number that was read as a float may be written as one.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|o| same(value, o)))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Number(one), Value::Number(other)) if one.is_f64() || other.is_f64() => {
            one.as_f64() == other.as_f64()
        }
        (one, other) => one == other,
    }
}

#[test]
fn p2_every_type_survives_the_round_trip() {
    for sample in samples() {
        let thing: Thing = serde_json::from_value(sample.clone()).unwrap();
        let written = serde_json::to_value(&thing).unwrap();
        // Polymorphic members keep their nulls.
        let mut expected = without_absent(&sample);
        if let Some(anything) = sample.get("anything") {
            expected["anything"] = anything.clone();
        }
        assert!(same(&written, &expected), "{written}\n{expected}");
    }
}

#[test]
fn every_type_is_read() {
    let thing = Record::<Thing>::from_json(samples()[0].to_string()).unwrap();
    assert_eq!(thing.id, Some(Id::from(9_007_199_254_740_993)));
    assert_eq!((thing.count, thing.share, thing.active), (Some(3), Some(0.5), Some(true)));
    assert_eq!(thing.ticks.as_ref().unwrap().to_string(), "2025-08-14T04:30:55Z");
    assert_eq!(thing.level.as_deref(), Some(&Level::High));
    assert!(thing.levels.as_ref().unwrap().contains(&Level::Low));
    assert_eq!(thing.history, [Level::Low, Level::Other("newer".into())]);
    assert_eq!(thing.kind.as_deref(), Some("keyword"));
    assert_eq!(thing.inner.as_ref().unwrap().more[0].deep_name.as_deref(), Some("y"));
    assert!(thing.extra().is_empty());
}

#[test]
fn an_alias_is_its_field_and_the_last_one_wins() {
    let text = r#"{"seenAt":"2025-01-01T00:00:00Z","seen_at":"2025-01-02T00:00:00Z"}"#;
    let thing = Record::<Thing>::from_json(text).unwrap();
    assert_eq!(thing.seen_at.as_ref().unwrap().to_string(), "2025-01-02T00:00:00Z");
    assert!(thing.extra().is_empty());
}

#[test]
fn a_value_of_another_type_is_refused_at_its_path() {
    for (text, path) in [
        (r#"{"inner":{"more":[{},{"Deep-Name":7}]}}"#, "/inner/more/1/Deep-Name"),
        (r#"{"list":[{},null]}"#, "/list/1"),
        (r#"{"count":1.5}"#, "/count"),
        (r#"{"share":"x"}"#, "/share"),
        (r#"{"share":1e999}"#, "/share"),
        (r#"{"active":0}"#, "/active"),
        (r#"{"tags":"a"}"#, "/tags"),
        (r#"{"history":[1]}"#, "/history/0"),
        (r#"{"levels":[]}"#, "/levels"),
        (r#"{"ticks":-1}"#, "/ticks"),
        (r#"{"seenAt":5}"#, "/seenAt"),
        (r#"{"inner":[]}"#, "/inner"),
    ] {
        let rejected = Record::<Thing>::from_json(text).unwrap_err();
        assert_eq!(rejected.mismatch().path(), path, "{text}");
    }
}
