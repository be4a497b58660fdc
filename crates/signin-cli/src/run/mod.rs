//! A run: from a pager to the outputs, and how it ends.

pub(crate) mod collect;
pub(crate) mod end;
pub(crate) mod exit;
pub(crate) mod interrupt;
pub(crate) mod reason;
