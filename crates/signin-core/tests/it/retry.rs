//! P6: limits, pauses, retries and tokens, on the scripted transport and paused time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use signin_core::RateLimit;
use signin_core::Step;
use signin_core::testing::{Reply, Scripted};
use signin_core::vendor::Client;
use signin_core::{
    Credential, Deferred, ErrorKind, Json, Result, RetryPolicy, Secret, TokenSource,
};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::api::{CURSOR, List, assert_good_line, page, scripted, settings};

const MINUTE: Duration = Duration::from_secs(60);
static SCOPE: [RateLimit; 1] = [RateLimit::new("events", 1000, MINUTE)];

fn list() -> List<Json> {
    List::new(CURSOR)
}

fn good() -> Reply {
    Reply::json(page("1", ""))
}

#[tokio::test(start_paused = true)]
async fn p6_a_429_pauses_every_task_of_the_scope_in_every_form_of_retry_after() {
    const DATE: &str = "Tue, 10 Jun 2025 10:00:00 GMT";
    for (header, seconds) in [
        ("7", 7.0),
        ("7.5", 7.5),
        ("Tue, 10 Jun 2025 10:00:30 GMT", 30.0),
        ("0.001", 1.0),
        ("0", 1.0),
        ("-5", 1.0),
        ("soon", 1.0),
    ] {
        let mut number = 0;
        let script = Scripted::respond(move |_| {
            number += 1;
            let refused = Reply::status(429).header("retry-after", header).header("date", DATE);
            if number == 1 { refused } else { good() }
        });
        let client = scripted(script.clone());
        let begun = Instant::now();
        let scoped = list().scopes(&SCOPE);
        let mut first = Box::pin(client.execute(&scoped));
        // The first request is refused before the others come.
        assert!(timeout(Duration::ZERO, &mut first).await.is_err(), "{header}");
        let mut tasks = JoinSet::new();
        for _ in 0..20 {
            let client = client.clone();
            tasks.spawn(async move { client.execute(&list().scopes(&SCOPE)).await.map(drop) });
        }
        first.await.unwrap();
        tasks.join_all().await.into_iter().for_each(|result| result.unwrap());
        let sent = script.sent();
        assert_eq!(sent.len(), 22, "{header}");
        for request in &sent[1..] {
            let waited = (request.at - begun).as_secs_f64();
            assert!(waited >= seconds, "{header}: a request after {waited} s");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_429_is_obeyed_by_operations_without_documented_limits_too() {
    let script = Scripted::new([Reply::status(429).header("retry-after", "30"), good(), good()]);
    let client = scripted(script.clone());
    client.execute(&list()).await.unwrap();
    let sent = script.sent();
    assert!(sent[1].at - sent[0].at >= Duration::from_secs(30), "{:?}", sent[1].at - sent[0].at);
}

#[tokio::test(start_paused = true)]
async fn p6_a_429_that_is_not_tried_again_pauses_the_others_all_the_same() {
    let script = Scripted::new([Reply::status(429).header("retry-after", "30"), good()]);
    let mut settings = settings("https://api.example");
    settings.set_retry(RetryPolicy::never());
    settings.set_transport(script.clone());
    let client = settings.build().unwrap();
    let list = list().scopes(&SCOPE);
    let error = client.execute(&list).await.map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    client.execute(&list).await.unwrap();
    let sent = script.sent();
    assert!(sent[1].at - sent[0].at >= Duration::from_secs(30), "{:?}", sent[1].at - sent[0].at);
}

#[tokio::test(start_paused = true)]
async fn p6_a_longer_pause_than_the_policy_allows_is_an_error_with_the_time() {
    for header in ["601", "99999999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let script = Scripted::respond(|_| Reply::status(429).header("retry-after", header));
        let client = scripted(script.clone());
        let error = client.execute(&list().scopes(&SCOPE)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Throttled);
        assert!(error.retry_after().unwrap() > Duration::from_secs(600));
        assert_good_line(&error);
        assert_eq!(script.sent().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn p6_no_pause_is_too_long_to_be_kept() {
    let script = Scripted::respond(|_| {
        Reply::status(429).header("retry-after", "99999999999999999999999999")
    });
    let mut settings = settings("https://api.example");
    settings.set_retry(RetryPolicy::default().max_pause(Duration::MAX));
    settings.set_transport(script.clone());
    let client = settings.build().unwrap();
    let scoped = list().scopes(&SCOPE);
    let year = Duration::from_secs(365 * 86400);
    let waited = timeout(year, client.execute(&scoped)).await;
    assert!(waited.is_err(), "gave up or went on: {} requests", script.sent().len());
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn p6_what_may_pass_is_tried_again_with_growing_pauses() {
    for broken in [
        Reply::status(500),
        Reply::status(502),
        Reply::status(503),
        Reply::status(504),
        Reply::status(509),
        Reply::status(520),
        Reply::status(530),
        Reply::status(408),
        Reply::status(425),
        Reply::failure(Step::Name, "unknown"),
        Reply::failure(Step::Connect, "refused"),
        Reply::failure(Step::Answer, "reset"),
        Reply::failure(Step::Timeout, "silence"),
    ] {
        let script = Scripted::new([broken.clone(), broken.clone(), broken, good()]);
        let client = scripted(script.clone());
        let mut items = client.items(list());
        assert!(items.try_next().await.unwrap().is_some());
        let sent = script.sent();
        for (place, bound) in [(1, 500), (2, 1000), (3, 2000)] {
            let pause = sent[place].at - sent[place - 1].at;
            assert!(pause <= Duration::from_millis(bound + 2), "{pause:?}");
        }
        let report = items.report();
        assert_eq!((report.requests, report.retries, report.records), (4, 3, 1));
        assert_eq!(report.throttled, 0);
        // Pauses are rounded up to whole milliseconds.
        let paused = sent[3].at - sent[0].at;
        assert!(paused.abs_diff(report.waited) <= Duration::from_millis(6), "{report:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn p6_what_the_service_slowed_down_is_in_the_report() {
    let slow = || Reply::status(429).header("retry-after", "2");
    let client = scripted(Scripted::new([slow(), slow(), good()]));
    let mut items = client.items(list());
    assert!(items.try_next().await.unwrap().is_some());
    let report = items.report();
    assert_eq!((report.requests, report.retries, report.throttled), (3, 2, 2));
}

#[tokio::test(start_paused = true)]
async fn p6_what_will_not_pass_is_asked_once() {
    for lasting in [
        Reply::status(400),
        Reply::status(403),
        Reply::status(404),
        Reply::status(409),
        Reply::status(423),
        Reply::status(501),
        Reply::status(401),
        Reply::status(302),
        Reply::failure(Step::Tls, "x"),
        Reply::failure(Step::TooLarge, "x"),
        Reply::failure(Step::Request, "x"),
    ] {
        let script = Scripted::respond(move |_| lasting.clone());
        let error = scripted(script.clone()).execute(&list()).await.unwrap_err();
        assert_good_line(&error);
        assert_eq!(script.sent().len(), 1, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p8_every_refusal_carries_its_status() {
    for status in [400, 402, 404, 405, 409, 410, 413, 422, 423, 425, 451, 509, 520, 530] {
        let script = Scripted::respond(move |_| Reply::status(status));
        let mut settings = settings("https://api.example");
        settings.set_retry(RetryPolicy::never());
        settings.set_transport(script);
        let error = settings.build().unwrap().execute(&list()).await.unwrap_err();
        assert_eq!(error.status(), Some(status), "{error}");
    }
}

/// What a vendor's crate calls a failure of the service, whatever its status.
#[tokio::test(start_paused = true)]
async fn p6_a_refusal_that_is_known_to_pass_is_tried_again_once() {
    let refused = || Reply::status(400).body(r#"{"code":"passing","message":"not now"}"#);
    let script = Scripted::new([refused(), good()]);
    scripted(script.clone()).execute(&list()).await.unwrap();
    assert_eq!(script.sent().len(), 2);
    // It counts by itself: what else fails is tried again as ever.
    let script = Scripted::new([Reply::status(503), refused(), Reply::status(503), good()]);
    scripted(script.clone()).execute(&list()).await.unwrap();
    assert_eq!(script.sent().len(), 4);
    for (attempts, requests) in [(1, 1), (2, 2), (5, 2)] {
        let script = Scripted::respond(move |_| refused());
        let mut settings = settings("https://api.example");
        settings.set_retry(RetryPolicy::default().attempts(attempts));
        settings.set_transport(script.clone());
        let error = settings.build().unwrap().execute(&list()).await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (ErrorKind::Service, Some(400)));
        assert_eq!(error.vendor_code(), Some("passing"));
        assert_eq!(script.sent().len(), requests, "{attempts}");
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_transport_that_never_answers_ends_by_the_time_out() {
    let script = Scripted::respond(|_| Reply::hang());
    let mut settings = settings("https://api.example");
    settings.set_timeout(Duration::from_secs(20));
    settings.set_transport(script.clone());
    let begun = Instant::now();
    let error = settings.build().unwrap().execute(&list()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_good_line(&error);
    let took = begun.elapsed();
    assert!(took >= Duration::from_secs(20) && took < Duration::from_secs(21), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn p6_the_deadline_holds_against_a_transport_that_never_answers() {
    let script = Scripted::respond(|_| Reply::hang());
    let mut settings = settings("https://api.example");
    settings.set_retry(RetryPolicy::default().deadline(Duration::from_secs(30)));
    settings.set_transport(script.clone());
    let begun = Instant::now();
    let error = settings.build().unwrap().execute(&list()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let took = begun.elapsed();
    assert!(took <= Duration::from_secs(31), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn p6_the_deadline_ends_the_retries() {
    let script = Scripted::respond(|_| Reply::status(503).after(Duration::from_secs(10)));
    let mut settings = settings("https://api.example");
    let policy = RetryPolicy::default().attempts(1000).deadline(MINUTE);
    settings.set_retry(policy);
    settings.set_transport(script.clone());
    let begun = Instant::now();
    let error = settings.build().unwrap().execute(&list()).await.unwrap_err();
    // The last attempt may be the one that the deadline cuts short.
    assert!(matches!(error.kind(), ErrorKind::Service | ErrorKind::Timeout), "{error}");
    assert!(begun.elapsed() <= MINUTE + Duration::from_secs(1), "{:?}", begun.elapsed());
    assert!(script.sent().len() <= 7);
}

#[tokio::test(start_paused = true)]
async fn p6_the_retry_budget_is_shared_by_all_tasks_of_a_client() {
    let script = Scripted::respond(|_| Reply::status(503));
    let client = scripted(script.clone());
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..200 {
        let client = client.clone();
        tasks.spawn(async move { client.execute(&list()).await.map(drop) });
    }
    assert!(tasks.join_all().await.iter().all(Result::is_err));
    let within = |seconds| {
        let until = begun + Duration::from_secs(seconds);
        script.sent().iter().filter(|sent| sent.at < until).count()
    };
    // The burst, and then no task asks twice within half the longest delay.
    assert_eq!(within(15), 200 + 100);
    assert!(within(60) <= 200 + 100 + 200 * 4, "{} requests in a minute", within(60));
    // Nor does any of them end before its time.
    assert!(begun.elapsed() >= MINUTE * 9, "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn p6_a_service_that_breaks_off_every_second_time_slows_no_walk_down() {
    let mut number = 0;
    let script = Scripted::respond(move |_| {
        number += 1;
        match number {
            600.. => good(),
            odd if odd % 2 == 1 => Reply::failure(Step::Answer, "reset"),
            even => Reply::json(page(&even.to_string(), &format!(r#""cursor":{even}"#))),
        }
    });
    let begun = Instant::now();
    let mut items = scripted(script).items(list());
    while items.try_next().await.unwrap().is_some() {}
    assert_eq!((items.report().retries, items.report().pages), (300, 300));
    // Half a second at most for each.
    assert!(begun.elapsed() <= Duration::from_secs(151), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn p6_waits_that_429s_ask_for_without_end_are_given_up_after_an_hour() {
    for (header, requests) in [("600", 7), ("0", 3601)] {
        let script = Scripted::respond(|_| Reply::status(429).header("retry-after", header));
        let begun = Instant::now();
        let error = scripted(script.clone()).execute(&list()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Throttled);
        assert_good_line(&error);
        assert_eq!(script.sent().len(), requests, "{header}");
        let hour = Duration::from_secs(3600);
        let took = begun.elapsed();
        assert!(took >= hour && took < hour + MINUTE, "{took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_wait_that_was_asked_for_is_no_attempt_but_for_who_tries_once() {
    let refused = || Reply::status(429).header("retry-after", "7");
    for (attempts, requests) in [(1, 1), (2, 5)] {
        let replies = [refused(), refused(), Reply::status(503), refused(), Reply::status(503)];
        let script = Scripted::new(replies);
        let mut settings = settings("https://api.example");
        settings.set_retry(RetryPolicy::default().attempts(attempts));
        settings.set_transport(script.clone());
        let error = settings.build().unwrap().execute(&list()).await.unwrap_err();
        assert_eq!(script.sent().len(), requests, "{error}");
        assert_eq!(usize::try_from(error.attempts()).unwrap(), requests, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_429_without_a_time_ends_by_the_deadline() {
    let script = Scripted::respond(|_| Reply::status(429));
    let begun = Instant::now();
    let error = scripted(script.clone()).execute(&list()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Throttled);
    let took = begun.elapsed();
    assert!(took > MINUTE * 9 && took <= MINUTE * 10, "{took:?}");
    let sent = script.sent();
    assert!(sent.windows(2).all(|pair| pair[1].at - pair[0].at >= Duration::from_secs(1)));
}

#[tokio::test(start_paused = true)]
async fn p6_a_host_name_that_is_wrong_is_told_within_a_minute() {
    let lost = || Reply::failure(Step::Name, "unknown");
    let script = Scripted::respond(move |_| lost());
    let begun = Instant::now();
    let error = scripted(script).execute(&list()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Host);
    assert!(begun.elapsed() <= MINUTE, "{:?}", begun.elapsed());
    // One that was found before is away for a while, not wrong.
    let begun = Instant::now();
    let script = Scripted::respond(move |_| {
        let away = begun < Instant::now() && begun.elapsed() < MINUTE * 5;
        if away { lost() } else { Reply::json(page("1", r#""cursor":7"#)) }
    });
    let mut items = scripted(script).items(list());
    items.try_next().await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    items.try_next().await.unwrap();
}

/// A source that counts, and gives a new token after each refusal.
#[derive(Clone, Default)]
struct Counted {
    given: Arc<AtomicUsize>,
    refused: Arc<AtomicUsize>,
}

impl TokenSource for Counted {
    fn token(&self) -> Deferred<'_, Result<Secret>> {
        self.given.fetch_add(1, Ordering::Relaxed);
        let token = format!("token-number-{}", self.refused.load(Ordering::Relaxed));
        Box::pin(std::future::ready(Ok(token.into())))
    }

    fn refused(&self, _: &Secret) -> bool {
        self.refused.fetch_add(1, Ordering::Relaxed);
        true
    }
}

fn refreshing(script: &Scripted, source: &Counted) -> Client {
    let mut settings = settings("https://api.example");
    settings.set_credential(Credential::bearer(source.clone()));
    settings.set_retry(RetryPolicy::default());
    settings.set_transport(script.clone());
    settings.build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn p6_a_401_is_answered_by_exactly_one_new_token_per_request() {
    let script = Scripted::new((0..10).map(|_| Reply::status(401)));
    let source = Counted::default();
    let error = refreshing(&script, &source).execute(&list()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert_eq!(error.attempts(), 2);
    assert_good_line(&error);
    assert!(!error.to_string().contains("token-number"));
    let tokens: Vec<_> =
        script.sent().iter().map(|s| s.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(tokens, ["Bearer token-number-0", "Bearer token-number-1"]);
}

#[tokio::test(start_paused = true)]
async fn p6_a_token_that_runs_out_between_pages_is_renewed_and_nothing_is_lost() {
    let source = Counted::default();
    let mut number = 0;
    let script = Scripted::respond(move |_| {
        number += 1;
        match number {
            2 | 5 => Reply::status(401),
            4 => Reply::status(503),
            _ => Reply::json(page(&number.to_string(), &format!(r#""cursor":{number}"#))),
        }
    });
    let client = refreshing(&script, &source);
    let mut items = client.items(list());
    for expected in ["1", "3", "6", "7"] {
        assert_eq!(items.try_next().await.unwrap().unwrap().raw(), expected);
    }
    assert_eq!(items.report().retries, 3);
    assert_eq!(source.refused.load(Ordering::Relaxed), 2);
}

static NARROW_FIRST: [RateLimit; 2] =
    [RateLimit::new("licence", 1, MINUTE), RateLimit::new("address", 100, MINUTE)];
static BROAD_FIRST: [RateLimit; 2] =
    [RateLimit::new("address", 100, MINUTE), RateLimit::new("licence", 1, MINUTE)];
static TWICE: [RateLimit; 2] =
    [RateLimit::new("same", 5, MINUTE), RateLimit::new("same", 5, MINUTE)];

#[tokio::test(start_paused = true)]
async fn p6_scopes_in_any_order_never_lock_each_other_out() {
    let client = scripted(Scripted::respond(|_| good()));
    client.execute(&list().scopes(&NARROW_FIRST)).await.unwrap();
    let mut tasks = JoinSet::new();
    for scopes in [&NARROW_FIRST, &BROAD_FIRST, &NARROW_FIRST] {
        let client = client.clone();
        tasks.spawn(async move { client.execute(&list().scopes(scopes)).await.map(drop) });
    }
    let all = timeout(MINUTE * 60, tasks.join_all()).await;
    assert!(all.is_ok(), "the tasks wait for each other for ever");
}

#[tokio::test(start_paused = true)]
async fn p6_a_scope_named_twice_does_not_lock_itself_out() {
    let client = scripted(Scripted::respond(|_| good()));
    let list = list().scopes(&TWICE);
    let done = timeout(MINUTE * 60, client.execute(&list)).await;
    assert!(done.is_ok(), "the request waits for itself for ever");
}

/// A token that takes its time the first time.
struct SlowToken(AtomicBool);

impl TokenSource for SlowToken {
    fn token(&self) -> Deferred<'_, Result<Secret>> {
        Box::pin(async {
            if !self.0.swap(true, Ordering::SeqCst) {
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
            Ok(Secret::from("token-0123456789"))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_slow_token_does_not_let_requests_start_closer_than_the_limit() {
    static ONE_IN_TEN_SECONDS: [RateLimit; 1] = [RateLimit::new("one", 1, Duration::from_secs(10))];
    let script = Scripted::respond(|_| Reply::json(page("1", "")));
    let mut settings = settings("https://api.example");
    settings.set_credential(Credential::bearer(SlowToken(AtomicBool::new(false))));
    settings.set_transport(script.clone());
    let client = settings.build().unwrap();
    for _ in 0..3 {
        client.execute(&list().scopes(&ONE_IN_TEN_SECONDS)).await.unwrap();
    }
    let starts: Vec<_> = script.sent().iter().map(|sent| sent.at).collect();
    for pair in starts.windows(2) {
        assert!(pair[1] - pair[0] >= Duration::from_secs(10), "{:?}", pair[1] - pair[0]);
    }
}
