//! Pages: where in an answer the records and the continuation stand, and how they are read.

pub(crate) mod page;
pub(crate) mod page_info;
pub(crate) mod page_layout;
