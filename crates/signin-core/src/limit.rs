//! Limits kept before the service has to enforce them: sliding windows by scope, and the gate
//! that a 429 closes for its whole scope.
//!
//! A token bucket with steady refill lets nearly twice the limit into some windows, so the last
//! `max` starts are remembered instead: 16 bytes each, for Tines' general limit 80 kB.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, sleep_until};

/// One of a vendor's documented limits: at most `max` requests start in any window of `per`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// What the limit counts by, such as `admin/users`. Requests with the same name share it.
    pub name: Cow<'static, str>,
    /// How many requests, 1 or more.
    pub max: u32,
    /// The window's length.
    pub per: Duration,
}

impl Scope {
    /// At most `max` requests in any window of `per`.
    pub const fn new(name: &'static str, max: u32, per: Duration) -> Self {
        Self { name: Cow::Borrowed(name), max, per }
    }

    /// No limit, but a gate that a 429 closes.
    pub(crate) fn gate(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), max: u32::MAX, per: Duration::ZERO }
    }
}

/// The limits that a client keeps. A client's clones share them; hand one value to several
/// clients whose requests the service counts together.
#[derive(Debug, Clone)]
pub struct Limits {
    kept: bool,
    lanes: Arc<Mutex<HashMap<String, Arc<Lane>>>>,
    /// The caller's own bound, which every request falls under.
    own: Option<Arc<Lane>>,
}

impl Limits {
    /// The vendor's documented limits.
    pub fn documented() -> Self {
        Self { kept: true, lanes: Arc::default(), own: None }
    }

    /// No limits of our own: requests start at once, and only a 429 pauses them. For services
    /// that are known to allow more than they document.
    pub fn none() -> Self {
        Self { kept: false, lanes: Arc::default(), own: None }
    }

    /// Beside these, at most `max` requests (1 or more) in any window of `per`, whatever they ask
    /// for: to leave the rest of a service's limits to other programs. Clones share the bound, and
    /// an earlier one is replaced.
    #[must_use]
    pub fn at_most(self, max: u32, per: Duration) -> Self {
        let own = Lane::new(&Scope::new("all requests", max, per), true);
        Self { own: Some(Arc::new(own)), ..self }
    }

    /// Waits until a request may start under every scope, narrowest first, and counts it as
    /// started. Waiting tasks are served in the order in which they came. Dropping the future
    /// takes nothing.
    pub(crate) async fn start(&self, scopes: &[Scope]) {
        let scoped = scopes.iter().map(|scope| self.lane(scope));
        let mut lanes: Vec<_> = scoped.chain(self.own.clone()).collect();
        // One order for all tasks, the narrowest first: no two can wait for each other.
        lanes.sort_by(|one, other| one.rate.total_cmp(&other.rate).then(one.name.cmp(&other.name)));
        lanes.dedup_by(|one, other| Arc::ptr_eq(one, other));
        // A lane's turn is held while the broader ones are waited for: nobody else takes its
        // room meanwhile, and the start is counted in all of them at one instant.
        let mut turns: Vec<OwnedMutexGuard<()>> = Vec::with_capacity(lanes.len());
        for lane in &lanes {
            turns.push(Arc::clone(&lane.turn).lock_owned().await);
            while let Some(free) = lane.blocked_until() {
                sleep_until(free).await;
            }
        }
        while let Some(free) = lanes.iter().filter_map(|lane| lane.blocked_until()).max() {
            sleep_until(free).await;
        }
        let now = Instant::now();
        for lane in &lanes {
            lane.started(now);
        }
    }

    /// Waits until the gate of a scope is open. It takes no turn, so a task that stops waiting,
    /// or is not polled any more, holds up nobody.
    pub(crate) async fn open(&self, scope: &Scope) {
        let lane = self.lane(scope);
        while let Some(free) = lane.blocked_until() {
            sleep_until(free).await;
        }
    }

    /// Closes the gate of the narrowest scope: every task of it waits.
    pub(crate) fn pause(&self, scopes: &[Scope], pause: Duration) {
        if let Some(scope) = scopes.first() {
            self.lane(scope).pause(pause);
        }
    }

    fn lane(&self, scope: &Scope) -> Arc<Lane> {
        let mut lanes = lock(&self.lanes);
        if let Some(lane) = lanes.get(scope.name.as_ref()) {
            return Arc::clone(lane);
        }
        let lane = Arc::new(Lane::new(scope, self.kept));
        lanes.insert(scope.name.clone().into_owned(), Arc::clone(&lane));
        lane
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::documented()
    }
}

