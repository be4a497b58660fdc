//! P7: what a hostile body and a long pager cost in memory, by the process's own peak. A binary of its
//! own, since tests of one process share that peak; here they run one at a time.
#![cfg(all(feature = "testing", target_os = "linux"))]
#![allow(
    clippy::await_holding_lock,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    missing_docs,
    reason = "tests, with what they share with the other binary"
)]

#[path = "../it/api.rs"]
mod api;

use std::sync::{Mutex, MutexGuard, PoisonError};

use signin_core::PageField;
use signin_core::testing::{Reply, Scripted};
use signin_core::{ErrorKind, Json, Page, PageLayout, RetryPolicy, Warning};

use crate::api::{CURSOR, List, Row, list_of, numbered, page, scripted, settings};

const DATA: PageLayout = PageLayout(&[(PageField::Records, &["data"])]);
const MIB: usize = 1024 * 1024;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The process's peak of memory in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: usize = line.trim().strip_suffix(" kB").unwrap().parse().unwrap();
    kilobytes * 1024
}

/// Lets the peak begin anew at what is in memory now, and says how much that is.
fn reset_peak() -> usize {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    peak()
}

/// How much the peak grows, in mebibytes.
fn growth<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = reset_peak();
    let done = work();
    (done, peak().saturating_sub(before) / MIB)
}

#[test]
fn p7_a_page_of_tiny_records_costs_a_bounded_multiple_of_its_bytes() {
    let _alone = alone();
    let body = list_of("0", 2 * MIB);
    let (page, grown) = growth(|| Page::<Json>::decode(&body, &DATA).map(|page| page.rows().len()));
    assert!(grown <= 64, "{grown} MiB for a page of {} MiB: {page:?}", body.len() / MIB);
}

#[test]
fn p7_a_page_of_tiny_records_that_do_not_fit_costs_a_bounded_multiple_of_its_bytes() {
    let _alone = alone();
    let body = list_of("0", 2 * MIB);
    let (page, grown) = growth(|| Page::<Row>::decode(&body, &DATA).map(|page| page.rows().len()));
    assert!(grown <= 64, "{grown} MiB for a page of {} MiB: {page:?}", body.len() / MIB);
}

#[tokio::test(start_paused = true)]
async fn p7_an_error_body_costs_a_bounded_multiple_of_its_bytes() {
    let _alone = alone();
    let body = list_of("[]", 2 * MIB);
    let mut settings = settings("https://api.example");
    settings.set_retry(RetryPolicy::never());
    settings.set_transport(Scripted::new([Reply::status(400).body(body)]));
    let client = settings.build().unwrap();
    let before = reset_peak();
    let error = client.execute(&List::<Json>::new(CURSOR)).await.map(drop).unwrap_err();
    let grown = peak().saturating_sub(before) / MIB;
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(grown <= 24, "{grown} MiB for an error body of 6 MiB");
}

#[tokio::test(start_paused = true)]
async fn p7_a_long_walk_keeps_a_page_not_the_list() {
    let _alone = alone();
    let rows: Vec<_> =
        (0..100).map(|n| format!(r#"{{"id":"{n}","zz":"{}"}}"#, "x".repeat(500))).collect();
    let records = rows.join(",");
    let mut number = 0;
    let script = Scripted::respond(move |_| {
        number += 1;
        let rest = if number < 3000 { format!(r#""cursor":{number}"#) } else { String::new() };
        Reply::json(page(&format!(r#"{records},{{"id":"last of {number}"}}"#), &rest))
    });
    let mut items = scripted(script).items(List::<Row>::new(CURSOR));
    let mut count = 0;
    let before = reset_peak();
    while items.try_next().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, 303_000);
    let grown = peak().saturating_sub(before) / MIB;
    assert!(grown < 16, "{grown} MiB more after 160 MB of records");
}

/// 60 MB of records, 10 kB a page.
#[tokio::test(start_paused = true)]
async fn p7_1_000_walks_at_once_hold_a_page_each() {
    let _alone = alone();
    let rows: Vec<_> =
        (0..4).map(|n| format!(r#"{{"id":"{n}","zz":"{}"}}"#, "x".repeat(2_480))).collect();
    let records = rows.join(",");
    let script = Scripted::respond(move |sent| {
        let page_at = |cursor: &str| cursor.parse::<u32>().unwrap();
        let number = sent.url.split_once("cursor=").map_or(1, |(_, cursor)| page_at(cursor));
        let rest = if number < 6 { format!(r#""cursor":{}"#, number + 1) } else { String::new() };
        Reply::json(page(&records, &rest))
    });
    let client = scripted(script);
    let before = reset_peak();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..1_000 {
        let mut items = client.items(List::<Row>::new(CURSOR));
        tasks.spawn(async move {
            let mut count = 0;
            while items.try_next().await.unwrap().is_some() {
                count += 1;
                // So that all stand in the middle of a page at once.
                tokio::task::yield_now().await;
            }
            count
        });
    }
    let count: u32 = tasks.join_all().await.into_iter().sum();
    let grown = peak().saturating_sub(before) / MIB;
    assert_eq!(count, 24_000);
    assert!(grown < 40, "{grown} MiB more for 1,000 pages of 10 kB");
}

#[tokio::test(start_paused = true)]
async fn p7_a_record_that_is_kept_keeps_no_page() {
    let _alone = alone();
    let rows: Vec<_> =
        (0..1000).map(|n| format!(r#"{{"id":"{n}","zz":"{}"}}"#, "x".repeat(1000))).collect();
    let records = rows.join(",");
    let mut number = 0;
    let script = Scripted::respond(move |_| {
        number += 1;
        let rest = if number < 100 { format!(r#""cursor":{number}"#) } else { String::new() };
        Reply::json(page(&format!(r#"{records},{{"id":"last of {number}"}}"#), &rest))
    });
    let mut items = scripted(script).items(List::<Row>::new(CURSOR));
    let mut kept = Vec::new();
    let before = reset_peak();
    let mut count = 0;
    while let Some(record) = items.try_next().await.unwrap() {
        count += 1;
        match count % 1001 {
            1 => kept.push(record),
            2 => kept.push(record.clone()),
            _ => {}
        }
    }
    assert_eq!(kept.len(), 200);
    let grown = peak().saturating_sub(before) / MIB;
    assert!(grown < 32, "{grown} MiB more for 200 records of 100 pages of 1 MB");
}

/// 400,000 fingerprints and a page; a set of them all that grows would be there twice for a moment.
#[tokio::test(start_paused = true)]
async fn p7_a_long_list_in_no_known_order_costs_its_fingerprints_not_its_records() {
    let _alone = alone();
    let mut number = 0;
    let script = Scripted::respond(move |_| {
        let ids = number * 1000..(number + 1) * 1000;
        number += 1;
        let rows = ids.filter(|id| *id < 410_000);
        let rows: Vec<_> =
            rows.map(|id| format!(r#"{{"id":{id},"zz":"{}"}}"#, "x".repeat(80))).collect();
        Reply::json(page(&rows.join(","), r#""meta":{"total":410000}"#))
    });
    let list = List::<Row>::new(numbered(1000, false)).keyed().unordered();
    let mut items = scripted(script).items(list);
    let mut count = 0;
    let before = reset_peak();
    while items.try_next().await.unwrap().is_some() {
        count += 1;
    }
    let grown = peak().saturating_sub(before) / MIB;
    assert_eq!(count, 410_000);
    assert_eq!(items.report().warnings, [Warning::TooLongToCompare]);
    assert!(grown < 10, "{grown} MiB more after 40 MB of records");
}
