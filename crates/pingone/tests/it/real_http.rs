//! Over real HTTP: against the simulator, which shares no code with the client, and httpmock.

use std::ops::Range;
use std::time::Duration as Span;

use httpmock::MockServer;
use pingone::{Client, ErrorKind, Limits, Region, RetryPolicy, SampleSize, Warning};
use signin_sim::{RetryAfter, Simulator, pingone as sim};
use time::{Duration, OffsetDateTime};

use crate::{ENVIRONMENT, ids, page, time};

async fn simulate(settings: sim::Settings) -> Simulator {
    let settings = settings.per_second(1_000_000).per_minute(1_000_000);
    Simulator::builder().seed(11).pingone(settings).start().await.unwrap()
}

fn client(service: &sim::Service) -> Client {
    let at_once = RetryPolicy::default().attempts(5).delays(Span::ZERO, Span::ZERO);
    let builder = Client::builder(Region::Europe, service.environment_id());
    let builder = builder.base_url(service.base_url()).token(service.access_token());
    builder.limits(Limits::none()).retry(at_once).build().unwrap()
}

/// The last so many days of the service's clock.
fn last(service: &sim::Service, days: i64) -> Range<OffsetDateTime> {
    service.now() - Duration::days(days)..service.now()
}

#[tokio::test]
async fn p1_a_walk_gives_exactly_what_the_service_holds_in_all_its_moods() {
    let moods = [
        sim::Settings::default(),
        sim::Settings::default().short_pages(true),
        sim::Settings::default().fail_every(3, 503),
        sim::Settings::default().arrivals(1, 2),
    ];
    for mood in moods {
        let sim = simulate(mood.events(300)).await;
        let service = sim.pingone().unwrap();
        let range = last(service, 9);
        let truth: Vec<_> = service.events(range.clone()).map(|event| event.to_json()).collect();
        assert!(truth.len() > 200);
        let pingone = client(service);
        for limit in [11, 50, 500] {
            let list = pingone.activities(range.start, range.end).limit(limit);
            let mut items = list.items();
            let mut got = Vec::new();
            while let Some(event) = items.try_next().await.unwrap() {
                assert!(event.extra().is_empty(), "{:?}", event.extra());
                got.push(event.raw().to_owned());
            }
            assert_eq!(got, truth, "byte for byte");
            assert!(items.report().is_complete(), "{:?}", items.report());
        }
        sim.stop().await;
    }
}

#[tokio::test]
async fn p1_windows_that_meet_anywhere_give_every_event_once() {
    let sim = simulate(sim::Settings::default().events(60)).await;
    let service = sim.pingone().unwrap();
    let range = last(service, 9);
    let truth: Vec<_> = service.events(range.clone()).collect();
    let pingone = client(service);
    let nanosecond = Duration::nanoseconds(1);
    for at in truth.iter().map(|event| event.recorded_at) {
        for meeting in [at - nanosecond, at, at + nanosecond, at + Duration::MILLISECOND] {
            let mut got = Vec::new();
            for (start, end) in [(meeting, range.end), (range.start, meeting)] {
                let mut items = pingone.activities(start, end).items();
                while let Some(event) = items.try_next().await.unwrap() {
                    got.push(event.id.as_ref().unwrap().to_string());
                }
            }
            assert!(got.iter().eq(truth.iter().map(|event| &event.id)), "they meet at {meeting}");
        }
    }
}

