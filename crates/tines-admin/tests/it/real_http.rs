//! Over real HTTP: against the simulator, which shares no code with the client, and httpmock.

use std::time::Duration as Span;

use httpmock::MockServer;
use signin_sim::{Simulator, tines};
use time::Duration;
use tines_admin::{Client, ErrorKind, Limits, RetryPolicy, UserInclude, Way};

use crate::{ids, page};

async fn simulate(settings: tines::Settings) -> Simulator {
    Simulator::builder().seed(11).tines(settings).start().await.unwrap()
}

fn client(tenant: &tines::Service) -> Client {
    let at_once = RetryPolicy::default().attempts(5).delays(Span::ZERO, Span::ZERO);
    let builder = Client::builder(tenant.base_url()).token(tenant.api_key());
    builder.limits(Limits::none()).retry(at_once).build().unwrap()
}

#[tokio::test]
async fn p1_a_walk_gives_exactly_what_the_service_holds_in_all_its_moods() {
    let moods = [
        tines::Settings::default(),
        tines::Settings::default().legacy_meta(true),
        tines::Settings::default().next_page_text_null(true),
        tines::Settings::default().short_pages(true),
        tines::Settings::default().count_skew(40),
        tines::Settings::default().count_skew(-40),
        tines::Settings::default().fail_every(3, 503),
    ];
    for mood in moods {
        let sim = simulate(mood.users(2).events(300).per_minute(1_000_000)).await;
        let tenant = sim.tines().unwrap();
        for user in tenant.user_ids() {
            for per_page in [1, 7, 500] {
                let truth: Vec<u64> = tenant.sign_ins(user, None, None).map(|row| row.id).collect();
                let mut items = client(tenant).signin_activities(user).per_page(per_page).items();
                assert_eq!(ids(&mut items).await, truth, "{tenant:?} {per_page}");
            }
        }
        sim.stop().await;
    }
}

