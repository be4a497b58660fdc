//! Walks over pages and records: resumable at every step, safe to drop at every await.

mod arrive;
mod dead;
mod flight;
mod handed;
mod items;
mod pages;
mod passes;
mod prints;

pub(crate) use arrive::is_wanted;
pub use items::Items;
pub use pages::Pages;

type Row<T> = Result<crate::Record<T>, crate::Rejected>;
