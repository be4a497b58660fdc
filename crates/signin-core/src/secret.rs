//! Secrets: values that are never shown.

use std::collections::HashSet;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};

use crate::request::encode;

/// The shortest secret that is searched for in other people's text; a shorter one would hit
/// ordinary words.
const SHORTEST_REDACTED: usize = 6;

/// A piece of a secret this long is taken out even where the rest is not there.
const PIECE: usize = 12;

/// A key, a token or a client secret. It is wiped from memory when dropped and never shown.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// True for a secret without any text.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// Whether a text holds this secret, whole or a good part of it, as it is or encoded.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        self.marks(text).contains(&true)
    }

    /// The text with this secret taken out, should a service send it back.
    pub(crate) fn redact(&self, text: &str) -> String {
        let marks = self.marks(text);
        let mut cleaned = String::new();
        let mut inside = false;
        for (place, c) in text.char_indices() {
            let marked = marks.get(place).copied().unwrap_or(false);
            if !marked {
                cleaned.push(c);
            } else if !inside {
                cleaned.push_str("[secret]");
            }
            inside = marked;
        }
        cleaned
    }

    /// For each byte of a text, whether it belongs to this secret.
    fn marks(&self, text: &str) -> Vec<bool> {
        let mut marks = vec![false; text.len()];
        if self.expose().len() < SHORTEST_REDACTED {
            return marks;
        }
        for form in self.forms() {
            let length = form.len().min(PIECE);
            let pieces: HashSet<&[u8]> = form.as_bytes().windows(length).collect();
            for (place, piece) in text.as_bytes().windows(length).enumerate() {
                if pieces.contains(piece) {
                    marks.iter_mut().skip(place).take(length).for_each(|mark| *mark = true);
                }
            }
        }
        marks
    }

    /// How the secret may be written: as it is, percent-encoded, as JSON or HTML text, and in
    /// base64 at each of the three places where it may begin within a longer text.
    fn forms(&self) -> Vec<String> {
        let plain = self.expose();
        let json = serde_json::to_string(plain).unwrap_or_default();
        let html = plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let mut forms = vec![
            plain.to_owned(),
            encode(plain),
            with_lower_hex(&encode(plain)),
            json.trim_matches('"').replace('/', "\\/"),
            json.trim_matches('"').to_owned(),
            html.replace('"', "&quot;"),
        ];
        for lead in ["", " ", "  "] {
            let bytes = [lead, plain].concat();
            for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
                // The first and the last group hold bits of the neighbours.
                let text = engine.encode(&bytes);
                let inner = text.get(4..text.len().saturating_sub(4)).unwrap_or_default();
                forms.push(inner.to_owned());
            }
        }
        forms.retain(|form| form.len() >= SHORTEST_REDACTED);
        forms
    }
}

/// A percent-encoded text with its hexadecimal digits in lower case, as some services write it.
fn with_lower_hex(encoded: &str) -> String {
    let mut digits = 0;
    let lower = encoded.chars().map(|c| {
        if c == '%' {
            digits = 2;
        } else if digits > 0 {
            digits -= 1;
            return c.to_ascii_lowercase();
        }
        c
    });
    lower.collect()
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned().into())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

/// Whether a token that was refused is still the current one. Both are the caller's own: nothing is
/// told to who could measure the time it takes.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p4_a_secret_is_never_shown() {
        let secret = Secret::from("hunter2-hunter2");
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.redact("bad key hunter2-hunter2!"), "bad key [secret]!");
        assert_eq!(secret.redact("bad key"), "bad key");
    }

    #[test]
    fn p4_a_secret_is_taken_out_in_every_encoding_and_in_pieces() {
        let secret = Secret::from("pa/ss \"wörd\" <&> 0123456789");
        let base64 = |text: &str| STANDARD_NO_PAD.encode(text);
        for text in [
            secret.expose().to_owned(),
            encode(secret.expose()),
            serde_json::to_string(secret.expose()).unwrap(),
            "pa/ss &quot;wörd&quot; &lt;&amp;&gt; 0123456789".into(),
            base64(secret.expose()),
            base64(&format!("x{}", secret.expose())),
            base64(&format!("xy{}yx", secret.expose())),
            "…&> 0123456789…".into(),
        ] {
            let cleaned = secret.redact(&text);
            assert!(cleaned.contains("[secret]"), "{text}: {cleaned}");
            assert!(
                !cleaned.contains("0123456789") && !cleaned.contains("MDEyMzQ1Njc4"),
                "{cleaned}"
            );
            assert!(secret.is_in(&text));
        }
        let signs = Secret::from("<K><K><K>");
        assert_eq!(signs.redact("%3cK%3e%3cK%3e%3cK%3e"), "[secret]");
        assert_eq!(signs.redact("%3CK%3E%3CK%3E%3CK%3E"), "[secret]");
    }
}