#[tokio::test]
async fn every_filter_reaches_the_service() {
    let sim = simulate(sim::Settings::default()).await;
    let service = sim.pingone().unwrap();
    let range = last(service, 9);
    let all: Vec<_> = service.events(range.clone()).collect();
    let user = service.user_ids().next().unwrap();
    let pingone = client(service);
    let list = || pingone.activities(range.start, range.end).limit(50);
    let count = async |list: pingone::Activities| {
        let (mut items, mut count) = (list.items(), 0);
        while items.try_next().await.unwrap().is_some() {
            count += 1;
        }
        count
    };
    let of = |kind: &str| all.iter().filter(|event| event.action_type == kind).count();
    let of_user = all.iter().filter(|event| event.user_id == user).count();
    assert_eq!(count(list().action_type("PASSWORD.RESET")).await, of("PASSWORD.RESET"));
    assert_eq!(count(list().actor_client_id("adminui")).await, of("PASSWORD.RESET"));
    assert_eq!(count(list().resource_id(&user)).await, of_user);
    assert!((1..of_user).contains(&count(list().actor_user_id(&user)).await));
    assert_eq!(count(list().resource_type("USER")).await, all.len());
    assert_eq!(count(list().resource_type("nothing\" or \"")).await, 0);
    assert_eq!(
        count(list().filter_raw("action.type eq \"USER.UPDATED\"")).await,
        of("USER.UPDATED")
    );
    let first = list().first_page().await.unwrap();
    let event = first.items().next().unwrap();
    let correlated = count(list().correlation_id(event.correlation_id.as_ref().unwrap())).await;
    assert!((1..=2).contains(&correlated));
    let denied = list().filter_raw("result.status eq \"FAILURE\"").first_page().await.unwrap_err();
    assert_eq!((denied.kind(), denied.vendor_code()), (ErrorKind::Request, Some("INVALID_DATA")));
    assert!(denied.request_id().is_some());
}

#[tokio::test]
async fn all_sign_ins_are_those_of_the_service() {
    let sim = simulate(sim::Settings::default().arrivals(1, 2)).await;
    let service = sim.pingone().unwrap();
    let range = last(service, 9);
    let about = |kind: &str| {
        !kind.starts_with("USER.UP") && !kind.starts_with("EX") && !kind.ends_with("RESET")
    };
    let truth: Vec<_> = service
        .events(range.clone())
        .filter(|event| about(event.action_type))
        .map(|event| event.id)
        .collect();
    let client = client(service);
    let whole = client.all_sign_ins(range.start, range.end).fetch_ahead(2);
    let by_hand = client.activities(range.start, range.end).limit(7).sign_ins();
    for mut pager in [whole, by_hand] {
        let mut got = Vec::new();
        while let Some(event) = pager.try_next().await.unwrap() {
            got.push(event.id.as_ref().unwrap().to_string());
        }
        assert_eq!(got, truth);
        assert!(pager.report().is_complete() && pager.left_out() > 0);
    }
}

/// The union of what comes is the range where it is aligned; where it is not, the gaps are told.
#[tokio::test]
async fn p1_counts_are_those_of_the_service_and_gaps_are_what_they_lack() {
    let sim = simulate(sim::Settings::default().days(90)).await;
    let service = sim.pingone().unwrap();
    let start = time("2025-12-20T10:20:30+05:30").instant();
    for (length, size) in [
        (Duration::hours(30), SampleSize::Hour),
        (Duration::days(20), SampleSize::Day),
        (Duration::days(70), SampleSize::Week),
    ] {
        let asked = client(service).user_activities().between(start, start + length);
        assert_eq!(asked.effective_sample_size(), size);
        let counts = asked.clone().send().await.unwrap();
        if let Some(expected) = asked.expected_buckets() {
            assert_eq!(counts.buckets().count(), expected.len(), "as the service chose");
        }
        let gaps = counts.gaps();
        assert_eq!(gaps.len(), 2, "{size}");
        let missing: u64 = gaps.into_iter().map(|gap| service.counts(gap).successes).sum();
        let truth = service.counts(start..start + length);
        assert_eq!(u64::try_from(counts.successes()).unwrap() + missing, truth.successes);

        let aligned = asked.aligned().send().await.unwrap();
        let covers = |at: OffsetDateTime| {
            aligned.buckets().any(|bucket| {
                let instant = |time: &Option<pingone::Timestamp>| time.as_ref().unwrap().instant();
                instant(&bucket.start_date) <= at && at < instant(&bucket.end_date)
            })
        };
        assert!(covers(start) && covers(start + length - Duration::SECOND), "{size}");
        assert!(u64::try_from(aligned.successes()).unwrap() >= truth.successes);
    }
}

/// The service gives what it still has, and says nothing.
#[tokio::test]
async fn p1_a_range_that_begins_before_what_is_kept_is_told() {
    let sim = simulate(sim::Settings::default().days(40)).await;
    let service = sim.pingone().unwrap();
    let range = last(service, 20);
    let half = range.start + Duration::days(10);
    let mut items = client(service).activities(range.start, half).items();
    while items.try_next().await.unwrap().is_some() {}
    assert_eq!(items.report().warnings, [Warning::NotKept { days: 14 }]);
    assert!(service.events(range.start..half).len() as u64 > items.report().records);
}

