//! The token endpoint: who gets a token, for how long, and what a refusal looks like.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use signin_sim::Simulator;
use signin_sim::oauth::{Encoding, Errors, ExpiresIn, Proof, Service, Settings};
use tokio::net::TcpStream;

use crate::wire::{Answer, send};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
const JSON: &str = "Content-Type: application/json; charset=utf-8";
const SECRET: &str = "a+b/c d%&=é";
const ENCODED: &str = "a%2Bb%2Fc+d%25%26%3D%C3%A9";

async fn start(settings: Settings) -> (Simulator, Service) {
    let settings = settings.client_secret(SECRET);
    let sim = Simulator::builder().seed(1).oauth(settings).start().await.unwrap();
    let service = sim.oauth().unwrap().clone();
    (sim, service)
}

async fn post(service: &Service, headers: &[&str], body: &str) -> Answer {
    let url = service.token_url();
    let address = url.strip_prefix("http://").unwrap().strip_suffix("/token").unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    send(stream, "POST /token", headers, body).await
}

/// A form with the right secret, and more.
fn form(more: &str) -> String {
    format!("grant_type=client_credentials&client_id=app-1&client_secret={ENCODED}{more}")
}

fn token(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let json = answer.json();
    assert_eq!(json["token_type"], "Bearer");
    json["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_is_given_for_the_right_secret_in_the_one_right_way() {
    let basic = |id: &str, secret: &str| {
        let pair = STANDARD.encode(format!("{id}:{secret}"));
        format!("Authorization: Basic {pair}")
    };
    let (right, plain) = (basic("app-1", ENCODED), basic("app-1", SECRET));
    let empty = "grant_type=client_credentials";
    let object = json!({
        "grant_type": "client_credentials", "client_id": "app-1", "client_secret": SECRET,
    });
    let object = object.to_string();
    for (proof, encoding, headers, body, status) in [
        (Proof::Body, Encoding::Form, &[FORM][..], &*form(""), 200),
        (Proof::Body, Encoding::Json, &[JSON], &*object, 200),
        (Proof::Basic, Encoding::Form, &[FORM, &right], empty, 200),
        (Proof::Body, Encoding::Form, &[JSON], &*object, 400),
        (Proof::Body, Encoding::Json, &[FORM], &*form(""), 400),
        (Proof::Body, Encoding::Json, &[JSON], "[]", 400),
        (Proof::Body, Encoding::Form, &[], &*form(""), 400),
        (Proof::Body, Encoding::Form, &[FORM], empty, 400),
        (Proof::Body, Encoding::Form, &[FORM, &right], &*form(""), 400),
        (Proof::Body, Encoding::Form, &[FORM], &*form("&client_id=app-1"), 400),
        (Proof::Body, Encoding::Form, &[FORM, &right], empty, 401),
        (Proof::Basic, Encoding::Form, &[FORM], &*form(""), 401),
        (Proof::Basic, Encoding::Form, &[FORM, &plain], empty, 401),
        (Proof::Basic, Encoding::Form, &[FORM, "Authorization: Basic ***"], empty, 400),
        (Proof::Basic, Encoding::Form, &[FORM, "Authorization: Bearer x"], empty, 400),
    ] {
        let (_sim, service) = start(Settings::default().proof(proof).encoding(encoding)).await;
        let answer = post(&service, headers, body).await;
        assert_eq!(answer.status, status, "{proof:?} {headers:?} {body}: {}", answer.body);
        let stats = service.stats();
        let good = u64::from(status == 200);
        assert_eq!((stats.requests, stats.issued, stats.refused), (1, good, 1 - good));
    }
}

#[tokio::test]
async fn a_token_is_good_until_its_life_its_uses_or_the_service_ends_it() {
    let (_sim, service) = start(Settings::default().uses(2)).await;
    let token = async |service| token(&post(service, &[FORM], &form("")).await);
    let one = token(&service).await;
    let taken: Vec<_> = (0..3).map(|_| service.take(&one)).collect();
    assert_eq!(taken, [Some("/token".to_owned()), Some("/token".to_owned()), None]);
    assert_eq!(service.take("another"), None);
    let other = token(&service).await;
    assert_ne!(one, other);
    service.revoke();
    assert_eq!(service.take(&other), None);

    let (_sim, service) = start(Settings::default().life(Duration::ZERO)).await;
    assert_eq!(service.take(&token(&service).await), None);
    let (_sim, service) = start(Settings::default().life(Duration::MAX)).await;
    assert!(service.take(&token(&service).await).is_some());
}

#[tokio::test]
async fn expires_in_is_written_as_told() {
    for (expires_in, expected) in [
        (ExpiresIn::Number, json!(3600)),
        (ExpiresIn::Text, json!("3600")),
        (ExpiresIn::Absent, Value::Null),
        (ExpiresIn::Literal("-1"), json!(-1)),
    ] {
        let (_sim, service) = start(Settings::default().expires_in(expires_in)).await;
        assert_eq!(post(&service, &[FORM], &form("")).await.json()["expires_in"], expected);
    }
}

#[tokio::test]
async fn refusals_have_the_shape_of_their_product() {
    let wrong = "grant_type=client_credentials&client_id=app-1&client_secret=x";
    let wrong = |errors| async move {
        let (_sim, service) = start(Settings::default().errors(errors)).await;
        let answer = post(&service, &[FORM], wrong).await;
        (answer.status, answer.json())
    };
    let words = json!({ "error": "invalid_client", "error_description": "the secret is wrong" });
    assert_eq!(wrong(Errors::Standard).await, (401, words));
    assert_eq!(wrong(Errors::Bare).await, (400, json!({ "error": "invalid_client" })));
    let (status, numbered) = wrong(Errors::Numbered).await;
    assert_eq!((status, &numbered["error"]), (401, &json!(401)));
    assert_eq!(numbered["error_code"], "invalid_client");
    let (status, entra) = wrong(Errors::Entra).await;
    assert_eq!((status, &entra["error_codes"]), (401, &json!([7_000_215])));
    let words = entra["error_description"].as_str().unwrap();
    assert!(words.starts_with("AADSTS7000215: the secret is wrong. Trace ID: "), "{words}");
}

#[tokio::test]
async fn each_fault_has_its_code() {
    let (_sim, service) = start(Settings::default().scope("logs.read")).await;
    let scoped = form("&scope=logs.read");
    let other_client = scoped.replace("app-1", "app-2");
    for (body, status, error) in [
        (scoped.as_str(), 200, Value::Null),
        (&form(""), 400, json!("invalid_scope")),
        (&form("&scope=logs.write"), 400, json!("invalid_scope")),
        (&other_client, 401, json!("invalid_client")),
        (&scoped.replace("client_credentials", "password"), 400, json!("unsupported_grant_type")),
    ] {
        let answer = post(&service, &[FORM], body).await;
        assert_eq!((answer.status, &answer.json()["error"]), (status, &error), "{body}");
    }
}

#[tokio::test]
async fn trouble_comes_first_and_as_often_as_told() {
    let settings = Settings::default().fail_first(2, 429).retry_after(7);
    let (_sim, service) = start(settings).await;
    for _ in 0..2 {
        let answer = post(&service, &[FORM], &form("")).await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some("7")));
    }
    token(&post(&service, &[FORM], &form("")).await);
}

