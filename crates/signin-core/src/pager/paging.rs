//! How a list goes on: one pure decision for every kind of paging, with the rules that keep a pager
//! from ending early or never.
//!
//! Continuations that repeat, go backwards, leave pages out or contradict themselves end a pager
//! with an error, after the records that were good. Counts end nothing by themselves: a page that
//! is full asks for one more. Circles are found by the last 1,024 continuations and an anchor, in 8
//! kB, and by the contents of the last 1,024 pages, in as much (`paging_state.rs`). A numbered page
//! that comes again under another number is an error too, unless its rows may have moved there:
//! where the total changed, and in a list in no known order where it is a single row. Pages in a
//! row that promise another one and bring nothing new end every pager: a thousand that are empty or
//! have one record, twenty with more.
//!
//! A total is held against different records, not against rows. Fewer than it says make the result
//! incomplete. More do not, unless rows were seen to move in a list without an order: then nothing
//! confirms the passes. A total that shrinks on the way makes the result incomplete too: records
//! went, and those after them moved up.

mod paging_state;

use crate::page::page_info::PageInfo;
use crate::pager::continuation::Continuation;

pub(crate) use self::paging_state::{Content, PagingState};

/// How a vendor's list goes on from page to page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Paging {
    /// One answer is everything.
    None,
    /// Each page holds the address of the next; only a missing one ends the list.
    NextLink,
    /// Each page holds a cursor for the next; only a missing one ends the list.
    Cursor {
        /// The query parameter that takes the cursor.
        parameter: &'static str,
    },
    /// Pages are numbered.
    PageNumber {
        /// The query parameter that takes the number.
        parameter: &'static str,
        /// The number of the page that the pager starts at.
        start: u64,
        /// The number of the vendor's first page, 0 or 1.
        first: u64,
        /// How many records were asked for on a page.
        size: u64,
        /// Whether a page that is followed by another one says so. Where it does, a page that is
        /// not full and names no next one is the last.
        says_next: bool,
    },
}

impl Paging {
    /// The position of a pager's beginning.
    pub(crate) fn start(&self) -> Continuation {
        match *self {
            Self::PageNumber { start, .. } => Continuation::Page(start),
            _ => Continuation::Start,
        }
    }

    /// How many records are assumed to stand before the beginning.
    pub(crate) fn rows_before_start(&self) -> u64 {
        match *self {
            Self::PageNumber { start, first, size, .. } => {
                start.saturating_sub(first).saturating_mul(size)
            }
            _ => 0,
        }
    }

    /// Decides how to go on from the page at `at`, which said `info` and which `state` took note
    /// of. No I/O, no clock.
    ///
    /// # Errors
    /// Why there is no way on that could be trusted.
    pub(crate) fn next(
        &self,
        paging_state: &mut PagingState,
        at: &Continuation,
        info: &PageInfo,
    ) -> Result<Continuation, String> {
        if let Some(path) = &info.unclear {
            return Err(format!("the continuation at {path} is unclear or contradicts itself"));
        }
        let next = match *self {
            Self::None => Continuation::End,
            Self::NextLink => info.next_link.clone().map_or(Continuation::End, Continuation::Link),
            Self::Cursor { .. } => {
                info.next_cursor.clone().map_or(Continuation::End, Continuation::Cursor)
            }
            Self::PageNumber { parameter, size, says_next, .. } => {
                let Continuation::Page(number) = *at else {
                    return Err("the walk is not at a numbered page".into());
                };
                let more = match named_page(info, parameter, number)? {
                    Some(named) => Some(in_order(number, named)?),
                    None => unnamed_page(paging_state, info, number, size, says_next),
                };
                more.map_or(Continuation::End, Continuation::Page)
            }
        };
        if next != Continuation::End {
            paging_state.check_fruitless()?;
        }
        paging_state.check_circle(&next)?;
        Ok(next)
    }
}

/// The page that a page names as the next: by number, or by a link's parameter, which must agree.
fn named_page(info: &PageInfo, parameter: &str, number: u64) -> Result<Option<u64>, String> {
    // A link without a readable number still says that there is a next page.
    let following = number.saturating_add(1);
    let linked = info.next_link.as_ref().map(|link| page_of(link, parameter).unwrap_or(following));
    match (info.next_page, linked) {
        (Some(named), Some(linked)) if named != linked => {
            Err(format!("the next page is {named} by number and {linked} by link"))
        }
        (named, linked) => Ok(named.or(linked)),
    }
}

