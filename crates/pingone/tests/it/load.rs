//! A thousand walks at once over one client (P6). The simulated environment is the judge.

use std::time::Duration;

use pingone::{Client, Region};
use signin_contract::load::{One, assert_all_complete};
use signin_contract::local_transport::Called;
use signin_contract::pace::{LATENCY, Limit};
use signin_sim::{Local, pingone as sim};
use time::Duration as Span;
use tokio::time::Instant;

/// The narrower one of the two scopes that each request counts in.
const OF_IP: Limit = Limit { max: 3, per: Duration::from_secs(1) };

#[tokio::test(start_paused = true)]
async fn p6_1_000_walks_at_once_share_the_limit_and_the_token_and_none_is_left_behind() {
    let environment = Local::pingone(1, sim::Settings::default().events(8));
    let service = environment.service();
    let (id, secret) = (service.oauth().client_id(), service.oauth().client_secret());
    let builder = Client::builder(Region::Europe, service.environment_id());
    let builder = builder.base_url(service.base_url()).token_url(service.oauth().token_url());
    let builder = builder.client_secret(id, secret);
    let client = builder.transport(Called::new(&environment, LATENCY)).build().unwrap();
    let (to, begun) = (service.now(), Instant::now());
    let from = to - Span::days(9);
    let truth: Vec<_> = service.events(from..to).map(|row| row.to_json()).collect();
    assert!(truth.len() > 1);
    let half = u32::try_from(truth.len().div_ceil(2)).unwrap();
    let pager = || client.activities(from, to).limit(half).items();
    let one = |_| One { pager: pager(), truth: truth.clone(), dropped: None };
    assert_all_complete((0..1_000).map(one).collect(), OF_IP).await;
    let stats = service.stats();
    assert_eq!((stats.throttled, stats.unauthorised), (0, 0));
    OF_IP.assert_used(stats.answered, begun.elapsed());
    assert_eq!(service.oauth().stats().issued, 1);
}
