//! Bytes cut into JSON values, as they come: one a line, one over many lines, one after another.
//!
//! A line that is a whole value is one. A line that a value begins on is read on with the lines
//! after it, for as long as they can become a value together. Where they cannot, the line was
//! broken: if others of those lines are whole values, or lines before were, it alone is given up
//! and reading goes on with the next line. Otherwise the input is one value that is broken, and
//! nothing after can be known.
//!
//! A list, or a page that has one, is yielded element by element (`list.rs`) where it is too
//! long to be held, and where it breaks or is cut off: what is whole of it comes out.
//!
//! Each byte is looked at a fixed number of times, whatever the input. There is no I/O here.

mod attempt;
mod list;

use std::ops::Range;

use super::input_position::InputPosition;
use super::json_check::{Fault, JsonCheck, LONGEST, Why, judge};
use super::pieces::Piece;
use crate::vendors::Vendor;
use attempt::Attempt;
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
pub(super) struct Splitter {
    vendor: Vendor,
    bounds: Bounds,
    buffer: Vec<u8>,
    /// Where reading goes on: what is before is not needed any more.
    start: usize,
    /// Up to here no line break was found after `start`.
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
    /// What was wrong with a value that was yielded.
    fault: Option<Fault>,
}

/// What begins at `start`.
#[derive(Debug)]
enum Reading {
    /// Nothing as yet.
    Line,
    /// A value that is not complete.
    Value(Attempt),
    /// A value that is yielded element by element.
    List(List),
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Next<'a> {
    /// Nothing as yet: more bytes are needed.
    More,
    /// A JSON value.
    Value(&'a str, InputPosition),
    /// A JSON value out of a longer one.
    Element(&'a str, InputPosition, Piece),
    /// A line, or an element, that is none, and why.
    Broken(&'a [u8], InputPosition, String),
    /// What was wrong with a value of which all that can be read came before. Reading goes on.
    Fault(Fault),
    End,
}

/// As [`Next`], by place.
#[derive(Debug)]
enum Found {
    More,
    Value(Range<usize>, InputPosition),
    Element(Range<usize>, InputPosition, Piece),
    Broken(Range<usize>, InputPosition, String),
    Fault(Fault),
    End,
}

impl Splitter {
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
        // What is after the reading is not kept.
        let done = std::mem::take(&mut self.start);
        self.buffer.drain(..done);
        self.searched = self.searched.saturating_sub(done);
        self.alone = self.alone.saturating_sub(done);
        match &mut self.reading {
            Reading::Line => {}
            Reading::Value(attempt) => attempt.shift(done),
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
    /// [`Fault`]: nothing after can be read.
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
        if self.within_line {
            return Ok(self.attempt(is_alone));
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
            JsonCheck::Value => {
                let place = self.place();
                self.by_line = true;
                self.pass_line(next);
                Ok(Some(Found::Value(content, place)))
            }
            JsonCheck::Begun if !is_alone => Ok(self.attempt(false)),
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

    /// The end of the line at `start` and where the one after begins; none if it is not all there.
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

    /// Goes after a value.
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
    fn place(&self) -> InputPosition {
        InputPosition::of(self.lines + 1)
    }

    fn fault(&self, why: Why) -> Fault {
        Fault { place: self.place(), why }
    }

    /// The column of a place after `start` in its line, from 1.
    fn column(&self, at: usize) -> usize {
        let before = self.bytes(self.start..at);
        match before.iter().rev().position(|byte| *byte == b'\n') {
            Some(behind) => behind + 1,
            None => self.column + before.len() + 1,
        }
    }
}

#[cfg(test)]
mod list_tests;
#[cfg(test)]
mod tests;
