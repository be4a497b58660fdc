//! The documented samples and what may come in their place (P2).

use signin_contract::samples::Sample;
use ssojet::{LoginLog, Record, User, decode_login_logs, decode_users};

const OLDER: &str = include_str!("../../../../fixtures/ssojet/login_logs.json");
const SHORT: &str = include_str!("../../../../fixtures/ssojet/login_logs.short.json");
const NEWER: &str = include_str!("../../../../fixtures/ssojet/login_logs.2026.json");
const USERS: &str = include_str!("../../../../fixtures/ssojet/users.json");
const LAST_USERS: &str = include_str!("../../../../fixtures/ssojet/users.last_page.json");

#[test]
fn p2_login_logs_short() {
    insta::assert_debug_snapshot!(Sample::new(SHORT, "/login_logs").check::<LoginLog>());
}

#[test]
fn p2_login_logs() {
    insta::assert_debug_snapshot!(Sample::new(OLDER, "/login_logs").check::<LoginLog>());
}

#[test]
fn p2_login_logs_of_2026() {
    insta::assert_debug_snapshot!(Sample::new(NEWER, "/audit_logs").check::<LoginLog>());
}

#[test]
fn p2_users() {
    insta::assert_debug_snapshot!(Sample::new(USERS, "/users").check::<User>());
}

#[test]
fn p2_users_last_page() {
    insta::assert_debug_snapshot!(Sample::new(LAST_USERS, "/users").check::<User>());
}

#[test]
fn both_bodies_of_login_logs_are_told_apart_by_themselves() {
    for (body, rows, page_size) in [(OLDER, 24, None), (NEWER, 2, Some(50))] {
        let page = decode_login_logs(body.as_bytes()).unwrap();
        let facts = page.info();
        assert_eq!((facts.rows, facts.page_size, &facts.next_cursor), (rows, page_size, &None));
        assert_eq!(page.rejected().count(), 0);
        assert!(page.items().all(|item| item.created_at.is_some() && item.addr().is_some()));
    }
}

#[test]
fn p2_a_body_with_both_lists_loses_neither() {
    let body = r#"{"login_logs":[{"City":"a"}],"audit_logs":[{"city":"b"},{"city":"c"}]}"#;
    let page = decode_login_logs(body.as_bytes()).unwrap();
    let cities: Vec<_> = page.items().filter_map(|item| item.city()).collect();
    assert_eq!(cities, ["a", "b", "c"]);
}

#[test]
fn users_are_read_with_their_cursor() {
    let page = decode_users(USERS.as_bytes()).unwrap();
    assert_eq!(page.info().next_cursor.as_deref(), Some("Zm9yIGludmVudGVkIGRhdGE="));
    let page = decode_users(LAST_USERS.as_bytes()).unwrap();
    assert_eq!((page.info().rows, &page.info().next_cursor), (1, &None));
}

#[test]
fn p1_a_body_without_a_list_is_an_error_and_no_end() {
    for body in ["{}", "[]", r#"{"login_logs":null}"#, r#"{"users":[]}"#, "", "null"] {
        assert!(decode_login_logs(body.as_bytes()).is_err(), "{body}");
    }
    let refused = decode_login_logs(b"{\"limit\":50}").unwrap_err();
    assert_eq!(refused.to_string(), "/login_logs: expected a list of records, found nothing");
}

