//! Where records go: standard output or a file that is whole or not there.

pub(crate) mod file;
pub(crate) mod lock;
pub(crate) mod sink;
pub(crate) mod whole_file;
pub(crate) mod writer;
