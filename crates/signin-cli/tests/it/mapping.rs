//! `docs/mapping.md`: where each member of each vendor's record goes, found by changing it.
//!
//! A member's value is changed in a record that is otherwise the same; what changes in the event,
//! in its OCSF and in its ECS form is where the member went. `UPDATE_DOCS=1 cargo test -p
//! signin-cli mapping` writes the tables anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use avepoint_graph as avepoint;
use msgraph_signins as msgraph;
use serde_json::{Value, json};
use signin_core::event::{Context, SignIn, ToEvent};
use signin_core::{FromJson, Record, Shape, Table};
use tines_admin as tines;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/mapping.md");

/// What every change of a record changes, and lists of what stands elsewhere in the event too: the
/// page says so once.
const EVERYWHERE: [&str; 9] = [
    "id",
    "revision",
    "metadata.uid",
    "raw_data_hash.value",
    "observables[]",
    "event.id",
    "event.hash",
    "related.ip[]",
    "related.user[]",
];

/// A record's event in its three forms, and what is left over of the record.
struct Converted {
    forms: [Value; 3],
    left: Option<Value>,
}

/// A list of a vendor, and records of it that between them use every member.
struct List {
    /// The vendor and the list, as in the page.
    title: &'static str,
    table: &'static Table,
    records: Vec<Value>,
    /// Two values of each member whose values are not free.
    choices: Vec<(&'static str, Value, Value)>,
    convert: fn(&str) -> Option<Converted>,
}

fn context() -> Context {
    let mut context = Context::default();
    context.tenant = Some("tenant".to_owned());
    context.customer = Some("customer".to_owned());
    context.user = Some("user".to_owned());
    context.client_id = Some("client".to_owned());
    context.identity = Some("identity".to_owned());
    context
}

fn sign_in<T: ToEvent<Event = SignIn>>(json: &str) -> Option<Converted> {
    let event = Record::<T>::from_json(json).ok()?.to_event(&context()).ok()?;
    let forms = [
        serde_json::to_value(&event).unwrap(),
        serde_json::to_value(event.to_ocsf().unwrap()).unwrap(),
        serde_json::to_value(event.to_ecs().unwrap()).unwrap(),
    ];
    Some(Converted { forms, left: event.unmapped.map(|json| json.parse().unwrap()) })
}

fn table<T: FromJson>() -> &'static Table {
    match T::shape() {
        Shape::Object(table) => table,
        _ => panic!("a record is an object"),
    }
}

/// The members of a table, those of inner objects in their place.
fn members(table: &Table, path: &str, found: &mut Vec<(String, Shape)>) {
    for member in table.members {
        let path = format!("{path}/{}", member.name);
        match member.shape {
            Shape::Object(inner) => members(inner, &path, found),
            shape => found.push((path, shape)),
        }
    }
}

/// Two values that a member may have.
fn values(list: &List, path: &str, shape: Shape) -> [Value; 2] {
    if let Some((_, one, other)) = list.choices.iter().find(|(of, ..)| *of == path) {
        return [one.clone(), other.clone()];
    }
    let both = |value: fn(&str) -> Value| ["a", "b"].map(value);
    match shape {
        Shape::Bool => [json!(true), json!(false)],
        Shape::Integer => [json!(1), json!(2)],
        Shape::Number => [json!(1.5), json!(2.5)],
        Shape::Time | Shape::Ticks => {
            [json!("2026-01-02T03:04:05Z"), json!("2026-01-02T03:04:06Z")]
        }
        Shape::List(inner) => values(list, path, *inner).map(|value| json!([value])),
        Shape::Object(_) => [json!({"x": "a"}), json!({"x": "b"})],
        _ => both(|text| json!(text)),
    }
}

fn set(record: &mut Value, path: &str, value: Value) {
    let mut at = record;
    for step in path.split('/').skip(1) {
        if !at.is_object() {
            *at = json!({});
        }
        at = at.as_object_mut().unwrap().entry(step.to_owned()).or_insert(Value::Null);
    }
    *at = value;
}

/// All leaves by their paths; the elements of a list share one.
fn leaves(value: &Value, path: &str, found: &mut BTreeMap<String, Vec<Value>>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let dot = if path.is_empty() { "" } else { "." };
                leaves(value, &format!("{path}{dot}{name}"), found);
            }
        }
        Value::Array(values) => {
            values.iter().for_each(|value| leaves(value, &format!("{path}[]"), found));
        }
        leaf => found.entry(path.to_owned()).or_default().push(leaf.clone()),
    }
}

