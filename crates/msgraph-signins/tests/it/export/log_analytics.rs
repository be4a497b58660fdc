//! Rows of Log Analytics.

use msgraph_signins::SignInEventType;
use msgraph_signins::export::{Columns, Csv, Found, NotASignIn, Refusal, Shape, read};

use super::{TENANT, category, record, refusal, sign_in};

#[test]
fn a_row_is_graphs_sign_in_and_what_graph_does_not_have_is_beside_it() {
    let json = r#"{"TenantId":"the-workspace","SourceSystem":"Azure AD",
        "TimeGenerated":"2026-01-02T03:15:00Z","ResourceId":"/tenants/from-the-path/providers/Microsoft.aadiam",
        "OperationName":"Sign-in activity","Category":"NonInteractiveUserSignInLogs",
        "ResultType":"50126","ResultDescription":"Invalid password.","DurationMs":0,
        "CorrelationId":"c","Identity":"Ada Example","Level":"4","Location":"DE",
        "AADTenantId":"0000007e-0000-4000-8000-000000000001","AppDisplayName":"Portal","AppId":"b",
        "AuthenticationDetails":"[{\"succeeded\":true}]","AutonomousSystemNumber":"64496",
        "ConditionalAccessPolicies":"[{\"id\":\"p\",\"conditionsSatisfied\":3}]",
        "CreatedDateTime":"2026-01-02T03:04:05.1234567Z","DeviceDetail":{"isManaged":"true"},
        "Id":"a","IPAddress":"192.0.2.1","IsInteractive":false,"LocationDetails":"{\"city\":\"Ulm\"}",
        "ProcessingTimeInMs":"250","ResourceIdentity":"r","RiskEventTypes_V2":"[]",
        "SessionLifetimePolicies":"","Status":"{\"additionalDetails\":\"x\"}","IsRisky":null,
        "UserPrincipalName":"ada@contoso.example","Type":"AADNonInteractiveUserSignInLogs"}"#;
    let export = sign_in(json);
    assert_eq!(
        export.record,
        concat!(
            r#"{"correlationId":"c","appDisplayName":"Portal","appId":"b","#,
            r#""authenticationDetails":[{"succeeded":true}],"autonomousSystemNumber":64496,"#,
            r#""appliedConditionalAccessPolicies":[{"id":"p","conditionsSatisfied":"application,users"}],"#,
            r#""createdDateTime":"2026-01-02T03:04:05.1234567Z","deviceDetail":{"isManaged":true},"#,
            r#""id":"a","ipAddress":"192.0.2.1","isInteractive":false,"location":{"city":"Ulm"},"#,
            r#""processingTimeInMilliseconds":250,"resourceId":"r","riskEventTypes_v2":[],"#,
            r#""userPrincipalName":"ada@contoso.example","#,
            r#""status":{"additionalDetails":"x","errorCode":50126,"failureReason":"Invalid password."},"#,
            r#""signInEventTypes":["nonInteractiveUser"],"#,
            r#""logAnalytics":{"TenantId":"the-workspace","SourceSystem":"Azure AD","#,
            r#""TimeGenerated":"2026-01-02T03:15:00Z","#,
            r#""ResourceId":"/tenants/from-the-path/providers/Microsoft.aadiam","#,
            r#""OperationName":"Sign-in activity","Category":"NonInteractiveUserSignInLogs","#,
            r#""ResultType":"50126","ResultDescription":"Invalid password.","DurationMs":0,"#,
            r#""Identity":"Ada Example","Level":"4","Location":"DE","#,
            r#""AADTenantId":"0000007e-0000-4000-8000-000000000001","IsRisky":null,"#,
            r#""Type":"AADNonInteractiveUserSignInLogs"}}"#
        )
    );
    assert_eq!(export.shape, Shape::LogAnalytics);
    assert_eq!(export.tenant.as_deref(), Some(TENANT));
    assert_eq!(export.kind, Some(SignInEventType::NonInteractiveUser));
    assert!(!export.is_lossy() && export.time_from.is_none());
    record(&export.record);
}

