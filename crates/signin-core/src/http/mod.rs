//! HTTP: requests as data, origins, transports, error answers, and secrets that are never shown.

pub mod answer;
mod body;
pub(crate) mod echo;
pub mod origin;
pub mod request;
pub(crate) mod reqwest_transport;
pub(crate) mod secret;
pub mod transport;
