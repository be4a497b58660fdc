//! The lists of NewVendor.

use ::newvendor::SignIn;
use serde_json::json;

use super::lists::{AT, List, context, countries, ips, names, sign_in, table};

pub(super) fn lists() -> Vec<List> {
    vec![List {
        title: "newvendor sign_ins",
        table: table::<SignIn>(),
        records: vec![json!({"id": "1", "time": AT, "userId": "2", "ip": "192.0.2.7"})],
        choices: vec![ips("/ip"), names("/userName"), countries("/country")],
        contexts: vec![context()],
        without_target: &[],
        convert: sign_in::<SignIn>,
    }]
}
