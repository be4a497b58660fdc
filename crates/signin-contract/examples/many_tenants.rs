//! What it costs to read 300 tenants of one app in one process while one of them has 2 million
//! sign-ins to catch up, by a simulated Graph on a virtual clock:
//! `cargo run --release -p signin-contract --example many_tenants`

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use std::error::Error;
use std::fs::read_to_string;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use msgraph_signins::{Client, Windows};
use signin_contract::called::Called;
use signin_contract::pace::LATENCY;
use signin_core::transport::{HttpRequest, HttpResponse, TransportError};
use signin_core::{Deferred, Transport};
use signin_sim::{Local, msgraph};
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

const EVENTS_OF_FIRST: u64 = 2_000_000;
const EVENTS: u64 = 5_000;
/// How often a tenant that has caught up is asked for what is new.
const POLLING: Duration = Duration::from_secs(60);

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// The way to the service, which tells its own costs from ours.
#[derive(Debug, Clone)]
struct Metered {
    way: Called,
    nanoseconds: Arc<AtomicU64>,
}

impl Transport for Metered {
    fn send(&self, request: HttpRequest) -> Deferred<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            sleep(LATENCY).await;
            let begun = nanoseconds();
            let answer = self.way.send(request).await;
            self.nanoseconds.fetch_add(nanoseconds() - begun, Ordering::Relaxed);
            answer
        })
    }
}

/// The processor's time that this thread, which is the only one, has taken.
fn nanoseconds() -> u64 {
    let text = read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// A line of what the process holds, in kB.
fn memory(name: &str) -> u64 {
    let status = read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// Everything that a tenant holds.
fn everything(client: &Client, now: OffsetDateTime) -> Windows<msgraph_signins::SignIns> {
    client.all_sign_ins(now - time::Duration::days(8), now)
}

async fn count(mut walk: Windows<msgraph_signins::SignIns>) -> Outcome<u64> {
    let mut count = 0;
    while walk.try_next().await?.is_some() {
        count += 1;
    }
    assert!(walk.report().is_complete(), "{:?}", walk.report());
    Ok(count)
}

/// Catches up, then asks for what is new, for ever. Windows of one tenant need not be read side by
/// side where so many tenants are.
async fn follow(
    client: Client,
    service: msgraph::Service,
    caught_up: mpsc::UnboundedSender<(Instant, u64)>,
) -> Outcome<()> {
    let now = service.now();
    assert_eq!(count(everything(&client, now).concurrency(1)).await?, EVENTS);
    caught_up.send((Instant::now(), service.stats().answered))?;
    loop {
        sleep(POLLING).await;
        let newest = client.all_sign_ins(now - time::Duration::HOUR, now);
        count(newest.concurrency(1)).await?;
    }
}

async fn run(tenants: u64) -> Outcome<()> {
    let settings = msgraph::Settings::default().tenants(tenants).events(EVENTS);
    let graph = Local::msgraph(1, settings.events_of_first(EVENTS_OF_FIRST));
    let (service, now) = (graph.service(), graph.service().now());
    let wire = Metered { way: Called::new(&graph, Duration::ZERO), nanoseconds: Arc::default() };
    let mut ids = service.tenants();
    let builder = Client::builder(ids.next().ok_or("no tenant")?).base_url(service.base_url());
    let app = (service.oauth().client_id(), service.oauth().client_secret());
    let builder = builder.auth_url(service.base_url()).client_secret(app.0, app.1);
    let first = builder.transport(wire.clone()).build()?;
    first.sign_ins().top(1).first_page().await?;

    let before = memory("VmRSS:");
    let others = ids.map(|id| first.for_tenant(id)).collect::<Result<Vec<_>, _>>()?;
    for client in &others {
        client.sign_ins().top(1).first_page().await?;
    }
    let idle = memory("VmRSS:").saturating_sub(before);

    let (begun, asked, busy) = (Instant::now(), service.stats().answered, nanoseconds());
    let served = wire.nanoseconds.load(Ordering::Relaxed);
    let (told, mut caught_up) = mpsc::unbounded_channel();
    let mut following = JoinSet::new();
    for client in others {
        following.spawn(follow(client, service.clone(), told.clone()));
    }
    let all = tokio::select! {
        all = count(everything(&first, now)) => all?,
        Some(ended) = following.join_next() => return ended?,
    };
    assert_eq!(all, EVENTS_OF_FIRST);
    let (took, stats) = (begun.elapsed().as_secs_f64(), service.stats());
    let requests = stats.answered - asked;
    let seconds = |from: u64, to: u64| Duration::from_nanos(to - from).as_secs_f64();
    let whole = seconds(busy, nanoseconds());
    let simulated = seconds(served, wire.nanoseconds.load(Ordering::Relaxed));
    let share = 100.0 * (whole - simulated) / took;
    println!("{tenants} tenants of one app, {LATENCY:?} a request");
    let mut last = (begun, asked);
    while let Ok(next) = caught_up.try_recv() {
        last = next;
    }
    let (busy_for, in_it) = ((last.0 - begun).as_secs_f64(), (last.1 - asked) as f64);
    let rate = 10.0 * in_it / busy_for;
    println!("all others caught up on {EVENTS} each: {busy_for:.0} s, {rate:.1} requests in 10 s");
    println!("the first caught up on {all}: {took:.0} s, {requests} requests of all tenants");
    println!("answers 429: {}", stats.throttled);
    println!("of one core: {:.1} s, {share:.2} % of the time", whole - simulated);
    println!("for the simulator beside it: {simulated:.1} s");
    println!("a tenant that waits for its next round: {} kB", idle / tenants.max(2));
    println!("peak, simulator included: {} MiB", memory("VmHWM:") / 1024);
    Ok(())
}

fn main() -> Outcome<()> {
    let tenants = std::env::args().nth(1).map_or(Ok(300), |tenants| tenants.parse())?;
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build()?;
    runtime.block_on(run(tenants))
}
