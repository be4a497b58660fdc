//! How fast walks are, and that they keep the limits (P6). The simulated tenant is the judge.

use std::time::Duration;

use signin_contract::local_transport::Called;
use signin_contract::pace::{
    LATENCY, Limit, assert_ahead_is_fast, assert_next_is_under_way, time_of,
};
use signin_sim::{Local, tines};
use tines_admin::{Client, Items, SigninActivities, Way};
use tokio::time::Instant;

const LIMIT: Limit = Limit { max: 500, per: Duration::from_secs(60) };

fn client(tenant: &Local<tines::Service>) -> Client {
    let (service, wire) = (tenant.service(), Called::new(tenant, LATENCY));
    let builder = Client::builder(service.base_url()).token(service.api_key());
    builder.transport(wire).build().unwrap()
}

/// A tenant of one user with so many sign-ins.
fn tenant(events: u64) -> Local<tines::Service> {
    Local::tines(1, tines::Settings::default().users(1).events(events))
}

/// The walk over that user's sign-ins, three a page.
fn pager(tenant: &Local<tines::Service>) -> Items<SigninActivities> {
    let user = tenant.service().user_ids().next().unwrap();
    client(tenant).signin_activities(user).per_page(3).items()
}

#[tokio::test(start_paused = true)]
async fn p6_n_pages_ahead_are_nearly_n_times_as_fast() {
    assert_ahead_is_fast(|| pager(&tenant(599))).await;
}

#[tokio::test(start_paused = true)]
async fn p6_pages_fetched_ahead_use_the_limit_and_keep_it() {
    let tenant = tenant(8_999);
    let (took, pages) = time_of(pager(&tenant).fetch_ahead(8)).await;
    let stats = tenant.service().stats();
    assert_eq!((pages, stats.throttled), (3_000, 0));
    LIMIT.assert_used(stats.answered, took);
}

#[tokio::test(start_paused = true)]
async fn the_first_page_is_handed_out_while_the_next_one_is_under_way() {
    let tenant = tenant(9);
    assert_next_is_under_way(pager(&tenant), || tenant.service().stats().requests).await;
}

#[tokio::test(start_paused = true)]
async fn p6_a_walk_over_1_000_users_uses_the_limit_and_keeps_it() {
    let tenant = Local::tines(1, tines::Settings::default().users(1_000).events(5_000));
    let begun = Instant::now();
    let mut pager = client(&tenant).all_sign_ins().way(Way::Users).items();
    let mut count = 0;
    while pager.try_next().await.unwrap().is_some() {
        count += 1;
    }
    let stats = tenant.service().stats();
    assert_eq!((count, stats.throttled), (5_000, 0));
    assert!(stats.answered >= 1_000, "a request a user at least");
    LIMIT.assert_used(stats.answered, begun.elapsed());
}
