//! Errors that say what to do (P8): each answer and its line.

use avepoint_graph::{Client, Environment, Error, RetryPolicy};
use signin_core::Step;
use signin_core::testing::{Reply, Scripted};

fn client(reply: Reply) -> Client {
    Client::builder(Environment::Commercial)
        .token("key-0123456789")
        .retry(RetryPolicy::never())
        .transport(Scripted::respond(move |_| reply.clone()))
        .build()
        .unwrap()
}

/// The error that an answer becomes, without retries.
async fn error(reply: Reply) -> Error {
    client(reply).sign_ins("c-1", "t-1").first_page().await.unwrap_err()
}

const FIELDS: &str = include_str!("../../../../fixtures/avepoint/error.fields.json");
const TRACE: &str = include_str!("../../../../fixtures/avepoint/error.trace.json");

#[tokio::test(start_paused = true)]
async fn p8_every_answer_has_a_line_that_says_what_to_do() {
    let replies = [
        Reply::status(401),
        Reply::status(403).body(TRACE),
        Reply::status(404),
        Reply::status(400).body(FIELDS),
        Reply::status(400).body("{}"),
        Reply::status(429),
        Reply::status(429).header("retry-after", "30"),
        Reply::status(500).body(r#"{"error":{"code":"E1","message":"boom"}}"#),
        Reply::status(503).body("<html><title>Oops</title><body>Service unavailable</body></html>"),
        Reply::status(204),
        Reply::status(302).header("location", "https://login.evil.example/?key=secret"),
        Reply::json("<html>Sign in</html>"),
        Reply::json(""),
        Reply::json(r#"{"data":null,"metadata":{"totalCount":0}}"#),
        Reply::failure(Step::Connect, "no connection: connection refused"),
        Reply::failure(Step::Tls, "the TLS certificate was not accepted: UnknownIssuer"),
        Reply::hang(),
    ];
    let mut lines = Vec::new();
    for reply in replies {
        lines.push(line(&error(reply).await));
    }
    for status in [403, 404] {
        let customers = client(Reply::status(status)).customers();
        lines.push(line(&customers.first_page().await.unwrap_err()));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

fn line(error: &Error) -> String {
    let line = error.to_string();
    assert!(line.chars().count() <= 300 && !line.contains(char::is_control), "{line}");
    assert!(!line.contains('…'), "cut: {line}");
    format!("{:?}: {line}", error.kind())
}

#[tokio::test(start_paused = true)]
async fn p8_the_vendors_words_are_there_for_the_case_file() {
    let fields = error(Reply::status(400).body(FIELDS)).await;
    assert_eq!(fields.status(), Some(400));
    assert_eq!(fields.vendor_code(), Some("OutOfRange"));
    assert_eq!(
        fields.vendor_message(),
        Some("The request is invalid: pageSize must be between 1 and 100")
    );
    assert_eq!(fields.request_id(), Some("00000000-0000-4000-8000-00000000e001"));
    let trace = error(Reply::status(403).body(TRACE)).await;
    assert_eq!(trace.vendor_message(), Some("Forbidden"));
    assert_eq!(trace.request_id(), Some("0af7651916cd43dd8448eb211c80319c"));
}