/// An assertion with these changes to a good one, signed by nobody.
fn assertion(header: &Value, claims: &Value) -> String {
    let mut parts = [
        json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": URL_SAFE_NO_PAD.encode([7; 32]) }),
        json!({
            "iss": "app-1", "sub": "app-1", "aud": "http://acme.example/token", "jti": "1",
            "iat": 1000, "nbf": 1000, "exp": 1300,
        }),
    ];
    for (part, changes) in parts.iter_mut().zip([header, claims]) {
        for (name, value) in changes.as_object().unwrap() {
            part[name] = value.clone();
        }
    }
    let [header, claims] = parts.map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode([7; 256]))
}

async fn prove(service: &Service, assertion: &str) -> u16 {
    let kind = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    let body = format!(
        "grant_type=client_credentials&client_id=app-1&client_assertion_type={kind}&client_assertion={assertion}"
    );
    post(service, &[FORM], &body).await.status
}

#[tokio::test]
async fn an_assertion_is_read_to_its_last_claim_and_taken_once() {
    let (_sim, service) = start(Settings::default().proof(Proof::Ps256)).await;
    let none = json!({});
    let good = assertion(&none, &none);
    assert_eq!(prove(&service, &good).await, 200);
    assert_eq!(prove(&service, &good).await, 401, "used before");
    assert_eq!(prove(&service, &assertion(&none, &json!({ "jti": "2" }))).await, 200);
    for (header, claims) in [
        (json!({ "alg": "RS256" }), none.clone()),
        (json!({ "alg": "none" }), none.clone()),
        (json!({ "x5t#S256": "" }), none.clone()),
        (none.clone(), json!({ "iss": "app-2" })),
        (none.clone(), json!({ "sub": null })),
        (none.clone(), json!({ "aud": "http://acme.example/" })),
        (none.clone(), json!({ "exp": 1000 })),
        (none.clone(), json!({ "exp": 1601 })),
        (none.clone(), json!({ "exp": "1300" })),
        (none.clone(), json!({ "nbf": null })),
        (none.clone(), json!({ "iat": 1301 })),
        (none.clone(), json!({ "jti": "" })),
    ] {
        let mut fresh = json!({ "jti": "fresh" });
        for (name, value) in claims.as_object().unwrap() {
            fresh[name] = value.clone();
        }
        assert_eq!(prove(&service, &assertion(&header, &fresh)).await, 401, "{header} {claims}");
    }
    for text in ["", "a.b", "a.b.c", "..", &good.replace('.', "..")] {
        assert_eq!(prove(&service, text).await, 401, "{text}");
    }
}
