//! Files that are there whole or not at all, and files that are added to.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use sha2::{Digest as _, Sha256};

/// How many temporary names are tried: those of killed programs may be taken.
const TRIES: u32 = 100;

/// What can be written to under a name.
#[derive(Debug)]
pub(crate) enum Opened {
    /// A new file, under a temporary name as yet.
    New(File, Pending),
    /// A pipe or a device: written to directly, since it cannot be replaced.
    Special(File),
}

/// Opens what stands at `place`, or will.
///
/// # Errors
/// It is a directory, or its directory cannot be written to.
pub(crate) fn open(place: &Path) -> io::Result<Opened> {
    match fs::metadata(place) {
        Ok(found) if found.is_dir() => Err(io::Error::from(ErrorKind::IsADirectory)),
        Ok(found) if !found.is_file() => {
            File::options().write(true).open(place).map(Opened::Special)
        }
        Ok(found) => {
            let (file, pending) = Pending::create(real(place))?;
            file.set_permissions(found.permissions())?;
            Ok(Opened::New(file, pending))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Pending::create(real(place)).map(|(file, pending)| Opened::New(file, pending))
        }
        Err(error) => Err(error),
    }
}

/// What is good of a file that is gone on with.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Good<'a> {
    /// So many bytes from its beginning.
    pub(crate) bytes: u64,
    /// What they end with, as [`end_of`] tells it; None where that is not known.
    pub(crate) end: Option<&'a str>,
    /// Whether they are all that there will be.
    pub(crate) is_all: bool,
}

/// So many bytes tell whether a file is the one that was written.
const TELLING: u64 = 4096;

/// Tells what the first `bytes` of a file end with, by a checksum.
///
/// # Errors
/// The system's own; fewer bytes are there.
pub(crate) fn end_of(place: &Path, bytes: u64) -> io::Result<String> {
    let mut file = File::open(place)?;
    file.seek(SeekFrom::Start(bytes.saturating_sub(TELLING)))?;
    let mut end = Vec::new();
    file.take(bytes.min(TELLING)).read_to_end(&mut end)?;
    if u64::try_from(end.len()) != Ok(bytes.min(TELLING)) {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(Sha256::digest(&end).iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

/// Opens what stands at `place`, or will, for a run that a later one may go on with: a new file is
/// `<place>.partial` until it is complete, and stays when it is dropped. What is good of it is
/// kept; what a killed program wrote after that is not. Where that run was at its end, the file
/// may have its own name already: then it gets it once more.
///
/// # Errors
/// As [`open`]; fewer bytes are there than should be, or those of another run.
pub(crate) fn open_partial(place: &Path, good: &Good<'_>) -> io::Result<Opened> {
    if fs::metadata(place).is_ok_and(|found| !found.is_file()) {
        return open(place);
    }
    let place = real(place);
    let partial = partial(&place)?;
    // The name can be guessed: nobody is to choose by a link which file is written over.
    if fs::symlink_metadata(&partial).is_ok_and(|found| !found.is_file()) {
        let why = format!("{} is a link or no file; remove it", partial.display());
        return Err(io::Error::new(ErrorKind::InvalidInput, why));
    }
    let size = |path: &Path| fs::metadata(path).map(|found| found.len()).ok();
    let Good { bytes, end, is_all } = *good;
    let has_its_name = is_all && size(&partial).is_none() && size(&place) == Some(bytes);
    let held = if has_its_name { &place } else { &partial };
    let there = size(held).unwrap_or_default();
    let lost = |why| Err(io::Error::new(ErrorKind::UnexpectedEof, why));
    if there < bytes {
        return lost(format!(
            "{} holds {there} bytes of {bytes} that were written",
            held.display()
        ));
    }
    if bytes > 0 && end.is_some_and(|end| end_of(held, bytes).is_ok_and(|found| found != end)) {
        return lost(format!("{} was written by another run", held.display()));
    }
    if has_its_name {
        fs::rename(&place, &partial)?;
    }
    let mut file = File::options().write(true).create(true).truncate(false).open(&partial)?;
    keep_permissions(&place, &file)?;
    file.set_len(bytes)?;
    file.seek(SeekFrom::End(0))?;
    Ok(Opened::New(file, Pending { temporary: Some(partial), place, stays: true }))
}

/// Gives a file that will replace another one its permissions: what few may read, few may read
/// while it is written too. Its owner may always write to it, to go on with it.
fn keep_permissions(place: &Path, file: &File) -> io::Result<()> {
    let Ok(found) = fs::metadata(place) else { return Ok(()) };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = found.permissions().mode() | 0o600;
        file.set_permissions(fs::Permissions::from_mode(mode))
    }
    #[cfg(not(unix))]
    {
        let _ = (found, file);
        Ok(())
    }
}

/// The name of a file while it is not complete and may be gone on with.
pub(crate) fn partial(place: &Path) -> io::Result<PathBuf> {
    with(place, ".partial")
}

/// The name of a file that does not get its own because of a doubt.
pub(crate) fn unpublished(place: &Path) -> io::Result<PathBuf> {
    with(place, ".unpublished")
}

/// A file's name with something after it.
fn with(place: &Path, behind: &str) -> io::Result<PathBuf> {
    let name = place.file_name();
    let name = name.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "it is no file name"))?;
    let mut name = name.to_owned();
    name.push(behind);
    Ok(place.with_file_name(name))
}

