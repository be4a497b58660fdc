//! That latency is hidden where it can be (P6). The simulated application is the judge.

use signin_contract::local_transport::Called;
use signin_contract::pace::{LATENCY, assert_next_is_under_way};
use signin_sim::Local;
use signin_sim::ssojet::{Body, Settings};
use ssojet::Client;

#[tokio::test(start_paused = true)]
async fn the_first_page_is_handed_out_while_the_next_one_is_under_way() {
    let settings = Settings::default().users(1).events(9).body(Body::Newer);
    let application = Local::ssojet(1, settings);
    let (service, wire) = (application.service(), Called::new(&application, LATENCY));
    let builder = Client::builder(service.client_id()).base_url(service.base_url());
    let client = builder.token(service.token()).transport(wire).build().unwrap();
    let user = service.user_ids().next().unwrap();
    let pager = client.login_logs(user).limit(3).items();
    assert_next_is_under_way(pager, || service.stats().requests).await;
}
