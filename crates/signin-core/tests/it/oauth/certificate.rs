//! Assertions that a certificate's key signs: what is in them, that the signature holds, and what
//! is refused.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::SignatureScheme;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::Value;
use signin_core::CertificateAssertion;
use signin_core::testing::{Reply, Scripted};
use signin_core::{ClientCredentials, ErrorKind, Result};

use super::{TOKEN_URL, client, grant, list};
use crate::api::{assert_good_line, page};

pub(crate) const CERT: &str = include_str!("../../keys/rsa.cert.pem");
pub(crate) const PKCS8: &str = include_str!("../../keys/rsa.pkcs8.pem");
const PKCS1: &str = include_str!("../../keys/rsa.pkcs1.pem");
const ENCRYPTED: &str = include_str!("../../keys/rsa.encrypted.pem");
const EC_CERT: &str = include_str!("../../keys/ec.cert.pem");
const EC_KEY: &str = include_str!("../../keys/ec.sec1.pem");

type Make = fn(&str, &str) -> Result<CertificateAssertion>;
const RS256: Make = |certificate, key| CertificateAssertion::rs256(certificate, key);
const PS256: Make = |certificate, key| CertificateAssertion::ps256(certificate, key);

/// The assertion that a token request carries.
async fn sent(assertion: CertificateAssertion) -> String {
    let script = Scripted::new([grant("token-0123456789", "3600"), Reply::json(page("1", ""))]);
    let asked = ClientCredentials::new(TOKEN_URL, "app-1").assertion(assertion);
    client(asked, script.clone()).execute(&list()).await.unwrap();
    let body = String::from_utf8(script.sent()[0].body.clone()).unwrap();
    body.split_once("&client_assertion=").unwrap().1.to_owned()
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Checks a signature by the public half of the key, with the provider's own verification.
fn verifies(text: &str, signature: &[u8], scheme: SignatureScheme) -> bool {
    let provider = default_provider();
    let key = PrivateKeyDer::from_pem_slice(PKCS8.as_bytes()).unwrap();
    let key = provider.key_provider.load_private_key(key).unwrap();
    // A key of 2048 bits: 24 bytes of DER stand before the RSA key itself.
    let public = key.public_key().unwrap().as_ref()[24..].to_vec();
    let mapping = provider.signature_verification_algorithms.mapping;
    let (_, algorithms) = mapping.iter().find(|(found, _)| *found == scheme).unwrap();
    algorithms.iter().any(|one| one.verify_signature(&public, text.as_bytes(), signature).is_ok())
}

#[tokio::test(start_paused = true)]
async fn an_assertion_holds_what_the_vendors_ask_for_and_its_signature_verifies() {
    for (make, scheme, header) in [
        (
            RS256,
            SignatureScheme::RSA_PKCS1_SHA256,
            // `openssl x509 -fingerprint -sha1`
            serde_json::json!({
                "alg": "RS256", "typ": "JWT", "x5t": "uRzHzTd35RHcIi4MYulQbdUuPmc",
                "kid": "B91CC7CD3777E511DC222E0C62E9506DD52E3E67",
            }),
        ),
        (
            PS256,
            SignatureScheme::RSA_PSS_SHA256,
            // `openssl x509 -fingerprint -sha256`
            serde_json::json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": "mAI-73bM_GoEDOLCo2ZlNME87Ebj9Gomh9FUUYEH9iU" }),
        ),
    ] {
        let assertion = sent(make(CERT, PKCS8).unwrap()).await;
        let [head, claims, signature] = assertion.split('.').collect::<Vec<_>>()[..] else {
            panic!("{assertion}");
        };
        assert_eq!(decoded(head), header);
        let claims_read = decoded(claims);
        for (name, value) in [("iss", "app-1"), ("sub", "app-1"), ("aud", TOKEN_URL)] {
            assert_eq!(claims_read[name], value, "{name}");
        }
        let at = |name: &str| claims_read[name].as_i64().unwrap();
        assert_eq!((at("nbf"), at("exp")), (at("iat"), at("iat") + 300));
        assert_eq!(claims_read["jti"].as_str().unwrap().len(), 22, "128 bits");
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert!(verifies(&format!("{head}.{claims}"), &signature, scheme));
        assert!(!verifies(&format!("{head}.{claims}x"), &signature, scheme));
    }
}

#[tokio::test(start_paused = true)]
async fn no_two_assertions_have_one_id() {
    let assertion = CertificateAssertion::rs256(CERT, PKCS8).unwrap();
    let mut ids = HashSet::new();
    for _ in 0..20 {
        let sent = sent(assertion.clone()).await;
        ids.insert(decoded(sent.split('.').nth(1).unwrap())["jti"].to_string());
    }
    assert_eq!(ids.len(), 20);
}

#[test]
fn keys_and_certificates_are_found_in_what_people_have() {
    for key in [PKCS8, PKCS1, &format!("{CERT}{PKCS8}"), &format!("junk\n{PKCS1}\r\n")] {
        for certificate in [CERT, &format!("{CERT}{EC_CERT}"), &format!("{PKCS8}{CERT}")] {
            assert!(CertificateAssertion::rs256(certificate, key).is_ok());
        }
    }
}

#[test]
fn p8_a_pair_that_cannot_sign_is_refused_when_it_is_given() {
    let cut = CERT.replace('M', "");
    let not_der = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let not_key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for make in [RS256, PS256] {
        for (certificate, key, reason) in [
            ("", PKCS8, "there is no certificate in it"),
            ("sEcret", PKCS8, "there is no certificate in it"),
            (PKCS8, PKCS8, "there is no certificate in it"),
            (&*cut, PKCS8, ""),
            (not_der, PKCS8, "it cannot be read"),
            (CERT, "", "there is no key beside it"),
            (CERT, CERT, "there is no key beside it"),
            (CERT, "sEcret-0123456789", "there is no key beside it"),
            (CERT, not_key, "its key cannot be read"),
            (CERT, ENCRYPTED, "its key is encrypted"),
            (EC_CERT, PKCS8, "the key is not the certificate's"),
            (CERT, EC_KEY, "the key is not the certificate's"),
            (EC_CERT, EC_KEY, "its key is not RSA"),
        ] {
            let error = make(certificate, key).map(drop).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert_good_line(&error);
            let shown = format!("{error} {error:?}");
            assert!(error.to_string().starts_with("certificate: "), "{error}");
            assert!(shown.contains(reason) && !shown.contains("sEcret"), "{shown}");
        }
    }
}

#[test]
fn p4_a_certificates_key_is_not_shown() {
    let assertion = CertificateAssertion::ps256(CERT, PKCS8).unwrap();
    let asked = ClientCredentials::new(TOKEN_URL, "app-1").assertion(assertion.clone());
    let shown = format!("{assertion:?} {assertion:#?} {asked:?}");
    assert!(shown.len() < 400, "{shown}");
    for line in PKCS8.lines().filter(|line| !line.starts_with('-')) {
        assert!(!shown.contains(line));
    }
}
