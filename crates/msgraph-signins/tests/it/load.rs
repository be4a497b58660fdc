//! Many walks at once over one client, and pagers that are dropped (P6, P9). The simulated Graph is
//! the judge.

use std::time::Duration;

use msgraph_signins::Client;
use signin_contract::chaos;
use signin_contract::load::{One, assert_all_complete, assert_can_be_dropped};
use signin_contract::local_transport::Called;
use signin_contract::pace::{LATENCY, Limit};
use signin_sim::{Local, msgraph};
use time::Duration as Span;
use tokio::time::Instant;

const OF_TENANT: Limit = Limit { max: 5, per: Duration::from_secs(10) };

fn client(graph: &Local<msgraph::Service>) -> Client {
    let service = graph.service();
    let (id, secret) = (service.oauth().client_id(), service.oauth().client_secret());
    let builder = Client::builder(service.tenants().next().unwrap()).base_url(service.base_url());
    let builder = builder.auth_url(service.base_url()).client_secret(id, secret);
    builder.transport(Called::new(graph, LATENCY)).build().unwrap()
}

/// They outlive the token, which all of them renew by one request.
#[tokio::test(start_paused = true)]
async fn p6_1_000_walks_at_once_share_the_limit_and_the_token_and_none_is_left_behind() {
    const WALKS: u32 = 1_000;
    let graph = Local::msgraph(1, msgraph::Settings::default().events(8));
    let (client, begun) = (client(&graph), Instant::now());
    let mut all = client.sign_ins().items();
    let mut truth = Vec::new();
    while let Some(record) = all.try_next().await.unwrap() {
        truth.push(record.raw().to_owned());
    }
    assert!(truth.len() > 1);
    let top = u32::try_from(truth.len().div_ceil(2)).unwrap();
    let one =
        |_| One { pager: client.sign_ins().top(top).items(), truth: truth.clone(), dropped: None };
    let pagers = (0..WALKS).map(one).collect();
    assert_all_complete(pagers, OF_TENANT).await;
    let stats = graph.service().stats();
    assert_eq!((stats.throttled, stats.unauthorised), (0, 0));
    OF_TENANT.assert_used(stats.answered, begun.elapsed());
    let hours = begun.elapsed().as_secs() / 3600 + 1;
    let issued = graph.service().oauth().stats().issued;
    assert!(issued <= hours * 2, "{issued} tokens in {hours} hours");
}

#[tokio::test(start_paused = true)]
async fn p9_a_walk_over_windows_can_be_dropped_at_any_time() {
    let graph = Local::msgraph(1, msgraph::Settings::default().events(60));
    let client = client(&graph);
    let to = graph.service().now();
    let pager = || {
        let list = client.sign_ins().top(5);
        chaos::windows(list.window(to - Span::days(2), to).concurrency(3))
    };
    let a_window = Duration::from_secs(11);
    assert_can_be_dropped(pager, (Duration::from_millis(870), 80), a_window).await;
}