/// What a pause is that no clock can hold.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// One scope's queue, window and gate.
#[derive(Debug)]
struct Lane {
    name: String,
    /// Requests a second.
    rate: f64,
    turn: Arc<tokio::sync::Mutex<()>>,
    /// None where the limit is not kept.
    max: Option<usize>,
    window: Duration,
    state: Mutex<LaneState>,
}

#[derive(Debug, Default)]
struct LaneState {
    /// The last `max` starts, oldest first.
    starts: VecDeque<Instant>,
    closed_until: Option<Instant>,
}

impl Lane {
    fn new(scope: &Scope, kept: bool) -> Self {
        let max = usize::try_from(scope.max.max(1)).unwrap_or(usize::MAX);
        Self {
            name: scope.name.clone().into_owned(),
            rate: f64::from(scope.max) / scope.per.as_secs_f64(),
            turn: Arc::default(),
            max: (kept && scope.max < u32::MAX).then_some(max),
            // Requests do not all travel for the same time: one that starts a window later than
            // another may arrive a little less than a window later. A hundredth is for that.
            window: scope.per + scope.per / 100,
            state: Mutex::default(),
        }
    }

    /// When the lane is free again; None if it is free now.
    fn blocked_until(&self) -> Option<Instant> {
        let now = Instant::now();
        let state = lock(&self.state);
        let full = self.max.is_some_and(|max| state.starts.len() >= max);
        let room = state.starts.front().filter(|_| full).map(|oldest| *oldest + self.window);
        room.max(state.closed_until).filter(|free| *free > now)
    }

    fn started(&self, now: Instant) {
        let Some(max) = self.max else { return };
        let mut state = lock(&self.state);
        state.starts.push_back(now);
        while state.starts.len() > max {
            state.starts.pop_front();
        }
    }

    fn pause(&self, pause: Duration) {
        let now = Instant::now();
        let until = now.checked_add(pause).unwrap_or(now + LONGEST_PAUSE);
        let mut state = lock(&self.state);
        state.closed_until = state.closed_until.max(Some(until));
    }
}

