//! How fast walks are: latency is hidden where it can be, and a documented limit is used and kept.
//! Time is virtual, and the judge is the simulated service, which counts by itself.

use std::time::Duration;

use signin_core::{Items, Operation};
use tokio::time::{Instant, sleep};

use crate::local_transport::Served;

/// How long a page takes.
pub const LATENCY: Duration = Duration::from_millis(150);

/// A limit that a service enforces: so many requests in any window.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// How many requests.
    pub max: u32,
    /// The window's length.
    pub per: Duration,
}

impl Limit {
    /// Of what is allowed in this time, at least 95 % was answered, and no more than that.
    ///
    /// # Panics
    /// If it was not.
    pub fn assert_used(self, answered: u64, took: Duration) {
        let windows = took.as_secs_f64() / self.per.as_secs_f64();
        let (max, count) = (f64::from(self.max), number(answered));
        let told = format!("{answered} requests in {took:?}, by {self:?}");
        assert!(count >= 0.95 * max * windows, "too slow: {told}");
        assert!(count <= max * (windows + 1.0), "too fast: {told}");
    }

    /// Those who waited for it all the time were each served at least every twice their fair
    /// share, and nobody got three times as much. (A limit by windows lets requests start in bursts:
    /// who has the next one ready at once may be in each.)
    ///
    /// # Panics
    /// If it was not so.
    pub fn assert_fair(self, served: Served, took: Duration) {
        let patience = self.per * served.callers * 2 / self.max;
        assert!(served.silence <= patience, "in {took:?} somebody waited too long: {served:?}");
        let fair = 2.0 * took.as_secs_f64() / patience.as_secs_f64();
        assert!(number(served.most) <= 3.0 * fair, "in {took:?} somebody got too much: {served:?}");
    }
}

fn number(count: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Walks to the end, and says how long it took and how many pages there were.
///
/// # Panics
/// If an error comes.
pub async fn time_of<O: Operation>(mut pager: Items<O>) -> (Duration, u64) {
    let begun = Instant::now();
    while pager.try_next().await.expect("no error").is_some() {}
    assert!(pager.report().is_complete(), "{:?}", pager.report());
    (begun.elapsed(), pager.report().pages)
}

/// With `n` pages ahead, a list of numbered pages is read nearly `n` times as fast, where no limit
/// binds. The pager is over 100 pages or more, and of a service of its own each time.
///
/// # Panics
/// If it is not.
pub async fn assert_ahead_is_fast<O: Operation>(pager: impl Fn() -> Items<O>) {
    let (one_by_one, pages) = time_of(pager()).await;
    assert!(pages >= 100, "{pages} pages");
    assert_eq!(one_by_one.as_millis(), LATENCY.as_millis() * u128::from(pages), "{pages} pages");
    for ahead in [2_u8, 4, 8] {
        let (took, _) = time_of(pager().fetch_ahead(ahead.into())).await;
        let times = one_by_one.as_secs_f64() / took.as_secs_f64();
        let n = f64::from(ahead);
        assert!((0.9 * n..=n).contains(&times), "{ahead} ahead are {times} times as fast");
    }
}

/// Records of the first page are yielded while the next page is under way; those of the next
/// one are there when its time is over. `requests` says how many the service has met.
///
/// # Panics
/// If it is not so.
pub async fn assert_next_is_under_way<O: Operation>(pager: Items<O>, requests: impl Fn() -> u64) {
    let (mut pager, begun) = (pager.fetch_ahead(1), Instant::now());
    pager.try_next().await.expect("no error").expect("a record");
    assert_eq!((begun.elapsed(), requests()), (LATENCY, 1), "the first record waits for one page");
    sleep(LATENCY * 2).await;
    assert_eq!(requests(), 2, "the next page was asked for meanwhile");
    while pager.report().pages < 2 {
        pager.try_next().await.expect("no error").expect("a record");
    }
    assert_eq!(begun.elapsed(), LATENCY * 3, "and is there");
}
