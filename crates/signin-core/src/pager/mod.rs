//! Walks over pages and records: resumable at every step, safe to drop at every await.

mod arrive;
mod calls;
pub(crate) mod checkpoint;
mod dead;
pub mod fan_out;
mod flight;
mod handed;
mod items;
pub mod operation;
mod pages;
pub mod paging;
mod passes;
pub(crate) mod position;
mod prints;
pub(crate) mod report;
mod surface;
pub mod windows;

pub(crate) use arrive::is_wanted;
pub use items::Items;
pub use pages::Pages;

type Row<T> = Result<crate::Record<T>, crate::Rejected>;
