//! Secrets: from a variable, a file or the service manager's credentials, never from the command
//! line.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use signin_core::{Deferred, Error, Secret, TokenSource};

use crate::environment::Environment;

/// No key or certificate is larger; a file that is was named by mistake.
const LARGEST: u64 = 64 * 1024;

/// Where a secret was found.
#[derive(Debug)]
pub(crate) enum Place {
    Variable(Secret),
    File(PathBuf),
}

/// Finds a secret: `NAME`, the file that `NAME_FILE` names, or `$CREDENTIALS_DIRECTORY/NAME`. None
/// if there is none of them.
///
/// # Errors
/// What to change, where there are two.
pub(crate) fn find(name: &str, environment: &Environment) -> Result<Option<Place>, String> {
    let file_name = format!("{name}_FILE");
    let variable = environment.text(name)?;
    let file = environment.get(&file_name).map(PathBuf::from);
    let credential =
        environment.get("CREDENTIALS_DIRECTORY").map(|folder| Path::new(folder).join(name));
    let credential = credential.filter(|path| path.exists());
    let given = [
        (variable.is_some(), name),
        (file.is_some(), &file_name),
        (credential.is_some(), &format!("$CREDENTIALS_DIRECTORY/{name}")),
    ];
    let given: Vec<_> = given.into_iter().filter(|(is_there, _)| *is_there).collect();
    if let [(_, one), (_, other), ..] = *given {
        return Err(format!("{one} and {other} are both there; keep one of them"));
    }
    Ok(match variable {
        Some(text) => Some(Place::Variable(secret_of(text, name)?)),
        None => file.or(credential).map(Place::File),
    })
}

/// How to give a secret, for who has not.
pub(crate) fn how_to_give(name: &str) -> String {
    format!(
        "set {name}, or {name}_FILE to the name of a file that holds it, or give it as the \
         credential {name} of a systemd unit"
    )
}

/// The secret that a file holds, and a warning if others can read it.
fn read(path: &Path) -> Result<(Secret, Option<String>), String> {
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
    let secret = secret_of(&text, &shown.to_string())?;
    let open = others_can_read(&metadata);
    let warning = open.then(|| format!("{shown} can be read by every user; run chmod 600 on it"));
    Ok((secret, warning))
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
fn secret_of(text: &str, name: &str) -> Result<Secret, String> {
    let secret = without_newline(text);
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
    file: Option<PathBuf>,
    current: Mutex<Secret>,
}

impl Key {
    /// The key that is there now, and a warning about its file.
    ///
    /// # Errors
    /// What to change about the file.
    pub(crate) fn new(place: Place) -> Result<(Self, Option<String>), String> {
        let (file, secret, warning) = match place {
            Place::Variable(secret) => (None, secret, None),
            Place::File(path) => {
                let (secret, warning) = read(&path)?;
                (Some(path), secret, warning)
            }
        };
        Ok((Self { file, current: Mutex::new(secret) }, warning))
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
        let Some((secret, _)) = self.file.as_deref().and_then(|path| read(path).ok()) else {
            return false;
        };
        let is_another = secret != *current;
        *current = secret;
        is_another
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
        let key = Key::new(Place::File(path.clone())).map(|(key, _)| key.current());
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
        let folder = Key::new(Place::File(std::env::temp_dir())).unwrap_err();
        assert!(folder.contains("is a folder"), "{folder}");
        let missing = Key::new(Place::File("/nowhere/key".into())).unwrap_err();
        assert!(missing.starts_with("/nowhere/key cannot be read: "), "{missing}");
    }

    #[test]
    fn a_secret_is_found_in_one_place_only() {
        let place = |environment: &Environment| find("TINES_API_KEY", environment);
        let none = Environment::from([("TINES_API_KEY", ""), ("TINES_API_KEY_FILE", "")]);
        assert!(place(&none).unwrap().is_none());
        let variable = Environment::from([("TINES_API_KEY", "k-1\n")]);
        let Some(Place::Variable(secret)) = place(&variable).unwrap() else { panic!() };
        assert_eq!(secret, "k-1".into());
        let two = Environment::from([("TINES_API_KEY", "k-1"), ("TINES_API_KEY_FILE", "k-2")]);
        let error = place(&two).unwrap_err();
        assert_eq!(error, "TINES_API_KEY and TINES_API_KEY_FILE are both there; keep one of them");
    }

    #[test]
    fn a_file_is_read_again_when_what_it_held_is_refused() {
        let path = file("rotated", b"old\n");
        let (key, _) = Key::new(Place::File(path.clone())).unwrap();
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
