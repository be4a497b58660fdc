//! Tests of the NewVendor client, by promise.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod contract;
mod errors;
#[cfg(feature = "events")]
mod event;
mod model;
mod requests;
