//! A value that is not complete, or turns out to be none: on which line, or as a whole.

use super::list::List;
use super::{Found, Reading, Splitter};
use crate::commands::convert::detect;
use crate::commands::convert::input_position::InputPosition;
use crate::commands::convert::json_check::{Fault, JsonCheck, Why, judge};
use crate::commands::convert::pieces::Pieces;

/// A value that is not complete.
#[derive(Debug)]
pub(super) struct Attempt {
    pieces: Pieces,
    /// What was looked at.
    at: usize,
    /// The line breaks in it.
    breaks: u64,
    /// It is whole on its first line, or not at all.
    alone: bool,
    /// The elements that are complete on its first line.
    first_elements: u64,
    /// Up to here no line break was found after `at`, where it broke.
    searched: usize,
}

impl Attempt {
    /// Follows the buffer, whose first bytes were dropped.
    pub(super) fn shift(&mut self, done: usize) {
        self.at -= done;
        self.searched = self.searched.saturating_sub(done);
    }
}

impl Splitter {
    /// Begins a value at `start`.
    pub(super) fn attempt(&mut self, alone: bool) -> Option<Found> {
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
    pub(super) fn go_on(&mut self, mut attempt: Attempt) -> Result<Option<Found>, Fault> {
        let is_open = matches!(self.buffer.get(self.start), Some(b'{' | b'['));
        loop {
            attempt.at += self.idle(&attempt.pieces, self.start, attempt.at);
            let Some(byte) = self.buffer.get(attempt.at).copied() else { break };
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

    /// How many bytes from a place on need not be looked at one by one: no bound is in them.
    pub(super) fn idle(&self, pieces: &Pieces, begin: usize, at: usize) -> usize {
        let held = at - begin;
        let bound = if held <= self.bounds.whole { self.bounds.whole } else { self.bounds.longest };
        let room = bound.saturating_sub(held);
        let end = self.buffer.len().min(at.saturating_add(room));
        pieces.idle(self.bytes(at..end))
    }

    /// The value's structure is whole: it may be a value.
    fn complete(&mut self, attempt: Attempt, within_line: bool) -> Result<Option<Found>, Fault> {
        let range = self.content(self.start..attempt.at);
        match judge(self.bytes(range.clone())) {
            JsonCheck::Value => {
                let place = self.place();
                self.by_line |= self.is_one_line(&attempt);
                self.pass(attempt.at, attempt.breaks, within_line);
                Ok(Some(Found::Value(range, place)))
            }
            // Such as `tru`: only its letters say so.
            JsonCheck::Begun if !attempt.alone => {
                self.alone = attempt.at;
                Ok(None)
            }
            JsonCheck::Begun if self.ended && attempt.breaks == 0 => {
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
        if is_line_broken {
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
                let place = InputPosition::of(self.lines + 1 + attempt.breaks);
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
            JsonCheck::Begun if is_cut => Err(self.fault(Why::CutOff)),
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
            (_, Ok(line)) => is_object(line.as_bytes()) && detect::is_page(line, self.vendor),
            _ => false,
        }
    }

    /// The lines after the first one of what began: three of those that are not blank, at most.
    fn lines_behind(&self, end: usize) -> Vec<&[u8]> {
        let lines = self.bytes(self.start..end).split(|byte| *byte == b'\n').skip(1);
        lines.map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).take(3).collect()
    }

    fn has_object_behind(&self, end: usize) -> bool {
        let lines = self.bytes(self.start..end).split(|byte| *byte == b'\n').skip(1);
        lines.map(<[u8]>::trim_ascii).any(is_object)
    }
}

/// Whether a line is a whole object.
fn is_object(line: &[u8]) -> bool {
    line.starts_with(b"{") && is_whole(line)
}

pub(super) fn is_whole(line: &[u8]) -> bool {
    judge(line) == JsonCheck::Value
}

/// Whether lines, the last of which something broke on, are as those after a line that lost its
/// end: with the first or the second of them nothing can go on.
fn is_torn(behind: &[&[u8]]) -> bool {
    behind.len() <= 2
        && behind.iter().any(|line| line.starts_with(b"{") || line.starts_with(b"["))
        && behind.iter().any(|line| is_whole(line))
}
