//! What it costs to read 300 tenants of one app in one process while one of them has 2 million
//! sign-ins to catch up, by a simulated Graph on a virtual clock:
//! `cargo run --release -p signin-contract --example many_tenants`
//!
//! What the simulator takes of the memory is measured apart, by the same program run again: then
//! nobody reads but one who keeps nothing.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use std::error::Error;
use std::fs::read_to_string;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{Request, StatusCode};
use msgraph_signins::{Client, Windows};
use signin_contract::local_transport::Called;
use signin_contract::pace::LATENCY;
use signin_core::{Deferred, Transport};
use signin_core::{HttpRequest, HttpResponse, TransportError};
use signin_sim::{Local, msgraph};
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

const EVENTS_OF_FIRST: u64 = 2_000_000;
const EVENTS: u64 = 5_000;
/// How often a tenant that has caught up is asked for what is new.
const POLLING: Duration = Duration::from_secs(60);
/// The argument by which the simulator runs without those who read.
const ALONE: &str = "simulator-alone";

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

async fn count(mut pager: Windows<msgraph_signins::SignIns>) -> Outcome<u64> {
    let mut count = 0;
    while pager.try_next().await?.is_some() {
        count += 1;
    }
    assert!(pager.report().is_complete(), "{:?}", pager.report());
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

fn simulated(tenants: u64) -> Local<msgraph::Service> {
    let settings = msgraph::Settings::default().tenants(tenants).events(EVENTS);
    Local::msgraph(1, settings.events_of_first(EVENTS_OF_FIRST))
}

/// Asks for a list of every tenant, page by page, and keeps nothing. Says the peak of the memory, in
/// MiB: the simulator's, and an answer at a time.
async fn simulator_alone(tenants: u64) -> Outcome<()> {
    // Five requests of a tenant in ten seconds are answered.
    const PAUSE: Duration = Duration::from_secs(2);
    const NEXT: &str = "\"@odata.nextLink\":\"";
    let graph = simulated(tenants);
    for tenant in graph.service().tenants() {
        let token = graph.service().token(&tenant).ok_or("no token")?;
        let mut next = Some("/beta/auditLogs/signIns?$top=1000".to_owned());
        while let Some(link) = next {
            let request = Request::get(link).header(AUTHORIZATION, format!("Bearer {token}"));
            let answer = graph.call(request.body(Bytes::new())?).await;
            assert_eq!(answer.status(), StatusCode::OK);
            let page = std::str::from_utf8(answer.body())?;
            let link = page.split_once(NEXT).and_then(|(_, link)| link.split_once('"'));
            next = link.map(|(link, _)| link.to_owned());
            sleep(PAUSE).await;
        }
    }
    println!("{}", memory("VmHWM:") / 1024);
    Ok(())
}

/// The simulator's share of the memory in MiB, as a process of its own has it.
fn share_of_simulator(tenants: u64) -> Outcome<u64> {
    let mut alone = Command::new(std::env::current_exe()?);
    let output = alone.args([&tenants.to_string(), ALONE]).stderr(Stdio::inherit()).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

async fn run(tenants: u64) -> Outcome<()> {
    let graph = simulated(tenants);
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
    let (peak, alone) = (memory("VmHWM:") / 1024, share_of_simulator(tenants)?);
    let each = peak.saturating_sub(alone) as f64 / tenants as f64;
    println!("peak: {peak} MiB; the simulator alone: {alone} MiB; so {each:.2} MiB a tenant");
    Ok(())
}

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let tenants = arguments.next().map_or(Ok(300), |tenants| tenants.parse())?;
    let alone = arguments.next().is_some_and(|argument| argument == ALONE);
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build()?;
    runtime
        .block_on(async { if alone { simulator_alone(tenants).await } else { run(tenants).await } })
}