/// A lock that a panicking task left behind still holds whole values: each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::task::JoinSet;

    const TEN_SECONDS: Duration = Duration::from_secs(10);
    static TENANT: [Scope; 1] = [Scope::new("tenant", 5, TEN_SECONDS)];
    static APP: [Scope; 1] = [Scope::new("app", 12, TEN_SECONDS)];
    static BOTH: [Scope; 2] =
        [Scope::new("tenant", 5, TEN_SECONDS), Scope::new("app", 12, TEN_SECONDS)];

    /// Starts `count` requests at once and says when each began, in order.
    async fn starts(limits: &Limits, scopes: &'static [Scope], count: usize) -> Vec<Instant> {
        let mut tasks = JoinSet::new();
        for _ in 0..count {
            let limits = limits.clone();
            tasks.spawn(async move {
                limits.start(scopes).await;
                Instant::now()
            });
        }
        let mut starts = tasks.join_all().await;
        starts.sort_unstable();
        starts
    }

    fn most_in_any_window(starts: &[Instant], window: Duration) -> usize {
        let counts = starts.iter().enumerate().map(|(first, start)| {
            starts[first..].iter().filter(|other| **other - *start < window).count()
        });
        counts.max().unwrap_or(0)
    }

    #[tokio::test(start_paused = true)]
    async fn p6_at_most_n_requests_start_in_any_sliding_window() {
        let begun = Instant::now();
        let starts = starts(&Limits::documented(), &TENANT, 23).await;
        assert_eq!(most_in_any_window(&starts, TEN_SECONDS), 5);
        let took = Instant::now() - begun;
        assert!(took >= TEN_SECONDS * 4 && took < TEN_SECONDS * 5, "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn p6_a_request_needs_room_in_every_scope_it_falls_under() {
        let limits = Limits::documented();
        let broad = starts(&limits, &APP, 10).await;
        let narrow = starts(&limits, &BOTH, 8).await;
        let all: Vec<_> = broad.into_iter().chain(narrow.clone()).collect();
        assert_eq!(most_in_any_window(&all, TEN_SECONDS), 12);
        assert!(most_in_any_window(&narrow, TEN_SECONDS) <= 5);
    }

    #[tokio::test(start_paused = true)]
    async fn p6_one_429_pauses_every_task_of_its_scope_and_no_other() {
        let limits = Limits::documented();
        let begun = Instant::now();
        limits.pause(&BOTH, Duration::from_secs(33));
        let other = starts(&limits, &APP, 1).await;
        assert_eq!(other[0], begun);
        let paused = starts(&limits, &BOTH, 3).await;
        assert!(paused.iter().all(|start| *start - begun >= Duration::from_secs(33)));
    }

    #[tokio::test(start_paused = true)]
    async fn p6_a_shorter_pause_never_opens_a_gate_early() {
        let limits = Limits::none();
        let begun = Instant::now();
        limits.pause(&TENANT, Duration::from_secs(30));
        limits.pause(&TENANT, Duration::from_secs(1));
        limits.start(&TENANT).await;
        assert!(Instant::now() - begun >= Duration::from_secs(30));
    }

    #[tokio::test(start_paused = true)]
    async fn p9_a_dropped_wait_takes_no_permit_and_blocks_nobody() {
        let limits = Limits::documented();
        starts(&limits, &TENANT, 5).await;
        let begun = Instant::now();
        for _ in 0..100 {
            let waiting = limits.start(&TENANT);
            assert!(tokio::time::timeout(Duration::from_millis(1), waiting).await.is_err());
        }
        starts(&limits, &TENANT, 5).await;
        assert!(Instant::now() - begun < TEN_SECONDS + Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn tasks_are_served_in_the_order_in_which_they_came() {
        let limits = Limits::documented();
        let served = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = JoinSet::new();
        for number in 0..12 {
            let (limits, served) = (limits.clone(), Arc::clone(&served));
            tasks.spawn(async move {
                limits.start(&TENANT).await;
                served.lock().unwrap().push(number);
            });
            tokio::task::yield_now().await;
        }
        tasks.join_all().await;
        assert_eq!(*served.lock().unwrap(), (0..12).collect::<Vec<_>>());
    }

    #[tokio::test(start_paused = true)]
    async fn p6_a_bound_of_the_callers_own_holds_every_request_and_no_limit_is_lifted() {
        for (limits, of_tenant) in [(Limits::documented(), 5), (Limits::none(), 7)] {
            let limits = limits.at_most(7, TEN_SECONDS);
            let clone = limits.clone();
            let (tenant, app) =
                tokio::join!(starts(&limits, &TENANT, 20), starts(&clone, &APP, 20));
            assert!(most_in_any_window(&tenant, TEN_SECONDS) <= of_tenant);
            let mut all = [tenant, app].concat();
            all.sort_unstable();
            assert_eq!(most_in_any_window(&all, TEN_SECONDS), 7);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn p6_a_bound_of_none_lets_one_request_through_at_a_time() {
        let limits = Limits::none().at_most(0, TEN_SECONDS);
        assert_eq!(most_in_any_window(&starts(&limits, &TENANT, 3).await, TEN_SECONDS), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn without_limits_only_a_gate_holds() {
        let begun = Instant::now();
        starts(&Limits::none(), &TENANT, 1000).await;
        assert_eq!(Instant::now(), begun);
    }

    #[tokio::test(start_paused = true)]
    async fn p6_whoever_takes_no_turn_waits_for_the_gate_and_only_for_it() {
        let limits = Limits::documented();
        let begun = Instant::now();
        starts(&limits, &TENANT, 4).await;
        for _ in 0..3 {
            limits.open(&TENANT[0]).await;
        }
        limits.start(&TENANT).await;
        assert_eq!(Instant::now(), begun, "nothing was counted");
        limits.pause(&APP, Duration::from_secs(33));
        limits.open(&APP[0]).await;
        assert!(Instant::now() - begun >= Duration::from_secs(33));
    }

    #[tokio::test(start_paused = true)]
    async fn p6_a_pause_that_no_clock_can_hold_closes_the_gate_for_years() {
        const NINE_YEARS: Duration = Duration::from_secs(9 * 365 * 24 * 60 * 60);
        let lane = Lane::new(&Scope::gate("host"), true);
        let begun = Instant::now();
        lane.pause(Duration::MAX);
        assert!(lane.blocked_until().unwrap() - begun > NINE_YEARS);
    }
}
