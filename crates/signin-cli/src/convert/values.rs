//! Bytes cut into JSON values, as they come: one a line, one over many lines, one behind another.
//!
//! A line that is a whole value is one. A line that a value begins on is read on with the lines
//! behind it, for as long as they can become a value together. Where they cannot, the line was
//! broken: if others of those lines are whole values, or lines before were, it alone is given up
//! and reading goes on with the next line. Otherwise the input is one value that is broken, and
//! nothing behind can be told.
//!
//! A list, or a page that has one, is handed out element by element (`list.rs`) where it is too
//! long to be held, and where it breaks or is cut off: what is whole of it comes out.
//!
//! Each byte is looked at a fixed number of times, whatever the input. There is no I/O here.

mod list;

use std::ops::Range;

use super::pieces::{Piece, Pieces};
use super::place::Place;
use super::unit;
use super::verdict::{Fault, LONGEST, Verdict, Why, judge};
use crate::vendor::Vendor;
use list::List;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// How many bytes are held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Of a value that can be read element by element: a longer one is.
    pub(super) whole: usize,
    /// Of any other, and of each element.
    pub(super) longest: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { whole: 1024 * 1024, longest: LONGEST }
    }
}

/// Bytes on their way to values.
#[derive(Debug)]
pub(super) struct Values {
    vendor: Vendor,
    bounds: Bounds,
    buffer: Vec<u8>,
    /// Where reading goes on: what is before is not needed any more.
    start: usize,
    /// Up to here no line break was found behind `start`.
    searched: usize,
    /// The number of the line that `start` is on, less one.
    lines: u64,
    /// How many bytes of that line were before `start`.
    column: usize,
    /// Other values stand before on that line.
    within_line: bool,
    reading: Reading,
    /// Lines that begin before stand alone.
    alone: usize,
    /// There was a line that is a whole value.
    by_line: bool,
    /// Nothing is added any more.
    ended: bool,
    /// What was wrong with a value that was handed out.
    fault: Option<Fault>,
}

/// What begins at `start`.
#[derive(Debug)]
enum Reading {
    /// Nothing as yet.
    Line,
    /// A value that is not complete.
    Value(Attempt),
    /// A value that is handed out element by element.
    List(List),
}

