//! The sign-ins of a whole environment: its events, those of other kinds left out.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::{Activities, Activity, Checkpoint, Items, Record, Report, Result};

/// The events about signing in of a whole environment, the newest first. See
/// [`Activity::is_sign_in`] for which they are.
///
/// Made by [`Client::all_sign_ins`](crate::Client::all_sign_ins) and [`Activities::sign_ins`]. All
/// events of the range are read, since the service's filter takes one type at a time; for a single
/// type ask by [`Activities::action_type`].
#[derive(Debug)]
#[must_use = "nothing is fetched until it is asked for"]
pub struct AllSignIns {
    items: Items<Activities>,
    left_out: u64,
}

impl AllSignIns {
    pub(crate) fn new(items: Items<Activities>) -> Self {
        Self { items, left_out: 0 }
    }

    /// Fetches up to so many pages ahead: see [`Items::fetch_ahead`].
    pub fn fetch_ahead(mut self, pages: usize) -> Self {
        self.items = self.items.fetch_ahead(pages);
        self
    }

    /// Starts where a checkpoint stands.
    ///
    /// # Errors
    /// [`ErrorKind::Checkpoint`](crate::ErrorKind::Checkpoint) if it is of another pager.
    pub fn resume(mut self, checkpoint: Checkpoint) -> Result<Self> {
        self.items = self.items.resume(checkpoint)?;
        Ok(self)
    }

    /// The next event; None after the last one. Dropping the future loses nothing.
    ///
    /// # Errors
    /// As [`Items::try_next`]: where [`Error::rejected`](crate::Error::rejected) is there, the
    /// next call goes on after that record.
    pub async fn try_next(&mut self) -> Result<Option<Record<Activity>>> {
        while let Some(event) = self.items.try_next().await? {
            if event.is_sign_in() {
                return Ok(Some(event));
            }
            self.left_out += 1;
        }
        Ok(None)
    }

    /// Where the pager stands: after the event that was yielded last.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        self.items.checkpoint()
    }

    /// What the pager did so far. Its records are all events that were read.
    pub fn report(&self) -> &Report {
        self.items.report()
    }

    /// How many of the events were about something else.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }
}

impl Stream for AllSignIns {
    type Item = Result<Record<Activity>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match ready!(Pin::new(&mut this.items).poll_next(cx)) {
                Some(Ok(event)) if !event.is_sign_in() => this.left_out += 1,
                next => return Poll::Ready(next),
            }
        }
    }
}
