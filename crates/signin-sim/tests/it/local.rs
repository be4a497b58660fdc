//! Services that are called, and what comes, goes and changes in waves.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::Request;
use signin_sim::{Local, avepoint, msgraph, pingone, ssojet, tines};

use crate::wire;

const HOUR: Duration = Duration::from_secs(3600);

async fn get<S>(service: &Local<S>, path: &str, token: &str) -> (u16, String) {
    let request = Request::get(path).header("authorization", format!("Bearer {token}"));
    let answer = service.call(request.body(Bytes::new()).unwrap()).await;
    (answer.status().as_u16(), String::from_utf8(answer.into_body().to_vec()).unwrap())
}

#[tokio::test]
async fn a_service_that_is_called_answers_as_over_http() {
    let settings = tines::Settings::default().events(50).arrivals(1, 2);
    let (_sim, over_http) = wire::start(7, settings.clone()).await;
    let called = Local::tines(7, settings);
    let user = wire::busiest(&over_http);
    let meta = |body: &str| body.split("\"meta\"").next().unwrap().to_owned();
    for page in 1..4 {
        let query = format!("?per_page=20&page={page}");
        let answer = wire::activities(&over_http, user, &query).await;
        let path = wire::path(user, &query);
        let (status, body) = get(&called, &path, called.service().api_key()).await;
        assert_eq!((status, meta(&body)), (answer.status, meta(&answer.body)));
    }
    assert_eq!(called.service().now(), over_http.now());
}

#[tokio::test]
async fn sign_ins_vanish_from_among_their_users_and_stay_in_the_audit_log() {
    let settings = tines::Settings::default().users(1).events(200).vanishing(true);
    let local = Local::tines(3, settings.arrivals(100, 1).waves(32));
    let tenant = local.service();
    let user = tenant.user_ids().next().unwrap();
    let first: Vec<_> = tenant.sign_ins(user, None, None).collect();
    assert!(!first.iter().any(|row| tenant.has_vanished(row)));
    let path = wire::path(user, "?per_page=500");
    tenant.pass(20);
    tenant.pass(20);
    let (_, body) = get(&local, &path, tenant.api_key()).await;
    let gone = first.iter().filter(|row| tenant.has_vanished(row)).count();
    assert!((15..35).contains(&gone), "half of a quarter is gone: {gone} of 200");
    assert!(body.contains(&format!("\"count\":{}}}", 200 - gone + 32)), "{body}");
    for row in &first {
        let id = format!("\"id\":{},", row.id);
        assert_eq!(body.contains(&id), !tenant.has_vanished(row), "{row:?}");
    }
    assert_eq!(tenant.logins(None, None).count(), 232);
}

/// Calls a service so often, and gives its rows before, then those after.
async fn used<S>(
    service: Local<S>,
    (path, token): (String, String),
    truth: impl Fn(&S) -> Vec<String>,
) -> (BTreeSet<String>, BTreeSet<String>) {
    let rows = || truth(service.service()).into_iter().collect::<BTreeSet<_>>();
    let before = rows();
    for _ in 0..40 {
        assert_eq!(get(&service, &path, &token).await.0, 200);
    }
    (before, rows())
}

/// Of 40 waves of one row each 10 happen; a part of the rows is gone, another has changed.
fn assert_life((before, behind): &(BTreeSet<String>, BTreeSet<String>), gone: usize) {
    let (old, new) = (before.difference(behind).count(), behind.difference(before).count());
    let changed = new - 10;
    assert!(changed > 0 && changed < before.len() / 2, "{changed} changed of {}", before.len());
    assert_eq!(before.len() - gone + 10, behind.len());
    assert!(old >= changed + gone && old < before.len(), "{old} are not as they were");
}

