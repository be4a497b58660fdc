//! P8: what each answer of a token endpoint becomes. P4: no secret is in it.

use signin_core::Step;
use signin_core::testing::{Reply, Scripted};
use signin_core::vendor::Client;
use signin_core::{
    ClientAssertion, ClientCredentials, Deferred, Error, ErrorKind, Result, RetryPolicy, Secret,
};

use super::{SECRET, TOKEN_URL, asks_token, client, credentials, grant, list};
use crate::api::{assert_good_line, page, settings};

/// The error that one answer of the token endpoint becomes, without retries.
async fn error_of(asked: ClientCredentials, reply: Reply) -> Error {
    let mut settings = settings("https://api.example");
    settings.set_credential(asked);
    settings.set_retry(RetryPolicy::never());
    settings.set_transport(Scripted::respond(move |_| reply.clone()));
    settings.build().unwrap().execute(&list()).await.map(drop).unwrap_err()
}

fn answers() -> Vec<(&'static str, Reply)> {
    let said = |status, body: &'static str| Reply::status(status).body(body);
    vec![
        ("bare 400", said(400, "")),
        ("bare 401", said(401, "")),
        ("bare 403", said(403, "")),
        ("bare 404", said(404, "")),
        ("bare 429", said(429, "")),
        ("bare 503", said(503, "")),
        ("no description", said(400, r#"{"error":"invalid_client"}"#)),
        (
            "described",
            said(
                401,
                r#"{"error":"invalid_client","error_description":"client authentication failed"}"#,
            ),
        ),
        ("unauthorized", said(400, r#"{"error":"unauthorized_client"}"#)),
        ("grant type", said(400, r#"{"error":"unsupported_grant_type"}"#)),
        ("scope", said(400, r#"{"error":"invalid_scope","error_description":"no such scope"}"#)),
        ("other", said(400, r#"{"error":"invalid_request"}"#)),
        (
            "Entra, wrong secret",
            said(
                401,
                r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app 'app-1'. Trace ID: 11111111-2222-3333-4444-555555555555 Correlation ID: c Timestamp: 2025-06-10 10:00:00Z","error_codes":[7000215],"timestamp":"2025-06-10 10:00:00Z","trace_id":"11111111-2222-3333-4444-555555555555","correlation_id":"c"}"#,
            ),
        ),
        (
            "Entra, no tenant",
            said(
                400,
                r#"{"error":"invalid_request","error_description":"AADSTS90002: Tenant 'x' not found. Check to make sure you have the correct tenant ID","error_codes":[90002]}"#,
            ),
        ),
        (
            "numbered",
            said(
                401,
                r#"{"error":401,"error_code":"unauthorized","error_description":"bad client"}"#,
            ),
        ),
        ("vendor's own", said(400, r#"{"code":"INVALID_DATA","message":"no such environment"}"#)),
        ("plain text", said(400, "unknown client")),
        ("HTML", said(403, "<html><title>Blocked</title><b>by the proxy</b></html>")),
        ("busy", said(400, r#"{"error":"temporarily_unavailable"}"#)),
        (
            "long",
            Reply::status(400).body(format!(r#"{{"error_description":"{}"}}"#, "x y ".repeat(999))),
        ),
        ("ansi", said(400, r#"{"error":"\u001b[31m","error_description":"a\r\nb\u0007\u202e"}"#)),
        ("redirect", said(302, "").header("location", "https://evil.example/?x=1")),
        ("200 with an error", said(200, r#"{"error":"invalid_client"}"#)),
        ("200 empty", said(200, "")),
        ("200 HTML", said(200, "<html>Sign in</html>")),
        ("200 cut", said(200, r#"{"access_token":"abc"#)),
        ("200 without token", said(200, r#"{"expires_in":3600}"#)),
        ("200 another type", said(200, r#"{"access_token":"abcdefgh","token_type":"DPoP"}"#)),
        ("200 bad token", said(200, r#"{"access_token":"abc\ndefgh"}"#)),
        ("204", said(204, "")),
        ("connect", Reply::failure(Step::Connect, "no connection: connection refused")),
        ("name", Reply::failure(Step::Name, "no such host: Name or service not known")),
        ("tls", Reply::failure(Step::Tls, "the TLS certificate was not accepted: UnknownIssuer")),
        ("answer", Reply::failure(Step::Answer, "the connection broke: reset by peer")),
        ("too large", Reply::failure(Step::TooLarge, "the answer is larger than 33554432 bytes")),
        ("hang", Reply::hang()),
    ]
}

#[tokio::test(start_paused = true)]
async fn p8_every_answer_of_a_token_endpoint_has_a_line_that_says_what_to_do() {
    let mut lines = Vec::new();
    for (name, reply) in answers() {
        let error = error_of(credentials(), reply).await;
        assert_good_line(&error);
        let (kind, code, id) = (error.kind(), error.vendor_code(), error.request_id());
        lines.push(format!("{name}: {kind:?}, code {code:?}, request {id:?}\n    {error}"));
    }
    insta::assert_snapshot!(lines.join("\n"));
}

/// A client, and its script: the token endpoint says these in turn, and then gives tokens.
fn told(replies: Vec<Reply>) -> (Client, Scripted) {
    let mut replies = replies.into_iter();
    let script = Scripted::respond(move |sent| match asks_token(sent) {
        true => replies.next().unwrap_or_else(|| grant("token-0123456789", "3600")),
        false => Reply::json(page("1", "")),
    });
    (client(credentials(), script.clone()), script)
}

#[tokio::test(start_paused = true)]
async fn p6_an_answer_that_is_none_of_a_token_endpoint_is_asked_for_once_more() {
    for name in [
        "bare 400",
        "bare 403",
        "bare 404",
        "plain text",
        "HTML",
        "redirect",
        "200 empty",
        "200 HTML",
        "200 cut",
        "200 without token",
        "204",
    ] {
        let odd = answers().into_iter().find(|(other, _)| *other == name).unwrap().1;
        let (passing, script) = told(vec![odd.clone()]);
        passing.execute(&list()).await.unwrap();
        assert_eq!(script.sent().len(), 3, "{name}");
        let (lasting, script) = told(vec![odd.clone(); 9]);
        let error = lasting.execute(&list()).await.unwrap_err();
        assert_eq!((script.sent().len(), error.attempts()), (2, 2), "{name}: {error}");
        assert_good_line(&error);
    }
    for name in ["described", "numbered", "vendor's own", "200 with an error", "200 another type"] {
        let refusal = answers().into_iter().find(|(other, _)| *other == name).unwrap().1;
        let (refused, script) = told(vec![refusal]);
        refused.execute(&list()).await.unwrap_err();
        assert_eq!(script.sent().len(), 1, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn p8_a_vendor_may_know_better_what_to_do() {
    let asked = credentials().advice(|fault| match fault.code.as_deref() {
        Some("AADSTS90002") => Some("check the tenant's id"),
        _ if fault.status == 418 => Some("make coffee"),
        _ => None,
    });
    let body = r#"{"error":"invalid_request","error_description":"AADSTS90002: Tenant not found"}"#;
    for (reply, advice) in [
        (Reply::status(400).body(body), "check the tenant's id"),
        (Reply::status(418), "make coffee"),
    ] {
        let error = error_of(asked.clone(), reply).await;
        assert!(error.to_string().contains(&format!("; {advice} (")), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p8_a_good_answer_of_another_size_is_refused() {
    let body = format!(r#"{{"access_token":"{}"}}"#, "t".repeat(300_000));
    let error = error_of(credentials(), Reply::json(body)).await;
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert_good_line(&error);
}

/// What each way of proving itself sends that must never be shown.
fn proofs() -> Vec<(ClientCredentials, Vec<String>)> {
    let new = || ClientCredentials::new(TOKEN_URL, "app-1");
    let encoded = "sEcret%2F0123456789%2Babc%20def";
    let basic = "YXBwLTE6c0VjcmV0JTJGMDEyMzQ1Njc4OSUyQmFiYyUyMGRlZg==";
    let secret = || vec![SECRET.to_owned(), encoded.to_owned(), encoded.to_lowercase()];
    let mut sent_by_basic = secret();
    sent_by_basic.extend([basic.to_owned(), format!("Basic {basic}")]);
    vec![
        (new().secret_in_body(SECRET), secret()),
        (new().secret_in_body(SECRET).json(), secret()),
        (new().secret_by_basic(SECRET), sent_by_basic),
        (new().assertion(Signed), vec![ASSERTION.to_owned()]),
    ]
}

const ASSERTION: &str = "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJhcHAtMSJ9.c2lnbmF0dXJlLTAxMjM0NTY3ODk";

struct Signed;

impl ClientAssertion for Signed {
    fn assertion<'a>(&'a self, _: &'a str, _: &'a str) -> Deferred<'a, Result<Secret>> {
        Box::pin(std::future::ready(Ok(ASSERTION.into())))
    }
}

/// Where a token endpoint may write a secret back.
fn echoes(secret: &str) -> Vec<Reply> {
    let said = |status, body: serde_json::Value| Reply::status(status).body(body.to_string());
    let code = serde_json::json!({ "error": secret, "trace_id": secret });
    let described = serde_json::json!({ "error": "invalid_client", "error_description": secret });
    let kind = serde_json::json!({ "access_token": "abcdefgh", "token_type": secret });
    vec![
        said(400, code.clone()),
        said(200, code),
        said(401, described.clone()),
        said(503, described),
        said(200, kind),
        Reply::status(400).body(secret.to_owned()),
        Reply::status(400).body(format!("<b>{secret}</b>")),
        Reply::status(400).header("x-request-id", secret),
        Reply::json("{}").header("x-request-id", secret),
        Reply::status(302).header("location", &format!("https://{secret}.example/{secret}")),
        Reply::failure(Step::Answer, secret),
    ]
}

/// No piece of the secret that is long enough to help anyone.
fn assert_hidden(secret: &str, shown: &str) {
    let pieces: Vec<_> = secret.as_bytes().windows(14).collect();
    let found = pieces.iter().find(|piece| shown.as_bytes().windows(14).any(|w| w == **piece));
    assert!(found.is_none(), "{secret}: {shown}");
}

#[tokio::test(start_paused = true)]
async fn p4_a_secret_that_the_token_endpoint_sends_back_is_never_shown() {
    for (asked, secrets) in proofs() {
        for secret in secrets {
            for reply in echoes(&secret) {
                let error = error_of(asked.clone(), reply).await;
                assert_good_line(&error);
                let (code, said) = (error.vendor_code(), error.vendor_message());
                let shown = format!("{error} {error:?} {error:#?} {code:?} {said:?}");
                assert_hidden(&secret, &format!("{shown} {:?}", error.request_id()));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p4_a_token_that_the_api_sends_back_is_never_shown() {
    const TOKEN: &str = "token-0123456789-abcdefgh";
    let script = Scripted::respond(|sent| match asks_token(sent) {
        true => grant(TOKEN, "3600"),
        false => Reply::status(400).body(format!(r#"{{"message":"bad {TOKEN}"}}"#)),
    });
    let error = client(credentials(), script).execute(&list()).await.unwrap_err();
    assert_hidden(TOKEN, &format!("{error} {error:?} {error:#?} {:?}", error.vendor_message()));
}

#[tokio::test(start_paused = true)]
async fn p4_nothing_that_can_be_printed_shows_a_secret() {
    for (asked, secrets) in proofs() {
        let asked = asked.parameter("resource", "parameter-0123456789");
        let mut shown = format!("{asked:?} {asked:#?}");
        let script = Scripted::respond(|sent| match asks_token(sent) {
            true => grant("token-0123456789-abcdefgh", "3600"),
            false => Reply::json(page("1", r#""cursor":"a""#)),
        });
        let mut settings = settings("https://api.example");
        settings.set_credential(asked);
        settings.set_transport(script);
        shown += &format!("{settings:?} {settings:#?}");
        let client = settings.build().unwrap();
        let mut items = client.items(list());
        items.try_next().await.unwrap();
        shown += &format!("{client:?} {items:?} {:?}", items.checkpoint());
        shown += &items.checkpoint().unwrap().to_string();
        for secret in &secrets {
            assert_hidden(secret, &shown);
        }
        assert_hidden("token-0123456789-abcdefgh", &shown);
        assert_hidden("parameter-0123456789", &shown);
    }
}

/// An assertion source that fails in its own way, and one that hangs.
struct Failing(bool);

impl ClientAssertion for Failing {
    fn assertion<'a>(&'a self, _: &'a str, _: &'a str) -> Deferred<'a, Result<Secret>> {
        Box::pin(async {
            if self.0 {
                std::future::pending::<()>().await;
            }
            Err(Error::new(ErrorKind::Config, "token file", "it is not there", "mount it"))
        })
    }
}

/// One that has nothing to say.
struct Empty;

impl ClientAssertion for Empty {
    fn assertion<'a>(&'a self, _: &'a str, _: &'a str) -> Deferred<'a, Result<Secret>> {
        Box::pin(std::future::ready(Ok(" \n".into())))
    }
}

#[tokio::test(start_paused = true)]
async fn p8_an_assertion_that_does_not_come_is_said_in_its_sources_words() {
    let new = || ClientCredentials::new(TOKEN_URL, "app-1");
    let error = error_of(new().assertion(Failing(false)), Reply::status(200)).await;
    assert_eq!(error.to_string(), "token file: it is not there; mount it");
    let error = error_of(new().assertion(Failing(true)), Reply::status(200)).await;
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    let error = error_of(new().assertion(Empty), Reply::status(200)).await;
    assert_eq!(error.kind(), ErrorKind::Authentication, "{error}");
    assert!(error.to_string().starts_with("acme client assertion: it is empty"), "{error}");
}

#[cfg(feature = "tracing")]
#[tokio::test(start_paused = true)]
async fn p4_no_trace_shows_a_secret() {
    for (asked, secrets) in proofs() {
        for secret in secrets {
            for reply in echoes(&secret) {
                let _logs = signin_testkit::logs::Logs::start();
                error_of(asked.clone(), reply).await;
                let shown = signin_testkit::logs::logged();
                assert!(shown.contains("operation=\"token\""), "{shown}");
                assert_hidden(&secret, &shown);
            }
        }
    }
}
