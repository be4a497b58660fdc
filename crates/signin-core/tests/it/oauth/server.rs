//! Against an OAuth server that nobody here wrote, and an API that takes its tokens.
//!
//! `bash .ci/oauth/run` starts both and runs these.

use signin_core::CertificateAssertion;
use signin_core::vendor::Client;
use signin_core::{ClientCredentials, ErrorKind};

use super::certificate::{CERT, PKCS8};
use crate::api::{CURSOR, List, Row, assert_good_line, quick, settings};

/// As in `server.mjs`: everything that form encoding changes.
const SECRET: &str = "se/cret+of = the:app%20&0123456789";

fn server() -> String {
    std::env::var("SIGNIN_OAUTH_SERVER").expect("SIGNIN_OAUTH_SERVER; run .ci/oauth/run")
}

fn of(client_id: &str) -> ClientCredentials {
    ClientCredentials::new(format!("{}/token", server()), client_id).scope("logs.read")
}

fn client(asked: ClientCredentials) -> Client {
    let mut settings = settings(&server());
    settings.set_credential(asked);
    settings.set_retry(quick(3));
    settings.build().unwrap()
}

/// Ten pages; the API refuses each token after three, so that there are three renewals.
async fn pager(asked: ClientCredentials, user: &str) {
    let mut items = client(asked).items(List::<Row>::new(CURSOR));
    let mut pages = Vec::new();
    while let Some(row) = items.try_next().await.unwrap() {
        assert_eq!(row.user.as_deref(), Some(user));
        pages.extend(row.count);
    }
    assert_eq!(pages, (1..=10).collect::<Vec<_>>());
    assert_eq!(items.report().retries, 3);
}

#[tokio::test]
#[ignore = "needs an OAuth server: bash .ci/oauth/run"]
async fn a_secret_in_the_body_is_taken() {
    pager(of("post").secret_in_body(SECRET), "post").await;
}

#[tokio::test]
#[ignore = "needs an OAuth server: bash .ci/oauth/run"]
async fn a_secret_by_basic_is_taken() {
    pager(of("ba:sic app").secret_by_basic(SECRET), "ba:sic app").await;
}

#[tokio::test]
#[ignore = "needs an OAuth server: bash .ci/oauth/run"]
async fn an_assertion_by_rs256_is_taken() {
    let assertion = CertificateAssertion::rs256(CERT, PKCS8).unwrap();
    pager(of("rs256").assertion(assertion), "rs256").await;
}

#[tokio::test]
#[ignore = "needs an OAuth server: bash .ci/oauth/run"]
async fn an_assertion_by_ps256_is_taken() {
    let assertion = CertificateAssertion::ps256(CERT, PKCS8).unwrap();
    pager(of("ps256").assertion(assertion), "ps256").await;
}

#[tokio::test]
#[ignore = "needs an OAuth server: bash .ci/oauth/run"]
async fn p8_its_refusals_are_understood() {
    let rs256 = CertificateAssertion::rs256(CERT, PKCS8).unwrap();
    let ps256 = CertificateAssertion::ps256(CERT, PKCS8).unwrap();
    for (asked, code) in [
        (of("post").secret_in_body("wrong-0123456789"), "invalid_client"),
        (of("nobody").secret_in_body(SECRET), "invalid_client"),
        // Not the way that the app is set to.
        (of("rs256").secret_by_basic(SECRET), "invalid_client"),
        (of("ps256").assertion(rs256), "invalid_client"),
        (of("ps256").assertion(ps256).audience("https://other.example/"), "invalid_client"),
        (of("post").secret_in_body(SECRET).scope("openid"), "invalid_scope"),
        (of("post").secret_in_body(SECRET).json(), "invalid_request"),
    ] {
        let error = client(asked).execute(&List::<Row>::new(CURSOR)).await.unwrap_err();
        assert_eq!(error.vendor_code(), Some(code), "{error}");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, 1), "{error}");
        assert_good_line(&error);
    }
}