#[tokio::test]
async fn rows_come_go_and_change_in_waves_until_there_are_no_more() {
    let settings = tines::Settings::default().users(1).events(200).days(2).per_minute(1_000);
    let settings = settings.arrivals(1, 1).waves(10).expiring(HOUR).changing(true);
    let local = Local::tines(3, settings);
    let user = local.service().user_ids().next().unwrap();
    let asked = (wire::path(user, ""), local.service().api_key().to_owned());
    let rows = move |tenant: &tines::Service| {
        tenant.sign_ins(user, None, None).map(|row| row.to_json()).collect()
    };
    let lives = used(local, asked, rows).await;
    let gone = lives.0.len() + 10 - lives.1.len();
    assert!((20..70).contains(&gone), "10 hours of 48 are gone: {gone} of 200");
    assert_life(&lives, gone);

    let settings = avepoint::Settings::default().customers(1).events(100).days(10);
    let settings = settings.arrivals(1, 1).waves(10).expiring(HOUR * 6).changing(true);
    let local = Local::avepoint(3, settings);
    let customer = local.service().customers()[0].clone();
    let tenant = customer.tenants[0].id.clone();
    let asked = (
        format!(
            "/partner/external/v3/um/customers/{}/tenants/{tenant}/overview/security/compliances/signins?pageSize=100",
            customer.id
        ),
        local.service().token().to_owned(),
    );
    let rows = move |service: &avepoint::Service| {
        service.sign_ins(&customer.id, &tenant).map(|row| row.to_json()).collect()
    };
    let lives = used(local, asked, rows).await;
    assert_life(&lives, lives.0.len() / 4);

    let settings = ssojet::Settings::default().users(1).events(100).days(10);
    let settings = settings.arrivals(1, 1).waves(10).expiring(HOUR * 6).changing(true);
    let local = Local::ssojet(3, settings);
    let user = local.service().user_ids().next().unwrap();
    let asked = (
        format!("/api/v1/users/{user}/loginlogs?client_id={}", local.service().client_id()),
        local.service().token().to_owned(),
    );
    let rows = move |service: &ssojet::Service| {
        service.sign_ins(&user).map(|row| row.to_json(ssojet::Body::Older)).collect()
    };
    let (before, behind) = used(local, asked, rows).await;
    // Some are alike, and count once here.
    assert!(before.difference(&behind).count() > 25 && behind.len() < before.len());

    let settings = pingone::Settings::default().events(100).days(10).per_second(1_000);
    let settings = settings.arrivals(1, 1).waves(10).expiring(HOUR * 6).changing(true);
    let local = Local::pingone(3, settings);
    let service = local.service();
    let asked = (
        format!(
            "/v1/environments/{}/activities?filter=recordedAt%20gt%20%222026-02-25T00:00:00Z%22%20and%20recordedAt%20lt%20%222026-03-01T00:00:00Z%22",
            service.environment_id()
        ),
        service.access_token().to_owned(),
    );
    let all = service.now() - time::Duration::days(30)..service.now() + time::Duration::HOUR;
    let rows = move |service: &pingone::Service| {
        service.events(all.clone()).map(|event| event.to_json()).collect()
    };
    let lives = used(local, asked, rows).await;
    let gone = lives.0.len() + 10 - lives.1.len();
    assert!((20..31).contains(&gone), "a quarter is gone: {gone} of 100");
    assert_life(&lives, gone);

    let settings = msgraph::Settings::default().events(100).days(10).per_tenant(1_000);
    let settings = settings.arrivals(1, 1).waves(10).expiring(HOUR * 6).changing(true);
    let local = Local::msgraph(3, settings);
    let tenant = local.service().tenants().next().unwrap();
    let token = local.service().token(&tenant).unwrap();
    let all = [
        msgraph::Kind::InteractiveUser,
        msgraph::Kind::NonInteractiveUser,
        msgraph::Kind::ServicePrincipal,
        msgraph::Kind::ManagedIdentity,
    ];
    let rows = move |service: &msgraph::Service| {
        let rows = service.sign_ins(&tenant, &all, None, None);
        rows.map(|row| row.to_json(msgraph::Version::Beta)).collect()
    };
    let lives = used(local, ("/beta/auditLogs/signIns".to_owned(), token), rows).await;
    let gone = lives.0.len() + 10 - lives.1.len();
    assert!((20..31).contains(&gone), "a quarter is gone: {gone} of 100");
    assert_life(&lives, gone);
}
