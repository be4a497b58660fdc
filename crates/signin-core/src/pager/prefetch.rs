//! Requests under way: the one for the next page and those that were sent ahead of it.
//!
//! Deciding stays in the order of the pages: a page that was sent ahead and turns out not to be the
//! next one is dropped, never yielded. But the service may look at its list for them in any order,
//! and a record that joins meanwhile moves others past the pager. So where a page that was under
//! way with others has another total than the one before, or a record of one before, the pager goes
//! back by as many pages as can be under way and reads one page at a time from there on. A list
//! that does not count itself is read one page ahead at most. With `n` pages ahead a numbered list
//! is read nearly `n` times as fast, until a limit binds; where a page names only the next one,
//! that one is under way while records are yielded.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::error::Result;
use crate::pager::continuation::Continuation;
use crate::send::task::Task;

/// Requests under way, each for a position, in the order of the pages.
pub(super) struct Prefetches<T>(VecDeque<Prefetch<T>>);

struct Prefetch<T> {
    to: Continuation,
    request: Task<T>,
    /// Whether another one was under way with it: the service may have looked at its list for
    /// them in any order.
    together: bool,
}

/// What a request brought.
pub(super) struct Landed<T> {
    pub(super) result: Result<T>,
    /// See [`Prefetch::together`].
    pub(super) together: bool,
}

impl<T: Send + 'static> Prefetches<T> {
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
    pub(super) fn last(&self) -> Option<&Continuation> {
        self.0.back().map(|prefetched| &prefetched.to)
    }

    /// True if the first one is for this position.
    pub(super) fn begin_with(&self, next: &Continuation) -> bool {
        self.0.front().is_some_and(|prefetched| prefetched.to == *next)
    }

    /// Drops what stands before this position, and everything if it is not among them.
    pub(super) fn go_on_at(&mut self, next: &Continuation) {
        while self.0.front().is_some_and(|prefetched| prefetched.to != *next) {
            self.0.pop_front();
        }
    }

    /// Adds the request for the next page.
    pub(super) fn put_first(&mut self, at: Continuation, request: Task<T>) {
        self.0.push_front(Prefetch { to: at, request, together: false });
        self.mark_together();
    }

    /// Adds a request after the last one.
    pub(super) fn put_last(&mut self, at: Continuation, request: Task<T>) {
        self.0.push_back(Prefetch { to: at, request, together: false });
        self.mark_together();
    }

    fn mark_together(&mut self) {
        if self.0.len() > 1 {
            self.0.iter_mut().for_each(|prefetched| prefetched.together = true);
        }
    }

    /// The answer to the first one; None if there is none.
    pub(super) fn poll_first(&mut self, cx: &mut Context<'_>) -> Poll<Option<Landed<T>>> {
        let Some(prefetched) = self.0.front_mut() else { return Poll::Ready(None) };
        let result = ready!(Pin::new(&mut prefetched.request).poll(cx));
        let together = prefetched.together;
        self.0.pop_front();
        Poll::Ready(Some(Landed { result, together }))
    }
}
