//! Walks over pages and records: resumable at every step, safe to drop at every await.

mod flight;
mod items;
mod pages;
mod passes;
mod prints;

pub use items::Items;
pub use pages::Pages;
pub(crate) use pages::is_wanted;

type Row<T> = Result<crate::Record<T>, crate::Rejected>;
