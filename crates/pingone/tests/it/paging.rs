//! The traps of PingOne's paging (P1), limits (P6), and what a pager reports.

use std::time::Duration;

use pingone::{ErrorKind, Warning};
use signin_core::testing::{Reply, Scripted};
use tokio::time::Instant;

use crate::{ACTIVITIES, activities, client, ids, page, time};

/// Walks a day's events over these pages.
async fn pager(pages: &[String]) -> (Vec<u64>, Vec<String>, bool) {
    let script = Scripted::new(pages.iter().map(|page| Reply::json(page.clone())));
    let mut items = activities(&script).items();
    let ids = ids(&mut items).await;
    (ids, script.urls(), items.report().is_complete())
}

#[tokio::test(start_paused = true)]
async fn p1_links_are_followed_as_they_are_to_the_page_without_one() {
    let link = "limit=5&cursor=aW52ZW50ZWQ%3D";
    let (ids, urls, complete) = pager(&[page([9, 8], Some(link)), page([7], None)]).await;
    assert_eq!(ids, [9, 8, 7]);
    assert_eq!(urls[1], format!("{ACTIVITIES}?{link}"));
    assert!(complete);
}

#[tokio::test(start_paused = true)]
async fn p1_an_empty_object_of_links_is_an_end_and_a_missing_list_is_none() {
    let (ids, _, complete) = pager(&[page([9], None).replace(r#""self":{"href":"x"}"#, "")]).await;
    assert_eq!((ids, complete), (vec![9], true));
    let script = Scripted::respond(|_| Reply::json(r#"{"_links":{},"_embedded":{}}"#));
    let error = activities(&script).items().try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

/// HAL leaves out what holds nothing.
#[tokio::test(start_paused = true)]
async fn p1_a_page_without_a_list_that_counts_0_is_empty_and_its_link_is_followed() {
    for empty in [
        r#"{"_links":{"self":{"href":"x"}},"_embedded":{},"count":0,"size":0}"#,
        r#"{"_links":{},"count":0}"#,
        r#"{"_embedded":null,"size":0}"#,
    ] {
        let (ids, urls, complete) = pager(&[empty.to_owned()]).await;
        assert_eq!((ids, urls.len(), complete), (vec![], 1, true), "{empty}");
    }
    let link = format!("{ACTIVITIES}?cursor=a");
    let goes_on = format!(r#"{{"_links":{{"next":{{"href":"{link}"}}}},"count":0,"size":0}}"#);
    let (ids, urls, complete) = pager(&[goes_on, page([9], None)]).await;
    assert_eq!((ids, complete), (vec![9], true));
    assert_eq!(urls[1], link);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_comes_again_on_the_next_page_is_handed_out_once() {
    let pages = [page([9, 8, 7], Some("cursor=a")), page([7, 6], None)];
    assert_eq!(pager(&pages).await.0, [9, 8, 7, 6]);
}

/// Several events share a millisecond: times tell nothing apart.
#[tokio::test(start_paused = true)]
async fn events_with_one_time_are_told_apart_by_id() {
    assert_eq!(pager(&[page([11, 10, 9, 8], None)]).await.0, [11, 10, 9, 8]);
}

/// The service leaves out what it no longer keeps. Its own clock tells, not ours.
#[tokio::test(start_paused = true)]
async fn p1_a_range_that_begins_before_what_is_kept_is_not_complete() {
    for (date, complete) in [
        ("Mon, 16 Nov 2026 00:00:59 GMT", true),
        ("Mon, 16 Nov 2026 00:01:01 GMT", false),
        ("not a date", true),
    ] {
        let pages = [page([9], Some("cursor=a")), page([8], None)];
        let script = Scripted::new(pages.map(|page| Reply::json(page).header("date", date)));
        let mut items = activities(&script).items();
        assert_eq!(ids(&mut items).await, [9, 8]);
        let warnings = &items.report().warnings;
        assert_eq!(items.report().is_complete(), complete, "{date}: {warnings:?}");
        if !complete {
            assert_eq!(*warnings, [Warning::NotKept { days: 14 }], "told once");
            assert!(warnings[0].to_string().contains("keeps 14 days"), "{}", warnings[0]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p6_no_more_requests_start_than_one_ip_is_given() {
    let script = Scripted::respond(|_| Reply::json(page([], None)));
    let pingone = client(&script);
    for _ in 0..40 {
        let range = (time("2026-11-02T00:00:00Z"), time("2026-11-03T00:00:00Z"));
        pingone.clone().activities(range.0, range.1).first_page().await.unwrap();
    }
    let starts: Vec<Instant> = script.sent().iter().map(|sent| sent.at).collect();
    for window in starts.windows(4) {
        assert!(window[3] - window[0] >= Duration::from_secs(1));
    }
    assert!(starts[39] - starts[0] < Duration::from_secs(15), "no slower than it must be");

    let script = Scripted::respond(|_| Reply::json(r#"{"_embedded":{"userActivities":[]}}"#));
    let pingone = client(&script);
    for _ in 0..430 {
        pingone.user_activities().send().await.unwrap();
    }
    let starts: Vec<Instant> = script.sent().iter().map(|sent| sent.at).collect();
    for window in starts.windows(211) {
        assert!(window[210] - window[0] >= Duration::from_secs(60));
    }
    assert!(starts[429] - starts[0] < Duration::from_secs(125), "no slower than it must be");
}

#[tokio::test(start_paused = true)]
async fn p6_a_429_pauses_its_own_endpoint_only() {
    let mut refused = false;
    let script = Scripted::respond(move |sent| {
        if sent.url.contains("/userActivities") {
            return Reply::json(r#"{"_embedded":{"userActivities":[]}}"#);
        }
        match std::mem::replace(&mut refused, true) {
            false => Reply::status(429).header("retry-after", "30"),
            true => Reply::json(page([9], None)),
        }
    });
    let pingone = client(&script);
    let begun = Instant::now();
    let range = (time("2026-11-02T00:00:00Z"), time("2026-11-03T00:00:00Z"));
    let mut events = pingone.activities(range.0, range.1).items();
    let (events, counts) = tokio::join!(events.try_next(), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        pingone.user_activities().send().await.unwrap();
        begun.elapsed()
    });
    assert!(events.unwrap().is_some());
    assert!(counts < Duration::from_secs(2), "{counts:?}");
    assert!(begun.elapsed() >= Duration::from_secs(30));
}
