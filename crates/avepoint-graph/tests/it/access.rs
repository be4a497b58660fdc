//! How an app signs in: what the token endpoint is sent (P4), and what is refused before that.

use avepoint_graph::{Client, ClientBuilder, Environment, ErrorKind, Limits, RetryPolicy};
use signin_core::testing::{Reply, Scripted};
use signin_sim::{Simulator, avepoint, oauth};

use crate::page;

const TOKEN: &str =
    r#"{"access_token":"token-9876543210","token_type":"Bearer","expires_in":3600}"#;

fn builder() -> ClientBuilder {
    Client::builder(Environment::Commercial)
}

/// A token endpoint and a tenant without sign-ins.
fn script() -> Scripted {
    Scripted::respond(|sent| match sent.url.ends_with("/connect/token") {
        true => Reply::json(TOKEN),
        false => Reply::json(page([], 0)),
    })
}

/// The address and the body of the token request.
async fn token_request(builder: ClientBuilder) -> (String, String) {
    let script = script();
    let elements = builder.transport(script.clone()).build().unwrap();
    elements.sign_ins("c", "t").first_page().await.unwrap();
    let sent = script.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(sent[1].header("authorization"), Some("Bearer token-9876543210"));
    (sent[0].url.clone(), String::from_utf8(sent[0].body.clone()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn p5_a_token_is_asked_for_as_documented() {
    let (url, body) = token_request(builder().client_secret("app 1", "s/e+c ret")).await;
    assert_eq!(url, "https://identity.avepointonlineservices.com/connect/token");
    let mut parameters: Vec<_> = body.split('&').collect();
    parameters.sort_unstable();
    assert_eq!(
        parameters,
        [
            "client_id=app%201",
            "client_secret=s%2Fe%2Bc%20ret",
            "grant_type=client_credentials",
            "scope=elements.um.user.read.all%20elements.customers.read.all",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn scopes_of_the_caller_take_the_place_of_ours() {
    let some = builder().client_secret("app", "secret").scope("one").scope("two");
    let (_, body) = token_request(some).await;
    assert!(body.contains("scope=one%20two&") || body.ends_with("scope=one%20two"), "{body}");
}

#[tokio::test(start_paused = true)]
async fn each_environment_asks_its_own_identity_service() {
    for environment in
        [Environment::Commercial, Environment::UsGov, Environment::Aos2, Environment::FedRamp]
    {
        let builder = Client::builder(environment).client_secret("app", "secret");
        let expected = format!("{}/connect/token", environment.identity_url());
        assert_eq!(token_request(builder).await.0, expected);
    }
    for root in ["https://gate.example/id", "https://gate.example/id/connect/token/"] {
        let builder = builder().client_secret("app", "secret").auth_url(root);
        assert_eq!(token_request(builder).await.0, "https://gate.example/id/connect/token");
    }
}

#[test]
fn a_scope_above_300_characters_is_refused_with_the_reason() {
    let app = || builder().client_secret("app", "secret");
    assert!(app().scope("x".repeat(149)).scope("y".repeat(150)).build().is_ok());
    let error = app().scope("x".repeat(150)).scope("y".repeat(150)).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    let line = error.to_string();
    assert!(line.contains("301 characters") && line.contains("more than 300"), "{line}");
}

#[test]
fn an_access_that_cannot_be_is_refused_with_the_setting() {
    let cases = [
        (builder().client_secret("", "s"), "client id is empty"),
        (builder().client_secret("app", " "), "client secret is empty"),
        (builder().client_secret("app", "s").token("t"), "two credentials"),
        (builder().token("t").scope("x"), "go with an app's secret"),
        (builder().token("t").auth_url("https://x.example"), "go with an app's secret"),
        (builder().client_secret("app", "s").auth_url("http://x.example"), "plain http"),
    ];
    for (builder, reason) in cases {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{reason}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p8_a_refused_app_is_told_what_to_do() {
    for (code, words) in [
        ("invalid_client", "of this environment"),
        ("invalid_scope", "set scope()"),
        ("unauthorized_client", "client credentials"),
    ] {
        let body = format!(r#"{{"error":"{code}"}}"#);
        let script = Scripted::respond(move |_| Reply::status(400).body(body.clone()));
        let builder = builder().client_secret("app", "secret-0123456789");
        let elements = builder.transport(script).build().unwrap();
        let error = elements.sign_ins("c", "t").first_page().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Authentication, "{error}");
        let line = error.to_string();
        assert!(line.contains(words) && line.chars().count() <= 300, "{line}");
        assert!(!line.contains("secret-0123456789") && !line.contains('…'), "{line}");
    }
}

#[test]
fn p4_a_builder_never_shows_the_secret() {
    let builder = builder().client_secret("app", "secret-0123456789");
    let shown = format!("{builder:?} {builder:#?} {:?}", builder.clone().build().unwrap());
    assert!(!shown.contains("secret-0123456789"), "{shown}");
}

/// A simulated service whose tokens are good for three requests each.
async fn simulate(proof: oauth::Proof) -> Simulator {
    let tokens = oauth::Settings::default().proof(proof).uses(3);
    let settings = avepoint::Settings::default().events(100).oauth(tokens);
    Simulator::builder().seed(3).avepoint(settings).start().await.unwrap()
}

/// Reads everything and gives the number of sign-ins and of tokens.
async fn read(sim: &Simulator, builder: ClientBuilder) -> (usize, u64) {
    let service = sim.avepoint().unwrap();
    let base = service.base_url();
    let at_once =
        RetryPolicy::default().delays(std::time::Duration::ZERO, std::time::Duration::ZERO);
    let builder = builder.base_url(base).auth_url(base).limits(Limits::none()).retry(at_once);
    let mut pager = builder.build().unwrap().all_sign_ins().page_size(10).items();
    let mut records = 0;
    while pager.try_next().await.unwrap().is_some() {
        records += 1;
    }
    assert!(pager.report().is_complete(), "{:?}", pager.report());
    (records, service.oauth().stats().issued)
}

#[tokio::test]
async fn p6_a_walk_goes_on_while_tokens_end() {
    let sim = simulate(oauth::Proof::Body).await;
    let secret = sim.avepoint().unwrap().oauth().client_secret().to_owned();
    let (records, tokens) = read(&sim, builder().client_secret("app-1", secret)).await;
    assert_eq!(records, 100);
    assert!(tokens > 3, "{tokens}");
}

#[cfg(feature = "certificate")]
#[tokio::test]
async fn a_certificate_signs_in() {
    let certificate = include_str!("../../../signin-core/tests/keys/rsa.cert.pem");
    let key = include_str!("../../../signin-core/tests/keys/rsa.pkcs8.pem");
    let sim = simulate(oauth::Proof::Rs256).await;
    let (records, _) = read(&sim, builder().client_certificate("app-1", certificate, key)).await;
    assert_eq!(records, 100);
    let error = builder().client_certificate("app-1", "x", key).build().unwrap_err();
    assert!(error.to_string().contains("no certificate"), "{error}");
}
