#![cfg_attr(feature = "client", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "client"),
    doc = "Models of the Tines admin API; the feature `client` reads it."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "client")]
mod client;
mod decode;
#[cfg(feature = "client")]
mod error;
#[rustfmt::skip]
mod generated;
#[cfg(feature = "client")]
mod signin_activities;

pub use decode::decode_signin_activities;
pub use generated::*;
pub use signin_core::{
    Envelope, Error, ErrorKind, Extra, Id, IpText, Json, Mismatch, Page, Record, Rejected, Result,
    Timestamp,
};
#[cfg(feature = "client")]
pub use {
    client::{Client, ClientBuilder},
    signin_activities::SigninActivities,
    signin_core::{
        Checkpoint, Items, Limits, Operation, Pages, Report, RetryPolicy, Secret, TokenSource,
        Transport, Warning,
    },
};
