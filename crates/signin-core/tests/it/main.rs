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

mod ahead;
mod alike;
mod api;
mod begun_again;
mod bodies;
mod cost;
mod dead;
mod drops;
#[cfg(feature = "events")]
mod ecs;
mod fan_out;
mod faults;
mod forged;
#[cfg(feature = "events")]
mod hand_made;
mod lines;
mod nowhere;
mod oauth;
#[cfg(feature = "events")]
mod ocsf;
mod origins;
mod out_of_order;
mod pages;
mod records;
mod resume;
mod retries;
mod service_clock;
mod unstable;
mod windows;
mod wire;
