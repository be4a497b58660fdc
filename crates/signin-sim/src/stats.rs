//! What a service counts.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::answer::Answer;

/// What a service has done since it started.
///
/// Every request that was answered is in exactly one of `answered`, `unauthorised`, `throttled`,
/// `rejected` and `faults`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Requests that came in, those still being answered included.
    pub requests: u64,
    /// Answers with a status of 2xx.
    pub answered: u64,
    /// Answers 401.
    pub unauthorised: u64,
    /// Answers 429 by a rate limit.
    pub throttled: u64,
    /// Other refusals: bad parameters, unknown users, unknown paths.
    pub rejected: u64,
    /// Answers that the settings put in place of the real ones (`fail_every`).
    pub faults: u64,
    /// Bytes of all bodies handed to the connection; heads are not counted.
    pub body_bytes: u64,
}

/// The counters after [`Stats`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    requests: AtomicU64,
    answered: AtomicU64,
    unauthorised: AtomicU64,
    throttled: AtomicU64,
    rejected: AtomicU64,
    faults: AtomicU64,
    body_bytes: AtomicU64,
}

impl Counters {
    /// Counts a request and gives its number, from 1.
    pub(crate) fn request(&self) -> u64 {
        self.requests.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Counts an answer.
    pub(crate) fn answer(&self, answer: &Answer) {
        let counter = match answer.status.as_u16() {
            _ if answer.fault => &self.faults,
            200..=299 => &self.answered,
            401 => &self.unauthorised,
            429 => &self.throttled,
            _ => &self.rejected,
        };
        counter.fetch_add(1, Ordering::SeqCst);
        self.body_bytes.fetch_add(answer.body.len() as u64, Ordering::SeqCst);
    }

    /// Answers with a status of 2xx so far.
    pub(crate) fn answered(&self) -> u64 {
        self.answered.load(Ordering::SeqCst)
    }

    /// All counts, read one after the other.
    pub(crate) fn read(&self) -> Stats {
        let read = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        Stats {
            requests: read(&self.requests),
            answered: read(&self.answered),
            unauthorised: read(&self.unauthorised),
            throttled: read(&self.throttled),
            rejected: read(&self.rejected),
            faults: read(&self.faults),
            body_bytes: read(&self.body_bytes),
        }
    }
}
