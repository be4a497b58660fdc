#![cfg_attr(feature = "client", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "client"),
    doc = "Models of the AvePoint Elements API; the feature `client` reads it."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "client")]
mod access;
#[cfg(feature = "client")]
mod all_sign_ins;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod customers;
mod decode;
#[cfg(feature = "client")]
mod environment;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "events")]
pub mod event;
#[rustfmt::skip]
mod generated;
#[cfg(feature = "client")]
mod listing;
#[cfg(feature = "client")]
mod sign_ins;

/// The core, for what an operation, a transport or a token source of your own needs.
pub use signin_core;

pub use decode::{decode_customers, decode_sign_ins};
pub use generated::*;
pub use signin_core::{
    Error, ErrorKind, Extra, Id, IpText, Json, Mismatch, Page, PageLayout, Record, Rejected,
    Result, Timestamp,
};
#[cfg(feature = "client")]
pub use {
    all_sign_ins::{AllSignIns, ManagedTenant},
    client::{Client, ClientBuilder},
    customers::Customers,
    environment::Environment,
    sign_ins::SignIns,
    signin_core::{
        Checkpoint, ClientAssertion, ClientSecret, Deferred, FanOut, Items, Limits, Operation,
        Origin, Pages, Report, RetryPolicy, Secret, ServiceClock, TokenSource, Transport, Warning,
        vendor::OwnedRecord,
    },
};
