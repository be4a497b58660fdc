//! The real transport: reqwest, and the only place where it is named.

use std::error::Error as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use url::Url;

use crate::error::{Error, ErrorKind, Result};
use crate::http::body::Body;
use crate::http::origin::{BaseUrl, Origin};
use crate::http::transport::Deferred;
use crate::http::transport::{HttpRequest, HttpResponse, Step, Transport, TransportError};
use crate::text::one_line;

/// The largest body whose place is kept for the next one.
const MOST_KEPT: usize = 8 << 20;

/// How the HTTP client is set up.
#[derive(Clone)]
pub(crate) struct HttpOptions {
    pub(crate) connect_timeout: Duration,
    pub(crate) read_timeout: Duration,
    /// The largest body in bytes, after decompression.
    pub(crate) body_cap: usize,
    /// Its URL may hold user and password.
    pub(crate) proxy: Option<String>,
    /// Roots to trust beside the platform's own, in PEM.
    pub(crate) roots: Vec<Vec<u8>>,
}

/// reqwest with everything off that could send a request elsewhere or twice.
pub(crate) struct ReqwestTransport {
    client: reqwest::Client,
    body_cap: usize,
    /// The place of a body that was read.
    buffer: Mutex<Vec<u8>>,
    /// The proxy that was asked for, without its user and password.
    proxy: Option<String>,
}

impl ReqwestTransport {
    pub(crate) fn new(options: &HttpOptions, base: &BaseUrl) -> Result<Self> {
        check_provider(base)?;
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            // Whatever another crate of the program has switched on: bodies are unpacked here.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .connect_timeout(options.connect_timeout)
            .read_timeout(options.read_timeout);
        if base.is_plain() {
            // Plain http is for loopback, where nobody listens in: a proxy would.
            if options.proxy.is_some() {
                let why = "a loopback base URL is not sent through a proxy";
                return Err(config("proxy", why, "leave the proxy out, or use https"));
            }
            builder = builder.no_proxy();
        } else if let Some(proxy) = &options.proxy {
            // The proxy's URL may hold a password: reqwest's own words would quote it.
            let proxy = reqwest::Proxy::all(proxy)
                .map_err(|_| config("proxy", "it is not a URL", "give http://host:port"))?;
            builder = builder.proxy(proxy);
        } else if cfg!(not(feature = "system-proxy")) {
            builder = builder.no_proxy();
        }
        builder = add_roots(builder, options, base)?;
        let client = builder.build().map_err(|error| {
            let why = format!("the HTTP client cannot be built: {}", causes(&error));
            config("TLS", why, "install CA certificates, or give root certificates to the builder")
        })?;
        let proxy = options.proxy.as_deref().and_then(proxy_origin);
        Ok(Self { client, body_cap: options.body_cap, buffer: Mutex::default(), proxy })
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut outgoing = reqwest::Request::new(request.method, request.url);
        *outgoing.headers_mut() = request.headers;
        #[cfg(feature = "gzip")]
        outgoing
            .headers_mut()
            .insert(http::header::ACCEPT_ENCODING, http::HeaderValue::from_static("gzip"));
        if !request.body.is_empty() {
            *outgoing.body_mut() = Some(request.body.into());
        }
        let sent = self.client.execute(outgoing).await;
        let mut answer = sent.map_err(|error| failure(&error, self.proxy.as_deref()))?;
        let status = answer.status();
        let mut headers = std::mem::take(answer.headers_mut());
        let buffer =
            std::mem::take(&mut *self.buffer.lock().unwrap_or_else(PoisonError::into_inner));
        let mut body = Body::new(&mut headers, self.body_cap, buffer);
        while let Some(part) = answer.chunk().await.map_err(|error| failure(&error, None))? {
            body.push(&part)?;
        }
        Ok(HttpResponse { status, headers, body: body.end()? })
    }
}

impl Transport for ReqwestTransport {
    fn send(&self, request: HttpRequest) -> Deferred<'_, Result<HttpResponse, TransportError>> {
        Box::pin(self.exchange(request))
    }

    fn take_back(&self, body: Vec<u8>) {
        let mut buffer = self.buffer.lock().unwrap_or_else(PoisonError::into_inner);
        if (buffer.capacity()..=MOST_KEPT).contains(&body.capacity()) {
            *buffer = body;
        }
    }
}

