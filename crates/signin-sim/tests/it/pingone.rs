//! PingOne: buckets, filters, cursors and refusals, asked by a client that knows nothing of it.

use serde_json::Value;
use signin_sim::Simulator;
use signin_sim::pingone::{Event, Service, Settings};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::wire::{Answer, ask_at};

async fn start(settings: Settings) -> (Simulator, Service) {
    let settings = settings.per_second(1_000_000);
    let sim = Simulator::builder().seed(5).pingone(settings).start().await.unwrap();
    let service = sim.pingone().unwrap().clone();
    (sim, service)
}

fn instant(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &Rfc3339).unwrap()
}

/// Percent-encodes all but letters and digits.
fn encode(text: &str) -> String {
    let encoded = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(encoded).collect()
}

/// Asks for a path below the environment, with the right token.
async fn get(service: &Service, path: &str) -> Answer {
    let token = format!("Authorization: Bearer {}", service.access_token());
    let line = format!("GET /v1/environments/{}/{path}", service.environment_id());
    ask_at(service.base_url(), &line, &[&token]).await
}

async fn filtered(service: &Service, list: &str, filter: &str, more: &str) -> Answer {
    get(service, &format!("{list}?filter={}{more}", encode(filter))).await
}

/// The events of the last so many days.
fn last(service: &Service, days: i64) -> String {
    let text = |at: OffsetDateTime| at.format(&Rfc3339).unwrap();
    let (start, end) = (service.now() - Duration::days(days), service.now());
    format!(r#"recordedAt gt "{}" and recordedAt lt "{}""#, text(start), text(end))
}

fn rows(answer: &Answer, list: &str) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["_embedded"][list].as_array().unwrap().clone()
}

