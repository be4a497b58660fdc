//! Secrets: values that are never shown.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

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
/// given to who could measure the time it takes.
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
        assert_eq!(format!("{:?}", Secret::from("hunter2-hunter2")), "Secret(…)");
    }
}
