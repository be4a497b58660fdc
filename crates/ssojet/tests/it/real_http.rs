//! Over real HTTP: against the simulator, which shares no code with the client, and httpmock.

use std::collections::BTreeSet;
use std::time::Duration as Span;

use httpmock::MockServer;
use signin_sim::ssojet::{Body, LastCursor, Service, Settings};
use signin_sim::{Simulator, oauth};
use ssojet::{
    Client, ClientCredentials, ErrorKind, Identities, Items, Limits, LoginLogs, RetryPolicy,
    Warning,
};

use crate::{page, seconds};

async fn simulate(settings: Settings) -> (Simulator, Service) {
    let sim = Simulator::builder().seed(11).ssojet(settings).start().await.unwrap();
    let service = sim.ssojet().unwrap().clone();
    (sim, service)
}

fn client(service: &Service, retry: RetryPolicy) -> Client {
    let builder = Client::builder(service.client_id()).base_url(service.base_url());
    builder.token(service.token()).limits(Limits::none()).retry(retry).build().unwrap()
}

fn at_once() -> RetryPolicy {
    RetryPolicy::default().attempts(5).delays(Span::ZERO, Span::ZERO)
}

/// The texts of all that a pager yields.
async fn texts(items: &mut Items<LoginLogs>) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some(log) = items.try_next().await.unwrap() {
        assert!(log.extra().is_empty(), "{:?}", log.extra());
        texts.push(log.raw().to_owned());
    }
    texts
}

fn truth(service: &Service, user: &str, body: Body) -> Vec<String> {
    service.sign_ins(user).map(|sign_in| sign_in.to_json(body)).collect()
}

#[tokio::test]
async fn p1_a_walk_gives_exactly_what_the_service_holds_byte_for_byte_in_all_its_moods() {
    let newer = || Settings::default().body(Body::Newer);
    for (body, mood) in [
        (Body::Older, Settings::default()),
        (Body::Older, Settings::default().fail_every(3, 503)),
        (Body::Newer, newer()),
        (Body::Newer, newer().last_cursor(LastCursor::Empty)),
        (Body::Newer, newer().last_cursor(LastCursor::Absent).short_pages(true)),
        (Body::Newer, newer().short_pages(true).fail_every(3, 503)),
    ] {
        let (sim, service) = simulate(mood.users(3).events(500)).await;
        let ssojet = client(&service, at_once());
        for user in service.user_ids() {
            for limit in [7, 1000] {
                let mut items = ssojet.login_logs(&user).limit(limit).items();
                assert_eq!(texts(&mut items).await, truth(&service, &user, body));
                assert!(items.report().is_complete(), "{:?}", items.report());
            }
        }
        sim.stop().await;
    }
}

