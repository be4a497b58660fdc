//! Errors that say what to do (P8): each answer and its line.

use signin_core::Step;
use signin_core::testing::{Reply, Scripted};
use tines_admin::{Client, RetryPolicy};

/// The error that an answer becomes, without retries.
async fn error(reply: Reply) -> tines_admin::Error {
    let script = Scripted::respond(move |_| reply.clone());
    let tines = Client::builder("acme.tines.com")
        .token("key-0123456789")
        .retry(RetryPolicy::never())
        .transport(script)
        .build()
        .unwrap();
    tines.signin_activities(72).first_page().await.unwrap_err()
}

const OBJECT: &str = r#"{"type":"unauthorized","status_code":401,"errors":[{"message":"Unauthorized","details":"Invalid API key"}]}"#;
const LIST: &str = r#"[{"message":"Page is invalid","details":"must be greater than 0"}]"#;

#[tokio::test(start_paused = true)]
async fn p8_every_answer_has_a_line_that_says_what_to_do() {
    let replies = [
        Reply::status(401).body(OBJECT).header("x-request-id", "req-77"),
        Reply::status(401),
        Reply::status(403).body(r#"{"error":"Forbidden"}"#),
        Reply::status(404).body("Not Found"),
        Reply::status(422).body(LIST),
        Reply::status(400).body("{}"),
        Reply::status(429).header("retry-after", "30"),
        Reply::status(500).body("<html><title>Oops</title><body>Internal error</body></html>"),
        Reply::status(503).body("upstream\r\n\u{1b}[31mgone"),
        Reply::status(302).header("location", "https://login.evil.example/?key=secret"),
        Reply::json("<html>Sign in</html>"),
        Reply::json(""),
        Reply::json(r#"{"login_activities":[]}"#),
        Reply::failure(Step::Connect, "no connection: connection refused"),
        Reply::failure(Step::Tls, "the TLS certificate was not accepted: UnknownIssuer"),
        Reply::failure(Step::TooLarge, "the answer is larger than 33554432 bytes"),
        Reply::hang(),
    ];
    let mut lines = Vec::new();
    for reply in replies {
        let error = error(reply).await;
        let line = error.to_string();
        assert!(line.chars().count() <= 300 && !line.contains(char::is_control), "{line}");
        assert!(!line.contains('…'), "cut: {line}");
        lines.push(format!("{:?}: {line}", error.kind()));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn p8_the_vendors_words_are_there_for_the_case_file() {
    let error = error(Reply::status(401).body(OBJECT).header("x-request-id", "req-77")).await;
    assert_eq!(error.status(), Some(401));
    assert_eq!(error.vendor_code(), Some("unauthorized"));
    assert_eq!(error.vendor_message(), Some("Unauthorized: Invalid API key"));
    assert_eq!(error.request_id(), Some("req-77"));
    assert_eq!(error.attempts(), 1);
    assert!(!error.is_transient());
}

/// The vendor's error bodies come in three shapes.
#[tokio::test(start_paused = true)]
async fn p8_each_shape_of_an_error_body_is_read() {
    for (body, message) in [
        (
            include_str!("../../../../fixtures/tines/error.object.json"),
            "Forbidden: The API key lacks the permission AUDIT_LOG_READ",
        ),
        (
            include_str!("../../../../fixtures/tines/error.list.json"),
            "Not found: There is no user 99",
        ),
        (include_str!("../../../../fixtures/tines/error.text.txt"), "Too many requests"),
    ] {
        let error = error(Reply::status(403).body(body)).await;
        assert_eq!(error.vendor_message(), Some(message));
    }
}

#[tokio::test(start_paused = true)]
async fn p8_what_main_prints_of_an_error_is_its_line() {
    let error = error(Reply::status(401)).await;
    assert_eq!(format!("{error:?}"), error.to_string());
    assert!(format!("{error:#?}").contains("kind: Authentication"));
}
