//! Locks: no two runs at once write one file, or go on from one checkpoint.
//!
//! What is locked is a file of its own beside it, `.NAME.lock`, which stays: the file itself is
//! replaced by a rename, and a lock on it would go with the one that was there before. The system
//! lets go of a lock when its process ends, however that ends.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::{env, process};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::partial_file;
use crate::clock;
use crate::reporting::reporter::Reporter;
use crate::reporting::text::clean;
use crate::run::end::NotBegun;
use crate::run::exit::Exit;
use crate::run::reason::Reason;

/// What is read of a lock file: nobody but this program writes more.
const LONGEST: u64 = 400;

/// How often a lock file is opened that is another one before it is locked.
const TRIES: u32 = 10;

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Locks what `option` names. None where there is nothing to lock: a pipe, a device, a file
    /// system without locks.
    ///
    /// # Errors
    /// Another run holds it: who. Or its lock file cannot be made.
    pub(crate) fn take(
        option: &str,
        place: &Path,
        reporter: &Reporter,
    ) -> Result<Option<Self>, NotBegun> {
        if fs::metadata(place).is_ok_and(|found| !found.is_file()) {
            return Ok(None);
        }
        let shown = place.display();
        let cannot = |error: io::Error| {
            let why = "no lock can be had on the file beside it";
            NotBegun::of_file(format!("{option} {shown} cannot be written: {why}: {error}"), &error)
        };
        let path = beside(place).map_err(cannot)?;
        for _ in 0..TRIES {
            let mut file = open(&path).map_err(cannot)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(held(option, place, &mut file)),
                Err(TryLockError::Error(error)) if is_unknown(&error) => {
                    reporter.warn(&format!(
                        "{option} {shown} cannot be locked, since its file system has no locks: \
                         see to it that no other run writes there"
                    ));
                    return Ok(None);
                }
                Err(TryLockError::Error(error)) => return Err(cannot(error)),
            }
            // Somebody may have removed it meanwhile: the next run would lock another file.
            if is_at(&file, &path) {
                // It is locked, whether or not it can be known by whom.
                let _ = sign(&mut file);
                return Ok(Some(Self { _file: file }));
            }
        }
        let why = format!("{} is replaced again and again", path.display());
        Err(cannot(io::Error::other(why)))
    }
}

/// The lock file of a file: it has one, by whatever name it is called.
pub(crate) fn beside(place: &Path) -> io::Result<PathBuf> {
    let place = partial_file::real(place);
    let name = place.file_name();
    let name = name.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "it is no file name"))?;
    let mut lock = OsString::from(".");
    lock.push(name);
    lock.push(".lock");
    Ok(place.with_file_name(lock))
}

/// Opens a lock file, or makes it. Its name can be guessed: nobody is to choose by a link which
/// file is written to.
fn open(path: &Path) -> io::Result<File> {
    match File::options().read(true).write(true).create_new(true).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        made => return made,
    }
    let refused = || {
        let why = format!("{} is a link or no file; remove it", path.display());
        io::Error::new(ErrorKind::InvalidInput, why)
    };
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(refused());
    }
    let file = match File::options().read(true).write(true).open(path) {
        // Of another user of a folder that is shared: it can be locked, though not signed.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => File::open(path),
        opened => opened,
    }?;
    if is_link(path) { Err(refused()) } else { Ok(file) }
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
}

/// Whether an open file is the one that stands at a path, and no link leads to it.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let of = |found: &fs::Metadata| (found.dev(), found.ino());
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(there)) => of(&open) == of(&there),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists() && !is_link(path)
}

/// Whether it is the file system that knows no locks.
fn is_unknown(error: &io::Error) -> bool {
    // A network file system whose lock service does not run.
    const ENOLCK: i32 = 37;
    error.kind() == ErrorKind::Unsupported
        || cfg!(target_os = "linux") && error.raw_os_error() == Some(ENOLCK)
}

/// Writes who holds the lock, on one line.
fn sign(file: &mut File) -> io::Result<()> {
    let (pid, since) = (process::id(), clock::text(clock::now()));
    let line = format!("{pid} {} {since}\n", host());
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(line.as_bytes())
}

/// The name of this machine, as one word.
fn host() -> String {
    let told = fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let told = told.or_else(|| env::var("HOSTNAME").ok()).unwrap_or_default();
    let told: String = told.split_whitespace().collect();
    let word: String = clean(&told).take(255).collect();
    if word.is_empty() { UNKNOWN.to_owned() } else { word }
}

/// The word for a machine whose name nobody tells.
const UNKNOWN: &str = "unknown-host";

fn held(option: &str, place: &Path, file: &mut File) -> NotBegun {
    let mut line = String::new();
    // Where it cannot be read, nobody is named.
    let _ = file.take(LONGEST).read_to_string(&mut line);
    let by = holder(&line).unwrap_or_else(|| "another run".to_owned());
    let line = format!(
        "{option} {} is held by {by}; run it again once that one has ended, or name another file",
        place.display()
    );
    NotBegun { line, exit: Exit::Incomplete, reason: Reason::HeldBy }
}

/// Who a lock file says holds it; None where it says something else.
fn holder(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let (pid, host, since) = (words.next()?, words.next()?, words.next()?);
    let pid: u32 = pid.parse().ok()?;
    let since = OffsetDateTime::parse(since, &Rfc3339).ok()?;
    let host = if host == UNKNOWN { "a host without a name" } else { host };
    Some(format!("process {pid} on {host} since {}", clock::text(since)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_file_names_its_holder_and_nothing_else_does() {
        assert_eq!(
            holder("4711 alpha.example 2026-03-02T09:30:00Z\n").as_deref(),
            Some("process 4711 on alpha.example since 2026-03-02T09:30:00Z")
        );
        for other in ["", "\n", "4711", "x alpha 2026-03-02T09:30:00Z", "4711 alpha yesterday"] {
            assert_eq!(holder(other), None, "{other}");
        }
        assert!(!host().contains(char::is_whitespace));
    }

    #[test]
    fn the_lock_file_stands_beside_the_file_that_a_name_leads_to() {
        assert_eq!(beside(Path::new("/nowhere/a b")).unwrap(), Path::new("/nowhere/.a b.lock"));
        assert!(beside(Path::new("/")).is_err());
    }
}
