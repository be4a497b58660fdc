//! Records of diagnostic settings.

use msgraph_signins::SignInEventType;
use msgraph_signins::export::{Shape, kind_of_file, kind_of_log};

use super::{TENANT, category, record, sign_in};

/// A record of this category around these properties, with these further members.
fn wrapped(category: &str, properties: &str, more: &str) -> String {
    format!(r#"{{"category":"{category}","properties":{properties}{more}}}"#)
}

#[test]
fn the_sign_in_is_what_properties_hold_and_the_wrapper_stands_beside_it() {
    let json = r#"{"time":"2026-01-02T03:15:00.1234567Z",
        "resourceId":"/tenants/0000007e-0000-4000-8000-000000000001/providers/Microsoft.aadiam",
        "operationName":"Sign-in activity","category":"SignInLogs",
        "tenantId":"0000007e-0000-4000-8000-000000000001","resultType":"50126",
        "resultSignature":"FAILURE","resultDescription":"Invalid password.","durationMs":0,
        "callerIpAddress":"198.51.100.7:443","correlationId":"c-outer","identity":"Ada Example",
        "Level":4,"location":"DE","properties":{"id":"a","createdDateTime":"2026-01-02T03:04:05+00:00",
        "ipAddress":"192.0.2.1","resourceId":"r","correlationId":"c","riskNumber":1.50,
        "location":{"city":"Ulm"},"status":{"errorCode":50126}}}"#;
    let export = sign_in(json);
    let beside = r#"{"time":"2026-01-02T03:15:00.1234567Z","resourceId":"/tenants/0000007e-0000-4000-8000-000000000001/providers/Microsoft.aadiam","operationName":"Sign-in activity","category":"SignInLogs","tenantId":"0000007e-0000-4000-8000-000000000001","resultType":"50126","resultSignature":"FAILURE","resultDescription":"Invalid password.","durationMs":0,"callerIpAddress":"198.51.100.7:443","correlationId":"c-outer","identity":"Ada Example","Level":4,"location":"DE"}"#;
    let expected = format!(
        r#"{{"id":"a","createdDateTime":"2026-01-02T03:04:05+00:00","ipAddress":"192.0.2.1","resourceId":"r","correlationId":"c","riskNumber":1.50,"location":{{"city":"Ulm"}},"status":{{"errorCode":50126}},"signInEventTypes":["interactiveUser"],"diagnosticRecord":{beside}}}"#
    );
    assert_eq!(export.record, expected);
    assert_eq!(export.shape, Shape::DiagnosticRecord);
    assert_eq!(export.tenant.as_deref(), Some(TENANT));
    assert_eq!(export.kind, Some(SignInEventType::InteractiveUser));
    assert!(!export.is_lossy() && export.time_from.is_none());
}