#[tokio::test]
async fn p6_a_service_that_says_429_again_and_again_is_read_to_its_end() {
    let settings = sim::Settings::default().events(60).retry_after(Some(RetryAfter::Seconds(0)));
    let sim = Simulator::builder().pingone(settings.per_second(25)).start().await.unwrap();
    let service = sim.pingone().unwrap();
    let range = last(service, 9);
    let truth = service.events(range.clone()).len() as u64;
    let builder = Client::builder(Region::Europe, service.environment_id());
    let builder = builder.base_url(service.base_url()).token(service.access_token());
    let pingone = builder.limits(Limits::none()).build().unwrap();
    let mut items = pingone.activities(range.start, range.end).limit(2).items();
    while items.try_next().await.unwrap().is_some() {}
    let report = items.report();
    assert_eq!(report.records, truth);
    assert!(report.throttled > 0 && report.is_complete(), "{report:?}");
}

#[tokio::test]
async fn p3_a_service_that_stops_in_the_middle_is_resumed_without_loss() {
    let settings = sim::Settings::default().events(250);
    let sim = simulate(settings.clone()).await;
    let service = sim.pingone().unwrap();
    let range = last(service, 9);
    let truth: Vec<_> = service.events(range.clone()).map(|event| event.id).collect();
    let list = |service| client(service).activities(range.start, range.end).limit(50);
    let mut items = list(service).items();
    let mut got = Vec::new();
    let error = loop {
        if got.len() == 120 {
            sim.stop().await;
        }
        match items.try_next().await {
            Ok(event) => got.push(event.unwrap().id.as_ref().unwrap().to_string()),
            Err(error) => break error,
        }
    };
    assert_eq!(got.len(), 150, "the page at hand was handed out to its end");
    assert_eq!(error.kind(), ErrorKind::Network);
    let checkpoint = error.checkpoint().unwrap().to_string();
    let port = service.base_url().rsplit_once(':').unwrap().1.parse().unwrap();
    let again = simulate(settings.port(port)).await;
    let mut items =
        list(again.pingone().unwrap()).items().resume(checkpoint.parse().unwrap()).unwrap();
    while let Some(event) = items.try_next().await.unwrap() {
        got.push(event.id.as_ref().unwrap().to_string());
    }
    assert_eq!(got, truth);
}

#[tokio::test]
async fn p8_another_environment_and_a_wrong_token_are_told_apart() {
    let sim = simulate(sim::Settings::default()).await;
    let service = sim.pingone().unwrap();
    let elsewhere = client(service).for_environment("00000000-0000-4000-8000-000000000000");
    let error = elsewhere.user_activities().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    let builder = Client::builder(Region::Europe, service.environment_id());
    let builder = builder.base_url(service.base_url()).token("another");
    let error = builder.build().unwrap().user_activities().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert!(error.to_string().contains("wrong region?"), "{error}");
}

#[tokio::test]
async fn httpmock_sees_one_request_per_page_with_its_parameters() {
    let server = MockServer::start_async().await;
    let path = format!("/v1/environments/{ENVIRONMENT}/activities");
    let first = server
        .mock_async(|when, then| {
            when.method("GET")
                .path(&path)
                .header("authorization", "Bearer key")
                .query_param("limit", "2")
                .query_param("filter", "recordedAt gt \"2026-11-01T23:59:59.999Z\" and recordedAt lt \"2026-11-03T00:00:00.000Z\"");
            let body = page([5, 4], Some("limit=2&cursor=abc"));
            let body = body.replace("https://api.pingone.eu", &server.base_url());
            then.status(200).header("content-type", "application/json").body(body);
        })
        .await;
    let second = server
        .mock_async(|when, then| {
            when.method("GET").path(&path).query_param("cursor", "abc");
            then.status(200).header("content-type", "application/json").body(page([3], None));
        })
        .await;
    let builder = Client::builder(Region::Europe, ENVIRONMENT).base_url(server.base_url());
    let pingone = builder.token("key").build().unwrap();
    let range = (time("2026-11-02T00:00:00Z"), time("2026-11-03T00:00:00Z"));
    let mut items = pingone.activities(range.0, range.1).limit(2).items();
    assert_eq!(ids(&mut items).await, [5, 4, 3]);
    first.assert_async().await;
    second.assert_async().await;
    assert!(items.report().finished);
}
