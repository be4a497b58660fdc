//! Many walks over one client at once, and pagers that are dropped while others wait. Time is
//! virtual, and the judge is the simulated service.

use std::time::Duration;

use signin_core::{Items, Operation};
use tokio::runtime::Handle;
use tokio::task::{JoinSet, yield_now};
use tokio::time::{Instant, timeout};

use crate::chaos::Pager;
use crate::pace::Limit;

/// A pager, what it must give, and after which time it is dropped, if it is.
#[derive(Debug)]
pub struct One<O: Operation> {
    /// The pager.
    pub pager: Items<O>,
    /// Its records as the service would send them.
    pub truth: Vec<String>,
    /// When it is dropped.
    pub dropped: Option<Duration>,
}

/// Walks all of them at once, by this limit. Those that are not dropped give everything, none of
/// them waits for a record for longer than twice its fair share, and nothing is left when they are
/// over.
///
/// # Panics
/// If it is not so.
pub async fn assert_all_complete<O: Operation>(pagers: Vec<One<O>>, limit: Limit) {
    let waiting = u32::try_from(pagers.len()).expect("not so many walks");
    let patience = limit.per * waiting * 2 / limit.max;
    let mut tasks = JoinSet::new();
    for One { mut pager, truth, dropped } in pagers {
        tasks.spawn(async move {
            let (mut got, mut longest) = (Vec::new(), Duration::ZERO);
            let all = async {
                loop {
                    let asked = Instant::now();
                    let Some(record) = pager.try_next().await.expect("no error") else { break };
                    longest = longest.max(asked.elapsed());
                    got.push(record.raw().to_owned());
                }
            };
            match dropped {
                Some(after) => _ = timeout(after, all).await,
                None => {
                    all.await;
                    assert_eq!(got, truth);
                    assert!(pager.report().is_complete(), "{:?}", pager.report());
                    assert!(longest <= patience, "a record was waited for for {longest:?}");
                }
            }
        });
    }
    tasks.join_all().await;
    assert_no_task().await;
}

/// Drops a pager after each of so many steps of time, or until it is over. No task is left, and
/// another one of the same client is not held up for longer than this.
///
/// # Panics
/// If it is not so.
pub async fn assert_can_be_dropped(
    open: impl Fn() -> Box<dyn Pager>,
    (step, steps): (Duration, u32),
    patience: Duration,
) {
    for number in 0..steps {
        let mut pager = open();
        let all = async { while pager.next().await.expect("no error").is_some() {} };
        let ended = timeout(step * number, all).await.is_ok();
        drop(pager);
        assert_no_task().await;
        let mut other = open();
        let first = timeout(patience, other.next()).await;
        let first = first.unwrap_or_else(|_| panic!("held up by what was dropped at {number}"));
        first.expect("no error").expect("a record");
        drop(other);
        assert_no_task().await;
        if ended {
            assert!(number > 10, "it was over at once");
            return;
        }
    }
}

/// Lets what was dropped end: no task is left.
///
/// # Panics
/// If one is.
pub async fn assert_no_task() {
    for _ in 0..10 {
        yield_now().await;
    }
    assert_eq!(Handle::current().metrics().num_alive_tasks(), 0);
}
