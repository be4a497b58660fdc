//! The contract of OCSF events: what no validator of the schema sees.

use serde_json::{Map, Value};
use signin_core::event::{SignIn, country};

/// Holds an event's OCSF to the contract, and gives it.
///
/// # Panics
/// If the contract is broken, with the OCSF event.
pub fn check(event: &SignIn) -> Value {
    let ocsf = event.to_ocsf().unwrap_or_else(|why| panic!("{why}: {event:?}"));
    let text = serde_json::to_string(&ocsf).expect("an event is JSON");
    let ocsf: Value = serde_json::from_str(&text).expect("it is JSON again");
    check_values(&ocsf, &text);
    check_type(&ocsf, &text);
    check_time(event, &ocsf, &text);
    check_profiles(&ocsf, &text);
    check_identity(event, &ocsf, &text);
    check_user(&ocsf, &text);
    check_country(&ocsf, &text);
    check_all_is_there(event, &ocsf, &text);
    ocsf
}

/// No nulls anywhere. No empty texts, and beside each id a caption, but for what is the record's
/// own.
fn check_values(ocsf: &Value, text: &str) {
    fn visit(value: &Value, is_ours: bool, text: &str) {
        match value {
            Value::Null => panic!("a null: {text}"),
            Value::String(value) => assert!(!is_ours || !value.is_empty(), "an empty text: {text}"),
            Value::Array(values) => values.iter().for_each(|value| visit(value, is_ours, text)),
            Value::Object(members) => {
                for (name, value) in members {
                    let is_ours = is_ours && name != "unmapped" && name != "raw_data";
                    if is_ours {
                        check_caption(name, value, members, text);
                    }
                    visit(value, is_ours, text);
                }
            }
            Value::Bool(_) | Value::Number(_) => {}
        }
    }
    visit(ocsf, true, text);
}

fn check_caption(name: &str, id: &Value, siblings: &Map<String, Value>, text: &str) {
    let caption = match name {
        "activity_id" => Some("activity_name".to_owned()),
        "class_uid" | "category_uid" | "type_uid" => Some(name.replace("_uid", "_name")),
        _ => name.strip_suffix("_id").map(str::to_owned),
    };
    if let Some(caption) = caption {
        assert!(id.is_u64(), "{name} is no number: {text}");
        let words = siblings.get(&caption).and_then(Value::as_str).unwrap_or_default();
        assert!(!words.is_empty(), "{name} has no {caption}: {text}");
    }
}

fn check_type(ocsf: &Value, text: &str) {
    let number = |name: &str| ocsf[name].as_u64().unwrap_or_else(|| panic!("no {name}: {text}"));
    let (class, activity) = (number("class_uid"), number("activity_id"));
    assert_eq!((class, number("category_uid")), (3002, 3), "{text}");
    assert_eq!(number("type_uid"), class * 100 + activity, "{text}");
    assert_eq!(ocsf["metadata"]["version"], "1.8.0", "{text}");
}

/// In milliseconds: as seconds, a time of ours would be before 1971.
fn check_time(event: &SignIn, ocsf: &Value, text: &str) {
    let time = event.time.as_ref().unwrap_or_else(|| panic!("no time: {text}")).instant();
    let milliseconds = ocsf["time"].as_i64().map(i128::from);
    assert_eq!(milliseconds, Some(time.unix_timestamp_nanos().div_euclid(1_000_000)), "{text}");
}

/// A profile is named where its attributes are, and nowhere else.
fn check_profiles(ocsf: &Value, text: &str) {
    let has = |names: &[&str]| names.iter().any(|name| ocsf.get(name).is_some());
    let mut expected = Vec::new();
    if has(&["device"]) {
        expected.push("host");
    }
    if has(&["risk_level_id", "risk_level", "risk_details", "authorizations"]) {
        expected.push("security_control");
    }
    let declared = ocsf["metadata"]["profiles"].as_array().map_or(&[][..], Vec::as_slice);
    assert_eq!(declared, expected, "{text}");
}

