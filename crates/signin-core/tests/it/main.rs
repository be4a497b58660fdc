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
// Files, not a dependency: through it the core's own features would be switched on.
#[cfg(feature = "tracing")]
#[path = "../../../signin-contract/src/logs.rs"]
#[allow(unreachable_pub, reason = "public there")]
mod logs;
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
#[path = "../../../signin-contract/src/server.rs"]
#[allow(dead_code, unreachable_pub, reason = "the vendors' suite uses the rest of it")]
mod server;
mod service_clock;
mod unstable;
mod windows;
mod wire;
