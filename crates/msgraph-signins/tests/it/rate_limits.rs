//! Both documented limits, kept before the service has to enforce them (P6).

use std::time::Duration;

use msgraph_signins::{Client, Limits};
use signin_core::testing::{Reply, Scripted, Sent};
use tokio::task::JoinSet;

use crate::{TENANT, client, page};

const WINDOW: Duration = Duration::from_secs(10);

/// The most requests that started in any window.
fn most_in_any_window(sent: &[&Sent]) -> usize {
    let in_window = |first: &Sent| {
        sent.iter().filter(|other| other.at >= first.at && other.at - first.at < WINDOW).count()
    };
    sent.iter().map(|first| in_window(first)).max().unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn p6_at_most_5_requests_of_a_tenant_start_in_any_10_seconds() {
    let script = Scripted::respond(|_| Reply::json(page([], None)));
    let graph = client(&script);
    let mut tasks = JoinSet::new();
    for _ in 0..23 {
        tasks.spawn(graph.clone().sign_ins().first_page());
    }
    tasks.join_all().await;
    let sent = script.sent();
    assert_eq!(most_in_any_window(&sent.iter().collect::<Vec<_>>()), 5);
    assert!(sent[22].at - sent[0].at < Duration::from_secs(50), "and no fewer than allowed");
}

#[tokio::test(start_paused = true)]
async fn p6_at_most_122_requests_of_an_app_start_in_any_10_seconds_over_all_tenants() {
    let script = Scripted::respond(|_| Reply::json(page([], None)));
    let limits = Limits::documented();
    let mut tasks = JoinSet::new();
    for tenant in 0..60 {
        let builder =
            Client::builder(format!("t{tenant}.example")).token(format!("token-{tenant}"));
        let builder = builder.limits(limits.clone()).transport(script.clone());
        let graph = builder.build().unwrap();
        for _ in 0..5 {
            tasks.spawn(graph.sign_ins().first_page());
        }
    }
    tasks.join_all().await;
    let sent = script.sent();
    assert_eq!(sent.len(), 300);
    assert_eq!(most_in_any_window(&sent.iter().collect::<Vec<_>>()), 122);
}

#[tokio::test(start_paused = true)]
async fn p6_a_429_asks_for_decimal_seconds_and_pauses_its_tenant_only() {
    let mut refused = false;
    let script = Scripted::respond(move |sent| {
        let first = sent.header("authorization") == Some("Bearer token-0123456789") && !refused;
        refused |= first;
        if first {
            return Reply::status(429).header("retry-after", "2.128");
        }
        Reply::json(page([], None))
    });
    let limits = Limits::documented();
    let builder = |tenant: &str, token: &str| {
        let builder = Client::builder(tenant).token(token).limits(limits.clone());
        builder.transport(script.clone()).build().unwrap()
    };
    let (mine, other) = (builder(TENANT, "token-0123456789"), builder("other.example", "other"));
    let begun = tokio::time::Instant::now();
    let (one, two) = tokio::join!(mine.sign_ins().first_page(), async {
        tokio::task::yield_now().await;
        other.sign_ins().first_page().await
    });
    one.unwrap();
    two.unwrap();
    let sent = script.sent();
    assert_eq!(sent[1].at - begun, Duration::ZERO, "another tenant does not wait");
    assert_eq!(sent[2].at - begun, Duration::from_millis(2128));
}
