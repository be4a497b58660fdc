//! What goes over the wire, byte for byte (P5), and what is refused before that.

use std::time::Duration;

use avepoint_graph::{Client, Environment, ErrorKind, SignIns, Timestamp};
use signin_core::testing::{Reply, Scripted};

use crate::{client, page, tenant};

const ROOT: &str = "https://graph.avepointonlineservices.com/partner/external/v3";

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

#[tokio::test(start_paused = true)]
async fn p5_every_parameter_is_sent_as_documented() {
    let script = Scripted::new([Reply::json(page([], 0))]);
    let list = client(&script)
        .sign_ins("966f35cc-61f4-4070-819c-25cdbcf82a07", "0c7715b3-bc2f-4c4c-a8a0-f3634dcfacec");
    let first = list.risky(true).page_size(20).page_index(3).first_page().await.unwrap();
    assert_eq!(first.rows().len(), 0);
    let sent = script.sent();
    assert_eq!((sent.len(), sent[0].method.as_str()), (1, "GET"));
    assert_eq!(
        sent[0].url,
        format!(
            "{ROOT}/um/customers/966f35cc-61f4-4070-819c-25cdbcf82a07\
             /tenants/0c7715b3-bc2f-4c4c-a8a0-f3634dcfacec\
             /overview/security/compliances/signins?risky=true&pageSize=20&pageIndex=3"
        )
    );
    let agent = concat!("avepoint-graph/", env!("CARGO_PKG_VERSION"));
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
async fn the_page_size_is_asked_for_since_the_vendors_default_has_changed() {
    let script = tenant(vec![]);
    client(&script).sign_ins("c", "t").first_page().await.unwrap();
    client(&script).sign_ins("c", "t").risky(false).first_page().await.unwrap();
    client(&script).customers().first_page().await.unwrap();
    let queries: Vec<_> =
        script.urls().iter().map(|url| url.split_once('?').unwrap().1.to_owned()).collect();
    assert_eq!(
        queries,
        [
            "pageSize=100&pageIndex=1",
            "risky=false&pageSize=100&pageIndex=1",
            "pageSize=100&pageIndex=1"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn p5_ids_cannot_bend_the_request() {
    for id in ["", ".", "..", "a\nb", "a\0", "a\u{7f}", &"x".repeat(10_000)] {
        for (customer, tenant) in [(id, "t"), ("c", id)] {
            let script = Scripted::new([]);
            let list = client(&script).sign_ins(customer, tenant);
            let error = list.items().try_next().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Argument, "{id:?}");
            assert!(script.sent().is_empty(), "{id:?}");
        }
    }
    for (id, segment) in [
        ("../../users", "..%2F..%2Fusers"),
        ("%2e%2e", "%252e%252e"),
        ("72?page=9", "72%3Fpage%3D9"),
        ("a b+c#", "a%20b%2Bc%23"),
    ] {
        let script = Scripted::new([Reply::json(page([], 0))]);
        client(&script).sign_ins(id, id).first_page().await.unwrap();
        let path = format!("{ROOT}/um/customers/{segment}/tenants/{segment}/overview/");
        assert!(script.urls()[0].starts_with(&path), "{}", script.urls()[0]);
    }
}

#[tokio::test(start_paused = true)]
async fn arguments_out_of_range_are_refused_before_anything_is_sent() {
    type Change = fn(SignIns) -> SignIns;
    let cases: [(&str, Change); 5] = [
        ("page_size is 0", |list| list.page_size(0)),
        ("page_size is 101", |list| list.page_size(101)),
        ("page_index is 0", |list| list.page_index(0)),
        ("since is not earlier than until", |list| {
            list.since(time("2025-06-10T00:00:00Z")).until(time("2025-06-10T00:00:00Z"))
        }),
        ("since is not earlier than until", |list| {
            list.since(time("2025-06-10T01:00:00Z")).until(time("2025-06-10T02:00:00+02:00"))
        }),
    ];
    for (reason, change) in cases {
        let script = Scripted::new([]);
        let error = change(client(&script).sign_ins("c", "t")).first_page().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.to_string().contains(reason), "{error}");
        assert!(script.sent().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn each_environment_has_a_host_of_its_own() {
    for (environment, api, identity) in [
        (
            Environment::Commercial,
            "https://graph.avepointonlineservices.com",
            "https://identity.avepointonlineservices.com",
        ),
        (
            Environment::UsGov,
            "https://graph-gov.avepointonlineservices.com",
            "https://identity-gov.avepointonlineservices.com",
        ),
        (
            Environment::Aos2,
            "https://graph-aos2.avepointonlineservices.com",
            "https://identity-aos2.avepointonlineservices.com",
        ),
        (
            Environment::FedRamp,
            "https://graphusgovapi.online15.net",
            "https://identity.online15.net",
        ),
    ] {
        assert_eq!((environment.api_url(), environment.identity_url()), (api, identity));
        let script = Scripted::new([Reply::json(page([], 0))]);
        let builder = Client::builder(environment).token("key").transport(script.clone());
        let elements = builder.build().unwrap();
        assert_eq!(elements.origin().to_string(), api);
        elements.sign_ins("c", "t").first_page().await.unwrap();
        let start = format!("{api}/partner/external/v3/um/customers/c/tenants/t/");
        assert!(script.urls()[0].starts_with(&start), "{}", script.urls()[0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_base_url_may_hold_the_apis_own_path() {
    for (base, start) in [
        ("https://gate.example/avepoint", "https://gate.example/avepoint/partner/external/v3/um/"),
        (
            "https://gate.example/partner/external/v3/",
            "https://gate.example/partner/external/v3/um/",
        ),
    ] {
        let script = Scripted::new([Reply::json(page([], 0))]);
        let builder = Client::builder(Environment::Commercial).base_url(base).token("key");
        let elements = builder.transport(script.clone()).build().unwrap();
        elements.sign_ins("c", "t").first_page().await.unwrap();
        assert!(script.urls()[0].starts_with(start), "{base}: {}", script.urls()[0]);
    }
}

#[test]
fn a_client_that_cannot_be_is_refused_with_the_setting() {
    let builder = || Client::builder(Environment::Commercial);
    let cases = [
        (builder(), "there is no credential"),
        (builder().token("a").token("b"), "two credentials"),
        (builder().token(" \n"), "the key is empty"),
        (builder().token("key\n"), "no header can carry"),
        (builder().token("a").timeout(Duration::ZERO), "a time-out is zero"),
        (builder().token("a").base_url(""), "base URL"),
        (builder().token("a").base_url("http://graph.example"), "plain http"),
        (builder().token("a").user_agent("a\nb"), "user agent"),
        (builder().token("a").root_certificates_pem("x"), "root certificates"),
        (builder().token("a").proxy("://"), "proxy"),
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
    shareable::<SignIns>();
    sendable::<avepoint_graph::Items<SignIns>>();
    sendable::<avepoint_graph::Pages<SignIns>>();
    sendable::<avepoint_graph::FanOut<avepoint_graph::AllSignIns>>();
    sendable::<avepoint_graph::Error>();
}
