//! The commands, each in a folder of its own.

pub(crate) mod convert;
pub(crate) mod demo;
pub(crate) mod fetch;
