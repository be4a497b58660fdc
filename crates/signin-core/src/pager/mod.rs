//! Pagers: lists read page by page or record by record, resumable at every step, safe to drop at
//! every await.
//!
//! One page goes through these files: [`paging`] decides how the list goes on, [`advance`] leaves
//! out what came twice and moves the place to resume from, [`pages`] and [`items`] yield what is
//! left, [`report`] counts, [`checkpoint`] writes the place down. Where a list does not behave,
//! [`unordered`] goes through it again and [`dead_continuation`] begins it again. Lists of many
//! owners are read by [`fan_out`], long ranges of time by [`windows`].

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
