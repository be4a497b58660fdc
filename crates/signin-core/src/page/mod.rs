//! Pages: where in an answer the records and the continuation stand, and how they are read.

pub mod envelope;
pub(crate) mod page;
