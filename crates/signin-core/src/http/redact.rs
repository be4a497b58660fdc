//! Secrets that a service sends back: found in its text however they are written there, and taken
//! out.
//!
//! A service may send back what it was shown, and login and API are often one. So a client
//! remembers the last secrets that it showed to either, and takes them out of every word of the
//! service's that it passes on: a text is read as a reader would, with the escapes of URLs, JSON
//! and HTML undone, and searched for pieces of 12 characters of each secret and of its base64. A
//! continuation or an owner's id that holds one is refused, since addresses and checkpoints would
//! show it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::http::request::encode;
use crate::http::secret::Secret;

/// The shortest secret that is searched for in other people's text; a shorter one would hit
/// ordinary words.
const SHORTEST_REDACTED: usize = 6;

/// A piece of a secret this long is taken out even where the rest is not there.
const PIECE: usize = 12;

/// How often a text is read again for escapes within escapes.
const LAYERS: usize = 3;

/// How many secrets are remembered: those of the last few tokens, of which a service may still
/// know an older one.
const REMEMBERED: usize = 8;

/// The secrets that a client showed last, to whomever: the login and the service are often one.
/// Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Redactor(Arc<Mutex<VecDeque<Secret>>>);

impl Redactor {
    /// Remembers a secret that is about to be sent.
    pub(crate) fn note(&self, secret: &Secret) {
        let mut secrets = self.lock();
        secrets.retain(|other| other != secret);
        secrets.push_back(secret.clone());
        while secrets.len() > REMEMBERED {
            secrets.pop_front();
        }
    }

    /// The text with these secrets taken out.
    pub(crate) fn redact(&self, text: &str) -> String {
        redact(self.lock().make_contiguous(), text)
    }

    /// Whether a text holds one of them, whole or a good part of it.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        hidden(self.lock().iter().map(|secret| own(secret.expose())), text).contains(&true)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Secret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A text with these secrets taken out.
pub(crate) fn redact(secrets: &[Secret], text: &str) -> String {
    let hidden = hidden(secrets.iter().map(Secret::expose), text);
    let mut cleaned = String::new();
    let mut inside = false;
    for (at, c) in text.char_indices() {
        let is_hidden = hidden.get(at).copied().unwrap_or(false);
        if !is_hidden {
            cleaned.push(c);
        } else if !inside {
            cleaned.push_str("[secret]");
        }
        inside = is_hidden;
    }
    cleaned
}

/// What others do not have in common with a secret: of a JWT its signature. A cursor may be signed
/// in the same way, or name the same tenant, and be no echo.
fn own(secret: &str) -> &str {
    match secret.rsplit_once('.') {
        Some((claims, signature))
            if claims.starts_with("eyJ") && claims.contains('.') && !signature.is_empty() =>
        {
            signature
        }
        _ => secret,
    }
}

/// For each byte of a text, whether it belongs to one of these secrets.
fn hidden<'a>(secrets: impl Iterator<Item = &'a str>, text: &str) -> Vec<bool> {
    let mut hidden = vec![false; text.len()];
    if text.len() < SHORTEST_REDACTED {
        return hidden;
    }
    let forms: HashSet<_> = secrets.flat_map(forms).collect();
    let mut layer = Some(Layer::new(text));
    for _ in 0..=LAYERS {
        let Some(reading) = layer else { break };
        find(&fold(&reading.bytes), &forms, |found| {
            for at in reading.from.get(found).unwrap_or_default() {
                let hidden = hidden.iter_mut().take(at.end).skip(at.start);
                hidden.for_each(|byte| *byte = true);
            }
        });
        layer = reading.unescaped();
    }
    hidden
}

/// How a secret may stand in a text whose escapes are undone: as it is, in hexadecimal digits, and
/// in base64 at each of the three places where it may begin within a longer text, encoded before or
/// not.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    if secret.len() < SHORTEST_REDACTED {
        return Vec::new();
    }
    let json = serde_json::to_string(secret).unwrap_or_default();
    let mut forms = vec![fold(secret.as_bytes())];
    for plain in HashSet::from([secret, &encode(secret), json.trim_matches('"')]) {
        forms.push(hexadecimal(plain));
        for lead in ["", " ", "  "] {
            let bytes = [lead, plain].concat();
            for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
                // The first and the last group hold bits of the neighbours.
                let text = engine.encode(&bytes);
                let inner = text.get(4..text.len().saturating_sub(4)).unwrap_or_default();
                forms.push(fold(inner.as_bytes()));
            }
        }
    }
    forms.retain(|form| form.len() >= SHORTEST_REDACTED);
    forms
}

