//! Next links: followed whole, and only while they lead on (P1).

use msgraph_signins::ErrorKind;
use signin_core::testing::{Reply, Scripted};

use crate::{client, link, page};

#[tokio::test(start_paused = true)]
async fn p1_a_link_that_comes_again_is_an_error_behind_the_records_that_were_good() {
    let script = Scripted::respond(|_| Reply::json(page([1], Some(&link("same")))));
    let mut items = client(&script).sign_ins().items();
    assert!(items.try_next().await.unwrap().is_some());
    let error = loop {
        match items.try_next().await {
            Ok(item) => assert!(item.is_some(), "never the end"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Paging, "{error}");
    assert!(!items.report().is_complete());
    assert!(script.sent().len() < 5);
}

#[tokio::test(start_paused = true)]
async fn p1_two_links_of_one_page_are_an_error_not_a_choice() {
    let body = format!(
        r#"{{"value":[],"@odata.nextLink":"{}","@odata.nextLink":"{}"}}"#,
        link("a"),
        link("b")
    );
    let script = Scripted::respond(move |_| Reply::json(body.clone()));
    let error = client(&script).sign_ins().items().try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging, "{error}");
}

/// A skip token must never be taken out of its link: what stands beside it belongs to it.
#[tokio::test(start_paused = true)]
async fn p1_the_whole_link_is_followed_with_options_that_nobody_asked_for() {
    let next =
        "https://graph.microsoft.com/V1.0/AuditLogs/SignIns?$skiptoken=a%2Bb&$foo=(1)&cell=7";
    let script = Scripted::new([Reply::json(page([1], Some(next))), Reply::json(page([], None))]);
    crate::ids(&mut client(&script).sign_ins().items()).await;
    assert_eq!(script.urls()[1], next);
}

#[tokio::test(start_paused = true)]
async fn p1_null_and_empty_links_are_the_end() {
    for end in ["null", "\"\""] {
        let body = format!(r#"{{"value":[],"@odata.nextLink":{end}}}"#);
        let script = Scripted::new([Reply::json(body)]);
        let mut items = client(&script).sign_ins().items();
        assert!(items.try_next().await.unwrap().is_none());
        assert!(items.report().is_complete());
    }
}
