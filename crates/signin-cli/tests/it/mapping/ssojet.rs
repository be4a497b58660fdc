//! The lists of SSOJet.

use ::ssojet::LoginLog;
use serde_json::json;

use super::lists::{AT, List, context, countries, ips, sign_in, table, texts};

pub(super) fn lists() -> Vec<List> {
    vec![List {
        title: "ssojet login_logs",
        table: table::<LoginLog>(),
        records: vec![json!({"CreatedAt": AT, "IpAddress": "192.0.2.7"})],
        choices: vec![
            ips("/IpAddress"),
            countries("/Country"),
            // No other event is a sign-in.
            texts("/event", &["login", "login"]),
        ],
        contexts: vec![context()],
        without_target: &[("/event", "only `login` is a sign-in: every event says so")],
        convert: sign_in::<LoginLog>,
    }]
}
