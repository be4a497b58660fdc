//! Which rows stand on which page, also where pages are short.
//!
//! The rows of a page follow from its number alone, so a pager sees every row once whatever the
//! order in which it asks, and any page costs the same.

use std::ops::Range;

use crate::seed::Seed;

/// Short pages come in groups of four pages that hold the rows of three.
const GROUP: u64 = 4;

/// How a list is cut into pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paging {
    seed: Seed,
    per_page: u64,
    short: bool,
}

impl Paging {
    pub(super) fn new(seed: Seed, per_page: u64, short: bool) -> Self {
        Self { seed: seed.branch("short pages").at(per_page), per_page, short }
    }

    /// The rows of `page`, from 1, of a list of `rows`.
    pub(super) fn rows_of(&self, page: u64, rows: u64) -> Range<u64> {
        self.rows_before(page).min(rows)..self.rows_before(page.saturating_add(1)).min(rows)
    }

    /// The pages that `rows` take: after the last of them nothing is left.
    pub(super) fn pages(&self, rows: u64) -> u64 {
        if !self.short {
            return rows.div_ceil(self.per_page);
        }
        let in_group = (GROUP - 1) * self.per_page;
        let (group, mut left) = (rows / in_group, rows % in_group);
        let mut pages = group * GROUP;
        for capacity in self.capacities(group) {
            if left == 0 {
                break;
            }
            pages += 1;
            left = left.saturating_sub(capacity);
        }
        pages
    }

    fn rows_before(&self, page: u64) -> u64 {
        let pages = page.saturating_sub(1);
        if !self.short {
            return pages.saturating_mul(self.per_page);
        }
        let (group, rest) = (pages / GROUP, pages % GROUP);
        let whole = group.saturating_mul((GROUP - 1) * self.per_page);
        let begun = self.capacities(group).into_iter().zip(0..rest);
        whole.saturating_add(begun.map(|(capacity, _)| capacity).sum())
    }

    /// The pages of a group: two are full and two share the rows of one. A group starts full, so
    /// no two pages in a row are empty; it never ends empty.
    fn capacities(&self, group: u64) -> [u64; 4] {
        let (seed, full) = (self.seed.at(group), self.per_page);
        let part = if seed.at(0).below(4) == 0 { 0 } else { seed.at(1).below(full) };
        let rest = full - part;
        match seed.at(2).below(3) {
            0 => [full, part, rest, full],
            1 => [full, part, full, rest],
            _ => [full, full, part, rest],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Paging;
    use crate::seed::Seed;

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap_and_end_where_they_say() {
        for (seed, per_page, short) in
            (0..40).flat_map(|seed| [(seed, 1, true), (seed, 7, true), (seed, 20, false)])
        {
            let paging = Paging::new(Seed::new(seed), per_page, short);
            for rows in [0, 1, 6, 7, 20, 21, 22, 60, 61, 399] {
                let pages = paging.pages(rows);
                let mut next = 0;
                for page in 1..=pages {
                    let range = paging.rows_of(page, rows);
                    assert_eq!(range.start, next);
                    assert!(range.end - range.start <= per_page);
                    assert!(page == pages || range.end < rows, "{rows} rows end before {pages}");
                    next = range.end;
                }
                assert_eq!(next, rows, "{rows} rows on {pages} pages");
                assert!(paging.rows_of(pages + 1, rows).is_empty());
            }
        }
    }

    #[test]
    fn short_and_empty_pages_occur_but_never_two_empty_ones_in_a_row() {
        let paging = Paging::new(Seed::new(3), 20, true);
        let lengths: Vec<_> = (1..400)
            .map(|page| paging.rows_of(page, u64::MAX))
            .map(|rows| rows.end - rows.start)
            .collect();
        assert_eq!(lengths[0], 20);
        assert!(lengths.contains(&0));
        assert!(lengths.iter().any(|length| (1..20).contains(length)));
        assert!(lengths.windows(2).all(|pair| pair != [0, 0]));
    }

    #[test]
    fn a_page_number_of_any_size_is_beyond_the_end() {
        for short in [false, true] {
            let paging = Paging::new(Seed::new(3), 500, short);
            assert!(paging.rows_of(u64::MAX, 10_000_000).is_empty());
        }
    }
}
