//! A thousand walks at once over one client (P6). The simulated application is the judge.

use std::time::Duration;

use signin_contract::load::{One, assert_all_complete};
use signin_contract::local_transport::Called;
use signin_contract::pace::{LATENCY, Limit};
use signin_sim::Local;
use signin_sim::ssojet::{Body, Settings};
use ssojet::{Client, Limits};
use tokio::time::Instant;

/// None is documented: this is what an administrator may have been told.
const LIMIT: Limit = Limit { max: 600, per: Duration::from_secs(60) };

#[tokio::test(start_paused = true)]
async fn p6_1_000_walks_at_once_share_a_bound_and_none_is_left_behind() {
    let settings = Settings::default().users(1_000).events(4_000).body(Body::Newer);
    let application = Local::ssojet(1, settings.per_minute(LIMIT.max));
    let (service, wire) = (application.service(), Called::new(&application, LATENCY));
    let builder = Client::builder(service.client_id()).base_url(service.base_url());
    let builder = builder.limits(Limits::documented().at_most(LIMIT.max, LIMIT.per));
    let client = builder.token(service.token()).transport(wire).build().unwrap();
    let begun = Instant::now();
    let pagers = service.user_ids().map(|user| One {
        truth: service.sign_ins(&user).map(|row| row.to_json(Body::Newer)).collect(),
        pager: client.login_logs(user).limit(2).items(),
        dropped: None,
    });
    assert_all_complete(pagers.collect(), LIMIT).await;
    let stats = service.stats();
    assert_eq!(stats.throttled, 0);
    LIMIT.assert_used(stats.answered, begun.elapsed());
}
