//! Requests, as they are on the wire.

use newvendor::{Client, ErrorKind};
use signin_core::testing::{Reply, Scripted};

#[tokio::test(start_paused = true)]
async fn arguments_are_sent_as_they_are() {
    let script = Scripted::respond(|_| Reply::json(r#"{"data":[],"next":null}"#));
    let builder = Client::builder().token("key-0123456789").transport(script.clone());
    let client = builder.build().unwrap();
    client.sign_ins().first_page().await.unwrap();
    client.sign_ins().limit(7).cursor("a+b c").first_page().await.unwrap();
    let sent: Vec<_> = script.sent().into_iter().map(|request| request.url).collect();
    let base = "https://api.newvendor.example/v1/sign-ins";
    assert_eq!(sent, [base.to_owned(), format!("{base}?limit=7&cursor=a%2Bb%20c")]);
    let refused = client.sign_ins().limit(0).first_page().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Argument);
    assert_eq!(script.sent().len(), 2);
}
