//! A list, or a page that has one, yielded element by element: only one of them is held.

use std::ops::Range;

use super::attempt::is_whole;
use super::{Found, Reading, Splitter};
use crate::commands::convert::detect;
use crate::commands::convert::input_position::InputPosition;
use crate::commands::convert::json_check::{Fault, JsonCheck, Why, judge};
use crate::commands::convert::pieces::{Piece, Pieces, Step};

/// A value that is yielded element by element.
#[derive(Debug)]
pub(super) struct List {
    pieces: Pieces,
    /// What was looked at.
    at: usize,
    /// Where the piece begins that is open.
    piece: Option<usize>,
    /// Where it ends at the latest: it is one line of many.
    until: Option<usize>,
    /// The line that it begins on, from 1.
    line: u64,
    /// The line breaks in it.
    breaks: u64,
    /// How many bytes of its line are before `at`.
    column: usize,
    /// These are white space.
    is_line_blank: bool,
    /// Up to here no line break was found after `at`, where it broke.
    searched: usize,
}

impl List {
    pub(super) fn new(
        pieces: Pieces,
        at: usize,
        until: Option<usize>,
        line: u64,
        column: usize,
    ) -> Self {
        let (piece, is_line_blank) = (None, false);
        Self { pieces, at, piece, until, line, breaks: 0, column, is_line_blank, searched: 0 }
    }

    /// Follows the buffer, whose first bytes were dropped.
    pub(super) fn shift(&mut self, done: usize) {
        self.at -= done;
        self.piece = self.piece.map(|begin| begin - done);
        self.until = self.until.map(|end| end - done);
        self.searched = self.searched.saturating_sub(done);
    }

    /// Takes one more byte; what it ends, if anything.
    fn push(&mut self, byte: u8) -> Option<(Range<usize>, Piece)> {
        let step = self.pieces.push(byte).ok()?;
        let at = self.at;
        self.at += 1;
        if byte == b'\n' {
            self.breaks += 1;
            (self.column, self.is_line_blank) = (0, true);
        } else {
            self.column += 1;
            self.is_line_blank &= byte.is_ascii_whitespace();
        }
        let (piece, end) = match step {
            Step::Within => return None,
            Step::Begins => {
                self.piece = Some(at);
                return None;
            }
            Step::Ends(piece) => (piece, at + 1),
            Step::Behind(piece) => (piece, at),
        };
        self.piece.take().map(|begin| (begin..end, piece))
    }

    /// What is not yielded yet begins here.
    fn rest(&self) -> usize {
        self.piece.unwrap_or(self.at)
    }

    /// The element that is open, or comes next.
    fn place(&self) -> InputPosition {
        InputPosition { line: self.line, record: Some(self.pieces.elements() + 1) }
    }
}

impl Splitter {
    /// Goes through the elements of a list. None: it is at its end, or something is to be said.
    pub(super) fn go_through(&mut self, mut list: List) -> Result<Option<Found>, Fault> {
        loop {
            let idle = self.idle(&list.pieces, list.rest(), list.at);
            list.at += idle;
            list.column += idle;
            let Some(byte) = self.buffer.get(list.at).copied() else { break };
            if list.pieces.is_closed() {
                self.close(&list);
                return Ok(None);
            }
            if list.until == Some(list.at) {
                return self.broken(list);
            }
            let at = list.at;
            let ended = list.push(byte);
            if list.at == at {
                return self.broken(list);
            }
            if let Some((range, piece)) = ended {
                self.start = range.end;
                let found = self.piece(range, piece, &list);
                self.reading = Reading::List(list);
                return Ok(found);
            }
            if list.at - list.rest() > self.bounds.longest {
                return Err(Fault { place: list.place(), why: Why::TooLong });
            }
        }
        self.start = list.rest();
        if !self.ended {
            self.reading = Reading::List(list);
            return Ok(Some(Found::More));
        }
        if list.pieces.is_closed() {
            self.close(&list);
            return Ok(None);
        }
        Err(Fault { place: InputPosition::of(list.line), why: Why::CutOff })
    }

