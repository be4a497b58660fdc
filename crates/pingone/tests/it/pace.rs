//! That latency is hidden where it can be (P6). The simulated environment is the judge.

use pingone::{Client, Region};
use signin_contract::local_transport::Called;
use signin_contract::pace::{LATENCY, assert_next_is_under_way};
use signin_sim::{Local, pingone as sim};
use time::Duration;

#[tokio::test(start_paused = true)]
async fn the_first_page_is_handed_out_while_the_next_one_is_under_way() {
    let environment = Local::pingone(1, sim::Settings::default().events(9));
    let (service, wire) = (environment.service(), Called::new(&environment, LATENCY));
    let builder = Client::builder(Region::Europe, service.environment_id());
    let builder = builder.base_url(service.base_url()).token(service.access_token());
    let (client, to) = (builder.transport(wire).build().unwrap(), service.now());
    let pager = client.activities(to - Duration::days(9), to).limit(3).items();
    assert_next_is_under_way(pager, || service.stats().requests).await;
}
