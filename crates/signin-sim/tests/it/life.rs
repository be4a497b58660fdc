//! Start, stop, many clients, and the same bytes for the same seed.

use std::time::Duration;

use signin_sim::Simulator;
use signin_sim::tines::{Service, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::wire::{Answer, activities, busiest, connect, get, ids, path, start};

/// Asks for everything a tenant has, refusals included.
async fn everything(seed: u64) -> Vec<Answer> {
    let settings = Settings::default().users(5).deleted_users(1).events(300);
    let settings = settings.arrivals(4, 2).short_pages(true);
    let (_sim, tines) = start(seed, settings.fail_every(5, 500)).await;
    let mut answers = Vec::new();
    for user in tines.user_ids() {
        for query in ["", "?page=2", "?per_page=50", "?before=2026-02-01T00:00:00Z", "?page=x"] {
            answers.push(get(&tines, &path(user, query)).await);
        }
    }
    for list in ["admin/users", "audit_logs"] {
        for query in
            ["", "?page=2", "?include=team_memberships", "?operation_name=Login", "?page=x"]
        {
            answers.push(get(&tines, &format!("/api/v1/{list}{query}")).await);
        }
    }
    answers
}

#[tokio::test]
async fn the_same_seed_and_settings_give_the_same_bytes() {
    let first = everything(5).await;
    assert_eq!(first, everything(5).await);
    assert_ne!(first, everything(6).await);
    let request_ids: Vec<_> = first.iter().map(|answer| answer.header("x-request-id")).collect();
    let mut unique = request_ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), request_ids.len());
}

/// Sends a request that keeps its connection, without reading the answer.
async fn send(tines: &Service, stream: &mut TcpStream) {
    let path = path(busiest(tines), "");
    let key = tines.api_key();
    let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\nX-User-Token: {key}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
}

/// Reads until the other side is gone; one that stays fails the test instead of hanging it.
async fn drained(stream: &mut TcpStream) {
    let mut buffer = [0; 4_096];
    let gone = async { while stream.read(&mut buffer).await.is_ok_and(|length| length > 0) {} };
    tokio::time::timeout(Duration::from_secs(30), gone).await.unwrap();
}

#[tokio::test]
async fn stop_ends_idle_connections_running_requests_and_the_listener() {
    let (sim, tines) = start(1, Settings::default()).await;
    let mut idle = connect(&tines).await;
    send(&tines, &mut idle).await;
    assert_ne!(idle.read(&mut [0; 16]).await.unwrap(), 0);
    sim.stop().await;
    drained(&mut idle).await;
    let address = tines.base_url().strip_prefix("http://").unwrap();
    assert!(TcpStream::connect(address).await.is_err());
    assert_eq!(tines.stats().answered, 1, "stats outlive the stop");
    sim.stop().await;
}

#[tokio::test]
async fn stop_does_not_wait_for_an_answer_that_takes_a_day() {
    let settings = Settings::default().think_time(Duration::from_secs(86_400));
    let (sim, tines) = start(1, settings).await;
    let mut busy = connect(&tines).await;
    send(&tines, &mut busy).await;
    while tines.stats().requests == 0 {
        tokio::task::yield_now().await;
    }
    sim.stop().await;
    drained(&mut busy).await;
    assert_eq!(tines.stats().answered, 0);
}

#[tokio::test]
async fn dropping_the_simulator_ends_connections() {
    let (sim, tines) = start(1, Settings::default()).await;
    let mut idle = connect(&tines).await;
    send(&tines, &mut idle).await;
    drop(sim);
    drained(&mut idle).await;
}

#[tokio::test]
async fn a_simulator_without_services_starts_and_stops() {
    let sim = Simulator::builder().start().await.unwrap();
    assert!(sim.tines().is_none());
    sim.stop().await;
}

/// Many clients at once: each walks its page, and all are answered.
async fn crowd() {
    let (_sim, tines) = start(1, Settings::default().per_minute(1_000)).await;
    let clients: Vec<_> = (0..64)
        .map(|client: u64| {
            let tines = tines.clone();
            tokio::spawn(async move {
                let user = busiest(&tines);
                let page = client % 10 + 1;
                let rows = activities(&tines, user, &format!("?page={page}")).await.rows();
                let skip = usize::try_from(page - 1).unwrap() * 20;
                assert_eq!(rows, ids(tines.sign_ins(user, None, None))[skip..skip + 20]);
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
    assert_eq!(tines.stats().answered, 64);
    assert!(tines.stats().body_bytes > 64 * 1_000);
}

#[tokio::test]
async fn many_clients_are_served_in_a_current_thread_runtime() {
    crowd().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_clients_are_served_in_a_multi_thread_runtime() {
    crowd().await;
}

#[tokio::test]
async fn it_answers_while_the_callers_runtime_is_blocked() {
    use std::io::{Read as _, Write as _};
    let (_sim, tines) = start(1, Settings::default()).await;
    let address = tines.base_url().strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401 "));
}
