//! What `signin` promises, held against the built program.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test ends there")]

mod convert;
mod convert_input;
#[cfg(unix)]
mod convert_streams;
mod fetch;
mod files;
mod folder;
mod output;
mod program;
#[cfg(unix)]
mod streams;
mod tenant;
mod usage;
