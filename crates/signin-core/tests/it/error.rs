//! P8: what each answer becomes, and that no answer can spoil its line.

use std::time::Duration;

use proptest::prelude::*;
use signin_core::Paging;
use signin_core::StaticToken;
use signin_core::Step;
use signin_core::testing::{Reply, Scripted};
use signin_core::{Checkpoint, Credential, Error, ErrorKind, Json, Page, Result, RetryPolicy};

use crate::api::{
    CURSOR, KEY, List, Row, assert_good_line, drain, numbered, page, scripted, settings,
};

/// The error that one answer becomes, without retries.
async fn error_of(reply: Reply, paging: Paging) -> Error {
    let mut settings = settings("https://api.example");
    settings.set_retry(RetryPolicy::never());
    settings.set_transport(Scripted::respond(move |_| reply.clone()));
    let mut items = settings.build().unwrap().items(List::<Row>::new(paging));
    for _ in 0..10 {
        match items.try_next().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the walk came to an end"),
            Err(error) => return error,
        }
    }
    panic!("the walk goes on without an error")
}

fn message(status: u16, message: &str) -> Reply {
    Reply::status(status).body(serde_json::json!({ "message": message }).to_string())
}

/// Every kind of answer that is an error, by name.
fn answers() -> Vec<(&'static str, Reply, Paging)> {
    let row = |row: &str| Reply::json(page(row, ""));
    let next = |rest: &str| Reply::json(page("{}", rest));
    let mut answers: Vec<(&'static str, Reply, Paging)> = Vec::new();
    for status in [
        300, 304, 400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 422, 429, 451, 500, 501, 502,
        503, 504, 599,
    ] {
        answers.push(("bare", Reply::status(status), CURSOR));
    }
    answers.extend([
        ("message", message(400, "page must be greater than 0"), CURSOR),
        ("code", Reply::status(403).body(r#"{"code":"NO_ROLE","message":"no role"}"#), CURSOR),
        ("request id", message(500, "oops").header("x-request-id", "req-1"), CURSOR),
        ("long request id", message(500, "oops").header("x-request-id", &"7".repeat(200)), CURSOR),
        ("long message", message(500, &"word ".repeat(2000)), CURSOR),
        (
            "html",
            Reply::status(502).body("<html><title>502</title><b>Bad</b> gateway</html>"),
            CURSOR,
        ),
        ("ansi", message(400, "\u{1b}[31mred\u{1b}[0m\r\nSet-Cookie: x\u{7}"), CURSOR),
        ("bidi", message(400, "user \u{202e}nimda\u{202c} \u{200b}is\u{feff} unknown"), CURSOR),
        ("empty json", Reply::status(400).body("{}"), CURSOR),
        ("list", Reply::status(400).body(r#"[{"message":"first"},{"message":"second"}]"#), CURSOR),
        ("no text", Reply::status(400).body(vec![0xff, 0xfe, 0, 1]), CURSOR),
        ("retry-after", Reply::status(429).header("retry-after", "3600"), CURSOR),
        ("redirect", Reply::status(302).header("location", "https://login.example/?x=1"), CURSOR),
        ("redirect within", Reply::status(307).header("location", "/login?x=1"), CURSOR),
        ("connect", Reply::failure(Step::Connect, "no connection: connection refused"), CURSOR),
        ("name", Reply::failure(Step::Name, "no such host: Name or service not known"), CURSOR),
        (
            "tls",
            Reply::failure(Step::Tls, "the TLS certificate was not accepted: UnknownIssuer"),
            CURSOR,
        ),
        ("answer", Reply::failure(Step::Answer, "the connection broke: reset by peer"), CURSOR),
        ("silence", Reply::failure(Step::Timeout, "no sign of life from the service"), CURSOR),
        (
            "too large",
            Reply::failure(Step::TooLarge, "the answer is larger than 33554432 bytes"),
            CURSOR,
        ),
        ("request", Reply::failure(Step::Request, "the request cannot be sent"), CURSOR),
        ("hang", Reply::hang(), CURSOR),
        ("html page", Reply::json("<html>Sign in</html>"), CURSOR),
        ("empty page", Reply::json(""), CURSOR),
        ("no list", Reply::json("{}"), CURSOR),
        ("list is null", Reply::json(r#"{"data":null}"#), CURSOR),
        ("cut page", Reply::json(r#"{"data":[{}"#), CURSOR),
        ("utf-16", Reply::json(vec![0xff, 0xfe, b'{', 0]), CURSOR),
        ("bad record", row(r#"{"devices":[{},{"latitude":"north"}]}"#), CURSOR),
        ("null record", row("null"), CURSOR),
        ("bad time", row(r#"{"createdAt":"yesterday"}"#), CURSOR),
        ("bad escape", row(r#"{"user":"\ud800"}"#), CURSOR),
        ("circle", next(r#""cursor":"a""#), CURSOR),
        ("unclear", next(r#""cursor":"a","cursor":"b""#), CURSOR),
        (
            "foreign link",
            next(r#""next":"https://evil.example:8443/v1/events?x=1""#),
            Paging::NextLink,
        ),
        ("other path", next(r#""next":"/v1/users?x=1""#), Paging::NextLink),
        ("user info", next(r#""next":"https://u:p@api.example/v1/events""#), Paging::NextLink),
        ("no url", next(r#""next":"events?page=2""#), Paging::NextLink),
        ("stays", next(r#""meta":{"next_page":1}"#), numbered(1, true)),
        ("leaps", next(r#""meta":{"next_page":7}"#), numbered(1, true)),
        (
            "disagrees",
            next(r#""meta":{"next_page":2},"next":"/v1/events?page=3""#),
            numbered(1, true),
        ),
    ]);
    answers
}

#[tokio::test(start_paused = true)]
async fn p8_every_answer_has_a_line_that_says_what_to_do() {
    let mut lines = Vec::new();
    for (name, reply, paging) in answers() {
        let error = error_of(reply, paging).await;
        assert_good_line(&error);
        lines.push(format!("{name}: {:?}\n    {error}", error.kind()));
    }
    for text in ["", "{}", r#"{"v":1,"mark":{}}"#, r#"{"v":2}"#, "null", "\u{1b}[31m"] {
        let error = text.parse::<Checkpoint>().unwrap_err();
        assert_good_line(&error);
        lines.push(format!("checkpoint {text:?}: {:?}\n    {error}", error.kind()));
    }
    let client = scripted(Scripted::respond(|_| Reply::json(page("{}", r#""cursor":"a""#))));
    let mut items = client.items(List::<Row>::new(CURSOR));
    items.try_next().await.unwrap();
    let mut other = List::<Row>::new(CURSOR);
    other.query = vec![("user_id", "73".into())];
    let error = client.items(other).resume(items.checkpoint().unwrap()).map(drop).unwrap_err();
    lines.push(format!("checkpoint of another query: {:?}\n    {error}", error.kind()));
    let error = items.skip_page().unwrap_err();
    lines.push(format!("skip without number: {:?}\n    {error}", error.kind()));
    for line in &lines {
        // A cut is allowed in a vendor's words only, never in ours.
        let vendors = ["long message", "long request id"].iter().any(|name| line.starts_with(name));
        assert!(vendors || !line.contains('…'), "{line}");
    }
    insta::assert_snapshot!(lines.join("\n"));
}

const SERVICE: &str = "resume later; if it stays, tell the vendor";

#[tokio::test(start_paused = true)]
async fn p8_a_message_cannot_swallow_the_advice() {
    for (message, id) in [
        ("boom <p", "a>b"),
        ("<!--", "-->"),
        ("x <a href=", ">"),
        ("</", "\u{7e}>"),
        (&*"<".repeat(500), ">"),
        (&*"w".repeat(10_000), &*"9".repeat(500)),
    ] {
        let reply = self::message(500, message).header("x-request-id", id);
        let error = error_of(reply, CURSOR).await;
        assert_good_line(&error);
        assert!(error.to_string().contains(SERVICE), "{message:.20} {id:.20}: {error}");
    }
}

fn run<T>(test: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().start_paused(true).build().unwrap().block_on(test)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn p8_no_message_spoils_a_line(
        text in prop_oneof![
            "\\PC{0,400}",
            "[\u{0}-\u{2f}<>\u{7f}-\u{a0}\u{200b}-\u{2070}\u{feff}a]{0,200}",
            "(<[a-z/!?]|>|<|\u{202e}|\u{1b}\\[2J|key-0123456789abcdef| |é){0,80}",
        ],
        id in "[ -~]{0,120}",
        status in prop_oneof![Just(500_u16), Just(400), Just(401), Just(403), Just(404), Just(429)],
        plain: bool,
    ) {
        let reply = if plain { Reply::status(status).body(text.clone()) } else { message(status, &text) };
        let error = run(error_of(reply.header("x-request-id", &id), CURSOR));
        assert_good_line(&error);
        let said = error.vendor_message().unwrap_or_default();
        prop_assert!(said.chars().count() <= 300 && !said.contains(char::is_control));
        prop_assert!(error.request_id().unwrap_or_default().chars().count() <= 64);
        if status == 500 {
            prop_assert!(error.to_string().contains(SERVICE), "{}", error);
        }
    }

    #[test]
    fn p8_no_body_spoils_a_line_or_ends_a_walk(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let error = run(error_of(Reply::json(body), CURSOR));
        assert_good_line(&error);
        prop_assert_eq!(error.kind(), ErrorKind::Decode);
    }
}

/// Where a service may write the key back to us.
fn echoes(key: &str) -> Vec<(&'static str, Reply)> {
    vec![
        ("message", message(400, &format!("bad key {key}!"))),
        ("plain body", Reply::status(400).body(key.to_owned())),
        ("code", Reply::status(400).body(serde_json::json!({ "code": key }).to_string())),
        ("markup", Reply::status(400).body(format!("<b>{key}</b>"))),
        (
            "redirect",
            Reply::status(302).header("location", &format!("https://{key}.example/{key}")),
        ),
        ("transport", Reply::failure(Step::Answer, key)),
    ]
}

async fn error_with_key(key: &str, reply: Reply) -> Error {
    let mut settings = settings("https://api.example");
    settings.set_credential(Credential::bearer(StaticToken::new(key).unwrap()));
    settings.set_transport(Scripted::respond(move |_| reply.clone()));
    let client = settings.build().unwrap();
    client.execute(&List::<Json>::new(CURSOR)).await.map(drop).unwrap_err()
}

/// Not the whole key, and no piece of it that is long enough to help anyone.
fn assert_hidden(key: &str, place: &str, error: &Error) {
    let shown = format!(
        "{error} {error:?} {:?} {:?} {:?}",
        error.vendor_message(),
        error.vendor_code(),
        error.request_id()
    );
    assert!(!shown.contains(key.get(..16).unwrap()), "{place}: {shown}");
}

fn long_key() -> String {
    format!("long-{}", "0123456789".repeat(20))
}

#[tokio::test(start_paused = true)]
async fn p4_a_key_that_the_service_sends_back_is_never_shown() {
    for key in [KEY, &long_key()] {
        for (place, reply) in echoes(key) {
            assert_hidden(key, place, &error_with_key(key, reply).await);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p4_a_key_in_a_request_id_is_never_shown() {
    for key in [KEY, &long_key()] {
        for reply in [Reply::status(500), Reply::json("{}")] {
            let reply = reply.header("x-request-id", key);
            assert_hidden(key, "request id", &error_with_key(key, reply).await);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p4_a_pages_request_id_never_holds_the_key() {
    let reply = Reply::json(page("1", "")).header("x-request-id", KEY);
    let client = scripted(Scripted::new([reply]));
    let page: Result<Page<Json>> = client.execute(&List::new(CURSOR)).await;
    let page = page.unwrap();
    assert!(!page.request_id().unwrap_or_default().contains(KEY));
    assert!(!format!("{page:?}").contains(KEY));
}

#[tokio::test(start_paused = true)]
async fn p4_a_key_is_not_shown_in_another_encoding_either() {
    const ODD: &str = "k/y+0123456789=\"ab";
    for encoded in [
        "k%2Fy%2B0123456789%3D%22ab",
        "k%2fy%2b0123456789%3d%22ab",
        "k&#x2F;y&#43;0123456789=&quot;ab",
        "k\\/y+0123456789=\\\"ab",
        "ay95KzAxMjM0NTY3ODk9ImFi",
        "QmVhcmVyIGsveSswMTIzNDU2Nzg5PSJhYg==",
    ] {
        let error = error_with_key(ODD, Reply::status(400).body(format!("bad: {encoded}."))).await;
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(encoded), "{shown}");
    }
}

#[test]
fn p4_nothing_that_can_be_printed_shows_the_key() {
    let mut settings = settings("https://api.example");
    settings.set_proxy("http://user:proxy-password-1@127.0.0.1:9");
    settings.set_credential(
        Credential::bearer(StaticToken::new(KEY).unwrap())
            .beside(http::header::COOKIE, "session-0123456789")
            .unwrap(),
    );
    let shown = format!("{settings:?}");
    let client = settings.build().unwrap();
    let items = client.items(List::<Json>::new(CURSOR));
    let shown = format!("{shown} {client:?} {items:?} {:?}", items.checkpoint());
    for secret in [KEY, "proxy-password-1", "session-0123456789"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn p4_a_setting_that_is_refused_does_not_show_its_secrets() {
    let mut bad = settings("https://api.example");
    bad.set_proxy("http://user:proxy-password-1@[bad");
    let mut agent = settings("https://api.example");
    agent.set_user_agent("x\r\nAuthorization: y");
    for settings in [settings("https://user:pass-word-1@api.example"), bad, agent] {
        let error = settings.build().map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert_good_line(&error);
        assert!(!format!("{error} {error:?}").contains("word-1"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p8_a_failing_walk_tells_kind_attempts_and_place() {
    let mut number = 0;
    let script = Scripted::respond(move |_| {
        number += 1;
        if number == 1 { Reply::json(page("1", r#""cursor":"b""#)) } else { Reply::status(503) }
    });
    let mut settings = settings("https://api.example");
    settings.set_retry(RetryPolicy::default().attempts(3).deadline(Duration::MAX));
    settings.set_transport(script);
    let mut items = settings.build().unwrap().items(List::<Json>::new(CURSOR));
    let (_, error) = drain(&mut items).await;
    let error = error.unwrap();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Service, 3));
    assert_eq!(error.checkpoint(), items.checkpoint().as_ref());
    assert!(error.to_string().ends_with("3 attempts)"), "{error}");
    assert!(!format!("{error:?}").contains("cursor"), "a checkpoint is not shown: {error:?}");
}