/// A file that is being written, under a temporary name beside its own. Dropped, it goes; what
/// stood under its own name stays as it was. Only a program that is killed outright leaves the
/// temporary file behind: `.signin-<process>-<n>.tmp`.
#[derive(Debug)]
pub(crate) struct Pending {
    /// None once the file has its own name.
    temporary: Option<PathBuf>,
    place: PathBuf,
    /// Dropped, it stays: the next run goes on with it.
    stays: bool,
}

impl Pending {
    fn create(place: PathBuf) -> io::Result<(File, Self)> {
        if place.file_name().is_none() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it is no file name"));
        }
        let mut tried = 0;
        loop {
            let name = format!(".signin-{}-{tried}.tmp", process::id());
            let temporary = folder(&place).join(name);
            match File::options().write(true).create_new(true).open(&temporary) {
                Ok(file) => {
                    let temporary = Some(temporary);
                    return Ok((file, Self { temporary, place, stays: false }));
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists && tried < TRIES => {
                    tried += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Has it go when it is dropped.
    pub(crate) fn abandon(&mut self) {
        self.stays = false;
    }

    /// Leaves the file beside its own name, as `<place>.unpublished`, and tells where: no run goes
    /// on with a file of that name. Its contents are on the disk already.
    pub(crate) fn keep_back(mut self) -> io::Result<PathBuf> {
        let unpublished = unpublished(&self.place)?;
        if let Some(temporary) = &self.temporary {
            fs::rename(temporary, &unpublished)?;
            self.temporary = None;
        }
        sync(folder(&unpublished))?;
        Ok(unpublished)
    }

    /// How many bytes it holds.
    pub(crate) fn size(&self) -> io::Result<u64> {
        let path = self.temporary.as_ref().unwrap_or(&self.place);
        Ok(fs::metadata(path)?.len())
    }

    /// Gives the file its own name. Its contents are on the disk already: call
    /// [`File::sync_all`] first.
    pub(crate) fn publish(mut self) -> io::Result<()> {
        if let Some(temporary) = &self.temporary {
            if let Ok(found) = fs::metadata(&self.place) {
                fs::set_permissions(temporary, found.permissions())?;
            }
            fs::rename(temporary, &self.place)?;
            self.temporary = None;
        }
        sync(folder(&self.place))
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(temporary) = self.temporary.as_ref().filter(|_| !self.stays) {
            let _ = fs::remove_file(temporary);
        }
    }
}

/// Opens a file to add lines to it. A last line that was cut off, by a full disk say, is ended
/// first, so that it takes no other with it.
pub(crate) fn append(place: &Path) -> io::Result<File> {
    let special = fs::metadata(place).is_ok_and(|found| !found.is_file() && !found.is_dir());
    if special {
        return File::options().write(true).open(place);
    }
    let mut file = File::options().read(true).append(true).create(true).open(place)?;
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    if last != *b"\n" {
        file.write_all(b"\n")?;
    }
    Ok(file)
}

/// Whether standard output is a file in which the last line before what is written next is cut
/// off, as by a full disk. Where the system does not say so, it is not.
#[cfg(target_os = "linux")]
pub(crate) fn is_stdout_cut_off() -> bool {
    last_before_stdout().is_ok_and(|last| last.is_some_and(|last| last != b'\n'))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn is_stdout_cut_off() -> bool {
    false
}

/// The byte before the place where standard output writes next, if it is a file.
#[cfg(target_os = "linux")]
fn last_before_stdout() -> io::Result<Option<u8>> {
    use std::os::fd::AsFd as _;
    const APPENDS: u32 = 0o2000;
    // Opened once more, since it may be open for writing only.
    let mut file = File::open("/proc/self/fd/1")?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Ok(None);
    }
    let told = fs::read_to_string("/proc/self/fdinfo/1")?;
    let flags = told.lines().find_map(|line| line.strip_prefix("flags:"));
    let flags = flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok());
    let end = if flags.is_some_and(|flags| flags & APPENDS != 0) {
        found.len()
    } else {
        File::from(io::stdout().as_fd().try_clone_to_owned()?).stream_position()?
    };
    let Some(before) = end.checked_sub(1) else { return Ok(None) };
    let mut last = [0];
    file.seek(SeekFrom::Start(before))?;
    file.read_exact(&mut last)?;
    let [last] = last;
    Ok(Some(last))
}

/// Whether two names lead to one file. A file that is not there yet is told by its directory and
/// name.
pub(crate) fn same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| {
        fs::canonicalize(path).ok().or_else(|| {
            let folder = fs::canonicalize(folder(path)).ok()?;
            Some(folder.join(path.file_name()?))
        })
    };
    real(one).is_some_and(|one| real(other) == Some(one))
}

/// The file that a name leads to, so that a link stays a link, also where its file is not there
/// yet.
pub(crate) fn real(place: &Path) -> PathBuf {
    let there = fs::canonicalize(place).ok();
    let linked = || fs::read_link(place).ok().map(|link| folder(place).join(link));
    there.or_else(linked).unwrap_or_else(|| place.to_owned())
}

/// The directory that a file stands in.
pub(crate) fn folder(place: &Path) -> &Path {
    match place.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Has a directory's entries on the disk, where the system can say so: a rename that is not
/// there yet would be undone by a loss of power.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // A directory that may be written to but not read; a file system that knows no such thing.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::PermissionDenied | ErrorKind::InvalidInput | ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        synced => synced,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(place: &Path, good: u64, ended: bool) -> io::Result<(File, Pending)> {
        match open_partial(place, &Good { bytes: good, end: None, is_all: ended })? {
            Opened::New(file, pending) => Ok((file, pending)),
            Opened::Special(_) => Err(io::Error::other("special")),
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_link_under_a_temporary_name_is_not_written_through() {
        let folder = std::env::temp_dir().join(format!("signin-planted-{}", process::id()));
        fs::create_dir(&folder).unwrap();
        let precious = folder.join("precious");
        fs::write(&precious, "as it was").unwrap();
        for tried in 0..3 {
            let name = format!(".signin-{}-{tried}.tmp", process::id());
            std::os::unix::fs::symlink(&precious, folder.join(name)).unwrap();
        }
        let place = folder.join("all");
        let Opened::New(mut file, pending) = super::open(&place).unwrap() else {
            panic!("special")
        };
        file.write_all(b"one\n").unwrap();
        pending.publish().unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "one\n");
        assert!(!fs::symlink_metadata(&place).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&precious).unwrap(), "as it was");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn p3_a_file_that_is_gone_on_with_keeps_what_is_good_and_nothing_behind_it() {
        let folder = std::env::temp_dir().join(format!("signin-partial-{}", process::id()));
        fs::create_dir(&folder).unwrap();
        let (place, partial) = (folder.join("all"), folder.join("all.partial"));
        let write = |good, ended, text: &str| {
            let (mut file, pending) = open(&place, good, ended).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            pending
        };
        drop(write(0, false, "one\ntw"));
        assert_eq!(fs::read_to_string(&partial).unwrap(), "one\ntw", "it stays");
        let pending = write(4, false, "two\n");
        assert_eq!(pending.size().unwrap(), 8);
        assert!(!place.exists());
        pending.publish().unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "one\ntwo\n");
        // The run that ended was killed after the rename: another one may do it again.
        assert_eq!(open(&place, 8, false).unwrap_err().kind(), ErrorKind::UnexpectedEof);
        assert_eq!(open(&place, 7, true).unwrap_err().kind(), ErrorKind::UnexpectedEof);
        write(8, true, "").publish().unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "one\ntwo\n");
        let mut abandoned = write(0, false, "x");
        abandoned.abandon();
        drop(abandoned);
        assert!(!partial.exists());
        fs::remove_dir_all(folder).unwrap();
    }
}
