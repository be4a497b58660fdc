//! The lists of the vendors whose records become events: records, and what their members may have.

use avepoint_graph as avepoint;
use msgraph_signins as msgraph;
use serde_json::{Value, json};
use signin_core::event::{Context, SignIn, ToEvent};
use signin_core::vendor::{Shape, Table};
use signin_core::{FromJson, Record};
use tines_admin as tines;

use super::set;

/// A record's event in its three forms, and what is left over of the record.
pub(super) struct Converted {
    pub(super) forms: [Value; 3],
    pub(super) left: Option<Value>,
}

/// A list of a vendor.
pub(super) struct List {
    /// The vendor and the list, as in the page.
    pub(super) title: &'static str,
    pub(super) table: &'static Table,
    /// Records that between them let every member go wherever it may go.
    pub(super) records: Vec<Value>,
    /// What members may have whose values are not free. What a value means with others is found by
    /// the records.
    pub(super) choices: Vec<(&'static str, Vec<Value>)>,
    pub(super) contexts: Vec<Context>,
    pub(super) convert: fn(&str, &Context) -> Option<Converted>,
}

impl List {
    /// The members of the list's records, those of inner objects in their place.
    pub(super) fn members(&self) -> Vec<(String, Shape)> {
        let mut found = Vec::new();
        members(self.table, "", &mut found);
        found
    }

