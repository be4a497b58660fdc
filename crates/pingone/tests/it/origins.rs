//! The token goes to its own region only, and is shown nowhere (P4).

use pingone::{Client, ErrorKind, Region};
use signin_core::testing::{Reply, Scripted};

use crate::{ENVIRONMENT, activities, page};

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

#[test]
fn p4_a_client_and_its_builder_never_show_the_token() {
    let builder = Client::builder(Region::Europe, ENVIRONMENT).token("key-0123456789");
    let client = builder.clone().build().unwrap();
    let shown = format!("{builder:?} {client:?} {:?}", client.user_activities());
    assert!(!shown.contains("key-0123456789"), "{shown}");
}