/// The number in a link's query, or None.
fn page_of(link: &str, parameter: &str) -> Option<u64> {
    let (_, query) = link.split_once('?')?;
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    let value = query.split('&').find_map(|pair| pair.strip_prefix(parameter)?.strip_prefix('='));
    value?.parse().ok()
}

fn in_order(number: u64, named: u64) -> Result<u64, String> {
    if named <= number {
        return Err(format!("page {number} is followed by page {named}: no way on"));
    }
    if named > number + 1 {
        return Err(format!("page {number} is followed by page {named}: pages left out"));
    }
    Ok(named)
}

/// The next page where none is named. A count never ends a pager by itself: a full page always
/// asks for one more; a page that is not full ends the pager when the total is reached; two empty
/// pages in a row end it in any case.
fn unnamed_page(
    paging_state: &PagingState,
    info: &PageInfo,
    number: u64,
    size: u64,
    says_next: bool,
) -> Option<u64> {
    // Services may give fewer on a page than was asked for, and say so.
    let full_size = info.page_size.filter(|said| *said > 0).map_or(size, |said| said.min(size));
    let full = info.rows > 0 && info.rows >= full_size;
    let at_end = paging_state.empty_in_a_row >= 2
        || match paging_state.total {
            Some(total) => paging_state.distinct() >= total,
            None => says_next,
        };
    if full || !at_end { number.checked_add(1) } else { None }
}

/// FNV-1a over the parts, each closed by its length. The same in every version: checkpoints hold
/// it. It guards against chance only; nothing that a sender can choose freely may depend on it.
pub(crate) fn fingerprint<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u64 {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
    parts.into_iter().fold(START, |hash, part| {
        let length = part.len().to_le_bytes();
        length.iter().fold(part.iter().fold(hash, mix), mix)
    })
}

#[cfg(test)]
mod tests {
    use super::paging_state::MOST_FRUITLESS;
    use super::*;

    const NUMBERED: Paging =
        Paging::PageNumber { parameter: "page", start: 1, first: 1, size: 20, says_next: true };
    const SILENT: Paging = Paging::PageNumber {
        parameter: "pageIndex",
        start: 1,
        first: 1,
        size: 20,
        says_next: false,
    };

    fn rows(rows: u64) -> PageInfo {
        PageInfo { rows, ..PageInfo::default() }
    }

    fn link(text: &str) -> PageInfo {
        PageInfo { rows: 1, next_link: Some(text.into()), ..PageInfo::default() }
    }

    /// A page that says this and whose records are new.
    fn step(
        paging: Paging,
        paging_state: &mut PagingState,
        at: &Continuation,
        info: &PageInfo,
    ) -> Result<Continuation, String> {
        paging_state.take_total(info.total);
        paging_state.take_note(page_of(info.rows, None, true, false))?;
        paging.next(paging_state, at, info)
    }

    fn page_of(
        rows: u64,
        fingerprint: Option<u64>,
        any_new: bool,
        may_have_moved: bool,
    ) -> Content {
        let (repeats, is_numbered, is_again) = (0, true, false);
        Content { fingerprint, rows, repeats, any_new, is_numbered, may_have_moved, is_again }
    }

    /// The pages that are asked for when the service answers `pages` in turn and then empty ones.
    fn pages_asked(paging: Paging, pages: &[PageInfo]) -> Result<Vec<u64>, String> {
        let (mut paging_state, mut at, mut asked) =
            (PagingState::default(), paging.start(), Vec::new());
        while let Continuation::Page(number) = at {
            asked.push(number);
            let info = pages.get(asked.len() - 1).cloned().unwrap_or_default();
            at = step(paging, &mut paging_state, &at, &info)?;
        }
        Ok(asked)
    }

    #[test]
    fn p1_an_empty_or_short_page_with_a_continuation_is_not_the_end() {
        for count in [0, 1, 19] {
            let more = PageInfo { next_page: Some(2), ..rows(count) };
            assert_eq!(pages_asked(NUMBERED, &[more]), Ok(vec![1, 2]));
        }
        let mut paging_state = PagingState::default();
        for page in 0..500 {
            let info = PageInfo { rows: 0, ..link(&format!("https://h/?t={page}")) };
            let next = step(Paging::NextLink, &mut paging_state, &Continuation::Start, &info);
            assert!(matches!(next, Ok(Continuation::Link(_))));
        }
    }

