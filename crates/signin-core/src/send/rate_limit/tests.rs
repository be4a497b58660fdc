//! What the limits promise, in stopped time.

use super::*;
use tokio::task::JoinSet;

const TEN_SECONDS: Duration = Duration::from_secs(10);
static TENANT: [RateLimit; 1] = [RateLimit::new("tenant", 5, TEN_SECONDS)];
static APP: [RateLimit; 1] = [RateLimit::new("app", 12, TEN_SECONDS)];
static BOTH: [RateLimit; 2] =
    [RateLimit::new("tenant", 5, TEN_SECONDS), RateLimit::new("app", 12, TEN_SECONDS)];

/// Starts `count` requests at once and says when each began, in order.
async fn starts(limits: &Limits, rate_limits: &'static [RateLimit], count: usize) -> Vec<Instant> {
    let mut tasks = JoinSet::new();
    for _ in 0..count {
        let limits = limits.clone();
        tasks.spawn(async move {
            limits.start(rate_limits).await;
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

/// A tenant of an app, with the limits of `BOTH`.
fn tenant(number: usize) -> [RateLimit; 2] {
    [RateLimit { name: format!("tenant {number}").into(), ..TENANT[0] }, APP[0].clone()]
}

const TENANTS: u32 = 24;

/// Lets the tenants ask again and again for 10 minutes, the first one by so many tasks at once,
/// the others by one each. Gives when each of them started its requests.
async fn crowd(limits: &Limits, tasks_of_first: usize) -> Vec<Vec<Instant>> {
    let numbers = 0..TENANTS as usize;
    let starts = Arc::new(Mutex::new(vec![vec![Instant::now()]; numbers.len()]));
    let mut tasks = JoinSet::new();
    for number in std::iter::repeat_n(0, tasks_of_first - 1).chain(numbers) {
        let (limits, starts, rate_limits) = (limits.clone(), Arc::clone(&starts), tenant(number));
        tasks.spawn(async move {
            loop {
                limits.start(&rate_limits).await;
                starts.lock().unwrap()[number].push(Instant::now());
            }
        });
    }
    tokio::time::sleep(TEN_SECONDS * 60).await;
    drop(tasks);
    starts.lock().unwrap().clone()
}

/// Each was served at least every twice its fair share, nobody got twice as much, and nothing of
/// the limit was left.
fn assert_fair(limit: u32, starts: &[Vec<Instant>]) {
    let patience = TEN_SECONDS * TENANTS * 2 / limit;
    let gaps = starts.iter().flat_map(|starts| starts.windows(2).map(|pair| pair[1] - pair[0]));
    let (longest, fair) = (gaps.max().unwrap(), usize::try_from(limit * 60 / TENANTS).unwrap());
    assert!(longest <= patience, "{longest:?}");
    let counts: Vec<_> = starts.iter().map(|starts| starts.len() - 1).collect();
    assert!(counts.iter().all(|count| (fair / 2..=fair * 2).contains(count)), "{counts:?}");
    let (all, most) = (counts.iter().sum::<usize>(), usize::try_from(limit * 60).unwrap());
    assert!((most * 95 / 100..=most).contains(&all), "{all}");
}

#[tokio::test(start_paused = true)]
async fn p6_a_tenant_with_many_requests_waiting_gets_no_more_than_its_turn() {
    for tasks_of_first in [1, 100] {
        assert_fair(12, &crowd(&Limits::documented(), tasks_of_first).await);
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_bound_of_the_callers_own_is_shared_fairly_too() {
    assert_fair(4, &crowd(&Limits::documented().at_most(4, TEN_SECONDS), 100).await);
}

#[tokio::test(start_paused = true)]
async fn p6_a_tenant_whose_gate_closes_while_it_queues_holds_up_no_other() {
    let limits = Limits::documented();
    starts(&limits, &APP, 12).await;
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for number in 0..5 {
        let limits = limits.clone();
        tasks.spawn(async move {
            limits.start(&tenant(number)).await;
            (number, begun.elapsed())
        });
        tokio::task::yield_now().await;
    }
    for paused in [0, 2] {
        limits.pause(&tenant(paused), TEN_SECONDS * 9);
    }
    for (number, waited) in tasks.join_all().await {
        let expected = if number == 0 || number == 2 { 9 } else { 1 };
        let rounds = waited.as_secs_f64() / TEN_SECONDS.as_secs_f64();
        assert!((rounds - f64::from(expected)).abs() < 0.1, "tenant {number}: {waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_start_that_is_held_up_is_counted_when_it_is() {
    let limits = Limits::documented();
    let held_up = limits.start(&BOTH).await;
    tokio::time::sleep(TEN_SECONDS / 2).await;
    let mut all = starts(&limits, &BOTH, 4).await;
    tokio::time::sleep(TEN_SECONDS / 4).await;
    held_up.begin_now();
    all.push(Instant::now());
    all.extend(starts(&limits, &BOTH, 6).await);
    assert_eq!(most_in_any_window(&all, TEN_SECONDS), 5);
    let waited = all[5] - all[0];
    assert!(waited >= TEN_SECONDS && waited < TEN_SECONDS * 11 / 10, "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn p6_a_bound_of_the_callers_own_holds_every_request_and_no_limit_is_lifted() {
    for (limits, of_tenant) in [(Limits::documented(), 5), (Limits::none(), 7)] {
        let limits = limits.at_most(7, TEN_SECONDS);
        let clone = limits.clone();
        let (tenant, app) = tokio::join!(starts(&limits, &TENANT, 20), starts(&clone, &APP, 20));
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
    let state = LimitState::new(&RateLimit::gate("host"), true);
    let begun = Instant::now();
    state.pause(Duration::MAX);
    assert!(state.blocked_until().unwrap() - begun > NINE_YEARS);
}