fn check_identity(event: &SignIn, ocsf: &Value, text: &str) {
    assert_eq!(ocsf["metadata"]["uid"], *event.id, "{text}");
    assert_eq!(ocsf["raw_data_hash"]["value"], *event.revision, "{text}");
    assert_eq!(ocsf.get("raw_data").and_then(Value::as_str), event.raw.as_deref(), "{text}");
    let original = ocsf["metadata"].get("original_event_uid").and_then(Value::as_str);
    assert_eq!(original, event.original_id.as_deref(), "{text}");
    assert_eq!(ocsf["metadata"]["log_name"], event.product.log_name(), "{text}");
}

/// A guest's name looks like an address and is none.
fn check_user(ocsf: &Value, text: &str) {
    let user = &ocsf["user"];
    assert!(user.get("uid").or(user.get("name")).is_some(), "nobody: {text}");
    let email = user.get("email_addr").and_then(Value::as_str).unwrap_or_default();
    assert!(!is_guest(email), "a guest's name is no address: {text}");
}

/// Whether it is the name of a guest, in capitals or not: Graph logs names in small letters.
pub(crate) fn is_guest(name: &str) -> bool {
    name.to_ascii_lowercase().contains("#ext#")
}

fn check_country(ocsf: &Value, text: &str) {
    if let Some(told) = ocsf.pointer("/src_endpoint/location/country") {
        let told = told.as_str().unwrap_or_default();
        assert_eq!(country::code(told), Some(told), "no code of ISO 3166-1: {text}");
    }
}

/// Every value of the event is somewhere, but for those that an id stands for; and all that was
/// left over of the record is in `unmapped`.
fn check_all_is_there(event: &SignIn, ocsf: &Value, text: &str) {
    assert_eq!(missing(event, ocsf), [""; 0], "of {event:?} in {text}");
    for (name, value) in left_over(event) {
        let there = &ocsf["unmapped"][&name];
        let is_first = there.get(0) == Some(&value) && name == "signin";
        assert!(*there == value || is_first, "{name} is not left over: {text}");
    }
}

/// What the event says and the other form does not. What is left over of the record takes no part,
/// nor do observables, which say again what stands elsewhere.
fn missing(event: &SignIn, ocsf: &Value) -> Vec<String> {
    let mut form = ocsf.clone();
    if let Some(fields) = form.as_object_mut() {
        fields.remove("observables");
        fields.remove("unmapped");
    }
    let (mut told, mut found) = (Vec::new(), Vec::new());
    leaves("", &own(event), &mut told);
    leaves("", &form, &mut found);
    leaves("", &ours(event, ocsf), &mut found);
    let is_there = |leaf: &&Leaf| {
        let count = |leaves: &[Leaf]| leaves.iter().filter(|other| is_same(leaf, other)).count();
        let enough = if leaf.1.is_string() { 1 } else { count(&told) };
        count(&found) >= enough
    };
    told.iter()
        .filter(|leaf| !is_there(leaf))
        .map(|(name, value)| format!("{name} {value}"))
        .collect()
}

/// The event in its own words, but for what an id stands for and what has another name there.
fn own(event: &SignIn) -> Value {
    const BY_ID: [&str; 6] = ["time", "activity", "outcome", "protocol", "factors", "unmapped"];
    let mut told = serde_json::to_value(event).expect("an event is JSON");
    if let Some(fields) = told.as_object_mut() {
        fields.retain(|name, _| !BY_ID.contains(&name.as_str()));
    }
    let by_another_name =
        [("product", "vendor"), ("product", "endpoint"), ("principal", "kind"), ("risk", "level")];
    for (part, name) in by_another_name {
        told.get_mut(part).and_then(Value::as_object_mut).and_then(|part| part.remove(name));
    }
    told
}

