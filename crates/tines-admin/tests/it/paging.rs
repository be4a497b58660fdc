//! The traps of Tines' paging (P1), limits (P6), and what a pager reports.

use std::time::Duration;

use signin_core::testing::{Reply, Scripted};
use tines_admin::{ErrorKind, Timestamp, Warning};
use tokio::time::Instant;

use crate::{client, ids, page};

/// Walks a user's sign-ins, 3 a page, before a fixed time, so that nothing is fixed on the way.
async fn pager(pages: &[String]) -> (Vec<u64>, usize, Vec<Warning>) {
    let script = Scripted::new(pages.iter().map(|page| Reply::json(page.clone())));
    let before = Timestamp::parse("2025-07-01T00:00:00Z").unwrap();
    let mut items = client(&script).signin_activities(72).before(before).per_page(3).items();
    let ids = ids(&mut items).await;
    (ids, script.sent().len(), items.report().warnings.clone())
}

const LAST: &str = r#""next_page":null,"next_page_number":null,"per_page":3"#;

fn next(number: u64) -> String {
    format!(
        r#""next_page":"https://acme.tines.com/x?page={number}","next_page_number":{number},"per_page":3"#
    )
}

#[tokio::test(start_paused = true)]
async fn p1_a_full_page_without_a_next_page_asks_for_one_more() {
    let pages = [page([9, 8, 7], LAST), page([6], LAST)];
    assert_eq!(pager(&pages).await, (vec![9, 8, 7, 6], 2, vec![]));
}

