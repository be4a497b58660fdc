//! Lists, and pages that have lists, told byte by byte: where each element begins and ends.
//!
//! Nothing is held here but the name of the member that is open.

use std::borrow::Cow;

use super::detect::{self, MOST_LISTS};
use super::json_scanner::{Broken, JsonScanner};
use super::members::text;
use crate::vendors::{Endpoint, Vendor};

/// The longest name of a member that is looked at, in bytes. No known one is as long.
const LONGEST_NAME: usize = 256;

/// A value on its way: what its bytes so far are.
#[derive(Debug)]
pub(super) struct Pieces {
    prefix: JsonScanner,
    vendor: Vendor,
    /// What is open that pieces stand in, from the outside in.
    frames: Vec<Frame>,
    /// The member that is open in the innermost object of these, as it stands there.
    name: Vec<u8>,
    /// The piece that is open.
    piece: Option<Piece>,
    /// The elements that are complete.
    elements: u64,
    /// The lists that were opened.
    lists: usize,
    has: Has,
}

/// Members of a page that make something else of it.
#[derive(Debug, Default)]
struct Has {
    id: bool,
    v: bool,
    vendor: bool,
    more_lists: bool,
}

#[derive(Debug)]
enum Frame {
    /// A list whose elements are pieces of this kind.
    List(Piece),
    /// An object that may be a page.
    Page,
    /// The object at this member of it, which may have lists.
    Inner(String),
}

/// What a piece is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Piece {
    /// An element of a list that stands alone: a record, a page, an envelope.
    Element,
    /// A record of a page; of this endpoint, if the page says it.
    Record(Option<&'static Endpoint>),
    /// The page's own word that it failed.
    Failure,
    /// Another member of a page, or a value that is neither list nor object.
    Other,
}

/// What a byte does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    /// It neither begins nor ends a piece.
    Within,
    /// It is the first of a piece.
    Begins,
    /// It is the last of a piece.
    Ends(Piece),
    /// It is the first after a piece.
    Behind(Piece),
}

impl Pieces {
    pub(super) fn new(vendor: Vendor) -> Self {
        Self {
            prefix: JsonScanner::new(),
            vendor,
            frames: Vec::new(),
            name: Vec::new(),
            piece: None,
            elements: 0,
            lists: 0,
            has: Has::default(),
        }
    }

    /// True after a whole value.
    pub(super) fn is_done(&self) -> bool {
        self.prefix.is_done()
    }

    /// True after a whole value that shows its own end.
    pub(super) fn is_closed(&self) -> bool {
        self.prefix.depth() == 0 && self.prefix.is_behind()
    }

    /// The elements that are complete, of all lists.
    pub(super) fn elements(&self) -> u64 {
        self.elements
    }

    /// Whether a list is open whose elements stand alone.
    pub(super) fn is_in_list(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::List(_)))
    }

    /// Whether it can be read element by element, as far as it has come.
    pub(super) fn is_list(&self) -> bool {
        self.elements > 0 && self.contradiction().is_none()
    }

    /// What makes no page of a value whose list was read already.
    pub(super) fn contradiction(&self) -> Option<&'static str> {
        match self.has {
            _ if self.lists == 0 => None,
            Has { id: true, .. } => Some("an id, which a record has and no page"),
            Has { v: true, vendor: true, .. } => Some("the members of an envelope"),
            Has { more_lists: true, .. } => Some("more lists than a page has"),
            _ => None,
        }
    }

    /// Takes one more byte. One that is refused changes nothing.
    pub(super) fn push(&mut self, byte: u8) -> Result<Step, Broken> {
        // A piece of its own, not a part of one.
        let was_word = self.prefix.is_in_word() && self.is_at_frame();
        let was_name = self.prefix.is_in_name();
        let expected = self.prefix.expects_value();
        self.prefix.push(byte)?;
        let step = match self.piece {
            Some(_) if self.prefix.is_in_word() => Step::Within,
            Some(piece) if was_word => Step::Behind(self.ended(piece)),
            Some(piece) if self.is_at_frame() && self.prefix.is_behind() => {
                Step::Ends(self.ended(piece))
            }
            Some(_) => Step::Within,
            None if was_name || self.prefix.is_in_name() => {
                self.named(byte, was_name);
                Step::Within
            }
            None if expected && !byte.is_ascii_whitespace() && byte != b']' => self.begun(byte),
            None => Step::Within,
        };
        if self.prefix.depth() < self.frames.len() {
            self.frames.pop();
        }
        Ok(step)
    }

    /// How many of these bytes, which come next, change nothing.
    pub(super) fn idle(&self, bytes: &[u8]) -> usize {
        // Between pieces, names are taken down.
        if self.piece.is_some() { self.prefix.idle(bytes) } else { 0 }
    }

    fn is_at_frame(&self) -> bool {
        self.prefix.depth() == self.frames.len()
    }

    fn ended(&mut self, piece: Piece) -> Piece {
        self.piece = None;
        self.elements += u64::from(matches!(piece, Piece::Element | Piece::Record(_)));
        piece
    }

    /// Takes a byte of a member's name, with the quotation marks around it.
    fn named(&mut self, byte: u8, was_name: bool) {
        if !was_name {
            self.name.clear();
        }
        if self.name.len() < LONGEST_NAME {
            self.name.push(byte);
        }
        if self.prefix.is_in_name() || self.frames.len() > 1 {
            return;
        }
        match &*self.name() {
            "id" => self.has.id = true,
            "v" => self.has.v = true,
            "vendor" => self.has.vendor = true,
            _ => {}
        }
    }

    /// The name of the member that is open; of one that is too long, nobody's.
    fn name(&self) -> Cow<'_, str> {
        std::str::from_utf8(&self.name).ok().and_then(text).unwrap_or_default()
    }

    /// Takes the first byte of a value: of one that pieces stand in, or of a piece.
    fn begun(&mut self, byte: u8) -> Step {
        if let Some(frame) = self.frame(byte) {
            self.lists += usize::from(matches!(frame, Frame::List(_)));
            self.frames.push(frame);
            return Step::Within;
        }
        self.piece = Some(match self.frames.last() {
            Some(Frame::List(piece)) => *piece,
            Some(Frame::Page) if detect::is_failure_named(&self.name()) => Piece::Failure,
            _ => Piece::Other,
        });
        Step::Begins
    }

    /// What a value is that pieces stand in.
    fn frame(&mut self, byte: u8) -> Option<Frame> {
        let name = self.name();
        let frame = match (self.frames.last(), byte) {
            (None, b'[') => Frame::List(Piece::Element),
            (None, b'{') => Frame::Page,
            // A record's or an envelope's members are its own.
            (_, _) if self.has.id || self.has.v && self.has.vendor => return None,
            (Some(Frame::Page), b'{') if detect::may_hold_lists(&name, self.vendor) => {
                Frame::Inner(name.into_owned())
            }
            (Some(Frame::Page), b'[') => self.list(&[&name])?,
            (Some(Frame::Inner(outer)), b'[') => self.list(&[outer, &name])?,
            _ => return None,
        };
        if matches!(frame, Frame::List(_)) && self.lists >= MOST_LISTS {
            self.has.more_lists = true;
            return None;
        }
        Some(frame)
    }

    /// The list at this path, if it is one that pages have.
    fn list(&self, path: &[&str]) -> Option<Frame> {
        detect::list_at(path, self.vendor).map(|endpoint| Frame::List(Piece::Record(endpoint)))
    }
}
