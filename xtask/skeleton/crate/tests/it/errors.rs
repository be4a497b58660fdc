//! Errors that say what to do (P8).

use newvendor::{Client, ErrorKind, RetryPolicy};
use signin_core::testing::{Reply, Scripted};

#[tokio::test(start_paused = true)]
async fn an_error_says_what_the_service_said() {
    let body = r#"{"code":"no_right","message":"No right to read"}"#;
    let script = Scripted::respond(move |_| Reply::status(403).body(body));
    let builder = Client::builder().token("key-0123456789").transport(script);
    let client = builder.retry(RetryPolicy::never()).build().unwrap();
    let error = client.sign_ins().first_page().await.unwrap_err();
    assert_eq!(error.vendor_code(), Some("no_right"));
    assert_eq!(error.vendor_message(), Some("No right to read"));
    assert!(error.to_string().contains("give the token the right to read sign-ins"), "{error}");
}

#[test]
fn one_credential_is_needed_and_no_more() {
    for builder in [Client::builder(), Client::builder().token("one-key").token("another-key")] {
        assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::Config);
    }
}
