//! What the list gives: all pages, each record once, every revision.

use msgraph_signins::{ErrorKind, decode_sign_ins};
use signin_core::testing::{Reply, Scripted};

use crate::{client, ids, link, page, row};

#[tokio::test(start_paused = true)]
async fn p1_short_and_empty_pages_are_no_end_only_a_missing_link_is() {
    let script = Scripted::new([
        Reply::json(page([5, 4], Some(&link("a")))),
        Reply::json(page([], Some(&link("b")))),
        Reply::json(page([], Some(&link("c")))),
        Reply::json(page([3], Some(&link("d")))),
        Reply::json(page([2, 1], None)),
    ]);
    let mut items = client(&script).sign_ins().items();
    assert_eq!(ids(&mut items).await, ["5", "4", "3", "2", "1"]);
    assert!(items.report().is_complete(), "{:?}", items.report());
}

#[tokio::test(start_paused = true)]
async fn p1_a_record_that_comes_twice_is_handed_out_once() {
    let script = Scripted::new([
        Reply::json(page([5, 4, 4], Some(&link("a")))),
        Reply::json(page([4, 3], None)),
    ]);
    let mut items = client(&script).sign_ins().items();
    assert_eq!(ids(&mut items).await, ["5", "4", "3"]);
    assert_eq!(items.report().duplicates, 2);
}

#[tokio::test(start_paused = true)]
async fn p2_a_changed_revision_of_a_record_is_handed_out_again() {
    let revision = r#"{"id":"4","riskState":"atRisk"}"#;
    let body = format!(r#"{{"value":[{},{revision},{}]}}"#, row(4), row(4));
    let script = Scripted::new([Reply::json(body)]);
    let mut items = client(&script).sign_ins().items();
    assert_eq!(ids(&mut items).await, ["4", "4"]);
    assert_eq!(items.report().duplicates, 1);
}

#[tokio::test(start_paused = true)]
async fn p2_a_page_of_every_kind_of_sign_in_is_read_and_its_link_followed_as_it_is() {
    let text = include_str!("../../../../fixtures/msgraph/sign_ins.page.json");
    assert_eq!(decode_sign_ins(text.as_bytes()).unwrap().items().count(), 3);
    let last = include_str!("../../../../fixtures/msgraph/sign_ins.last_page.json");
    let script = Scripted::new([Reply::json(text), Reply::json(last)]);
    let kinds = msgraph_signins::SignInEventType::ALL;
    let mut items = client(&script).sign_ins().event_types(kinds).top(3).items();
    assert_eq!(ids(&mut items).await.len(), 3);
    // The path's other case, `$`, `(` and `+` are left as they came.
    assert_eq!(
        script.urls()[1],
        "https://graph.microsoft.com/beta/auditLogs/signins?$filter=createdDateTime+ge+2026-02-03T08:00:00Z+and+\
         signInEventTypes/any(t:t+eq+%27servicePrincipal%27+or+t+eq+%27managedIdentity%27+or+t+eq+%27nonInteractiveUser%27)\
         &$top=3&$skiptoken=example-page-2"
    );
}

#[tokio::test(start_paused = true)]
async fn p2_a_bad_record_is_handed_over_raw_while_its_neighbours_arrive_typed() {
    let bad = r#"{"id":"2","createdDateTime":"yesterday"}"#;
    let body = format!(r#"{{"value":[{},{bad},{}]}}"#, row(3), row(1));
    let script = Scripted::new([Reply::json(body)]);
    let mut items = client(&script).sign_ins().items();
    assert!(items.try_next().await.unwrap().is_some());
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.rejected().unwrap().raw(), bad);
    assert!(items.try_next().await.unwrap().is_some());
    assert!(items.try_next().await.unwrap().is_none());
}
