//! Rate limits: sliding windows, and what a refused client is told.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// What the `Retry-After` header of a 429 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// The whole seconds until a request would be answered, rounded up, 1 at least.
    Remaining,
    /// These seconds, true or not.
    Seconds(u64),
}

impl RetryAfter {
    /// The header's number for a request that is free in `wait`.
    pub(crate) fn seconds(self, wait: Duration) -> u64 {
        match self {
            Self::Remaining => (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1),
            Self::Seconds(seconds) => seconds,
        }
    }
}

/// At most `limit` requests in any stretch of `length`.
#[derive(Debug)]
pub(crate) struct SlidingWindow {
    limit: usize,
    length: Duration,
    starts: VecDeque<Instant>,
}

impl SlidingWindow {
    pub(crate) fn new(limit: u32, length: Duration) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Self { limit, length, starts: VecDeque::new() }
    }

    /// How long a request at `now` has to wait; `None` is not at all.
    fn wait(&mut self, now: Instant) -> Option<Duration> {
        while self.starts.front().is_some_and(|start| *start + self.length <= now) {
            self.starts.pop_front();
        }
        if self.starts.len() < self.limit {
            return None;
        }
        let free = self.starts.front().map_or(now, |start| *start) + self.length;
        Some(free.saturating_duration_since(now))
    }
}

/// Counts a request in every window, or in none of them: then the longest wait is the error.
pub(crate) fn admit(windows: &mut [&mut SlidingWindow], now: Instant) -> Result<(), Duration> {
    if let Some(wait) = windows.iter_mut().filter_map(|window| window.wait(now)).max() {
        return Err(wait);
    }
    for window in windows {
        window.starts.push_back(now);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{RetryAfter, SlidingWindow, admit};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn no_stretch_of_the_window_holds_more_than_the_limit() {
        let mut window = SlidingWindow::new(2, SECOND * 60);
        let start = Instant::now();
        let mut at = |seconds| admit(&mut [&mut window], start + SECOND * seconds);
        assert_eq!(at(0), Ok(()));
        assert_eq!(at(50), Ok(()));
        assert_eq!(at(59), Err(SECOND));
        assert_eq!(at(60), Ok(()));
        assert_eq!(at(61), Err(SECOND * 49));
    }

    #[test]
    fn a_request_that_one_window_refuses_counts_in_none() {
        let mut narrow = SlidingWindow::new(1, SECOND * 60);
        let mut wide = SlidingWindow::new(2, SECOND * 60);
        let now = Instant::now();
        assert_eq!(admit(&mut [&mut narrow, &mut wide], now), Ok(()));
        assert_eq!(admit(&mut [&mut narrow, &mut wide], now), Err(SECOND * 60));
        assert_eq!(admit(&mut [&mut wide], now), Ok(()));
        assert_eq!(admit(&mut [&mut wide], now), Err(SECOND * 60));
    }

    #[test]
    fn a_limit_of_nothing_refuses_everything() {
        let mut window = SlidingWindow::new(0, SECOND);
        assert_eq!(admit(&mut [&mut window], Instant::now()), Err(SECOND));
    }

    #[test]
    fn the_remaining_wait_is_rounded_up() {
        assert_eq!(RetryAfter::Remaining.seconds(Duration::from_millis(1_001)), 2);
        assert_eq!(RetryAfter::Remaining.seconds(Duration::ZERO), 1);
        assert_eq!(RetryAfter::Seconds(9).seconds(SECOND), 9);
    }
}
