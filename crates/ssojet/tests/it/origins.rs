//! The token goes to its own origin only, and is shown nowhere (P4).

use ssojet::Client;

#[tokio::test]
async fn p4_a_cursor_that_looks_like_an_address_is_sent_as_text_to_the_own_origin() {
    use signin_core::testing::{Reply, Scripted};
    let first = crate::page([1], Some("https://evil.example/?x=1"));
    let script = Scripted::new([first, crate::page([2], None)].map(Reply::json));
    crate::seconds(&mut crate::client(&script).login_logs("u").items()).await;
    let urls = script.urls();
    assert!(urls.iter().all(|url| url.starts_with("https://api.ssojet.com/api/v1/")), "{urls:?}");
    assert!(urls[1].ends_with("&cursor=https%3A%2F%2Fevil.example%2F%3Fx%3D1"), "{}", urls[1]);
}

#[test]
fn p4_a_client_and_its_builder_never_show_the_token() {
    for builder in [
        Client::builder("app-1").token("sk_live_0123456789"),
        Client::builder("app-1").client_secret("sk_live_0123456789"),
    ] {
        let client = builder.clone().build().unwrap();
        let shown = format!(
            "{builder:?} {client:?} {:?} {:?}",
            client.login_logs("u").items(),
            client.all_sign_ins().items()
        );
        assert!(!shown.contains("sk_live"), "{shown}");
    }
}
