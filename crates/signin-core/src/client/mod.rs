//! The client and its pipeline, and what it is built from.

mod client;
pub(crate) mod options;

pub use client::Client;
pub(crate) use client::{Answered, Call};
