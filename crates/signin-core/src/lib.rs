#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "client")]
mod auth;
#[cfg(feature = "client")]
mod client;
mod error;
#[cfg(feature = "events")]
pub mod event;
#[cfg(feature = "client")]
mod http;
mod page;
#[cfg(feature = "client")]
mod pager;
mod record;
#[cfg(feature = "client")]
mod send;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
pub mod vendor;

pub use error::{Error, ErrorKind, Result};
pub use page::page::Page;
pub use page::page_layout::{PageField, PageLayout};
pub use record::extra::Extra;
pub use record::flags::Flags;
pub use record::id::Id;
pub use record::ip::IpText;
pub use record::json::Json;
pub use record::mismatch::Mismatch;
pub use record::model::FromJson;
pub use record::open_enum::{OpenEnum, Spelled};
pub use record::record::{Record, Rejected};
pub use record::timestamp::Timestamp;

#[cfg(feature = "certificate")]
pub use auth::oauth::CertificateAssertion;
#[cfg(feature = "client")]
pub use {
    // How requests are sent.
    self::http::origin::Origin,
    // An operation of one's own.
    self::http::request::{Request, Segment},
    self::http::secret::Secret,
    self::http::transport::{Deferred, HttpRequest, HttpResponse, Step, Transport, TransportError},
    // Credentials.
    auth::oauth::{self, ClientAssertion, ClientCredentials, ClientSecret},
    auth::{Credential, StaticToken, TokenSource},
    // What pagers return, and how they are resumed.
    pager::checkpoint::Checkpoint,
    pager::fan_out::FanOut,
    pager::operation::Operation,
    pager::paging::Paging,
    pager::report::{Report, Warning},
    pager::windows::Windows,
    pager::{Items, Pages},
    send::clock::ServiceClock,
    send::rate_limit::{Limits, RateLimit},
    send::retry::RetryPolicy,
};
