//! Whether a text shows a secret, however it is written there, and the ways in which services write
//! one back.

use std::collections::{HashSet, VecDeque};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// A piece this long is a good part of a secret, and none of our own words.
const PIECE: usize = 12;

/// How many layers of writing are looked through: base64 in JSON in a URL.
const LAYERS: usize = 3;

/// Fails where a text shows twelve characters in a row of a secret.
pub fn assert_hidden(secrets: &[&str], text: &str) {
    if let Some(piece) = shown(secrets, text) {
        panic!("{piece:?} is shown: {text}");
    }
}

/// The first piece of a secret that a text shows, read in every way in which it can be: as it is,
/// in letters of either case, percent-encoded, as JSON or HTML text, in base64 that begins
/// anywhere, and each of these within another.
fn shown(secrets: &[&str], text: &str) -> Option<String> {
    let folded: Vec<_> = secrets.iter().map(|secret| fold(secret.as_bytes())).collect();
    let pieces: HashSet<&[u8]> =
        folded.iter().flat_map(|secret| secret.windows(PIECE.min(secret.len()))).collect();
    let lengths: HashSet<usize> = pieces.iter().map(|piece| piece.len()).collect();
    let mut begins = [false; 256];
    pieces
        .iter()
        .filter_map(|piece| piece.first())
        .for_each(|byte| begins[usize::from(*byte)] = true);
    let found = |reading: &[u8]| {
        let reading = fold(reading);
        let mut windows = lengths.iter().flat_map(|length| reading.windows(*length));
        let piece =
            windows.find(|window| begins[usize::from(window[0])] && pieces.contains(window))?;
        Some(String::from_utf8_lossy(piece).into_owned())
    };
    let first = text.as_bytes().to_vec();
    let (mut known, mut open) = (HashSet::from([first.clone()]), VecDeque::from([(first, 0)]));
    while let Some((reading, layer)) = open.pop_front() {
        if let Some(piece) = found(&reading) {
            return Some(piece);
        }
        if layer < LAYERS {
            for next in readings(&reading) {
                if !next.is_empty() && known.insert(next.clone()) {
                    open.push_back((next, layer + 1));
                }
            }
        }
    }
    None
}

/// Letters in one case; a plus sign for the space that it means in forms.
fn fold(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| if *byte == b' ' { b'+' } else { byte.to_ascii_lowercase() }).collect()
}

/// What a text says to who reads it as one kind of writing.
fn readings(text: &[u8]) -> Vec<Vec<u8>> {
    let mut readings = vec![from_percent(text), from_json(text), from_html(text)];
    readings.extend((0..4).map(|start| from_base64(text, start)));
    readings
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}

/// A text with what begins with this byte replaced by what `read` makes of it, and of how many
/// bytes.
fn replaced(text: &[u8], begin: u8, read: impl Fn(&[u8]) -> Option<(Vec<u8>, usize)>) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.first() {
        let read = if *first == begin { read(rest) } else { None };
        let (bytes, length) = read.unwrap_or((vec![*first], 1));
        out.extend(bytes);
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

fn from_json(text: &[u8]) -> Vec<u8> {
    replaced(text, b'\\', |rest| match rest.get(1)? {
        b'u' => Some((character(number(rest.get(2..6)?, 16)?)?, 6)),
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
    let value = |byte: u8| {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let byte = match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => byte,
        };
        LETTERS.iter().position(|letter| *letter == byte)
    };
    let mut out = Vec::new();
    for run in text.split(|byte| value(*byte).is_none()).filter(|run| run.len() >= PIECE) {
        for group in run[start..].chunks_exact(4) {
            let bits = group.iter().fold(0, |bits, byte| bits << 6 | value(*byte).unwrap_or(0));
            out.extend([16, 8, 0].map(|shift| u8::try_from(bits >> shift & 0xff).unwrap_or(0)));
        }
        out.push(b'\n');
    }
    out
}

/// A secret in each way in which services and what stands in between write it.
pub fn written(secret: &str) -> Vec<String> {
    let each = |write: &dyn Fn(u8) -> String| secret.bytes().map(write).collect::<String>();
    let json = serde_json::Value::from(secret).to_string();
    let json = json.trim_matches('"');
    let percent = each(&|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).into()
        }
        byte => format!("%{byte:02X}"),
    });
    let claims = serde_json::json!({ "sub": "x", "key": secret, "exp": 1 }).to_string();
    let jwt = format!("eyJhbGciOiJub25lIn0.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
    let quoted = serde_json::Value::from(json).to_string();
    let mut all = vec![
        secret.to_owned(),
        secret.to_ascii_lowercase(),
        secret.to_ascii_uppercase(),
        percent.clone(),
        percent.to_ascii_lowercase(),
        percent.replace("%2F", "/").replace("%2B", "+"),
        percent.replace('%', "%25"),
        percent.replace("%20", "+"),
        each(&|byte| format!("%{byte:02x}")),
        json.to_owned(),
        json.replace('/', "\\/"),
        secret.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect(),
        quoted.trim_matches('"').to_owned(),
        secret.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"),
        secret.chars().map(|c| format!("&#x{:X};", u32::from(c))).collect(),
        secret.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
        STANDARD.encode(&percent),
        jwt,
        secret.chars().skip(2).take(PIECE).collect(),
        secret.chars().skip(1).collect(),
    ];
    for lead in ["", "x", "xy"] {
        let bytes = format!("{lead}{secret}:z");
        all.extend([STANDARD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)]);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "Secret/With \"odd\"+<&> Letters&ünd 0123456789";

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        for text in written(SECRET) {
            assert!(shown(&[SECRET], &text).is_some(), "{text}");
            assert!(shown(&["other-0123456-secret", SECRET], &format!("(x{text}")).is_some());
        }
        for text in ["Secret/With", "a secret with odd letters", "error: [secret]; 0123456789"] {
            assert_eq!(shown(&[SECRET], text), None);
        }
    }
}
