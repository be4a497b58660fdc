//! Whether bytes can still become one JSON value, told byte by byte.
//!
//! Only the structure is looked at: whether a value that is complete is JSON to the letter, its
//! reader says.

/// How far a value has come.
#[derive(Debug)]
pub(super) struct JsonScanner {
    /// The brackets that are open.
    open: Vec<Bracket>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Object,
    List,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// A value must come.
    Value,
    /// A value, or the end of a list that is empty.
    FirstElement,
    /// A member's name, or the end of an object that is empty.
    FirstName,
    /// A member's name must come.
    Name,
    /// A colon must come.
    Colon,
    /// After a value: a comma, or the end of what it stands in.
    Behind,
    /// In a text, which may be a member's name.
    Text { name: bool },
    /// After a backslash in a text.
    Escape { name: bool },
    /// In a number, or in one of true, false and null.
    Word,
    /// After the whole value.
    Done,
}

/// The bytes so far are no beginning of a JSON value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken;

impl JsonScanner {
    pub(super) fn new() -> Self {
        Self { open: Vec::new(), state: State::Value }
    }

    /// True after a whole value.
    pub(super) fn is_done(&self) -> bool {
        self.state == State::Done || self.state == State::Word && self.open.is_empty()
    }

    /// How many brackets are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether a value must or may come next.
    pub(super) fn expects_value(&self) -> bool {
        matches!(self.state, State::Value | State::FirstElement)
    }

    pub(super) fn is_in_name(&self) -> bool {
        matches!(self.state, State::Text { name: true } | State::Escape { name: true })
    }

    /// Whether the last byte was of a number, true, false or null: where one ends, only the byte
    /// after it says.
    pub(super) fn is_in_word(&self) -> bool {
        self.state == State::Word
    }

    /// Whether the last thing was a value that shows its own end.
    pub(super) fn is_behind(&self) -> bool {
        matches!(self.state, State::Behind | State::Done)
    }

    /// How many of these bytes, which come next, change nothing: most of a text, or blanks.
    pub(super) fn idle(&self, bytes: &[u8]) -> usize {
        let find = |ends: fn(&u8) -> bool| bytes.iter().position(ends).unwrap_or(bytes.len());
        match self.state {
            State::Text { .. } => find(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)),
            State::Escape { .. } | State::Word => 0,
            _ => find(|byte| *byte != b' '),
        }
    }

    /// Takes one more byte. One that is refused changes nothing.
    pub(super) fn push(&mut self, byte: u8) -> Result<(), Broken> {
        if self.state == State::Word {
            if byte.is_ascii_alphanumeric() || b"+-.".contains(&byte) {
                return Ok(());
            }
            self.state = self.behind();
        }
        self.state = match (self.state, byte) {
            (State::Text { name }, b'"') => {
                if name {
                    State::Colon
                } else {
                    self.behind()
                }
            }
            (State::Text { name }, b'\\') => State::Escape { name },
            // Among them line breaks: no text goes over two lines.
            (State::Text { .. } | State::Escape { .. }, 0..=0x1f) => return Err(Broken),
            (State::Text { name } | State::Escape { name }, _) => State::Text { name },
            (state, b' ' | b'\t' | b'\r' | b'\n') => state,
            (State::Value | State::FirstElement, b'{') => self.opened(Bracket::Object),
            (State::Value | State::FirstElement, b'[') => self.opened(Bracket::List),
            (State::Value | State::FirstElement, b'"') => State::Text { name: false },
            (State::Value | State::FirstElement, b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => {
                State::Word
            }
            (State::Name | State::FirstName, b'"') => State::Text { name: true },
            (State::Colon, b':') => State::Value,
            (State::Behind, b',') => match self.open.last() {
                Some(Bracket::Object) => State::Name,
                _ => State::Value,
            },
            (State::FirstName | State::Behind, b'}') => self.closed(Bracket::Object)?,
            (State::FirstElement | State::Behind, b']') => self.closed(Bracket::List)?,
            _ => return Err(Broken),
        };
        Ok(())
    }

    fn opened(&mut self, bracket: Bracket) -> State {
        self.open.push(bracket);
        match bracket {
            Bracket::Object => State::FirstName,
            Bracket::List => State::FirstElement,
        }
    }

    fn closed(&mut self, bracket: Bracket) -> Result<State, Broken> {
        if self.open.last() != Some(&bracket) {
            return Err(Broken);
        }
        self.open.pop();
        Ok(self.behind())
    }

    fn behind(&self) -> State {
        if self.open.is_empty() { State::Done } else { State::Behind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many bytes are taken, and whether they are a whole value.
    fn taken(text: &str) -> (usize, bool) {
        let mut prefix = JsonScanner::new();
        let taken = text.bytes().take_while(|byte| prefix.push(*byte).is_ok()).count();
        assert_eq!(taken_in_strides(text), (taken, prefix.is_done()), "{text}");
        (taken, prefix.is_done())
    }

    /// The same, where bytes that change nothing are passed over.
    fn taken_in_strides(text: &str) -> (usize, bool) {
        let (mut prefix, mut rest) = (JsonScanner::new(), text.as_bytes());
        while let Some((byte, behind)) = rest[prefix.idle(rest)..].split_first() {
            if prefix.push(*byte).is_err() {
                rest = &rest[prefix.idle(rest)..];
                return (text.len() - rest.len(), prefix.is_done());
            }
            rest = behind;
        }
        (text.len(), prefix.is_done())
    }

    #[test]
    fn what_changes_nothing_is_passed_over_to_its_end() {
        let mut prefix = JsonScanner::new();
        prefix.push(b'[').unwrap();
        assert_eq!((prefix.idle(b"   \n"), prefix.idle(b"     "), prefix.idle(b"")), (3, 5, 0));
        prefix.push(b'"').unwrap();
        assert_eq!((prefix.idle(b"a \xff\\"), prefix.idle(b"a b"), prefix.idle(b"\"")), (3, 3, 0));
        prefix.push(b'\\').unwrap();
        assert_eq!(prefix.idle(b"aaa"), 0);
    }

    #[test]
    fn every_beginning_of_a_value_is_taken_and_only_the_whole_is_done() {
        let value = "{\"a\\\"b\": [1, -2.5e+3, true, null, \"\\\\\", {}, []],\n\"c\":{\"d\":\"\"}}";
        for end in 0..value.len() {
            let begun = value.get(..end).unwrap();
            assert_eq!(taken(begun), (end, false), "{begun}");
        }
        assert_eq!(taken(value), (value.len(), true));
        assert_eq!(taken("\r\n [1] \t\n"), (9, true));
    }

    #[test]
    fn what_cannot_become_a_value_is_refused_where_it_shows() {
        for (text, at) in [
            ("{\"a\":1,\n{\"b\":2}", 8),
            ("{\"a\":\n{\"b\":2}\n{\"c\":3}", 14),
            ("{\"a\":\"x\n", 7),
            ("[1}", 2),
            ("{]", 1),
            ("[,", 1),
            ("{,", 1),
            ("{\"a\",", 4),
            ("{\"a\":,", 5),
            ("{1", 1),
            ("[1]x", 3),
            ("{}{", 2),
            ("<html>", 0),
            ("[1 // comment", 3),
            ("\u{feff}[", 0),
            ("[1,]", 3),
        ] {
            assert_eq!(taken(text).0, at, "{text}");
        }
    }
}