    #[test]
    fn p1_a_full_page_always_asks_for_one_more() {
        assert_eq!(pages_asked(NUMBERED, &[rows(20)]), Ok(vec![1, 2]));
        let counted = PageInfo { total: Some(20), ..rows(20) };
        assert_eq!(pages_asked(NUMBERED, std::slice::from_ref(&counted)), Ok(vec![1, 2]));
        assert_eq!(pages_asked(SILENT, &[counted]), Ok(vec![1, 2]));
        let clamped = PageInfo { page_size: Some(10), ..rows(10) };
        assert_eq!(pages_asked(NUMBERED, &[clamped]), Ok(vec![1, 2]));
        let boasting = PageInfo { page_size: Some(1000), ..rows(20) };
        assert_eq!(pages_asked(NUMBERED, &[boasting]), Ok(vec![1, 2]));
    }

    #[test]
    fn p1_a_page_size_of_none_is_no_size_and_an_empty_page_is_never_full() {
        let sizeless = PageInfo { page_size: Some(0), ..rows(7) };
        assert_eq!(pages_asked(NUMBERED, &[sizeless]), Ok(vec![1]));
        let paging =
            Paging::PageNumber { parameter: "page", start: 1, first: 1, size: 0, says_next: true };
        assert_eq!(pages_asked(paging, &[rows(7)]), Ok(vec![1, 2]));
    }

    #[test]
    fn p1_rows_before_the_page_that_a_walk_starts_at_count_towards_the_total() {
        let from_page = |start, first| Paging::PageNumber {
            parameter: "page",
            start,
            first,
            size: 20,
            says_next: false,
        };
        for (paging, before) in [
            (from_page(3, 1), 40),
            (from_page(3, 0), 60),
            (from_page(1, 1), 0),
            (from_page(0, 1), 0),
            (Paging::NextLink, 0),
        ] {
            assert_eq!(paging.rows_before_start(), before, "{paging:?}");
        }
        let last = PageInfo { total: Some(47), ..rows(7) };
        let next = step(SILENT, &mut PagingState::after(40), &Continuation::Page(3), &last);
        assert_eq!(next, Ok(Continuation::End));
        let one_is_missing = PageInfo { total: Some(48), ..rows(7) };
        let next =
            step(SILENT, &mut PagingState::after(40), &Continuation::Page(3), &one_is_missing);
        assert_eq!(next, Ok(Continuation::Page(4)));
    }

    #[test]
    fn p1_a_total_that_is_too_low_never_ends_a_walk() {
        let low = |count| PageInfo { total: Some(1), ..rows(count) };
        assert_eq!(pages_asked(SILENT, &[low(20), low(20), low(7)]), Ok(vec![1, 2, 3]));
    }

    #[test]
    fn p1_a_total_that_is_too_high_ends_after_two_empty_pages_not_never() {
        let high = |count| PageInfo { total: Some(1000), ..rows(count) };
        assert_eq!(
            pages_asked(SILENT, &[high(20), high(7), high(0), high(0)]),
            Ok(vec![1, 2, 3, 4])
        );
        assert_eq!(
            pages_asked(SILENT, &[high(7), high(0), high(3), high(0), high(0)]),
            Ok(vec![1, 2, 3, 4, 5])
        );
    }

    #[test]
    fn p1_without_total_and_names_only_two_empty_pages_end_a_walk() {
        assert_eq!(pages_asked(SILENT, &[rows(7), rows(0), rows(3)]), Ok(vec![1, 2, 3, 4, 5]));
    }

    #[test]
    fn a_page_that_is_not_full_and_names_no_next_one_is_the_last() {
        assert_eq!(pages_asked(NUMBERED, &[rows(7)]), Ok(vec![1]));
        assert_eq!(pages_asked(NUMBERED, &[rows(0)]), Ok(vec![1]));
        let reached = PageInfo { total: Some(7), ..rows(7) };
        assert_eq!(pages_asked(NUMBERED, std::slice::from_ref(&reached)), Ok(vec![1]));
        assert_eq!(pages_asked(SILENT, &[reached]), Ok(vec![1]));
    }

