//! Tokens of a worker app: where they are asked for, how, and what goes wrong.

use pingone::{Client, ClientBuilder, ErrorKind, Region};
use signin_core::testing::{Reply, Scripted, Sent};
use signin_sim::{Simulator, oauth, pingone as sim};

use crate::ENVIRONMENT;

const EMPTY: &str = r#"{"_embedded":{"userActivities":[]}}"#;
const TOKEN: &str = r#"{"access_token":"token-1","token_type":"Bearer","expires_in":3600}"#;

/// What is sent to the token endpoint and to the API for one call.
async fn sent(change: impl Fn(ClientBuilder) -> ClientBuilder) -> [Sent; 2] {
    let script = Scripted::new([Reply::json(TOKEN), Reply::json(EMPTY)]);
    let builder = Client::builder(Region::Europe, ENVIRONMENT).transport(script.clone());
    change(builder).build().unwrap().user_activities().send().await.unwrap();
    script.sent().try_into().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_app_shows_its_secret_by_basic_unless_told_otherwise() {
    let [token, api] = sent(|builder| builder.client_secret("app-1", "secret-0123456789")).await;
    let url = format!("https://auth.pingone.eu/{ENVIRONMENT}/as/token");
    assert_eq!((token.method.as_str(), token.url), ("POST", url));
    let basic = "Basic YXBwLTE6c2VjcmV0LTAxMjM0NTY3ODk=";
    let header = |name: &str| {
        let found = token.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    };
    assert_eq!(header("authorization"), Some(basic));
    assert_eq!(header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(token.body, b"grant_type=client_credentials");
    assert_eq!(api.header("authorization"), Some("Bearer token-1"));
    assert!(api.url.starts_with("https://api.pingone.eu/v1/"), "{}", api.url);
}

#[tokio::test(start_paused = true)]
async fn an_app_that_is_set_so_shows_its_secret_in_the_body() {
    let [token, _] = sent(|builder| builder.client_secret_post("app-1", "s 1")).await;
    assert_eq!(token.header("authorization"), None);
    let body = String::from_utf8(token.body).unwrap();
    for part in ["grant_type=client_credentials", "client_id=app-1", "client_secret=s"] {
        assert!(body.contains(part), "{body}");
    }
}

/// The environment in the token's address is the app's, which need not be the one that is read.
#[tokio::test(start_paused = true)]
async fn the_app_may_live_in_another_environment_or_behind_a_custom_domain() {
    let asked = async |change: fn(ClientBuilder) -> ClientBuilder| {
        let [token, api] = sent(|builder| change(builder).client_secret("app-1", "s")).await;
        assert!(api.url.contains(ENVIRONMENT), "{}", api.url);
        token.url
    };
    assert_eq!(
        asked(|builder| builder.auth_environment("e2")).await,
        "https://auth.pingone.eu/e2/as/token"
    );
    assert_eq!(
        asked(|builder| builder.auth_environment("../e2 ")).await,
        "https://auth.pingone.eu/..%2Fe2%20/as/token"
    );
    assert_eq!(
        asked(|builder| builder.token_url("https://auth.acme.example/as/token")).await,
        "https://auth.acme.example/as/token"
    );
    assert_eq!(
        asked(|builder| builder.auth_environment("e2").token_url("https://gate.example/id/")).await,
        "https://gate.example/id/e2/as/token"
    );
}

#[test]
fn each_region_has_a_token_service_of_its_own() {
    for (region, host) in [
        (Region::NorthAmerica, "https://auth.pingone.com"),
        (Region::Canada, "https://auth.pingone.ca"),
        (Region::Europe, "https://auth.pingone.eu"),
        (Region::Australia, "https://auth.pingone.com.au"),
        (Region::Singapore, "https://auth.pingone.sg"),
        (Region::AsiaPacific, "https://auth.pingone.asia"),
    ] {
        assert_eq!(region.auth_url(), host);
    }
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let builder = || Client::builder(Region::Europe, ENVIRONMENT);
    let app = || builder().client_secret("app-1", "s");
    for (builder, kind, reason) in [
        (app().token("t"), ErrorKind::Config, "two credentials"),
        (app().client_secret_post("app-1", "s"), ErrorKind::Config, "two credentials"),
        (builder().token("t").auth_environment("e2"), ErrorKind::Config, "client_secret() only"),
        (
            builder().token("t").token_url("https://x/as/token"),
            ErrorKind::Config,
            "client_secret() only",
        ),
        (
            app().auth_environment("e2").token_url("https://x/as/token"),
            ErrorKind::Config,
            "keep one",
        ),
        (app().auth_environment(".."), ErrorKind::Argument, "auth_environment"),
        (app().token_url("http://auth.acme.example/as/token"), ErrorKind::Config, "token URL"),
        (builder().client_secret("app-1", " "), ErrorKind::Config, "secret is empty"),
        (builder().client_secret("", "s"), ErrorKind::Config, "client id is empty"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn p4_a_builder_never_shows_the_secret() {
    let builder = Client::builder(Region::Europe, ENVIRONMENT);
    for builder in [
        builder.clone().client_secret("app-1", "secret-0123456789"),
        builder.client_secret_post("app-1", "secret-0123456789"),
    ] {
        let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());
        assert!(!shown.contains("secret-0123456789"), "{shown}");
    }
}

async fn simulate(proof: oauth::Proof, uses: u64) -> Simulator {
    let app = oauth::Settings::default().proof(proof).uses(uses);
    Simulator::builder().pingone(sim::Settings::default().oauth(app)).start().await.unwrap()
}

/// A client of the simulated environment, without a credential.
fn builder(service: &sim::Service) -> ClientBuilder {
    Client::builder(Region::Europe, service.environment_id())
        .base_url(service.base_url())
        .token_url(service.oauth().token_url())
}

#[tokio::test]
async fn a_token_that_ends_is_renewed_in_the_middle_of_a_walk() {
    for (proof, in_body) in [(oauth::Proof::Basic, false), (oauth::Proof::Body, true)] {
        let sim = simulate(proof, 2).await;
        let service = sim.pingone().unwrap();
        let app = service.oauth();
        let (id, secret) = (app.client_id(), app.client_secret());
        let builder = builder(service);
        let builder = match in_body {
            true => builder.client_secret_post(id, secret),
            false => builder.client_secret(id, secret),
        };
        let pingone = builder.build().unwrap();
        for _ in 0..6 {
            pingone.user_activities().send().await.unwrap();
        }
        assert_eq!(app.stats().issued, 3, "{:?}", app.stats());
    }
}

#[tokio::test]
async fn p8_an_app_that_shows_its_secret_the_wrong_way_is_told_of_the_other() {
    let sim = simulate(oauth::Proof::Body, 9).await;
    let service = sim.pingone().unwrap();
    let app = service.oauth();
    let pingone = builder(service).client_secret(app.client_id(), app.client_secret());
    let error = pingone.build().unwrap().user_activities().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    let line = error.to_string();
    assert!(line.contains("client_secret_post()") && !line.contains('…'), "{line}");
    assert!(!line.contains(app.client_secret()), "{line}");
}

#[tokio::test]
async fn p8_the_token_address_of_another_environment_is_told_by_its_setting() {
    let sim = simulate(oauth::Proof::Basic, 9).await;
    let service = sim.pingone().unwrap();
    let elsewhere = format!("{}/{ENVIRONMENT}/as/token", service.base_url());
    let app = service.oauth();
    let pingone = builder(service).token_url(elsewhere);
    let pingone = pingone.client_secret(app.client_id(), app.client_secret()).build().unwrap();
    let line = pingone.user_activities().send().await.unwrap_err().to_string();
    assert!(line.contains("environment") && !line.contains('…'), "{line}");
}
