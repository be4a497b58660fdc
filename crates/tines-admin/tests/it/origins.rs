//! The key goes to its own origin only (P4), over real sockets: two servers.

use signin_contract::origins::{self, listen, read_head};
use tines_admin::{Client, ErrorKind, RetryPolicy};
use tokio::io::AsyncWriteExt;

use crate::ids;

fn client(url: &str) -> Client {
    Client::builder(url).token("key-0123456789").retry(RetryPolicy::never()).build().unwrap()
}

#[tokio::test]
async fn p4_a_redirect_to_another_origin_never_sees_the_key() {
    let line = "authorization: Bearer key-0123456789";
    origins::check_redirects(line, async |url| {
        client(&url).signin_activities(72).first_page().await.unwrap_err()
    })
    .await;
}

#[tokio::test]
async fn p4_a_next_page_on_another_origin_never_sees_the_key() {
    let (first, first_url) = listen().await;
    let (second, second_url) = listen().await;
    let watch = tokio::spawn(async move { second.accept().await.is_ok() });
    let body = format!(
        r#"{{"admin/login_activities":[{{"id":1}}],"meta":{{"next_page":"{second_url}/?page=2","per_page":500}}}}"#
    );
    let last = r#"{"admin/login_activities":[],"meta":{}}"#;
    let server = tokio::spawn(async move {
        let mut seen = Vec::new();
        let (mut socket, _) = first.accept().await.unwrap();
        for body in [body.as_str(), last] {
            seen.push(read_head(&mut socket).await);
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            socket.write_all(answer.as_bytes()).await.unwrap();
        }
        seen
    });
    assert_eq!(ids(&mut client(&first_url).signin_activities(72).items()).await, [1]);
    assert_eq!(server.await.unwrap().len(), 2);
    assert!(!watch.is_finished(), "the other server was asked");
    watch.abort();
}

#[test]
fn p4_a_base_url_that_would_show_the_key_is_refused() {
    for url in [
        "http://acme.tines.com",
        "http://10.0.0.1",
        "http://localhost.example",
        "ftp://acme.tines.com",
    ] {
        let error = Client::builder(url).token("key-0123456789").build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{url}");
    }
}

#[test]
fn p4_a_client_and_its_builder_never_show_the_key() {
    let builder =
        Client::builder("acme.tines.com").user_token("key-0123456789").user_email("o@acme.example");
    let shown = format!(
        "{builder:?} {:?} {:?}",
        builder.clone().build(),
        builder.clone().build().unwrap().signin_activities(72).items()
    );
    assert!(!shown.contains("key-0123456789"), "{shown}");
}
