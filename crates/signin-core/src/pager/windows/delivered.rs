//! What was yielded of the window at hand, so that a window that is read again repeats nothing.

use std::collections::HashSet;

use time::OffsetDateTime;

/// The most records that are remembered. Of a window with more, some come again if it has to be
/// read again.
const MOST: usize = 100_000;

/// Fingerprints of records that were yielded.
#[derive(Debug, Default)]
pub(super) struct Delivered {
    /// Of the window at hand, since it was opened.
    now: HashSet<u64>,
    /// Of a window that is read again.
    before: HashSet<u64>,
    /// Where the window that is read again ended.
    until: Option<OffsetDateTime>,
    left_out: u64,
}

impl Delivered {
    /// What a checkpoint says was yielded of the window at hand.
    pub(super) fn of(fingerprints: impl IntoIterator<Item = u64>) -> Self {
        Self { now: fingerprints.into_iter().collect(), ..Self::default() }
    }

    /// Whether a record was not yielded before; it is from now on.
    pub(super) fn is_new(&mut self, fingerprint: Option<u64>) -> bool {
        let Some(fingerprint) = fingerprint else { return true };
        if self.before.contains(&fingerprint) {
            self.left_out += 1;
            return false;
        }
        if self.now.len() < MOST {
            self.now.insert(fingerprint);
        }
        true
    }

    /// The window at hand, which ends here, is read again.
    pub(super) fn comes_again_until(&mut self, end: OffsetDateTime) {
        let room = MOST.saturating_sub(self.before.len());
        self.before.extend(self.now.drain().take(room));
        self.until = self.until.max(Some(end));
    }

    /// The window at hand, which ends here, was yielded.
    pub(super) fn window_is_done(&mut self, end: OffsetDateTime) {
        self.now.clear();
        if self.until.is_some_and(|until| until <= end) {
            self.before = HashSet::new();
            self.until = None;
        }
    }

    /// How many records were left out.
    pub(super) fn left_out(&self) -> u64 {
        self.left_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: time::Duration = time::Duration::MINUTE;

    #[test]
    fn what_was_handed_out_is_left_out_until_its_window_is_done() {
        let start = OffsetDateTime::UNIX_EPOCH;
        let mut delivered = Delivered::default();
        assert!(delivered.is_new(Some(1)) && delivered.is_new(Some(2)) && delivered.is_new(None));
        delivered.comes_again_until(start + MINUTE * 4);
        assert!(!delivered.is_new(Some(1)) && delivered.is_new(Some(3)));
        delivered.comes_again_until(start + MINUTE * 2);
        assert!(!delivered.is_new(Some(3)));
        delivered.window_is_done(start + MINUTE);
        assert!(!delivered.is_new(Some(2)));
        delivered.window_is_done(start + MINUTE * 4);
        assert!(delivered.is_new(Some(2)));
        assert_eq!(delivered.left_out(), 3);
    }

    #[test]
    fn p7_no_more_than_a_bounded_number_is_remembered() {
        let mut delivered = Delivered::default();
        for round in 0..3 {
            for fingerprint in 0..150_000 {
                delivered.is_new(Some(round * 1_000_000 + fingerprint));
            }
            delivered.comes_again_until(OffsetDateTime::UNIX_EPOCH);
        }
        assert_eq!(delivered.before.len() + delivered.now.len(), MOST);
    }
}
