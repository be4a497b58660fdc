//! P6: trouble at the token endpoint: what is tried again, what is waited for, what still serves.

use std::time::Duration;

use signin_core::Step;
use signin_core::testing::{Reply, Scripted};
use signin_core::{ErrorKind, RetryPolicy};
use tokio::task::JoinSet;
use tokio::time::{Instant, advance};

use super::{Service, asks_token, client, credentials, grant, list};
use crate::api::{assert_good_line, page, settings};

const SECOND: Duration = Duration::from_secs(1);
const LATER: &str = r#"{"error":"temporarily_unavailable","error_description":"busy"}"#;

#[tokio::test(start_paused = true)]
async fn p6_a_token_request_is_tried_again_like_any_other() {
    for broken in [
        Reply::status(500),
        Reply::status(502).body("<html>Bad gateway</html>"),
        Reply::status(503),
        Reply::status(429),
        Reply::status(408),
        Reply::status(400).body(LATER),
        Reply::failure(Step::Connect, "refused"),
        Reply::failure(Step::Answer, "reset"),
        Reply::failure(Step::Timeout, "silence"),
    ] {
        let service = Service::new(3600 * SECOND, Duration::ZERO);
        service.trouble([broken.clone(), broken.clone(), broken]);
        let script = service.script();
        client(credentials(), script.clone()).execute(&list()).await.unwrap();
        let asked = script.sent().iter().filter(|sent| asks_token(sent)).count();
        assert_eq!(asked, 4);
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_refusal_is_asked_for_once_and_needs_a_person() {
    for (status, error) in [
        (400, "invalid_client"),
        (401, "invalid_client"),
        (400, "invalid_scope"),
        (400, "unauthorized_client"),
        (400, "invalid_request"),
        (403, "access_denied"),
        (404, "tenant_not_found"),
    ] {
        let body = format!(r#"{{"error":"{error}"}}"#);
        let script = Scripted::respond(move |_| Reply::status(status).body(body.clone()));
        let error = client(credentials(), script.clone()).execute(&list()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication, "{error}");
        assert!(!error.is_transient());
        assert_good_line(&error);
        assert_eq!(script.sent().len(), 1, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p6_what_may_pass_says_that_it_may() {
    for (reply, kind) in [
        (Reply::status(503), ErrorKind::Service),
        (Reply::status(400).body(LATER), ErrorKind::Service),
        (Reply::status(429).header("retry-after", "3600"), ErrorKind::Throttled),
        (Reply::failure(Step::Connect, "refused"), ErrorKind::Network),
        (Reply::hang(), ErrorKind::Timeout),
    ] {
        let script = Scripted::respond(move |_| reply.clone());
        let mut settings = settings("https://api.example");
        settings.set_credential(credentials());
        settings.set_retry(RetryPolicy::default().attempts(2));
        settings.set_transport(script);
        let error = settings.build().unwrap().execute(&list()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.is_transient());
        assert_good_line(&error);
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_429_of_the_token_endpoint_is_obeyed_even_beyond_the_time_out() {
    let service = Service::new(3600 * SECOND, Duration::ZERO);
    service.trouble([Reply::status(429).header("retry-after", "450.5")]);
    let script = service.script();
    client(credentials(), script.clone()).execute(&list()).await.unwrap();
    let sent = script.sent();
    let pause = sent[1].at - sent[0].at;
    assert!(pause >= Duration::from_millis(450_500), "{pause:?}");
    assert_eq!(sent.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn p6_a_token_that_is_still_good_serves_while_its_renewal_fails() {
    let trouble = [
        Reply::status(503),
        Reply::failure(Step::Connect, "refused"),
        Reply::status(400).body(r#"{"error":"invalid_client"}"#),
        Reply::status(429).header("retry-after", "3600"),
        Reply::hang(),
    ];
    for broken in trouble {
        let service = Service::new(3600 * SECOND, Duration::ZERO);
        let script = service.script();
        let client = client(credentials(), script.clone());
        client.execute(&list()).await.unwrap();
        service.trouble(std::iter::repeat_n(broken.clone(), 200));
        advance(3350 * SECOND).await;
        let begun = Instant::now();
        // Until the token ends, nothing fails, and not every call waits.
        while begun.elapsed() < 200 * SECOND {
            client.execute(&list()).await.unwrap();
            advance(SECOND).await;
        }
        assert_eq!(service.refused(), 0);
        let asked = script.sent().iter().filter(|sent| asks_token(sent)).count();
        assert!((2..60).contains(&asked), "{asked} token requests: {broken:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_token_that_is_refused_while_its_renewal_fails_does_not_serve() {
    let service = Service::new(3600 * SECOND, Duration::ZERO);
    let client = client(credentials(), service.script());
    client.execute(&list()).await.unwrap();
    service.revoke();
    service.trouble([Reply::status(400).body(r#"{"error":"invalid_client"}"#)]);
    let error = client.execute(&list()).await.unwrap_err();
    assert_eq!(error.vendor_code(), Some("invalid_client"), "{error}");
    client.execute(&list()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn p6_the_retry_budget_slows_token_requests_down_too() {
    let script = Scripted::respond(|_| Reply::status(503));
    let client = client(credentials(), script.clone());
    let mut calls_begin = Vec::new();
    for _ in 0..10 {
        calls_begin.push(script.sent().len());
        assert!(client.execute(&list()).await.is_err());
    }
    // The budget is used up by now: retries are half the longest delay apart.
    let sent = &script.sent()[calls_begin[4]..];
    let close = sent.windows(2).filter(|pair| pair[1].at - pair[0].at < 15 * SECOND).count();
    assert!(close <= 5, "{close} of {}", sent.len());
}

#[tokio::test(start_paused = true)]
async fn p6_all_who_wait_for_a_token_get_its_error() {
    let script = Scripted::respond(|_| {
        Reply::status(401).body(r#"{"error":"invalid_client"}"#).after(SECOND)
    });
    let client = client(credentials(), script.clone());
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        tasks.spawn(async move { client.execute(&list()).await.map(drop).unwrap_err() });
    }
    for error in tasks.join_all().await {
        assert_eq!(error.kind(), ErrorKind::Authentication);
    }
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failed_exchange_is_no_reason_to_fail_for_ever() {
    let mut number = 0;
    let script = Scripted::respond(move |sent| {
        number += 1;
        match (asks_token(sent), number) {
            (true, 1) => Reply::status(401).body(r#"{"error":"invalid_client"}"#),
            (true, _) => grant("token-0123456789", "3600"),
            (false, _) => Reply::json(page("1", "")),
        }
    });
    let client = client(credentials(), script);
    assert!(client.execute(&list()).await.is_err());
    client.execute(&list()).await.unwrap();
}
