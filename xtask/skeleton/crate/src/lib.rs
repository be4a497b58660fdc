#![cfg_attr(feature = "client", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "client"),
    doc = "Models of the NewVendor API; the feature `client` reads it."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "client")]
mod client;
mod decode;
#[cfg(feature = "events")]
pub mod event;
#[rustfmt::skip]
mod generated;

/// The core, for what an operation, a transport or a token source of your own needs.
pub use signin_core;

pub use decode::decode_sign_ins;
pub use generated::*;
pub use signin_core::{
    Error, ErrorKind, Extra, Id, IpText, Json, Mismatch, Page, PageLayout, Record, Rejected,
    Result, Timestamp,
};
#[cfg(feature = "client")]
pub use {
    client::{Client, ClientBuilder, SignIns},
    signin_core::{
        Checkpoint, Deferred, Items, Limits, Operation, Origin, Pages, Report, RetryPolicy, Secret,
        ServiceClock, TokenSource, Transport, Warning,
    },
};
