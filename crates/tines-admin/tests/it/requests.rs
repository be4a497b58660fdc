//! What goes over the wire, byte for byte (P5), and what is refused before that.

use std::time::Duration;

use signin_core::testing::{Reply, Scripted};
use tines_admin::{Client, ErrorKind, SigninActivities, Timestamp};

use crate::{client, ids, page};

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[tokio::test(start_paused = true)]
async fn p5_every_parameter_is_sent_as_documented() {
    let script = Scripted::new([Reply::json(page([], ""))]);
    let first = client(&script)
        .signin_activities(72)
        .after(time("2025-06-01T00:00:00+02:00"))
        .before(time("2025-06-10T00:00:00Z"))
        .per_page(20)
        .page(3)
        .first_page()
        .await
        .unwrap();
    assert_eq!(first.rows().len(), 0);
    let sent = script.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].method, "GET");
    assert_eq!(
        sent[0].url,
        "https://acme.tines.com/api/v1/admin/users/72/signin_activities\
         ?before=2025-06-10T00%3A00%3A00Z&after=2025-05-31T22%3A00%3A00Z&per_page=20&page=3"
    );
    let agent = concat!("tines-admin/", env!("CARGO_PKG_VERSION"));
    let headers: Vec<_> = sent[0].headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let expected = [
        ("accept", "application/json"),
        ("authorization", "Bearer key-0123456789"),
        ("user-agent", agent),
    ];
    assert_eq!(headers, expected);
    assert!(sent[0].body.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_walk_asks_for_full_pages_unless_told_otherwise() {
    let script = Scripted::new([Reply::json(page([], ""))]);
    assert!(ids(&mut client(&script).signin_activities("u-1").items()).await.is_empty());
    assert_eq!(
        script.urls(),
        ["https://acme.tines.com/api/v1/admin/users/u-1/signin_activities?per_page=500&page=1"]
    );
}

#[tokio::test(start_paused = true)]
async fn arguments_out_of_range_are_refused_before_anything_is_sent() {
    type Change = fn(SigninActivities) -> SigninActivities;
    let cases: [(&str, Change); 5] = [
        ("per_page is 0", |list| list.per_page(0)),
        ("per_page is 501", |list| list.per_page(501)),
        ("page is 0", |list| list.page(0)),
        ("after is not earlier than before", |list| {
            list.after(time("2025-06-10T00:00:00Z")).before(time("2025-06-10T00:00:00Z"))
        }),
        ("after is not earlier than before", |list| {
            list.after(time("2025-06-10T01:00:00Z")).before(time("2025-06-10T02:00:00+02:00"))
        }),
    ];
    for (reason, change) in cases {
        let script = Scripted::new([]);
        let error = change(client(&script).signin_activities(72)).first_page().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.to_string().contains(reason), "{error}");
        assert!(script.sent().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn older_tenants_get_the_key_in_its_own_header() {
    let script = Scripted::new([Reply::json(page([], ""))]);
    let tines = Client::builder("https://tines.example:8443/")
        .user_token("key-0123456789")
        .user_email("owner@acme.example")
        .user_agent("my-collector/1.2")
        .transport(script.clone())
        .build()
        .unwrap();
    tines.signin_activities(72).first_page().await.unwrap();
    let sent = &script.sent()[0];
    assert!(sent.url.starts_with("https://tines.example:8443/api/v1/admin/users/72/"));
    assert_eq!(sent.header("authorization"), None);
    assert_eq!(sent.header("x-user-token"), Some("key-0123456789"));
    assert_eq!(sent.header("x-user-email"), Some("owner@acme.example"));
    assert!(sent.header("user-agent").unwrap().ends_with(" my-collector/1.2"));
}

#[tokio::test(start_paused = true)]
async fn a_tenant_is_a_domain_or_a_url_with_or_without_the_api_path() {
    for (tenant, start) in [
        ("acme.tines.com", "https://acme.tines.com/api/v1/admin/"),
        ("acme.tines.io", "https://acme.tines.io/api/v1/admin/"),
        ("https://acme.tines.com/api/v1", "https://acme.tines.com/api/v1/admin/"),
        ("https://acme.tines.com/api/v1/", "https://acme.tines.com/api/v1/admin/"),
        ("https://gate.example/tines", "https://gate.example/tines/api/v1/admin/"),
        ("tines", "https://tines/api/v1/admin/"),
    ] {
        let script = Scripted::new([Reply::json(page([], ""))]);
        let tines = Client::builder(tenant).token("key").transport(script.clone()).build().unwrap();
        tines.signin_activities(72).first_page().await.unwrap();
        assert!(script.urls()[0].starts_with(start), "{tenant}: {}", script.urls()[0]);
    }
}

#[test]
fn a_client_that_cannot_be_is_refused_with_the_setting() {
    let cases = [
        (Client::builder("acme.tines.com"), "there is no API key"),
        (Client::builder("acme.tines.com").token("a").user_token("b"), "two credentials"),
        (Client::builder("acme.tines.com").token("a").user_email("e"), "user_email"),
        (Client::builder("acme.tines.com").token(" \n"), "the key is empty"),
        (Client::builder("acme.tines.com").token("key\n"), "no header can carry"),
        (
            Client::builder("acme.tines.com").user_token("a").user_email("e\n"),
            "no header can carry",
        ),
        (
            Client::builder("acme.tines.com").token("a").timeout(Duration::ZERO),
            "a time-out is zero",
        ),
        (
            Client::builder("http://127.0.0.1:1").token("a").root_certificates_pem("x"),
            "root certificates",
        ),
        (Client::builder("").token("a"), "base URL"),
        (Client::builder("http://acme.tines.com").token("a"), "plain http"),
        (Client::builder("https://u:p@acme.tines.com").token("a"), "user info"),
        (Client::builder("acme.tines.com").token("a").user_agent("a\nb"), "user agent"),
        (
            Client::builder("acme.tines.com").token("a").root_certificates_pem("x"),
            "root certificates",
        ),
        (Client::builder("acme.tines.com").token("a").proxy("://"), "proxy"),
    ];
    for (builder, reason) in cases {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{reason}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn walks_and_clients_can_go_to_other_threads() {
    fn sendable<T: Send + 'static>() {}
    fn shareable<T: Send + Sync + Clone + 'static>() {}
    shareable::<Client>();
    shareable::<SigninActivities>();
    sendable::<tines_admin::Items<SigninActivities>>();
    sendable::<tines_admin::Pages<SigninActivities>>();
    sendable::<tines_admin::Error>();
}