#[tokio::test]
async fn typed_members_are_those_of_the_service() {
    for body in [Body::Older, Body::Newer] {
        let (_sim, service) = simulate(Settings::default().users(1).body(body)).await;
        let user = service.user_ids().next().unwrap();
        let mut items = client(&service, at_once()).login_logs(&user).items();
        for row in service.sign_ins(&user) {
            let log = items.try_next().await.unwrap().unwrap();
            let cut = log.created_at.as_ref().unwrap().instant() - row.created_at;
            assert!(cut.whole_milliseconds() == 0);
            assert_eq!((log.addr(), log.country()), (Some(row.ip), Some(row.country)));
            assert_eq!(log.city(), Some(row.city).filter(|city| *city != "UnknownCity"));
            let agent =
                Some(row.user_agent).filter(|agent| body == Body::Newer && !agent.is_empty());
            assert_eq!(log.user_agent(), agent);
            assert!(log.name() != Some("Amazon CloudFront"));
        }
        assert!(items.try_next().await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_record_has_one_identity_whichever_body_it_comes_in() {
    let mut seen = Vec::new();
    for body in [Body::Older, Body::Newer] {
        let (_sim, service) = simulate(Settings::default().body(body).client_id("app-1")).await;
        let mut identities = Identities::new("app-1");
        let mut sign_ins = client(&service, at_once()).all_sign_ins().limit(7).items();
        let mut all = Vec::new();
        while let Some(sign_in) = sign_ins.try_next().await.unwrap() {
            all.push(identities.of(&sign_in.owner.id, &sign_in.record).unwrap());
        }
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 1_000, "rows alike among them");
        seen.push(all);
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn p1_everyones_sign_ins_are_exactly_what_the_service_holds() {
    for (body, deleted) in [(Body::Older, 0), (Body::Newer, 0), (Body::Newer, 2)] {
        let settings = Settings::default().users(60).events(1_000).deleted_users(deleted);
        let (_sim, service) = simulate(settings.body(body).short_pages(true)).await;
        let ssojet = client(&service, at_once());
        let mut sign_ins = ssojet.all_sign_ins().limit(20).concurrency(8).fetch_ahead(1).items();
        let mut read = Vec::new();
        while let Some(sign_in) = sign_ins.try_next().await.unwrap() {
            assert!(sign_in.owner.email.is_some());
            read.push(format!("{} {}", sign_in.owner.id, sign_in.record.raw()));
        }
        let of = |user: String| {
            let texts = truth(&service, &user, body).into_iter();
            texts.map(move |text| format!("{user} {text}")).collect::<Vec<_>>()
        };
        let mut users: Vec<_> = service.user_ids().collect();
        users.sort_unstable();
        assert_eq!(read, users.into_iter().flat_map(of).collect::<Vec<_>>());
        let report = sign_ins.report();
        assert_eq!(report.is_complete(), deleted == 0, "{report:?}");
        let gone = |warning: &Warning| matches!(warning, Warning::OwnerGone { .. });
        assert_eq!(
            (report.warnings.len(), report.warnings.iter().all(gone)),
            (usize::try_from(deleted).unwrap(), true)
        );
    }
}

#[tokio::test]
async fn p1_sign_ins_that_arrive_during_a_walk_hide_none_that_were_there() {
    let settings = Settings::default().body(Body::Newer).users(1).events(300).arrivals(3, 1);
    let (_sim, service) = simulate(settings).await;
    let user = service.user_ids().next().unwrap();
    let before = truth(&service, &user, Body::Newer);
    let mut items = client(&service, at_once()).login_logs(&user).limit(10).items();
    let read = texts(&mut items).await;
    assert!(read.len() > 300 && read.starts_with(&before), "{}", read.len());
}

#[tokio::test]
async fn users_are_all_listed_and_one_is_found_by_his_address() {
    let (_sim, service) = simulate(Settings::default().users(230).short_pages(true)).await;
    let ssojet = client(&service, at_once());
    let mut users = ssojet.users().limit(30).items();
    for truth in service.users() {
        let user = users.try_next().await.unwrap().unwrap();
        assert_eq!(user.raw(), truth.to_json());
        assert_eq!(user.first_name(), Some(truth.first_name).filter(|name| !name.is_empty()));
        assert!(user.extra().is_empty());
    }
    assert!(users.try_next().await.unwrap().is_none());
    let one = service.users().nth(99).unwrap();
    let mut found = ssojet.users().email(&one.email).items();
    assert_eq!(found.try_next().await.unwrap().unwrap().id.as_deref(), Some(&*one.id));
    assert!(found.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn p6_a_service_that_says_429_is_read_to_its_end() {
    let settings = Settings::default().body(Body::Newer).users(1).events(200);
    let (_sim, service) = simulate(settings.fail_every(2, 429)).await;
    let user = service.user_ids().next().unwrap();
    let mut items = client(&service, at_once()).login_logs(&user).limit(100).items();
    assert_eq!(texts(&mut items).await, truth(&service, &user, Body::Newer));
    let report = items.report();
    assert_eq!((report.pages, report.throttled, report.requests), (2, 1, 3));
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(service.stats().faults, report.throttled);
}

/// The vendor's pages tell of a JSON object to one address and of a form to another.
#[tokio::test]
async fn p6_a_walk_goes_on_while_every_token_is_good_for_three_requests_only() {
    for encoding in [oauth::Encoding::Json, oauth::Encoding::Form] {
        let asked = oauth::Settings::default().encoding(encoding).uses(3).fail_first(1, 503);
        let settings = Settings::default().body(Body::Newer).users(1).events(200).oauth(asked);
        let (_sim, service) = simulate(settings).await;
        let user = service.user_ids().next().unwrap();
        let (endpoint, retry) = (service.oauth(), at_once());
        let builder =
            Client::builder(service.client_id()).base_url(service.base_url()).retry(retry);
        let builder = match encoding {
            oauth::Encoding::Json => builder.client_secret(endpoint.client_secret()),
            _ => {
                let asked = ClientCredentials::new(endpoint.token_url(), endpoint.client_id());
                builder.client_credentials(asked.secret_in_body(endpoint.client_secret()))
            }
        };
        let mut items = builder.build().unwrap().login_logs(&user).limit(20).items();
        assert_eq!(texts(&mut items).await, truth(&service, &user, Body::Newer));
        assert_eq!((endpoint.stats().issued, endpoint.stats().refused), (4, 1), "{encoding:?}");
    }
}

#[tokio::test]
async fn p8_a_wrong_secret_and_a_wrong_way_to_tokens_are_told_apart() {
    let (_sim, service) = simulate(Settings::default()).await;
    let client = |change: fn(ssojet::ClientBuilder, &Service) -> ssojet::ClientBuilder| {
        let builder = Client::builder(service.client_id()).base_url(service.base_url());
        change(builder, &service).build().unwrap()
    };
    let wrong = client(|builder, _| builder.client_secret("not-the-secret"));
    let error = wrong.users().first_page().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert!(error.to_string().contains("check client id and secret"), "{error}");
    let elsewhere = client(|builder, service| {
        builder.base_url(format!("{}/old", service.base_url())).client_secret("s")
    });
    let error = elsewhere.users().first_page().await.unwrap_err();
    assert!(
        error.to_string().contains("set the token URL and encoding of your account"),
        "{error}"
    );
    for error in [error.to_string(), format!("{error:?}")] {
        assert!(!error.contains("not-the-secret") && !error.contains('…'), "{error}");
    }
    assert_eq!(service.stats().answered, 0);
}

#[tokio::test]
async fn p8_what_is_wrong_is_said_in_both_shapes() {
    for body in [Body::Older, Body::Newer] {
        let (_sim, service) = simulate(Settings::default().body(body)).await;
        let ssojet = client(&service, RetryPolicy::never());
        let error = ssojet.login_logs("0123").first_page().await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::NotFound, Some(404)));
        assert_eq!(error.vendor_message(), Some("There is no such user"));
        assert_eq!(error.vendor_code(), (body == Body::Newer).then_some("user_not_found"));
        let other = ssojet.for_client_id("other").unwrap();
        let error = other.users().first_page().await.unwrap_err();
        assert!(error.to_string().contains("check client_id"), "{error}");
        let builder = Client::builder("a").base_url(service.base_url()).token("sk_live_wrong");
        let error = builder.build().unwrap().users().first_page().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication);
    }
}

#[tokio::test]
async fn p3_a_service_that_stops_in_the_middle_is_resumed_without_loss() {
    let settings = Settings::default().body(Body::Newer).users(1).events(250);
    let (sim, service) = simulate(settings.clone()).await;
    let user = service.user_ids().next().unwrap();
    let truth = truth(&service, &user, Body::Newer);
    let mut items = client(&service, RetryPolicy::never()).login_logs(&user).limit(50).items();
    let mut got = Vec::new();
    let error = loop {
        if got.len() == 120 {
            sim.stop().await;
        }
        match items.try_next().await {
            Ok(item) => got.push(item.unwrap().raw().to_owned()),
            Err(error) => break error,
        }
    };
    assert_eq!(got.len(), 150, "the page at hand was handed out to its end");
    assert_eq!(error.kind(), ErrorKind::Network);
    let checkpoint = error.checkpoint().unwrap().to_string();
    let port = service.base_url().rsplit_once(':').unwrap().1.parse().unwrap();
    let (_again, service) = simulate(settings.clone().port(port)).await;
    let list = client(&service, at_once()).login_logs(&user).limit(50);
    let mut items = list.items().resume(checkpoint.parse().unwrap()).unwrap();
    got.extend(texts(&mut items).await);
    assert_eq!(got, truth);

    // Anywhere else the checkpoint is good for nothing.
    let (_elsewhere, service) = simulate(settings).await;
    let list = client(&service, at_once()).login_logs(&user).limit(50);
    let refused = list.items().resume(checkpoint.parse().unwrap()).unwrap_err();
    assert!(refused.to_string().contains("another host"), "{refused}");
}

#[tokio::test]
async fn httpmock_sees_one_request_per_page_with_its_parameters() {
    let server = MockServer::start_async().await;
    let mut mocks = Vec::new();
    for (cursor, rows, next) in [(None, vec![1, 2], Some("b+c")), (Some("b+c"), vec![3], None)] {
        let body = page(rows, next);
        let mock = server.mock_async(|when, then| {
            let when = when
                .method("GET")
                .path("/api/v1/users/u-1/loginlogs")
                .header("authorization", "Bearer key")
                .query_param("client_id", "app-1")
                .query_param("event", "login");
            match cursor {
                Some(cursor) => when.query_param("cursor", cursor),
                None => when.query_param_missing("cursor"),
            };
            then.status(200).header("content-type", "application/json").body(body);
        });
        mocks.push(mock.await);
    }
    let builder = Client::builder("app-1").base_url(server.base_url()).token("key");
    let mut items = builder.build().unwrap().login_logs("u-1").items();
    assert_eq!(seconds(&mut items).await, [1, 2, 3]);
    for mock in mocks {
        mock.assert_async().await;
    }
    assert!(items.report().is_complete());
}