#[tokio::test]
async fn p2_records_arrive_byte_for_byte() {
    let sim = simulate(tines::Settings::default().users(1).events(500)).await;
    let tenant = sim.tines().unwrap();
    let user = tenant.user_ids().next().unwrap();
    let mut items = client(tenant).signin_activities(user).items();
    for row in tenant.sign_ins(user, None, None) {
        let record = items.try_next().await.unwrap().unwrap();
        assert_eq!(record.raw(), row.to_json());
        assert_eq!(record.created_at.as_ref().unwrap().instant(), row.created_at);
        assert_eq!(record.ip.as_ref().unwrap().addr(), Some(row.ip));
        assert_eq!(record.user_agent.as_deref(), Some(row.user_agent));
        assert!(record.extra().is_empty());
    }
    assert!(items.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn p1_sign_ins_that_arrive_during_a_walk_shift_nothing_out_of_it() {
    let sim = simulate(tines::Settings::default().users(1).events(400).arrivals(1, 3)).await;
    let tenant = sim.tines().unwrap();
    let user = tenant.user_ids().next().unwrap();
    let truth: Vec<u64> = tenant.sign_ins(user, None, None).map(|row| row.id).collect();
    let mut items = client(tenant).signin_activities(user).per_page(20).items();
    assert_eq!(ids(&mut items).await, truth);
    assert!(items.report().is_complete(), "{:?}", items.report());
    assert!(tenant.sign_ins(user, None, None).len() > 400, "sign-ins did arrive");
}

#[tokio::test]
async fn before_and_after_reach_the_service() {
    let sim = simulate(tines::Settings::default().users(1).events(300)).await;
    let tenant = sim.tines().unwrap();
    let user = tenant.user_ids().next().unwrap();
    let rows: Vec<_> = tenant.sign_ins(user, None, None).collect();
    let (before, after) = (rows[50].created_at + Duration::SECOND, rows[200].created_at);
    let truth: Vec<u64> =
        tenant.sign_ins(user, Some(after), Some(before)).map(|row| row.id).collect();
    assert!(truth.len() > 100 && truth.len() < 300);
    let list = client(tenant).signin_activities(user).before(before).after(after).per_page(9);
    assert_eq!(ids(&mut list.items()).await, truth);
}

#[tokio::test]
async fn p1_users_and_the_audit_log_give_exactly_what_the_service_holds() {
    let settings = tines::Settings::default().users(40).deleted_users(3).events(900);
    let sim = simulate(settings.arrivals(2, 1).short_pages(true).per_minute(1_000_000)).await;
    let tenant = sim.tines().unwrap();
    let truth: Vec<u64> = tenant.user_ids().collect();
    let mut users =
        client(tenant).users().include(UserInclude::TeamMemberships).per_page(7).items();
    let mut listed = Vec::new();
    while let Some(user) = users.try_next().await.unwrap() {
        assert!(user.extra().is_empty(), "{:?}", user.extra());
        listed.push(user.id.as_ref().unwrap().parse::<u64>().unwrap());
    }
    listed.sort_unstable();
    assert_eq!(listed, truth);

    let truth: Vec<String> = tenant.logins(None, None).map(|login| login.to_json()).collect();
    let mut logins = client(tenant).audit_logs().operation_name("Login").per_page(50).items();
    let mut read = Vec::new();
    while let Some(login) = logins.try_next().await.unwrap() {
        assert!(login.extra().is_empty(), "{:?}", login.extra());
        assert_eq!(login.operation_name.as_deref(), Some("Login"));
        read.push(login.raw().to_owned());
    }
    assert_eq!(read, truth, "those of deleted users too, and none that arrived meanwhile");
    assert!(logins.report().is_complete(), "{:?}", logins.report());
    assert!(tenant.logins(None, None).len() > truth.len(), "sign-ins did arrive");
}

#[tokio::test]
async fn p1_everyones_sign_ins_are_exactly_what_the_service_holds_by_either_way() {
    for (plan, way) in [(true, Way::AuditLog), (false, Way::Users)] {
        let settings = tines::Settings::default().users(40).deleted_users(3).events(900);
        let settings = settings.audit_log(plan).arrivals(2, 1).short_pages(true);
        let sim = simulate(settings.per_minute(1_000_000)).await;
        let tenant = sim.tines().unwrap();
        let mut truth: Vec<String> = match way {
            Way::AuditLog => tenant.logins(None, None).map(|row| row.to_json()).collect(),
            _ => {
                let of = |user| tenant.sign_ins(user, None, None).map(|row| row.to_json());
                tenant.user_ids().flat_map(of).collect()
            }
        };
        let list = client(tenant).all_sign_ins().per_page(20).concurrency(8).fetch_ahead(2);
        let mut pager = list.items();
        let mut read = Vec::new();
        while let Some(sign_in) = pager.try_next().await.unwrap() {
            assert!(sign_in.user_id().is_some());
            assert!(sign_in.user_email().is_some(), "the log and the list of users name everyone");
            read.push(sign_in.raw().to_owned());
        }
        assert_eq!(pager.way(), Some(way));
        assert_eq!(pager.refusal().is_some(), !plan);
        assert!(pager.report().is_complete(), "{:?}", pager.report());
        let requests = pager.report().requests;
        assert!(requests <= tenant.stats().requests + 2, "{requests}: up to two under way");
        read.sort_unstable();
        truth.sort_unstable();
        assert_eq!(read, truth);
        sim.stop().await;
    }
}

#[tokio::test]
async fn p6_a_service_that_says_429_again_and_again_is_read_to_its_end() {
    let sim = simulate(tines::Settings::default().users(1).events(80).fail_every(2, 429)).await;
    let tenant = sim.tines().unwrap();
    let user = tenant.user_ids().next().unwrap();
    let truth: Vec<u64> = tenant.sign_ins(user, None, None).map(|row| row.id).collect();
    let mut items = client(tenant).signin_activities(user).per_page(20).items();
    assert_eq!(ids(&mut items).await, truth);
    let report = items.report();
    assert!(report.throttled >= 3 && report.is_complete(), "{report:?}");
    assert_eq!(report.requests, report.pages + report.retries);
    assert_eq!(tenant.stats().faults, report.throttled);
}

#[tokio::test]
async fn p8_a_plan_without_audit_log_says_so() {
    let sim = simulate(tines::Settings::default().audit_log(false)).await;
    let error = client(sim.tines().unwrap()).audit_logs().first_page().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert!(error.to_string().contains("not every plan has the audit log"), "{error}");
}

#[tokio::test]
async fn p3_a_service_that_stops_in_the_middle_is_resumed_without_loss() {
    let settings = tines::Settings::default().users(1).events(250);
    let sim = simulate(settings.clone()).await;
    let tenant = sim.tines().unwrap();
    let user = tenant.user_ids().next().unwrap();
    let truth: Vec<u64> = tenant.sign_ins(user, None, None).map(|row| row.id).collect();
    let tines = Client::builder(tenant.base_url())
        .token(tenant.api_key())
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let mut items = tines.signin_activities(user).per_page(50).items();
    let mut got = Vec::new();
    let error = loop {
        if got.len() == 120 {
            sim.stop().await;
        }
        match items.try_next().await {
            Ok(item) => got.push(item.unwrap().id.as_ref().unwrap().parse::<u64>().unwrap()),
            Err(error) => break error,
        }
    };
    assert_eq!(got.len(), 150, "the page at hand was handed out to its end");
    assert_eq!(error.kind(), ErrorKind::Network);
    let line = error.to_string();
    assert!(
        line.contains("connection") && line.contains("run again from the checkpoint"),
        "{line}"
    );

    let checkpoint = error.checkpoint().unwrap().to_string();
    let port = tenant.base_url().rsplit_once(':').unwrap().1.parse().unwrap();
    let again = simulate(settings.clone().port(port)).await;
    let tenant = again.tines().unwrap();
    let list = client(tenant).signin_activities(user).per_page(50);
    let mut items = list.items().resume(checkpoint.parse().unwrap()).unwrap();
    got.extend(ids(&mut items).await);
    assert_eq!(got, truth);

    // Anywhere else the checkpoint is good for nothing.
    let elsewhere = simulate(settings).await;
    let list = client(elsewhere.tines().unwrap()).signin_activities(user).per_page(50);
    let refused = list.items().resume(checkpoint.parse().unwrap()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Checkpoint);
    assert!(refused.to_string().contains("another host"), "{refused}");
}

#[tokio::test]
async fn httpmock_sees_one_request_per_page_with_its_parameters() {
    let server = MockServer::start_async().await;
    let mut mocks = Vec::new();
    for (number, rows, next) in [("1", vec![5, 4], "2"), ("2", vec![3], "null")] {
        let body = page(rows, &format!(r#""next_page_number":{next},"per_page":2,"count":3"#));
        let mock = server.mock_async(|when, then| {
            when.method("GET")
                .path("/api/v1/admin/users/72/signin_activities")
                .header("authorization", "Bearer key")
                .query_param("per_page", "2")
                .query_param("page", number);
            then.status(200).header("content-type", "application/json").body(body);
        });
        mocks.push(mock.await);
    }
    let tines = Client::builder(server.base_url()).token("key").build().unwrap();
    let mut items = tines.signin_activities(72).per_page(2).items();
    assert_eq!(ids(&mut items).await, [5, 4, 3]);
    for mock in mocks {
        mock.assert_async().await;
    }
    assert!(items.report().is_complete());
}
