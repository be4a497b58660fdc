//! One shape for the sign-ins of all products: [`SignIn`], and [`SignInCounts`] where a product
//! only counts.
//!
//! A record of a vendor becomes an event by [`Record::to_event`](crate::Record::to_event), with
//! the [`Context`] that the record itself lacks. An event is written as itself (serde), as an
//! OCSF 1.8.0 Authentication ([`SignIn::to_ocsf`]) or by the Elastic Common Schema
//! ([`SignIn::to_ecs`]).
//!
//! - **Nothing is lost.** Each conversion names the members that it took over
//!   ([`SignIn::mapped`]); all other members of the record that say something are in
//!   [`SignIn::unmapped`].
//! - **Nothing is made up.** A text that means "unknown" stays in `unmapped` and is absent from the
//!   event; an outcome that is not told is [`Outcome::Unknown`]; a record without a time or
//!   without anybody who signed in is refused ([`NoEvent`]).
//! - **Loading is an upsert.** [`SignIn::id`] is the same for every revision of one record, and
//!   [`SignIn::revision`] tells them apart: the last one wins.

mod context;
mod convert;
pub mod country;
mod counts;
mod ecs;
mod identity;
mod location;
mod members;
mod no_event;
mod ocsf;
mod sign_in;
mod unmapped;
mod words;

pub use context::Context;
pub use convert::ToEvent;
pub use counts::SignInCounts;
pub use ecs::Ecs;
pub use identity::{event_id, revision};
pub use members::Members;
pub use no_event::NoEvent;
pub use ocsf::Ocsf;
pub use sign_in::{
    Activity, AutonomousSystem, Coordinates, Device, Factor, FactorKind, Location, Named, Origin,
    Outcome, Policy, Principal, PrincipalKind, Product, Protocol, Risk, RiskLevel, SignIn,
};
pub use words::says_nothing;
