//! What is no sign-in, by name.

use msgraph_signins::export::{Csv, Refusal};

use super::refusal;

#[track_caller]
fn is_refused(json: &str, expected: Refusal) {
    assert_eq!(refusal(json).refusal(), expected, "{json}");
}

#[test]
fn the_unified_audit_log_is_refused_in_each_of_its_forms() {
    for json in [
        r#"{"CreationTime":"2026-01-02T03:04:05","Id":"a","Operation":"UserLoggedIn","RecordType":15,"ResultStatus":"Success"}"#,
        r#"{"CreationDate":"2026-01-02T03:04:05","AuditData":"{\"Operation\":\"UserLoggedIn\"}"}"#,
        r#"{"id":"a","createdDateTime":"2026-01-02T03:04:05Z","auditLogRecordType":"x","operation":"UserLoggedIn","auditData":{}}"#,
        r#"{"id":"a","createdDateTime":"2026-01-02T03:04:05Z","auditLogRecordType":"x","operation":"UserLoggedIn","userPrincipalName":"a"}"#,
    ] {
        is_refused(json, Refusal::UnifiedAuditLog);
    }
    let csv = ["RecordId", "CreationDate", "RecordType", "Operation", "UserId", "AuditData"];
    assert_eq!(Csv::new(&csv).unwrap_err().refusal(), Refusal::UnifiedAuditLog);
    let text = Csv::new(&csv).unwrap_err().to_string();
    assert!(text.contains("unified audit log") && text.contains("export the sign-in"), "{text}");
}

#[test]
fn audits_and_risks_are_refused() {
    is_refused(r#"{"id":"a","activityDateTime":"x","correlationId":"b"}"#, Refusal::DirectoryAudit);
    let risky =
        r#"{"id":"a","riskState":"atRisk","userPrincipalName":"b","riskLastUpdatedDateTime":"x"}"#;
    is_refused(risky, Refusal::Unknown);
}

#[test]
fn the_file_of_authentication_details_is_refused_by_name() {
    let header = ["Request ID", "Date (UTC)", "Authentication method", "Succeeded"];
    let refused = Csv::new(&header).unwrap_err();
    assert_eq!(refused.refusal(), Refusal::AuthenticationDetails);
    assert!(refused.to_string().contains("_AuthDetails"), "{refused}");
}

#[test]
fn anything_else_is_refused_with_the_names_of_its_members_and_never_a_value() {
    for (json, named) in [
        (r#"{"error":{"code":"secret-value"}}"#, "are: error"),
        ("{}", "are: none"),
        (
            r#"{"time":"x","operationName":"x","resultType":"0","correlationId":"secret-value"}"#,
            "are: time, operationName, resultType, correlationId",
        ),
        (r#"{"Name":"secret-value","Count":3}"#, "are: Name, Count"),
        // A user.
        (r#"{"id":"secret-value","displayName":"b","mail":"c"}"#, "are: id, displayName, mail"),
    ] {
        let refused = refusal(json);
        assert_eq!((refused.refusal(), refused.path()), (Refusal::Unknown, ""), "{json}");
        let text = refused.to_string();
        assert!(text.ends_with(named) && !text.contains("secret"), "{text}");
    }
    for (json, found) in [
        ("[]", "a list"),
        ("1", "a number"),
        ("\"x\"", "text"),
        ("null", "null"),
        ("true", "true or false"),
        ("{\"id\":", "an object that cannot be read"),
        ("", "null"),
    ] {
        assert_eq!(refusal(json).to_string(), format!("expected a sign-in, found {found}"));
    }
    let headers = Csv::new(&["a", "b"]).unwrap_err().to_string();
    assert!(headers.ends_with("its columns are: a, b"), "{headers}");
    // Graph has no CSV: what could be one in camel case is of somebody else.
    assert!(Csv::new(&["id", "createdDateTime", "appId"]).is_err());
    assert!(Csv::new::<&str>(&[]).is_err());
}

#[test]
fn names_are_short_few_and_safe_to_show() {
    let names: Vec<_> = (0..500).map(|n| format!("\"{n}\\u001b{}\":1", "x".repeat(200))).collect();
    let text = refusal(&format!("{{{}}}", names.join(","))).to_string();
    assert!(text.len() < 1000 && text.ends_with("and 488 more"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn each_reason_has_a_name_of_its_own() {
    let all = [
        Refusal::UnifiedAuditLog,
        Refusal::DirectoryAudit,
        Refusal::AuthenticationDetails,
        Refusal::UnclearTime,
        Refusal::OtherLength,
        Refusal::Unknown,
    ];
    let names: std::collections::BTreeSet<_> = all.map(Refusal::as_str).into();
    assert_eq!(names.len(), all.len());
}
