//! Where records go: standard output or a file that is whole or not there.

pub(crate) mod atomic_file;
pub(crate) mod lock;
pub(crate) mod partial_file;
pub(crate) mod sink;
pub(crate) mod writer;
