//! A run: from a walk to the outputs, and how it ends.

pub(crate) mod collect;
pub(crate) mod end;
pub(crate) mod exit;
pub(crate) mod interrupt;
pub(crate) mod reason;
