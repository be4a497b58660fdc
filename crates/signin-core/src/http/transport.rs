//! The seam to the network: one request out, one answer in.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use url::Url;

/// A boxed future: what the object-safe seams ([`Transport`], [`TokenSource`](crate::TokenSource))
/// return.
pub type Deferred<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A request with everything on it, ready to be sent.
#[derive(Clone)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The address. Its origin was checked before a credential was attached.
    pub url: Url,
    /// The headers, the credential among them, marked sensitive.
    pub headers: HeaderMap,
    /// The body; empty for none.
    pub body: Bytes,
}

/// No header values and no query: they may hold secrets and people's data.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.keys().collect();
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("path", &self.url.path())
            .field("headers", &names)
            .field("body", &self.body.len())
            .finish()
    }
}

/// An answer, its body read to the end and decompressed.
#[derive(Clone)]
pub struct HttpResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body after decompression.
    pub body: Bytes,
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why no answer came.
#[derive(Debug, Clone)]
pub struct TransportError {
    /// At which step it failed.
    pub step: Step,
    /// The reason in a few words. No address, no header, no body.
    pub reason: String,
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for TransportError {}

/// The step at which a transport failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Finding the host: no name server knows it. Nothing was sent; it is tried again all the
    /// same, since a name server may have only just started.
    Name,
    /// Connecting to the host: nothing was sent.
    Connect,
    /// The certificate was not accepted: nothing was sent, and trying again does not help.
    Tls,
    /// Sending the request, or waiting for and reading the answer.
    Answer,
    /// No sign of life for too long.
    Timeout,
    /// The body is larger than the cap.
    TooLarge,
    /// The request cannot be sent at all.
    Request,
}

/// Sends one request and reads its answer to the end.
///
/// An implementation follows no redirects, keeps no cookies, retries nothing, and caps the body
/// after decompression. Dropping the future must stop the request. The crate's own implementation
/// is reqwest; give your own to a client's builder for a different stack, or to record traffic.
pub trait Transport: Send + Sync + 'static {
    /// Sends the request.
    fn send(&self, request: HttpRequest) -> Deferred<'_, Result<HttpResponse, TransportError>>;

    /// Takes back the body of an answer that nobody reads any more: the next one may come into its
    /// place. Pages are large, and a heap in which each has a new place grows by the holes between
    /// them. By default it is dropped.
    fn take_back(&self, _body: Vec<u8>) {}
}