/// Where two forms differ, but for what is left over.
fn differences(one: &Value, other: &Value, leftovers: &str) -> BTreeSet<String> {
    let [one, other] = [one, other].map(|form| {
        let mut found = BTreeMap::new();
        leaves(form, "", &mut found);
        found
    });
    let differ = |path: &&String| one.get(*path) != other.get(*path);
    let own = |path: &&String| {
        !EVERYWHERE.iter().any(|prefix| path.starts_with(prefix))
            && !path.starts_with(&format!("{leftovers}."))
    };
    one.keys().chain(other.keys()).filter(differ).filter(own).cloned().collect()
}

/// The namespace of what is left over in each form.
fn leftovers(vendor: &str) -> [&str; 3] {
    ["unmapped", "unmapped", if vendor == "msgraph" { "entra" } else { vendor }]
}

fn rows(list: &List) -> String {
    let mut found = Vec::new();
    members(list.table, "", &mut found);
    let mut rows =
        String::from("| member | event | OCSF | ECS | in `unmapped` |\n|---|---|---|---|---|\n");
    for (path, shape) in found {
        let [one, other] = values(list, &path, shape);
        let mut went: [BTreeSet<String>; 3] = Default::default();
        // Whether it is left over where it went somewhere, and where it went nowhere.
        let (mut left_when_moved, mut left_when_not) = (None, None);
        let vendor = list.title.split(' ').next().unwrap();
        for record in &list.records {
            let with = |value: &Value| {
                let mut record = record.clone();
                set(&mut record, &path, value.clone());
                (list.convert)(&record.to_string())
            };
            // With such a member this record may be none of a sign-in; another one is.
            let (Some(first), Some(second)) = (with(&one), with(&other)) else { continue };
            let mut moved = false;
            let forms = first.forms.iter().zip(&second.forms).zip(leftovers(vendor));
            for (((one, other), leftovers), went) in forms.zip(&mut went) {
                let differences = differences(one, other, leftovers);
                moved |= !differences.is_empty();
                went.extend(differences);
            }
            let is_left = first.left.is_some_and(|left| left.pointer(&path).is_some());
            let left = if moved { &mut left_when_moved } else { &mut left_when_not };
            *left = Some(left.unwrap_or(false) || is_left);
        }
        let left = left_when_moved.or(left_when_not);
        assert!(left.is_some(), "{}: {path} makes no event", list.title);
        let [event, ocsf, ecs] = went.map(|paths| {
            paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ")
        });
        let left = if left == Some(true) { "yes" } else { "" };
        let _ = writeln!(rows, "| `{path}` | {event} | {ocsf} | {ecs} | {left} |");
    }
    rows
}

fn counts(json: &str) -> Option<Converted> {
    let counts = Record::<pingone::UserActivity>::from_json(json).ok()?;
    let counts = counts.to_event(&context()).ok()?;
    let ecs = serde_json::to_value(counts.to_ecs().unwrap()).unwrap();
    let forms = [serde_json::to_value(&counts).unwrap(), Value::Null, ecs];
    Some(Converted { forms, left: counts.unmapped.map(|json| json.parse().unwrap()) })
}

