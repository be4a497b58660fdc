//! The lists of PingOne.

use std::fmt::Write as _;

use ::pingone::event::{ACTION_TYPES, Decision};
use ::pingone::{Activity, UserActivity};
use serde_json::{Value, json};

use super::lists::{AT, List, context, counts, names, sign_in, table, texts, without_tenant};
use super::set;

pub(super) fn lists() -> Vec<List> {
    vec![
        activities(),
        List {
            title: "pingone user_activities",
            table: table::<UserActivity>(),
            records: vec![json!({
                "startDate": AT, "endDate": "2026-01-03T03:04:05Z",
                "userSignOns": {"successes": 3, "failures": 4},
            })],
            choices: vec![
                texts("/endDate", &["2026-01-03T03:04:05Z", "2026-01-04T04:04:05+01:00"]),
                texts("/environment/id", &["tenant", "a", "b"]),
            ],
            contexts: vec![context(), without_tenant()],
            without_target: &[],
            convert: counts::<UserActivity>,
        },
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
        table: table::<Activity>(),
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
        without_target: &[("/actors/client/type", "`CLIENT` says what the member's name says")],
        convert: sign_in::<Activity>,
    }
}

/// What PingOne's crate decides for each kind of event.
pub(super) fn action_types() -> String {
    let mut rows = String::from("| `action.type` | is | why |\n|---|---|---|\n");
    for row in &ACTION_TYPES {
        let is = match row.decision {
            Decision::SignIn => "a sign-in",
            Decision::Step => "a step",
            Decision::SignOut => "a sign-out",
            _ => "",
        };
        let _ = writeln!(rows, "| `{}` | {is} | {} |", row.name, row.reason);
    }
    rows
}