    #[test]
    fn p1_a_number_that_stays_goes_back_or_leaves_pages_out_is_an_error() {
        for wrong in [0, 1, 3, u64::MAX] {
            let info = PageInfo { next_page: Some(wrong), ..rows(20) };
            assert!(pages_asked(NUMBERED, &[info]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_older_tenant_names_the_next_page_by_link_only() {
        for text in [
            "https://h/x?per_page=20&page=2",
            "https://elsewhere.example/x?page=2&per_page=20#frag",
            "https://h/x?cursor=abc",
        ] {
            assert_eq!(pages_asked(NUMBERED, &[link(text)]), Ok(vec![1, 2]), "{text}");
        }
        assert!(pages_asked(NUMBERED, &[link("https://h/x?page=1")]).is_err());
    }

    #[test]
    fn p1_number_and_link_that_disagree_are_an_error() {
        let info = PageInfo { next_page: Some(2), ..link("https://h/x?page=3") };
        assert_eq!(
            pages_asked(NUMBERED, &[info]),
            Err("the next page is 2 by number and 3 by link".into())
        );
        let info = PageInfo { next_page: Some(2), ..link("https://h/x?page=2") };
        assert_eq!(pages_asked(NUMBERED, &[info]), Ok(vec![1, 2]));
    }

    #[test]
    fn p1_a_continuation_given_twice_with_different_values_is_an_error() {
        let info = PageInfo { unclear: Some("/meta/next".into()), ..link("https://h/?t=1") };
        let next = step(Paging::NextLink, &mut PagingState::default(), &Continuation::Start, &info);
        assert!(next.unwrap_err().contains("/meta/next"));
    }

    #[test]
    fn p1_a_repeated_continuation_is_an_error_in_any_circle() {
        for (lead_in, circle) in [(0, 1), (1, 1), (5, 2), (3, 700), (10, 1500), (2000, 5000)] {
            let mut paging_state = PagingState::default();
            let page =
                |step: u64| if step < lead_in { step } else { lead_in + (step - lead_in) % circle };
            let error = (0..40_000).find_map(|number| {
                let info = PageInfo { next_cursor: Some(page(number).to_string()), ..rows(1) };
                let paging = Paging::Cursor { parameter: "cursor" };
                step(paging, &mut paging_state, &Continuation::Start, &info).err().map(|_| number)
            });
            let first_repeat = lead_in + circle;
            let found = error.expect("the circle is found");
            assert!(found >= first_repeat, "{lead_in} {circle}: nothing repeats before");
            assert!(found <= first_repeat * 4, "{lead_in} {circle}: found at {found}");
            if circle <= 1024 {
                assert_eq!(found, first_repeat, "short circles are found at once");
            }
        }
    }

    #[test]
    fn p1_empty_pages_for_ever_are_an_error() {
        let mut paging_state = PagingState::default();
        let mut at = NUMBERED.start();
        let error = (1..).find_map(|number| {
            let info = PageInfo { next_page: Some(number + 1), ..rows(0) };
            match step(NUMBERED, &mut paging_state, &at, &info) {
                Ok(next) => at = next,
                Err(why) => return Some((number, why)),
            }
            None
        });
        let (number, why) = error.unwrap();
        assert_eq!(number, u64::from(MOST_FRUITLESS));
        assert!(why.contains("brought nothing new"), "{why}");
    }

    #[test]
    fn p1_pages_of_known_records_for_ever_are_an_error_and_one_new_record_begins_the_count_anew() {
        for (paging, rows_on_page, most) in [(NUMBERED, 1, 1000), (NUMBERED, 20, 20)]
            .into_iter()
            .chain([(Paging::NextLink, 1, 1000), (Paging::Cursor { parameter: "c" }, 7, 20)])
        {
            let mut paging_state = PagingState::default();
            let mut page = |number: u64, any_new| {
                paging_state.take_note(page_of(rows_on_page, Some(number), any_new, false))?;
                let (page, text) = (Some(number + 1), Some(format!("https://h/?t={number}")));
                let mut info = PageInfo { next_cursor: text.clone(), ..rows(rows_on_page) };
                match paging {
                    Paging::NextLink => info.next_link = text,
                    Paging::PageNumber { .. } => info.next_page = page,
                    _ => {}
                }
                paging.next(&mut paging_state, &Continuation::Page(number), &info)
            };
            for number in 1..most {
                assert!(page(number, false).is_ok(), "{number}");
            }
            assert!(page(most, true).is_ok());
            for number in most + 1..most * 2 {
                assert!(page(number, false).is_ok(), "{number}");
            }
            let why = page(most * 2, false).unwrap_err();
            assert!(why.contains("brought nothing new"), "{why}");
        }
    }

    #[test]
    fn p1_the_same_pages_behind_ever_new_cursors_are_an_error_however_many_take_turns() {
        let paging = Paging::Cursor { parameter: "c" };
        for (pages, rows_on_page, found) in [(1, 10, 20), (3, 10, 22), (500, 2, 519), (1, 1, 1000)]
        {
            let mut paging_state = PagingState::default();
            let error = (0_u64..).find_map(|number| {
                let info = PageInfo { next_cursor: Some(number.to_string()), ..rows(rows_on_page) };
                // What tells records apart is not known here: they are taken for new ones.
                let seen = page_of(rows_on_page, Some(number % pages), true, false);
                paging_state.take_note(Content { is_numbered: false, ..seen }).unwrap();
                paging.next(&mut paging_state, &Continuation::Start, &info).err().map(|_| number)
            });
            assert_eq!(error, Some(found), "{pages} pages of {rows_on_page}");
        }
    }

    #[test]
    fn p1_the_page_before_under_another_number_is_an_error_and_what_has_no_content_is_none() {
        let mut paging_state = PagingState::default();
        for content in [None, None, Some(1), Some(2), Some(1), None, Some(1)] {
            let rows = u64::from(content.is_some());
            let page = page_of(rows, content, true, false);
            assert_eq!(paging_state.take_note(page), Ok(()), "{content:?}");
        }
        assert!(paging_state.take_note(page_of(1, Some(1), true, false)).is_err());
    }

    #[test]
    fn p1_a_page_that_moved_is_no_error_and_brings_nothing_new_whatever_is_remembered_of_it() {
        let mut paging_state = PagingState::default();
        let mut page = |number: u64, any_new| {
            paging_state.take_note(page_of(20, Some(1), any_new, true))?;
            NUMBERED.next(&mut paging_state, &Continuation::Page(number), &rows(20))
        };
        let most = 20;
        for number in 1..=most {
            assert!(page(number, true).is_ok(), "{number}");
        }
        let why = page(most + 1, true).unwrap_err();
        assert!(why.contains("brought nothing new"), "{why}");
    }

    #[test]
    fn p1_repeats_do_not_count_towards_a_total() {
        let counted = PageInfo { total: Some(7), ..rows(7) };
        let mut paging_state = PagingState::default();
        paging_state.take_total(counted.total);
        paging_state.take_note(Content { repeats: 1, ..page_of(7, None, true, false) }).unwrap();
        assert_eq!(paging_state.distinct(), 6);
        let next = SILENT.next(&mut paging_state, &Continuation::Page(1), &counted);
        assert_eq!(next, Ok(Continuation::Page(2)), "one is still to come");
    }

    #[test]
    fn p1_a_resumed_page_that_leads_to_itself_is_an_error() {
        for position in
            [Continuation::Link("https://h/?t=1".into()), Continuation::Cursor("1".into())]
        {
            let mut paging_state = PagingState::default();
            paging_state.begin_at(&position);
            let (paging, info) = match &position {
                Continuation::Link(text) => (Paging::NextLink, link(text)),
                _ => {
                    let info = PageInfo { next_cursor: Some("1".into()), ..rows(1) };
                    (Paging::Cursor { parameter: "cursor" }, info)
                }
            };
            assert!(step(paging, &mut paging_state, &position, &info).is_err(), "{position:?}");
        }
    }

    #[test]
    fn fingerprints_are_the_same_in_every_version() {
        assert_eq!(fingerprint([b"".as_slice()]), 0xa8c7_f832_281a_39c5);
        assert_ne!(fingerprint([b"ab".as_slice(), b"c"]), fingerprint([b"a".as_slice(), b"bc"]));
    }
}
