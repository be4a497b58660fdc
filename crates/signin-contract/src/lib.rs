#![doc = include_str!("../README.md")]
#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a contract that is broken fails the test that runs it"
)]

pub mod events;
pub mod ocsf;
pub mod origins;
pub mod samples;
pub mod sign_ins;

/// The workspace's README, so that its example is compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
pub struct Readme;
