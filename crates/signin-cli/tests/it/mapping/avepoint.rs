//! The lists of AvePoint Elements.

use avepoint_graph::SignIn;
use serde_json::json;

use super::lists::{AT, List, context, countries, ips, names, sign_in, table};

pub(super) fn lists() -> Vec<List> {
    vec![List {
        title: "avepoint sign_ins",
        table: table::<SignIn>(),
        records: vec![json!({
            "id": "1", "loginTime": AT, "userId": "2", "ip": "192.0.2.7", "city": "Ulm",
            "lat": 48.4, "lon": 10.0,
        })],
        choices: vec![ips("/ip"), names("/userPrincipalName"), countries("/country")],
        contexts: vec![context()],
        without_target: &[],
        convert: sign_in::<SignIn>,
    }]
}
