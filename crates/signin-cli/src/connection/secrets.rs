//! Secrets: from a variable, a file or the service manager's credentials, never from the command
//! line.

use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use signin_core::{ClientAssertion, Deferred, Error, ErrorKind, Secret, TokenSource};

use super::environment::Environment;

/// No key or certificate is larger; a file that is was named by mistake.
const LARGEST: u64 = 64 * 1024;

/// Where a secret was found.
#[derive(Debug)]
pub(crate) enum SecretSource {
    Variable { name: String, text: Hidden },
    File(PathBuf),
}

/// A text that is not shown.
pub(crate) struct Hidden(String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(…)")
    }
}

impl SecretSource {
    /// The text there now, without one line break at its end, and a warning if others can read it.
    ///
    /// # Errors
    /// What to change, without the text.
    pub(crate) fn text(&self) -> Result<(String, Option<String>), String> {
        match self {
            Self::Variable { text, .. } => Ok((without_newline(&text.0).to_owned(), None)),
            Self::File(path) => {
                let (text, warning) = read_text(path)?;
                Ok((without_newline(&text).to_owned(), warning))
            }
        }
    }

    /// The secret there now, which stands on one line, and a warning if others can read it.
    ///
    /// # Errors
    /// What to change, without the secret.
    pub(crate) fn secret(&self) -> Result<(Secret, Option<String>), String> {
        let (text, warning) = self.text()?;
        Ok((secret_of(&text, &self.name())?, warning))
    }

    /// What people know it by.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Variable { name, .. } => name.clone(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

/// Finds a secret: `NAME`, the file that `NAME_FILE` names, or `$CREDENTIALS_DIRECTORY/NAME`. None
/// if there is none of them.
///
/// # Errors
/// What to change, where there are two.
pub(crate) fn find(name: &str, environment: &Environment) -> Result<Option<SecretSource>, String> {
    find_any(&[name], environment)
}

/// Finds a secret that has several names.
///
/// # Errors
/// As [`find`].
pub(crate) fn find_any(
    names: &[&str],
    environment: &Environment,
) -> Result<Option<SecretSource>, String> {
    let mut found = Vec::new();
    for name in names {
        if let Some(text) = environment.text(name)? {
            let (name, text) = ((*name).to_owned(), Hidden(text.to_owned()));
            found.push((name.clone(), SecretSource::Variable { name, text }));
        }
        let file_name = format!("{name}_FILE");
        if let Some(path) = environment.get(&file_name) {
            found.push((file_name, SecretSource::File(path.into())));
        }
        let folder = environment.get("CREDENTIALS_DIRECTORY").map(Path::new);
        if let Some(path) = folder.map(|folder| folder.join(name)).filter(|path| path.exists()) {
            found.push((format!("$CREDENTIALS_DIRECTORY/{name}"), SecretSource::File(path)));
        }
    }
    only_one(found)
}

/// The one thing that is there, of several with their names.
///
/// # Errors
/// What to change, where there are two.
pub(crate) fn only_one<T>(found: Vec<(String, T)>) -> Result<Option<T>, String> {
    if let [(one, _), (other, _), ..] = found.as_slice() {
        return Err(format!("{one} and {other} are both there; keep one of them"));
    }
    Ok(found.into_iter().next().map(|(_, place)| place))
}

/// How to give a secret, for who has not.
pub(crate) fn how_to_give(name: &str) -> String {
    format!(
        "set {name}, or {name}_FILE to the name of a file that holds it, or give it as the \
         credential {name} of a systemd unit"
    )
}

/// The text that a file holds, and a warning if others can read it.
fn read_text(path: &Path) -> Result<(String, Option<String>), String> {
    let shown = path.display();
    let failed = |error: std::io::Error| format!("{shown} cannot be read: {error}");
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(format!("{shown} is a folder; name the file that holds the secret"));
    }
    let mut text = String::new();
    let read = file.take(LARGEST + 1).read_to_string(&mut text);
    let read = read.map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => format!("{shown} is not text; name another file"),
        _ => failed(error),
    })?;
    if u64::try_from(read).is_ok_and(|read| read > LARGEST) {
        return Err(format!("{shown} is too large for a secret; name another file"));
    }
    let open = others_can_read(&metadata);
    let warning = open.then(|| format!("{shown} can be read by every user; run chmod 600 on it"));
    Ok((text, warning))
}

