//! Links that the service takes no more (P3): the pager goes on from the oldest event that came.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use pingone::{Activities, Checkpoint, ErrorKind, Items, Warning};
use signin_contract::earlier;
use signin_core::testing::{Reply, Scripted, Sent};

use crate::{ACTIVITIES, activities, ids};

/// Events at these seconds of the day, by their ids, the newest last: 3 a page.
#[derive(Clone)]
struct Environment {
    seconds: Vec<u64>,
    /// Links of other numbers are dead.
    breaks: Arc<AtomicU64>,
    status: u16,
}

impl Environment {
    fn new(seconds: impl IntoIterator<Item = u64>) -> Self {
        let seconds = seconds.into_iter().collect();
        Self { seconds, breaks: Arc::default(), status: 400 }
    }

    fn script(&self) -> Scripted {
        let environment = self.clone();
        Scripted::respond(move |sent| environment.serve(sent))
    }

    fn list(&self) -> Items<Activities> {
        activities(&self.script()).items()
    }

    fn break_links(&self) {
        self.breaks.fetch_add(1, Relaxed);
    }

    fn serve(&self, sent: &Sent) -> Reply {
        let breaks = self.breaks.load(Relaxed);
        let (below, before) = match sent.url.split_once("cursor=") {
            None => (usize::MAX, before(&sent.url)),
            Some((_, cursor)) => {
                let parts: Vec<u64> = cursor.split('.').map(|part| part.parse().unwrap()).collect();
                if parts[0] != breaks {
                    return Reply::status(self.status);
                }
                (usize::try_from(parts[1]).unwrap(), parts[2])
            }
        };
        let rows = self.seconds.iter().enumerate().rev();
        let mut left = rows.filter(|(id, second)| *id < below && **second < before);
        let rows: Vec<_> = left.by_ref().take(3).collect();
        let next = rows.last().filter(|_| left.next().is_some()).map(|(id, _)| {
            let href = format!("{ACTIVITIES}?limit=500&cursor={breaks}.{id}.{before}");
            format!(r#","next":{{"href":"{href}"}}"#)
        });
        let rows: Vec<_> = rows.iter().map(|(id, second)| row(*id, **second)).collect();
        let (next, rows) = (next.unwrap_or_default(), rows.join(","));
        Reply::json(format!(
            r#"{{"_links":{{"self":{{"href":"x"}}{next}}},"_embedded":{{"activities":[{rows}]}}}}"#
        ))
    }
}

fn row(id: usize, second: u64) -> String {
    let (hours, minutes, seconds) = (second / 3600, second / 60 % 60, second % 60);
    let time = format!("2026-11-02T{hours:02}:{minutes:02}:{seconds:02}.000Z");
    format!(r#"{{"id":"{id}","recordedAt":"{time}"}}"#)
}

/// The second of the day before which events are asked for.
fn before(url: &str) -> u64 {
    let (_, end) = url.split_once("lt%20%22").unwrap();
    let (day, clock) = end.split_once('T').unwrap();
    let clock = clock.split_once('.').unwrap().0.replace("%3A", ":");
    let parts: Vec<u64> = clock.split(':').map(|part| part.parse().unwrap()).collect();
    let days = u64::from(day.ends_with("03"));
    days * 86_400 + parts[0] * 3600 + parts[1] * 60 + parts[2]
}

fn stored(checkpoint: Option<Checkpoint>) -> Checkpoint {
    checkpoint.unwrap().to_string().parse().unwrap()
}

async fn take(items: &mut Items<Activities>, count: usize) -> Vec<u64> {
    let mut taken = Vec::new();
    for _ in 0..count {
        taken.push(items.try_next().await.unwrap().unwrap().id.as_ref().unwrap().parse().unwrap());
    }
    taken
}

fn all(count: u64) -> Vec<u64> {
    (0..count).rev().collect()
}

/// Ten minutes lie between two events: nothing repeats.
fn sparse(count: u64) -> Environment {
    Environment::new((0..count).map(|id| id * 600))
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_whose_link_died_goes_on_from_the_oldest_event_that_came() {
    for status in [400, 404, 410, 422] {
        for cut in 0..=20 {
            let environment = Environment { status, ..sparse(20) };
            let mut first = environment.list();
            let mut got = take(&mut first, cut).await;
            environment.break_links();
            let script = environment.script();
            let pager = activities(&script).items();
            let mut second = pager.resume(stored(first.checkpoint())).unwrap();
            got.extend(ids(&mut second).await);
            assert_eq!(got, all(20), "cut behind {cut}, {status}");
            let report = second.report();
            assert!(report.is_complete(), "{report:?}");
            // Within the first page there is no link yet.
            assert_eq!(report.warnings.len(), usize::from((3..20).contains(&cut)), "cut {cut}");
            assert!(script.sent().len() < 10, "{:?}", script.urls());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_link_that_dies_on_the_way_is_no_end_and_no_error() {
    let environment = sparse(20);
    let mut pager = environment.list();
    let mut got = Vec::new();
    for cut in [4, 1, 5, 3] {
        got.extend(take(&mut pager, cut).await);
        environment.break_links();
    }
    got.extend(ids(&mut pager).await);
    assert_eq!(got, all(20));
    let [warning @ Warning::BeganAgain { times, before }] = &pager.report().warnings[..] else {
        panic!("{:?}", pager.report().warnings)
    };
    assert!(*times >= 2 && before.is_some(), "{warning:?}");
    assert!(!warning.affects_completeness() && pager.report().is_complete());
    assert_eq!(pager.begun_again(), *times);
}

/// It dies again and again, in each run: what was narrowed is narrowed further.
#[tokio::test(start_paused = true)]
async fn p3_a_narrowed_walks_checkpoint_goes_on_and_may_die_too() {
    let environment = sparse(60);
    let (mut checkpoint, mut got) = (None, Vec::new());
    for _ in 0..60 {
        let mut pager = environment.list();
        if let Some(checkpoint) = checkpoint {
            pager = pager.resume(checkpoint).unwrap();
        }
        for _ in 0..4 {
            let Some(row) = pager.try_next().await.unwrap() else { break };
            got.push(row.id.as_ref().unwrap().parse::<u64>().unwrap());
        }
        checkpoint = Some(stored(pager.checkpoint()));
        environment.break_links();
    }
    assert!(checkpoint.unwrap().is_end());
    assert_eq!(got, all(60));
}

/// Several pages share a minute: that minute comes again, but for the last two pages.
#[tokio::test(start_paused = true)]
async fn p3_what_shares_the_oldest_minute_is_not_lost() {
    for cut in 0..=30 {
        let environment = Environment::new((0..30).map(|id| id * 7));
        let mut first = environment.list();
        let mut got = take(&mut first, cut).await;
        environment.break_links();
        let mut second = environment.list().resume(stored(first.checkpoint())).unwrap();
        got.extend(ids(&mut second).await);
        let repeats = got.len() - 30;
        got.sort_unstable_by(|a, b| b.cmp(a));
        got.dedup();
        assert_eq!(got, all(30), "cut behind {cut}");
        assert!(repeats <= 9, "cut behind {cut}: {repeats}");
    }
}

/// The service's order is not what is documented: then no time tells what is still to come.
#[tokio::test(start_paused = true)]
async fn p3_a_list_in_another_order_is_begun_again_without_loss() {
    for cut in 0..=20 {
        let environment = Environment::new((0..20).map(|id| id * 7919 % 20 * 600));
        let mut first = environment.list();
        let mut got = take(&mut first, cut).await;
        environment.break_links();
        let mut second = environment.list().resume(stored(first.checkpoint())).unwrap();
        got.extend(ids(&mut second).await);
        got.sort_unstable_by(|a, b| b.cmp(a));
        got.dedup();
        assert_eq!(got, all(20), "cut behind {cut}");
    }
}

/// Checkpoints of before know of no times.
#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_without_times_begins_the_list_again() {
    let environment = sparse(20);
    let mut first = environment.list();
    take(&mut first, 13).await;
    let text = stored(first.checkpoint()).to_string();
    let (start, rest) = text.split_once(r#","depth":{"#).unwrap();
    let (_, end) = rest.split_once('}').unwrap();
    let mark = format!("{start}{end}");
    let mark = mark.split_once(r#""mark":"#).unwrap().1.split_once(r#","check""#).unwrap().0;
    let check = crc32(mark.as_bytes());
    let older = format!(r#"{{"v":1,"mark":{mark},"check":"{check:08x}"}}"#);
    environment.break_links();
    let mut second = environment.list().resume(older.parse().unwrap()).unwrap();
    let got = ids(&mut second).await;
    // What was yielded of the last pages is known; what came before them comes again.
    assert!(got.len() > 7 && (0..7).all(|id| got.contains(&id)), "{got:?}");
    let warnings = &second.report().warnings;
    assert_eq!(*warnings, [Warning::BeganAgain { times: 1, before: None }]);
}

/// The checksum of checkpoints.
fn crc32(bytes: &[u8]) -> u32 {
    let round = |sum: u32, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
    !bytes.iter().fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), round))
}

#[tokio::test(start_paused = true)]
async fn p3_links_that_are_always_dead_are_an_error_whose_checkpoint_still_goes_on() {
    let environment = Environment::new((0..30).map(|id| id * 7));
    let script = {
        let environment = environment.clone();
        Scripted::respond(move |sent| {
            environment.break_links();
            environment.serve(sent)
        })
    };
    let mut pager = activities(&script).items();
    let mut got = Vec::new();
    let error = loop {
        match pager.try_next().await {
            Ok(row) => got.push(row.unwrap().id.as_ref().unwrap().parse::<u64>().unwrap()),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Paging, "{error}");
    assert_eq!(error.status(), Some(400));
    assert!(script.sent().len() < 30, "{}", script.sent().len());
    let mut second = environment.list().resume(stored(error.checkpoint().cloned())).unwrap();
    got.extend(ids(&mut second).await);
    assert_eq!(got, all(30));
}

/// What is wrong at the beginning too is no dead link.
#[tokio::test(start_paused = true)]
async fn p8_a_request_that_is_refused_at_the_beginning_is_the_callers_error() {
    let script = Scripted::respond(|_| Reply::status(400));
    let error = activities(&script).items().try_next().await.unwrap_err();
    assert_eq!((error.kind(), script.sent().len()), (ErrorKind::Request, 1));
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_of_an_earlier_build_leads_to_the_rest() {
    let environment = Environment::new(100..110);
    let mut first = environment.list();
    let mut got: Vec<u64> = Vec::new();
    for _ in 0..4 {
        got.push(first.try_next().await.unwrap().unwrap().id.as_ref().unwrap().parse().unwrap());
    }
    environment.break_links();
    // Its link is dead: it goes on from the oldest event that came.
    let dead = earlier::checkpoint("before", first.checkpoint().as_ref());
    let mut second = environment.list().resume(dead).unwrap();
    for _ in 0..4 {
        got.push(second.try_next().await.unwrap().unwrap().id.as_ref().unwrap().parse().unwrap());
    }
    let kept = earlier::checkpoint("after", second.checkpoint().as_ref());
    let mut third = environment.list().resume(kept).unwrap();
    got.extend(ids(&mut third).await);
    got.sort_unstable();
    got.dedup();
    assert_eq!(got, Vec::from_iter(0..10));
    assert!(third.report().is_complete());
}
