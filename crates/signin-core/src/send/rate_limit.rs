//! Limits kept before the service has to enforce them: sliding windows by rate limit, and the gate
//! that a 429 closes for all that the limit counts.
//!
//! The last `max` starts of each limit are remembered; a token bucket with steady refill would let
//! nearly twice as many into some windows. A request waits in the narrowest limit first and holds
//! its turn there while it waits for the broader ones, so that its start is counted in all of them
//! at one instant; a request that is held up after that, by the renewal of its token, is counted
//! anew when it starts. A bound of the caller's own (`at_most`) comes last. A 429 closes the gate
//! of the narrowest limit, also where the request itself is not tried again, and an operation
//! without documented limits has a gate all the same. All tasks take the limits of a request in one
//! order, so that no two wait for each other.
//!
//! Many tenants of one app in one process need no scheduler of their own. Of each tenant one
//! request at a time gets into the app's queue, since it holds the tenant's turn meanwhile. So that
//! queue is a round over the tenants that wait, however much each of them wants. A request whose
//! tenant is paused while it stands in the app's queue gives the app's turn back. Limits are keyed
//! by app and tenant, so that a second app has the whole of its limit for itself.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::{Instant, sleep_until};

/// One of a vendor's documented limits: at most `max` requests start in any window of `per`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimit {
    /// What the limit counts by, such as `admin/users`. Requests with the same name share it.
    pub name: Cow<'static, str>,
    /// How many requests, 1 or more.
    pub max: u32,
    /// The window's length.
    pub per: Duration,
}

impl RateLimit {
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
    states: Arc<Mutex<HashMap<String, Arc<LimitState>>>>,
    /// The caller's own bound, which every request falls under.
    own: Option<Arc<LimitState>>,
}

impl Limits {
    /// The vendor's documented limits.
    pub fn documented() -> Self {
        Self { kept: true, states: Arc::default(), own: None }
    }

    /// No limits of our own: requests start at once, and only a 429 pauses them. For services
    /// that are known to allow more than they document.
    pub fn none() -> Self {
        Self { kept: false, states: Arc::default(), own: None }
    }

    /// Beside these, at most `max` requests (1 or more) in any window of `per`, whatever they ask
    /// for: to leave the rest of a service's limits to other programs. Clones share the bound, and
    /// an earlier one is replaced.
    #[must_use]
    pub fn at_most(self, max: u32, per: Duration) -> Self {
        let own = LimitState::new(&RateLimit::new("all requests", max, per), true);
        Self { own: Some(Arc::new(own)), ..self }
    }

    /// Waits until a request may start under every scope, and counts it as started. Waiting tasks
    /// are served in the order in which they came; where a broad scope is shared by many narrow
    /// ones, one of each in turn, however many wait in each. Dropping the future takes nothing.
    pub(crate) async fn start(&self, rate_limits: &[RateLimit]) -> Start {
        let mut states: Vec<_> =
            rate_limits.iter().map(|rate_limit| self.state(rate_limit)).collect();
        // One order for all tasks, the narrowest first and what all share last: no two can wait
        // for each other, and nobody waits for another's narrow limit.
        states
            .sort_by(|one, other| one.rate.total_cmp(&other.rate).then(one.name.cmp(&other.name)));
        states.dedup_by(|one, other| Arc::ptr_eq(one, other));
        states.extend(self.own.clone());
        // A limit's turn is held while the broader ones are waited for: nobody else takes its
        // room meanwhile, the start is counted in all of them at one instant, and of each narrow
        // limit only one task queues in the broad ones.
        let mut turns: Vec<OwnedMutexGuard<()>> = Vec::with_capacity(states.len());
        loop {
            let passed = states.iter().enumerate().take(turns.len());
            let mut blocked = passed.filter_map(|(at, state)| Some((at, state.blocked_until()?)));
            if let Some((at, free)) = blocked.next() {
                // Its gate may have been closed meanwhile: the broader limits are for the others.
                turns.truncate(at + 1);
                sleep_until(free).await;
            } else if let Some(state) = states.get(turns.len()) {
                turns.push(Arc::clone(&state.turn).lock_owned().await);
            } else {
                break;
            }
        }
        let at = Instant::now();
        for state in &states {
            state.started(at);
        }
        Start { states, at }
    }

