//! Over real HTTP, with the simulated token endpoint on one port and an API on another.

use signin_core::CertificateAssertion;
use signin_core::vendor::Client;
use signin_core::{ClientCredentials, ErrorKind};
use signin_sim::Simulator;
use signin_sim::oauth::{Encoding, Errors, ExpiresIn, Proof, Service, Settings};

use super::certificate::{CERT, PKCS8};
use super::list;
use crate::api::{assert_good_line, page, quick, settings};
use signin_testkit::server::{Act, Server, answer, ok};

async fn start(settings: Settings) -> (Simulator, Service) {
    let sim = Simulator::builder().oauth(settings).start().await.unwrap();
    let service = sim.oauth().unwrap().clone();
    (sim, service)
}

/// An API without end that takes the service's tokens.
async fn api(service: &Service) -> Server {
    let service = service.clone();
    let mut number = 0;
    Server::respond(move |request, _| {
        let line = request.lines().find_map(|line| line.strip_prefix("authorization: Bearer "));
        if line.and_then(|token| service.take(token)).is_none() {
            return Act::Write(answer("401 Unauthorized", "", "{}"));
        }
        number += 1;
        ok(page(&number.to_string(), &format!(r#""cursor":{number}"#)))
    })
    .await
}

fn client(service: &Service, api: &Server, proof: Proof, encoding: Encoding) -> Client {
    let asked = ClientCredentials::new(service.token_url(), service.client_id());
    let secret = service.client_secret();
    let asked = match proof {
        Proof::Basic => asked.secret_by_basic(secret),
        Proof::Rs256 => asked.assertion(CertificateAssertion::rs256(CERT, PKCS8).unwrap()),
        Proof::Ps256 => asked.assertion(CertificateAssertion::ps256(CERT, PKCS8).unwrap()),
        _ => asked.secret_in_body(secret),
    };
    let asked = if encoding == Encoding::Json { asked.json() } else { asked };
    let mut settings = settings(&api.base());
    settings.set_credential(asked);
    settings.set_retry(quick(5));
    settings.build().unwrap()
}

#[tokio::test]
async fn p6_a_walk_goes_on_while_every_token_is_good_for_three_pages_only() {
    for (proof, encoding) in [
        (Proof::Body, Encoding::Form),
        (Proof::Body, Encoding::Json),
        (Proof::Basic, Encoding::Form),
        (Proof::Basic, Encoding::Json),
        (Proof::Rs256, Encoding::Form),
        (Proof::Ps256, Encoding::Json),
    ] {
        for expires_in in [ExpiresIn::Number, ExpiresIn::Text, ExpiresIn::Absent] {
            let told = Settings::default().client_secret("s/e+c ret:%").proof(proof);
            let told = told.encoding(encoding).expires_in(expires_in).uses(3).fail_first(2, 503);
            let (_sim, service) = start(told).await;
            let api = api(&service).await;
            let mut items = client(&service, &api, proof, encoding).items(list());
            for number in 1..=30 {
                assert_eq!(items.try_next().await.unwrap().unwrap().raw(), number.to_string());
            }
            let stats = service.stats();
            assert_eq!((stats.issued, stats.refused), (10, 2), "{proof:?} {encoding:?}");
        }
    }
}

#[tokio::test]
async fn p8_refusals_are_understood_in_every_products_shape() {
    for (errors, code) in [
        (Errors::Standard, "invalid_client"),
        (Errors::Bare, "invalid_client"),
        (Errors::Numbered, "invalid_client"),
        (Errors::Entra, "AADSTS7000218"),
    ] {
        let (_sim, service) = start(Settings::default().errors(errors).proof(Proof::Basic)).await;
        let api = api(&service).await;
        let error = client(&service, &api, Proof::Body, Encoding::Form);
        let error = error.execute(&list()).await.unwrap_err();
        assert_eq!(error.vendor_code(), Some(code), "{error}");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, 1), "{error}");
        assert!(error.to_string().contains("check client id and secret"), "{error}");
        assert!(!format!("{error} {error:?}").contains(service.client_secret()), "{error}");
        assert_good_line(&error);
        assert_eq!(api.seen().len(), 0, "the API was asked without a token");
    }
}
