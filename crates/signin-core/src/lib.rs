#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod envelope;
mod error;
#[cfg(feature = "events")]
pub mod event;
mod extra;
mod flags;
mod id;
mod ip;
mod json;
mod lenient;
mod mismatch;
pub mod model;
pub mod open_enum;
mod page;
mod record;
mod surrogate;
mod text;
pub mod timestamp;

pub use envelope::Envelope;
pub use error::{Error, ErrorKind, Result};
pub use extra::Extra;
pub use flags::Flags;
pub use id::Id;
pub use ip::IpText;
pub use json::Json;
pub use mismatch::Mismatch;
pub use model::{FromJson, Member, Model, Shape, Table};
pub use open_enum::{OpenEnum, Spelled};
pub use page::Page;
pub use record::{Record, Rejected};
pub use text::is_unsafe_to_show;
pub use timestamp::Timestamp;

#[cfg(feature = "client")]
pub mod answer;
#[cfg(feature = "client")]
pub mod auth;
#[cfg(feature = "client")]
mod body;
#[cfg(feature = "client")]
mod checkpoint;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod clock;
#[cfg(feature = "client")]
mod echo;
#[cfg(feature = "client")]
pub mod fan_out;
#[cfg(feature = "client")]
pub mod limit;
#[cfg(feature = "client")]
pub mod oauth;
#[cfg(feature = "client")]
pub mod operation;
#[cfg(feature = "client")]
pub mod origin;
#[cfg(feature = "client")]
pub mod paging;
#[cfg(feature = "client")]
mod report;
#[cfg(feature = "client")]
pub mod request;
#[cfg(feature = "client")]
mod request_id;
#[cfg(feature = "client")]
mod reqwest_transport;
#[cfg(feature = "client")]
pub mod retry;
#[cfg(feature = "client")]
mod secret;
#[cfg(feature = "client")]
mod settings;
#[cfg(feature = "client")]
mod surface;
#[cfg(feature = "client")]
mod task;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "client")]
pub mod transport;
#[cfg(feature = "client")]
mod walk;
#[cfg(feature = "client")]
pub mod windows;
#[cfg(feature = "client")]
mod wire;

#[cfg(feature = "client")]
pub use {
    auth::{Credential, TokenSource},
    checkpoint::Checkpoint,
    client::Client,
    clock::ServiceClock,
    fan_out::FanOut,
    limit::Limits,
    oauth::{ClientAssertion, ClientCredentials, ClientSecret},
    operation::Operation,
    report::{Report, Warning},
    retry::RetryPolicy,
    secret::Secret,
    settings::Settings,
    transport::Transport,
    walk::{Items, Pages},
    windows::Windows,
};

/// A boxed future: what the object-safe seams ([`Transport`], [`TokenSource`]) return.
#[cfg(feature = "client")]
pub type Deferred<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
