//! What goes over the wire, byte for byte (P5), and what is refused before that.

use std::time::Duration;

use pingone::{
    Activities, Client, ErrorKind, Region, SampleSize, TimeAttribute, Timestamp, UserActivities,
};
use signin_core::testing::{Reply, Scripted};
use time::{OffsetDateTime, UtcOffset};

use crate::{ACTIVITIES, ENVIRONMENT, USER_ACTIVITIES, activities, client, ids, page, time};

const EMPTY: &str = r#"{"_embedded":{"userActivities":[]}}"#;

/// The query that a call for user activities sends.
async fn counts_query(change: impl Fn(UserActivities) -> UserActivities) -> String {
    let script = Scripted::new([Reply::json(EMPTY)]);
    change(client(&script).user_activities()).send().await.unwrap();
    script.urls()[0].strip_prefix(USER_ACTIVITIES).unwrap().to_owned()
}

/// The query that a call for activities sends.
async fn events_query(change: impl Fn(Activities) -> Activities) -> String {
    let script = Scripted::new([Reply::json(page([], None))]);
    change(activities(&script)).first_page().await.unwrap();
    script.urls()[0].strip_prefix(ACTIVITIES).unwrap().to_owned()
}

/// The documented filter: spaces as `%20`, quotes, colons, and the `and` in lower case.
#[tokio::test(start_paused = true)]
async fn p5_the_documented_request_is_sent_byte_for_byte() {
    let script = Scripted::new([Reply::json(EMPTY)]);
    let counts = client(&script)
        .user_activities()
        .between(time("2022-05-17T09:10:12-04:00"), time("2022-05-23T09:10:12-04:00"))
        .sample_size(SampleSize::Day);
    counts.send().await.unwrap();
    let sent = script.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].method, "GET");
    assert_eq!(
        sent[0].url,
        "https://api.pingone.eu/v1/environments/00000000-0000-4000-8000-0000000000e1/userActivities\
         ?filter=startDate%20eq%20%222022-05-17T09%3A10%3A12-04%3A00%22\
         %20and%20endDate%20eq%20%222022-05-23T09%3A10%3A12-04%3A00%22&sampleSize=DAY"
    );
    let agent = concat!("pingone/", env!("CARGO_PKG_VERSION"));
    let headers: Vec<_> = sent[0].headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let expected = [
        ("accept", "application/json"),
        ("authorization", "Bearer key-0123456789"),
        ("user-agent", agent),
    ];
    assert_eq!(headers, expected);
    assert!(sent[0].body.is_empty());
}

#[tokio::test(start_paused = true)]
async fn p5_the_plus_of_an_offset_is_never_sent_as_a_space() {
    let query = counts_query(|counts| {
        counts.between(time("2026-10-24T00:00:00+05:30"), time("2026-10-26T00:00:00+05:30"))
    });
    let query = query.await;
    assert!(query.contains("2026-10-24T00%3A00%3A00%2B05%3A30%22"), "{query}");
    assert!(!query.contains('+'), "{query}");
}

/// Both dates or neither: there is no way to give one.
#[tokio::test(start_paused = true)]
async fn without_dates_no_filter_is_sent() {
    assert_eq!(counts_query(|counts| counts).await, "");
    assert_eq!(
        counts_query(|counts| counts.sample_size(SampleSize::Hour)).await,
        "?sampleSize=HOUR"
    );
    assert_eq!(
        counts_query(|counts| counts.sample_size(SampleSize::Week).aligned()).await,
        "?sampleSize=WEEK"
    );
}

