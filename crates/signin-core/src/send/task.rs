//! Requests as tasks of their own: they go on while nobody looks, and end with their owner.
//!
//! A request that waits for a limit holds its turn in the queue. Were it a plain future, a caller
//! who keeps it without polling it, as a `select!` in a loop does, would hold up everybody
//! after it.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::error::{Error, ErrorKind, Result};
use crate::http::transport::Deferred;

/// A request under way. Dropped, it stops.
pub(crate) enum Task<T> {
    Running(Running<T>),
    /// Outside a runtime there is nothing to run on: it goes on when it is polled.
    Polled(Deferred<'static, Result<T>>),
}

pub(crate) struct Running<T>(JoinHandle<Result<T>>);

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: Send + 'static> Task<T> {
    /// Starts it.
    pub(crate) fn start(request: impl Future<Output = Result<T>> + Send + 'static) -> Self {
        match Handle::try_current() {
            Ok(runtime) => Self::Running(Running(runtime.spawn(in_current_span(request)))),
            Err(_) => Self::Polled(Box::pin(request)),
        }
    }
}

impl<T> Future for Task<T> {
    type Output = Result<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Polled(request) => request.as_mut().poll(cx),
            Self::Running(Running(task)) => Poll::Ready(match ready!(Pin::new(task).poll(cx)) {
                Ok(result) => result,
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => Err(shut_down()),
                },
            }),
        }
    }
}

fn shut_down() -> Error {
    let why = "the runtime that the request ran on was shut down";
    Error::new(ErrorKind::Network, "request", why, "nothing is lost: ask again")
}

#[cfg(feature = "tracing")]
fn in_current_span<F: Future>(request: F) -> impl Future<Output = F::Output> {
    tracing::Instrument::in_current_span(request)
}

#[cfg(not(feature = "tracing"))]
fn in_current_span<F: Future>(request: F) -> F {
    request
}
