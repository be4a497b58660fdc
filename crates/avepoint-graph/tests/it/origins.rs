//! The key goes to its own origin only (P4), over real sockets: two servers.

use avepoint_graph::{Client, Environment, ErrorKind, RetryPolicy};
use signin_contract::origins;

fn client(url: &str) -> Client {
    let builder = Client::builder(Environment::Commercial).base_url(url).token("key-0123456789");
    builder.retry(RetryPolicy::never()).build().unwrap()
}

#[tokio::test]
async fn p4_a_redirect_to_another_origin_never_sees_the_key() {
    let line = "authorization: Bearer key-0123456789";
    origins::check_redirects(line, async |url| {
        client(&url).sign_ins("c", "t").first_page().await.unwrap_err()
    })
    .await;
}

#[test]
fn p4_a_base_url_that_would_show_the_key_is_refused() {
    for url in [
        "http://graph.example",
        "http://10.0.0.1",
        "http://localhost.example",
        "ftp://graph.example",
    ] {
        let error = Client::builder(Environment::Commercial)
            .base_url(url)
            .token("key-0123456789")
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{url}");
    }
}

#[test]
fn p4_a_client_and_its_builder_never_show_the_key() {
    let builder = Client::builder(Environment::Commercial).token("key-0123456789");
    let client = builder.clone().build().unwrap();
    let shown = format!(
        "{builder:?} {client:?} {:?} {:?} {:?}",
        client.sign_ins("c", "t"),
        client.sign_ins("c", "t").items(),
        client.all_sign_ins().items()
    );
    assert!(!shown.contains("key-0123456789"), "{shown}");
}
