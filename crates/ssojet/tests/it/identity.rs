//! Identities of records that have no ids: the same in every run and for both bodies.

use std::collections::BTreeSet;

use ssojet::{Identities, LoginLog, decode_login_logs};

fn identities(body: &str) -> Vec<Option<String>> {
    let page = decode_login_logs(body.as_bytes()).unwrap();
    let mut identities = Identities::new("app-1");
    page.items().map(|log| identities.of("user-1", log)).collect()
}

fn log(ip: &str, time: &str) -> LoginLog {
    let body = format!(r#"{{"login_logs":[{{"IpAddress":"{ip}","CreatedAt":"{time}"}}]}}"#);
    let page = decode_login_logs(body.as_bytes()).unwrap();
    LoginLog::clone(page.items().next().unwrap())
}

#[test]
fn a_record_has_the_same_identity_in_both_bodies() {
    let older = r#"{"login_logs":[
        {"IpAddress":"2001:DB8:0:0::7","CreatedAt":"2026-01-02T03:04:05.003Z","UserAgent":"","Name":"Amazon CloudFront"},
        {"IpAddress":"::ffff:192.0.2.7","CreatedAt":"2026-01-02T03:04:06Z"},
        {"IpAddress":"::ffff:192.0.2.7","CreatedAt":"2026-01-02T03:04:06Z"}]}"#;
    let newer = r#"{"audit_logs":[
        {"ip_address":"2001:db8::7","created_at":"2026-01-02T03:04:05.003681223Z","user_agent":"curl/8","event":"login"},
        {"ip_address":"192.0.2.7","created_at":"2026-01-02T04:04:06.000+01:00"},
        {"ip_address":"192.0.2.7","created_at":"2026-01-02T03:04:06.0Z"}]}"#;
    assert_eq!(identities(older), identities(newer));
    let expected = [
        "app-1/user-1/1767323045003/2001:db8::7/1",
        "app-1/user-1/1767323046000/192.0.2.7/1",
        "app-1/user-1/1767323046000/192.0.2.7/2",
    ];
    assert_eq!(identities(newer), expected.map(|text| Some(text.to_owned())));
}

#[test]
fn the_documented_records_are_all_told_apart() {
    let body = include_str!("../../../../fixtures/ssojet/login_logs.json");
    let all: BTreeSet<_> = identities(body).into_iter().flatten().collect();
    assert_eq!(all.len(), 24);
    assert_eq!(identities(body), identities(body), "the same in every run");
}

#[test]
fn clients_users_times_and_addresses_tell_apart_and_cannot_be_mixed_up() {
    let (ip, time) = ("192.0.2.7", "2026-01-02T03:04:05Z");
    let one = log(ip, time);
    let mut all = BTreeSet::new();
    for (client, user) in [("a", "b/c"), ("a/b", "c"), ("a%2Fb", "c"), ("a", "b%2Fc"), ("", "")] {
        assert!(all.insert(Identities::new(client).of(user, &one)), "{client} {user}");
    }
    for other in [
        log("192.0.2.8", time),
        log("", time),
        log("unknown", time),
        log("unknown/1", time),
        log(ip, "2026-01-02T03:04:05.001Z"),
        log(ip, "1969-12-31T23:59:59.9999Z"),
    ] {
        assert!(all.insert(Identities::new("a").of("b/c", &other)), "{other:?}");
    }
}

#[test]
fn a_record_without_a_time_has_none() {
    assert_eq!(identities(r#"{"login_logs":[{"IpAddress":"192.0.2.7"}]}"#), [None]);
}

#[test]
fn records_that_are_alike_are_counted_for_each_user_apart_and_whatever_stands_between_them() {
    let mut identities = Identities::new("app-1");
    let (one, two) =
        (log("192.0.2.1", "2026-01-02T03:04:05Z"), log("192.0.2.2", "2026-01-02T03:04:05Z"));
    let mut number = |user, log| {
        let identity = identities.of(user, log).unwrap();
        identity.rsplit_once('/').unwrap().1.to_owned()
    };
    let order = [("u", &one), ("u", &two), ("u", &one), ("v", &one), ("u", &one), ("v", &one)];
    assert_eq!(order.map(|(user, log)| number(user, log)), ["1", "1", "2", "1", "3", "2"]);
}