#[test]
fn the_category_tells_the_kind_unless_the_sign_in_does() {
    for (category, kind) in [
        ("SignInLogs", "interactiveUser"),
        ("signinlogs", "interactiveUser"),
        ("ADFSSignInLogs", "interactiveUser"),
        ("NonInteractiveUserSignInLogs", "nonInteractiveUser"),
        ("ServicePrincipalSignInLogs", "servicePrincipal"),
        ("MicrosoftServicePrincipalSignInLogs", "servicePrincipal"),
        ("ManagedIdentitySignInLogs", "managedIdentity"),
    ] {
        for none in ["{}", r#"{"signInEventTypes":null}"#, r#"{"signInEventTypes":[]}"#] {
            let json = wrapped(category, none, "");
            let export = sign_in(&json);
            assert_eq!(record(&export.record).sign_in_event_types, [kind], "{json}");
            assert_eq!(export.kind.map(SignInEventType::as_str), Some(kind));
            assert_eq!(export.record.matches("signInEventTypes").count(), 1, "{}", export.record);
        }
        let json = wrapped(category, r#"{"signInEventTypes":["someNewKind"]}"#, "");
        assert_eq!(record(&sign_in(&json).record).sign_in_event_types, ["someNewKind"]);
    }
}

#[test]
fn other_logs_are_left_out_by_name() {
    let more = r#","time":"2026-01-02T03:04:05Z""#;
    for name in ["AuditLogs", "UserRiskEvents", "B2CRequestLogs", "ProvisioningLogs"] {
        assert_eq!(category(&wrapped(name, r#"{"id":"a"}"#, more)), name);
    }
    let long = "x\\u001b".repeat(1000);
    let shown = category(&wrapped(&long, "{}", more));
    assert!(shown.chars().count() <= 41 && !shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn the_tenant_is_the_logs_and_never_that_of_a_user_or_a_resource() {
    let inner = r#"{"tenantId":"inner","homeTenantId":"home","resourceTenantId":"resource"}"#;
    let path = r#","resourceId":"/TENANTS/of-the-path/providers/microsoft.aadiam""#;
    let tenant =
        |properties: &str, more: &str| sign_in(&wrapped("SignInLogs", properties, more)).tenant;
    let outer = format!(r#","tenantId":"outer"{path}"#);
    assert_eq!(tenant(inner, &outer).as_deref(), Some("outer"));
    assert_eq!(tenant(inner, path).as_deref(), Some("inner"));
    assert_eq!(tenant("{}", path).as_deref(), Some("of-the-path"));
    let inner = r#"{"homeTenantId":"home","resourceTenantId":"resource"}"#;
    assert_eq!(tenant(inner, r#","tenantId":"","resourceId":"/subscriptions/s""#), None);
    assert_eq!(tenant(inner, r#","resourceId":"/tenants/""#), None);
}

/// The order of the bits is that of the published enum.
#[test]
fn conditions_that_are_numbers_are_read_by_their_bits() {
    let satisfied = |number: &str| {
        let policy = format!(r#"[{{"conditionsSatisfied":{number},"conditionsNotSatisfied":0}}]"#);
        let inner = format!(r#"{{"appliedConditionalAccessPolicies":{policy}}}"#);
        let json = wrapped("SignInLogs", &inner, "");
        let export = sign_in(&json).into_owned();
        let rest = export
            .record
            .strip_prefix(r#"{"appliedConditionalAccessPolicies":[{"conditionsSatisfied":"#);
        let (value, rest) = rest.unwrap().split_once(r#","conditionsNot"#).unwrap();
        assert!(rest.starts_with(r#"Satisfied":"none"}]"#), "{rest}");
        value.to_owned()
    };
    let published = include_str!("../../../../../fixtures/msgraph/enums.tsv");
    let members = published.lines().filter_map(|line| line.split_once('\t'));
    let members = members.filter(|(name, _)| *name == "conditionalAccessConditions");
    let members: Vec<_> = members.map(|(_, member)| member).collect();
    assert_eq!(satisfied("0"), format!("\"{}\"", members[0]));
    for (bit, member) in members.iter().skip(1).enumerate() {
        assert_eq!(satisfied(&(1_u64 << bit).to_string()), format!("\"{member}\""));
    }
    assert_eq!(satisfied("3"), "\"application,users\"");
    assert_eq!(satisfied("\"application\""), "\"application\"");
    // A bit that nobody knows, and what is no number of bits.
    for number in ["131072", "131075", "99999999999999999999", "-1", "1.0", "1e2"] {
        assert_eq!(satisfied(number), number);
    }
}

#[test]
fn what_only_these_records_write_in_another_way_is_graphs_again() {
    let inner = r#"{"createdDateTime":"11/4/2025 1:48:53 AM +01:00","deviceDetail":{},
        "networkLocationDetails":{},"autonomousSystemNumber":"64496",
        "conditionalAccessAudiences":["x",{"applicationId":"y","audienceReasons":"none"}],
        "authenticationProcessingDetails":[{"key":"a","value":"[1]"},{"key":"b","value":[1.50]}]}"#;
    let export_of = wrapped("SignInLogs", inner, "");
    let export = sign_in(&export_of);
    assert_eq!(
        export.record,
        concat!(
            r#"{"createdDateTime":"2025-11-04T01:48:53+01:00","deviceDetail":{},"#,
            r#""autonomousSystemNumber":64496,"conditionalAccessAudiences":["x","y"],"#,
            r#""authenticationProcessingDetails":[{"key":"a","value":"[1]"},"#,
            r#"{"key":"b","value":"[1.50]"}],"signInEventTypes":["interactiveUser"],"#,
            r#""diagnosticRecord":{"/createdDateTime":"11/4/2025 1:48:53 AM +01:00","#,
            r#""/conditionalAccessAudiences":["x",{"applicationId":"y","audienceReasons":"none"}],"#,
            r#""category":"SignInLogs"}}"#
        )
    );
    record(&export.record);
}

#[test]
fn the_code_of_the_wrapper_stands_in_where_the_sign_in_has_none() {
    let status = |inner: &str, more: &str| {
        let json = wrapped("SignInLogs", inner, more);
        record(&sign_in(&json).record).status.clone()
    };
    let failed = r#","resultType":"50126","resultDescription":"Invalid password.""#;
    let found = status("{}", failed).unwrap();
    assert_eq!(found.error_code, Some(50126));
    assert_eq!(found.failure_reason.as_deref(), Some("Invalid password."));
    let found = status(r#"{"status":{"additionalDetails":"x"}}"#, r#","resultType":0"#).unwrap();
    assert_eq!((found.error_code, found.additional_details.as_deref()), (Some(0), Some("x")));
    let found = status(r#"{"status":{"errorCode":0}}"#, failed).unwrap();
    assert_eq!((found.error_code, found.failure_reason), (Some(0), None));
    assert_eq!(status("{}", r#","resultType":"Success""#), None);
}

#[test]
fn the_time_of_the_processing_is_never_that_of_the_sign_in() {
    let json = wrapped("SignInLogs", r#"{"id":"a"}"#, r#","time":"2026-01-02T03:04:05Z""#);
    let export = sign_in(&json);
    assert!(record(&export.record).created_date_time.is_none() && export.time_from.is_none());
}

#[test]
fn properties_may_be_json_in_a_text_and_members_may_come_twice() {
    let json = r#"{"category":"SignInLogs","properties":"first","x":1,"x":2,
        "properties":"{\"id\":\"a\",\"id\":\"b\",\"\\ud800\":\"\\udc00\"}"}"#;
    assert_eq!(
        sign_in(json).record,
        concat!(
            r#"{"id":"a","id":"b","\ud800":"\udc00","signInEventTypes":["interactiveUser"],"#,
            r#""diagnosticRecord":{"category":"SignInLogs","properties":"first","x":1,"x":2}}"#
        )
    );
}

#[test]
fn a_container_and_a_file_tell_the_kind() {
    for (path, kind) in [
        ("insights-logs-signinlogs/tenantId=7e/y=2026/m=01/PT1H.json", Some("interactiveUser")),
        ("a\\insights-logs-noninteractiveusersigninlogs\\PT1H.json", Some("nonInteractiveUser")),
        ("am-AADServicePrincipalSignInLogs/PT05M.json", Some("servicePrincipal")),
        ("InteractiveSignIns_2026-01-01_2026-01-02.csv", Some("interactiveUser")),
        ("x/NonInteractiveSignIns_2026.json", Some("nonInteractiveUser")),
        ("ApplicationSignIns_2026.csv", Some("servicePrincipal")),
        ("MSISignIns_2026.csv", Some("managedIdentity")),
        ("insights-logs-auditlogs/PT1H.json", None),
        ("signins.json", None),
        ("", None),
    ] {
        assert_eq!(kind_of_file(path).map(SignInEventType::as_str), kind, "{path}");
    }
    assert_eq!(kind_of_log("AADManagedIdentitySignInLogs"), Some(SignInEventType::ManagedIdentity));
    assert_eq!(kind_of_log("AADUserRiskEvents"), None);
}