#[test]
fn the_workspace_is_no_tenant() {
    let row = |more: &str| format!(r#"{{"TenantId":"w","Type":"SigninLogs","Id":"a"{more}}}"#);
    assert_eq!(sign_in(&row("")).tenant, None);
    let path = row(r#","ResourceId":"/tenants/t/providers/Microsoft.aadiam""#);
    assert_eq!(sign_in(&path).tenant.as_deref(), Some("t"));
}

#[test]
fn where_a_table_has_no_time_of_the_sign_in_the_time_of_processing_stands_in_and_is_marked() {
    let json = r#"{"TimeGenerated":"2026-01-02T03:15:00Z","Id":"a","ServicePrincipalId":"s",
        "ResultType":"0","Type":"AADServicePrincipalSignInLogs"}"#;
    let export = sign_in(json);
    assert_eq!(export.time_from, Some("TimeGenerated"));
    assert_eq!(
        export.record,
        concat!(
            r#"{"id":"a","servicePrincipalId":"s","status":{"errorCode":0},"#,
            r#""createdDateTime":"2026-01-02T03:15:00Z","signInEventTypes":["servicePrincipal"],"#,
            r#""logAnalytics":{"TimeGenerated":"2026-01-02T03:15:00Z","ResultType":"0","#,
            r#""Type":"AADServicePrincipalSignInLogs","createdDateTimeFrom":"TimeGenerated"}}"#
        )
    );
}

#[test]
fn rows_of_other_tables_are_left_out_by_name() {
    let row = |table: &str| {
        format!(r#"{{"TimeGenerated":"2026-01-02T03:15:00Z","Id":"a","Type":"{table}"}}"#)
    };
    assert_eq!(category(&row("AADRiskyUsers")), "AADRiskyUsers");
    assert_eq!(sign_in(&row("SigninLogs")).shape, Shape::LogAnalytics);
}

#[test]
fn a_query_that_names_few_columns_is_known_by_what_only_these_tables_have() {
    for json in [
        r#"{"UserPrincipalName":"a","LocationDetails":{"city":"Ulm"}}"#,
        r#"{"TimeGenerated":"2026-01-02T03:15:00Z","UserPrincipalName":"a","IPAddress":"b"}"#,
        r#"{"Id":"a","CreatedDateTime":"2026-01-02T03:15:00Z","ConditionalAccessPolicies":[]}"#,
    ] {
        assert_eq!(sign_in(json).shape, Shape::LogAnalytics, "{json}");
    }
}

#[test]
fn a_row_without_its_table_is_known_by_its_category() {
    let json = r#"{"Category":"ServicePrincipalSignInLogs","CorrelationId":"c",
        "CreatedDateTime":"2026-01-02T03:15:00Z","DurationMs":0,"TenantId":"w"}"#;
    let export = sign_in(json);
    assert_eq!(export.shape, Shape::LogAnalytics);
    assert_eq!(export.kind, Some(SignInEventType::ServicePrincipal));
}

#[test]
fn of_two_columns_for_one_member_the_one_that_says_something_holds() {
    for (one, other) in [("[{\"id\":\"p\"}]", "[]"), ("[]", "[{\"id\":\"p\"}]")] {
        let json = format!(
            r#"{{"Type":"SigninLogs","ConditionalAccessPolicies":{one},
            "AppliedConditionalAccessPolicies":{other}}}"#
        );
        let policies = &record(&sign_in(&json).record).applied_conditional_access_policies;
        assert_eq!(policies.len(), 1, "{json}");
    }
}

