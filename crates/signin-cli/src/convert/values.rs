//! Bytes cut into JSON values, as they come: one a line, or one over many lines.
//!
//! A line that is a whole value is one. A line that a value begins on is read on with the lines
//! behind it, for as long as they can become a value together. Where they cannot, the line was
//! broken: if others of those lines are whole values, or lines before were, it alone is given up
//! and reading goes on with the next line. Otherwise the input is one value that is broken, and
//! nothing behind can be told.
//!
//! Each byte is looked at a fixed number of times, whatever the input. There is no I/O here.

use std::ops::Range;

use super::prefix::Prefix;
use super::verdict::{Unreadable, Verdict, Why, judge};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Bytes on their way to values.
#[derive(Debug)]
pub(super) struct Values {
    /// The longest value that is held, in bytes.
    longest: usize,
    buffer: Vec<u8>,
    /// Where the next line begins.
    start: usize,
    /// Up to here no line break was found behind `start`.
    searched: usize,
    /// The number of the next line, less one.
    lines: u64,
    /// A value over many lines that is not complete yet.
    attempt: Option<Attempt>,
    /// Lines that begin before stand alone.
    alone: usize,
    /// There was a line that is a whole value.
    by_line: bool,
    /// Nothing is added any more.
    ended: bool,
}

