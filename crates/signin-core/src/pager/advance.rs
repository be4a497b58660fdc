//! What a pager does with a page that came: what it leaves out, how it goes on, where it stands.
//!
//! De-duplication needs an identity, which the operation gives, and compares the bytes as well: a
//! record that comes again changed is yielded again. In a list without ids, records that are alike
//! may be different ones: there none is left out but what was yielded of a page before a resume,
//! and those that are alike are counted. What a service has no parameter for is filtered here,
//! after everything else: pages, ends and circles are decided by what came, not by what was asked
//! for.
//!
//! Numbered lists with the newest first shift while records arrive. A pager therefore fixes its end
//! at its first page (`Operation::fix_parameters`), by the service's clock, never by ours.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::Row;
use super::fingerprint::{content_of, fingerprint_of, fingerprint_of_rejected, not_met, numbered};
use super::pages::{Arrived, Pages, ResumePoint};
use super::unordered::{PassResult, Unordered};
use crate::error::{Error, ErrorKind};
use crate::page::page::Page;
use crate::pager::continuation::Continuation;
use crate::pager::operation::Operation;
use crate::pager::paging::{Content, Paging, PagingState};
use crate::pager::report::Warning;

/// How many pages' records go into a checkpoint, to leave out those that come again.
const REMEMBERED_PAGES: usize = 2;

/// What is left out of a page because it came before.
struct LeftOut {
    /// The fingerprints of the rows that stay, one each.
    fingerprints: Vec<Option<u64>>,
    /// The fingerprints of all rows.
    on_page: HashSet<u64>,
    /// Where different records may be alike: those that were yielded and are not on this page.
    not_met: HashSet<u64>,
    /// Records that came from this pager before, or twice on the page. What was yielded of the
    /// page before a resume is none.
    repeats: u64,
}

impl<O: Operation> Pages<O> {
    /// Takes a page in: leaves out what came before, decides how to go on, moves the place.
    pub(super) fn advance(&mut self, mut page: Page<O::Item>) -> Arrived<O::Item> {
        if let Some(beginning) = self.beginning.take() {
            self.resume_point = beginning;
        }
        let paging = self.operation.paging();
        let first = self.next == paging.start() && self.resume_point.fixed.is_empty();
        let (rows_before, total_before) = (self.paging_state.distinct(), self.paging_state.total);
        self.is_fixed = true;
        self.report.pages += 1;
        let lossy = page.items().filter(|record| record.is_lossy()).count();
        self.report.not_utf8(u64::try_from(lossy).unwrap_or(u64::MAX));
        self.report.warn_once(self.operation.check_completeness(&page));
        self.begun.note(&self.next);
        let mut resume_point = self.resume_point.clone();
        if first {
            let fixed = self.operation.fix_parameters(&page).into_iter();
            resume_point.fixed = fixed.map(|(name, value)| (name.to_owned(), value)).collect();
        }
        let mut is_again = false;
        if let Continuation::Page(number) = self.next {
            self.first_page.get_or_insert(number);
            is_again = number < self.again_until;
        }
        self.paging_state.take_total(page.info().total);
        let fingerprint = content_of(paging, &page);
        let new_to_pass = self.hold_against_passes(&mut page);
        let LeftOut { mut fingerprints, on_page, not_met, repeats } =
            self.leave_out_known(&mut page, &resume_point);
        // What came before says nothing of the order.
        resume_point.depth.note(&self.operation, &page);
        // A whole page moves by as many rows as came or went before it, which the total tells. Where
        // rows have no order, a single one moves to the next page soon.
        let may_have_moved = self.paging_state.total != total_before
            || self.passes.is_some() && page.info().rows == 1;
        let noted = self.paging_state.take_note(Content {
            fingerprint,
            rows: page.info().rows,
            repeats,
            any_new: new_to_pass.unwrap_or(repeats < page.info().rows),
            is_numbered: matches!(paging, Paging::PageNumber { .. }),
            may_have_moved,
            is_again,
        });
        let next = paging.next(&mut self.paging_state, &self.next, page.info());
        let mut next = noted.and(next);
        // Pages that brought nothing new push nothing out of what is remembered, unless the list is
        // gone through in passes, which remember all.
        let is_kept = !fingerprints.is_empty() || self.passes.is_some();
        self.leave_out_unwanted(&mut page, &mut fingerprints);
        if is_kept {
            resume_point.recent.push_back(Arc::new(on_page));
        }
        match &next {
            // A page that leads nowhere is asked for again when the pager is resumed: what was
            // yielded at its number before is not pushed out by what came in its place.
            Err(_) => {}
            Ok(_) if self.operation.identity_is_unique() => {
                while resume_point.recent.len() > REMEMBERED_PAGES {
                    resume_point.older.extend(resume_point.recent.pop_front());
                }
                while resume_point.older.len() > self.pages_back() {
                    resume_point.older.pop_front();
                }
            }
            Ok(_) => resume_point.recent = VecDeque::from([Arc::new(not_met)]),
        }
        if next == Ok(Continuation::End) && self.goes_again() {
            next = Ok(paging.start());
        }
        // A numbered page is gone through once more when a pager is resumed: records before it
        // may have expired, and those after it have moved up.
        (resume_point.position, resume_point.rows) = match &next {
            Ok(Continuation::Page(_)) | Err(_) => (self.next.clone(), rows_before),
            Ok(next) => (next.clone(), self.paging_state.distinct()),
        };
        if self.in_later_pass() && next != Ok(Continuation::End) {
            (resume_point.position, resume_point.rows) =
                (paging.start(), paging.rows_before_start());
        }
        let mut before = std::mem::replace(&mut self.resume_point, resume_point);
        before.fixed.clone_from(&self.resume_point.fixed);
        match next {
            Ok(Continuation::End) => self.finish(),
            Ok(next) => self.next = next,
            Err(why) => {
                let next = "what was handed out is good but not everything; run again later";
                let error = Error::new(ErrorKind::Paging, self.what(), why, next);
                self.stuck = Some(self.at_checkpoint(error));
            }
        }
        Arrived { page, fingerprints, before }
    }

