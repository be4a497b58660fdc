//! What a walk does with a page that came: what it leaves out, how it goes on, where it stands.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::Row;
use super::pages::{Arrived, Pages, Place};
use super::passes::{Passes, Verdict};
use super::prints::{content_of, fingerprint_of, fingerprint_of_rejected, not_met, numbered};
use crate::page::page::Page;
use crate::pager::operation::Operation;
use crate::pager::paging::{Content, Paging, Trail};
use crate::pager::position::Position;
use crate::pager::report::Warning;
use crate::{Error, ErrorKind};

/// How many pages' records go into a checkpoint, to leave out those that come again.
const REMEMBERED_PAGES: usize = 2;

/// What is left out of a page because it came before.
struct LeftOut {
    /// The fingerprints of the rows that stay, one each.
    marks: Vec<Option<u64>>,
    /// The fingerprints of all rows.
    on_page: HashSet<u64>,
    /// Where different records may be alike: those that were handed out and are not on this page.
    not_met: HashSet<u64>,
    /// Records that came before in this walk, or twice on the page. What was handed out of the
    /// page before a resume is none.
    repeats: u64,
}

impl<O: Operation> Pages<O> {
    /// Takes a page in: leaves out what came before, decides how to go on, moves the place.
    pub(super) fn arrive(&mut self, mut page: Page<O::Item>) -> Arrived<O::Item> {
        if let Some(beginning) = self.beginning.take() {
            self.place = beginning;
        }
        let paging = self.operation.paging();
        let first = self.next == paging.start() && self.place.pinned.is_empty();
        let (rows_before, total_before) = (self.trail.distinct(), self.trail.total);
        self.pinned = true;
        self.report.pages += 1;
        let lossy = page.items().filter(|record| record.is_lossy()).count();
        self.report.not_utf8(u64::try_from(lossy).unwrap_or(u64::MAX));
        self.report.doubt(self.operation.doubt(&page));
        self.begun.note(&self.next);
        let mut place = self.place.clone();
        if first {
            let pinned = self.operation.pin(&page).into_iter();
            place.pinned = pinned.map(|(name, value)| (name.to_owned(), value)).collect();
        }
        let mut is_again = false;
        if let Position::Page(number) = self.next {
            self.first_page.get_or_insert(number);
            is_again = number < self.again_until;
        }
        self.trail.take_total(page.facts().total);
        let print = content_of(paging, &page);
        let new_to_pass = self.hold_against_passes(&mut page);
        let LeftOut { mut marks, on_page, not_met, repeats } =
            self.leave_out_known(&mut page, &place);
        // What came before says nothing of the order.
        place.depth.note(&self.operation, &page);
        // A whole page moves by as many rows as came or went before it, which the total tells. Where
        // rows have no order, a single one moves to the next page soon.
        let may_have_moved =
            self.trail.total != total_before || self.passes.is_some() && page.facts().rows == 1;
        let noted = self.trail.take_note(Content {
            print,
            rows: page.facts().rows,
            repeats,
            any_new: new_to_pass.unwrap_or(repeats < page.facts().rows),
            is_numbered: matches!(paging, Paging::PageNumber { .. }),
            may_have_moved,
            is_again,
        });
        let next = paging.next(&mut self.trail, &self.next, page.facts());
        let mut next = noted.and(next);
        // Pages that brought nothing new push nothing out of what is remembered, unless the list is
        // gone through in passes, which remember all.
        let is_kept = !marks.is_empty() || self.passes.is_some();
        self.leave_out_unwanted(&mut page, &mut marks);
        if is_kept {
            place.recent.push_back(Arc::new(on_page));
        }
        match &next {
            // A page that leads nowhere is asked for again when the walk is resumed: what was
            // handed out at its number before is not pushed out by what came in its place.
            Err(_) => {}
            Ok(_) if self.operation.identity_is_unique() => {
                while place.recent.len() > REMEMBERED_PAGES {
                    place.older.extend(place.recent.pop_front());
                }
                while place.older.len() > self.pages_back() {
                    place.older.pop_front();
                }
            }
            Ok(_) => place.recent = VecDeque::from([Arc::new(not_met)]),
        }
        if next == Ok(Position::End) && self.goes_again() {
            next = Ok(paging.start());
        }
        // A numbered page is gone through once more when a walk is resumed: records before it
        // may have expired, and those behind it have moved up.
        (place.position, place.rows) = match &next {
            Ok(Position::Page(_)) | Err(_) => (self.next.clone(), rows_before),
            Ok(next) => (next.clone(), self.trail.distinct()),
        };
        if self.in_later_pass() && next != Ok(Position::End) {
            (place.position, place.rows) = (paging.start(), paging.rows_before_start());
        }
        let mut before = std::mem::replace(&mut self.place, place);
        before.pinned.clone_from(&self.place.pinned);
        match next {
            Ok(Position::End) => self.finish(),
            Ok(next) => self.next = next,
            Err(why) => {
                let next = "what was handed out is good but not everything; run again later";
                let error = Error::new(ErrorKind::Paging, self.what(), why, next);
                self.stuck = Some(self.at_checkpoint(error));
            }
        }
        Arrived { page, marks, before }
    }

    /// Leaves out what came before in a list in no known order. Says whether any row was new to
    /// this pass over its pages.
    fn hold_against_passes(&mut self, page: &mut Page<O::Item>) -> Option<bool> {
        let passes = self.passes.as_mut()?;
        let received = page.rows().len();
        let any_new = passes.take(&self.operation, page, &self.trail);
        let left_out = received - page.rows().len();
        self.report.duplicates += u64::try_from(left_out).unwrap_or(u64::MAX);
        Some(any_new)
    }

