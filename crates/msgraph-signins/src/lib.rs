#![cfg_attr(feature = "client", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "client"),
    doc = "Models of Microsoft Graph's sign-ins; the feature `client` reads them."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "client")]
mod client;
mod decode;
#[cfg(feature = "events")]
pub mod event;
pub mod export;
#[rustfmt::skip]
mod generated;
mod sign_in_event_type;

/// The core, for what an operation, a transport or a token source of your own needs.
pub use signin_core;

pub use decode::decode_sign_ins;
pub use generated::*;
pub use sign_in_event_type::SignInEventType;
pub use signin_core::{
    Error, ErrorKind, Extra, Flags, Id, IpText, Json, Mismatch, OpenEnum, Page, PageLayout, Record,
    Rejected, Result, Spelled, Timestamp,
};
#[cfg(feature = "client")]
pub use {
    client::{
        ApiVersion, Client, ClientBuilder, Cloud, Missing, SignInById, SignInOrder, SignIns, odata,
    },
    signin_core::{
        Checkpoint, ClientAssertion, ClientSecret, Deferred, Items, Limits, Operation, Origin,
        Pages, Report, RetryPolicy, Secret, ServiceClock, TokenSource, Transport, Warning, Windows,
    },
};