    /// Leaves out what came before in a list in no known order. Says whether any row was new to
    /// this pass over its pages.
    fn hold_against_passes(&mut self, page: &mut Page<O::Item>) -> Option<bool> {
        let passes = self.passes.as_mut()?;
        let received = page.rows().len();
        let any_new = passes.take(&self.operation, page, &self.paging_state);
        let left_out = received - page.rows().len();
        self.report.duplicates += u64::try_from(left_out).unwrap_or(u64::MAX);
        Some(any_new)
    }

    /// The last page came: whether the list has to be gone through again, from its start.
    fn goes_again(&mut self) -> bool {
        match self.passes.as_mut().map(Unordered::end) {
            None | Some(PassResult::Settled) => return false,
            Some(PassResult::Again) => {}
            Some(PassResult::Unstable { passes }) => {
                self.report.warnings.push(Warning::Unstable { passes });
                return false;
            }
            Some(PassResult::TooLong) => {
                self.report.warnings.push(Warning::TooLongToCompare);
                return false;
            }
        }
        let total = self.paging_state.total;
        self.paging_state = PagingState::after(self.operation.paging().rows_before_start());
        self.paging_state.total = total;
        true
    }

    pub(super) fn in_later_pass(&self) -> bool {
        self.passes.as_ref().is_some_and(Unordered::is_later)
    }

    /// Leaves out the rows that the caller did not ask for.
    fn leave_out_unwanted(
        &mut self,
        page: &mut Page<O::Item>,
        fingerprints: &mut Vec<Option<u64>>,
    ) {
        let rows = page.rows().iter();
        let wanted: Vec<bool> = rows.map(|row| passes_local_filter(&self.operation, row)).collect();
        let left_out = wanted.iter().filter(|wanted| !**wanted).count();
        if left_out > 0 {
            self.report.filtered += u64::try_from(left_out).unwrap_or(u64::MAX);
            let mut keep = wanted.iter();
            page.retain(|_| keep.next().is_none_or(|wanted| *wanted));
            let mut keep = wanted.iter();
            fingerprints.retain(|_| keep.next().is_none_or(|wanted| *wanted));
        }
    }

