//! Long ranges, window by window: complete, without gaps, halved and resumed (P1, P3, P6).

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use msgraph_signins::{Checkpoint, Client, ErrorKind, RetryPolicy, SignIns, Warning, Windows};
use signin_contract::earlier;
use signin_core::testing::{Reply, Scripted, Sent};
use time::OffsetDateTime;

use crate::TENANT;
use crate::tenant::{Asked, asked, at, rows, serve};

const START: &str = "2026-02-01T00:00:00Z";
const END: &str = "2026-02-04T00:00:00Z";

/// How far after what is kept a pager begins.
const MARGIN: time::Duration = time::Duration::minutes(5);

type Rows = Vec<(OffsetDateTime, String)>;

fn graph(script: &Scripted) -> Client {
    let builder = Client::builder(TENANT).token("token").transport(script.clone());
    builder.retry(RetryPolicy::never()).build().unwrap()
}

fn pager(script: &Scripted) -> Windows<SignIns> {
    graph(script).sign_ins().top(50).window(at(START), at(END))
}

/// A tenant of these rows.
fn tenant(rows: &Rows) -> Scripted {
    let rows = rows.clone();
    Scripted::respond(move |sent| serve(&rows, sent))
}

/// A tenant of these rows that answers otherwise where `trouble` says so.
fn troubled(
    rows: &Rows,
    mut trouble: impl FnMut(&Asked) -> Option<Reply> + Send + 'static,
) -> Scripted {
    let rows = rows.clone();
    Scripted::respond(move |sent| trouble(&asked(sent)).unwrap_or_else(|| serve(&rows, sent)))
}

async fn ids(pager: &mut Windows<SignIns>) -> Vec<u32> {
    let mut ids = Vec::new();
    while let Some(row) = pager.try_next().await.unwrap() {
        ids.push(row.id.as_ref().unwrap().parse().unwrap());
    }
    ids
}

fn sorted(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids
}

fn all(rows: &Rows) -> Vec<u32> {
    (0..u32::try_from(rows.len()).unwrap()).collect()
}

/// The first requests of windows, in order of time.
fn ranges(script: &Scripted) -> Vec<(OffsetDateTime, OffsetDateTime)> {
    let first = |sent: &Sent| !sent.url.contains("skiptoken");
    let sent = script.sent();
    let mut ranges: Vec<_> = sent
        .iter()
        .filter(|sent| first(sent))
        .map(asked)
        .map(|asked| (asked.from, asked.to))
        .collect();
    ranges.sort();
    ranges
}

