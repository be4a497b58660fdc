//! Sign-ins in the shape that all products share.

use signin_contract::events::{Records, check, check_many, forms, print_many};
use signin_contract::odd_members::check_odd;
use tines_admin::event::{Context, NoEvent, Outcome, SignIn};
use tines_admin::{AuditLog, Record, SigninActivity};

const ACTIVITIES: &str = include_str!("../../../../fixtures/tines/signin_activities.json");
const AUDIT_LOGS: &str = include_str!("../../../../fixtures/tines/audit_logs.json");

fn context() -> Context {
    let mut context = Context::default();
    context.tenant = Some("https://acme.tines.com".to_owned());
    context
}

#[test]
fn every_documented_activity_is_an_event() {
    let page = tines_admin::decode_signin_activities(ACTIVITIES.as_bytes()).unwrap();
    let events: Vec<SignIn> =
        page.items().map(|record| check(record, &context()).unwrap()).collect();
    insta::assert_json_snapshot!(forms(&events));
}

#[test]
fn every_documented_login_of_the_audit_log_is_an_event() {
    let page = tines_admin::decode_audit_logs(AUDIT_LOGS.as_bytes()).unwrap();
    let mut others = 0;
    let mut events = Vec::new();
    for record in page.items() {
        match check(record, &context()) {
            Ok(event) => events.push(event),
            Err(NoEvent::NotASignIn) => others += 1,
            Err(other) => panic!("{other}: {}", record.raw()),
        }
    }
    assert!(others > 0, "rows of other operations are no sign-ins");
    insta::assert_json_snapshot!(forms(&events));
}

fn activity(json: &str) -> Record<SigninActivity> {
    Record::from_json(json).unwrap()
}

#[test]
fn a_record_without_a_usable_time_somebody_or_an_id_is_no_event() {
    for (json, path) in [
        (r#"{"id":7,"user_id":72}"#, "/created_at"),
        (r#"{"id":7,"user_id":72,"created_at":null}"#, "/created_at"),
        (r#"{"id":7,"user_id":72,"created_at":"0001-01-01T00:00:00Z"}"#, "/created_at"),
        (r#"{"id":7,"user_id":72,"created_at":"1970-01-01T00:00:00Z"}"#, "/created_at"),
        (r#"{"id":7,"user_id":72,"created_at":"9999-12-31T23:59:59-01:00"}"#, "/created_at"),
        (r#"{"id":7,"user_id":72,"created_at":"9999-12-31T23:59:59.999Z"}"#, "/created_at"),
        (r#"{"id":7,"created_at":"2026-01-02T03:04:05Z"}"#, "/user_id"),
        (r#"{"id":7,"user_id":"","created_at":"2026-01-02T03:04:05Z"}"#, "/user_id"),
        (r#"{"user_id":72,"created_at":"2026-01-02T03:04:05Z"}"#, "/id"),
    ] {
        let refused = activity(json).to_event(&context()).unwrap_err();
        assert!(matches!(refused, NoEvent::Unusable { path: at, .. } if at == path), "{json}");
    }
}

#[test]
fn the_tenant_must_be_told_and_a_user_may_be() {
    let record = activity(r#"{"id":7,"created_at":"2026-01-02T03:04:05Z"}"#);
    let refused = record.to_event(&Context::default()).unwrap_err();
    assert_eq!(refused, NoEvent::MissingContext { field: "tenant" });
    let mut context = context();
    for nobody in [None, Some(String::new())] {
        context.user = nobody;
        let refused = record.to_event(&context).unwrap_err();
        assert_eq!(refused, NoEvent::without_principal("/user_id"), "{:?}", context.user);
    }
    context.user = Some("72".to_owned());
    assert_eq!(record.to_event(&context).unwrap().principal.id.as_deref(), Some("72"));
}

#[test]
fn a_changed_record_is_a_new_revision_of_the_same_event() {
    let event = |agent: &str| {
        let time = "2026-01-02T03:04:05Z";
        let json =
            format!(r#"{{"id":7,"user_id":72,"created_at":"{time}","user_agent":"{agent}"}}"#);
        activity(&json).to_event(&context()).unwrap()
    };
    let (before, after) = (event("curl"), event("Firefox"));
    assert_eq!(before.id, after.id);
    assert_ne!(before.revision, after.revision);
    // A row of the audit log with the same number is another event.
    let row =
        r#"{"id":7,"user_id":72,"created_at":"2026-01-02T03:04:05Z","operation_name":"Login"}"#;
    let row = Record::<AuditLog>::from_json(row).unwrap().to_event(&context()).unwrap();
    assert_ne!(row.id, before.id);
    assert_eq!(row.outcome, Outcome::Success);
}

#[test]
fn a_login_of_the_audit_log_is_one_in_whatever_case_and_by_whatever_name() {
    let event = |members: &str| {
        let json = format!(r#"{{"id":7,"created_at":"2026-01-02 03:04:05 +0000",{members}}}"#);
        check(&Record::<AuditLog>::from_json(json).unwrap(), &context())
    };
    let login = event(r#""operation_name":"LOGIN","user_id":72"#).unwrap();
    assert_eq!(login.original_time.as_deref(), Some("2026-01-02 03:04:05 +0000"));
    assert_eq!(login.unmapped, None);
    assert_eq!(event(r#""operation_name":"Logins","user_id":72"#), Err(NoEvent::NotASignIn));
    for (who, name, full_name) in [
        (r#""user_email":"ghost@example.com""#, Some("ghost@example.com"), None),
        (r#""user_id":"","user_email":" ","user_name":"Ada""#, None, Some("Ada")),
    ] {
        let who = event(&format!(r#""operation_name":"Login",{who}"#)).unwrap().principal;
        assert_eq!((who.name.as_deref(), who.full_name.as_deref()), (name, full_name));
    }
}

fn logins() -> Records {
    Records::default()
        .likely("/operation_name", &["\"Login\""])
        .likely("/request_ip", &["\"192.0.2.1\"", "\"[2001:db8::1]:443\""])
        .likely("/user_email", &["\"ada@example.com\"", "\"jörg@example.com\"", "\"ada\""])
}

#[test]
fn p2_nothing_of_any_record_is_lost() {
    let (events, refused) = check_many::<SigninActivity>(&Records::default(), 2_000, &context());
    assert!(events.len() > 500 && refused.len() > 100, "{} {}", events.len(), refused.len());
    let (events, refused) = check_many::<AuditLog>(&logins(), 2_000, &context());
    assert!(events.len() > 300, "{}", events.len());
    assert!(refused.contains(&NoEvent::NotASignIn));
}

/// Each JSON type into each member.
#[test]
fn p2_an_odd_member_costs_nothing_but_itself() {
    let events = check_odd::<SigninActivity>(&Records::default(), 60, &context());
    assert!(events > 15, "{events}");
    let events = check_odd::<AuditLog>(&logins(), 60, &context());
    assert!(events > 15, "{events}");
}

/// For `.ci/events/run`, which holds them to the published schemas.
#[test]
#[ignore = "prints events for the validators: bash .ci/events/run"]
fn print_generated_events() {
    print_many::<SigninActivity>(&Records::default(), 400, &context());
    print_many::<AuditLog>(&logins(), 400, &context());
}
