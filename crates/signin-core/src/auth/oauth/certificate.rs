//! Client assertions that a certificate's key signs, by rustls' crypto provider.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::crypto::{CryptoProvider, SecureRandom};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SigningKey};
use rustls::{CertificateError, InconsistentKeys, SignatureScheme};
use serde_json::json;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::auth::oauth::ClientAssertion;
use crate::error::{Error, ErrorKind, Result};
use crate::http::secret::Secret;
use crate::http::transport::Deferred;
use crate::send::clock;

/// How long an assertion is good: 5 minutes, the least that the vendors document.
const LIFE: i64 = 300;

/// Signs client assertions (`private_key_jwt`) with a certificate's RSA key.
///
/// Each assertion names the client as issuer and subject, the token endpoint as audience, has a
/// random `jti`, and is good for 5 minutes by this machine's clock.
///
/// The crypto provider is the one that the program has installed, else that of the feature
/// `rustls`.
#[derive(Clone)]
pub struct CertificateAssertion {
    key: Arc<dyn SigningKey>,
    scheme: SignatureScheme,
    random: &'static dyn SecureRandom,
    /// The header of every assertion, encoded.
    header: String,
}

impl CertificateAssertion {
    /// Signs by RS256, with `x5t` (the certificate's SHA-1) and `kid` (the same in upper-case
    /// hexadecimal digits) in the header.
    ///
    /// Both texts are PEM. Of several certificates the first one counts; other sections are passed
    /// over, so that one file may hold both. The key is PKCS#8 or PKCS#1, without a passphrase.
    ///
    /// # Errors
    /// [`ErrorKind::Config`]: a text without certificate or key, a key that is encrypted or not
    /// RSA, or that is not the certificate's; no crypto provider.
    pub fn rs256(certificate: impl AsRef<[u8]>, key: impl Into<Secret>) -> Result<Self> {
        let header = |certificate: &[u8]| {
            let digest = Sha1::digest(certificate);
            let kid: String = digest.iter().map(|byte| format!("{byte:02X}")).collect();
            json!({ "alg": "RS256", "typ": "JWT", "kid": kid, "x5t": encode(digest) })
        };
        Self::new(certificate.as_ref(), &key.into(), SignatureScheme::RSA_PKCS1_SHA256, header)
    }

    /// Signs by PS256, with `x5t#S256` (the certificate's SHA-256) in the header. The rest is as
    /// for [`rs256`](Self::rs256).
    ///
    /// # Errors
    /// As for [`rs256`](Self::rs256).
    pub fn ps256(certificate: impl AsRef<[u8]>, key: impl Into<Secret>) -> Result<Self> {
        let header = |certificate: &[u8]| {
            let digest = Sha256::digest(certificate);
            json!({ "alg": "PS256", "typ": "JWT", "x5t#S256": encode(digest) })
        };
        Self::new(certificate.as_ref(), &key.into(), SignatureScheme::RSA_PSS_SHA256, header)
    }

    fn new(
        certificate: &[u8],
        key: &Secret,
        scheme: SignatureScheme,
        header: impl Fn(&[u8]) -> serde_json::Value,
    ) -> Result<Self> {
        let provider = provider()?;
        let certificate = CertificateDer::from_pem_slice(certificate).map_err(|_| {
            refused("there is no certificate in it", "give PEM text: -----BEGIN CERTIFICATE-----")
        })?;
        let header = encode(header(&certificate).to_string());
        let pair = CertifiedKey::new(vec![certificate], read_key(&provider, key)?);
        match pair.keys_match() {
            Err(rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
                let next =
                    "give the key that the certificate was made with; of a chain, its own first";
                return Err(refused("the key is not the certificate's", next));
            }
            Err(rustls::Error::InvalidCertificate(CertificateError::BadEncoding)) => {
                return Err(refused("it cannot be read", "check that the file is whole"));
            }
            // What else rustls minds in a certificate is the service's business.
            _ => {}
        }
        if pair.key.choose_scheme(&[scheme]).is_none() {
            return Err(refused("its key is not RSA", "RS256 and PS256 need an RSA key"));
        }
        let CryptoProvider { secure_random: random, .. } = *provider;
        Ok(Self { key: pair.key, scheme, random, header })
    }

    fn sign(&self, client_id: &str, audience: &str) -> Result<Secret> {
        let failed = |what: &str| {
            let why = format!("{what} failed");
            Error::new(ErrorKind::Config, "client assertion", why, "check the crypto provider")
        };
        let mut id = [0; 16];
        self.random.fill(&mut id).map_err(|_| failed("drawing a random id"))?;
        let now = clock::now().unix_timestamp();
        let claims = json!({
            "iss": client_id, "sub": client_id, "aud": audience, "jti": encode(id),
            "nbf": now, "iat": now, "exp": now + LIFE,
        });
        let text = format!("{}.{}", self.header, encode(claims.to_string()));
        let signer = self.key.choose_scheme(&[self.scheme]).ok_or_else(|| failed("signing"))?;
        let signature = signer.sign(text.as_bytes()).map_err(|_| failed("signing"))?;
        Ok(format!("{text}.{}", encode(signature)).into())
    }
}

impl ClientAssertion for CertificateAssertion {
    fn assertion<'a>(
        &'a self,
        client_id: &'a str,
        audience: &'a str,
    ) -> Deferred<'a, Result<Secret>> {
        Box::pin(std::future::ready(self.sign(client_id, audience)))
    }
}

impl fmt::Debug for CertificateAssertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateAssertion").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn refused(why: &'static str, next: &'static str) -> Error {
    Error::new(ErrorKind::Config, "certificate", why, next)
}

fn read_key(provider: &CryptoProvider, pem: &Secret) -> Result<Arc<dyn SigningKey>> {
    let Ok(key) = PrivateKeyDer::from_pem_slice(pem.expose().as_bytes()) else {
        let encrypted = pem.expose().contains("ENCRYPTED");
        return Err(if encrypted {
            refused(
                "its key is encrypted",
                "take the passphrase off: openssl pkcs8 -in KEY -out PLAIN",
            )
        } else {
            refused("there is no key beside it", "give PEM text: -----BEGIN PRIVATE KEY-----")
        });
    };
    // rustls' own words are not shown: they are about the key.
    provider.key_provider.load_private_key(key).map_err(|_| {
        refused(
            "its key cannot be read",
            "give an RSA key of 2048 bits or more as PKCS#8 or PKCS#1",
        )
    })
}

/// The program's provider, else the default of the feature `rustls`.
fn provider() -> Result<Arc<CryptoProvider>> {
    if let Some(provider) = CryptoProvider::get_default() {
        return Ok(Arc::clone(provider));
    }
    #[cfg(feature = "rustls")]
    return Ok(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    #[cfg(not(feature = "rustls"))]
    {
        let next =
            "install one by rustls' CryptoProvider::install_default, or use the feature `rustls`";
        Err(refused("no crypto provider is installed", next))
    }
}
