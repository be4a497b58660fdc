//! A break can be resumed (P3), a dropped call loses nothing (P9).

use pingone::{Activities, Checkpoint, ErrorKind, Items};
use signin_core::testing::{Reply, Scripted, Sent};

use crate::{activities, client, ids, page, time};

/// An environment with these events, served newest first, 3 a page, by a cursor that names the
/// last event handed out, so that nothing shifts.
fn environment(ids: Vec<u64>) -> Scripted {
    Scripted::respond(move |sent| serve(&ids, sent))
}

fn serve(ids: &[u64], sent: &Sent) -> Reply {
    let below = sent.url.split_once("cursor=").map_or(u64::MAX, |(_, id)| id.parse().unwrap());
    let mut left = ids.iter().rev().copied().filter(|id| *id < below);
    let rows: Vec<u64> = left.by_ref().take(3).collect();
    let next = rows.last().filter(|_| left.next().is_some()).map(|last| format!("cursor={last}"));
    Reply::json(page(rows, next.as_deref()))
}

fn items(script: &Scripted) -> Items<Activities> {
    activities(script).items()
}

async fn take(items: &mut Items<Activities>, count: usize) -> Vec<u64> {
    let mut taken = Vec::new();
    for _ in 0..count {
        taken.push(items.try_next().await.unwrap().unwrap().id.as_ref().unwrap().parse().unwrap());
    }
    taken
}

fn stored(items: &Items<Activities>) -> Checkpoint {
    items.checkpoint().unwrap().to_string().parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_cut_after_any_event_is_resumed_without_loss_or_repeat() {
    let all: Vec<u64> = (1..=10).collect();
    for cut in 0..=all.len() {
        let script = environment(all.clone());
        let mut first = items(&script);
        let mut got = take(&mut first, cut).await;
        let mut second = items(&script).resume(stored(&first)).unwrap();
        got.extend(ids(&mut second).await);
        let expected: Vec<u64> = all.iter().rev().copied().collect();
        assert_eq!(got, expected, "cut after {cut}");
        assert!(second.report().is_complete(), "cut after {cut}: {:?}", second.report());
    }
}

#[tokio::test(start_paused = true)]
async fn p3_events_that_expired_or_arrived_meanwhile_hide_no_others() {
    let all: Vec<u64> = (10..=21).collect();
    for cut in 0..=all.len() {
        for (gone, new) in [(vec![10, 11], vec![]), (vec![15], vec![22, 23]), (vec![], vec![22])] {
            let mut first = items(&environment(all.clone()));
            let mut got = take(&mut first, cut).await;
            let kept = all.iter().copied().filter(|id| !gone.contains(id));
            let now: Vec<u64> = kept.clone().chain(new).collect();
            let mut second = items(&environment(now)).resume(stored(&first)).unwrap();
            got.extend(ids(&mut second).await);
            let missing: Vec<_> = kept.filter(|id| !got.contains(id)).collect();
            assert!(missing.is_empty(), "cut after {cut}, gone {gone:?}: missing {missing:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_finished_walk_resumes_to_nothing() {
    let script = environment((1..=4).collect());
    let mut first = items(&script);
    ids(&mut first).await;
    assert!(stored(&first).is_end());
    let requests = script.sent().len();
    let mut second = items(&script).resume(stored(&first)).unwrap();
    assert!(ids(&mut second).await.is_empty());
    assert_eq!(script.sent().len(), requests);
}

#[tokio::test(start_paused = true)]
async fn p3_another_environments_or_another_ranges_checkpoint_is_refused() {
    let script = environment((1..=10).collect());
    let mut first = items(&script);
    take(&mut first, 4).await;
    let pingone = client(&script);
    let (start, end) = (time("2026-11-02T00:00:00Z"), time("2026-11-03T00:00:00Z"));
    let cases = [
        (
            pingone.for_environment("e2").activities(start.clone(), end.clone()),
            "another user or thing",
        ),
        (pingone.activities(start.clone(), time("2026-11-02T23:00:00Z")), "another `filter`"),
        (pingone.activities(start, end).limit(100), "another `limit`"),
    ];
    for (list, difference) in cases {
        let error = list.items().resume(stored(&first)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Checkpoint);
        assert!(error.to_string().contains(difference), "{error}");
    }
}

/// The range as it is sent is what counts, not the offset in which it was said.
#[tokio::test(start_paused = true)]
async fn p3_the_same_range_by_another_clock_is_the_same_walk() {
    let script = environment((1..=10).collect());
    let mut first = items(&script);
    take(&mut first, 4).await;
    let again = client(&script)
        .activities(time("2026-11-02T01:00:00+01:00"), time("2026-11-03T00:00:00.000Z"));
    assert_eq!(ids(&mut again.items().resume(stored(&first)).unwrap()).await, [6, 5, 4, 3, 2, 1]);
}

#[tokio::test(start_paused = true)]
async fn p3_an_error_carries_the_place_to_resume_from() {
    let all: Vec<u64> = (1..=7).collect();
    let broken = {
        let all = all.clone();
        Scripted::respond(move |sent| match sent.url.contains("cursor=") {
            true => Reply::status(401),
            false => serve(&all, sent),
        })
    };
    let mut first = items(&broken);
    let mut got = take(&mut first, 3).await;
    let error = first.try_next().await.unwrap_err();
    let checkpoint = error.checkpoint().unwrap().clone();
    got.extend(ids(&mut items(&environment(all)).resume(checkpoint).unwrap()).await);
    assert_eq!(got, [7, 6, 5, 4, 3, 2, 1]);
}

#[tokio::test(start_paused = true)]
async fn p9_a_dropped_call_loses_nothing_and_asks_for_nothing_twice() {
    let all: Vec<u64> = (1..=10).collect();
    let script = {
        let all = all.clone();
        Scripted::respond(move |sent| serve(&all, sent).after(std::time::Duration::from_secs(5)))
    };
    let mut walk = items(&script);
    let (mut got, mut dropped) = (Vec::new(), 0);
    loop {
        tokio::select! {
            item = walk.try_next() => match item.unwrap() {
                Some(item) => got.push(item.id.as_ref().unwrap().parse::<u64>().unwrap()),
                None => break,
            },
            () = tokio::time::sleep(std::time::Duration::from_secs(1)) => dropped += 1,
        }
    }
    assert_eq!(got, all.iter().rev().copied().collect::<Vec<_>>());
    assert_eq!(script.sent().len(), 4);
    assert!(dropped >= 12);
}
