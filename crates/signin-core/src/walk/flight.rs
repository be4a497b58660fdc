//! Requests under way: the one for the next page and those that were sent ahead of it.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::paging::Position;
use crate::{Deferred, Error, ErrorKind, Result};

/// Requests under way, each for a position, in the order of the pages.
pub(super) struct Flights<T>(VecDeque<(Position, Task<T>)>);

/// A request that runs when it is polled, or by itself until it is dropped.
enum Task<T> {
    Polled(Deferred<'static, Result<T>>),
    Running(Running<T>),
}

/// A task that ends when this is dropped.
struct Running<T>(JoinHandle<Result<T>>);

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

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

    /// Adds a request at the front: it runs when it is polled.
    pub(super) fn put_first(&mut self, at: Position, request: Deferred<'static, Result<T>>) {
        self.0.push_front((at, Task::Polled(request)));
    }

    /// Adds a request at the back: it runs at once and by itself. Outside a runtime it runs when
    /// it is polled.
    pub(super) fn start(&mut self, at: Position, request: Deferred<'static, Result<T>>) {
        let task = match Handle::try_current() {
            Ok(runtime) => Task::Running(Running(runtime.spawn(request))),
            Err(_) => Task::Polled(request),
        };
        self.0.push_back((at, task));
    }

    /// The answer to the first one; None if there is none.
    pub(super) fn poll_first(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let Some((_, task)) = self.0.front_mut() else { return Poll::Ready(None) };
        let result = match task {
            Task::Polled(request) => ready!(request.as_mut().poll(cx)),
            Task::Running(Running(task)) => match ready!(Pin::new(task).poll(cx)) {
                Ok(result) => result,
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => Err(shut_down()),
                },
            },
        };
        self.0.pop_front();
        Poll::Ready(Some(result))
    }
}

fn shut_down() -> Error {
    let why = "the runtime that fetched a page ahead was shut down";
    Error::new(ErrorKind::Network, "walk", why, "go on: the page is asked for again")
}
