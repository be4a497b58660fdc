//! Walks over all pages, and what `meta` says on the way.

use serde_json::{Value, json};
use signin_sim::tines::{Service, Settings};

use crate::wire::{activities, ask, busiest, ids, path, start};

/// Follows `next_page_number` from page one; the rows and every page's length.
async fn pager(tines: &Service, user: u64, per_page: u64) -> (Vec<String>, Vec<usize>) {
    let (mut rows, mut lengths, mut page) = (Vec::new(), Vec::new(), Some(1));
    while let Some(number) = page {
        let answer = activities(tines, user, &format!("?per_page={per_page}&page={number}")).await;
        let found = answer.rows();
        lengths.push(found.len());
        rows.extend(found);
        page = answer.meta()["next_page_number"].as_u64();
    }
    (rows, lengths)
}

#[tokio::test]
async fn a_walk_of_all_pages_is_the_truth() {
    for (seed, per_page) in [(1, 7), (2, 20), (3, 100), (4, 500)] {
        let (_sim, tines) = start(seed, Settings::default().users(4).events(900)).await;
        for user in tines.user_ids() {
            let (rows, lengths) = pager(&tines, user, per_page).await;
            assert_eq!(rows, ids(tines.sign_ins(user, None, None)));
            let (_, all_but_last) = lengths.split_last().unwrap();
            assert!(all_but_last.iter().all(|length| *length as u64 == per_page));
        }
    }
}

#[tokio::test]
async fn links_are_as_a_server_in_front_was_asked() {
    let (_sim, tines) = start(1, Settings::default().users(1).events(30)).await;
    let request = format!("GET {}", path(tines.user_ids().next().unwrap(), "?per_page=20"));
    let key = format!("Authorization: Bearer {}", tines.api_key());
    for (forwarded, origin) in [
        ("X-Forwarded-Proto: https", "https://acme.example/"),
        ("X-Forwarded-Proto: http", "http://acme.example/"),
        ("X-Other: https", "http://acme.example/"),
    ] {
        let answer = ask(&tines, &request, &[&key, forwarded]).await;
        let next = answer.meta()["next_page"].as_str().unwrap().to_owned();
        assert!(next.starts_with(origin), "{next}");
    }
}

#[tokio::test]
async fn a_walk_over_short_pages_is_the_truth() {
    let mut lengths_seen = Vec::new();
    for (seed, per_page) in [(1, 1), (2, 20), (3, 100), (4, 7)] {
        let settings = Settings::default().users(2).events(300).short_pages(true);
        let (_sim, tines) = start(seed, settings).await;
        for user in tines.user_ids() {
            let (rows, lengths) = pager(&tines, user, per_page).await;
            assert_eq!(rows, ids(tines.sign_ins(user, None, None)));
            let pages = activities(&tines, user, &format!("?per_page={per_page}")).await.meta();
            assert_eq!(pages["pages"], lengths.len());
            let (_, all_but_last) = lengths.split_last().unwrap();
            lengths_seen.extend(all_but_last.iter().map(|length| *length as u64 * 100 / per_page));
        }
    }
    assert!(lengths_seen.contains(&0) && lengths_seen.contains(&100));
    assert!(lengths_seen.iter().any(|percent| (1..100).contains(percent)));
}

#[tokio::test]
async fn rows_are_sent_as_the_truth_writes_them() {
    let (_sim, tines) = start(7, Settings::default()).await;
    let user = busiest(&tines);
    let rows: Vec<_> =
        tines.sign_ins(user, None, None).take(500).map(|row| row.to_json()).collect();
    let answer = activities(&tines, user, "?per_page=500").await;
    let sent = format!("{{\"admin/login_activities\":[{}],\"meta\":", rows.join(","));
    assert!(answer.body.starts_with(&sent));
    assert!(answer.body.contains("\\u001b[2J"), "the seed draws an escape");
}