    /// Whether a page that was under way with others shows that rows moved meanwhile: it says
    /// another total, or none, or has a record of a page before. Then a page before may lack one
    /// that none of them had. What was yielded before a resume may be of this very page.
    pub(super) fn may_lack_rows(&self, page: &Page<O::Item>) -> bool {
        if self.passes.is_some() || self.in_order {
            return false;
        }
        page.info().total != self.paging_state.total
            || self.operation.identity_is_unique()
                && page.rows().iter().any(|row| {
                    let fingerprint =
                        row.as_ref().ok().and_then(|it| fingerprint_of(&self.operation, it));
                    fingerprint.is_some_and(|fingerprint| self.delivered.has(fingerprint))
                })
    }

    /// Leaves out the rows that came before: within the last two pages, and as far back as there is
    /// memory for. Where different records may be alike, only what was yielded of the page at
    /// hand before a resume is left out, and what of it was not met on this page is given too: the
    /// service may cut its pages otherwise by now.
    fn leave_out_known(&mut self, page: &mut Page<O::Item>, resume_point: &ResumePoint) -> LeftOut {
        let unique = self.operation.identity_is_unique();
        let (mut on_page, mut alike) = (HashSet::new(), HashMap::new());
        let mut fingerprints = Vec::with_capacity(page.rows().len());
        let (mut known, mut repeats, mut typed) = (0, 0, Vec::new());
        page.retain(|row| {
            let fingerprint = match row {
                Ok(record) if unique => fingerprint_of(&self.operation, record),
                Ok(record) => fingerprint_of(&self.operation, record)
                    .map(|fingerprint| numbered(fingerprint, &mut alike)),
                Err(row) => Some(numbered(fingerprint_of_rejected(row), &mut alike)),
            };
            let Some(fingerprint) = fingerprint else {
                fingerprints.push(None);
                return true;
            };
            let twice = !on_page.insert(fingerprint);
            let again = row.is_ok() && (twice || self.delivered.has(fingerprint));
            let known_before =
                resume_point.knows(fingerprint) || row.is_ok() && resume_point.knew(fingerprint);
            let fresh = !(twice || again || known_before);
            if row.is_ok() {
                repeats += u64::from(again);
                typed.push(fingerprint);
            }
            known += u64::from(!fresh);
            if fresh {
                fingerprints.push(Some(fingerprint));
            }
            fresh
        });
        self.report.duplicates += known;
        let not_met =
            if unique { HashSet::new() } else { not_met(&resume_point.recent, &on_page, alike) };
        // An unordered list remembers all that came, and counts it.
        if unique && self.passes.is_none() {
            let pages = REMEMBERED_PAGES.saturating_add(self.pages_back());
            self.delivered.add(typed, pages);
        } else {
            repeats = 0;
        }
        LeftOut { fingerprints, on_page, not_met, repeats }
    }

    fn finish(&mut self) {
        self.next = Continuation::End;
        self.report.finished = true;
        let assumed = self.operation.paging().rows_before_start();
        if assumed > 0 && self.paging_state.distinct() == assumed {
            self.report.warnings.push(Warning::StartsBehindEnd);
            return;
        }
        let distinct = self.passes.as_ref().and_then(Unordered::distinct);
        let received =
            distinct.map_or(self.paging_state.distinct(), |rows| assumed.saturating_add(rows));
        if let (Some(from), Some(to)) = (self.paging_state.first_total, self.paging_state.total)
            && to < from
        {
            self.report.warnings.push(Warning::TotalShrank { from, to });
        }
        let moved = self.passes.as_ref().is_some_and(Unordered::saw_rows_move);
        if let Some(total) = self.paging_state.total.filter(|total| *total != received) {
            self.report.warnings.push(match total < received && moved {
                true => Warning::Unconfirmed { total, received },
                false => Warning::TotalDiffers { total, received },
            });
        }
    }
}

/// Whether the caller asked for a row. One that its type could not take is never left out.
pub(crate) fn passes_local_filter<O: Operation>(operation: &O, row: &Row<O::Item>) -> bool {
    row.as_ref().map_or(true, |record| operation.passes_filter(record))
}
