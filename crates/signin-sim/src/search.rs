//! Binary search over numbers, for lists whose items are computed and not held.

use std::ops::Range;

/// The first number of `range` for which `holds`, or its end; once it holds, it holds for all
/// that follow.
pub(crate) fn first(range: Range<u64>, holds: impl Fn(u64) -> bool) -> u64 {
    let Range { start: mut low, end: mut high } = range;
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::first;

    #[test]
    fn the_first_number_is_found_wherever_it_is() {
        for bound in 0..12 {
            assert_eq!(first(0..10, |n| n >= bound), bound.min(10));
            assert_eq!(first(4..10, |n| n >= bound), bound.clamp(4, 10));
        }
        assert_eq!(first(7..7, |_| true), 7);
    }
}
