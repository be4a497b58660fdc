#![cfg_attr(feature = "client", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "client"),
    doc = "Models of the PingOne platform API; the feature `client` reads it."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod action_types;
#[cfg(feature = "client")]
mod activities;
#[cfg(feature = "client")]
mod all_sign_ins;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod counts;
mod decode;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "events")]
pub mod event;
#[cfg(feature = "client")]
mod filter;
#[rustfmt::skip]
mod generated;
#[cfg(feature = "client")]
mod region;
#[cfg(feature = "client")]
mod sample_size;
mod sign_in;
#[cfg(feature = "client")]
mod user_activities;

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
    activities::{Activities, TimeAttribute},
    all_sign_ins::AllSignIns,
    client::{Client, ClientBuilder},
    counts::UserActivityCounts,
    region::Region,
    sample_size::{Buckets, SampleSize},
    signin_core::{
        Checkpoint, ClientSecret, Deferred, Items, Limits, Operation, Origin, Pages, Report,
        RetryPolicy, Secret, ServiceClock, TokenSource, Transport, Warning,
    },
    user_activities::UserActivities,
};