#[derive(Debug)]
struct Attempt {
    pieces: Pieces,
    /// What was looked at.
    at: usize,
    /// The line breaks in it.
    breaks: u64,
    /// It is whole on its first line, or not at all.
    alone: bool,
    /// The elements that are complete on its first line.
    first_elements: u64,
    /// Up to here no line break was found behind `at`, where it broke.
    searched: usize,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Next<'a> {
    /// Nothing as yet: more bytes are needed.
    More,
    /// A JSON value.
    Value(&'a str, Place),
    /// A JSON value out of a longer one.
    Element(&'a str, Place, Piece),
    /// A line, or an element, that is none, and why.
    Broken(&'a [u8], Place, String),
    /// What was wrong with a value of which all that can be read came before. Reading goes on.
    Fault(Fault),
    End,
}

/// As [`Next`], by place.
#[derive(Debug)]
enum Found {
    More,
    Value(Range<usize>, Place),
    Element(Range<usize>, Place, Piece),
    Broken(Range<usize>, Place, String),
    Fault(Fault),
    End,
}

impl Values {
    pub(super) fn new(vendor: Vendor, bounds: Bounds) -> Self {
        Self {
            vendor,
            bounds,
            buffer: Vec::new(),
            start: 0,
            searched: 0,
            lines: 0,
            column: 0,
            within_line: false,
            reading: Reading::Line,
            alone: 0,
            by_line: false,
            ended: false,
            fault: None,
        }
    }

    /// Adds bytes that were read.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        // What is behind the reading is not kept.
        let done = std::mem::take(&mut self.start);
        self.buffer.drain(..done);
        self.searched = self.searched.saturating_sub(done);
        self.alone = self.alone.saturating_sub(done);
        match &mut self.reading {
            Reading::Line => {}
            Reading::Value(attempt) => {
                attempt.at -= done;
                attempt.searched = attempt.searched.saturating_sub(done);
            }
            Reading::List(list) => list.shift(done),
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Says that all bytes were added.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    pub(super) fn is_ended(&self) -> bool {
        self.ended
    }

    /// What the input begins with, as far as it is there.
    pub(super) fn head(&self) -> &[u8] {
        &self.buffer
    }

    /// All that is there, for who reads it otherwise.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.buffer)
    }

    /// What comes next.
    ///
    /// # Errors
    /// [`Fault`]: nothing behind can be read.
    pub(super) fn next(&mut self) -> Result<Next<'_>, Fault> {
        Ok(match self.find()? {
            Found::More => Next::More,
            Found::End => Next::End,
            Found::Fault(fault) => Next::Fault(fault),
            Found::Value(range, place) => Next::Value(self.str(range), place),
            Found::Element(range, place, piece) => Next::Element(self.str(range), place, piece),
            Found::Broken(range, place, why) => Next::Broken(self.bytes(range), place, why),
        })
    }

    fn find(&mut self) -> Result<Found, Fault> {
        loop {
            if let Some(fault) = self.fault.take() {
                return Ok(Found::Fault(fault));
            }
            let found = match std::mem::replace(&mut self.reading, Reading::Line) {
                Reading::Value(attempt) => self.go_on(attempt)?,
                Reading::List(list) => self.go_through(list)?,
                Reading::Line => self.begin()?,
            };
            if let Some(found) = found {
                return Ok(found);
            }
        }
    }

    /// Looks at what begins next. None: it was begun.
    fn begin(&mut self) -> Result<Option<Found>, Fault> {
        if !self.skip() {
            return Ok(Some(if self.ended { Found::End } else { Found::More }));
        }
        let is_alone = self.start < self.alone;
        if self.within_line && !is_alone {
            return Ok(self.attempt(false));
        }
        let held = self.buffer.len() - self.start;
        let Some((end, next)) = self.line() else {
            return Ok(if held > self.bounds.whole {
                self.attempt(false)
            } else {
                Some(Found::More)
            });
        };
        if end - self.start > self.bounds.whole && !is_alone {
            return Ok(self.attempt(false));
        }
        let content = self.content(self.start..end);
        match judge(self.bytes(content.clone())) {
            Verdict::Value => {
                let place = self.place();
                self.by_line = true;
                self.pass_line(next);
                Ok(Some(Found::Value(content, place)))
            }
            Verdict::Begun if !is_alone => Ok(self.attempt(false)),
            _ => Ok(self.attempt(true)),
        }
    }

    /// Goes over what stands between values. False: no value is there as yet.
    fn skip(&mut self) -> bool {
        while let Some(rest) = self.buffer.get(self.start..) {
            let length = match rest {
                [] => return false,
                [b'\n', ..] => {
                    self.pass_line(self.start + 1);
                    continue;
                }
                [byte, ..] if byte.is_ascii_whitespace() => 1,
                rest if rest.starts_with(BOM) => BOM.len(),
                rest if BOM.starts_with(rest) && !self.ended => return false,
                _ => return true,
            };
            self.start += length;
            self.column += length;
        }
        false
    }

    /// Begins a value at `start`.
    fn attempt(&mut self, alone: bool) -> Option<Found> {
        self.reading = Reading::Value(Attempt {
            pieces: Pieces::new(self.vendor),
            at: self.start,
            breaks: 0,
            alone,
            first_elements: 0,
            searched: 0,
        });
        None
    }

    /// Reads a value on. None: it is to be read in another way.
    fn go_on(&mut self, mut attempt: Attempt) -> Result<Option<Found>, Fault> {
        let is_open = matches!(self.buffer.get(self.start), Some(b'{' | b'['));
        while let Some(byte) = self.buffer.get(attempt.at).copied() {
            if is_open && attempt.pieces.is_closed() && matches!(byte, b'{' | b'[' | 0xef) {
                return self.complete(attempt, true);
            }
            let is_end = byte == b'\n';
            if is_end && attempt.alone && !attempt.pieces.is_done() {
                return self.give_up(attempt, None);
            }
            if attempt.pieces.push(byte).is_err() {
                return self.give_up(attempt, None);
            }
            attempt.at += 1;
            if is_end {
                if attempt.breaks == 0 {
                    attempt.first_elements = attempt.pieces.elements();
                }
                attempt.breaks += 1;
                if attempt.pieces.is_done() {
                    return self.complete(attempt, false);
                }
            }
            let held = attempt.at - self.start;
            if held > self.bounds.whole && attempt.pieces.is_in_list() && attempt.pieces.is_list() {
                return Ok(self.take_apart(None));
            }
            if held > self.bounds.longest {
                if attempt.pieces.is_list() {
                    return Ok(self.take_apart(None));
                }
                return Err(self.fault(Why::TooLong));
            }
        }
        if !self.ended {
            self.reading = Reading::Value(attempt);
            return Ok(Some(Found::More));
        }
        if attempt.pieces.is_done() {
            return self.complete(attempt, false);
        }
        self.give_up(attempt, Some(Why::CutOff))
    }

    /// The value's structure is whole: it may be a value.
    fn complete(&mut self, attempt: Attempt, within_line: bool) -> Result<Option<Found>, Fault> {
        let range = self.content(self.start..attempt.at);
        match judge(self.bytes(range.clone())) {
            Verdict::Value => {
                let place = self.place();
                self.by_line |= self.is_one_line(&attempt);
                self.pass(attempt.at, attempt.breaks, within_line);
                Ok(Some(Found::Value(range, place)))
            }
            // Such as `tru`: only its letters say so.
            Verdict::Begun if !attempt.alone => {
                self.alone = attempt.at;
                Ok(None)
            }
            Verdict::Begun if self.ended && attempt.breaks == 0 => {
                self.give_up(attempt, Some(Why::CutOff))
            }
            verdict => self.give_up(attempt, Some(Why::NotJson(verdict.to_string()))),
        }
    }

    /// What began is no value. That is one line's fault, or the whole input's. None: it is to be
    /// read in another way.
    fn give_up(&mut self, mut attempt: Attempt, why: Option<Why>) -> Result<Option<Found>, Fault> {
        let (is_cut, is_list) = (why == Some(Why::CutOff), attempt.pieces.is_list());
        if attempt.alone {
            return self.give_up_line(is_cut, is_list);
        }
        let Some(end) = self.end_of_line(attempt.at, &mut attempt.searched, why.is_some()) else {
            self.hold(self.start)?;
            self.reading = Reading::Value(attempt);
            return Ok(Some(Found::More));
        };
        let behind = self.lines_behind(end);
        let is_one_line = self.is_one_line(&attempt);
        let is_line_broken = match (is_list, is_cut) {
            (true, true) => matches!(*behind, [line] if self.is_of_its_kind(line)),
            (true, false) => !is_one_line && attempt.first_elements == 0 && is_torn(&behind),
            (false, true) => matches!(*behind, [line] if is_object(line)),
            (false, false) => is_one_line || self.by_line || self.has_object_behind(end),
        };
        if is_line_broken || is_one_line && !is_list && !is_cut {
            self.alone = end.max(self.start + 1);
            return Ok(None);
        }
        if is_list {
            return Ok(self.take_apart(None));
        }
        Err(match why {
            Some(why) => self.fault(why),
            None => {
                let column = self.column(attempt.at);
                let reason = format!("expected JSON, found a syntax error at column {column}");
                let place = Place::of(self.lines + 1 + attempt.breaks);
                Fault { place, why: Why::NotJson(reason) }
            }
        })
    }

    /// Gives up a line that stands alone.
    fn give_up_line(&mut self, is_cut: bool, is_list: bool) -> Result<Option<Found>, Fault> {
        let (end, next) = self.line().unwrap_or((self.buffer.len(), self.buffer.len()));
        if is_list {
            return Ok(self.take_apart((!is_cut).then_some(end)));
        }
        let content = self.content(self.start..end);
        match judge(self.bytes(content.clone())) {
            Verdict::Begun if is_cut => Err(self.fault(Why::CutOff)),
            verdict => {
                let place = self.place();
                self.pass_line(next);
                Ok(Some(Found::Broken(content, place, verdict.to_string())))
            }
        }
    }

    /// Hands out what begins at `start` element by element, up to a place at most.
    fn take_apart(&mut self, until: Option<usize>) -> Option<Found> {
        let pieces = Pieces::new(self.vendor);
        self.reading =
            Reading::List(List::new(pieces, self.start, until, self.lines + 1, self.column));
        None
    }

    /// Whether the value began and ended, or broke, on one line.
    fn is_one_line(&self, attempt: &Attempt) -> bool {
        let is_end = self.bytes(self.start..attempt.at).ends_with(b"\n");
        match attempt.breaks {
            0 => true,
            1 => is_end && attempt.pieces.is_done(),
            _ => false,
        }
    }

    /// Whether this line is a whole value such as the one that began was to be.
    fn is_of_its_kind(&self, line: &[u8]) -> bool {
        match (self.buffer.get(self.start), std::str::from_utf8(line)) {
            (Some(b'['), Ok(line)) => line.starts_with('[') && is_whole(line.as_bytes()),
            (_, Ok(line)) => is_object(line.as_bytes()) && unit::is_page(line, self.vendor),
            _ => false,
        }
    }

    /// The lines behind the first one of what began: three of those that are not blank, at most.
    fn lines_behind(&self, end: usize) -> Vec<&[u8]> {
        let lines = self.bytes(self.start..end).split(|byte| *byte == b'\n').skip(1);
        lines.map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).take(3).collect()
    }

    fn has_object_behind(&self, end: usize) -> bool {
        let lines = self.bytes(self.start..end).split(|byte| *byte == b'\n').skip(1);
        lines.map(<[u8]>::trim_ascii).any(is_object)
    }

    /// The end of the line that `at` is on; none if it is not all there. Where the structure is
    /// whole, or the input at its end, that is where it is.
    fn end_of_line(&self, at: usize, searched: &mut usize, is_there: bool) -> Option<usize> {
        if is_there {
            return Some(at);
        }
        let from = at.max(*searched);
        match self.buffer.iter().skip(from).position(|byte| *byte == b'\n') {
            Some(place) => Some(from + place),
            None if self.ended => Some(self.buffer.len()),
            None => {
                *searched = self.buffer.len();
                None
            }
        }
    }

    /// The end of the line at `start` and where the one behind begins; none if it is not all there.
    fn line(&mut self) -> Option<(usize, usize)> {
        let mut searched = self.searched;
        let end = self.end_of_line(self.start, &mut searched, false);
        self.searched = searched;
        end.map(|end| (end, (end + 1).min(self.buffer.len())))
    }

    fn pass_line(&mut self, next: usize) {
        self.start = next;
        self.lines += 1;
        (self.column, self.within_line) = (0, false);
    }

    /// Goes behind a value.
    fn pass(&mut self, at: usize, breaks: u64, within_line: bool) {
        self.column = if within_line { self.column(at) - 1 } else { 0 };
        self.within_line = within_line;
        self.start = at;
        self.lines += breaks;
    }

    /// Refuses to hold more than the longest value.
    fn hold(&self, begin: usize) -> Result<(), Fault> {
        if self.buffer.len().saturating_sub(begin) > self.bounds.longest {
            return Err(self.fault(Why::TooLong));
        }
        Ok(())
    }

    /// A range without white space around it.
    fn content(&self, range: Range<usize>) -> Range<usize> {
        let bytes = self.bytes(range.clone());
        let start = range.start + (bytes.len() - bytes.trim_ascii_start().len());
        start..start + bytes.trim_ascii().len()
    }

    fn bytes(&self, range: Range<usize>) -> &[u8] {
        self.buffer.get(range).unwrap_or_default()
    }

    /// The bytes of a range that was found to be text.
    fn str(&self, range: Range<usize>) -> &str {
        std::str::from_utf8(self.bytes(range)).unwrap_or_default()
    }

    /// Where `start` is.
    fn place(&self) -> Place {
        Place::of(self.lines + 1)
    }

    fn fault(&self, why: Why) -> Fault {
        Fault { place: self.place(), why }
    }

    /// The column of a place behind `start` in its line, from 1.
    fn column(&self, at: usize) -> usize {
        let before = self.bytes(self.start..at);
        match before.iter().rev().position(|byte| *byte == b'\n') {
            Some(behind) => behind + 1,
            None => self.column + before.len() + 1,
        }
    }
}

/// Whether a line is a whole object.
fn is_object(line: &[u8]) -> bool {
    line.starts_with(b"{") && is_whole(line)
}

fn is_whole(line: &[u8]) -> bool {
    judge(line) == Verdict::Value
}

/// Whether lines, the last of which something broke on, are as those behind a line that lost its
/// end: with the first or the second of them nothing can go on.
fn is_torn(behind: &[&[u8]]) -> bool {
    behind.len() <= 2
        && behind.iter().any(|line| line.starts_with(b"{") || line.starts_with(b"["))
        && behind.iter().any(|line| is_whole(line))
}

#[cfg(test)]
mod list_tests;
#[cfg(test)]
mod tests;