#[tokio::test(start_paused = true)]
async fn p1_an_older_tenant_without_next_page_number_is_walked_by_its_link() {
    let link = r#""next_page":"https://acme.tines.com/x?per_page=3&page=2","per_page":3"#;
    let pages = [page([9, 8, 7], link), page([6, 5], r#""next_page":"null","per_page":3"#)];
    assert_eq!(pager(&pages).await, (vec![9, 8, 7, 6, 5], 2, vec![]));
}

#[tokio::test(start_paused = true)]
async fn p1_a_missing_meta_is_no_end_for_a_full_page() {
    let bare = |rows: &[u64]| page(rows.iter().copied(), "").replace(r#","meta":{}"#, "");
    assert_eq!(pager(&[bare(&[9, 8, 7]), bare(&[6])]).await.0, [9, 8, 7, 6]);
}

#[tokio::test(start_paused = true)]
async fn p1_a_count_that_is_too_low_ends_nothing_and_is_reported() {
    let count = |meta: &str| format!(r#"{meta},"count":2,"pages":1"#);
    let pages =
        [page([9, 8, 7], &count(LAST)), page([6, 5, 4], &count(LAST)), page([3], &count(LAST))];
    let warning = Warning::TotalDiffers { total: 2, received: 7 };
    assert_eq!(pager(&pages).await, (vec![9, 8, 7, 6, 5, 4, 3], 3, vec![warning]));
}

#[tokio::test(start_paused = true)]
async fn p1_a_start_behind_the_last_page_is_told_and_not_counted() {
    let meta = format!(r#"{LAST},"count":7"#);
    let script = Scripted::respond(move |_| Reply::json(page([], &meta)));
    let mut items = client(&script).signin_activities(72).per_page(3).page(9999).items();
    assert!(ids(&mut items).await.is_empty());
    assert_eq!(items.report().warnings, [Warning::StartsBehindEnd]);
    assert!(!items.report().is_complete());
}

#[tokio::test(start_paused = true)]
async fn p1_a_start_at_a_later_page_counts_the_pages_before_it() {
    let meta = format!(r#"{LAST},"count":7"#);
    let script = Scripted::new([Reply::json(page([1], &meta))]);
    let mut items = client(&script).signin_activities(72).per_page(3).page(3).items();
    assert_eq!(ids(&mut items).await, [1]);
    assert!(items.report().is_complete(), "{:?}", items.report());
}

#[tokio::test(start_paused = true)]
async fn p1_a_next_page_that_repeats_or_jumps_is_an_error_behind_the_records() {
    for number in [1, 0, 3] {
        let script = Scripted::new([Reply::json(page([9, 8], &next(number)))]);
        let mut items = client(&script).signin_activities(72).per_page(3).items();
        assert!(items.try_next().await.unwrap().is_some());
        assert!(items.try_next().await.unwrap().is_some());
        let error = items.try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Paging, "{number}");
        assert!(error.checkpoint().is_some());
        assert!(!items.report().is_complete());
        assert_eq!(script.sent().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn p4_a_next_page_on_another_host_is_read_for_its_number_and_never_followed() {
    let evil = r#""next_page":"https://evil.example/steal?page=2","per_page":3"#;
    let script = Scripted::new([Reply::json(page([9, 8, 7], evil)), Reply::json(page([6], LAST))]);
    assert_eq!(
        ids(&mut client(&script).signin_activities(72).per_page(3).items()).await,
        [9, 8, 7, 6]
    );
    for url in script.urls() {
        assert!(url.starts_with("https://acme.tines.com/api/v1/"), "{url}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_walk_without_before_fixes_it_at_the_first_page_by_the_services_clock() {
    let pages = [page([9, 8, 7], &next(2)), page([6], LAST)];
    let script = Scripted::new(
        pages.map(|page| Reply::json(page).header("date", "Tue, 10 Jun 2025 10:30:00 GMT")),
    );
    ids(&mut client(&script).signin_activities(72).per_page(3).items()).await;
    let urls = script.urls();
    assert!(urls[0].ends_with("/72/signin_activities?per_page=3&page=1"), "{}", urls[0]);
    assert!(urls[1].ends_with("?per_page=3&before=2025-06-10T10%3A30%3A01Z&page=2"), "{}", urls[1]);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_behind_the_newest_row_does_not_cut_that_row_off() {
    // Row 9 is of 10:01:00, later than the answer's Date; ending before it would move it out of
    // the list, and the first row of page two into page one.
    let pages = [page([9, 8, 7], &next(2)), page([6], LAST)];
    let script = Scripted::new(
        pages.map(|page| Reply::json(page).header("date", "Tue, 10 Jun 2025 09:00:00 GMT")),
    );
    ids(&mut client(&script).signin_activities(72).per_page(3).items()).await;
    assert!(script.urls()[1].contains("before=2025-06-10T10%3A01%3A01Z"), "{}", script.urls()[1]);
}

#[tokio::test(start_paused = true)]
async fn the_callers_before_is_never_replaced() {
    let pages = [page([9, 8, 7], &next(2)), page([6], LAST)];
    let script = Scripted::new(
        pages.map(|page| Reply::json(page).header("date", "Tue, 10 Jun 2025 10:30:00 GMT")),
    );
    let before = Timestamp::parse("2025-01-01T00:00:00Z").unwrap();
    ids(&mut client(&script).signin_activities(72).before(before).per_page(3).items()).await;
    for url in script.urls() {
        assert_eq!(url.matches("before=").count(), 1, "{url}");
        assert!(url.contains("before=2025-01-01T00%3A00%3A00Z"), "{url}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_that_comes_again_on_the_next_page_is_handed_out_once() {
    let pages = [page([9, 8, 7], &next(2)), page([7, 6, 5], &next(3)), page([5, 4], LAST)];
    let script = Scripted::new(pages.map(Reply::json));
    let mut items = client(&script).signin_activities(72).per_page(3).items();
    assert_eq!(ids(&mut items).await, [9, 8, 7, 6, 5, 4]);
    assert_eq!((items.report().records, items.report().duplicates), (6, 2));
}

#[tokio::test(start_paused = true)]
async fn rows_with_one_time_are_told_apart_by_id() {
    let script = Scripted::new([Reply::json(page([13, 12, 11, 10, 9, 8, 7], ""))]);
    assert_eq!(ids(&mut client(&script).signin_activities(72).per_page(50).items()).await.len(), 7);
}

#[tokio::test(start_paused = true)]
async fn p2_a_bad_record_comes_in_its_place_and_the_walk_goes_on() {
    let body = page([9, 8], LAST).replace(r#""id":9"#, r#""id":[]"#);
    let script = Scripted::new([Reply::json(body)]);
    let mut items = client(&script).signin_activities(72).items();
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.rejected().unwrap().mismatch().path(), "/id");
    assert!(error.rejected().unwrap().raw().contains(r#""id":[]"#));
    assert_eq!(ids(&mut items).await, [8]);
    assert_eq!((items.report().records, items.report().rejected), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn p6_no_more_than_500_requests_start_in_any_minute() {
    let script = Scripted::respond(|_| Reply::json(page([], LAST)));
    let tines = client(&script);
    for _ in 0..1100 {
        tines.clone().signin_activities(72).first_page().await.unwrap();
    }
    let starts: Vec<Instant> = script.sent().iter().map(|sent| sent.at).collect();
    for window in starts.windows(501) {
        assert!(window[500] - window[0] >= Duration::from_secs(60));
    }
    assert!(starts[1099] - starts[0] < Duration::from_secs(125), "no slower than it must be");
}

/// Users and sign-in activities count together, the audit log apart.
#[tokio::test(start_paused = true)]
async fn p6_users_count_with_sign_in_activities_and_the_audit_log_has_a_limit_of_its_own() {
    let script = Scripted::respond(|sent| match sent.url.split('?').next() {
        Some(path) if path.ends_with("/audit_logs") => Reply::json(r#"{"audit_logs":[]}"#),
        Some(path) if path.ends_with("/users") => Reply::json(r#"{"admin/users":[]}"#),
        _ => Reply::json(page([], LAST)),
    });
    let tines = client(&script);
    let begun = Instant::now();
    for _ in 0..250 {
        tines.users().first_page().await.unwrap();
        tines.signin_activities(72).first_page().await.unwrap();
    }
    for _ in 0..1000 {
        tines.audit_logs().first_page().await.unwrap();
    }
    assert_eq!(begun.elapsed(), Duration::ZERO, "neither waits for the other");
    let users = async { tines.users().first_page().await.map(|_| begun.elapsed()) };
    let audit_log = async { tines.audit_logs().first_page().await.map(|_| begun.elapsed()) };
    let (users, audit_log) = tokio::join!(users, audit_log);
    assert_eq!((users.unwrap().as_secs(), audit_log.unwrap().as_secs()), (60, 60));
}
