//! A thousand walks at once over one client (P6). The simulated service is the judge.

use std::collections::BTreeSet;
use std::time::Duration;

use avepoint_graph::{Client, Environment, Limits};
use signin_contract::load::{One, assert_all_complete};
use signin_contract::local_transport::Called;
use signin_contract::pace::{LATENCY, Limit};
use signin_sim::{Local, avepoint};
use tokio::time::Instant;

/// None is documented: this is what an administrator may have been told.
const LIMIT: Limit = Limit { max: 600, per: Duration::from_secs(60) };

#[tokio::test(start_paused = true)]
async fn p6_1_000_walks_at_once_share_a_bound_and_the_token_and_none_is_left_behind() {
    let settings = avepoint::Settings::default().customers(1).events(16).per_minute(LIMIT.max);
    let elements = Local::avepoint(1, settings);
    let (service, wire) = (elements.service(), Called::new(&elements, LATENCY));
    let (id, secret) = (service.oauth().client_id(), service.oauth().client_secret());
    let builder = Client::builder(Environment::Commercial).base_url(service.base_url());
    let builder = builder.auth_url(service.base_url()).client_secret(id, secret);
    let builder = builder.limits(Limits::documented().at_most(LIMIT.max, LIMIT.per));
    let (client, begun) = (builder.transport(wire).build().unwrap(), Instant::now());
    let (customer, tenant) = (&service.customers()[0].id, &service.customers()[0].tenants[0].id);
    let rows = service.sign_ins(customer, tenant).map(|row| row.to_json());
    // In an order of the service's own.
    let mut truth = Vec::new();
    let mut all = client.sign_ins(customer.clone(), tenant.clone()).items();
    while let Some(record) = all.try_next().await.unwrap() {
        truth.push(record.raw().to_owned());
    }
    assert_eq!(BTreeSet::from_iter(rows), truth.iter().cloned().collect());
    assert!(truth.len() > 1);
    let half = u32::try_from(truth.len().div_ceil(2)).unwrap();
    let pager = || client.sign_ins(customer.clone(), tenant.clone()).page_size(half).items();
    let one = |_| One { pager: pager(), truth: truth.clone(), dropped: None };
    assert_all_complete((0..1_000).map(one).collect(), LIMIT).await;
    let stats = service.stats();
    assert_eq!((stats.throttled, stats.unauthorised), (0, 0));
    LIMIT.assert_used(stats.answered, begun.elapsed());
    assert_eq!(service.oauth().stats().issued, 1);
}
