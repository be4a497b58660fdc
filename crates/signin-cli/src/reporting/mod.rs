//! What is said on standard error: messages, progress, the summary.

pub(crate) mod progress;
pub(crate) mod reporter;
pub(crate) mod requests;
pub(crate) mod summary;
pub(crate) mod terminal;
pub(crate) mod text;
pub(crate) mod words;
