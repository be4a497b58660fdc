//! Small files that are there whole or not at all: written under another name, flushed to disk,
//! then renamed.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::partial_file;

/// Writes a file in the place of the one that may be there. A link stays a link; a pipe or a device
/// is written to as it is, since it cannot be replaced.
///
/// # Errors
/// The system's own; what was there before is there still.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return File::options().write(true).open(path)?.write_all(text.as_bytes());
    }
    let path = &partial_file::real(path);
    let beside = beside(path)?;
    // Left behind by a killed run of the same number, or planted as a link to something else.
    let _ = fs::remove_file(&beside);
    let created = File::options().write(true).create_new(true).open(&beside);
    let written = created.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let renamed = written.and_then(|()| fs::rename(&beside, path));
    if renamed.is_err() {
        // Best effort: the error to tell of is the one above.
        let _ = fs::remove_file(&beside);
    }
    renamed?;
    sync_folder(path)
}

/// Tries whether [`write()`] could write a file, and leaves nothing. What a pipe or a device takes is
/// not known before.
///
/// # Errors
/// The system's own.
pub(crate) fn check(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => return Err(io::Error::from(io::ErrorKind::IsADirectory)),
        Ok(found) if !found.is_file() => return Ok(()),
        _ => {}
    }
    let beside = beside(&partial_file::real(path))?;
    let _ = fs::remove_file(&beside);
    File::options().write(true).create_new(true).open(&beside)?;
    fs::remove_file(beside)
}

/// Removes a file, but not a link to it; one that is not there is as good as removed.
///
/// # Errors
/// The system's own.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    let path = &partial_file::real(path);
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_folder(path),
    }
}

/// A name in the same folder that no other run uses.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::other("it names no file"))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}", std::process::id()));
    Ok(path.with_file_name(beside))
}

/// A rename is on disk when its folder is.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
