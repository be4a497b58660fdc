//! HTTP: requests as data, origins, transports, error answers, and secrets that are never shown.

mod body;
pub(crate) mod error_response;
pub(crate) mod origin;
pub(crate) mod redact;
pub(crate) mod request;
pub(crate) mod reqwest_transport;
pub(crate) mod secret;
pub(crate) mod transport;