/// The bytes of a text as hexadecimal digits in lower case.
fn hexadecimal(text: &str) -> Vec<u8> {
    let digit = |value: u8| if value < 10 { b'0' + value } else { b'a' + value - 10 };
    text.bytes().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Letters in lower case, as hosts' names are written, and a plus sign for the space that it means
/// in forms.
fn fold(text: &[u8]) -> Vec<u8> {
    text.iter().map(|byte| if *byte == b' ' { b'+' } else { byte.to_ascii_lowercase() }).collect()
}

/// Tells where a text holds a piece of these forms. It costs little for each byte of them: tokens
/// are long.
fn find(text: &[u8], forms: &HashSet<Vec<u8>>, mut found: impl FnMut(Range<usize>)) {
    let mut places: HashMap<&[u8], Vec<usize>> = HashMap::new();
    let mut begins = vec![false; 1 << 16];
    let begin = |piece: &[u8]| match piece {
        [one, other, ..] => usize::from(*one) << 8 | usize::from(*other),
        _ => 0,
    };
    for (at, piece) in text.windows(PIECE).enumerate() {
        places.entry(piece).or_default().push(at);
        begins.iter_mut().skip(begin(piece)).take(1).for_each(|known| *known = true);
    }
    for form in forms {
        let length = form.len().min(PIECE);
        if length < PIECE {
            let windows = text.windows(length).enumerate();
            for (at, _) in windows.filter(|(_, window)| window == form) {
                found(at..at + length);
            }
            continue;
        }
        for piece in form.windows(PIECE) {
            let known = begins.get(begin(piece)).is_some_and(|known| *known);
            for at in places.get(piece).filter(|_| known).into_iter().flatten() {
                found(*at..*at + PIECE);
            }
        }
    }
}

/// A text with escapes undone, and for each byte where it came from.
struct Layer {
    bytes: Vec<u8>,
    from: Vec<Range<usize>>,
}

impl Layer {
    fn new(text: &str) -> Self {
        let bytes = text.as_bytes().to_vec();
        Self { from: (0..bytes.len()).map(|at| at..at + 1).collect(), bytes }
    }

    /// The same with the escapes of URLs, JSON and HTML undone; None where there is none.
    fn unescaped(&self) -> Option<Self> {
        let mut next = Self { bytes: Vec::new(), from: Vec::new() };
        let mut rest = self.bytes.as_slice();
        let mut from = self.from.as_slice();
        while let ([first, ..], [range, ..]) = (rest, from) {
            let (bytes, length) = escape(rest).unwrap_or((vec![*first], 1));
            let (taken, behind) = from.split_at_checked(length)?;
            let end = taken.last().map_or(range.end, |last| last.end);
            next.from.extend(bytes.iter().map(|_| range.start..end));
            next.bytes.extend(bytes);
            (rest, from) = (rest.get(length..)?, behind);
        }
        (next.bytes.len() < self.bytes.len()).then_some(next)
    }
}

/// What an escape at the beginning of a text stands for, and its length.
fn escape(text: &[u8]) -> Option<(Vec<u8>, usize)> {
    match text {
        [b'%', high, low, ..] => Some((vec![u8::try_from(number(&[*high, *low], 16)?).ok()?], 3)),
        [b'\\', b'u', digits @ ..] => Some((character(number(digits.get(..4)?, 16)?)?, 6)),
        [b'\\', other, ..] if other.is_ascii_punctuation() => Some((vec![*other], 2)),
        [b'&', rest @ ..] => {
            let end = rest.iter().take(LONGEST_ENTITY).position(|byte| *byte == b';')?;
            let byte = match rest.get(..end)? {
                b"amp" => b'&',
                b"lt" => b'<',
                b"gt" => b'>',
                b"quot" => b'"',
                b"apos" => b'\'',
                [b'#', b'x' | b'X', hex @ ..] => {
                    return Some((character(number(hex, 16)?)?, end + 2));
                }
                [b'#', digits @ ..] => return Some((character(number(digits, 10)?)?, end + 2)),
                _ => return None,
            };
            Some((vec![byte], end + 2))
        }
        _ => None,
    }
}

/// `#x10FFFF;` with some zeros.
const LONGEST_ENTITY: usize = 12;

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u32::from_str_radix(digits, radix).ok()
}

