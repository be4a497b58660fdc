//! Whatever comes in: no panic, no hang, and what comes out is JSON.

use std::time::{Duration, Instant};

use msgraph_signins::export::{Columns, Csv, Found, kind_of_file, read};
use msgraph_signins::{SignIn, SignInEventType};
use proptest::prelude::*;
use serde_json::Value;
use signin_core::vendor::Model;

use super::sign_in;

/// Names that mean something in some wrapping.
fn name() -> impl Strategy<Value = String> {
    let known: Vec<_> = SignIn::table().members.iter().map(|member| member.name).collect();
    let capital = |name: &str| {
        let mut chars = name.chars();
        chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
    };
    let wrappers = [
        "category",
        "properties",
        "time",
        "tenantId",
        "resourceId",
        "resultType",
        "Type",
        "TimeGenerated",
        "TimeGenerated [UTC]",
        "CreatedDateTime [x]",
        "ResultType",
        "Status",
        "LocationDetails",
        "AdditionalProperties",
        "Request ID",
        "Date (UTC)",
        "Username",
        "Location",
        "Sign-in error code",
        "Incoming token type",
        "value",
        "Operation",
        "",
    ];
    prop_oneof![
        prop::sample::select(known.clone()).prop_map(str::to_owned),
        prop::sample::select(known).prop_map(capital),
        prop::sample::select(wrappers.to_vec()).prop_map(str::to_owned),
        any::<String>(),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "",
            "SignInLogs",
            "SigninLogs",
            "AuditLogs",
            "[",
            "{}",
            "[\"a\"]",
            "{\"id\":1}",
            "[{\"a\":\"[]\"}]",
            "1/2/2026 3:04:05 PM",
            "9/19/2023, 1:45:17.287 PM",
            "TRUE",
            "7",
            "/tenants/x/providers",
            "Success",
            "a, b, c",
            "Microsoft.Graph.X",
            "@{a=b}",
            "\u{feff}",
        ])
        .prop_map(str::to_owned),
        "[0-9]{1,4}[/.-][0-9]{1,3}[/.-][0-9]{1,5} [0-9]{1,2}:[0-9]{1,3}(:[0-9.]{1,9})?( [AaPp]M)?( [+-][0-9:]{1,6})?",
    ]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 12, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..12)
                .prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}

fn check(text: &str) {
    if let Ok(Found::SignIn(export)) = read(text) {
        let record: Value = serde_json::from_str(&export.record).unwrap();
        assert!(record.is_object());
        let export = export.of_kind(SignInEventType::ManagedIdentity);
        assert!(serde_json::from_str::<Value>(&export.record).is_ok());
    }
}

proptest! {
    #[test]
    fn p7_any_json_is_read_or_refused(value in json()) {
        check(&value.to_string());
    }

    #[test]
    fn p7_any_object_is_read_or_refused(members in prop::collection::vec((name(), json()), 0..20)) {
        let members: Vec<_> =
            members.iter().map(|(name, value)| format!("{}:{value}", Value::from(&**name))).collect();
        check(&format!("{{{}}}", members.join(",")));
    }

    #[test]
    fn p7_any_text_is_refused_in_peace(text in any::<String>()) {
        check(&text);
        let _ = (Columns::new(&text), kind_of_file(&text));
    }

    #[test]
    fn p7_any_table_is_read_as_its_rows_are_out_of_an_envelope(
        header in prop::collection::vec(name(), 0..12),
        row in prop::collection::vec(text(), 0..12),
    ) {
        let header = [header, vec!["Request ID".into(), "Date (UTC)".into(), "Status".into()]].concat();
        if let Ok(csv) = Csv::new(&header) {
            let row: Vec<_> = row.into_iter().chain(vec![String::new(); 16]).take(header.len()).collect();
            let raw = csv.raw(&row).unwrap();
            prop_assert_eq!(csv.record(&row), read(&raw));
        }
    }
}

#[test]
fn p7_a_hostile_record_costs_neither_stack_nor_time() {
    let start = Instant::now();
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let objects = format!("{}1{}", "{\"status\":".repeat(100_000), "}".repeat(100_000));
    let quoted = (0..12).fold("[]".to_owned(), |text, _| Value::from(text).to_string());
    let lost = format!("[{}]", vec!["\"x\""; 100_000].join(","));
    for value in [&deep, &objects, &quoted, &lost] {
        for name in ["status", "location", "appliedConditionalAccessPolicies", "new"] {
            let wrapped = format!(
                r#"{{"category":"SignInLogs","properties":{{"id":"a","{name}":{value}}}}}"#
            );
            let export = sign_in(&wrapped);
            assert!(export.lost.len() <= 1, "{name}");
            sign_in(&format!(r#"{{"Id":"a","CreatedDateTime":"b","{name}":{value}}}"#));
            sign_in(&format!(r#"{{"Id":"a","Type":"SigninLogs","{name}":{value}}}"#));
        }
    }
    let many: String =
        (0..20_000).map(|n| format!(r#","{n}":{n},"Id":{n},"Status{n}":"x""#)).collect();
    for start in [
        r#"{"id":"a","createdDateTime":"b","appId":"c""#,
        r#"{"Id":"a","CreatedDateTime":"b","AdditionalProperties":{"x":1}"#,
        r#"{"Type":"SigninLogs""#,
        r#"{"category":"SignInLogs","properties":{"id":"a"}"#,
        r#"{"Request ID":"a","Date":"","Status":"""#,
    ] {
        sign_in(&format!("{start}{many}}}"));
    }
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

#[test]
fn p2_numbers_and_repeated_and_broken_names_keep_their_own_text() {
    let odd = r#""n":1.0e400,"n":-0,"\ud800\"":"\udfff\u0000","\u0061":1E5"#;
    for json in [
        format!(r#"{{"category":"SignInLogs","properties":{{"id":"a",{odd}}},{odd}}}"#),
        format!(r#"{{"Type":"SigninLogs","Id":"a",{odd}}}"#),
        format!(r#"{{"Id":"a","CreatedDateTime":"b",{odd},"Status":{{"ErrorCode":0,{odd}}}}}"#),
        format!(r#"{{"id":"a","createdDateTime":"b","appId":"c",{odd}}}"#),
    ] {
        let export = sign_in(&json);
        assert_eq!(
            export.record.matches(odd).count(),
            json.matches(odd).count(),
            "{json}\n{}",
            export.record
        );
    }
}
