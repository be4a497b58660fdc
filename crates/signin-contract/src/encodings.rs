//! What a text says to who reads it as percent-encoded, as JSON or HTML, as base64, as hexadecimal
//! digits, or as a list of numbers.

use crate::secrets::PIECE;

/// What a text says to who reads it as one kind of writing.
pub(crate) fn readings(text: &[u8]) -> Vec<Vec<u8>> {
    let mut readings = vec![from_percent(text), from_backslashes(text), from_html(text)];
    readings.extend([from_hex(text), from_numbers(text)]);
    readings.extend((0..4).map(|start| from_base64(text, start)));
    readings
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

/// A text with what begins with this byte replaced by what `read` makes of it, and of how many
/// bytes. Nothing where that byte is not in it.
fn replaced(text: &[u8], begin: u8, read: impl Fn(&[u8]) -> Option<(Vec<u8>, usize)>) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), text);
    if !text.contains(&begin) {
        return out;
    }
    while let Some(first) = rest.first() {
        let read = if *first == begin { read(rest) } else { None };
        let length = match read {
            Some((bytes, length)) => {
                out.extend(bytes);
                length
            }
            None => {
                out.push(*first);
                1
            }
        };
        rest = &rest[length..];
    }
    out
}

fn character(number: u32) -> Option<Vec<u8>> {
    Some(char::from_u32(number)?.to_string().into_bytes())
}

fn from_percent(text: &[u8]) -> Vec<u8> {
    replaced(text, b'%', |rest| {
        let byte = number(rest.get(1..3)?, 16)?;
        Some((vec![u8::try_from(byte).ok()?], 3))
    })
}

/// The escapes of JSON, and of bytes in Rust.
fn from_backslashes(text: &[u8]) -> Vec<u8> {
    replaced(text, b'\\', |rest| match rest.get(1)? {
        b'u' => Some((character(number(rest.get(2..6)?, 16)?)?, 6)),
        b'x' => Some((vec![u8::try_from(number(rest.get(2..4)?, 16)?).ok()?], 4)),
        b'n' => Some((vec![b'\n'], 2)),
        b'r' => Some((vec![b'\r'], 2)),
        b't' => Some((vec![b'\t'], 2)),
        other => Some((vec![*other], 2)),
    })
}

fn from_html(text: &[u8]) -> Vec<u8> {
    replaced(text, b'&', |rest| {
        let end = rest.iter().take(12).position(|byte| *byte == b';')?;
        let read = match &rest[1..end] {
            b"amp" => vec![b'&'],
            b"lt" => vec![b'<'],
            b"gt" => vec![b'>'],
            b"quot" => vec![b'"'],
            b"apos" => vec![b'\''],
            [b'#', b'x' | b'X', hex @ ..] => character(number(hex, 16)?)?,
            [b'#', digits @ ..] => character(number(digits, 10)?)?,
            _ => return None,
        };
        Some((read, end + 1))
    })
}

/// What stands in each run of base64's letters, read from this place on.
fn from_base64(text: &[u8], start: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for run in text.split(|byte| six_bits(*byte).is_none()).filter(|run| run.len() >= PIECE) {
        for group in run[start..].chunks_exact(4) {
            let bits = group.iter().fold(0, |bits, byte| bits << 6 | six_bits(*byte).unwrap_or(0));
            out.extend([16, 8, 0].map(|shift| u8::try_from(bits >> shift & 0xff).unwrap_or(0)));
        }
        out.push(b'\n');
    }
    out
}

/// What a letter of base64 stands for, in either alphabet.
fn six_bits(letter: u8) -> Option<u32> {
    Some(u32::from(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

/// The bytes that pairs of hexadecimal digits stand for, with what may stand between the pairs,
/// from the first digit of each run on and from the second.
fn from_hex(text: &[u8]) -> Vec<u8> {
    let (mut out, mut run) = (Vec::new(), Vec::new());
    for byte in text.iter().copied().chain([0]) {
        match byte {
            b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' => run.push(byte),
            b':' | b' ' | b',' | b'-' | b'\n' => {}
            // `0x` is how a number begins.
            b'x' if run.last() == Some(&b'0') => _ = run.pop(),
            _ => {
                if run.len() >= 2 * PIECE {
                    for pairs in [&run[..], &run[1..]] {
                        let pairs = pairs.chunks_exact(2).filter_map(|pair| number(pair, 16));
                        out.extend(pairs.filter_map(|byte| u8::try_from(byte).ok()));
                        out.push(b'\n');
                    }
                }
                run.clear();
            }
        }
    }
    out
}

/// The bytes that a list of numbers stands for, as Debug writes them.
fn from_numbers(text: &[u8]) -> Vec<u8> {
    let (mut out, mut run) = (Vec::new(), Vec::new());
    for list in text.split(|byte| !matches!(byte, b'0'..=b'9' | b',' | b' ' | b'\n')) {
        run.clear();
        let numbers = list.split(|byte| !byte.is_ascii_digit()).filter(|digits| !digits.is_empty());
        run.extend(numbers.filter_map(|digits| u8::try_from(number(digits, 10)?).ok()));
        if run.len() >= PIECE {
            out.extend(&run);
            out.push(b'\n');
        }
    }
    out
}
