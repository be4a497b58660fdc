//! The core under attack: hostile servers over real sockets, and scripted services that break at
//! every place.
#![cfg(feature = "testing")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod api;
mod body;
mod checkpoint;
mod clock;
mod dead_continuation;
mod delivered;
mod dropping;
#[cfg(feature = "events")]
mod ecs;
mod error;
#[cfg(feature = "events")]
mod event;
mod fan_out;
mod faults;
mod fingerprint;
mod hostile_bodies;
mod oauth;
#[cfg(feature = "events")]
mod ocsf;
mod origin;
mod paging;
mod prefetch;
mod prefetch_order;
mod record;
mod request;
mod resume;
mod resume_at_start;
mod retry;
mod unordered;
mod windows;