    /// Values that a member may have: several, or one twice.
    pub(super) fn values(&self, path: &str, shape: Shape) -> Vec<Value> {
        if let Some((_, values)) = self.choices.iter().find(|(of, _)| *of == path) {
            return values.clone();
        }
        match shape {
            Shape::Bool => vec![json!(true), json!(false)],
            Shape::Integer => vec![json!(1), json!(2)],
            Shape::Number => vec![json!(1.5), json!(2.5)],
            Shape::Time | Shape::Ticks => {
                vec![json!("2026-01-02T03:04:05Z"), json!("2026-01-02T04:04:06+01:00")]
            }
            Shape::List(inner) => {
                self.values(path, *inner).into_iter().map(|value| json!([value])).collect()
            }
            Shape::Object(_) => vec![json!({"x": "a"}), json!({"x": "b"})],
            _ => vec![json!("a"), json!("b")],
        }
    }
}

fn members(table: &Table, path: &str, found: &mut Vec<(String, Shape)>) {
    for member in table.members {
        let path = format!("{path}/{}", member.name);
        match member.shape {
            Shape::Object(inner) => members(inner, &path, found),
            shape => found.push((path, shape)),
        }
    }
}

fn table<T: FromJson>() -> &'static Table {
    match T::shape() {
        Shape::Object(table) => table,
        _ => panic!("a record is an object"),
    }
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

fn without_tenant() -> Context {
    let mut context = context();
    context.tenant = None;
    context
}

fn sign_in<T: ToEvent<Event = SignIn>>(json: &str, context: &Context) -> Option<Converted> {
    let event = Record::<T>::from_json(json).ok()?.to_event(context).ok()?;
    let forms = [
        serde_json::to_value(&event).unwrap(),
        serde_json::to_value(event.to_ocsf().unwrap()).unwrap(),
        serde_json::to_value(event.to_ecs().unwrap()).unwrap(),
    ];
    Some(Converted { forms, left: event.unmapped.map(|json| json.parse().unwrap()) })
}

fn counts(json: &str, context: &Context) -> Option<Converted> {
    let counts = Record::<pingone::UserActivity>::from_json(json).ok()?;
    let counts = counts.to_event(context).ok()?;
    let ecs = serde_json::to_value(counts.to_ecs().unwrap()).unwrap();
    let forms = [serde_json::to_value(&counts).unwrap(), Value::Null, ecs];
    Some(Converted { forms, left: counts.unmapped.map(|json| json.parse().unwrap()) })
}

type Choice = (&'static str, Vec<Value>);

fn texts(member: &'static str, texts: &[&str]) -> Choice {
    (member, texts.iter().map(|text| json!(text)).collect())
}

/// With a port, and in spellings that have no place in an event: with a zone, IPv4 as IPv6.
fn ips(member: &'static str) -> Choice {
    let texts_of = ["192.0.2.1", "192.0.2.2:443", "[2001:db8::1]:50123"];
    let others = ["fe80::1%eth0", "::ffff:192.0.2.3"];
    texts(member, &[&texts_of[..], &others].concat())
}

/// Addresses of two domains, a guest's name and one that is no address.
fn names(member: &'static str) -> Choice {
    const GUEST: &str = "ada_example.com#ext#@contoso.onmicrosoft.com";
    texts(member, &["ada@example.com", "ben@example.org", GUEST, "ada"])
}

/// Codes and names.
fn countries(member: &'static str) -> Choice {
    texts(member, &["DE", "FR", "Germany"])
}

const AT: &str = "2026-01-02T03:04:05Z";

pub(super) fn lists() -> Vec<List> {
    vec![
        List {
            title: "tines signin_activities",
            table: table::<tines::SigninActivity>(),
            records: vec![json!({"id": 1, "user_id": 2, "created_at": AT})],
            choices: vec![ips("/ip")],
            contexts: vec![context()],
            convert: sign_in::<tines::SigninActivity>,
        },
        List {
            title: "tines audit_logs",
            table: table::<tines::AuditLog>(),
            records: vec![
                json!({"id": 1, "user_id": 2, "created_at": AT, "operation_name": "Login"}),
            ],
            choices: vec![
                ips("/request_ip"),
                names("/user_email"),
                // No other operation is a sign-in.
                texts("/operation_name", &["Login", "Login"]),
            ],
            contexts: vec![context()],
            convert: sign_in::<tines::AuditLog>,
        },
        List {
            title: "avepoint sign_ins",
            table: table::<avepoint::SignIn>(),
            records: vec![json!({
                "id": "1", "loginTime": AT, "userId": "2", "ip": "192.0.2.7", "city": "Ulm",
                "lat": 48.4, "lon": 10.0,
            })],
            choices: vec![ips("/ip"), names("/userPrincipalName"), countries("/country")],
            contexts: vec![context()],
            convert: sign_in::<avepoint::SignIn>,
        },
        List {
            title: "ssojet login_logs",
            table: table::<ssojet::LoginLog>(),
            records: vec![json!({"CreatedAt": AT, "IpAddress": "192.0.2.7"})],
            choices: vec![
                ips("/IpAddress"),
                countries("/Country"),
                // No other event is a sign-in.
                texts("/event", &["login", "login"]),
            ],
            contexts: vec![context()],
            convert: sign_in::<ssojet::LoginLog>,
        },
        activities(),
        List {
            title: "pingone user_activities",
            table: table::<pingone::UserActivity>(),
            records: vec![json!({
                "startDate": AT, "endDate": "2026-01-03T03:04:05Z",
                "userSignOns": {"successes": 3, "failures": 4},
            })],
            choices: vec![
                texts("/endDate", &["2026-01-03T03:04:05Z", "2026-01-04T04:04:05+01:00"]),
                texts("/environment/id", &["tenant", "a", "b"]),
            ],
            contexts: vec![context(), without_tenant()],
            convert: counts,
        },
        sign_ins(),
    ]
}

/// PingOne's: by a user, by a client alone, by nobody, and by an administrator.
fn activities() -> List {
    let who = |id: &str, name: &str| json!([{"type": "USER", "id": id, "name": name}]);
    let record = |actors: Value, resources: Value| {
        json!({
            "id": "1", "recordedAt": AT, "actors": actors, "resources": resources,
            "action": {"type": "USER.ACCESS_ALLOWED"}, "result": {"status": "SUCCESS"},
        })
    };
    let acted = || json!({"user": {"id": "2"}, "client": {"id": "c"}});
    let mut by_administrator = record(acted(), who("3", "cy"));
    set(&mut by_administrator, "/tags", json!(["adminIdentityEvent"]));
    List {
        title: "pingone activities",
        table: table::<pingone::Activity>(),
        records: vec![
            record(acted(), json!([])),
            record(json!({"client": {"id": "c"}}), json!([])),
            record(json!({"user": {"name": "ada"}, "client": {"name": "Portal"}}), json!([])),
            record(json!(null), who("3", "cy")),
            record(acted(), who("3", "cy")),
            by_administrator,
        ],
        choices: vec![
            names("/actors/user/name"),
            texts("/actors/user/type", &["USER", "a"]),
            texts("/actors/client/type", &["CLIENT", "a"]),
            texts(
                "/action/type",
                &[
                    "USER.ACCESS_ALLOWED",
                    "USER.ACCESS_DENIED",
                    "PASSWORD.CHECK_SUCCEEDED",
                    "PASSWORD.CHECK_FAILED",
                    "OTP.CHECK_SUCCESS",
                    "ASSERTION.CHECK_SUCCESS",
                    "USER.KERBEROS_SUCCEEDED",
                    "RADIUS_SESSION.CREATED",
                    "USER.SLO_SUCCESS",
                ],
            ),
            texts("/result/status", &["SUCCESS", "FAILURE", "FAILED", "a"]),
            (
                "/source",
                vec![
                    json!({"ipAddress": "192.0.2.1", "userAgent": "a"}),
                    json!({"ipAddress": "192.0.2.2:443", "userAgent": "b"}),
                ],
            ),
            ("/resources", vec![who("4", "ada@example.com"), who("5", "ben@example.org")]),
            ("/tags", vec![json!(["a"]), json!(["b"]), json!(["adminIdentityEvent"])]),
        ],
        contexts: vec![context()],
        convert: sign_in::<pingone::Activity>,
    }
}

/// Graph's: of v1.0, of each kind of beta, of a guest, by an agent, with a second factor.
fn sign_ins() -> List {
    let step = |method: &str, purpose: &str| {
        json!([{"authenticationMethod": method, "succeeded": true,
            "authenticationStepRequirement": purpose}])
    };
    let policy = |id: &str, name: &str, result: &str| json!([{"id": id, "displayName": name, "result": result}]);
    List {
        title: "msgraph sign_ins",
        table: table::<msgraph::SignIn>(),
        records: rows_of_graph(),
        choices: vec![
            ips("/ipAddress"),
            names("/userPrincipalName"),
            countries("/location/countryOrRegion"),
            ("/status/errorCode", vec![json!(0), json!(50126), json!(50074)]),
            texts("/status/failureReason", &["a", "b", "Other."]),
            texts("/status/additionalDetails", &["a", "b", "MFA completed in Azure AD"]),
            texts("/riskLevelDuringSignIn", &["none", "low", "medium", "high", "hidden"]),
            texts("/riskLevelAggregated", &["none", "low", "medium", "high", "hidden"]),
            texts(
                "/authenticationProtocol",
                &["none", "oAuth2", "deviceCode", "saml20", "kerberos", "wsFederation"],
            ),
            texts(
                "/authenticationRequirement",
                &["singleFactorAuthentication", "multiFactorAuthentication", "a"],
            ),
            (
                "/authenticationDetails",
                vec![
                    step("Password", "Primary authentication"),
                    step("Text message", "Multifactor authentication"),
                    step("Previously satisfied", "a"),
                    step("Windows Hello for Business", "a"),
                ],
            ),
            (
                "/appliedConditionalAccessPolicies",
                vec![
                    policy("p", "P", "success"),
                    policy("q", "Q", "notApplied"),
                    policy("r", "R", "a"),
                ],
            ),
            texts("/deviceDetail/operatingSystem", &["Windows 11", "Linux", "a"]),
            (
                "/signInEventTypes",
                vec![
                    json!(["interactiveUser"]),
                    json!(["nonInteractiveUser"]),
                    json!(["servicePrincipal"]),
                    json!(["managedIdentity"]),
                    json!(["nonInteractiveUser", "a"]),
                ],
            ),
            ("/riskEventTypes_v2", vec![json!(["a"]), json!(["b"]), json!(["a", "b"])]),
            ("/riskEventTypes", vec![json!(["a"]), json!(["b"]), json!(["a", "b"])]),
            texts("/userType", &["member", "guest"]),
            texts("/managedServiceIdentity/msiType", &["none", "systemAssigned", "userAssigned"]),
            texts("/agent/agentType", &["notAgentic", "agenticAppInstance", "unknownFutureValue"]),
            texts("/agent/agentSubjectType", &["notAgentic", "agentIDuser"]),
            names("/signInIdentifier"),
        ],
        contexts: vec![context()],
        convert: sign_in::<msgraph::SignIn>,
    }
}

fn rows_of_graph() -> Vec<Value> {
    let row = |more: Value| {
        let mut row = json!({
            "id": "1", "createdDateTime": AT, "ipAddress": "192.0.2.7",
            "deviceDetail": {"deviceId": "3"},
            "location": {"city": "Ulm", "geoCoordinates": {"latitude": 48.4, "longitude": 10.0}},
        });
        let more = more.as_object().unwrap().clone();
        row.as_object_mut().unwrap().extend(more);
        row
    };
    let both = json!({
        "userId": "2", "userPrincipalName": "ada@example.com", "userDisplayName": "Ada",
        "servicePrincipalId": "4", "servicePrincipalName": "Backup",
    });
    let of_both = |kind: &str| {
        let mut row = row(both.clone());
        set(&mut row, "/signInEventTypes", json!([kind]));
        row
    };
    vec![
        row(json!({
            "userId": "2", "status": {"errorCode": 50126},
            "riskLevelDuringSignIn": "none", "riskLevelAggregated": "none",
        })),
        row(json!({"userId": "2", "status": {"failureReason": "c", "additionalDetails": "d"}})),
        row(json!({
            "userId": "2", "userPrincipalName": "sam@partner.example", "userType": "guest",
            "status": {"errorCode": 0, "additionalDetails": "MFA completed in Azure AD"},
            "riskLevelAggregated": "low", "riskEventTypes": ["a"], "riskEventTypes_v2": ["b"],
        })),
        row(json!({
            "userId": "2", "userType": "member", "userPrincipalName": "ada@example.com",
            "status": {"errorCode": 0}, "riskLevelDuringSignIn": "low", "riskEventTypes": ["a"],
            "authenticationRequirement": "singleFactorAuthentication",
        })),
        // v1.0, which does not say what kind a row is of.
        row(json!({"servicePrincipalId": "4", "riskEventTypes_v2": ["b", "c"]})),
        row(both.clone()),
        // Of a name that nobody has, and of a service principal that is not named.
        row(json!({"signInIdentifier": "typed", "signInEventTypes": ["interactiveUser"]})),
        row(json!({"appId": "5", "signInEventTypes": ["servicePrincipal"]})),
        of_both("servicePrincipal"),
        of_both("managedIdentity"),
        of_both("nonInteractiveUser"),
    ]
}
