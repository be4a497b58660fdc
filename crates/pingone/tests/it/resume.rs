//! A break can be resumed (P3).

use pingone::{Activities, Checkpoint, ErrorKind, Items};
use signin_core::testing::{Reply, Scripted, Sent};

use crate::{activities, client, ids, page, time};

/// An environment with these events, served newest first, 3 a page, by a cursor that names the
/// last event yielded, so that nothing shifts.
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
