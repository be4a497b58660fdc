//! Customers: what is sent, and that the POST is a read.

use avepoint_graph::{ErrorKind, Id};
use signin_core::testing::{Reply, Scripted};

use crate::client;

const CUSTOMERS: &str = include_str!("../../../../fixtures/avepoint/customers.json");
const URL: &str = "https://graph.avepointonlineservices.com/partner/external/v3/general/customers/batch?pageSize=100&pageIndex=1";

#[tokio::test(start_paused = true)]
async fn p5_customers_are_asked_for_by_a_post_with_a_body() {
    let script = Scripted::respond(|_| Reply::json(CUSTOMERS));
    client(&script).customers().first_page().await.unwrap();
    let some = client(&script).customers().customer_ids(["c-1", "c\"2\\"]);
    let page = some.first_page().await.unwrap();
    assert_eq!(page.items().count(), 2);
    let sent = script.sent();
    let bodies: Vec<_> = sent.iter().map(|sent| str::from_utf8(&sent.body).unwrap()).collect();
    assert_eq!(bodies, ["{}", r#"{"customerIds":["c-1","c\"2\\"]}"#]);
    for sent in &sent {
        assert_eq!((sent.method.as_str(), sent.url.as_str()), ("POST", URL));
        assert_eq!(sent.header("content-type"), Some("application/json"));
    }
}

#[tokio::test(start_paused = true)]
async fn p6_customers_are_a_read_and_tried_again() {
    let script = Scripted::new([
        Reply::status(503),
        Reply::status(429).header("retry-after", "1"),
        Reply::json("{\"data\":["),
        Reply::json(CUSTOMERS),
    ]);
    let page = client(&script).customers().first_page().await.unwrap();
    assert_eq!((page.items().count(), script.sent().len()), (2, 4));
}

#[tokio::test(start_paused = true)]
async fn no_customers_at_all_are_refused_since_the_service_would_give_all() {
    let script = Scripted::new([]);
    let none: [Id; 0] = [];
    let error =
        client(&script).customers().customer_ids(none.clone()).first_page().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    let mut all = client(&script).all_sign_ins().customer_ids(none).items();
    assert_eq!(all.try_next().await.unwrap_err().kind(), ErrorKind::Argument);
    assert!(script.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_of_other_customers_is_refused() {
    let script = Scripted::respond(|_| Reply::json(CUSTOMERS));
    let of = |ids: &[&str]| client(&script).customers().customer_ids(ids.to_vec()).items();
    let mut first = of(&["a"]);
    first.try_next().await.unwrap();
    let checkpoint = first.checkpoint().unwrap();
    assert!(of(&["a"]).resume(checkpoint.clone()).is_ok());
    let refused = of(&["b"]).resume(checkpoint).unwrap_err();
    assert!(refused.to_string().contains("another body"), "{refused}");
}