#[tokio::test(start_paused = true)]
async fn p1_windows_give_every_record_once_and_leave_no_gap_between_them() {
    // One record on each boundary that windows of whole hours can have.
    let rows = rows(72 * 60, START, END);
    for concurrency in [1, 3, 8] {
        let script = tenant(&rows);
        let mut pager = pager(&script).concurrency(concurrency).fetch_ahead(concurrency - 1);
        assert_eq!(sorted(ids(&mut pager).await), all(&rows));
        let report = pager.report();
        assert!(report.is_complete(), "{report:?}");
        assert_eq!((report.records, report.duplicates), (72 * 60, 0));
        assert_eq!(pager.covered_until(), at(END));
        let ranges = ranges(&script);
        assert_eq!((ranges[0].0, ranges.last().unwrap().1), (at(START), at(END)));
        assert!(ranges.windows(2).all(|pair| pair[0].1 == pair[1].0), "{ranges:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn windows_come_in_order_and_grow_where_little_is_in_them() {
    let rows = rows(30, START, END);
    let script = tenant(&rows);
    let found = ids(&mut pager(&script).concurrency(1)).await;
    let hours: Vec<_> =
        ranges(&script).iter().map(|(from, to)| (*to - *from).whole_hours()).collect();
    assert_eq!(hours, [1, 2, 4, 8, 16, 24, 17]);
    // Within a window of 8 hours, the newest first.
    assert_eq!(found[..6], [0, 1, 2, 6, 5, 4], "{found:?}");
}

#[tokio::test(start_paused = true)]
async fn a_window_is_several_at_once_under_the_limits() {
    let rows = rows(300, START, END);
    let slow = {
        let rows = rows.clone();
        Scripted::respond(move |sent| serve(&rows, sent).after(Duration::from_secs(20)))
    };
    let begun = tokio::time::Instant::now();
    let mut pager =
        pager(&slow).length(Duration::from_secs(43_200)).longest(Duration::from_secs(43_200));
    assert_eq!(ids(&mut pager).await.len(), 300);
    let sent = slow.sent();
    assert_eq!(sent.len(), 6);
    assert_eq!(sent.iter().filter(|sent| sent.at == begun).count(), 3);
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(6 * 20), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn p1_a_window_that_is_too_much_is_read_in_halves_without_loss_or_repeats() {
    let rows = rows(2_000, START, END);
    type Trouble = fn() -> Reply;
    let troubles: [Trouble; 4] = [
        || Reply::status(504),
        || Reply::status(429).header("retry-after", "1"),
        || Reply::failure(signin_core::Step::Timeout, "no answer within 300 s"),
        || Reply::failure(signin_core::Step::TooLarge, "too large"),
    ];
    for trouble in troubles {
        for skip in [0, 50] {
            let script = troubled(&rows, move |asked| {
                (asked.skip >= skip && asked.length() > time::Duration::hours(2)).then(trouble)
            });
            let mut pager = pager(&script).length(Duration::from_secs(86_400));
            assert_eq!(sorted(ids(&mut pager).await), all(&rows));
            let report = pager.report();
            assert!(report.is_complete(), "{report:?}");
            assert_eq!(report.records, 2_000);
            assert_eq!(report.duplicates > 0, skip > 0, "{report:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p2_a_revision_that_appears_while_a_window_is_read_again_is_handed_out() {
    let rows = rows(200, START, END);
    let revised = Arc::new(Mutex::new(false));
    let script = Scripted::respond({
        let mut rows = rows.clone();
        move |sent| {
            let asked = asked(sent);
            if asked.skip >= 50 && asked.length() > time::Duration::days(2) {
                *revised.lock().unwrap() = true;
                rows[199].1 = rows[199].1.replace('}', r#","riskState":"atRisk"}"#);
                return Reply::status(504);
            }
            serve(&rows, sent)
        }
    });
    let day = Duration::from_secs(86_400);
    let mut pager = pager(&script).length(day * 3).longest(day * 3);
    let mut found = Vec::new();
    while let Some(row) = pager.try_next().await.unwrap() {
        if row.id.as_deref() == Some("199") {
            found.push(row.risk_state.is_some());
        }
    }
    assert_eq!(found, [false, true]);
    assert_eq!(pager.report().records, 201);
}

#[tokio::test(start_paused = true)]
async fn p1_a_link_that_dies_on_the_way_is_no_end() {
    let rows = rows(3_000, START, END);
    let dead = r#"{"error":{"code":"","message":"Invalid Skip Token"}}"#;
    let mut left = 5;
    let script = troubled(&rows, move |asked| {
        (asked.skip == 100 && left > 0).then(|| {
            left -= 1;
            Reply::status(400).body(dead)
        })
    });
    let mut pager = pager(&script).length(Duration::from_secs(43_200));
    assert_eq!(sorted(ids(&mut pager).await), all(&rows));
    assert!(pager.report().is_complete());
}

#[tokio::test(start_paused = true)]
async fn a_link_that_always_dies_is_an_error_in_the_end() {
    let rows = rows(3_000, START, END);
    let dead = |asked: &Asked| (asked.skip > 0).then(|| Reply::status(410));
    let mut pager = pager(&troubled(&rows, dead)).length(Duration::from_secs(86_400));
    // Windows of few records need no link: halving leads there.
    assert_eq!(sorted(ids(&mut pager).await), all(&rows));

    let crowded: Rows = rows.iter().map(|(_, json)| (at(START), json.clone())).collect();
    let script = troubled(&crowded, dead);
    let mut pager = graph(&script).sign_ins().top(50).window(at(START), at(END));
    let error = loop {
        match pager.try_next().await {
            Ok(row) => assert!(row.is_some(), "never the end"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Paging, "{error}");
    assert!(script.sent().len() < 40, "{}", script.sent().len());
    assert_eq!(pager.report().records, 50, "and none of them twice");
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_is_resumed_at_any_record_without_loss() {
    let rows = rows(500, START, END);
    for cut in [0, 1, 49, 50, 51, 120, 333, 499, 500] {
        let mut first = pager(&tenant(&rows));
        let mut got = Vec::new();
        for _ in 0..cut {
            got.push(
                first.try_next().await.unwrap().unwrap().id.as_ref().unwrap().parse().unwrap(),
            );
        }
        let text = first.checkpoint().unwrap().to_string();
        assert!(text.len() < 6_000, "{}", text.len());
        let script = tenant(&rows);
        let mut second = pager(&script).resume(text.parse().unwrap()).unwrap();
        got.extend(ids(&mut second).await);
        assert_eq!(sorted(got), all(&rows), "cut after {cut}");
        assert!(second.report().is_complete());
        assert!(ranges(&script).iter().all(|(from, _)| *from >= first.covered_until()));
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_link_that_died_since_is_tried_once_then_its_window_is_read_again() {
    let rows = rows(800, START, END);
    let hours = Duration::from_secs(86_400);
    let mut first = pager(&tenant(&rows)).length(hours).longest(hours);
    let mut got: Vec<u32> = Vec::new();
    for _ in 0..130 {
        got.push(first.try_next().await.unwrap().unwrap().id.as_ref().unwrap().parse().unwrap());
    }
    let checkpoint = first.checkpoint().unwrap();
    let mut died = false;
    let script = troubled(&rows, move |asked| {
        let first = asked.skip > 0 && !died;
        died |= first;
        first.then(|| Reply::status(400).body(r#"{"error":{"message":"Invalid Skip Token"}}"#))
    });
    let mut second = pager(&script).resume(checkpoint).unwrap();
    got.extend(ids(&mut second).await);
    let unique: HashSet<u32> = got.iter().copied().collect();
    assert_eq!(unique.len(), 800, "nothing is lost");
    let repeats = got.len() - unique.len();
    assert!(repeats < 130, "at most the open window, but for its last pages: {repeats}");
    assert!(ranges(&script).iter().all(|(from, _)| *from >= at(START)));
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_of_another_range_tenant_or_kind_is_refused() {
    let rows = rows(100, START, END);
    let mut first = pager(&tenant(&rows));
    first.try_next().await.unwrap();
    let text = first.checkpoint().unwrap().to_string();
    let stored = || text.parse::<Checkpoint>().unwrap();
    let other = Client::builder("other.example").token("token").build().unwrap();
    for (pager, difference) in [
        (
            graph(&tenant(&rows)).sign_ins().top(50).window(at(START), at("2026-02-05T00:00:00Z")),
            "another `$filter`",
        ),
        (graph(&tenant(&rows)).sign_ins().top(51).window(at(START), at(END)), "another `$top`"),
        (other.sign_ins().top(50).window(at(START), at(END)), "another account"),
    ] {
        let error = pager.resume(stored()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Checkpoint);
        assert!(error.to_string().contains(difference), "{error}");
    }
    for (from, to) in [("2026-02-01T", "2026-03-01T"), ("\"windows\"", "\"window\"")] {
        assert!(text.replace(from, to).parse::<Checkpoint>().is_err());
    }
    assert!(pager(&tenant(&rows)).resume(stored()).is_ok());
}

#[tokio::test(start_paused = true)]
async fn p3_the_end_is_an_end_also_after_a_resume() {
    let rows = rows(10, START, END);
    let mut first = pager(&tenant(&rows));
    ids(&mut first).await;
    let checkpoint = first.checkpoint().unwrap();
    assert!(checkpoint.is_end());
    let script = tenant(&rows);
    let mut second = pager(&script).resume(checkpoint).unwrap();
    assert!(second.try_next().await.unwrap().is_none());
    assert!(script.sent().is_empty());
    assert_eq!(second.covered_until(), at(END));
}

/// What is answered to a filter that begins too early, and to one that is wrong.
fn bad_filter() -> Reply {
    Reply::status(400).body(r#"{"error":{"code":"BadRequest","message":"Invalid filter clause"}}"#)
}

#[tokio::test(start_paused = true)]
async fn p1_a_range_before_retention_is_reported_as_not_covered() {
    let rows = rows(500, START, END);
    let kept_from = at("2026-02-02T07:08:09Z");
    let script = troubled(&rows, move |asked| (asked.from < kept_from).then(bad_filter));
    let mut pager = pager(&script);
    let found = sorted(ids(&mut pager).await);
    let behind = kept_from + MARGIN + time::Duration::MINUTE;
    let kept = |(at, _): &&(OffsetDateTime, String)| *at >= behind;
    assert!(found.len() >= rows.iter().filter(kept).count());
    let report = pager.report();
    assert!(report.finished && !report.is_complete());
    let [Warning::NotCovered { from, to }] = &report.warnings[..] else {
        panic!("{:?}", report.warnings)
    };
    assert_eq!(*from, at(START));
    let behind = *to - kept_from;
    assert!(behind >= MARGIN && behind <= MARGIN + time::Duration::MINUTE, "{to}");
    assert_eq!(found.len(), rows.iter().filter(|(at, _)| at >= to).count());
    assert!(report.warnings[0].to_string().contains("not covered"));
    let probes = script
        .sent()
        .iter()
        .filter(|sent| sent.url.contains("%24top=1&") || sent.url.ends_with("%24top=1"))
        .count();
    assert!(probes > 0 && probes < 20, "{probes}");
    assert_eq!(report.requests, script.sent().len() as u64);
}

#[tokio::test(start_paused = true)]
async fn p8_a_filter_that_is_wrong_everywhere_is_an_error_not_a_gap() {
    let script = Scripted::respond(|_| bad_filter());
    let mut pager = graph(&script).sign_ins().filter_raw("nonsense").window(at(START), at(END));
    let error = pager.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(error.to_string().contains("check the filter"), "{error}");
    assert!(error.checkpoint().is_some());
    assert!(script.sent().len() < 6);
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_an_error_and_the_next_call_goes_on() {
    let rows = rows(200, START, END);
    let down = Arc::new(Mutex::new(false));
    let script = troubled(&rows, {
        let down = Arc::clone(&down);
        move |_| down.lock().unwrap().then(|| Reply::status(503))
    });
    let mut pager = pager(&script).concurrency(1);
    let mut got = Vec::new();
    for _ in 0..20 {
        got.push(pager.try_next().await.unwrap().unwrap().id.as_ref().unwrap().parse().unwrap());
    }
    *down.lock().unwrap() = true;
    let error = loop {
        match pager.try_next().await {
            Ok(row) => got.push(row.unwrap().id.as_ref().unwrap().parse().unwrap()),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Service);
    *down.lock().unwrap() = false;
    got.extend(ids(&mut pager).await);
    assert_eq!(sorted(got), all(&rows));
}

#[tokio::test(start_paused = true)]
async fn p9_a_dropped_call_loses_nothing() {
    let rows = rows(400, START, END);
    let script = {
        let rows = rows.clone();
        Scripted::respond(move |sent| serve(&rows, sent).after(Duration::from_secs(5)))
    };
    let mut pager = pager(&script);
    let mut got: Vec<u32> = Vec::new();
    let mut dropped = 0;
    loop {
        tokio::select! {
            row = pager.try_next() => match row.unwrap() {
                Some(row) => got.push(row.id.as_ref().unwrap().parse().unwrap()),
                None => break,
            },
            () = tokio::time::sleep(Duration::from_secs(1)) => dropped += 1,
        }
    }
    assert_eq!(sorted(got), all(&rows));
    assert!(dropped > 10);
    let requests = pager.report().requests;
    assert_eq!(requests, script.sent().len() as u64, "nothing is asked for twice");
}

#[tokio::test(start_paused = true)]
async fn p9_dropping_a_walk_stops_its_requests() {
    let script =
        Scripted::respond(|_| Reply::json(r#"{"value":[]}"#).after(Duration::from_secs(60)));
    let mut pager = pager(&script).concurrency(3);
    let waiting = tokio::time::timeout(Duration::from_secs(1), pager.try_next()).await;
    assert!(waiting.is_err());
    let sent = script.sent().len();
    drop(pager);
    tokio::time::advance(Duration::from_secs(300)).await;
    tokio::task::yield_now().await;
    assert_eq!(script.sent().len(), sent);
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_of_an_earlier_build_leads_to_the_rest() {
    let rows = rows(120, START, END);
    for cut in [1, 60, 110] {
        let mut first = pager(&tenant(&rows));
        let mut got = Vec::new();
        while got.len() < cut {
            let row = first.try_next().await.unwrap().unwrap();
            got.push(row.id.as_ref().unwrap().parse().unwrap());
        }
        let kept = earlier::checkpoint(&format!("window.{cut}"), first.checkpoint().as_ref());
        let mut second = pager(&tenant(&rows)).resume(kept).unwrap();
        got.extend(ids(&mut second).await);
        assert_eq!(sorted(got), all(&rows), "cut after {cut}");
        assert!(second.report().is_complete());
    }
}
