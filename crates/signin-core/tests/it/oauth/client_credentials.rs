//! What goes to a token endpoint, byte for byte, and where it never goes.

use signin_core::Segment;
use signin_core::testing::{Reply, Scripted, Sent};
use signin_core::vendor::Client;
use signin_core::{ClientCredentials, Error, ErrorKind, Result, Secret};

use super::{Counted, SECRET, TOKEN_URL, asks_token, client, credentials, grant, list};
use crate::api::{assert_good_line, page, settings};

/// The token request and the API's request of one call.
async fn exchanged(credentials: ClientCredentials) -> (Sent, Sent) {
    let script = Scripted::new([grant("token-0123456789", "3600"), Reply::json(page("1", ""))]);
    client(credentials, script.clone()).execute(&list()).await.unwrap();
    let sent = script.sent();
    assert_eq!(sent.len(), 2, "{:?}", script.urls());
    (sent[0].clone(), sent[1].clone())
}

fn body(sent: &Sent) -> &str {
    std::str::from_utf8(&sent.body).unwrap()
}

#[tokio::test(start_paused = true)]
async fn p4_a_secret_goes_to_the_token_endpoint_and_the_token_to_the_api() {
    let (token, api) = exchanged(credentials()).await;
    assert_eq!((token.method.as_str(), token.url.as_str()), ("POST", TOKEN_URL));
    assert_eq!(
        token.headers,
        [
            ("accept", "application/json"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("user-agent", "acme-sdk/1.0"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(
        body(&token),
        "grant_type=client_credentials&client_id=app-1&client_secret=sEcret%2F0123456789%2Babc%20def"
    );
    assert_eq!(api.url, "https://api.example/v1/events");
    assert_eq!(api.header("authorization"), Some("Bearer token-0123456789"));
    assert!(!format!("{api:?}").contains("sEcret"));
}

#[tokio::test(start_paused = true)]
async fn basic_encodes_id_and_secret_before_it_joins_them() {
    let asked = ClientCredentials::new(TOKEN_URL, "app:1 ü").secret_by_basic(SECRET);
    let (token, _) = exchanged(asked).await;
    // app%3A1%20%C3%BC:sEcret%2F0123456789%2Babc%20def
    let basic = "Basic YXBwJTNBMSUyMCVDMyVCQzpzRWNyZXQlMkYwMTIzNDU2Nzg5JTJCYWJjJTIwZGVm";
    assert_eq!(token.header("authorization"), Some(basic));
    assert_eq!(body(&token), "grant_type=client_credentials");
}

#[tokio::test(start_paused = true)]
async fn scopes_and_parameters_are_sent_in_either_encoding() {
    let asked = credentials()
        .scope("logs.read")
        .scope("users/.default")
        .parameter("audience", "https://api.example/?a=b&c");
    let (token, _) = exchanged(asked.clone()).await;
    assert_eq!(
        body(&token),
        "grant_type=client_credentials&scope=logs.read%20users%2F.default\
         &audience=https%3A%2F%2Fapi.example%2F%3Fa%3Db%26c\
         &client_id=app-1&client_secret=sEcret%2F0123456789%2Babc%20def"
    );
    let (token, _) = exchanged(asked.json()).await;
    assert_eq!(token.header("content-type"), Some("application/json"));
    let object: serde_json::Value = serde_json::from_slice(&token.body).unwrap();
    assert_eq!(
        object,
        serde_json::json!({
            "grant_type": "client_credentials", "client_id": "app-1", "client_secret": SECRET,
            "scope": "logs.read users/.default", "audience": "https://api.example/?a=b&c",
        })
    );
}

#[tokio::test(start_paused = true)]
async fn an_assertion_is_made_for_the_token_url_or_the_audience_that_was_set() {
    let asked = ClientCredentials::new(TOKEN_URL, "app-1").assertion(Counted::default());
    let (token, _) = exchanged(asked.clone()).await;
    assert_eq!(
        body(&token),
        "grant_type=client_credentials&client_id=app-1\
         &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer\
         &client_assertion=assertion-0123456789.app-1.https%3A%2F%2Flogin.example%2Foauth2%2Ftoken.1"
    );
    let (token, _) = exchanged(asked.audience("https://real.example/token")).await;
    assert!(body(&token).ends_with(".app-1.https%3A%2F%2Freal.example%2Ftoken.2"));
}

#[tokio::test(start_paused = true)]
async fn an_assertion_is_never_sent_twice() {
    let mut replies = vec![Reply::status(503), Reply::status(429)];
    replies.extend([grant("token-0123456789", "3600"), Reply::json(page("1", ""))]);
    let script = Scripted::new(replies);
    let asked = ClientCredentials::new(TOKEN_URL, "app-1").assertion(Counted::default());
    client(asked, script.clone()).execute(&list()).await.unwrap();
    let sent = script.sent();
    let asked: Vec<_> = sent.iter().filter(|sent| asks_token(sent)).map(body).collect();
    assert_eq!(asked.len(), 3);
    for (place, body) in asked.iter().enumerate() {
        assert!(body.ends_with(&format!(".{}", place + 1)), "{body}");
    }
}

/// Building with these credentials for an API at this base.
fn built(asked: ClientCredentials, base: &str) -> Result<Client> {
    let mut settings = settings(base);
    settings.set_credential(asked);
    settings.set_transport(Scripted::new([]));
    settings.build()
}

fn refusal(asked: ClientCredentials, base: &str) -> Error {
    let error = built(asked, base).map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    assert_good_line(&error);
    assert!(!format!("{error} {error:?}").contains("sEcret"), "{error}");
    error
}

#[test]
fn p4_a_token_url_that_could_leak_is_refused_when_building() {
    for url in [
        "",
        "http://login.example/token",
        "http://10.0.0.1/token",
        "http://169.254.169.254/token",
        "http://localhost.evil.example/token",
        "ftp://login.example/token",
        "https://user:sEcret@login.example/token",
        "https://login.example/token?x=1",
        "https://login.example/token#f",
        "https://login.example/tenant\n/token",
        "https://login.example\\@evil.example/token",
        "https:///token",
    ] {
        let asked = ClientCredentials::new(url, "app-1").secret_in_body(SECRET);
        let shown = format!("{asked:?}");
        assert!(!shown.contains("sEcret"), "{shown}");
        let error = refusal(asked, "https://api.example");
        assert!(error.to_string().starts_with("token URL: "), "{error}");
    }
}

#[test]
fn p5_a_tenant_cannot_bend_the_token_url() {
    for tenant in ["..", ".", "%2e%2e", "a/../../evil", "a/%2E%2E/b", "ü", "a\"b", "<a>"] {
        let url = format!("https://login.example/x/{tenant}/token");
        let asked = ClientCredentials::new(url, "app-1").secret_in_body(SECRET);
        refusal(asked, "https://api.example");
    }
    for tenant in ["a b", "ü", "a/b", "a?b#c", "%2e"] {
        let tenant = Segment::value("tenant", tenant).unwrap();
        let url = format!("https://login.example/x/{tenant}/token");
        let asked = ClientCredentials::new(url, "app-1").secret_in_body(SECRET);
        assert!(built(asked, "https://api.example").is_ok(), "{tenant}");
    }
}

#[test]
fn p4_loopback_goes_with_loopback_only() {
    let at = |url| ClientCredentials::new(url, "app-1").secret_in_body(SECRET);
    refusal(at("http://127.0.0.1:9/token"), "https://api.example");
    refusal(at("https://login.example/token"), "http://127.0.0.1:9");
    assert!(built(at("http://127.0.0.1:8/token"), "http://127.0.0.1:9").is_ok());
}

#[test]
fn p8_what_cannot_be_sent_is_refused_by_its_name_when_building() {
    let new = || ClientCredentials::new(TOKEN_URL, "app-1");
    for (asked, reason) in [
        (new(), "there is no secret"),
        (new().secret_in_body(""), "the client secret is empty"),
        (new().secret_by_basic(" \n"), "the client secret is empty"),
        (new().secret_in_body(Secret::from("sEcret-0123456789\n")), "a control character"),
        (ClientCredentials::new(TOKEN_URL, " ").secret_in_body(SECRET), "the client id is empty"),
        (credentials().parameter("client_secret", "x"), "\"client_secret\" cannot be set"),
        (credentials().parameter("", "x"), "\"\" cannot be set"),
    ] {
        let error = refusal(asked, "https://api.example");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p4_a_redirect_of_the_token_endpoint_is_not_followed() {
    for to in ["https://evil.example/token?x=1", "/other", "https://api.example/token"] {
        let redirect = Reply::status(307).header("location", to);
        let script = Scripted::new([redirect.clone(), redirect]);
        let error = client(credentials(), script.clone()).execute(&list()).await.unwrap_err();
        assert!(!error.to_string().contains("x=1"), "{error}");
        assert_good_line(&error);
        assert_eq!(script.urls(), [TOKEN_URL; 2]);
    }
}