    /// Waits until the gate of a scope is open. It takes no turn, so a task that stops waiting,
    /// or is not polled any more, holds up nobody.
    pub(crate) async fn open(&self, rate_limit: &RateLimit) {
        let state = self.state(rate_limit);
        while let Some(free) = state.blocked_until() {
            sleep_until(free).await;
        }
    }

    /// Closes the gate of the narrowest scope: every task of it waits.
    pub(crate) fn pause(&self, rate_limits: &[RateLimit], pause: Duration) {
        if let Some(rate_limit) = rate_limits.first() {
            self.state(rate_limit).pause(pause);
        }
    }

    fn state(&self, rate_limit: &RateLimit) -> Arc<LimitState> {
        let mut states = lock(&self.states);
        if let Some(state) = states.get(rate_limit.name.as_ref()) {
            return Arc::clone(state);
        }
        let state = Arc::new(LimitState::new(rate_limit, self.kept));
        states.insert(rate_limit.name.clone().into_owned(), Arc::clone(&state));
        state
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::documented()
    }
}

/// A request that was counted as started.
#[derive(Debug)]
pub(crate) struct Start {
    states: Vec<Arc<LimitState>>,
    at: Instant,
}

impl Start {
    /// Something held it up: it starts now, and is counted so.
    pub(crate) fn begin_now(self) {
        let now = Instant::now();
        for state in &self.states {
            state.moved(self.at, now);
        }
    }
}

/// What a pause is that no clock can hold.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);

/// One scope's queue, window and gate.
#[derive(Debug)]
struct LimitState {
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

impl LimitState {
    fn new(rate_limit: &RateLimit, kept: bool) -> Self {
        let max = usize::try_from(rate_limit.max.max(1)).unwrap_or(usize::MAX);
        Self {
            name: rate_limit.name.clone().into_owned(),
            rate: f64::from(rate_limit.max) / rate_limit.per.as_secs_f64(),
            turn: Arc::default(),
            max: (kept && rate_limit.max < u32::MAX).then_some(max),
            // Requests do not all travel for the same time: one that starts a window later than
            // another may arrive a little less than a window later. A hundredth is for that.
            window: rate_limit.per + rate_limit.per / 100,
            state: Mutex::default(),
        }
    }

    /// When the limit is free again; None if it is free now.
    fn blocked_until(&self) -> Option<Instant> {
        let now = Instant::now();
        let state = lock(&self.state);
        let full = self.max.is_some_and(|max| state.starts.len() >= max);
        let room = state.starts.front().filter(|_| full).map(|oldest| *oldest + self.window);
        room.max(state.closed_until).filter(|free| *free > now)
    }

    fn started(&self, at: Instant) {
        let Some(max) = self.max else { return };
        lock(&self.state).count(at, max);
    }

    /// A start was later than it was counted. Its place was kept until now, so that no window
    /// holds more than it may.
    fn moved(&self, from: Instant, to: Instant) {
        let Some(max) = self.max else { return };
        let mut state = lock(&self.state);
        if let Some(at) = state.starts.iter().rposition(|start| *start == from) {
            state.starts.remove(at);
        }
        state.count(to, max);
    }

    fn pause(&self, pause: Duration) {
        let now = Instant::now();
        let until = now.checked_add(pause).unwrap_or(now + LONGEST_PAUSE);
        let mut state = lock(&self.state);
        state.closed_until = state.closed_until.max(Some(until));
    }
}

impl LaneState {
    fn count(&mut self, start: Instant, max: usize) {
        self.starts.push_back(start);
        while self.starts.len() > max {
            self.starts.pop_front();
        }
    }
}

/// A lock that a panicking task left behind still holds whole values: each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
