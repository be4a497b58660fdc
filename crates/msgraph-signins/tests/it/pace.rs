//! That the documented limits are used and kept, by one tenant and by many (P6). The simulated
//! Graph is the judge.

use std::time::Duration;

use msgraph_signins::{Client, Limits, Windows};
use signin_contract::local_transport::Called;
use signin_contract::pace::{LATENCY, Limit, assert_next_is_under_way};
use signin_core::vendor::Ranged;
use signin_sim::{Local, msgraph, oauth};
use time::OffsetDateTime;
use tokio::task::JoinSet;
use tokio::time::timeout;

const WINDOW: Duration = Duration::from_secs(10);
const OF_TENANT: Limit = Limit { max: 5, per: WINDOW };
const OF_APP: Limit = Limit { max: 122, per: WINDOW };
const HOUR: Duration = Duration::from_secs(3600);

/// A client of the first tenant, as an application that is let in to all of them.
fn client(graph: &Local<msgraph::Service>, limits: &Limits, wire: &Called) -> Client {
    let service = graph.service();
    let (id, secret) = (service.oauth().client_id(), service.oauth().client_secret());
    let builder = Client::builder(service.tenants().next().unwrap()).base_url(service.base_url());
    let builder = builder.auth_url(service.base_url()).client_secret(id, secret);
    builder.limits(limits.clone()).transport(wire.clone()).build().unwrap()
}

/// The week that the simulated sign-ins are of.
fn week(graph: &Local<msgraph::Service>) -> (OffsetDateTime, OffsetDateTime) {
    let now = graph.service().now();
    (now - time::Duration::days(7) - time::Duration::HOUR, now)
}

/// Walks until the time is over, which comes first.
async fn walk_for<O: Ranged>(time: Duration, mut pager: Windows<O>) {
    let all = async { while pager.try_next().await.unwrap().is_some() {} };
    assert!(timeout(time, all).await.is_err(), "there was not enough to read");
}

/// A token ends within the hour: its renewal takes a moment, too.
#[tokio::test(start_paused = true)]
async fn p6_windows_in_parallel_use_a_tenants_limit_and_keep_it_for_an_hour() {
    let graph = Local::msgraph(1, msgraph::Settings::default().events(100_000));
    let (from, to) = week(&graph);
    let list =
        client(&graph, &Limits::documented(), &Called::new(&graph, LATENCY)).sign_ins().top(5);
    walk_for(HOUR, list.window(from, to)).await;
    let stats = graph.service().stats();
    assert_eq!((stats.throttled, graph.service().oauth().stats().issued), (0, 2));
    OF_TENANT.assert_used(stats.answered, HOUR);
}

/// One after another they would take 5 seconds each: a request every 2 seconds is allowed.
#[tokio::test(start_paused = true)]
async fn p6_windows_in_parallel_use_the_limit_where_pages_are_slow() {
    const SLOW: Duration = Duration::from_secs(5);
    let graph = Local::msgraph(1, msgraph::Settings::default());
    let (from, to) = week(&graph);
    let list = client(&graph, &Limits::documented(), &Called::new(&graph, SLOW)).sign_ins();
    let window = Duration::from_secs(300);
    walk_for(HOUR, list.window(from, to).length(window).longest(window)).await;
    let stats = graph.service().stats();
    assert_eq!(stats.throttled, 0);
    OF_TENANT.assert_used(stats.answered, HOUR);
}

#[tokio::test(start_paused = true)]
async fn the_first_page_is_handed_out_while_the_next_one_is_under_way() {
    let graph = Local::msgraph(1, msgraph::Settings::default());
    let token = graph.service().token(&graph.service().tenants().next().unwrap()).unwrap();
    let builder = Client::builder(crate::TENANT).base_url(graph.service().base_url()).token(token);
    let client = builder.transport(Called::new(&graph, LATENCY)).build().unwrap();
    let requests = || graph.service().stats().requests;
    assert_next_is_under_way(client.sign_ins().top(3).items(), requests).await;
}

/// For this time lets the first tenant catch up in 40 walks at once, and every other ask for its
/// newest record again and again, so that all of them wait all the time. Then the app's limit must
/// have been used and kept, and each tenant served at least every twice its fair share.
async fn crowd(graph: Local<msgraph::Service>, limits: Limits, time: Duration) {
    const WALKS: u32 = 40;
    let (wire, mut tasks) = (Called::new(&graph, LATENCY), JoinSet::new());
    let first = client(&graph, &limits, &wire);
    let (from, to) = week(&graph);
    for pager in 0..WALKS {
        let bound = |number| from + (to - from) * number / WALKS;
        let pager = first.sign_ins().top(5).window(bound(pager), bound(pager + 1));
        tasks.spawn(walk_for(time * 2, pager));
    }
    for tenant in graph.service().tenants().skip(1) {
        let client = first.for_tenant(tenant).unwrap();
        tasks.spawn(async move {
            loop {
                client.sign_ins().top(1).first_page().await.unwrap();
            }
        });
    }
    if let Ok(Some(ended)) = timeout(time, tasks.join_next()).await {
        ended.unwrap();
    }
    let stats = graph.service().stats();
    assert_eq!(stats.throttled, 0);
    OF_APP.assert_used(stats.answered, time);
    let tenants = graph.service().tenants().count();
    assert_eq!(wire.served().callers, u32::try_from(tenants).unwrap(), "everyone was served");
    OF_APP.assert_fair(wire.served(), time);
}

#[tokio::test(start_paused = true)]
async fn p6_300_tenants_share_the_apps_limit_fairly_while_one_catches_up_on_2_million() {
    let settings = msgraph::Settings::default().tenants(300).events(20);
    let graph = Local::msgraph(1, settings.events_of_first(2_000_000));
    crowd(graph, Limits::documented(), Duration::from_secs(300)).await;
}

#[tokio::test(start_paused = true)]
async fn p6_each_app_has_the_limit_for_itself() {
    // Each of the services is Graph as one app meets it.
    let [one, two] = ["app-1", "app-2"].map(|id| {
        let oauth = oauth::Settings::default().client_id(id).errors(oauth::Errors::Entra);
        let settings = msgraph::Settings::default().oauth(oauth).tenants(200).events(20);
        Local::msgraph(1, settings.events_of_first(100_000))
    });
    let (limits, time) = (Limits::documented(), Duration::from_secs(120));
    tokio::join!(crowd(one, limits.clone(), time), crowd(two, limits.clone(), time));
}
