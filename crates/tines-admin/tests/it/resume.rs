//! A break can be resumed (P3).

use std::collections::BTreeSet;

use signin_core::testing::{Reply, Scripted, Sent};
use tines_admin::{Checkpoint, ErrorKind, Items, SigninActivities};

use crate::{client, ids, page};

/// A tenant whose user has these sign-ins, served newest first, 3 a page, with an end at `before`.
fn tenant(ids: Vec<u64>) -> Scripted {
    Scripted::respond(move |sent| serve(&ids, sent))
}

fn serve(ids: &[u64], sent: &Sent) -> Reply {
    let number: usize = sent.url.rsplit_once("page=").unwrap().1.parse().unwrap();
    let rows: Vec<u64> = ids.iter().rev().copied().skip((number - 1) * 3).take(3).collect();
    let more = ids.len() > number * 3;
    let next = if more { (number + 1).to_string() } else { "null".into() };
    let meta = format!(r#""next_page_number":{next},"per_page":3,"count":{}"#, ids.len());
    Reply::json(page(rows, &meta)).header("date", "Tue, 10 Jun 2025 11:00:00 GMT")
}

fn items(script: &Scripted) -> Items<SigninActivities> {
    client(script).signin_activities(72).per_page(3).items()
}

async fn take(items: &mut Items<SigninActivities>, count: usize) -> Vec<u64> {
    let mut taken = Vec::new();
    for _ in 0..count {
        taken.push(items.try_next().await.unwrap().unwrap().id.as_ref().unwrap().parse().unwrap());
    }
    taken
}

fn stored(items: &Items<SigninActivities>) -> Checkpoint {
    items.checkpoint().unwrap().to_string().parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn p3_records_that_expired_or_vanished_meanwhile_hide_no_others() {
    let all: Vec<u64> = (1..=12).collect();
    for cut in 0..=all.len() {
        for gone in [vec![12], vec![12, 11], vec![12, 11, 10], vec![1, 2], vec![7]] {
            let mut first = items(&tenant(all.clone()));
            let mut got: BTreeSet<u64> = take(&mut first, cut).await.into_iter().collect();
            let left: Vec<u64> = all.iter().copied().filter(|id| !gone.contains(id)).collect();
            let mut second = items(&tenant(left.clone())).resume(stored(&first)).unwrap();
            got.extend(ids(&mut second).await);
            let missing: Vec<_> = left.iter().filter(|id| !got.contains(id)).collect();
            assert!(missing.is_empty(), "cut after {cut}, gone {gone:?}: missing {missing:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_the_fixed_end_is_kept_in_the_checkpoint() {
    let script = tenant((1..=10).collect());
    let mut first = items(&script);
    take(&mut first, 1).await;
    let checkpoint = stored(&first);
    let mut second = items(&script).resume(checkpoint).unwrap();
    ids(&mut second).await;
    for url in &script.urls()[1..] {
        assert!(url.contains("before=2025-06-10T11%3A00%3A01Z"), "{url}");
    }
}

#[tokio::test(start_paused = true)]
async fn p3_another_users_or_another_querys_checkpoint_is_refused() {
    let script = tenant((1..=10).collect());
    let mut first = items(&script);
    take(&mut first, 4).await;
    let tines = client(&script);
    let cases = [
        (tines.signin_activities(73).per_page(3), "another user or thing"),
        (tines.signin_activities(72).per_page(4), "another `per_page`"),
    ];
    for (list, difference) in cases {
        let error = list.items().resume(stored(&first)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Checkpoint);
        assert!(error.to_string().contains(difference), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p3_an_error_carries_the_place_to_resume_from() {
    let all: Vec<u64> = (1..=7).collect();
    let broken = {
        let all = all.clone();
        Scripted::respond(move |sent| match sent.url.ends_with("page=2") {
            true => Reply::status(401),
            false => serve(&all, sent),
        })
    };
    let mut first = items(&broken);
    let mut got = take(&mut first, 3).await;
    let error = first.try_next().await.unwrap_err();
    let checkpoint = error.checkpoint().unwrap().clone();
    got.extend(ids(&mut items(&tenant(all)).resume(checkpoint).unwrap()).await);
    assert_eq!(got, [7, 6, 5, 4, 3, 2, 1]);
}

#[tokio::test(start_paused = true)]
async fn after_an_error_the_next_call_tries_the_same_page_again() {
    let all: Vec<u64> = (1..=5).collect();
    let mut left = 1;
    let flaky = Scripted::respond(move |sent| {
        if sent.url.ends_with("page=2") && left > 0 {
            left -= 1;
            return Reply::status(403);
        }
        serve(&all, sent)
    });
    let mut pager = items(&flaky);
    let mut got = take(&mut pager, 3).await;
    assert_eq!(pager.try_next().await.unwrap_err().kind(), ErrorKind::Permission);
    got.extend(ids(&mut pager).await);
    assert_eq!(got, [5, 4, 3, 2, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_broken_page_is_asked_for_once_more_and_can_then_be_skipped() {
    let all: Vec<u64> = (1..=8).collect();
    let script = Scripted::respond(move |sent| match sent.url.ends_with("page=2") {
        true => Reply::json("{\"admin/login_activities\":[{\"id\":1"),
        false => serve(&all, sent),
    });
    let mut pager = items(&script);
    let mut got = take(&mut pager, 3).await;
    let error = pager.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.body(), Some(b"{\"admin/login_activities\":[{\"id\":1".as_slice()));
    assert!(error.checkpoint().is_some());
    assert_eq!(script.sent().len(), 3);
    pager.skip_page().unwrap();
    got.extend(ids(&mut pager).await);
    assert_eq!(got, [8, 7, 6, 2, 1]);
    assert!(!pager.report().is_complete());
}

#[tokio::test(start_paused = true)]
async fn p3_a_record_that_does_not_fit_is_not_handed_over_again_after_a_resume() {
    let bad = r#"{"id":{},"created_at":"2025-06-10T10:00:00Z"}"#;
    let body =
        format!(r#"{{"admin/login_activities":[{bad},{bad},{{"id":1}},{{"id":2}}],"meta":{{}}}}"#);
    for cut in 0..=4 {
        let script = Scripted::respond({
            let body = body.clone();
            move |_| Reply::json(body.clone())
        });
        let list = || client(&script).signin_activities(72).items();
        let mut pager = list();
        let mut handed_over = 0;
        for _ in 0..cut {
            handed_over += 1;
            let _ = pager.try_next().await;
        }
        let mut pager = list().resume(stored(&pager)).unwrap();
        loop {
            match pager.try_next().await {
                Ok(None) => break,
                Ok(Some(_)) => handed_over += 1,
                Err(error) if error.rejected().is_some() => handed_over += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(handed_over, 4, "cut after {cut}");
    }
}
