//! Walks over pages and records: resumable at every step, safe to drop at every await.

mod advance;
mod calls;
pub(crate) mod checkpoint;
pub(crate) mod continuation;
mod dead_continuation;
mod delivered;
pub(crate) mod fan_out;
mod fingerprint;
mod items;
pub(crate) mod operation;
mod pages;
pub(crate) mod paging;
mod prefetch;
pub(crate) mod report;
mod unordered;
pub(crate) mod windows;

pub(crate) use advance::passes_local_filter;
pub use items::Items;
pub use pages::Pages;

type Row<T> = Result<crate::record::record::Record<T>, crate::record::record::Rejected>;
