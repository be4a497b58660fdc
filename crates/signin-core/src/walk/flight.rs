//! Requests under way: the one for the next page and those that were sent ahead of it.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::Result;
use crate::paging::Position;
use crate::task::Task;

/// Requests under way, each for a position, in the order of the pages.
pub(super) struct Flights<T>(VecDeque<(Position, Task<T>)>);

impl<T: Send + 'static> Flights<T> {
    pub(super) fn new() -> Self {
        Self(VecDeque::new())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The position of the last one.
    pub(super) fn last(&self) -> Option<&Position> {
        self.0.back().map(|(position, _)| position)
    }

    /// True if the first one is for this position.
    pub(super) fn begin_with(&self, next: &Position) -> bool {
        self.0.front().is_some_and(|(position, _)| position == next)
    }

    /// Drops what stands before this position, and everything if it is not among them.
    pub(super) fn go_on_at(&mut self, next: &Position) {
        while self.0.front().is_some_and(|(position, _)| position != next) {
            self.0.pop_front();
        }
    }

    /// Adds the request for the next page.
    pub(super) fn put_first(&mut self, at: Position, request: Task<T>) {
        self.0.push_front((at, request));
    }

    /// Adds a request behind the last one.
    pub(super) fn put_last(&mut self, at: Position, request: Task<T>) {
        self.0.push_back((at, request));
    }

    /// The answer to the first one; None if there is none.
    pub(super) fn poll_first(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let Some((_, request)) = self.0.front_mut() else { return Poll::Ready(None) };
        let result = ready!(Pin::new(request).poll(cx));
        self.0.pop_front();
        Poll::Ready(Some(result))
    }
}