fn config(
    what: &'static str,
    why: impl Into<std::borrow::Cow<'static, str>>,
    next: &'static str,
) -> Error {
    Error::new(ErrorKind::Config, what, why, next)
}

/// Without a crypto provider reqwest panics; here it is an error.
#[cfg(all(feature = "rustls-no-provider", not(feature = "rustls"), not(feature = "native-tls")))]
fn check_provider(_: &BaseUrl) -> Result<()> {
    if rustls::crypto::CryptoProvider::get_default().is_some() {
        return Ok(());
    }
    let next =
        "install one by rustls' CryptoProvider::install_default, or use the feature `rustls`";
    Err(config("TLS", "no crypto provider is installed", next))
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[expect(clippy::unnecessary_wraps, reason = "with other features it can fail")]
fn check_provider(_: &BaseUrl) -> Result<()> {
    Ok(())
}

#[cfg(not(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls")))]
fn check_provider(base: &BaseUrl) -> Result<()> {
    if base.is_plain() {
        return Ok(());
    }
    let next = "switch on one of the features `rustls`, `rustls-no-provider`, `native-tls`";
    Err(config("TLS", "this build has no TLS", next))
}

#[cfg(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"))]
fn add_roots(
    builder: reqwest::ClientBuilder,
    options: &HttpOptions,
    base: &BaseUrl,
) -> Result<reqwest::ClientBuilder> {
    let mut roots = Vec::new();
    for pem in &options.roots {
        let found = reqwest::Certificate::from_pem_bundle(pem).unwrap_or_default();
        if found.is_empty() {
            return Err(config("root certificates", "no PEM certificate in them", "give PEM text"));
        }
        roots.extend(found);
    }
    // Where another crate of the program has switched on a second stack, it is still this one.
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_rustls();
    Ok(match roots.is_empty() {
        // Nothing to verify: works on a machine without any CA certificates.
        _ if base.is_plain() => builder.tls_certs_only([]),
        true => builder,
        false => builder.tls_certs_merge(roots),
    })
}

#[cfg(not(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls")))]
fn add_roots(
    builder: reqwest::ClientBuilder,
    options: &HttpOptions,
    _: &BaseUrl,
) -> Result<reqwest::ClientBuilder> {
    if options.roots.is_empty() {
        return Ok(builder);
    }
    Err(config("root certificates", "this build has no TLS", "switch on the feature `rustls`"))
}

/// Scheme, host and port of a proxy, which may be given without a scheme.
fn proxy_origin(proxy: &str) -> Option<String> {
    let full = if proxy.contains("://") { proxy.to_owned() } else { format!("http://{proxy}") };
    Origin::of(&Url::parse(&full).ok()?).map(|origin| origin.to_string())
}

/// What failed, from the error's causes. reqwest's own text, the first, shows the address.
fn failure(error: &reqwest::Error, proxy: Option<&str>) -> TransportError {
    let causes = causes(error);
    let certificate = causes.contains("certificate") || causes.contains("UnknownIssuer");
    if NOT_TLS.iter().any(|words| causes.contains(words)) {
        let reason = "the port does not speak TLS".to_owned();
        return TransportError { step: Step::Tls, reason };
    }
    let step = match () {
        () if error.is_builder() => Step::Request,
        () if error.is_timeout() => Step::Timeout,
        () if certificate => Step::Tls,
        () if is_unknown_host(&causes) => Step::Name,
        () if error.is_connect() => Step::Connect,
        () => Step::Answer,
    };
    let doing = match step {
        Step::Timeout if error.is_connect() => "connecting took too long",
        Step::Timeout => "no sign of life from the service",
        Step::Tls => "the TLS certificate was not accepted",
        Step::Name => "no such host",
        Step::Connect => "no connection",
        Step::Request => "the request cannot be sent",
        _ => "the connection broke",
    };
    let mut reason = doing.to_owned();
    if let Some(proxy) = proxy.filter(|_| error.is_connect()) {
        let link = if step == Step::Name { ": the proxy" } else { " through the proxy" };
        reason.push_str(&format!("{link} {proxy}"));
    }
    match refusal(&causes).filter(|_| step == Step::Tls) {
        Some(refusal) => reason.push_str(&format!(": {refusal}")),
        None if !causes.is_empty() => reason.push_str(&format!(": {causes}")),
        None => {}
    }
    TransportError { step, reason }
}

/// What rustls and OpenSSL say of an answer in another protocol.
const NOT_TLS: [&str; 3] = ["InvalidContentType", "wrong version number", "packet length too long"];

/// Whether the operating system says that nobody knows the name, rather than that nobody could be
/// asked. It says so in words only: glibc's, musl's, those of macOS and of Windows.
fn is_unknown_host(cause: &str) -> bool {
    const WORDS: [&str; 5] = [
        "Name or service not known",
        "No address associated with hostname",
        "Name does not resolve",
        "nodename nor servname provided, or not known",
        "No such host is known",
    ];
    WORDS.iter().any(|words| cause.contains(words))
}

/// What is wrong with a certificate, where the words of rustls or OpenSSL are known.
fn refusal(cause: &str) -> Option<&'static str> {
    const WORDS: [(&str, &str); 11] = [
        ("UnknownIssuer", UNKNOWN_ISSUER),
        ("unable to get local issuer certificate", UNKNOWN_ISSUER),
        ("self-signed certificate", UNKNOWN_ISSUER),
        ("self signed certificate", UNKNOWN_ISSUER),
        ("certificate expired", EXPIRED),
        ("certificate has expired", EXPIRED),
        ("certificate not valid yet", NOT_YET),
        ("certificate is not yet valid", NOT_YET),
        ("certificate not valid for name", OTHER_NAME),
        ("ostname mismatch", OTHER_NAME),
        ("IP address mismatch", OTHER_NAME),
    ];
    WORDS.iter().find(|(words, _)| cause.contains(words)).map(|(_, refusal)| *refusal)
}

