//! A thousand walks at once over one client (P6, P9). The simulated tenant is the judge.

use std::time::Duration;

use signin_contract::load::{One, assert_all_complete, assert_can_be_dropped};
use signin_contract::local_transport::Called;
use signin_contract::pace::{LATENCY, Limit};
use signin_sim::{Local, tines};
use tines_admin::{Client, Way};
use tokio::time::Instant;

use crate::chaos::tenant;

const LIMIT: Limit = Limit { max: 500, per: Duration::from_secs(60) };

fn client(tenant: &Local<tines::Service>) -> Client {
    let (service, wire) = (tenant.service(), Called::new(tenant, LATENCY));
    let builder = Client::builder(service.base_url()).token(service.api_key());
    builder.transport(wire).build().unwrap()
}

/// Walks over the sign-ins of each of so many users; what `dropped` says of their numbers.
async fn walk_all(users: u32, dropped: impl Fn(u32) -> Option<Duration>) {
    let settings = tines::Settings::default().users(users.into()).events(u64::from(users) * 4);
    let tenant = Local::tines(1, settings);
    let (client, begun) = (client(&tenant), Instant::now());
    let pagers = tenant.service().user_ids().zip(0..).map(|(user, number)| One {
        pager: client.signin_activities(user).per_page(2).items(),
        truth: tenant.service().sign_ins(user, None, None).map(|row| row.to_json()).collect(),
        dropped: dropped(number),
    });
    assert_all_complete(pagers.collect(), LIMIT).await;
    let stats = tenant.service().stats();
    assert_eq!(stats.throttled, 0);
    LIMIT.assert_used(stats.answered, begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn p6_1_000_walks_at_once_share_the_limit_and_none_is_left_behind() {
    walk_all(1_000, |_| None).await;
}

#[tokio::test(start_paused = true)]
async fn p9_walks_that_are_dropped_hold_up_none_of_the_others() {
    let spread = |number| Duration::from_millis(u64::from(number) * 197);
    walk_all(600, |number| (number % 3 > 0).then(|| spread(number))).await;
}

#[tokio::test(start_paused = true)]
async fn p9_a_walk_over_all_users_can_be_dropped_at_any_time() {
    let service = Local::tines(1, tines::Settings::default().users(8).events(70));
    let client = client(&service);
    let pager = || {
        let all = client.all_sign_ins().way(Way::Users).per_page(3).concurrency(8);
        tenant(all.fetch_ahead(2).items())
    };
    let a_window = Duration::from_secs(61);
    assert_can_be_dropped(pager, (LATENCY / 2, 60), a_window).await;
}
