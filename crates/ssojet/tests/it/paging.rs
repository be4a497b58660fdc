//! The traps of SSOJet's two bodies and of its cursors (P1), limits (P6), and what a pager reports.

use std::time::Duration;

use signin_core::testing::{Reply, Scripted};
use ssojet::{ErrorKind, Operation};
use tokio::time::Instant;

use crate::{client, older, page, seconds};

/// Walks a user's login logs; gives what was yielded and the cursors that were sent.
async fn pager(pages: impl IntoIterator<Item = String>) -> (Vec<u64>, Vec<String>) {
    let script = Scripted::new(pages.into_iter().map(Reply::json));
    let mut items = client(&script).login_logs("u").items();
    let got = seconds(&mut items).await;
    assert!(items.report().is_complete(), "{:?}", items.report());
    assert_eq!(items.report().duplicates, 0);
    let cursor = |url: &String| url.split_once("&cursor=").map(|(_, cursor)| cursor.to_owned());
    (got, script.urls().iter().filter_map(cursor).collect())
}

#[tokio::test(start_paused = true)]
async fn the_body_of_2024_is_one_page_that_holds_everything() {
    assert_eq!(pager([older([1, 2, 3])]).await, (vec![1, 2, 3], vec![]));
    assert_eq!(pager([older([])]).await, (vec![], vec![]));
}

#[tokio::test(start_paused = true)]
async fn p1_the_newer_body_is_walked_until_its_cursor_is_null_or_empty_or_absent() {
    let absent = page([4], None).replace(r#","next_cursor":null"#, "");
    for last in [page([4], None), page([4], Some("")), absent] {
        let pages = [page([1, 2], Some("b")), page([3], Some("c")), last];
        assert_eq!(pager(pages).await, (vec![1, 2, 3, 4], vec!["b".into(), "c".into()]));
    }
}

/// Nothing says that both bodies never meet: a deployment may change during a pager.
#[tokio::test(start_paused = true)]
async fn a_body_may_change_from_page_to_page_and_the_older_one_may_have_a_cursor() {
    let cursor = older([3]).replace(r#""login_logs""#, r#""next_cursor":"c","login_logs""#);
    let pages = [page([1, 2], Some("b")), cursor, older([4])];
    assert_eq!(pager(pages).await, (vec![1, 2, 3, 4], vec!["b".into(), "c".into()]));
}

#[tokio::test(start_paused = true)]
async fn p5_a_cursor_is_opaque_and_sent_back_as_it_came() {
    let pages = [page([1], Some("a+b/c== &x=%2B#é")), page([2], None)];
    assert_eq!(pager(pages).await.1, ["a%2Bb%2Fc%3D%3D%20%26x%3D%252B%23%C3%A9"]);
    let number = page([1], Some("x")).replace(r#""x""#, "18446744073709551616");
    assert_eq!(pager([number, page([2], None)]).await.1, ["18446744073709551616"]);
}

#[tokio::test(start_paused = true)]
async fn p2_records_that_are_alike_are_all_handed_out() {
    assert_eq!(pager([older([1, 1, 2, 2, 2])]).await.0, [1, 1, 2, 2, 2]);
    let pages = [page([1, 1], Some("b")), page([1, 1], Some("c")), page([1], None)];
    assert_eq!(pager(pages).await.0, [1; 5]);
}

#[tokio::test(start_paused = true)]
async fn a_walk_may_begin_at_a_cursor_from_elsewhere() {
    let script = Scripted::new([Reply::json(page([3], Some("d"))), Reply::json(page([4], None))]);
    let mut items = client(&script).login_logs("u").cursor("c").items();
    assert_eq!(seconds(&mut items).await, [3, 4]);
    let ends: Vec<_> =
        script.urls().iter().map(|url| url.split_once("login&").unwrap().1.to_owned()).collect();
    assert_eq!(ends, ["cursor=c", "cursor=d"]);
}

#[tokio::test(start_paused = true)]
async fn p2_a_bad_record_comes_in_its_place_and_the_walk_goes_on() {
    let body = older([1, 2]).replacen(r#""IpAddress":"192.0.2.1""#, r#""IpAddress":[]"#, 1);
    let script = Scripted::new([Reply::json(body)]);
    let mut items = client(&script).login_logs("u").items();
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.rejected().unwrap().mismatch().path(), "/IpAddress");
    assert_eq!(seconds(&mut items).await, [2]);
    assert_eq!((items.report().records, items.report().rejected), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn p6_nothing_is_documented_of_limits_and_a_429_still_holds_all_clones() {
    let mut first = true;
    let script = Scripted::respond(move |_| match std::mem::take(&mut first) {
        true => Reply::status(429).header("retry-after", "2.5"),
        false => Reply::json(older([1])),
    });
    let ssojet = client(&script);
    assert!(ssojet.login_logs("u").rate_limits().is_empty());
    let begun = Instant::now();
    let (mut one, mut other) = (ssojet.login_logs("u").items(), ssojet.login_logs("v").items());
    assert_eq!(seconds(&mut one).await, [1]);
    assert_eq!(seconds(&mut other).await, [1]);
    let report = one.report();
    assert_eq!((report.requests, report.retries, report.throttled), (2, 1, 1));
    assert!(begun.elapsed() >= Duration::from_millis(2500));
    for sent in &script.sent()[1..] {
        assert!(sent.at - begun >= Duration::from_millis(2500));
    }
}
