//! Long ranges of time, read window by window.

use signin_core::vendor::{Ranged, WindowError};
use time::OffsetDateTime;

use crate::client::error::{is_dead_link, may_be_before_retention};
use crate::client::filter::From;
use crate::{Error, SignIns, Timestamp, Windows};

impl SignIns {
    /// Reads a range of time, from `from` on and before `to`, in windows: the earliest window
    /// first, several at once under the limits, within each the newest first.
    ///
    /// This is the way to read much: a list of its own for each window stays short enough to be
    /// answered, and can be gone on with after a break, when the links of one long list are
    /// dead. Where the range begins before what the tenant keeps (7 days, or 30 with P1 or P2),
    /// the pager begins where the service answers, and its report says what is not covered.
    ///
    /// Sign-ins appear some minutes late, and their risk changes for hours after that, under the
    /// same id: end a range a quarter of an hour ago, let ranges overlap by hours, and tell
    /// records apart by tenant, id and content.
    ///
    /// It takes the place of [`created_from`](Self::created_from) and
    /// [`created_before`](Self::created_before).
    pub fn window(self, from: impl Into<Timestamp>, to: impl Into<Timestamp>) -> Windows<Self> {
        let (from, to) = (from.into().instant(), to.into().instant());
        self.client.clone().windows(self, from, to)
    }
}

impl Ranged for SignIns {
    fn between(&self, from: OffsetDateTime, to: OffsetDateTime) -> Self {
        let mut list = self.clone();
        list.filter.from = Some(From::At(from));
        list.filter.before = Some(to);
        list
    }

    fn probe(&self, from: OffsetDateTime, to: OffsetDateTime) -> Self {
        self.between(from, to).top(1)
    }

    fn window_error(&self, error: &Error) -> Option<WindowError> {
        if may_be_before_retention(error) {
            return Some(WindowError::NotKept);
        }
        WindowError::of(error).or(is_dead_link(error).then_some(WindowError::DeadLink))
    }
}
