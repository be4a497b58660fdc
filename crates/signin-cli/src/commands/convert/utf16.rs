//! Input that is UTF-16, as some shells write what is redirected, turned into UTF-8 as it comes.
//! Anything else passes through as it is.

use std::mem;

/// How many bytes tell what the text is.
const HEAD: usize = 4;

/// Text on its way to UTF-8.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    form: Form,
    /// The first bytes, until they tell what the text is.
    head: Vec<u8>,
    /// What the last bytes became.
    text: Vec<u8>,
    /// The first byte of a unit whose second has not come.
    byte: Option<u8>,
    /// The first half of a character whose second has not come.
    high: Option<u16>,
    /// Halves that stood alone.
    replaced: u64,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Nobody knows as yet.
    #[default]
    Unknown,
    /// UTF-8, or what has to be told by others.
    Other,
    LittleEndian,
    BigEndian,
}

impl Decoder {
    /// The text of these bytes, and of those before that were not complete.
    pub(super) fn decode<'a>(&'a mut self, bytes: &'a [u8]) -> &'a [u8] {
        if self.form == Form::Other {
            return bytes;
        }
        self.text.clear();
        if self.form == Form::Unknown {
            self.head.extend_from_slice(bytes);
            if self.head.len() >= HEAD {
                self.begin();
            }
        } else {
            self.units(bytes);
        }
        &self.text
    }

    /// What is left once all bytes have come.
    pub(super) fn end(&mut self) -> &[u8] {
        self.text.clear();
        if self.form == Form::Unknown {
            self.begin();
        }
        &self.text
    }

    /// Whether the text ends within a character.
    pub(super) fn is_cut(&self) -> bool {
        self.byte.is_some() || self.high.is_some()
    }

    /// How many halves of characters stood alone, and became U+FFFD.
    pub(super) fn replaced(&self) -> u64 {
        self.replaced
    }

    fn begin(&mut self) {
        let head = mem::take(&mut self.head);
        self.form = form(&head);
        match self.form {
            Form::Unknown | Form::Other => self.text = head,
            Form::LittleEndian | Form::BigEndian => self.units(&head),
        }
    }

    fn units(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            let Some(first) = self.byte.take() else {
                self.byte = Some(byte);
                continue;
            };
            self.unit(match self.form {
                Form::BigEndian => u16::from_be_bytes([first, byte]),
                _ => u16::from_le_bytes([first, byte]),
            });
        }
    }

    fn unit(&mut self, unit: u16) {
        let units = match (self.high.take(), unit) {
            (None, 0xd800..=0xdbff) => {
                self.high = Some(unit);
                return;
            }
            (Some(high), 0xdc00..=0xdfff) => [Some(high), Some(unit)],
            (Some(high), 0xd800..=0xdbff) => {
                self.high = Some(unit);
                [Some(high), None]
            }
            (high, _) => [high, Some(unit)],
        };
        for decoded in char::decode_utf16(units.into_iter().flatten()) {
            let character = decoded.unwrap_or_else(|_| {
                self.replaced += 1;
                char::REPLACEMENT_CHARACTER
            });
            self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

/// What a text is, by its first bytes: all formats that are read begin with two characters of
/// ASCII, of which half the bytes are zero, where there is no byte order mark.
fn form(head: &[u8]) -> Form {
    let is_ascii = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    match *head {
        // UTF-32.
        [0xff, 0xfe, 0, 0, ..] => Form::Other,
        [0xff, 0xfe, ..] => Form::LittleEndian,
        [0xfe, 0xff, ..] => Form::BigEndian,
        [a, 0, b, 0, ..] if is_ascii(a) && is_ascii(b) => Form::LittleEndian,
        [0, a, 0, b, ..] if is_ascii(a) && is_ascii(b) => Form::BigEndian,
        [a, 0] | [a, 0, 1..=0xff] if is_ascii(a) => Form::LittleEndian,
        [0, a] | [0, a, 0] if is_ascii(a) => Form::BigEndian,
        _ => Form::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\"name\":\"Zoë \u{1f600} 中\"}\r\n[1]\n";

    fn bytes(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    /// The text, read in pieces of this many bytes; whether it is cut; what was replaced.
    fn read(input: &[u8], piece: usize) -> (Vec<u8>, bool, u64) {
        let mut decoder = Decoder::default();
        let mut text = Vec::new();
        for piece in input.chunks(piece) {
            text.extend_from_slice(decoder.decode(piece));
        }
        text.extend_from_slice(decoder.end());
        (text, decoder.is_cut(), decoder.replaced())
    }

    #[test]
    fn both_orders_with_and_without_a_mark_in_pieces_of_every_size() {
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            for text in [TEXT, &format!("\u{feff}{TEXT}"), "[]", "7", "id,ip\r\n", "\u{feff}é"] {
                let input = bytes(text, order);
                for piece in 1..=input.len() {
                    assert_eq!(read(&input, piece), (text.as_bytes().to_vec(), false, 0), "{text}");
                }
            }
        }
    }

    #[test]
    fn anything_else_passes_as_it_is() {
        for input in [
            &b""[..],
            b"7",
            b"{}",
            TEXT.as_bytes(),
            b"\xef\xbb\xbf{}",
            b"\0\0\0\0\0\0",
            b"\0{\"id\":1}",
            b"\xff\xfe\0\0{\0\0\0",
            b"\0\0\xfe\xff\0\0\0{",
            b"{\0\0\0",
            b"\x1f\x8b\x08\0\0\0",
            b"PK\x03\x04",
            b"\xff",
        ] {
            for piece in [1, 2, 3, 100] {
                assert_eq!(read(input, piece), (input.to_vec(), false, 0), "{input:?}");
            }
        }
    }

    #[test]
    fn half_a_character_is_replaced_and_what_is_behind_it_is_kept() {
        let units = [0x5b, 0x22, 0xd83d, 0x22, 0xd83d, 0xd83d, 0xde00, 0xde00, 0x5d];
        let input: Vec<_> = units.iter().flat_map(|unit: &u16| unit.to_le_bytes()).collect();
        for piece in 1..=input.len() {
            let (text, is_cut, replaced) = read(&input, piece);
            assert_eq!(str::from_utf8(&text), Ok("[\"\u{fffd}\"\u{fffd}\u{1f600}\u{fffd}]"));
            assert_eq!((is_cut, replaced), (false, 3));
        }
    }

    #[test]
    fn a_text_that_ends_within_a_character_is_cut() {
        let input = bytes("[\"\u{1f600}", u16::to_le_bytes);
        assert_eq!(input.len(), 8);
        for (length, is_cut) in [(8, false), (7, true), (6, true), (5, true), (4, false), (3, true)]
        {
            let (text, cut, replaced) = read(&input[..length], 3);
            assert_eq!((cut, replaced), (is_cut, 0), "{length}");
            assert!(text.starts_with(b"["));
        }
    }
}
