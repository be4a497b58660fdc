//! The documented bodies, read without a client.

use ssojet::{decode_login_logs, decode_users};

#[test]
fn login_logs_are_read_from_the_body_of_2024() {
    let body = include_str!("../../../../fixtures/ssojet/login_logs.json");
    let page = decode_login_logs(body.as_bytes()).unwrap();
    assert_eq!((page.facts().rows, page.rejected().count()), (24, 0));
    assert_eq!(page.facts().next_cursor, None);
    assert!(page.items().all(|item| item.created_at.is_some() && item.ip_address.is_some()));
}

#[test]
fn login_logs_are_read_from_the_newer_body() {
    let body = include_str!("../../../../fixtures/ssojet/login_logs.2026.json");
    let page = decode_login_logs(body.as_bytes()).unwrap();
    let facts = page.facts();
    assert_eq!((facts.rows, facts.page_size, &facts.next_cursor), (2, Some(50), &None));
    assert!(page.items().all(|item| item.created_at.is_some() && item.ip_address.is_some()));
}

#[test]
fn users_are_read_with_their_cursor() {
    let body = include_str!("../../../../fixtures/ssojet/users.json");
    let page = decode_users(body.as_bytes()).unwrap();
    assert_eq!(page.facts().next_cursor.as_deref(), Some("Zm9yIGludmVudGVkIGRhdGE="));
    assert_eq!(page.items().count(), 2);
    let last = include_str!("../../../../fixtures/ssojet/users.last_page.json");
    let page = decode_users(last.as_bytes()).unwrap();
    assert_eq!((page.facts().rows, &page.facts().next_cursor), (1, &None));
}

#[test]
fn p1_an_answer_without_its_list_is_never_an_empty_page() {
    let refused = decode_login_logs(b"{\"limit\":50}").unwrap_err();
    assert_eq!(refused.to_string(), "/login_logs: expected a list of records, found nothing");
}
