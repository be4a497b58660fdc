//! Walks over a range of time: what holds for any list. The Microsoft Graph client tests more.

use std::time::Duration;

use signin_core::Windows;
use signin_core::testing::{Reply, Scripted, Sent};
use signin_core::vendor::Ranged;
use signin_core::{ErrorKind, RetryPolicy};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::api::{CURSOR, List, Row, assert_good_line, page, settings};

impl Ranged for List<Row> {
    fn between(&self, from: OffsetDateTime, to: OffsetDateTime) -> Self {
        let text = |at: OffsetDateTime| at.format(&Rfc3339).unwrap();
        Self { query: vec![("from", text(from)), ("to", text(to))], ..self.clone() }
    }
}

fn at(hour: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + time::Duration::hours(hour)
}

/// The hours that a request asks for.
fn hours(sent: &Sent) -> i64 {
    let (_, query) = sent.url.split_once('?').unwrap();
    let times: Vec<_> = query
        .split('&')
        .take(2)
        .map(|pair| pair.split_once('=').unwrap().1.replace("%3A", ":"))
        .map(|text| OffsetDateTime::parse(&text, &Rfc3339).unwrap())
        .collect();
    (times[1] - times[0]).whole_hours()
}

fn pager(script: &Scripted, list: List<Row>, to: i64) -> Windows<List<Row>> {
    let mut settings = settings("https://api.example");
    settings.set_transport(script.clone());
    settings.set_retry(RetryPolicy::never());
    let windows = settings.build().unwrap().windows(list, at(0), at(to));
    windows.length(Duration::from_secs(8 * 3600)).concurrency(1)
}

async fn drain(pager: &mut Windows<List<Row>>) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(row) = pager.try_next().await.unwrap() {
        ids.push(row.id.as_ref().unwrap().to_string());
    }
    ids
}

/// Two pages, the second one of which is too much for a window of more than 4 hours.
fn too_much(sent: &Sent) -> Reply {
    match (sent.url.contains("cursor="), hours(sent) > 4) {
        (false, _) => Reply::json(page(r#"{"id":"a"},{"id":"b"}"#, r#""cursor":"2""#)),
        (true, true) => Reply::status(504),
        (true, false) => Reply::json(page(r#"{"id":"c"}"#, "")),
    }
}

#[tokio::test(start_paused = true)]
async fn p2_where_records_that_are_alike_may_differ_none_is_left_out_of_a_window_that_is_read_again()
 {
    for (list, expected) in [
        // The halves are scripted to hold the same rows: for a list with ids these are repeats.
        (List::new(CURSOR).keyed(), vec!["a", "b", "c", "c"]),
        (List::new(CURSOR).alike(), vec!["a", "b", "a", "b", "c", "a", "b", "c"]),
    ] {
        let script = Scripted::respond(too_much);
        assert_eq!(drain(&mut pager(&script, list, 8)).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_service_that_stays_too_slow_is_an_error_after_few_halvings() {
    let script = Scripted::respond(|_| Reply::status(504));
    let mut pager = pager(&script, List::new(CURSOR).keyed(), 100);
    let error = pager.try_next().await.unwrap_err();
    assert_eq!(error.status(), Some(504));
    assert_good_line(&error);
    assert!(error.checkpoint().is_some());
    assert!(script.sent().len() <= 10, "{}", script.sent().len());
}

#[tokio::test(start_paused = true)]
async fn p6_a_service_that_asks_for_minutes_is_left_to_the_caller() {
    for (pause, requests) in [("119", 2..20), ("121", 1..2)] {
        let script = Scripted::respond(move |_| Reply::status(429).header("retry-after", pause));
        let error = pager(&script, List::new(CURSOR).keyed(), 8).try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Throttled);
        assert!(requests.contains(&script.sent().len()), "{pause}: {}", script.sent().len());
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_list_and_a_walk_over_its_range_do_not_take_each_others_checkpoints() {
    let script = Scripted::respond(|_| Reply::json(page(r#"{"id":"a"}"#, r#""cursor":"2""#)));
    let list = List::new(CURSOR).keyed();
    let mut windows = pager(&script, list.clone(), 8);
    windows.try_next().await.unwrap();
    let mut settings = settings("https://api.example");
    settings.set_transport(script.clone());
    let client = settings.build().unwrap();
    let mut items = client.items(list.between(at(0), at(8)));
    items.try_next().await.unwrap();
    let error = pager(&script, list.clone(), 8).resume(items.checkpoint().unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Checkpoint);
    let items = client.items(list.between(at(0), at(8)));
    let error = items.resume(windows.checkpoint().unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Checkpoint);
    let shown = format!("{:?}", windows.checkpoint().unwrap());
    assert!(shown.contains("in the window from 1970-01-01T00:00:00Z"), "{shown}");
}
