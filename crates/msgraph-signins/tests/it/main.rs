//! The models of Microsoft Graph, by promise.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod decode;
mod fields;
mod samples;
mod traps;