fn character(number: u32) -> Option<Vec<u8>> {
    Some(char::from_u32(number)?.to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(secret: &str, text: &str) -> String {
        redact(&[secret.into()], text)
    }

    #[test]
    fn p4_a_secret_is_taken_out_of_a_text_and_nothing_else() {
        let secret = "hunter2-hunter2";
        assert_eq!(clean(secret, "bad key hunter2-hunter2!"), "bad key [secret]!");
        assert_eq!(clean(secret, "bad key"), "bad key");
        assert_eq!(clean(secret, "hunter2-hunter2hunter2-hunter2"), "[secret]");
        assert_eq!(clean("short", "short"), "short");
        assert_eq!(clean("shorts", "my shorts!"), "my [secret]!");
        assert_eq!(clean(secret, ""), "");
    }

    #[test]
    fn p4_a_secret_is_taken_out_in_every_encoding_and_in_pieces() {
        let secret = "pa/ss \"wörd\" <&> 0123456789";
        let base64 = |text: &str| STANDARD_NO_PAD.encode(text);
        let json = serde_json::to_string(secret).unwrap();
        for text in [
            secret.to_owned(),
            secret.to_uppercase(),
            encode(secret),
            encode(&encode(secret)),
            secret.replace(' ', "+"),
            secret.bytes().map(|byte| format!("%{byte:02x}")).collect(),
            secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
            secret.bytes().map(|byte| format!("{byte:02X}")).collect(),
            encode(secret).bytes().map(|byte| format!("{byte:02x}")).collect(),
            secret.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect(),
            secret.chars().map(|c| format!("&#{};", u32::from(c))).collect(),
            secret.chars().map(|c| format!("&#x{:X};", u32::from(c))).collect(),
            json.replace('/', "\\/"),
            serde_json::to_string(&json).unwrap(),
            json,
            "pa/ss &quot;wörd&quot; &lt;&amp;&gt; 0123456789".into(),
            base64(secret),
            base64(&encode(secret)),
            base64(&format!("x{secret}")),
            base64(&format!("xy{secret}yx")),
            "…&> 0123456789…".into(),
        ] {
            let cleaned = clean(secret, &text);
            assert!(cleaned.contains("[secret]"), "{text}: {cleaned}");
            for rest in
                ["0123456789", "MDEyMzQ1Njc4", "%30%31%32%33", "303132", "u0030", "#48;", "#x30;"]
            {
                assert!(!cleaned.contains(rest), "{text}: {cleaned}");
            }
        }
        assert_eq!(clean("<K><K><K>", "a%3cK%3e%3cK%3E%3CK%3eb"), "a[secret]b");
    }

    #[test]
    fn p4_the_last_secrets_that_were_shown_are_known() {
        let shown = Redactor::default();
        let secret = |number: usize| format!("secret-number-{number:03}");
        for number in 0..20 {
            shown.note(&"secret-that-stays".into());
            shown.note(&secret(number).as_str().into());
        }
        assert!(shown.clone().is_in(&secret(19)) && shown.is_in("secret-that-stays"));
        assert_eq!(shown.redact("secret-that-stays, secret-number-018"), "[secret], [secret]");
        assert_eq!(shown.lock().len(), REMEMBERED);
    }

    #[test]
    fn what_a_token_has_in_common_with_others_is_no_echo() {
        let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0ZW5hbnQiOiI3ZSJ9.c2lnbmF0dXJlLTAx";
        let cursor = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0ZW5hbnQiOiI3ZSJ9.b3RoZXItdGhhbi1pdA";
        let shown = Redactor::default();
        shown.note(&token.into());
        assert!(!shown.is_in(cursor));
        assert!(shown.is_in(token) && shown.is_in("x c2lnbmF0dXJlLTAx"));
        assert!(shown.is_in(&STANDARD_NO_PAD.encode(token)));
        assert_eq!(shown.redact(token), "[secret]");
    }
}