#[test]
fn an_empty_text_means_nothing_and_the_wires_value_is_kept() {
    let page = decode_login_logs(OLDER.as_bytes()).unwrap();
    for log in page.items() {
        assert_eq!(log.user_agent.as_deref(), Some(""));
        assert_eq!(
            (log.user_agent(), log.os(), log.device(), log.event()),
            (None, None, None, None)
        );
        assert_eq!(log.country(), Some("India"));
        assert!(serde_json::to_string(log).unwrap().contains(r#""UserAgent": """#));
    }
    let page = decode_users(USERS.as_bytes()).unwrap();
    let names: Vec<_> = page.items().map(|user| (user.first_name(), user.last_name())).collect();
    assert_eq!(names, [(Some("Ada"), Some("Example")), (None, None)]);
    let page = decode_users(LAST_USERS.as_bytes()).unwrap();
    let user = page.items().next().unwrap();
    assert_eq!((user.email(), user.last_name()), (Some("cleo@example.com"), None));
}

#[test]
fn a_city_that_is_unknown_and_a_name_that_is_the_cdns_are_none() {
    let page = decode_login_logs(OLDER.as_bytes()).unwrap();
    let unknown = page.items().filter(|log| log.city().is_none()).count();
    assert_eq!(unknown, 1, "UnknownCity stands in one row");
    assert!(page.items().all(|log| log.city.is_some() && log.name.is_some()));
    assert!(page.items().all(|log| log.name().is_none()), "all rows say Amazon CloudFront");
    let page = decode_login_logs(NEWER.as_bytes()).unwrap();
    let names: Vec<_> = page.items().map(|log| (log.name(), log.city(), log.event())).collect();
    assert_eq!(
        names,
        [(Some("Firefox"), Some("Berlin"), Some("login")), (None, None, Some("login"))]
    );
    let agent = r#"{"user_agent":"Amazon CloudFront"}"#;
    assert_eq!(Record::<LoginLog>::from_json(agent).unwrap().user_agent(), None);
}

#[test]
fn addresses_of_both_families_are_parsed() {
    let page = decode_login_logs(OLDER.as_bytes()).unwrap();
    assert_eq!(page.items().filter(|log| log.addr().unwrap().is_ipv6()).count(), 1);
    for (text, addr) in [("", None), ("unknown", None), ("::ffff:192.0.2.7", Some("192.0.2.7"))] {
        let log = Record::<LoginLog>::from_json(format!(r#"{{"IpAddress":"{text}"}}"#)).unwrap();
        assert_eq!(log.addr(), addr.map(|addr| addr.parse().unwrap()), "{text}");
        assert_eq!(log.ip_address.as_deref(), Some(text));
    }
}

#[test]
fn times_with_trailing_zeros_cut_off_are_compared_by_instant() {
    let page = decode_login_logs(OLDER.as_bytes()).unwrap();
    let times: Vec<_> = page.items().map(|log| log.created_at.clone().unwrap()).collect();
    assert!(times.is_sorted(), "the oldest first");
    let texts: Vec<_> = times.iter().filter_map(|time| time.text()).collect();
    assert!(
        texts.contains(&"2024-07-11T07:21:15.14Z") && texts.contains(&"2024-07-13T08:10:19.02Z")
    );
    let nine = decode_login_logs(NEWER.as_bytes()).unwrap();
    let first = nine.items().next().unwrap().created_at.clone().unwrap();
    assert_eq!(first.instant().nanosecond(), 3_681_223);
}

#[test]
fn p2_a_record_keeps_its_bytes_and_its_unknown_members() {
    let text = r#"{ "City":"x", "Outcome":{"ok":true},  "IpAddress":"192.0.2.1"}"#;
    let record = Record::<LoginLog>::from_json(text).unwrap();
    assert_eq!((record.raw(), serde_json::to_string(&record).unwrap().as_str()), (text, text));
    let extra: Vec<_> = record.extra().into_iter().map(|e| (e.pointer, e.json)).collect();
    assert_eq!(extra, [("/Outcome".to_owned(), r#"{"ok":true}"#)]);
}

#[test]
fn p2_the_last_of_equal_members_wins_in_either_spelling() {
    let text = r#"{"City":"a","city":"b","ip_address":"192.0.2.1","IpAddress":null}"#;
    let record = Record::<LoginLog>::from_json(text).unwrap();
    assert_eq!((record.city(), &record.ip_address), (Some("b"), &None));
}

#[test]
fn p2_a_bad_record_is_handed_over_raw_while_its_neighbours_arrive_typed() {
    let body = r#"{"login_logs":[{"City":"a"},{"CreatedAt":"yesterday-secret"},null,{"City":{}},{"City":"b"}]}"#;
    let page = decode_login_logs(body.as_bytes()).unwrap();
    let rows: Vec<_> = page
        .rows()
        .iter()
        .map(|row| match row {
            Ok(record) => format!("city {}", record.city().unwrap()),
            Err(rejected) => format!("{} | {}", rejected.mismatch(), rejected.raw()),
        })
        .collect();
    insta::assert_snapshot!(rows.join("\n"));
}
