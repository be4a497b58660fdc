#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod decode;
#[rustfmt::skip]
mod generated;

/// The core, for what an operation, a transport or a token source of your own needs.
pub use signin_core;

pub use decode::decode_sign_ins;
pub use generated::*;
pub use signin_core::{
    Envelope, Extra, Flags, Id, IpText, Json, Mismatch, OpenEnum, Page, Record, Rejected, Timestamp,
};
