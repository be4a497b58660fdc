//! Events by the Elastic Common Schema: what the published list of fields does not say. That list
//! is asked by `.ci/ecs/run`.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};
use signin_core::event::{Activity, Coordinates, Location, NoEvent, Outcome, Product, SignIn};
use signin_core::{Json, Timestamp};

use crate::event::{PRODUCTS, counts, sign_in};

fn value(event: impl Serialize) -> Value {
    serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap()
}

/// A sign-in with what each must have.
fn least() -> SignIn {
    let mut event = SignIn::default();
    event.time = Timestamp::parse("2026-01-02T03:04:05Z");
    event.principal.id = Some("7".to_owned());
    event
}

#[test]
fn an_event_with_every_field_has_them_where_ecs_has_them() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&sign_in(0).to_ecs().unwrap()).unwrap());
}

#[test]
fn counts_are_a_metric_at_the_start_of_their_span() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&counts(0).to_ecs().unwrap()).unwrap());
}

#[test]
fn an_event_with_the_least_is_written_without_what_is_absent() {
    let line = serde_json::to_string(&least().to_ecs().unwrap()).unwrap();
    assert_eq!(
        line,
        r#"{"@timestamp":"2026-01-02T03:04:05.000Z","ecs":{"version":"9.4.0"},"event":{"kind":"event","category":["authentication"],"type":["info"],"outcome":"unknown","action":"sign-in"},"user":{"id":"7"},"related":{"user":["7"]},"signin":{"outcome":"unknown","principal":{"kind":"unknown"}}}"#
    );
}

#[test]
fn type_outcome_and_action_are_of_the_activity_and_what_came_of_it() {
    use {Activity::*, Outcome::*};
    for (activity, what, expected) in [
        (SignIn, Success, ["start", "success", "sign-in"]),
        (SignIn, Failure, ["info", "failure", "sign-in"]),
        (SignIn, Interrupted, ["info", "unknown", "sign-in"]),
        (SignIn, Unknown, ["info", "unknown", "sign-in"]),
        (Step, Success, ["info", "success", "sign-in-step"]),
        (Step, Failure, ["info", "failure", "sign-in-step"]),
        (SignOut, Success, ["end", "success", "sign-out"]),
        (SignOut, Failure, ["end", "failure", "sign-out"]),
    ] {
        let mut event = least();
        event.activity = activity;
        event.outcome = what;
        let ecs = value(event.to_ecs().unwrap());
        let [kind, outcome, action] = expected;
        assert_eq!(ecs["event"]["type"], json!([kind]), "{activity:?} {what:?}");
        assert_eq!(ecs["event"]["outcome"], outcome, "{activity:?} {what:?}");
        assert_eq!(ecs["event"]["action"], action, "{activity:?} {what:?}");
        assert_eq!(ecs["signin"]["outcome"], serde_json::to_value(what).unwrap());
    }
}

#[test]
fn an_event_without_a_time_or_anybody_is_none() {
    let refused = |change: fn(&mut SignIn)| {
        let mut event = least();
        change(&mut event);
        event.to_ecs().unwrap_err()
    };
    let without_time = NoEvent::without_time("/time");
    assert_eq!(refused(|event| event.time = None), without_time);
    assert_eq!(refused(|event| event.time = Timestamp::from_ticks(0)), without_time);
    let without_principal = NoEvent::without_principal("/principal");
    assert_eq!(refused(|event| event.principal.id = None), without_principal);
    assert_eq!(refused(|event| event.principal.id = Some(String::new())), without_principal);
    let blank = |event: &mut SignIn| {
        event.principal.id = None;
        event.principal.full_name = Some(String::new());
    };
    assert_eq!(refused(blank), without_principal);
    let mut counts = counts(0);
    counts.start = None;
    assert_eq!(counts.to_ecs().unwrap_err(), NoEvent::without_time("/start"));
}

#[test]
fn each_vendor_has_a_namespace_and_no_other_takes_the_place_of_a_field() {
    for product in PRODUCTS {
        let mut event = sign_in(0);
        event.product = product;
        let ecs = value(event.to_ecs().unwrap());
        let unmapped = value(event.unmapped.as_ref().unwrap());
        let is_known = !product.namespace.is_empty();
        let module = if is_known { product.namespace } else { product.id };
        assert_eq!(ecs["event"]["module"], module);
        assert_eq!(ecs["event"]["dataset"], format!("{module}.{}", product.endpoint));
        assert_eq!(ecs["user"]["id"], "id", "{product:?}");
        assert_eq!(left(&ecs, product), Some(&unmapped), "{product:?}");
        assert_eq!(ecs["signin"].get("unmapped").is_some(), !is_known, "{product:?}");
    }
}

#[test]
fn one_who_is_known_by_one_name_is_named_once_among_the_related() {
    let mut event = least();
    let name = Some("ada@example.com".to_owned());
    event.principal.id = name.clone();
    event.principal.set_name(name);
    let ecs = value(event.to_ecs().unwrap());
    assert_eq!(ecs["related"], json!({"user": ["ada@example.com"]}));
}

#[test]
fn one_who_has_no_more_than_a_name_for_people_is_found_by_it() {
    let mut event = least();
    event.principal.id = None;
    event.principal.full_name = Some("Ada Lovelace".to_owned());
    let ecs = value(event.to_ecs().unwrap());
    assert_eq!(ecs["user"], json!({"full_name": "Ada Lovelace"}));
    assert_eq!(ecs["related"], json!({"user": ["Ada Lovelace"]}));
}