#[cfg(unix)]
fn others_can_read(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.is_file() && metadata.permissions().mode() & 0o004 != 0
}

#[cfg(not(unix))]
fn others_can_read(_: &std::fs::Metadata) -> bool {
    false
}

/// The secret in a text, which has a name.
fn secret_of(secret: &str, name: &str) -> Result<Secret, String> {
    if secret.trim().is_empty() {
        return Err(format!("{name} is empty; put the secret into it"));
    }
    if secret.contains(|c: char| c.is_control()) {
        return Err(format!("{name} holds a control character; look for a second line in it"));
    }
    Ok(secret.into())
}

/// The text without one line break at its end, which editors and `echo` leave there.
fn without_newline(text: &str) -> &str {
    let line = text.strip_suffix('\n').unwrap_or(text);
    line.strip_suffix('\r').unwrap_or(line)
}

/// A key from where it was found. A file is read again when the service refuses what it held, so
/// that a key can be replaced while the program runs.
#[derive(Debug)]
pub(crate) struct Key {
    place: SecretSource,
    current: Mutex<Secret>,
}

impl Key {
    /// The key that is there now, and a warning about its file.
    ///
    /// # Errors
    /// What to change about the file.
    pub(crate) fn new(place: SecretSource) -> Result<(Self, Option<String>), String> {
        let (secret, warning) = place.secret()?;
        Ok((Self { place, current: Mutex::new(secret) }, warning))
    }

    fn current(&self) -> Secret {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl TokenSource for Key {
    fn token(&self) -> Deferred<'_, Result<Secret, Error>> {
        Box::pin(std::future::ready(Ok(self.current())))
    }

    fn refused(&self, token: &Secret) -> bool {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if *current != *token {
            return true;
        }
        let Ok((secret, _)) = self.place.secret() else {
            return false;
        };
        let is_another = secret != *current;
        *current = secret;
        is_another
    }
}

/// A secret that is read anew each time: it is asked for rarely.
#[derive(Debug)]
pub(crate) struct Fresh(pub(crate) SecretSource);

impl Fresh {
    fn now(&self) -> Result<Secret, Error> {
        let secret = self.0.secret().map(|(secret, _)| secret);
        let next = "mend it, then run it again";
        secret.map_err(|why| Error::new(ErrorKind::Config, "secret", why, next))
    }
}

impl TokenSource for Fresh {
    fn token(&self) -> Deferred<'_, Result<Secret, Error>> {
        Box::pin(std::future::ready(self.now()))
    }
}

/// Tokens that a platform gives out to prove an app.
impl ClientAssertion for Fresh {
    fn assertion<'a>(&'a self, _: &'a str, _: &'a str) -> Deferred<'a, Result<Secret, Error>> {
        Box::pin(std::future::ready(self.now()))
    }
}

/// Words in the name of an option that would carry a secret.
const SECRET_WORDS: [&str; 6] = ["key", "token", "secret", "password", "passwd", "credential"];

