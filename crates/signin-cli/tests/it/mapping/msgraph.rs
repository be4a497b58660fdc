//! The lists of Microsoft Graph.

use std::fmt::Write as _;

use msgraph_signins::SignIn;
use msgraph_signins::event::INTERRUPTS;
use serde_json::{Value, json};

use super::lists::{AT, List, context, countries, ips, names, sign_in, table, texts};
use super::set;

pub(super) fn lists() -> Vec<List> {
    vec![sign_ins()]
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
        table: table::<SignIn>(),
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
        without_target: &[],
        convert: sign_in::<SignIn>,
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

/// The codes of Graph that are no failures.
pub(super) fn interrupts() -> String {
    let mut rows = String::from("| `errorCode` | means |\n|---|---|\n");
    for (code, means) in INTERRUPTS {
        let _ = writeln!(rows, "| {code} | {means} |");
    }
    rows
}