#[tokio::test]
async fn meta_is_as_documented_and_keeps_the_filters() {
    let (_sim, tines) = start(7, Settings::default().users(1).events(25)).await;
    let user = busiest(&tines);
    let link = |page: u64| {
        format!(
            "http://acme.example/api/v1/admin/users/{user}/signin_activities\
             ?after=2001-01-01T00%3A00%3A00%2B02:00&per_page=10&page={page}"
        )
    };
    let meta = |page: u64, previous: Value, next: Value, number: Value| {
        json!({"current_page": link(page), "previous_page": previous, "next_page": next,
            "next_page_number": number, "per_page": 10, "pages": 3, "count": 25})
    };
    let expected = [
        meta(1, Value::Null, link(2).into(), 2.into()),
        meta(2, link(1).into(), link(3).into(), 3.into()),
        meta(3, link(2).into(), Value::Null, Value::Null),
        meta(4, link(3).into(), Value::Null, Value::Null),
    ];
    for (page, (expected, rows)) in (1..).zip(expected.into_iter().zip([10, 10, 5, 0])) {
        let query = format!("?page={page}&after=2001-01-01T00%3A00%3A00%2B02:00&per_page=10");
        let answer = activities(&tines, user, &query).await;
        assert_eq!(answer.meta(), expected);
        assert_eq!(answer.rows().len(), rows);
    }
}

#[tokio::test]
async fn without_parameters_a_page_has_twenty_rows_and_at_most_five_hundred() {
    let (_sim, tines) = start(7, Settings::default().users(1).events(2_000)).await;
    let user = busiest(&tines);
    assert_eq!(activities(&tines, user, "").await.rows().len(), 20);
    let answer = activities(&tines, user, "?per_page=9999").await;
    assert_eq!(answer.rows().len(), 500);
    assert_eq!(answer.meta()["per_page"], 500);
}

#[tokio::test]
async fn older_tenants_leave_the_next_page_number_out() {
    let (_sim, tines) = start(7, Settings::default().users(1).legacy_meta(true)).await;
    let meta = activities(&tines, busiest(&tines), "").await.meta();
    assert_eq!(meta.get("next_page_number"), None);
    assert!(meta["next_page"].as_str().unwrap().ends_with("?per_page=20&page=2"));
}

#[tokio::test]
async fn the_text_null_stands_for_no_next_page_only() {
    let (_sim, tines) = start(7, Settings::default().users(1).next_page_text_null(true)).await;
    let user = busiest(&tines);
    let first = activities(&tines, user, "?per_page=500").await.meta();
    assert!(first["next_page"].as_str().unwrap().starts_with("http://"));
    assert_eq!(first["previous_page"], Value::Null);
    let last = activities(&tines, user, "?per_page=500&page=2").await.meta();
    assert_eq!(last["next_page"], "null");
    assert_eq!(last["next_page_number"], Value::Null);
}

#[tokio::test]
async fn a_skewed_count_lies_but_the_rows_do_not() {
    for (skew, count, pages) in [(-90, 10, 1), (35, 135, 14), (-1_000, 0, 0)] {
        let settings = Settings::default().users(1).events(100).count_skew(skew);
        let (_sim, tines) = start(7, settings).await;
        let user = busiest(&tines);
        let meta = activities(&tines, user, "?per_page=10").await.meta();
        assert_eq!((&meta["count"], &meta["pages"]), (&json!(count), &json!(pages)));
        assert_eq!(pager(&tines, user, 10).await.0, ids(tines.sign_ins(user, None, None)));
    }
}

#[tokio::test]
async fn a_tenant_of_ten_million_events_answers_its_last_page() {
    let (_sim, tines) = start(7, Settings::default().events(10_000_000)).await;
    let total: usize = tines.user_ids().map(|user| tines.sign_ins(user, None, None).len()).sum();
    assert_eq!(total, 10_000_000);
    let user = busiest(&tines);
    let pages = activities(&tines, user, "?per_page=500").await.meta()["pages"].as_u64().unwrap();
    let answer = activities(&tines, user, &format!("?per_page=500&page={pages}")).await;
    assert_eq!(answer.meta()["next_page"], Value::Null);
    let truth = tines.sign_ins(user, None, None);
    let skip = usize::try_from(pages - 1).unwrap() * 500;
    assert!(!answer.rows().is_empty());
    assert_eq!(answer.rows(), ids_from(truth, skip));
}

fn ids_from(mut rows: signin_sim::tines::SignIns, skip: usize) -> Vec<String> {
    rows.nth(skip - 1);
    ids(rows)
}
