//! The traps of AvePoint's paging (P1), the time range, and what a pager reports.

use avepoint_graph::{Timestamp, Warning};
use signin_core::testing::{Reply, Scripted};

use crate::{client, ids, items, number, page, page_index, row, tenant};

/// Walks a tenant's sign-ins, 3 a page.
async fn pager(pages: &[String]) -> (Vec<u64>, usize, Vec<Warning>) {
    let script = Scripted::new(pages.iter().map(|page| Reply::json(page.clone())));
    let mut items = items(&script);
    let ids = ids(&mut items).await;
    (ids, script.sent().len(), items.report().warnings.clone())
}

#[tokio::test(start_paused = true)]
async fn p1_a_full_page_asks_for_one_more_and_a_short_one_ends_at_the_total() {
    assert_eq!(pager(&[page([1, 2, 3], 3), page([], 3)]).await, (vec![1, 2, 3], 2, vec![]));
    assert_eq!(pager(&[page([1, 2], 2)]).await, (vec![1, 2], 1, vec![]));
    let hole = [page([1, 2, 3], 5), page([], 5), page([4, 5], 5)];
    assert_eq!(pager(&hole).await, (vec![1, 2, 3, 4, 5], 3, vec![]));
}

#[tokio::test(start_paused = true)]
async fn p1_a_page_smaller_than_was_asked_for_is_full_by_its_own_word() {
    let pages = [[1, 2].as_slice(), &[3, 4], &[5]]
        .map(|rows| page(rows.iter().copied(), 2).replace(r#""pageSize":3"#, r#""pageSize":2"#));
    assert_eq!(pager(&pages).await.0, [1, 2, 3, 4, 5]);
}

#[tokio::test(start_paused = true)]
async fn p1_rows_that_move_between_pages_are_found_by_another_pass() {
    // Between the first page and the second, 3 and 4 change places.
    let mut request = 0;
    let script = Scripted::respond(move |sent| {
        request += 1;
        let ids = if request == 1 { [1, 2, 3, 4, 5] } else { [1, 2, 4, 3, 5] };
        let shown = ids.into_iter().skip((page_index(sent) - 1) * 3).take(3);
        Reply::json(page(shown, 5))
    });
    let mut pager = items(&script);
    assert_eq!(ids(&mut pager).await, [1, 2, 3, 5, 4]);
    assert!(pager.report().is_complete(), "{:?}", pager.report());
    assert_eq!(script.sent().len(), 6, "the third pass agrees with the second");
}

#[tokio::test(start_paused = true)]
async fn p1_a_list_that_never_holds_still_is_reported_as_unstable() {
    let mut newest = 5;
    let script = Scripted::respond(move |sent| {
        newest += 1;
        let shown = (1..=newest).rev().skip((page_index(sent) - 1) * 3).take(3);
        Reply::json(page(shown, usize::try_from(newest).unwrap()))
    });
    let mut pager = items(&script);
    let mut got = ids(&mut pager).await;
    let warnings = &pager.report().warnings;
    assert!(warnings.contains(&Warning::Unstable { passes: 3 }), "{warnings:?}");
    assert!(!pager.report().is_complete());
    got.sort_unstable();
    assert!(got.windows(2).all(|pair| pair[0] != pair[1]), "each came once: {got:?}");
}

#[tokio::test(start_paused = true)]
async fn p1_rows_that_come_twice_on_every_pass_are_held_against_the_total() {
    let pages = [page([1, 2, 3], 5), page([3, 4], 5), page([1, 2, 3], 5), page([3, 4], 5)];
    let warning = Warning::TotalDiffers { total: 5, received: 4 };
    assert_eq!(pager(&pages).await, (vec![1, 2, 3, 4], 4, vec![warning]));
}

#[tokio::test(start_paused = true)]
async fn a_start_at_a_later_page_counts_the_pages_before_it() {
    let script = tenant(vec![1, 2, 3, 4, 5, 6, 7]);
    let mut pager = client(&script).sign_ins("c", "t").page_size(3).page_index(2).items();
    assert_eq!(ids(&mut pager).await, [4, 5, 6, 7]);
    assert!(pager.report().is_complete(), "{:?}", pager.report());
    let mut beyond = client(&script).sign_ins("c", "t").page_size(3).page_index(9).items();
    assert!(ids(&mut beyond).await.is_empty());
    assert_eq!(beyond.report().warnings, [Warning::StartsBehindEnd]);
}

#[tokio::test(start_paused = true)]
async fn a_time_range_is_filtered_here_and_saves_no_request() {
    let script = tenant((1..=7).collect());
    // `row` counts its seconds from 2025-08-14T04:30:55Z.
    let time = |text| Timestamp::parse(text).unwrap();
    let (since, until) = (time("2025-08-14T06:30:58+02:00"), time("2025-08-14T04:31:01Z"));
    let list = client(&script).sign_ins("c", "t").page_size(3).since(since).until(until);
    let mut pager = list.clone().items();
    assert_eq!(ids(&mut pager).await, [3, 4, 5], "the first instant counts, the last does not");
    let report = pager.report();
    assert_eq!((report.records, report.filtered, report.pages), (3, 4, 3));
    assert!(report.is_complete(), "{report:?}");
    assert!(script.urls().iter().all(|url| !url.contains("since")), "{:?}", script.urls());
    assert_eq!(list.first_page().await.unwrap().items().count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_tells_no_time_is_never_left_out_by_one() {
    let rows = [row(1), row(2).replace(r#""loginTime":638907426570000000,"#, "")];
    let zero = row(3).replace("638907426580000000", "0");
    let bad = row(4).replace("638907426590000000", "true");
    let body = format!(r#"{{"data":[{},{},{zero},{bad}]}}"#, rows[0], rows[1]);
    let empty = || Reply::json(page([], 4));
    let script = Scripted::new([Reply::json(body), empty(), empty()]);
    let since = Timestamp::parse("2030-01-01T00:00:00Z").unwrap();
    let mut pager = client(&script).sign_ins("c", "t").since(since).items();
    let (mut got, mut rejected) = (Vec::new(), 0);
    loop {
        match pager.try_next().await {
            Ok(Some(item)) => got.push(number(item.id.as_ref().unwrap())),
            Ok(None) => break,
            Err(error) => rejected += u32::from(error.rejected().is_some()),
        }
    }
    assert_eq!((got, rejected, pager.report().filtered), (vec![2, 3], 1, 1));
}

#[tokio::test(start_paused = true)]
async fn p6_one_429_pauses_everything_of_the_app() {
    let script = Scripted::respond(|sent| match sent.url.contains("/customers/batch") {
        true => Reply::json(r#"{"data":[],"metadata":{"totalCount":0}}"#),
        false => Reply::status(429).header("retry-after", "60"),
    });
    let elements = client(&script);
    let once = elements.clone();
    let refused = tokio::spawn(async move { once.sign_ins("c", "t").first_page().await });
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let begun = tokio::time::Instant::now();
    elements.customers().first_page().await.unwrap();
    assert!(begun.elapsed() >= std::time::Duration::from_secs(58), "{:?}", begun.elapsed());
    refused.abort();
}