    /// A piece that is whole.
    fn piece(&mut self, range: Range<usize>, piece: Piece, list: &List) -> Option<Found> {
        let mut place = InputPosition::of(list.line);
        if let Piece::Element | Piece::Record(_) = piece {
            place.record = Some(list.pieces.elements());
        }
        let reason = match judge(self.bytes(range.clone())) {
            JsonCheck::Value => return self.sound(range, piece, place),
            JsonCheck::Begun => "expected JSON, found a word that is none".to_owned(),
            JsonCheck::Broken(reason) => reason,
        };
        Some(Found::Broken(range, place, reason))
    }

    fn sound(&mut self, range: Range<usize>, piece: Piece, place: InputPosition) -> Option<Found> {
        match piece {
            Piece::Element | Piece::Record(_) => Some(Found::Element(range, place, piece)),
            Piece::Other => None,
            Piece::Failure => {
                if detect::is_failure_said(self.str(range)) {
                    self.fault = Some(Fault { place, why: Why::Failure });
                }
                None
            }
        }
    }

    /// The list, or its page, is at its end.
    fn close(&mut self, list: &List) {
        self.by_line |= list.breaks == 0;
        self.go_behind(list, list.at, list.column, true);
        if let Some(what) = list.pieces.contradiction() {
            let place = InputPosition::of(list.line);
            self.fault = Some(Fault { place, why: Why::Contradiction(what) });
        }
    }

    /// Goes on reading at a place whose line is the one that the list has come to.
    fn go_behind(&mut self, list: &List, at: usize, column: usize, within_line: bool) {
        self.start = at;
        self.lines = list.line - 1 + list.breaks;
        (self.column, self.within_line) = (column, within_line);
    }

    /// The list cannot be read on. What stands after can be, where lines show where it begins.
    fn broken(&mut self, mut list: List) -> Result<Option<Found>, Fault> {
        let rest = list.rest();
        let mut searched = list.searched;
        let Some(end) = self.end_of_line(list.at, &mut searched, list.until == Some(list.at))
        else {
            list.searched = searched;
            self.start = rest;
            if self.buffer.len() - rest > self.bounds.longest {
                return Err(self.list_fault(&list));
            }
            self.reading = Reading::List(list);
            return Ok(Some(Found::More));
        };
        let fault = self.list_fault(&list);
        let lines = self.bytes(rest..list.at).iter().filter(|byte| **byte == b'\n').count();
        // What is refused, where reading goes on, and how many lines after the list's last.
        let (refused, next) = if list.breaks == 0 {
            (rest..end, end)
        } else if list.is_line_blank && lines <= 2 && self.is_whole_line(list.at..end) {
            let length = self.bytes(rest..list.at).iter().position(|byte| *byte == b'\n');
            let next = length.map_or(list.at, |length| rest + length + 1);
            (rest..next, next)
        } else {
            let Why::ListBroken { line, column } = fault.why else { return Err(fault) };
            let reason = format!("expected JSON, found a syntax error at column {column}");
            return Err(Fault { place: InputPosition::of(line), why: Why::NotJson(reason) });
        };
        let place = list.place();
        let content = self.content(refused);
        let reason = match judge(self.bytes(content.clone())) {
            // A number that more may have come of.
            JsonCheck::Value => JsonCheck::Begun.to_string(),
            verdict => verdict.to_string(),
        };
        self.fault = Some(fault);
        self.alone = self.alone.max(end);
        let behind = self.bytes(next..list.at).iter().filter(|byte| **byte == b'\n').count();
        list.breaks -= u64::try_from(behind).unwrap_or_default();
        self.go_behind(&list, next, 0, list.breaks == 0);
        Ok((!content.is_empty()).then_some(Found::Broken(content, place, reason)))
    }

    fn is_whole_line(&self, range: Range<usize>) -> bool {
        let line = self.bytes(self.content(range));
        matches!(line, [b'{' | b'[', ..]) && is_whole(line)
    }

    fn list_fault(&self, list: &List) -> Fault {
        let (line, column) = (list.line + list.breaks, list.column + 1);
        Fault { place: list.place(), why: Why::ListBroken { line, column } }
    }
}
