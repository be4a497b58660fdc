//! Errors that say what to do (P8): each answer and its line.

use pingone::{Client, Region, RetryPolicy};
use signin_core::Step;
use signin_core::testing::{Reply, Scripted};

use crate::{ENVIRONMENT, time};

const INVALID_FILTER: &str = include_str!("../../../../fixtures/pingone/error.invalid_filter.json");
const ACCESS_FAILED: &str = include_str!("../../../../fixtures/pingone/error.access_failed.json");
const REQUEST_LIMITED: &str =
    include_str!("../../../../fixtures/pingone/error.request_limited.json");
const INVALID_TOKEN: &str = r#"{"id":"req-401","code":"ACCESS_FAILED","message":"The request could not be completed. You do not have access to this resource.","details":[{"code":"INVALID_TOKEN","message":"Token is expired"}]}"#;
const WITHOUT_DETAILS: &str =
    r#"{"id":"req-500","code":"UNEXPECTED_ERROR","message":"An unexpected error occurred."}"#;

/// A client that is answered so, without retries.
fn answered(reply: Reply) -> Client {
    let script = Scripted::respond(move |_| reply.clone());
    let builder = Client::builder(Region::Europe, ENVIRONMENT).token("key-0123456789");
    builder.retry(RetryPolicy::never()).transport(script).build().unwrap()
}

/// The errors that an answer becomes: that of the counts, and that of the events.
async fn errors(reply: Reply) -> [pingone::Error; 2] {
    let pingone = answered(reply);
    let events = pingone.activities(time("2026-11-02T00:00:00Z"), time("2026-11-03T00:00:00Z"));
    [pingone.user_activities().send().await.unwrap_err(), events.first_page().await.unwrap_err()]
}

#[tokio::test(start_paused = true)]
async fn p8_every_answer_has_a_line_that_says_what_to_do() {
    let replies = [
        Reply::status(400).body(INVALID_FILTER),
        Reply::status(400).body("{}"),
        Reply::status(401).body(INVALID_TOKEN),
        Reply::status(401),
        Reply::status(403).body(ACCESS_FAILED),
        Reply::status(404)
            .body(r#"{"id":"req-404","code":"NOT_FOUND","message":"Unable to find it"}"#),
        Reply::status(429).body(REQUEST_LIMITED).header("retry-after", "30"),
        Reply::status(500).body(WITHOUT_DETAILS),
        Reply::status(503).body("upstream\r\n\u{1b}[31mgone"),
        Reply::status(302).header("location", "https://login.evil.example/?key=secret"),
        Reply::json("<html>Sign in</html>"),
        Reply::json(r#"{"_embedded":{}}"#),
        Reply::failure(Step::Connect, "no connection: connection refused"),
        Reply::failure(Step::TooLarge, "the answer is larger than 33554432 bytes"),
        Reply::hang(),
    ];
    let mut lines = Vec::new();
    for reply in replies {
        for error in errors(reply).await {
            let line = error.to_string();
            assert!(line.chars().count() <= 300 && !line.contains(char::is_control), "{line}");
            assert!(!line.contains('…'), "cut: {line}");
            lines.push(format!("{:?}: {line}", error.kind()));
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn p8_the_vendors_words_are_there_for_the_case_file() {
    let [error, _] = errors(Reply::status(400).body(INVALID_FILTER)).await;
    assert_eq!(error.status(), Some(400));
    assert_eq!(error.vendor_code(), Some("INVALID_DATA"));
    let message = "filter: The operator is not supported for this attribute";
    assert_eq!(error.vendor_message(), Some(message));
    assert_eq!(error.request_id(), Some("00000000-0000-4000-8000-0000000e0400"));
    assert!(!error.is_transient());
    let [error, _] = errors(Reply::status(500).body(WITHOUT_DETAILS)).await;
    assert_eq!(error.vendor_code(), Some("UNEXPECTED_ERROR"));
    assert!(error.is_transient());
}

/// A missing environment answers 403, not 404, and so does one that was just made.
#[tokio::test(start_paused = true)]
async fn p8_a_403_speaks_of_the_environment_as_well_as_of_the_role() {
    for error in errors(Reply::status(403).body(ACCESS_FAILED)).await {
        let line = error.to_string();
        assert!(line.contains("environment id") && line.contains("role"), "{line}");
    }
}

#[tokio::test(start_paused = true)]
async fn p4_a_token_that_the_service_sends_back_is_not_shown() {
    let body =
        r#"{"id":"key-0123456789","code":"key-0123456789","message":"key-0123456789 is bad"}"#;
    for reply in [
        Reply::status(401).body(body),
        Reply::status(302).header("location", "https://key-0123456789.example/"),
    ] {
        for error in errors(reply).await {
            for shown in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
                assert!(!shown.contains("key-0123456789"), "{shown}");
            }
        }
    }
}
