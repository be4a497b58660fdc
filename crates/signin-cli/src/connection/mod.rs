//! How a service is reached: proxy, certificates, credentials.

pub(crate) mod environment;
pub(crate) mod network;
pub(crate) mod oauth;
pub(crate) mod proxy;
pub(crate) mod secrets;
