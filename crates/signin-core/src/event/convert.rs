//! From a vendor's record to an event.

use super::{Context, NoEvent};
use crate::record::model::FromJson;
use crate::record::record::Record;

/// A vendor's record that can become an event. Each vendor crate implements it for its own models;
/// call it by [`Record::to_event`].
pub trait ToEvent: FromJson {
    /// What it becomes: [`SignIn`](super::SignIn) or [`SignInCounts`](super::SignInCounts).
    type Event;

    /// Makes the event.
    ///
    /// # Errors
    /// [`NoEvent`]: the record is no sign-in, or lacks what every event must have.
    fn convert(record: &Record<Self>, context: &Context) -> Result<Self::Event, NoEvent>;
}

impl<T: ToEvent> Record<T> {
    /// The record in the shape that all products share.
    ///
    /// # Errors
    /// [`NoEvent`]: the record is no sign-in, or lacks what every event must have (a time, and who
    /// it was); or the context lacks what the record does not say.
    pub fn to_event(&self, context: &Context) -> Result<T::Event, NoEvent> {
        T::convert(self, context)
    }
}
