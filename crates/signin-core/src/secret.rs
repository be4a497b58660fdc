//! Secrets: values that are never shown.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// The shortest secret that is searched for in other people's text; a shorter one would hit
/// ordinary words.
const SHORTEST_REDACTED: usize = 6;

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

    /// The text with this secret taken out, should a service send it back.
    pub(crate) fn redact(&self, text: &str) -> String {
        if self.expose().len() < SHORTEST_REDACTED {
            return text.to_owned();
        }
        text.replace(self.expose(), "[secret]")
    }
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
    }
}
