//! A break can be resumed (P3).

use std::collections::BTreeSet;

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
    let mut pager = items(&script);
    let mut got = take(&mut pager, 3).await;
    let error = pager.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.body(), Some(b"{\"data\":[{\"id\":1".as_slice()));
    assert_eq!(script.sent().len(), 3);
    pager.skip_page().unwrap();
    got.extend(ids(&mut pager).await);
    assert_eq!(got, [1, 2, 3, 7, 8]);
    assert!(!pager.report().is_complete());
}
