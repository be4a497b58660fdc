//! The documented sample and what may come in its place (P2).

use signin_contract::samples::Sample;
use tines_admin::{AuditLog, Record, SigninActivity, User, decode_signin_activities};

const SAMPLE: &str = include_str!("../../../../fixtures/tines/signin_activities.json");

#[test]
fn the_documented_sample_is_read() {
    let page = decode_signin_activities(SAMPLE.as_bytes()).unwrap();
    let items: Vec<_> = page.items().collect();
    insta::assert_debug_snapshot!((items, page.info()));
}

#[test]
fn p2_signin_activities() {
    Sample::new(SAMPLE, "/admin~1login_activities").check::<SigninActivity>();
}

#[test]
fn p2_signin_activities_of_an_older_tenant() {
    let text = include_str!("../../../../fixtures/tines/signin_activities.last_page.json");
    let typed = Sample::new(text, "/admin~1login_activities").check::<SigninActivity>();
    insta::assert_debug_snapshot!(typed);
    let facts = decode_signin_activities(text.as_bytes()).unwrap().info().clone();
    assert_eq!((facts.next_link, facts.next_page), (None, None));
}

#[test]
fn p2_users() {
    let text = include_str!("../../../../fixtures/tines/users.json");
    insta::assert_debug_snapshot!(Sample::new(text, "/admin~1users").check::<User>());
}

#[test]
fn p2_audit_logs() {
    let text = include_str!("../../../../fixtures/tines/audit_logs.json");
    insta::assert_debug_snapshot!(Sample::new(text, "/audit_logs").check::<AuditLog>());
}

#[test]
fn p2_a_record_keeps_its_bytes_and_its_unknown_members() {
    let text = r#"{ "id": 220, "mfa":{"kind":"totp"},  "ip":"192.0.2.1","user/agent~":1e400}"#;
    let record = Record::<SigninActivity>::from_json(text).unwrap();
    assert_eq!(record.raw(), text);
    assert_eq!(serde_json::to_string(&record).unwrap(), text);
    let extra: Vec<_> = record.extra().into_iter().map(|e| (e.pointer, e.json)).collect();
    let expected =
        [("/mfa".to_owned(), r#"{"kind":"totp"}"#), ("/user~1agent~0".to_owned(), "1e400")];
    assert_eq!(extra, expected);
}

#[test]
fn p2_the_last_of_equal_members_wins_and_a_null_is_an_absent_one() {
    let record =
        Record::<SigninActivity>::from_json(r#"{"id":1,"id":"2","ip":"x","ip":null}"#).unwrap();
    assert_eq!(record.id.as_deref(), Some("2"));
    assert_eq!(record.ip, None);
    assert_eq!(record.user_agent, None);
}

#[test]
fn p2_a_bad_record_is_handed_over_raw_while_its_neighbours_arrive_typed() {
    let body = r#"{"admin/login_activities":[{"id":1},{"id":2,"created_at":"yesterday-secret"},null,{"id":{}},"x",{"id":3}]}"#;
    let page = decode_signin_activities(body.as_bytes()).unwrap();
    let rows: Vec<_> = page
        .rows()
        .iter()
        .map(|row| match row {
            Ok(record) => format!("id {}", record.id.as_ref().unwrap()),
            Err(rejected) => format!("{} | {}", rejected.mismatch(), rejected.raw()),
        })
        .collect();
    insta::assert_snapshot!(rows.join("\n"), @r#"
    id 1
    /created_at: expected an RFC 3339 time, found other text | {"id":2,"created_at":"yesterday-secret"}
    expected an object, found null | null
    /id: expected an id (text or a whole number of 64 bits), found an object | {"id":{}}
    expected an object, found text | "x"
    id 3
    "#);
}

#[test]
fn p2_bytes_that_are_not_utf_8_are_replaced_for_reading_and_kept() {
    let body = b"{\"admin/login_activities\":[{\"id\":1,\"user_agent\":\"caf\xe9\"},{\"id\":2}]}";
    let page = decode_signin_activities(body).unwrap();
    let items: Vec<_> = page.items().collect();
    assert_eq!(items[0].user_agent.as_deref(), Some("caf\u{fffd}"));
    assert_eq!(items[0].raw_bytes(), b"{\"id\":1,\"user_agent\":\"caf\xe9\"}");
    assert!(items[0].is_lossy());
    assert_eq!(items[1].raw(), "{\"id\":2}");
    assert!(!items[1].is_lossy());
}
