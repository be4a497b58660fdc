#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "client")]
pub mod auth;
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

pub use error::{Error, ErrorKind, Result};
pub use page::envelope::{self, Envelope};
pub use page::page::Page;
pub use record::extra::Extra;
pub use record::flags::Flags;
pub use record::id::Id;
pub use record::ip::IpText;
pub use record::json::Json;
pub use record::mismatch::Mismatch;
pub use record::model::{self, FromJson, Member, Model, Shape, Table};
pub use record::open_enum::{self, OpenEnum, Spelled};
pub use record::record::{Record, Rejected};
pub use record::timestamp::{self, Timestamp};
pub use text::is_unsafe_to_show;

#[cfg(feature = "client")]
pub use {
    self::http::secret::Secret,
    self::http::transport::{self, Transport},
    self::http::{answer, origin, request},
    auth::oauth::{self, ClientAssertion, ClientCredentials, ClientSecret},
    auth::{Credential, TokenSource},
    client::Client,
    client::settings::Settings,
    pager::checkpoint::Checkpoint,
    pager::fan_out::{self, FanOut},
    pager::operation::{self, Operation},
    pager::paging,
    pager::report::{Report, Warning},
    pager::windows::{self, Windows},
    pager::{Items, Pages},
    send::clock::ServiceClock,
    send::limit::{self, Limits},
    send::retry::{self, RetryPolicy},
};

/// A boxed future: what the object-safe seams ([`Transport`], [`TokenSource`]) return.
#[cfg(feature = "client")]
pub type Deferred<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