/// What is left over of the event: beside the record's own member of that name, if it has one.
fn ours(event: &SignIn, ocsf: &Value) -> Value {
    let place = &ocsf["unmapped"]["signin"];
    let ours = match left_over(event).get("signin") {
        None => Some(place),
        Some(theirs) if place == theirs => None,
        Some(_) => place.get(1),
    };
    ours.cloned().unwrap_or_default()
}

fn left_over(event: &SignIn) -> Map<String, Value> {
    let left = event.unmapped.as_ref().map(|json| json.parse().expect("it is an object"));
    left.unwrap_or_default()
}

/// A value and the name of its member.
type Leaf = (String, Value);

/// A text is known by itself, wherever it stands; a truth and a number by their names as well.
fn is_same((name, value): &Leaf, (other, found): &Leaf) -> bool {
    const NAMES: [(&str, &str); 3] =
        [("mfa", "is_mfa"), ("latitude", "lat"), ("longitude", "long")];
    match value {
        Value::String(text) if name == "customer" => *found == format!("customer:{text}"),
        Value::String(_) => value == found,
        _ => value == found && (name == other || NAMES.contains(&(name, other))),
    }
}

/// The leaves of a value, each with the name of its member.
fn leaves(name: &str, value: &Value, found: &mut Vec<Leaf>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| leaves(name, value, found)),
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| leaves(name, value, found));
        }
        Value::Null => {}
        leaf => found.push((name.to_owned(), leaf.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign_ins::sign_in;

    #[test]
    fn p2_every_shape_of_a_sign_in_is_an_ocsf_event() {
        let seen: Vec<_> = (0..2_000).map(|number| check(&sign_in(number))).collect();
        // Nothing was left untried.
        for pointer in [
            "/src_endpoint/location/lat",
            "/device/os/type_id",
            "/dst_endpoint/svc_name",
            "/authorizations/0/policy/is_applied",
            "/risk_details",
            "/raw_data",
            "/metadata/labels/0",
            "/auth_factors/2",
            "/unmapped/signin/principal/email",
            "/unmapped/signin/origin/location/coordinates",
            "/unmapped/signin/origin/device",
            "/unmapped/signin/1/policies",
            "/unmapped/signin/kinds/1",
            "/unmapped/signin/risk/reasons/1",
        ] {
            assert!(seen.iter().any(|ocsf| ocsf.pointer(pointer).is_some()), "{pointer}");
            assert!(seen.iter().any(|ocsf| ocsf.pointer(pointer).is_none()), "{pointer}");
        }
    }

    /// Each of them said alone, in a form that says much else.
    #[test]
    fn what_is_dropped_or_turned_round_is_noticed() {
        for (pointer, told) in [
            ("/is_mfa", "mfa"),
            ("/device/is_compliant", "is_compliant"),
            ("/device/is_managed", "is_managed"),
            ("/authorizations/1/policy/is_applied", "is_applied"),
            ("/src_endpoint/port", "port"),
            ("/src_endpoint/location/lat", "latitude"),
            ("/metadata/labels", "customer"),
            ("/user/full_name", "full_name"),
            ("/unmapped/signin/kinds", "kinds"),
        ] {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            let is_noticed = |number: &u64| {
                let event = sign_in(*number);
                let mut ocsf = check(&event);
                let Some(Value::Object(place)) = ocsf.pointer_mut(parent) else { return false };
                let Some(dropped) = place.remove(name) else { return false };
                let only_dropped = missing(&event, &ocsf);
                let Some(Value::Object(place)) = ocsf.pointer_mut(parent) else { return false };
                // The other truth, as if it had been mistaken.
                let turned = dropped.as_bool().map_or(Value::Null, |truth| (!truth).into());
                place.insert(name.to_owned(), turned);
                let is_told =
                    |missing: &[String]| missing.iter().any(|leaf| leaf.starts_with(told));
                is_told(&only_dropped) && is_told(&missing(&event, &ocsf))
            };
            assert!((0..300).any(|number| is_noticed(&number)), "{pointer}");
        }
    }
}
