#![doc = include_str!("../README.md")]
#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::missing_panics_doc,
    reason = "a contract that is broken fails the test that runs it"
)]

pub mod allocations;
pub mod chaos;
pub mod earlier;
pub mod effort;
mod encodings;
pub mod events;
pub mod load;
pub mod local_transport;
pub mod ocsf;
pub mod odd_members;
pub mod pace;
pub mod pagers;
pub mod samples;
pub mod secrets;
pub mod service;
pub mod sign_ins;
pub mod suite;
pub mod vendor;

pub use signin_testkit::{logs, server};

/// The workspace's README, so that its example is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