const UNKNOWN_ISSUER: &str = "no authority that is trusted here has issued it";
const EXPIRED: &str = "it has expired, or this machine's clock is wrong";
const NOT_YET: &str = "it is not valid yet, or this machine's clock is wrong";
const OTHER_NAME: &str = "it is another host's";

/// The innermost cause, in which the operating system or the TLS library speaks.
fn causes(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    let mut last = String::new();
    while let Some(inner) = cause {
        last = inner.to_string();
        cause = inner.source();
    }
    one_line(&last, 120)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p8_a_name_that_nobody_knows_is_told_from_one_that_nobody_could_be_asked_for() {
        let lookup = "failed to lookup address information: ";
        for known in ["Name or service not known", "Name does not resolve"] {
            assert!(is_unknown_host(&format!("{lookup}{known}")), "{known}");
        }
        for passing in ["Temporary failure in name resolution", "Try again", "System error"] {
            assert!(!is_unknown_host(&format!("{lookup}{passing}")), "{passing}");
        }
        assert!(!is_unknown_host("Connection refused (os error 111)"));
    }

    #[test]
    fn p8_what_is_wrong_with_a_certificate_is_said_in_the_words_of_no_library() {
        let rustls = "invalid peer certificate: ";
        let openssl = "error:0A000086:SSL routines::certificate verify failed: ";
        for (library, cause, said) in [
            (rustls, "UnknownIssuer", UNKNOWN_ISSUER),
            (rustls, "certificate expired: verification time 1 (UNIX)", EXPIRED),
            (rustls, "certificate not valid yet: verification time 1 (UNIX)", NOT_YET),
            (rustls, "certificate not valid for name \"localhost\"", OTHER_NAME),
            (openssl, "(unable to get local issuer certificate)", UNKNOWN_ISSUER),
            (openssl, "(self-signed certificate)", UNKNOWN_ISSUER),
            (openssl, "(certificate has expired)", EXPIRED),
            (openssl, "(hostname mismatch)", OTHER_NAME),
        ] {
            assert_eq!(refusal(&format!("{library}{cause}")), Some(said), "{cause}");
        }
        assert_eq!(refusal("invalid peer certificate: BadSignature"), None);
    }
}