#[derive(Debug)]
struct Attempt {
    prefix: Prefix,
    begin: usize,
    /// What was looked at.
    at: usize,
    /// The line breaks in it.
    breaks: u64,
    /// Up to here no line break was found behind `at`, where it broke.
    searched: usize,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next<'a> {
    /// Nothing as yet: more bytes are needed.
    More,
    /// A JSON value, and the line that it begins on.
    Value(&'a str, u64),
    /// A line that is none, its number, and why.
    Broken(&'a [u8], u64, String),
    End,
}

/// As [`Next`], by place.
enum Found {
    More,
    Value(Range<usize>, u64),
    Broken(Range<usize>, u64, String),
    End,
}

impl Values {
    pub(super) fn new(longest: usize) -> Self {
        Self {
            longest,
            buffer: Vec::new(),
            start: 0,
            searched: 0,
            lines: 0,
            attempt: None,
            alone: 0,
            by_line: false,
            ended: false,
        }
    }

    /// Adds bytes that were read.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        // What is behind the reading is not kept.
        let done = std::mem::take(&mut self.start);
        self.buffer.drain(..done);
        self.searched = self.searched.saturating_sub(done);
        self.alone = self.alone.saturating_sub(done);
        if let Some(attempt) = &mut self.attempt {
            attempt.begin -= done;
            attempt.at -= done;
            attempt.searched = attempt.searched.saturating_sub(done);
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

    /// The next value or broken line.
    ///
    /// # Errors
    /// [`Unreadable`]: nothing behind can be read.
    pub(super) fn next(&mut self) -> Result<Next<'_>, Unreadable> {
        Ok(match self.find()? {
            Found::More => Next::More,
            Found::End => Next::End,
            Found::Value(range, line) => Next::Value(self.str(range), line),
            Found::Broken(range, line, why) => Next::Broken(self.bytes(range), line, why),
        })
    }

    fn find(&mut self) -> Result<Found, Unreadable> {
        loop {
            if let Some(attempt) = self.attempt.take() {
                match self.go_on(attempt)? {
                    Some(found) => return Ok(found),
                    None => continue,
                }
            }
            let Some((line, next)) = self.line() else {
                self.hold(self.start)?;
                return Ok(if self.ended { Found::End } else { Found::More });
            };
            let content = self.content(line.clone());
            if content.is_empty() {
                self.pass(next, 1);
                continue;
            }
            let number = self.lines + 1;
            match judge(self.bytes(content.clone())) {
                Verdict::Value => {
                    self.by_line = true;
                    self.pass(next, 1);
                    return Ok(Found::Value(content, number));
                }
                Verdict::Begun if line.start >= self.alone => {
                    let begin = content.start;
                    let (prefix, at) = (Prefix::new(), begin);
                    self.attempt = Some(Attempt { prefix, begin, at, breaks: 0, searched: 0 });
                }
                verdict => {
                    self.pass(next, 1);
                    return Ok(Found::Broken(content, number, verdict.to_string()));
                }
            }
        }
    }

    /// Reads a value on over many lines. None: its first line is to be read again, alone.
    fn go_on(&mut self, mut attempt: Attempt) -> Result<Option<Found>, Unreadable> {
        while let Some(byte) = self.buffer.get(attempt.at).copied() {
            if attempt.prefix.push(byte).is_err() {
                return self.give_up(attempt, None);
            }
            attempt.at += 1;
            if byte == b'\n' {
                attempt.breaks += 1;
                if attempt.prefix.is_done() {
                    return self.complete(attempt);
                }
            }
        }
        self.hold(attempt.begin)?;
        if !self.ended {
            self.attempt = Some(attempt);
            return Ok(Some(Found::More));
        }
        if attempt.prefix.is_done() {
            return self.complete(attempt);
        }
        self.give_up(attempt, Some(Why::CutOff))
    }

    /// The value's structure is whole: it may be a value.
    fn complete(&mut self, attempt: Attempt) -> Result<Option<Found>, Unreadable> {
        let range = self.content(attempt.begin..attempt.at);
        match judge(self.bytes(range.clone())) {
            Verdict::Value => {
                let number = self.lines + 1;
                self.pass(attempt.at, attempt.breaks);
                Ok(Some(Found::Value(range, number)))
            }
            Verdict::Broken(why) => self.give_up(attempt, Some(Why::NotJson(why))),
            // Such as `tru`: only its letters say so.
            Verdict::Begun => {
                self.alone = attempt.at;
                Ok(None)
            }
        }
    }

    /// What began is no value. That is one line's fault, or the whole input's.
    fn give_up(
        &mut self,
        mut attempt: Attempt,
        why: Option<Why>,
    ) -> Result<Option<Found>, Unreadable> {
        let from = attempt.searched.max(attempt.at);
        let break_behind = self.buffer.iter().skip(from).position(|byte| *byte == b'\n');
        let end = match break_behind {
            // Its structure is whole, or the input is at its end.
            _ if why.is_some() => attempt.at,
            Some(place) => from + place,
            None if self.ended => self.buffer.len(),
            // The line that it broke on is not all there yet, and may be a value.
            None => {
                self.hold(attempt.begin)?;
                attempt.searched = self.buffer.len();
                self.attempt = Some(attempt);
                return Ok(Some(Found::More));
            }
        };
        let whole = self.bytes(attempt.begin..end).split(|byte| *byte == b'\n').skip(1);
        let mut whole = whole.filter(|line| line.trim_ascii_start().starts_with(b"{"));
        let on_one_line = attempt.breaks == 0 && why.is_none();
        if on_one_line || self.by_line || whole.any(|line| judge(line) == Verdict::Value) {
            self.alone = end.max(attempt.begin + 1);
            return Ok(None);
        }
        let line = self.lines + 1;
        Err(match why {
            Some(why) => Unreadable { line, why },
            None => {
                let column = self.column(attempt.at);
                let reason = format!("expected JSON, found a syntax error at column {column}");
                Unreadable { line: line + attempt.breaks, why: Why::NotJson(reason) }
            }
        })
    }

    /// The next line and where the one behind begins; none if it is not all there.
    fn line(&mut self) -> Option<(Range<usize>, usize)> {
        let from = self.searched.max(self.start);
        let found = self.buffer.iter().skip(from).position(|byte| *byte == b'\n');
        match found.map(|place| from + place) {
            Some(end) => Some((self.start..end, end + 1)),
            None if self.ended && self.start < self.buffer.len() => {
                Some((self.start..self.buffer.len(), self.buffer.len()))
            }
            None => {
                self.searched = self.buffer.len();
                None
            }
        }
    }

    fn pass(&mut self, next: usize, lines: u64) {
        self.start = next;
        self.lines += lines;
    }

    /// Refuses to hold more than the longest value.
    fn hold(&self, begin: usize) -> Result<(), Unreadable> {
        if self.buffer.len().saturating_sub(begin) > self.longest {
            return Err(Unreadable { line: self.lines + 1, why: Why::TooLong });
        }
        Ok(())
    }

    /// A range without byte order mark and white space around it.
    fn content(&self, range: Range<usize>) -> Range<usize> {
        let bytes = self.bytes(range.clone());
        let bom = if bytes.starts_with(BOM) { BOM.len() } else { 0 };
        let bytes = bytes.get(bom..).unwrap_or_default();
        let start = range.start + bom + (bytes.len() - bytes.trim_ascii_start().len());
        start..start + bytes.trim_ascii().len()
    }

    fn bytes(&self, range: Range<usize>) -> &[u8] {
        self.buffer.get(range).unwrap_or_default()
    }

    /// The bytes of a range that was found to be text.
    fn str(&self, range: Range<usize>) -> &str {
        std::str::from_utf8(self.bytes(range)).unwrap_or_default()
    }

    /// The column of a place in its line, from 1.
    fn column(&self, at: usize) -> usize {
        let before = self.bytes(0..at);
        before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1
    }
}

#[cfg(test)]
mod tests;
