//! Records: a typed view that keeps the bytes it was read from, and values as vendors write them.

pub(crate) mod extra;
pub(crate) mod flags;
pub(crate) mod id;
pub(crate) mod ip;
pub(crate) mod json;
pub(crate) mod lenient;
pub(crate) mod mismatch;
pub mod model;
pub mod open_enum;
pub(crate) mod record;
pub(crate) mod surrogate;
pub mod timestamp;
