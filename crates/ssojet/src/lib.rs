#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[rustfmt::skip]
mod generated;

pub use generated::*;
pub use signin_core::{
    Extra, Flags, Id, IpText, Json, Mismatch, OpenEnum, Record, Rejected, Timestamp,
};
