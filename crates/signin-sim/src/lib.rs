//! Sign-in APIs of identity products, simulated over real HTTP on loopback.
//!
//! The crate's README follows.
#![doc = include_str!("../README.md")]

mod answer;
pub mod avepoint;
mod front;
mod http_date;
mod json;
mod listener;
mod local;
pub mod msgraph;
pub mod oauth;
mod origin;
pub mod pingone;
mod query;
mod rate;
mod search;
mod seed;
mod settings;
mod simulator;
pub mod ssojet;
mod stats;
pub mod tines;

pub use local::Local;
pub use rate::RetryAfter;
pub use simulator::{Builder, Simulator};
pub use stats::Stats;
