//! The token goes to its own origin only (P4), over real sockets: two servers.

use pingone::{Client, ErrorKind, Region, RetryPolicy};
use signin_contract::origins;
use signin_core::testing::{Reply, Scripted};

use crate::{ACTIVITIES, ENVIRONMENT, activities, ids, page, time};

/// The error that a walk over the events of the service with this base URL comes to.
async fn walk(url: String) -> pingone::Error {
    let builder = Client::builder(Region::Europe, ENVIRONMENT).base_url(url);
    let pingone = builder.token("key-0123456789").retry(RetryPolicy::never()).build().unwrap();
    let range = (time("2026-11-02T00:00:00Z"), time("2026-11-03T00:00:00Z"));
    let mut items = pingone.activities(range.0, range.1).items();
    loop {
        match items.try_next().await {
            Ok(item) => assert!(item.is_some(), "the walk ended"),
            Err(error) => return error,
        }
    }
}

#[tokio::test]
async fn p4_a_redirect_to_another_origin_never_sees_the_token() {
    let line = "authorization: Bearer key-0123456789";
    origins::check_redirects(line, async |url| walk(url).await).await;
}

#[tokio::test]
async fn p4_a_next_link_to_another_origin_is_refused_before_the_token_is_attached() {
    let sent = origins::elsewhere(
        |other| {
            let body = page([9], Some("cursor=a")).replace("https://api.pingone.eu", other);
            format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
        },
        walk,
    )
    .await;
    assert_eq!(sent.error.kind(), ErrorKind::Origin, "{}", sent.error);
    assert!(sent.error.checkpoint().is_some());
    assert!(!sent.followed, "the other server was asked");
}

#[tokio::test(start_paused = true)]
async fn p4_a_link_of_another_region_or_path_is_refused() {
    for (from, to) in [
        ("api.pingone.eu", "api.pingone.com"),
        ("api.pingone.eu", "auth.pingone.eu"),
        ("api.pingone.eu", "api.pingone.eu.evil.example"),
        ("api.pingone.eu", "key@api.pingone.eu"),
        ("/activities?", "/users?"),
        (ENVIRONMENT, "00000000-0000-4000-8000-0000000000e2"),
    ] {
        let body = page([9], Some("cursor=a")).replace(from, to);
        let script = Scripted::new([Reply::json(body)]);
        let mut items = activities(&script).items();
        assert!(items.try_next().await.unwrap().is_some());
        let error = items.try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Origin, "{to}: {error}");
        assert_eq!(script.sent().len(), 1, "{to}");
    }
}

/// Behind a gateway or a custom domain the service still names its own host in links.
#[tokio::test(start_paused = true)]
async fn p4_a_link_to_the_regions_own_host_is_rebased_onto_the_gateway() {
    let pages = [page([9], Some("cursor=a")), page([8], None)];
    let script = Scripted::new(pages.map(Reply::json));
    let builder = Client::builder(Region::Europe, ENVIRONMENT).base_url("https://gate.example/p1");
    let pingone = builder.token("key").transport(script.clone()).build().unwrap();
    let range = (time("2026-11-02T00:00:00Z"), time("2026-11-03T00:00:00Z"));
    assert_eq!(ids(&mut pingone.activities(range.0, range.1).items()).await, [9, 8]);
    let rebased = ACTIVITIES.replace("https://api.pingone.eu", "https://gate.example/p1");
    assert_eq!(script.urls()[1], format!("{rebased}?cursor=a"));
}

#[test]
fn p4_a_client_and_its_builder_never_show_the_token() {
    let builder = Client::builder(Region::Europe, ENVIRONMENT).token("key-0123456789");
    let client = builder.clone().build().unwrap();
    let shown = format!("{builder:?} {client:?} {:?}", client.user_activities());
    assert!(!shown.contains("key-0123456789"), "{shown}");
}