#[tokio::test(start_paused = true)]
async fn both_dates_are_sent_with_the_offset_of_the_start_and_in_whole_seconds_within_the_range() {
    for (start, end, sent) in [
        (
            "2026-03-01T00:00:00-05:00",
            "2026-03-31T00:00:00-04:00",
            ["2026-03-01T00:00:00-05:00", "2026-03-30T23:00:00-05:00"],
        ),
        (
            "2026-03-01T00:00:00.0000001Z",
            "2026-03-02T23:59:59.999Z",
            ["2026-03-01T00:00:01Z", "2026-03-02T23:59:59Z"],
        ),
        (
            "2026-03-01T00:00:00",
            "2026-03-02T00:00:00+01:00",
            ["2026-03-01T00:00:00Z", "2026-03-01T23:00:00Z"],
        ),
    ] {
        let query = counts_query(|counts| counts.between(time(start), time(end))).await;
        for date in sent {
            let date = format!("%22{}%22", date.replace(':', "%3A"));
            assert!(query.contains(&date), "{date} in {query}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_aligned_request_asks_for_whole_buckets_and_names_their_size() {
    let query = counts_query(|counts| {
        let range = (time("2022-05-17T09:10:12-04:00"), time("2022-05-23T09:10:12-04:00"));
        counts.between(range.0, range.1).aligned()
    });
    let query = query.await;
    assert!(query.contains("2022-05-17T00%3A00%3A00-04%3A00"), "{query}");
    assert!(query.contains("2022-05-24T00%3A00%3A00-04%3A00"), "{query}");
    assert!(query.ends_with("&sampleSize=DAY"), "{query}");
}

/// The vendor's own example ends on 31 February.
#[test]
fn an_impossible_date_is_none() {
    for text in ["2019-02-31T23:59:00Z", "2019-02-30", "2019-13-01T00:00:00Z", "2019-02-28"] {
        assert_eq!(Timestamp::parse(text), None, "{text}");
        assert_eq!(text.parse::<Timestamp>().unwrap_err().kind(), ErrorKind::Argument);
    }
}

#[tokio::test(start_paused = true)]
async fn dates_that_cannot_be_sent_are_refused_before_anything_is_sent() {
    let odd = OffsetDateTime::UNIX_EPOCH.to_offset(UtcOffset::from_hms(1, 2, 3).unwrap());
    let cases: [(Timestamp, Timestamp, &str); 5] = [
        (time("2026-03-02T00:00:00Z"), time("2026-03-01T00:00:00Z"), "not earlier"),
        (time("2026-03-02T00:00:00Z"), time("2026-03-02T02:00:00+02:00"), "not earlier"),
        (time("2026-03-02T00:00:00.2Z"), time("2026-03-02T00:00:00.7Z"), "shorter than a second"),
        (odd.into(), time("2026-03-02T00:00:00Z"), "whole minutes"),
        (time("9999-12-31T23:59:59-23:00"), time("9999-12-31T23:59:59.5-23:59"), "calendar"),
    ];
    for (start, end, reason) in cases {
        let script = Scripted::new([]);
        let counts = client(&script).user_activities().between(start, end);
        for counts in [counts.clone(), counts.aligned()] {
            assert_eq!(counts.expected_buckets().map(|buckets| buckets.len()).unwrap_or(0), 0);
            let error = counts.send().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Argument);
            assert!(error.to_string().contains(reason), "{error}");
        }
        assert!(script.sent().is_empty());
    }
}

/// The service's bounds are both exclusive: a start is asked for by the millisecond before it.
#[tokio::test(start_paused = true)]
async fn p1_ranges_of_events_that_meet_lose_nothing_between_them() {
    let query = events_query(|events| events.limit(100)).await;
    assert_eq!(
        query,
        "?filter=recordedAt%20gt%20%222026-11-01T23%3A59%3A59.999Z%22\
         %20and%20recordedAt%20lt%20%222026-11-03T00%3A00%3A00.000Z%22&limit=100"
    );
    let script = Scripted::respond(|_| Reply::json(page([], None)));
    let pingone = client(&script);
    let meeting = time("2026-11-02T12:00:00.0005+01:00");
    for (start, end) in
        [(time("2026-11-02T00:00:00Z"), meeting.clone()), (meeting, time("2026-11-03T00:00:00Z"))]
    {
        pingone.activities(start, end).first_page().await.unwrap();
    }
    let urls = script.urls();
    assert!(urls[0].contains("lt%20%222026-11-02T11%3A00%3A00.001Z%22"), "{}", urls[0]);
    assert!(urls[1].contains("gt%20%222026-11-02T11%3A00%3A00.000Z%22"), "{}", urls[1]);
}

#[tokio::test(start_paused = true)]
async fn p5_every_filter_of_activities_is_sent_as_documented() {
    type Change = fn(Activities) -> Activities;
    let cases: [(Change, &str); 9] = [
        (
            |list| list.action_type("PASSWORD.CHECK_FAILED"),
            "action.type%20eq%20%22PASSWORD.CHECK_FAILED%22",
        ),
        (|list| list.actor_user_id("u-1"), "actors.user.id%20eq%20%22u-1%22"),
        (|list| list.actor_client_id("adminui"), "actors.client.id%20eq%20%22adminui%22"),
        (|list| list.resource_id("r-1"), "resources.id%20eq%20%22r-1%22"),
        (|list| list.resource_type("USER"), "resources.type%20eq%20%22USER%22"),
        (|list| list.population_id("p-1"), "resources.population.id%20eq%20%22p-1%22"),
        (|list| list.correlation_id("c-1"), "correlationId%20eq%20%22c-1%22"),
        (|list| list.filter_raw("tags eq \"a\""), "tags%20eq%20%22a%22"),
        (
            |list| list.action_type("A\" or id pr").population_id("é+&"),
            "action.type%20eq%20%22A%5C%22%20or%20id%20pr%22%20and%20\
             resources.population.id%20eq%20%22%C3%A9%2B%26%22",
        ),
    ];
    for (change, condition) in cases {
        let query = events_query(change).await;
        assert!(query.ends_with(&format!("%22%20and%20{condition}&limit=500")), "{query}");
    }
    let query = events_query(|list| list.time_attribute(TimeAttribute::CreatedAt)).await;
    assert_eq!(query.matches("createdAt").count(), 2, "{query}");
    assert!(!query.contains("recordedAt"), "{query}");
}

#[tokio::test(start_paused = true)]
async fn p5_an_environment_id_cannot_bend_the_request() {
    let build = |id: &str| {
        let script = Scripted::respond(|_| Reply::json(page([], None)));
        let builder = Client::builder(Region::Europe, id).token("key").transport(script.clone());
        (builder.build(), script)
    };
    for id in ["", ".", "..", "a\nb", "a\0", &"x".repeat(2000)] {
        let (built, script) = build(id);
        assert_eq!(built.unwrap_err().kind(), ErrorKind::Argument, "{id:?}");
        let other = client(&script).for_environment(id).user_activities().send().await;
        assert_eq!(other.unwrap_err().kind(), ErrorKind::Argument, "{id:?}");
        assert!(script.sent().is_empty());
    }
    for (id, segment) in [("../../users", "..%2F..%2Fusers"), ("{{envID}}", "%7B%7BenvID%7D%7D")] {
        let (built, script) = build(id);
        let list =
            built.unwrap().activities(time("2026-11-02T00:00:00Z"), time("2026-11-03T00:00:00Z"));
        assert!(ids(&mut list.items()).await.is_empty());
        let path = format!("https://api.pingone.eu/v1/environments/{segment}/activities?");
        assert!(script.urls()[0].starts_with(&path), "{}", script.urls()[0]);
    }
}

#[tokio::test(start_paused = true)]
async fn arguments_out_of_range_are_refused_before_anything_is_sent() {
    let script = Scripted::new([]);
    let list = || activities(&script);
    let of = |start, end| client(&script).activities(time(start), time(end));
    for (reason, list) in [
        ("limit is 0", list().limit(0)),
        ("limit is 501", list().limit(501)),
        ("not earlier", of("2026-11-03T00:00:00Z", "2026-11-03T01:00:00+01:00")),
        ("not earlier", of("2026-11-03T00:00:00Z", "2026-11-02T00:00:00Z")),
        ("14 days", of("2026-11-03T00:00:00Z", "2026-11-17T00:00:00.001Z")),
        ("years 0 to 9999", of("0000-01-01T00:00:00Z", "0000-01-01T00:00:01Z")),
        ("action.type", list().action_type("")),
        ("filter_raw", list().filter_raw(" ")),
    ] {
        let error = list.first_page().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert!(script.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn each_region_and_each_host_of_ones_own_is_asked_below_v1_once() {
    let start = |builder: pingone::ClientBuilder| async move {
        let script = Scripted::new([Reply::json(EMPTY)]);
        let pingone = builder.token("key").transport(script.clone()).build().unwrap();
        pingone.user_activities().send().await.unwrap();
        script.urls()[0].clone()
    };
    for (region, host) in [
        (Region::NorthAmerica, "api.pingone.com"),
        (Region::Canada, "api.pingone.ca"),
        (Region::Europe, "api.pingone.eu"),
        (Region::Australia, "api.pingone.com.au"),
        (Region::Singapore, "api.pingone.sg"),
        (Region::AsiaPacific, "api.pingone.asia"),
    ] {
        let url = start(Client::builder(region, "e1")).await;
        assert_eq!(url, format!("https://{host}/v1/environments/e1/userActivities"));
    }
    for (base, path) in [
        ("id.acme.example", "https://id.acme.example/v1"),
        ("https://id.acme.example/v1", "https://id.acme.example/v1"),
        ("https://id.acme.example/v1/", "https://id.acme.example/v1"),
        ("https://gate.example/pingone", "https://gate.example/pingone/v1"),
    ] {
        let url = start(Client::builder(Region::Europe, "e1").base_url(base)).await;
        assert_eq!(url, format!("{path}/environments/e1/userActivities"), "{base}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_sibling_reads_another_environment_with_the_same_credential_and_limits() {
    let script = Scripted::respond(|_| Reply::json(EMPTY));
    let first = client(&script);
    let second = first.for_environment("e2");
    assert_eq!(
        (first.environment_id(), second.environment_id()),
        (&ENVIRONMENT.into(), &"e2".into())
    );
    for _ in 0..150 {
        first.user_activities().send().await.unwrap();
        second.user_activities().send().await.unwrap();
    }
    let sent = script.sent();
    assert!(sent[1].url.contains("/environments/e2/"));
    assert_eq!(sent[1].header("authorization"), Some("Bearer key-0123456789"));
    assert!(sent[210].at - sent[0].at >= Duration::from_secs(60), "they share the IP's limit");
}

#[test]
fn a_client_that_cannot_be_is_refused_with_the_setting() {
    let builder = || Client::builder(Region::Europe, ENVIRONMENT);
    let cases = [
        (builder(), "there is no credential"),
        (builder().token("a").token("b"), "two credentials"),
        (builder().token(" \n"), "the key is empty"),
        (builder().token("key\n"), "no header can carry"),
        (builder().token("a").timeout(Duration::ZERO), "a time-out is zero"),
        (builder().token("a").base_url(""), "base URL"),
        (builder().token("a").base_url("http://api.pingone.eu"), "plain http"),
        (builder().token("a").base_url("https://u:p@api.pingone.eu"), "user info"),
        (builder().token("a").user_agent("a\nb"), "user agent"),
        (builder().token("a").root_certificates_pem("x"), "root certificates"),
        (builder().token("a").proxy("://"), "proxy"),
    ];
    for (builder, reason) in cases {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{reason}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn walks_and_clients_can_go_to_other_threads() {
    fn sendable<T: Send + 'static>(_: &T) {}
    fn shareable<T: Send + Sync + Clone + 'static>() {}
    shareable::<Client>();
    shareable::<Activities>();
    shareable::<UserActivities>();
    let script = Scripted::new([]);
    sendable(&activities(&script).items());
    sendable(&activities(&script).pages());
    sendable(&client(&script).user_activities().send());
}
