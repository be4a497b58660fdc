//! Errors that say what to do (P8): each answer and its line.

use signin_core::Step;
use signin_core::testing::{Reply, Scripted};
use ssojet::{Client, RetryPolicy};

fn client(reply: &Reply) -> Client {
    let reply = reply.clone();
    let script = Scripted::respond(move |_| reply.clone());
    let builder = Client::builder("app-1").token("sk_live_0123456789").transport(script);
    builder.retry(RetryPolicy::never()).build().unwrap()
}

/// The error that an answer becomes, without retries.
async fn error(reply: &Reply) -> ssojet::Error {
    client(reply).login_logs("u").first_page().await.unwrap_err()
}

const OBJECT: &str = include_str!("../../../../fixtures/ssojet/error.json");
const TEXT: &str = include_str!("../../../../fixtures/ssojet/error.text.txt");

#[tokio::test(start_paused = true)]
async fn p8_every_answer_has_a_line_that_says_what_to_do() {
    let body = |code, text| {
        format!(r#"{{"error":400,"error_code":"{code}","error_description":"{text}"}}"#)
    };
    let replies = [
        Reply::status(400).body(TEXT),
        Reply::status(400).body(body("invalid_event", "event must be login")),
        Reply::status(401).body("Unauthorized").header("x-request-id", "req-77"),
        Reply::status(401),
        Reply::status(403).body(body("forbidden", "Forbidden")),
        Reply::status(404).body(OBJECT),
        Reply::status(404).body("404 page not found\n"),
        Reply::status(429).header("retry-after", "30"),
        Reply::status(500).body("<html><title>Oops</title><body>Internal error</body></html>"),
        Reply::status(503).body("upstream\r\n\u{1b}[31mgone"),
        Reply::status(302).header("location", "https://login.evil.example/?token=secret"),
        Reply::json("<html>Sign in</html>"),
        Reply::json(""),
        Reply::json(r#"{"error":404,"error_code":"user_not_found"}"#),
        Reply::json(r#"{"login_logs":null}"#),
        Reply::failure(Step::Connect, "no connection: connection refused"),
        Reply::failure(Step::Tls, "the TLS certificate was not accepted: UnknownIssuer"),
        Reply::failure(Step::TooLarge, "the answer is larger than 33554432 bytes"),
        Reply::hang(),
    ];
    let mut lines = Vec::new();
    for reply in &replies {
        for (name, error) in [
            ("login_logs", error(reply).await),
            ("users", client(reply).users().first_page().await.unwrap_err()),
        ] {
            let line = error.to_string();
            assert!(line.chars().count() <= 300 && !line.contains(char::is_control), "{line}");
            assert!(!line.contains('…'), "cut: {line}");
            assert!(line.contains(name), "{line}");
            lines.push(format!("{:?}: {line}", error.kind()));
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn p8_every_refusal_of_a_token_has_a_line_that_says_what_to_do() {
    let body = |code| format!(r#"{{"error":401,"error_code":"{code}","error_description":"No"}}"#);
    let mut lines = Vec::new();
    for reply in [
        Reply::status(401).body(body("invalid_client")),
        Reply::status(400).body(body("invalid_scope")),
        Reply::status(404).body("404 page not found"),
        Reply::status(405),
        Reply::status(429).header("retry-after", "30"),
        Reply::status(500),
        Reply::status(307).header("location", "https://login.evil.example/?secret=1"),
        Reply::json("<html>Sign in</html>"),
        Reply::json(r#"{"token":"x"}"#),
        Reply::failure(Step::Connect, "no connection: connection refused"),
    ] {
        let script = Scripted::respond(move |_| reply.clone());
        let builder = Client::builder("app-1").client_secret("secret-0123456789");
        let builder = builder.retry(RetryPolicy::never()).transport(script.clone());
        let error = builder.build().unwrap().users().first_page().await.unwrap_err();
        let line = error.to_string();
        assert!(line.chars().count() <= 300 && !line.contains('…'), "{line}");
        assert!(!line.contains("secret-0123456789"), "{line}");
        assert!(script.urls().iter().all(|url| url.ends_with("/api/v1/oauth2/token")));
        lines.push(format!("{:?}: {line}", error.kind()));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn p8_the_vendors_words_are_there_for_the_case_file() {
    let object = error(&Reply::status(404).body(OBJECT).header("x-request-id", "req-77")).await;
    assert_eq!(object.status(), Some(404));
    assert_eq!(object.vendor_code(), Some("user_not_found"));
    assert_eq!(object.vendor_message(), Some("There is no user 0123456789abcdef01234599"));
    assert_eq!((object.request_id(), object.attempts()), (Some("req-77"), 1));
    assert!(!object.is_transient());
    let text = error(&Reply::status(400).body(TEXT)).await;
    assert_eq!((text.vendor_code(), text.vendor_message()), (None, Some("invalid client_id")));
}

#[tokio::test(start_paused = true)]
async fn p4_a_token_that_the_service_sends_back_is_not_shown() {
    let body = r#"{"error_description":"key sk_live_0123456789 is revoked","error_code":"sk_live_0123456789"}"#;
    for reply in [
        Reply::status(401).body(body).header("x-request-id", "sk_live_0123456789"),
        Reply::status(401).body("no such key: sk_live_0123456789"),
        Reply::status(302).header("location", "https://sk_live_0123456789.example/"),
        Reply::failure(Step::Answer, "bad header sk_live_0123456789"),
    ] {
        let error = error(&reply).await;
        for shown in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
            assert!(!shown.contains("sk_live_0123456789"), "{shown}");
        }
        assert!(!error.vendor_message().unwrap_or_default().contains("0123456789"));
    }
}
