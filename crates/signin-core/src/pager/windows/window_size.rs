//! How long windows are: shorter after trouble, longer again where all goes well.

use std::time::Duration;

use time::OffsetDateTime;

use crate::pager::report::Report;

const SHORTEST: Duration = Duration::from_secs(60);
const FIRST: Duration = Duration::from_secs(60 * 60);
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Windows of more pages than this do not get longer: the longer one is, the more is read again
/// after a break.
const FEW_PAGES: u64 = 4;

#[derive(Debug, Clone)]
pub(super) struct WindowSize {
    length: Duration,
    longest: Duration,
}

impl Default for WindowSize {
    fn default() -> Self {
        Self { length: FIRST, longest: LONGEST }
    }
}

impl WindowSize {
    pub(super) fn begin_with(&mut self, length: Duration) {
        self.length = whole_seconds(length).max(SHORTEST);
        self.longest = self.longest.max(self.length);
    }

    pub(super) fn at_most(&mut self, length: Duration) {
        self.longest = whole_seconds(length).max(SHORTEST);
        self.length = self.length.min(self.longest);
    }

    /// The end of a window that begins here.
    pub(super) fn end_of(&self, from: OffsetDateTime) -> OffsetDateTime {
        from.saturating_add(time::Duration::try_from(self.length).unwrap_or(time::Duration::MAX))
    }

    /// Takes note of how a window went; whether the next ones may be longer is another matter.
    pub(super) fn learn(&mut self, window: &Report, may_grow: bool) {
        if window.throttled > 0 {
            self.slow_down();
        } else if may_grow && window.retries == 0 && window.pages <= FEW_PAGES {
            self.length = self.length.saturating_mul(2).min(self.longest);
        }
    }

    /// From now on windows are no longer than this, until they may grow again.
    pub(super) fn shorten(&mut self, length: time::Duration) {
        let length = Duration::try_from(length).unwrap_or(SHORTEST);
        self.length = self.length.min(whole_seconds(length)).max(SHORTEST);
    }

    pub(super) fn slow_down(&mut self) {
        self.length = whole_seconds(self.length / 2).max(SHORTEST);
    }

    /// Where a window is halved; None for one that is too short for that.
    pub(super) fn middle(
        &self,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Option<OffsetDateTime> {
        let half = whole_seconds(Duration::try_from((to - from) / 2).ok()?);
        let half_is_long_enough = half >= SHORTEST;
        let half = time::Duration::try_from(half).ok()?;
        half_is_long_enough.then(|| from.saturating_add(half))
    }
}

fn whole_seconds(length: Duration) -> Duration {
    Duration::from_secs(length.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_grow_while_all_goes_well_and_shrink_after_trouble() {
        let mut window_size = WindowSize::default();
        let easy = Report { pages: 2, ..Report::default() };
        let full = Report { pages: 20, ..Report::default() };
        let throttled = Report { pages: 2, throttled: 1, retries: 1, ..Report::default() };
        let mut lengths = Vec::new();
        for report in [&easy, &easy, &full, &throttled, &easy, &easy, &easy, &easy, &easy, &easy] {
            window_size.learn(report, true);
            lengths.push(window_size.length.as_secs() / 3600);
        }
        assert_eq!(lengths, [2, 4, 4, 2, 4, 8, 16, 24, 24, 24]);
        for _ in 0..30 {
            window_size.slow_down();
        }
        assert_eq!(window_size.length, SHORTEST);
        window_size.learn(&easy, false);
        assert_eq!(window_size.length, SHORTEST);
    }

    #[test]
    fn lengths_of_any_size_are_taken() {
        let start = OffsetDateTime::UNIX_EPOCH;
        let mut window_size = WindowSize::default();
        window_size.begin_with(Duration::MAX);
        assert!(window_size.end_of(start) > start);
        window_size.learn(&Report::default(), true);
        window_size.at_most(Duration::ZERO);
        assert_eq!(window_size.end_of(start) - start, time::Duration::MINUTE);
        assert_eq!(window_size.middle(start, start + time::Duration::seconds(119)), None);
        let middle = window_size.middle(start, start + time::Duration::milliseconds(121_500));
        assert_eq!(middle, Some(start + time::Duration::MINUTE));
    }
}