#[test]
fn coordinates_off_the_earth_are_not_written() {
    for (latitude, longitude) in
        [(f64::NAN, 1.0), (1.0, f64::NAN), (90.5, 1.0), (1.0, -180.5), (f64::INFINITY, 0.0)]
    {
        let mut point = Coordinates::default();
        (point.latitude, point.longitude) = (latitude, longitude);
        let mut event = least();
        let location = event.origin.location.insert(Location::default());
        location.coordinates = Some(point);
        let ecs = value(event.to_ecs().unwrap());
        assert_eq!(ecs.get("source"), None, "{latitude} {longitude}");
    }
}

#[test]
fn texts_that_say_nothing_are_absent() {
    let mut event = least();
    let nothing = || Some(String::new());
    (event.tenant, event.customer, event.raw) = (nothing(), nothing(), nothing());
    (event.code, event.reason, event.session_id) = (nothing(), nothing(), nothing());
    (event.original_id, event.original_time) = (nothing(), nothing());
    event.correlation_id = nothing();
    event.origin.user_agent = nothing();
    event.principal.name = nothing();
    event.principal.domain = nothing();
    event.origin.location.insert(Location::default()).city = nothing();
    event.application = Some(signin_core::event::Named::default());
    assert_eq!(value(event.to_ecs().unwrap()), value(least().to_ecs().unwrap()));
}

#[test]
fn p2_the_records_own_text_and_what_is_left_of_it_are_written_as_they_came() {
    let mut event = least();
    event.product = Product::new("msgraph", "", "", "").with_namespace("entra");
    let raw = "{\"a\": 1.50,\r\n \"b\":\"\\u0000 \u{1f600}\"}";
    event.raw = Some(raw.to_owned());
    let left = r#"{"a":1.50,"b":123456789012345678901234567890,"a":-0.0e0}"#;
    event.unmapped = Some(serde_json::from_str::<Json>(left).unwrap());
    let line = serde_json::to_string(&event.to_ecs().unwrap()).unwrap();
    assert!(line.ends_with(&format!(r#","entra":{left}}}"#)), "{line}");
    assert_eq!(value(event.to_ecs().unwrap()).pointer("/event/original").unwrap(), raw);
}

#[test]
fn p2_nothing_of_an_event_is_lost() {
    for number in 0..300 {
        let event = sign_in(number);
        check(&event, &value(&event), &value(event.to_ecs().unwrap()), event.product);
        let counts = counts(number);
        check(&counts, &value(&counts), &value(counts.to_ecs().unwrap()), counts.product);
    }
}

/// All that an event says in its own words is in the other one, which has nothing empty.
fn check(event: &dyn std::fmt::Debug, own: &Value, ecs: &Value, product: Product) {
    nothing_is_empty(ecs);
    let (mut said, mut found) = (BTreeSet::new(), BTreeSet::new());
    leaves("", own, &mut said);
    leaves("", ecs, &mut found);
    let texts: BTreeSet<_> = found.iter().map(|(_, text)| text.clone()).collect();
    for (member, text) in said {
        let text = match &*member {
            "activity" if text == "\"step\"" => "\"sign-in-step\"".to_owned(),
            "activity" => text.replace('_', "-"),
            "endpoint" => ecs["event"]["dataset"].to_string(),
            _ => text,
        };
        // A truth is known by its name, all else by its text.
        let is_there = match &*text {
            "true" | "false" => found.contains(&(member.clone(), text.clone())),
            _ => texts.contains(&text),
        };
        assert!(is_there, "{member} {text} of {event:?} is not in {ecs}");
    }
    assert_eq!(left(ecs, product), own.get("unmapped"), "{event:?}");
}

/// Where an event by ECS has what is left over.
fn left(ecs: &Value, product: Product) -> Option<&Value> {
    match product.namespace {
        "" => ecs["signin"].get("unmapped"),
        namespace => ecs.get(namespace),
    }
}

/// The leaves of a value, each with the name of its member; times by their instant.
fn leaves(name: &str, value: &Value, found: &mut BTreeSet<(String, String)>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| leaves(name, value, found)),
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| leaves(name, value, found));
        }
        leaf => {
            let time = leaf.as_str().and_then(Timestamp::parse);
            let instant = time.map(|time| time.instant().unix_timestamp_nanos().to_string());
            found.insert((name.to_owned(), instant.unwrap_or(leaf.to_string())));
        }
    }
}

fn nothing_is_empty(value: &Value) {
    assert!(![json!(null), json!(""), json!([]), json!({})].contains(value));
    match value {
        Value::Array(values) => values.iter().for_each(nothing_is_empty),
        Value::Object(members) => members.values().for_each(nothing_is_empty),
        _ => {}
    }
}

/// For `.ci/ecs/run`, which holds each line to the published list of fields.
#[test]
#[ignore = "prints events for the validator: bash .ci/ecs/run"]
#[allow(clippy::print_stdout, reason = "its output is what it is for")]
fn print_events_made_by_hand() {
    for number in 0..2_000 {
        println!("{}", serde_json::to_string(&sign_in(number).to_ecs().unwrap()).unwrap());
        println!("{}", serde_json::to_string(&counts(number).to_ecs().unwrap()).unwrap());
    }
}
