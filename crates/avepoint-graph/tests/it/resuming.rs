//! A break can be resumed (P3), a dropped call loses nothing (P9).

use std::collections::BTreeSet;
use std::time::Duration;

use avepoint_graph::{Checkpoint, ErrorKind, Items, SignIns, Timestamp};
use signin_core::testing::{Reply, Scripted};

use crate::{client, ids, items, number, page, page_index, tenant};

async fn take(items: &mut Items<SignIns>, count: usize) -> Vec<u64> {
    let mut taken = Vec::new();
    for _ in 0..count {
        taken.push(number(items.try_next().await.unwrap().unwrap().id.as_ref().unwrap()));
    }
    taken
}

fn stored(items: &Items<SignIns>) -> Checkpoint {
    let text = items.checkpoint().unwrap().to_string();
    assert!(!text.contains("key-0123456789"));
    text.parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_cut_after_any_record_is_resumed_without_loss() {
    let all: Vec<u64> = (1..=17).collect();
    for cut in 0..=all.len() {
        let script = tenant(all.clone());
        let mut first = items(&script);
        let got = take(&mut first, cut).await;
        let mut second = items(&script).resume(stored(&first)).unwrap();
        let rest = ids(&mut second).await;
        let both: BTreeSet<u64> = got.iter().chain(&rest).copied().collect();
        assert_eq!(both, all.iter().copied().collect(), "cut after {cut}");
        // What comes again comes once, and nothing of the pages at hand does.
        let again = rest.iter().filter(|id| got.contains(id)).count();
        assert!(again <= cut.saturating_sub(6), "cut after {cut}: {rest:?}");
        let distinct: BTreeSet<_> = rest.iter().collect();
        assert_eq!(distinct.len(), rest.len(), "cut after {cut}: {rest:?}");
        assert!(second.report().is_complete(), "cut after {cut}: {:?}", second.report());
    }
}

#[tokio::test(start_paused = true)]
async fn p3_records_that_came_or_went_meanwhile_hide_no_others() {
    let all: Vec<u64> = (1..=12).collect();
    for cut in 0..all.len() {
        for gone in [vec![12], vec![1], vec![1, 2, 3, 4], vec![7], vec![]] {
            let mut first = items(&tenant(all.clone()));
            let mut got: BTreeSet<u64> = take(&mut first, cut).await.into_iter().collect();
            let mut left: Vec<u64> = all.iter().copied().filter(|id| !gone.contains(id)).collect();
            left.insert(0, 99);
            let mut second = items(&tenant(left.clone())).resume(stored(&first)).unwrap();
            got.extend(ids(&mut second).await);
            let missing: Vec<_> = left.iter().filter(|id| !got.contains(id)).collect();
            assert!(missing.is_empty(), "cut after {cut}, gone {gone:?}: missing {missing:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_finished_walk_resumes_to_nothing() {
    let script = tenant((1..=4).collect());
    let mut first = items(&script);
    ids(&mut first).await;
    assert!(stored(&first).is_end());
    let requests = script.sent().len();
    let mut second = items(&script).resume(stored(&first)).unwrap();
    assert!(ids(&mut second).await.is_empty());
    assert_eq!(script.sent().len(), requests);
}

#[tokio::test(start_paused = true)]
async fn p3_another_tenants_or_another_querys_checkpoint_is_refused() {
    let script = tenant((1..=10).collect());
    let mut first = items(&script);
    take(&mut first, 4).await;
    let elements = client(&script);
    let time = Timestamp::parse("2025-06-01T00:00:00Z").unwrap();
    let list = || elements.sign_ins("c-1", "t-1").page_size(3);
    let cases = [
        (elements.sign_ins("c-1", "t-2").page_size(3), "another user or thing"),
        (elements.sign_ins("c-2", "t-1").page_size(3), "another user or thing"),
        (elements.sign_ins("c-1", "t-1").page_size(4), "another `pageSize`"),
        (list().risky(true), "another `risky`"),
        (list().since(time.clone()), "another `since`"),
        (list().until(time), "another `until`"),
    ];
    for (list, difference) in cases {
        let error = list.items().resume(stored(&first)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Checkpoint);
        assert!(error.to_string().contains(difference), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_time_range_is_the_same_however_its_instants_are_written() {
    let script = tenant((1..=10).collect());
    let list = |time| {
        let since = Timestamp::parse(time).unwrap();
        client(&script).sign_ins("c", "t").page_size(3).since(since).items()
    };
    let mut first = list("2025-08-14T06:30:57+02:00");
    first.try_next().await.unwrap();
    assert!(list("2025-08-14T04:30:57.000Z").resume(first.checkpoint().unwrap()).is_ok());
}

#[tokio::test(start_paused = true)]
async fn p3_an_error_carries_the_place_to_resume_from() {
    let broken = Scripted::respond(move |sent| match page_index(sent) {
        2 => Reply::status(401),
        _ => Reply::json(page([1, 2, 3], 7)),
    });
    let mut first = items(&broken);
    let mut got = take(&mut first, 3).await;
    let error = first.try_next().await.unwrap_err();
    let checkpoint = error.checkpoint().unwrap().clone();
    got.extend(ids(&mut items(&tenant((1..=7).collect())).resume(checkpoint).unwrap()).await);
    assert_eq!(got, [1, 2, 3, 4, 5, 6, 7]);
}

#[tokio::test(start_paused = true)]
async fn a_broken_page_is_asked_for_once_more_and_can_then_be_skipped() {
    let script = Scripted::respond(move |sent| match page_index(sent) {
        2 => Reply::json("{\"data\":[{\"id\":1"),
        number => Reply::json(page((number as u64 * 3 - 2..=8).take(3), 8)),
    });
    let mut walk = items(&script);
    let mut got = take(&mut walk, 3).await;
    let error = walk.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.body(), Some(b"{\"data\":[{\"id\":1".as_slice()));
    assert_eq!(script.sent().len(), 3);
    walk.skip_page().unwrap();
    got.extend(ids(&mut walk).await);
    assert_eq!(got, [1, 2, 3, 7, 8]);
    assert!(!walk.report().is_complete());
}

#[tokio::test(start_paused = true)]
async fn p9_a_dropped_call_loses_nothing_and_asks_for_nothing_twice() {
    let all: Vec<u64> = (1..=10).collect();
    let script = Scripted::respond(move |sent| {
        let shown = (1..=10).skip((page_index(sent) - 1) * 3).take(3);
        Reply::json(page(shown, 10)).after(Duration::from_secs(5))
    });
    let mut walk = items(&script);
    let (mut got, mut dropped) = (Vec::new(), 0);
    loop {
        tokio::select! {
            item = walk.try_next() => match item.unwrap() {
                Some(item) => got.push(number(item.id.as_ref().unwrap())),
                None => break,
            },
            () = tokio::time::sleep(Duration::from_secs(1)) => dropped += 1,
        }
    }
    assert_eq!(got, all);
    assert_eq!(script.sent().len(), 4);
    assert!(dropped >= 12);
}
