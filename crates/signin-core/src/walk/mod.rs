//! Walks over pages and records: resumable at every step, safe to drop at every await.

mod flight;
mod items;
mod pages;
mod prints;

pub use items::Items;
pub use pages::Pages;

type Row<T> = Result<crate::Record<T>, crate::Rejected>;
