//! The program's environment variables, read at one place so that tests can give others.

use std::collections::HashMap;
use std::ffi::OsString;

/// Variables and their values.
#[derive(Clone, Default)]
pub(crate) struct Environment(HashMap<OsString, OsString>);

impl Environment {
    /// Those of this process.
    pub(crate) fn of_process() -> Self {
        Self(std::env::vars_os().collect())
    }

    /// A variable's value; an empty one is as good as none.
    pub(crate) fn get(&self, name: &str) -> Option<&OsString> {
        self.0.get(std::ffi::OsStr::new(name)).filter(|value| !value.is_empty())
    }

    /// A variable's value as text.
    ///
    /// # Errors
    /// What to change, without the value, where it is no text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, String> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value.to_str() {
            Some(text) => Ok(Some(text)),
            None => Err(format!("{name} is not UTF-8; set it anew")),
        }
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(variables: [(&str, &str); N]) -> Self {
        Self(variables.map(|(name, value)| (name.into(), value.into())).into())
    }
}
