//! How fast walks are, and that they keep a limit (P6). The simulated service is the judge.

use std::time::Duration;

use avepoint_graph::{Client, Environment, Items, Limits, SignIns};
use signin_contract::local_transport::Called;
use signin_contract::pace::{
    LATENCY, Limit, assert_ahead_is_fast, assert_next_is_under_way, time_of,
};
use signin_sim::{Local, avepoint};

/// None is documented: this is what an administrator may have been told.
const LIMIT: Limit = Limit { max: 600, per: Duration::from_secs(60) };

/// A service of one customer, whose tenants have so many sign-ins together.
fn service(events: u64) -> Local<avepoint::Service> {
    let settings = avepoint::Settings::default().customers(1).events(events);
    Local::avepoint(1, settings.per_minute(LIMIT.max))
}

/// The walk over the sign-ins of its first tenant, three a page.
fn pager(elements: &Local<avepoint::Service>) -> Items<SignIns> {
    let (service, wire) = (elements.service(), Called::new(elements, LATENCY));
    let customer = &service.customers()[0];
    let builder = Client::builder(Environment::Commercial).base_url(service.base_url());
    let builder = builder.token(service.token()).transport(wire);
    let builder = builder.limits(Limits::documented().at_most(LIMIT.max, LIMIT.per));
    let client = builder.build().unwrap();
    client.sign_ins(customer.id.clone(), customer.tenants[0].id.clone()).page_size(3).items()
}

#[tokio::test(start_paused = true)]
async fn p6_n_pages_ahead_are_nearly_n_times_as_fast() {
    assert_ahead_is_fast(|| pager(&service(2_400))).await;
}

#[tokio::test(start_paused = true)]
async fn p6_pages_fetched_ahead_use_a_bound_and_keep_it() {
    let elements = service(24_000);
    let (took, pages) = time_of(pager(&elements).fetch_ahead(8)).await;
    let stats = elements.service().stats();
    assert!(pages > 2_000, "{pages} pages");
    assert_eq!(stats.throttled, 0);
    LIMIT.assert_used(stats.answered, took);
}

#[tokio::test(start_paused = true)]
async fn the_first_page_is_handed_out_while_the_next_one_is_under_way() {
    let elements = service(30);
    assert_next_is_under_way(pager(&elements), || elements.service().stats().requests).await;
}