    /// The last page came: whether the list has to be gone through again, from its start.
    fn goes_again(&mut self) -> bool {
        match self.passes.as_mut().map(Passes::end) {
            None | Some(Verdict::Settled) => return false,
            Some(Verdict::Again) => {}
            Some(Verdict::Unstable { passes }) => {
                self.report.warnings.push(Warning::Unstable { passes });
                return false;
            }
            Some(Verdict::TooLong) => {
                self.report.warnings.push(Warning::TooLongToCompare);
                return false;
            }
        }
        let total = self.trail.total;
        self.trail = Trail::behind(self.operation.paging().rows_before_start());
        self.trail.total = total;
        true
    }

    pub(super) fn in_later_pass(&self) -> bool {
        self.passes.as_ref().is_some_and(Passes::is_later)
    }

    /// Leaves out the rows that the caller did not ask for.
    fn leave_out_unwanted(&mut self, page: &mut Page<O::Item>, marks: &mut Vec<Option<u64>>) {
        let rows = page.rows().iter();
        let wanted: Vec<bool> = rows.map(|row| is_wanted(&self.operation, row)).collect();
        let left_out = wanted.iter().filter(|wanted| !**wanted).count();
        if left_out > 0 {
            self.report.filtered += u64::try_from(left_out).unwrap_or(u64::MAX);
            let mut keep = wanted.iter();
            page.retain(|_| keep.next().is_none_or(|wanted| *wanted));
            let mut keep = wanted.iter();
            marks.retain(|_| keep.next().is_none_or(|wanted| *wanted));
        }
    }

    /// Whether a page that was under way with others shows that rows moved meanwhile: it says
    /// another total, or none, or has a record of a page before. Then a page before may lack one
    /// that none of them had. What was handed out before a resume may be of this very page.
    pub(super) fn may_lack_rows(&self, page: &Page<O::Item>) -> bool {
        if self.passes.is_some() || self.in_order {
            return false;
        }
        page.facts().total != self.trail.total
            || self.operation.identity_is_unique()
                && page.rows().iter().any(|row| {
                    let mark = row.as_ref().ok().and_then(|it| fingerprint_of(&self.operation, it));
                    mark.is_some_and(|mark| self.handed_out.has(mark))
                })
    }

    /// Leaves out the rows that came before: within the last two pages, and as far back as there is
    /// memory for. Where different records may be alike, only what was handed out of the page at
    /// hand before a resume is left out, and what of it was not met on this page is given too: the
    /// service may cut its pages otherwise by now.
    fn leave_out_known(&mut self, page: &mut Page<O::Item>, place: &Place) -> LeftOut {
        let unique = self.operation.identity_is_unique();
        let (mut on_page, mut alike) = (HashSet::new(), HashMap::new());
        let mut marks = Vec::with_capacity(page.rows().len());
        let (mut known, mut repeats, mut typed) = (0, 0, Vec::new());
        page.retain(|row| {
            let mark = match row {
                Ok(record) if unique => fingerprint_of(&self.operation, record),
                Ok(record) => {
                    fingerprint_of(&self.operation, record).map(|mark| numbered(mark, &mut alike))
                }
                Err(row) => Some(numbered(fingerprint_of_rejected(row), &mut alike)),
            };
            let Some(mark) = mark else {
                marks.push(None);
                return true;
            };
            let twice = !on_page.insert(mark);
            let again = row.is_ok() && (twice || self.handed_out.has(mark));
            let known_before = place.knows(mark) || row.is_ok() && place.knew(mark);
            let fresh = !(twice || again || known_before);
            if row.is_ok() {
                repeats += u64::from(again);
                typed.push(mark);
            }
            known += u64::from(!fresh);
            if fresh {
                marks.push(Some(mark));
            }
            fresh
        });
        self.report.duplicates += known;
        let not_met = if unique { HashSet::new() } else { not_met(&place.recent, &on_page, alike) };
        // Passes remember all that came, and count it.
        if unique && self.passes.is_none() {
            let pages = REMEMBERED_PAGES.saturating_add(self.pages_back());
            self.handed_out.add(typed, pages);
        } else {
            repeats = 0;
        }
        LeftOut { marks, on_page, not_met, repeats }
    }

    fn finish(&mut self) {
        self.next = Position::End;
        self.report.finished = true;
        let assumed = self.operation.paging().rows_before_start();
        if assumed > 0 && self.trail.distinct() == assumed {
            self.report.warnings.push(Warning::StartsBehindEnd);
            return;
        }
        let distinct = self.passes.as_ref().and_then(Passes::distinct);
        let received = distinct.map_or(self.trail.distinct(), |rows| assumed.saturating_add(rows));
        if let (Some(from), Some(to)) = (self.trail.first_total, self.trail.total)
            && to < from
        {
            self.report.warnings.push(Warning::TotalShrank { from, to });
        }
        let moved = self.passes.as_ref().is_some_and(Passes::saw_rows_move);
        if let Some(total) = self.trail.total.filter(|total| *total != received) {
            self.report.warnings.push(match total < received && moved {
                true => Warning::Unconfirmed { total, received },
                false => Warning::TotalDiffers { total, received },
            });
        }
    }
}

/// Whether the caller asked for a row. One that its type could not take is never left out.
pub(crate) fn is_wanted<O: Operation>(operation: &O, row: &Row<O::Item>) -> bool {
    row.as_ref().map_or(true, |record| operation.wants(record))
}
