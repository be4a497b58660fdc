//! Every member of a sign-in comes through every wrapping that has a place for it.

use msgraph_signins::SignIn;
use msgraph_signins::export::Shape as Wrapping;
use serde_json::{Map, Value, json};
use signin_contract::events::{Dice, Records};
use signin_core::FromJson;
use signin_core::vendor::{Model, Shape, Table};

use super::{record, sign_in};

/// The documented samples, and records with any of a sign-in's members.
fn records() -> Vec<String> {
    let entity = include_str!("../../../../../fixtures/msgraph/sign_in.entity.json");
    let page = include_str!("../../../../../fixtures/msgraph/sign_ins.page.json");
    let page: Value = serde_json::from_str(page).unwrap();
    let rows = page["value"].as_array().unwrap().iter().map(Value::to_string);
    let thrown = Records::default().likely(
        "/appliedConditionalAccessPolicies/conditionsSatisfied",
        &["\"none\"", "\"application,users\"", "\"location,insiderRisk\""],
    );
    let thrown = (0..300).map(|number| thrown.record::<SignIn>(number));
    rows.chain([entity.to_owned()]).chain(thrown).collect()
}

/// Holds that a wrapping of each record is read as the record itself, but for its kind.
#[track_caller]
fn comes_through(shape: Wrapping, wrap: impl Fn(Value, &mut Dice) -> Value) {
    let mut members = 0;
    for (number, original) in records().iter().enumerate() {
        let value: Value = serde_json::from_str(original).unwrap();
        let wrapped = wrap(value, &mut Dice::new(number as u64)).to_string();
        let export = sign_in(&wrapped);
        assert_eq!((export.shape, &export.lost), (shape, &Vec::new()), "{wrapped}");
        let mut expected = SignIn::from_json(original).unwrap();
        if expected.sign_in_event_types.is_empty() {
            expected.sign_in_event_types = record(&export.record).sign_in_event_types.clone();
        }
        let found = SignIn::from_json(&export.record).unwrap();
        assert_eq!(found, expected, "{wrapped}\n{}", export.record);
        members += serde_json::to_value(&found).unwrap().as_object().unwrap().len();
    }
    assert!(members > 300 * 40, "{members}");
}

#[test]
fn p2_of_a_diagnostic_record() {
    comes_through(Wrapping::DiagnosticRecord, |mut value, _| {
        each(&mut value, SignIn::table(), &mut |name, value| {
            if name.starts_with("conditions") && value.is_string() {
                *value = bits(value.as_str().unwrap());
            }
            name.to_owned()
        });
        json!({"time": "2026-01-02T03:04:05Z", "category": "SignInLogs", "properties": value})
    });
}

#[test]
fn p2_of_a_row_of_log_analytics() {
    comes_through(Wrapping::LogAnalytics, |value, dice| {
        let Value::Object(members) = value else { panic!() };
        let mut row = Map::new();
        for (name, value) in members {
            let column = match name.as_str() {
                "location" => "LocationDetails".to_owned(),
                "appliedConditionalAccessPolicies" => "ConditionalAccessPolicies".to_owned(),
                "resourceId" => "ResourceIdentity".to_owned(),
                "ipAddress" => "IPAddress".to_owned(),
                "riskEventTypes_v2" => "RiskEventTypes_V2".to_owned(),
                name => capital(name),
            };
            let table = SignIn::table();
            let place = table.find(&name, 0);
            let as_text = dice.roll(2) == 0
                && !value.is_string()
                && place.is_some_and(|place| !matches!(table.members[place].shape, Shape::Id));
            let value = if as_text && !value.is_null() { value.to_string().into() } else { value };
            row.insert(column, value);
        }
        row.insert("Type".into(), "SigninLogs".into());
        Value::Object(row)
    });
}

#[test]
fn p2_of_an_object_of_powershell() {
    comes_through(Wrapping::PowerShell, |mut value, dice| {
        each(&mut value, SignIn::table(), &mut |name, _| match name {
            "ipAddress" => "IPAddress".to_owned(),
            "riskEventTypes_v2" => "RiskEventTypesV2".to_owned(),
            name => capital(name),
        });
        let Value::Object(members) = value else { panic!() };
        let (mut own, mut more) = (Map::new(), Map::new());
        for (name, value) in members {
            // Some stand among the additional ones, by Graph's own names.
            if dice.roll(4) == 0 && name != "Id" && name != "CreatedDateTime" {
                let mut chars = name.chars();
                let first = chars.next().unwrap().to_lowercase();
                let name = match name.as_str() {
                    "IPAddress" => "ipAddress".to_owned(),
                    "RiskEventTypesV2" => "riskEventTypes_v2".to_owned(),
                    _ => first.chain(chars).collect(),
                };
                more.insert(name, value);
            } else {
                own.insert(name, value);
            }
        }
        own.insert("AdditionalProperties".into(), Value::Object(more));
        Value::Object(own)
    });
}

/// Looks at each member that the tables know, at any depth, and names it anew.
fn each(value: &mut Value, table: &Table, change: &mut dyn FnMut(&str, &mut Value) -> String) {
    let Value::Object(members) = value else { return };
    for (name, mut value) in std::mem::take(members) {
        let known = table.find(&name, 0).map(|place| table.members[place].shape);
        match (known, &mut value) {
            (Some(Shape::Object(inner)), value) => each(value, inner, change),
            (Some(Shape::List(Shape::Object(inner))), Value::Array(list)) => {
                list.iter_mut().for_each(|value| each(value, inner, change));
            }
            _ => {}
        }
        let name = if known.is_some() { change(&name, &mut value) } else { name };
        members.insert(name, value);
    }
}

fn capital(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

/// The number of these conditions, or their text where one is not known.
fn bits(text: &str) -> Value {
    let published = include_str!("../../../../../fixtures/msgraph/enums.tsv");
    let members = published.lines().filter_map(|line| line.split_once('\t'));
    let members = members.filter(|(name, _)| *name == "conditionalAccessConditions");
    let members: Vec<_> = members.map(|(_, member)| member).collect();
    let bit = |name: &str| {
        let place = members.iter().position(|member| *member == name)?;
        Some(if place == 0 { 0 } else { 1_u64 << (place - 1) })
    };
    let bits: Option<u64> = text.split(',').map(bit).sum();
    bits.map_or_else(|| text.into(), Value::from)
}