/// Refuses a secret on the command line, without showing it: everybody on the machine sees the
/// arguments of a program.
///
/// # Errors
/// What to do instead.
pub(crate) fn refuse_on_command_line<'a>(
    arguments: impl Iterator<Item = &'a OsStr>,
) -> Result<(), String> {
    for argument in arguments.map(OsStr::to_string_lossy) {
        if argument == "--" {
            break;
        }
        let name = argument.split('=').next().unwrap_or_default();
        let words = name.strip_prefix("--").unwrap_or_default().to_ascii_lowercase();
        if SECRET_WORDS.iter().any(|word| words.contains(word)) {
            let name: String = name.chars().take(40).collect();
            return Err(format!(
                "{name} is no option: a secret on the command line is seen by every user of the \
                 machine and kept by the shell. `signin fetch VENDOR --help` names the variable \
                 or file to put it in. If it was a real one, replace it"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, text: &[u8]) -> PathBuf {
        let path =
            std::env::temp_dir().join(format!("signin-secret-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        path
    }

    fn key_of(text: &[u8], name: &str) -> Result<Secret, String> {
        let path = file(name, text);
        let key = Key::new(SecretSource::File(path.clone())).map(|(key, _)| key.current());
        std::fs::remove_file(path).unwrap();
        key
    }

    #[test]
    fn one_newline_at_the_end_is_not_part_of_the_secret() {
        for text in ["k-1", "k-1\n", "k-1\r\n", "k-1\r"] {
            assert_eq!(key_of(text.as_bytes(), "newline").unwrap(), "k-1".into(), "{text:?}");
        }
        assert_eq!(key_of(b" k-1 \n", "blanks").unwrap(), " k-1 ".into());
    }

    #[test]
    fn a_file_that_holds_no_secret_is_named_with_what_to_do() {
        for (text, advice) in [
            (&b""[..], "is empty"),
            (b"\n", "is empty"),
            (b"k-1\n\n", "holds a control character"),
            (b"k-1\nk-2\n", "holds a control character"),
            (b"\xff\xfe", "is not text"),
            (&[b'x'; 70_000], "is too large for a secret"),
        ] {
            let error = key_of(text, "bad").unwrap_err();
            assert!(error.contains(advice), "{error}");
        }
        let folder = Key::new(SecretSource::File(std::env::temp_dir())).unwrap_err();
        assert!(folder.contains("is a folder"), "{folder}");
        let missing = Key::new(SecretSource::File("/nowhere/key".into())).unwrap_err();
        assert!(missing.starts_with("/nowhere/key cannot be read: "), "{missing}");
    }

    #[test]
    fn a_secret_is_found_in_one_place_only() {
        let place = |environment: &Environment| find("TINES_API_KEY", environment);
        let none = Environment::from([("TINES_API_KEY", ""), ("TINES_API_KEY_FILE", "")]);
        assert!(place(&none).unwrap().is_none());
        let variable = Environment::from([("TINES_API_KEY", "k-1\n")]);
        let found = place(&variable).unwrap().unwrap();
        assert_eq!(found.secret().unwrap().0, "k-1".into());
        assert!(!format!("{found:?}").contains("k-1"));
        let two = Environment::from([("TINES_API_KEY", "k-1"), ("TINES_API_KEY_FILE", "k-2")]);
        let error = place(&two).unwrap_err();
        assert_eq!(error, "TINES_API_KEY and TINES_API_KEY_FILE are both there; keep one of them");
    }

    #[test]
    fn a_file_is_read_again_when_what_it_held_is_refused() {
        let path = file("rotated", b"old\n");
        let (key, _) = Key::new(SecretSource::File(path.clone())).unwrap();
        let old = key.current();
        assert!(!key.refused(&old), "nothing else is there");
        std::fs::write(&path, "new\n").unwrap();
        assert_eq!(key.current(), old, "it is not read for each request");
        assert!(key.refused(&old));
        assert_eq!(key.current(), "new".into());
        assert!(key.refused(&old), "another request was on its way with the old one");
        assert!(!key.refused(&"new".into()));
        std::fs::remove_file(&path).unwrap();
        assert!(!key.refused(&"new".into()), "a file that went is no other key");
    }

    #[test]
    fn p4_a_secret_on_the_command_line_is_refused_without_being_shown() {
        let refuse = |arguments: &[&str]| {
            refuse_on_command_line(arguments.iter().map(OsStr::new)).unwrap_err()
        };
        for arguments in [
            &["fetch", "tines", "--api-key", "hunter2"][..],
            &["fetch", "tines", "--api-key=hunter2"],
            &["--token=hunter2"],
            &["--client_secret", "hunter2"],
            &["--PASSWORD", "hunter2"],
        ] {
            let error = refuse(arguments);
            assert!(error.contains("is no option") && !error.contains("hunter2"), "{error}");
        }
        for fine in [&["fetch", "--checkpoint", "token.json"][..], &["--", "--token"]] {
            assert!(refuse_on_command_line(fine.iter().map(OsStr::new)).is_ok());
        }
    }
}
