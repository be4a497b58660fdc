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
    fn walk(value: &Value, is_ours: bool, text: &str) {
        match value {
            Value::Null => panic!("a null: {text}"),
            Value::String(value) => assert!(!is_ours || !value.is_empty(), "an empty text: {text}"),
            Value::Array(values) => values.iter().for_each(|value| walk(value, is_ours, text)),
            Value::Object(members) => {
                for (name, value) in members {
                    let is_ours = is_ours && name != "unmapped" && name != "raw_data";
                    if is_ours {
                        check_caption(name, value, members, text);
                    }
                    walk(value, is_ours, text);
                }
            }
            Value::Bool(_) | Value::Number(_) => {}
        }
    }
    walk(ocsf, true, text);
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
    const BY_ID: [&str; 6] = ["time", "activity", "outcome", "protocol", "factors", "unmapped"];
    let told = serde_json::to_value(event).expect("an event is JSON");
    let (mut told, mut found) = (told, Vec::new());
    if let Some(fields) = told.as_object_mut() {
        fields.retain(|name, _| !BY_ID.contains(&name.as_str()));
    }
    let by_another_name =
        [("product", "vendor"), ("product", "endpoint"), ("principal", "kind"), ("risk", "level")];
    for (part, name) in by_another_name {
        told.get_mut(part).and_then(Value::as_object_mut).and_then(|part| part.remove(name));
    }
    leaves(ocsf, &mut found);
    let mut expected = Vec::new();
    leaves(&told, &mut expected);
    for value in expected {
        let is_there = |other: &&Value| match (value, other) {
            (Value::String(value), Value::String(other)) => other.contains(value.as_str()),
            (value, other) => value == *other,
        };
        assert!(found.iter().any(is_there), "{value} is nowhere: {text}");
    }
    let left: Option<Map<String, Value>> =
        event.unmapped.as_ref().map(|json| json.parse().expect("it is an object"));
    for (name, value) in left.into_iter().flatten() {
        let there = &ocsf["unmapped"][&name];
        let is_first = there.get(0) == Some(&value) && name == "signin";
        assert!(*there == value || is_first, "{name} is not left over: {text}");
    }
}

fn leaves<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| leaves(value, found)),
        Value::Object(members) => members.values().for_each(|value| leaves(value, found)),
        leaf => found.push(leaf),
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
}