fn lists() -> Vec<List> {
    let at = "2026-01-02T03:04:05Z";
    let ips = |member| (member, json!("192.0.2.1"), json!("192.0.2.2"));
    let names = |member| (member, json!("ada@example.com"), json!("ben@example.org"));
    let countries = |member| (member, json!("Germany"), json!("France"));
    vec![
        List {
            title: "tines signin_activities",
            table: table::<tines::SigninActivity>(),
            records: vec![json!({"id": 1, "user_id": 2, "created_at": at})],
            choices: vec![ips("/ip")],
            convert: sign_in::<tines::SigninActivity>,
        },
        List {
            title: "tines audit_logs",
            table: table::<tines::AuditLog>(),
            records: vec![
                json!({"id": 1, "user_id": 2, "created_at": at, "operation_name": "Login"}),
            ],
            choices: vec![
                ips("/request_ip"),
                names("/user_email"),
                // No other operation is a sign-in.
                ("/operation_name", json!("Login"), json!("Login")),
            ],
            convert: sign_in::<tines::AuditLog>,
        },
        List {
            title: "avepoint sign_ins",
            table: table::<avepoint::SignIn>(),
            records: vec![json!({
                "id": "1", "loginTime": at, "userId": "2", "ip": "192.0.2.7", "city": "Ulm",
                "lat": 48.4, "lon": 10.0,
            })],
            choices: vec![
                ips("/ip"),
                names("/userPrincipalName"),
                countries("/country"),
                ("/isRisk", json!(true), json!(false)),
            ],
            convert: sign_in::<avepoint::SignIn>,
        },
        List {
            title: "ssojet login_logs",
            table: table::<ssojet::LoginLog>(),
            records: vec![json!({"CreatedAt": at, "IpAddress": "192.0.2.7"})],
            choices: vec![
                ips("/IpAddress"),
                countries("/Country"),
                // No other event is a sign-in.
                ("/event", json!("login"), json!("login")),
            ],
            convert: sign_in::<ssojet::LoginLog>,
        },
        List {
            title: "pingone activities",
            table: table::<pingone::Activity>(),
            records: vec![json!({
                "id": "1", "recordedAt": at, "actors": {"user": {"id": "2"}},
                "action": {"type": "USER.ACCESS_ALLOWED"}, "result": {"status": "SUCCESS"},
            })],
            choices: vec![
                names("/actors/user/name"),
                ("/action/type", json!("USER.ACCESS_ALLOWED"), json!("PASSWORD.CHECK_SUCCEEDED")),
                ("/result/status", json!("SUCCESS"), json!("FAILURE")),
            ],
            convert: sign_in::<pingone::Activity>,
        },
        List {
            title: "pingone user_activities",
            table: table::<pingone::UserActivity>(),
            records: vec![json!({
                "startDate": at, "endDate": "2026-01-03T03:04:05Z",
                "userSignOns": {"successes": 3, "failures": 4},
            })],
            choices: vec![(
                "/endDate",
                json!("2026-01-03T03:04:05Z"),
                json!("2026-01-04T03:04:05Z"),
            )],
            convert: counts,
        },
        List {
            title: "msgraph sign_ins",
            table: table::<msgraph::SignIn>(),
            records: vec![
                json!({
                    "id": "1", "createdDateTime": at, "userId": "2", "status": {"errorCode": 50126},
                    "ipAddress": "192.0.2.7", "deviceDetail": {"deviceId": "3"}, "location": {"city": "Ulm",
                    "geoCoordinates": {"latitude": 48.4, "longitude": 10.0}},
                    "riskLevelDuringSignIn": "none", "riskLevelAggregated": "none",
                }),
                json!({
                    "id": "1", "createdDateTime": at, "servicePrincipalId": "2",
                    "ipAddress": "192.0.2.7", "location": {"city": "Ulm"}, "signInEventTypes": ["servicePrincipal"], "status": {"errorCode": 0},
                }),
            ],
            choices: vec![
                ips("/ipAddress"),
                names("/userPrincipalName"),
                ("/location/countryOrRegion", json!("DE"), json!("FR")),
                ("/status/errorCode", json!(0), json!(50126)),
                ("/riskLevelDuringSignIn", json!("low"), json!("high")),
                ("/riskLevelAggregated", json!("low"), json!("high")),
                ("/authenticationProtocol", json!("oAuth2"), json!("saml20")),
                (
                    "/authenticationRequirement",
                    json!("singleFactorAuthentication"),
                    json!("multiFactorAuthentication"),
                ),
                (
                    "/authenticationDetails",
                    json!([{"authenticationMethod": "Password", "succeeded": true}]),
                    json!([{"authenticationMethod": "Text message", "succeeded": true}]),
                ),
                (
                    "/appliedConditionalAccessPolicies",
                    json!([{"id": "p", "displayName": "P", "result": "success"}]),
                    json!([{"id": "q", "displayName": "Q", "result": "failure"}]),
                ),
                ("/signInEventTypes", json!(["interactiveUser"]), json!(["nonInteractiveUser"])),
                ("/agent/agentType", json!("agenticAppInstance"), json!("notAgentic")),
            ],
            convert: sign_in::<msgraph::SignIn>,
        },
    ]
}

/// What PingOne's crate decides for each kind of event.
fn action_types() -> String {
    let mut rows = String::from("| `action.type` | is | why |\n|---|---|---|\n");
    for row in &pingone::event::ACTION_TYPES {
        let is = match row.decision {
            pingone::event::Decision::SignIn => "a sign-in",
            pingone::event::Decision::Step => "a step",
            pingone::event::Decision::SignOut => "a sign-out",
            _ => "",
        };
        let _ = writeln!(rows, "| `{}` | {is} | {} |", row.name, row.reason);
    }
    rows
}

/// The codes of Graph that are no failures.
fn interrupts() -> String {
    let mut rows = String::from("| `errorCode` | means |\n|---|---|\n");
    for (code, means) in msgraph::event::INTERRUPTS {
        let _ = writeln!(rows, "| {code} | {means} |");
    }
    rows
}

/// The page with this text between its marks.
fn with(page: &str, title: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- begin {title} -->\n"), format!("<!-- end {title} -->"));
    let (before, rest) = page.split_once(&begin).unwrap_or_else(|| panic!("no {begin}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("no {end}"));
    format!("{before}{begin}{text}{end}{after}")
}

#[test]
fn the_page_says_where_every_member_goes() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let expected =
        lists().iter().fold(page.clone(), |page, list| with(&page, list.title, &rows(list)));
    let expected = with(&expected, "pingone action types", &action_types());
    let expected = with(&expected, "msgraph interrupts", &interrupts());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PAGE, &expected).unwrap();
    } else {
        assert!(page == expected, "run UPDATE_DOCS=1 cargo test -p signin-cli mapping");
    }
}
