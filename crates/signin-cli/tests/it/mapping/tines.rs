//! The lists of Tines.

use serde_json::json;
use tines_admin::{AuditLog, SigninActivity};

use super::lists::{AT, List, context, ips, names, sign_in, table, texts};

pub(super) fn lists() -> Vec<List> {
    vec![
        List {
            title: "tines signin_activities",
            table: table::<SigninActivity>(),
            records: vec![json!({"id": 1, "user_id": 2, "created_at": AT})],
            choices: vec![ips("/ip")],
            contexts: vec![context()],
            without_target: &[],
            convert: sign_in::<SigninActivity>,
        },
        List {
            title: "tines audit_logs",
            table: table::<AuditLog>(),
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
            without_target: &[(
                "/operation_name",
                "only `Login` is a sign-in: every event says so",
            )],
            convert: sign_in::<AuditLog>,
        },
    ]
}
