//! Whether a text shows a secret, however it is written there, and the ways in which services write
//! one back.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet, VecDeque};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::encodings::readings;
use crate::vendor::{ISSUED, SECRET, TOKEN};

/// A piece this long is a good part of a secret, and none of our own words.
pub(crate) const PIECE: usize = 12;

/// How many layers of writing are looked through: base64 in JSON in a URL.
const LAYERS: usize = 3;

thread_local! {
    static MARKED: RefCell<Marks> = RefCell::new(Marks::usual());
}

/// Looks on this thread for what every case has only: the token, the secret, and what is issued.
pub fn mark_nothing_more() {
    MARKED.set(Marks::usual());
}

/// Looks on this thread for this secret too, from now on.
pub fn mark(secret: &str) {
    MARKED.with_borrow_mut(|marks| marks.add(secret.as_bytes()));
}

/// Looks on this thread for this private key too, from now on.
pub fn mark_key(pem: &str) {
    MARKED.with_borrow_mut(|marks| marks.add_key(pem));
}

/// Fails where a text shows twelve characters in a row of what is looked for on this thread.
pub fn assert_nothing_marked(text: &str) {
    MARKED.with_borrow(|marks| marks.assert_hidden(text));
}

/// Fails where a text shows twelve characters in a row of a secret.
pub fn assert_hidden(secrets: &[&str], text: &str) {
    Marks::of(secrets).assert_hidden(text);
}

/// Fails where a text shows twelve bytes in a row of a private key.
pub fn assert_key_hidden(pem: &str, text: &str) {
    let mut marks = Marks::of(&[]);
    marks.add_key(pem);
    marks.assert_hidden(text);
}

/// The pieces of secrets.
struct Marks {
    pieces: HashSet<Vec<u8>>,
    lengths: BTreeSet<usize>,
    /// Whether a piece begins with these two bytes.
    begins: Vec<bool>,
}

impl Marks {
    fn usual() -> Self {
        Self::of(&[TOKEN, SECRET, ISSUED])
    }

    fn of(secrets: &[&str]) -> Self {
        let begins = vec![false; 1 << 16];
        let mut marks = Self { pieces: HashSet::new(), lengths: BTreeSet::new(), begins };
        secrets.iter().for_each(|secret| marks.add(secret.as_bytes()));
        marks
    }

    fn add(&mut self, secret: &[u8]) {
        let secret = fold(secret);
        let length = PIECE.min(secret.len());
        for piece in secret.windows(length) {
            self.begins[begin(piece)] = true;
            self.pieces.insert(piece.to_vec());
        }
        self.lengths.insert(length);
    }

    /// The lines of a PEM text but for those that name it, and the bytes that they stand for; as
    /// characters, too, since that is what escapes in texts say.
    fn add_key(&mut self, pem: &str) {
        let lines: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = STANDARD.decode(&lines).expect("a key in PEM");
        let characters: String = der.iter().copied().map(char::from).collect();
        [lines.as_bytes(), &der, characters.as_bytes()].iter().for_each(|form| self.add(form));
    }

    fn assert_hidden(&self, text: &str) {
        if let Some(piece) = self.shown(text) {
            panic!("{piece:?} is shown: {text}");
        }
    }

    /// The first piece of a secret that a text shows, read in every way in which it can be: as it
    /// is, in letters of either case, percent-encoded, as JSON or HTML text, in base64 that begins
    /// anywhere, in hexadecimal digits, as a list of numbers, and each of these within another.
    fn shown(&self, text: &str) -> Option<String> {
        let first = text.as_bytes().to_vec();
        let (mut known, mut open) = (HashSet::from([first.clone()]), VecDeque::from([(first, 0)]));
        while let Some((reading, layer)) = open.pop_front() {
            if let Some(piece) = self.found(&reading) {
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

    fn found(&self, reading: &[u8]) -> Option<String> {
        let reading = fold(reading);
        let mut windows = self.lengths.iter().flat_map(|length| reading.windows(*length));
        let piece =
            windows.find(|piece| self.begins[begin(piece)] && self.pieces.contains(*piece))?;
        Some(String::from_utf8_lossy(piece).into_owned())
    }
}

/// What a piece begins with, as a number.
fn begin(piece: &[u8]) -> usize {
    usize::from(piece[0]) << 8 | usize::from(piece[1])
}

/// Letters in one case; a plus sign for the space that it means in forms.
fn fold(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| if *byte == b' ' { b'+' } else { byte.to_ascii_lowercase() }).collect()
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
        each(&|byte| format!("{byte:02x}")),
        each(&|byte| format!("{byte:02X}")),
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
    use crate::vendor::KEY;

    const SECRET: &str = "Secret/With \"odd\"+<&> Letters&ünd 0123456789";

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        let shown = |secrets: &[&str], text: &str| Marks::of(secrets).shown(text);
        for text in written(SECRET) {
            assert!(shown(&[SECRET], &text).is_some(), "{text}");
            assert!(shown(&["other-0123456-secret", SECRET], &format!("(x{text}")).is_some());
        }
        for text in ["Secret/With", "a secret with odd letters", "error: [secret]; 0123456789"] {
            assert_eq!(shown(&[SECRET], text), None);
        }
    }

    /// Twelve bytes of it from any place on.
    #[test]
    fn a_key_is_found_however_it_is_written() {
        let mut marks = Marks::of(&[]);
        marks.add_key(KEY);
        let lines: Vec<_> = KEY.lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(lines.concat()).expect("a key");
        let each = |write: &dyn Fn(&u8) -> String| der.iter().map(write).collect::<String>();
        let hex = each(&|byte| format!("{byte:02x}"));
        let numbers: Vec<_> = der.iter().map(u8::to_string).collect();
        let mut texts = vec![
            format!("{der:?}"),
            format!("{der:#?}"),
            format!("{:?}", &der[500..PIECE + 500]),
            format!("{:?}", KEY.as_bytes()),
            numbers.join(" "),
            hex.to_ascii_uppercase(),
            hex[701..727].to_owned(),
            each(&|byte| format!("{byte:02X}:")),
            each(&|byte| format!("0x{byte:02x}, ")),
            each(&|byte| format!("\\x{byte:02x}")),
            each(&|byte| format!("%{byte:02X}")),
            each(&|byte| format!("\\u{byte:04x}")),
            each(&|byte| format!("&#{byte};")),
            each(&|byte| char::from(*byte).to_string()),
            der.escape_ascii().to_string(),
            STANDARD.encode(&der),
            URL_SAFE_NO_PAD.encode(&der[1..]),
            STANDARD.encode(&hex),
            hex,
        ];
        let pieces = lines.iter().flat_map(|line| [&line[..PIECE.min(line.len())], line]);
        texts.extend(pieces.filter(|piece| piece.len() >= PIECE).map(str::to_owned));
        texts.extend(written(KEY).into_iter().filter(|text| text.len() > KEY.len() / 2));
        for text in texts {
            assert!(marks.shown(&format!("(x {text}")).is_some(), "{text}");
        }
        for text in ["give PEM text: -----BEGIN PRIVATE KEY-----", "MIIEvQIBADA", "[48, 130, 4]"] {
            assert_eq!(marks.shown(text), None);
        }
    }
}