/// Follows the links from the first page; the ids, and every page's length.
async fn pager(service: &Service, filter: &str, limit: u64) -> (Vec<String>, Vec<usize>) {
    let mut answer = filtered(service, "activities", filter, &format!("&limit={limit}")).await;
    let (mut ids, mut lengths) = (Vec::new(), Vec::new());
    loop {
        let page = rows(&answer, "activities");
        lengths.push(page.len());
        ids.extend(page.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        let links = answer.json()["_links"].clone();
        let Some(next) = links["next"]["href"].as_str() else { return (ids, lengths) };
        assert_ne!(links["self"]["href"], next, "a link does not lead to itself");
        let (_, path) = next.split_once(&format!("{}/", service.environment_id())).unwrap();
        answer = get(service, path).await;
    }
}

fn ids(service: &Service, days: i64) -> Vec<String> {
    let range = service.now() - Duration::days(days)..service.now();
    service.events(range).map(|event| event.id).collect()
}

#[tokio::test]
async fn a_walk_of_all_pages_is_the_truth_also_over_short_ones() {
    for short in [false, true] {
        let (_sim, service) = start(Settings::default().short_pages(short)).await;
        let mut lengths = Vec::new();
        for limit in [1, 7, 100, 500] {
            let (found, pages) = pager(&service, &last(&service, 9), limit).await;
            assert_eq!(found, ids(&service, 9));
            lengths.extend(pages.iter().map(|page| *page as u64 * 100 / limit));
        }
        assert_eq!(lengths.contains(&0), short, "{lengths:?}");
    }
}

#[tokio::test]
async fn events_are_sent_as_the_truth_writes_them_and_share_their_times() {
    let (_sim, service) = start(Settings::default()).await;
    let events: Vec<_> =
        service.events(service.now() - Duration::DAY..service.now()).take(50).collect();
    let bodies: Vec<_> = events.iter().map(Event::to_json).collect();
    let answer = filtered(&service, "activities", &last(&service, 1), "&limit=50").await;
    assert!(answer.body.ends_with(&format!("\"activities\":[{}]}}}}", bodies.join(","))));
    let all = bodies.join(" ");
    for odd in
        ["\"population\":{}", "\"id\":\"adminui\"", "\"status\":\"FAILED\"", "EXAMPLE.HAPPENED"]
    {
        assert!(all.contains(odd), "{odd}");
    }
    let json: Vec<Value> = rows(&answer, "activities");
    assert!(json.iter().any(|event| event.get("actors").is_none()));
    assert!(events.windows(2).any(|pair| pair[0].recorded_at == pair[1].recorded_at));
}

#[tokio::test]
async fn both_bounds_are_exclusive_and_of_milliseconds() {
    let (_sim, service) = start(Settings::default()).await;
    let all: Vec<_> = service.events(service.now() - Duration::DAY..service.now()).collect();
    let at = all[all.len() / 2].recorded_at;
    let text = |at: OffsetDateTime| at.format(&Rfc3339).unwrap();
    let there = all.iter().filter(|event| event.recorded_at == at).count();
    let millisecond = Duration::MILLISECOND;
    for (attribute, shift) in
        [("recordedAt", Duration::ZERO), ("createdAt", Duration::milliseconds(20))]
    {
        let at = at + shift;
        for (start, end, count) in [
            (at - millisecond, at + millisecond, there),
            (at, at + millisecond, 0),
            (at - millisecond, at, 0),
            (at - millisecond, at + Duration::MICROSECOND, there),
            (at - Duration::MICROSECOND, at + Duration::MICROSECOND, there),
        ] {
            let filter =
                format!(r#"{attribute} gt "{}" and {attribute} lt "{}""#, text(start), text(end));
            let answer = filtered(&service, "activities", &filter, "").await;
            assert_eq!(rows(&answer, "activities").len(), count, "{filter}");
        }
    }
}

#[tokio::test]
async fn events_of_more_than_14_days_are_left_out_of_the_list_and_not_of_the_counts() {
    let (_sim, service) = start(Settings::default().days(40)).await;
    let (found, _) = pager(&service, &last(&service, 40), 500).await;
    assert_eq!(found, ids(&service, 14));
    assert!(found.len() < ids(&service, 40).len());
    let start = (service.now() - Duration::days(35)).replace_time(time::Time::MIDNIGHT);
    let text = |at: OffsetDateTime| at.format(&Rfc3339).unwrap();
    let range = start..start + Duration::days(30);
    let filter =
        format!(r#"startDate eq "{}" AND endDate eq "{}""#, text(range.start), text(range.end));
    let buckets = rows(&filtered(&service, "userActivities", &filter, "").await, "userActivities");
    assert_eq!(buckets.len(), 30);
    let sum = |member: &str| {
        let count = |bucket: &Value| bucket["userSignOns"][member].as_u64().unwrap();
        buckets.iter().map(count).sum::<u64>()
    };
    let truth = service.counts(range.clone());
    assert_eq!((sum("successes"), sum("failures")), (truth.successes, truth.failures));
    let events = service.events(range).filter(|event| event.action_type == "USER.ACCESS_ALLOWED");
    assert_eq!(truth.successes, events.count() as u64);
    assert!(truth.failures > 0 && truth.password_resets > 0);
}

#[tokio::test]
async fn conditions_select_and_others_are_refused() {
    let (_sim, service) = start(Settings::default()).await;
    let user = service.user_ids().next().unwrap();
    let all = service.events(service.now() - Duration::days(9)..service.now());
    let failed: Vec<_> = all
        .clone()
        .filter(|event| event.action_type == "PASSWORD.CHECK_FAILED")
        .map(|event| event.id)
        .collect();
    let base = last(&service, 9);
    let (found, _) =
        pager(&service, &format!(r#"{base} and action.type eq "PASSWORD.CHECK_FAILED""#), 10).await;
    assert_eq!(found, failed);
    let (found, _) = pager(&service, &format!(r#"{base} and resources.id eq "{user}""#), 50).await;
    let of_user: Vec<_> = all.filter(|event| event.user_id == user).map(|event| event.id).collect();
    assert_eq!(found, of_user);
    for filter in [
        format!(r#"{base} and result.status eq "FAILURE""#),
        format!(r#"{base} and action.type in "X""#),
        format!(r#"{base} or action.type eq "X""#),
        r#"recordedAt gt "2026-01-01T00:00:00Z""#.to_owned(),
        r#"recordedAt gt "yesterday" and recordedAt lt "today""#.to_owned(),
        r#"action.type eq "X""#.to_owned(),
        String::new(),
    ] {
        let answer = filtered(&service, "activities", &filter, "").await;
        assert_eq!(answer.status, 400, "{filter}");
        let body = answer.json();
        assert_eq!(
            (&body["code"], &body["details"][0]["code"]),
            (&"INVALID_DATA".into(), &"INVALID_FILTER".into())
        );
    }
    for query in ["activities", "activities?cursor=00", "activities?limit=0"] {
        assert_eq!(get(&service, query).await.status, 400, "{query}");
    }
    let far = r#"recordedAt gt "9999-12-31T23:59:59.9999Z" and recordedAt lt "9999-12-31T23:59:59.9999Z""#;
    assert_eq!(filtered(&service, "activities", far, "").await.status, 200);
}

/// The documented answer's range: partial days are dropped at both ends.
#[tokio::test]
async fn buckets_are_whole_ones_of_the_starts_offset() {
    let (_sim, service) = start(Settings::default().newest(instant("2022-06-01T00:00:00Z"))).await;
    let filter =
        |start: &str, end: &str| format!(r#"startDate eq "{start}" and endDate eq "{end}""#);
    let documented = filter("2022-05-17T09:10:12-04:00", "2022-05-23T09:10:12-04:00");
    let buckets =
        rows(&filtered(&service, "userActivities", &documented, "").await, "userActivities");
    assert_eq!(buckets.len(), 5);
    assert_eq!(buckets[0]["startDate"], "2022-05-18T00:00:00-04:00");
    assert_eq!(buckets[4]["endDate"], "2022-05-23T00:00:00-04:00");
    for (start, end, size, count, first) in [
        (
            "2022-05-17T09:10:12+05:30",
            "2022-05-17T12:00:00+05:30",
            "",
            2,
            "2022-05-17T10:00:00+05:30",
        ),
        ("2022-05-17T00:00:00Z", "2022-05-22T00:00:00Z", "", 120, "2022-05-17T00:00:00Z"),
        ("2022-05-17T00:00:00Z", "2022-05-22T00:00:01Z", "", 5, "2022-05-17T00:00:00Z"),
        ("2022-03-01T00:00:00Z", "2022-05-01T00:00:00Z", "", 7, "2022-03-07T00:00:00Z"),
        (
            "2022-05-17T00:00:00Z",
            "2022-05-22T00:00:00Z",
            "&sampleSize=DAY",
            5,
            "2022-05-17T00:00:00Z",
        ),
    ] {
        let answer = filtered(&service, "userActivities", &filter(start, end), size).await;
        let buckets = rows(&answer, "userActivities");
        assert_eq!((buckets.len(), buckets[0]["startDate"].as_str()), (count, Some(first)));
    }
    assert_eq!(rows(&get(&service, "userActivities").await, "userActivities").len(), 29);
    for (query, code) in [
        ("userActivities?sampleSize=HOURS", "INVALID_VALUE"),
        // An unescaped plus is a space.
        (
            "userActivities?filter=startDate%20eq%20%222022-05-17T00:00:00+02:00%22%20and%20endDate%20eq%20%222022-05-18T00:00:00Z%22",
            "INVALID_FILTER",
        ),
        ("userActivities?filter=startDate%20eq%20%222022-05-17T00:00:00Z%22", "INVALID_FILTER"),
        (
            "userActivities?filter=startDate%20eq%20%222019-01-01T00:00:00Z%22%20AND%20EndDate%20eq%20%222019-02-28T23:59:00Z%22",
            "INVALID_FILTER",
        ),
        (
            "userActivities?filter=startDate%20eq%20%222019-01-01T00:00:00Z%22%20and%20endDate%20eq%20%222019-02-31T23:59:00Z%22",
            "INVALID_FILTER",
        ),
        (
            "userActivities?filter=startDate%20eq%20%222019-01-02T00:00:00Z%22%20and%20endDate%20eq%20%222019-01-01T00:00:00Z%22",
            "INVALID_FILTER",
        ),
    ] {
        let answer = get(&service, query).await;
        assert_eq!(
            (answer.status, &answer.json()["details"][0]["code"]),
            (400, &code.into()),
            "{query}"
        );
    }
}

#[tokio::test]
async fn arrivals_shift_nothing_out_of_a_walk() {
    let (_sim, service) = start(Settings::default().arrivals(2, 3)).await;
    let truth = ids(&service, 9);
    let (found, _) = pager(&service, &last(&service, 9), 50).await;
    assert_eq!(found, truth);
    let before = service.events(service.now() - Duration::MINUTE..service.now());
    assert!(before.len() >= 3, "events did arrive");
}

#[tokio::test]
async fn who_may_not_is_refused_in_the_vendors_words() {
    let (_sim, service) = start(Settings::default().per_minute(1).fail_every(6, 500)).await;
    let token = format!("Authorization: Bearer {}", service.access_token());
    let line = |id: &str, list: &str| format!("GET /v1/environments/{id}/{list}");
    let own = line(service.environment_id(), "userActivities");
    for (line, header, status, code) in [
        (own.clone(), "X: 1", 401, "ACCESS_FAILED"),
        (line("0", "userActivities"), token.as_str(), 403, "ACCESS_FAILED"),
        (line("%FF", "activities"), &token, 403, "ACCESS_FAILED"),
        ("GET /environments/0/activities".to_owned(), &token, 404, "NOT_FOUND"),
        (own.replace("GET", "DELETE"), &token, 404, "NOT_FOUND"),
        (own.clone(), &token, 500, "UNEXPECTED_ERROR"),
    ] {
        let answer = ask_at(service.base_url(), &line, &[header]).await;
        assert_eq!(answer.status, status, "{line}");
        assert_eq!(answer.json()["code"], code);
        assert_eq!(answer.json()["id"].as_str().unwrap().len(), 36);
    }
    let answer = ask_at(service.base_url(), &own, &[&token]).await;
    assert_eq!(answer.status, 200);
    let answer = ask_at(service.base_url(), &own, &[&token]).await;
    assert_eq!(
        (answer.status, &answer.json()["details"][0]["code"]),
        (429, &"LIMIT_EXCEEDED".into())
    );
    assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() <= 60);
}

#[tokio::test]
async fn so_many_events_can_be_told_to_be_about_signing_in() {
    for sign_ins in [0, 1, 8, 9, 10, 17, 18, 200] {
        let (_sim, service) = start(Settings::default().sign_ins(sign_ins)).await;
        let range = service.now() - Duration::days(14)..service.now();
        let about = ["USER.ACCESS_", "PASSWORD.CHECK_", "OTP.CHECK_"];
        let is_sign_in =
            |event: &Event| about.iter().any(|start| event.action_type.starts_with(start));
        assert_eq!(service.events(range).filter(is_sign_in).count() as u64, sign_ins);
    }
}
