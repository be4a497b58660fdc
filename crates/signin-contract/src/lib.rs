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
pub mod called;
pub mod chaos;
pub mod earlier;
pub mod effort;
pub mod events;
pub mod load;
pub mod ocsf;
pub mod odd;
pub mod pace;
mod readings;
pub mod samples;
pub mod secrets;
pub mod service;
pub mod sign_ins;
pub mod suite;
pub mod vendor;
pub mod walking;

pub use signin_testkit::{logs, server};

/// The workspace's README, so that its example is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