#[test]
fn json_that_was_cut_off_in_a_column_is_lost_and_said() {
    let json = r#"{"Type":"SigninLogs","ConditionalAccessPolicies":"[{\"id\":\"p","Status":"{x"}"#;
    let export = sign_in(json);
    assert_eq!(export.lost, ["/appliedConditionalAccessPolicies", "/status"]);
    assert!(export.is_lossy());
    assert_eq!(
        export.record,
        concat!(
            r#"{"signInEventTypes":["interactiveUser"],"logAnalytics":{"Type":"SigninLogs","#,
            r#""/appliedConditionalAccessPolicies":"[{\"id\":\"p","/status":"{x"}}"#
        )
    );
}

#[test]
fn a_file_of_the_portal_has_its_zone_in_the_header() {
    let header = [
        "\u{feff}\"TimeGenerated [UTC]\"",
        "CreatedDateTime [UTC]",
        "Id",
        "IsInteractive",
        "Status",
        "Location",
        "RiskDetail",
        "Type",
    ];
    let csv = Csv::new(&header).unwrap();
    assert_eq!((csv.shape(), csv.shape().as_str()), (Shape::LogAnalyticsCsv, "log_analytics_csv"));
    let row = [
        "9/19/2023, 1:50:00.000 PM",
        "9/9/2023, 1:45:17.287 PM",
        "a",
        "TRUE",
        r#"{"errorCode":0}"#,
        "DE",
        "",
        "SigninLogs",
    ];
    let Found::SignIn(export) = csv.record(&row).unwrap() else { panic!() };
    assert_eq!(
        export.record,
        concat!(
            r#"{"createdDateTime":"2023-09-09T13:45:17.287Z","id":"a","isInteractive":true,"#,
            r#""status":{"errorCode":0},"signInEventTypes":["interactiveUser"],"logAnalytics":{"#,
            r#""TimeGenerated [UTC]":"9/19/2023, 1:50:00.000 PM","#,
            r#""/createdDateTime":"9/9/2023, 1:45:17.287 PM","Location":"DE","Type":"SigninLogs"}}"#
        )
    );
    // Out of an envelope it is the same again.
    let raw = csv.raw(&row).unwrap();
    assert!(raw.starts_with(r#"{"TimeGenerated [UTC]":"9/19/2023, 1:50:00.000 PM","Cre"#), "{raw}");
    assert_eq!(read(&raw), Ok(Found::SignIn(export)));
}

#[test]
fn a_time_in_a_zone_of_the_browsers_is_refused() {
    let csv = Csv::new(&["CreatedDateTime [Local Time]", "Id", "AppId"]).unwrap();
    let refused = csv.record(&["9/9/2023, 1:45:17.287 PM", "a", "b"]).unwrap_err();
    assert_eq!(refused.refusal(), Refusal::UnclearTime);
    assert_eq!(refused.path(), "/createdDateTime");
    let json = r#"{"Type":"SigninLogs","Id":"a","CreatedDateTime":"9/10/2023, 1:45:17 pm"}"#;
    assert_eq!(refusal(json).refusal(), Refusal::UnclearTime);
}

#[test]
fn a_row_of_a_querys_answer_is_read_by_its_columns() -> Result<(), NotASignIn> {
    let columns = r#" [{"name":"Id","type":"string"},{"type":"dynamic","name":"Status"},
        {"name":"Type","type":"string"}]"#;
    let columns = Columns::new(columns)?;
    let row = columns.row(r#" ["a", "{\"errorCode\":0}", "SigninLogs"] "#)?;
    assert_eq!(row, r#"{"Id":"a","Status":"{\"errorCode\":0}","Type":"SigninLogs"}"#);
    assert_eq!(record(&sign_in(&row).record).status.as_ref().unwrap().error_code, Some(0));
    for row in ["[]", r#"["a","b"]"#, r#"["a","b","c","d"]"#] {
        assert_eq!(columns.row(row).unwrap_err().refusal(), Refusal::OtherLength, "{row}");
    }
    assert!(columns.row("{}").is_err() && columns.row("[").is_err());
    for wrong in ["{}", "[1]", r#"[{"type":"string"}]"#, r#"[{"name":1}]"#, "["] {
        assert!(Columns::new(wrong).is_err(), "{wrong}");
    }
    Ok(())
}
