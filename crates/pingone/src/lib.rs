#![cfg_attr(feature = "client", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "client"),
    doc = "Models of the PingOne platform API; the feature `client` reads it."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod action_types;
#[cfg(feature = "client")]
mod client;
mod decode;
#[cfg(feature = "events")]
pub mod event;
#[rustfmt::skip]
mod generated;
mod sign_in;

/// The core, for what an operation, a transport or a token source of your own needs.
pub use signin_core;

pub use decode::{decode_activities, decode_user_activities};
pub use generated::*;
pub use signin_core::{
    Error, ErrorKind, Extra, Flags, Id, IpText, Json, Mismatch, OpenEnum, Page, PageLayout, Record,
    Rejected, Result, Spelled, Timestamp,
};
#[cfg(feature = "client")]
pub use {
    client::{
        Activities, AllSignIns, Buckets, Client, ClientBuilder, Region, SampleSize, TimeAttribute,
        UserActivities, UserActivityCounts,
    },
    signin_core::{
        Checkpoint, ClientSecret, Deferred, Items, Limits, Operation, Origin, Pages, Report,
        RetryPolicy, Secret, ServiceClock, TokenSource, Transport, Warning,
    },
};
