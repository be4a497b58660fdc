//! Lines on their way to one target: collected into chunks, written beside the reading, counted
//! once written.
//!
//! Writing happens on a thread that may block, so that a reader who stops reading does not keep
//! the program from hearing a signal. At most two chunks are in memory: the one being written and
//! the one being filled.

use std::fmt;
use std::fs::File;
use std::io::{self, Write};

use tokio::task::JoinHandle;

/// A chunk is written when it has this many bytes, or when the next record is not at hand.
const CHUNK: usize = 32 * 1024;

/// What is written to.
pub(crate) enum Target {
    /// A stream, a pipe, a device.
    Stream(Box<dyn Write + Send>),
    /// A file on a disk.
    File(File),
}

impl Target {
    pub(crate) fn stream(stream: impl Write + Send + 'static) -> Self {
        Self::Stream(Box::new(stream))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Stream(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
            Self::File(file) => file.write_all(bytes),
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        match self {
            Self::Stream(_) => Ok(()),
            Self::File(file) => file.sync_all(),
        }
    }
}

/// A target that could not be written: which, and why.
#[derive(Debug)]
pub(crate) struct Unwritable {
    /// The target's name, for people.
    pub(crate) name: String,
    pub(crate) error: io::Error,
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be written: {}", self.name, self.error)
    }
}

/// Lines on their way to one target.
pub(crate) struct Writer {
    name: String,
    chunk: Vec<u8>,
    /// Records in the chunk.
    filled: u64,
    /// Records that were written.
    written: u64,
    /// None while it is being written to, and after it failed.
    target: Option<Target>,
    writing: Option<Writing>,
    /// A chunk that was written, to be filled again.
    spare: Vec<u8>,
}

struct Writing {
    task: JoinHandle<io::Result<(Target, Vec<u8>)>>,
    records: u64,
}

impl Writer {
    /// `opening` stands before the first line.
    pub(crate) fn new(name: impl Into<String>, target: Target, opening: Vec<u8>) -> Self {
        Self {
            name: name.into(),
            chunk: opening,
            filled: 0,
            written: 0,
            target: Some(target),
            writing: None,
            spare: Vec::new(),
        }
    }

    /// The target's name, for people.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How many records were written whole.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    pub(crate) fn is_full(&self) -> bool {
        self.chunk.len() >= CHUNK
    }

    /// Whether all that was taken in is written.
    pub(crate) fn is_settled(&self) -> bool {
        self.chunk.is_empty() && self.writing.is_none() && self.target.is_some()
    }

    /// Drops what was taken in and not yet been written.
    pub(crate) fn discard(&mut self) {
        self.chunk.clear();
        self.filled = 0;
    }

    /// Takes a line in: true if there is one. A line that cannot be made leaves nothing behind.
    pub(crate) fn line(
        &mut self,
        make: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<bool>,
    ) -> io::Result<bool> {
        let before = self.chunk.len();
        let made = make(&mut self.chunk);
        match made {
            Ok(true) => self.filled += 1,
            Ok(false) | Err(_) => self.chunk.truncate(before),
        }
        Ok(made?)
    }

    /// Takes in what stands before everything else.
    pub(crate) fn begin(&mut self, text: &[u8]) {
        self.chunk.splice(..0, text.iter().copied());
    }

    /// Takes in what is no record.
    pub(crate) fn aside(&mut self, make: impl FnOnce(&mut Vec<u8>)) {
        make(&mut self.chunk);
    }

    /// Starts to write what is there, once what was started before is written. May be dropped at
    /// any time: nothing is lost and nothing is written twice.
    ///
    /// # Errors
    /// The target's own, that of the chunk before included.
    pub(crate) async fn flush(&mut self) -> Result<(), Unwritable> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        self.settle().await?;
        let chunk = std::mem::replace(&mut self.chunk, std::mem::take(&mut self.spare));
        let records = std::mem::take(&mut self.filled);
        self.start(chunk, records, Target::write)
    }

    /// Writes all that is there and waits until it is written.
    ///
    /// # Errors
    /// The target's own.
    pub(crate) async fn finish(&mut self) -> Result<(), Unwritable> {
        self.flush().await?;
        self.settle().await
    }

    /// Writes all that is there and waits until it is on the disk, where the target has one.
    ///
    /// # Errors
    /// The target's own.
    pub(crate) async fn sync(&mut self) -> Result<(), Unwritable> {
        self.finish().await?;
        self.start(Vec::new(), 0, |target, _| target.sync())?;
        self.settle().await
    }

    fn start(
        &mut self,
        chunk: Vec<u8>,
        records: u64,
        work: fn(&mut Target, &[u8]) -> io::Result<()>,
    ) -> Result<(), Unwritable> {
        let Some(mut target) = self.target.take() else {
            return Err(self.failed(io::Error::other("it failed before")));
        };
        let task = tokio::task::spawn_blocking(move || {
            work(&mut target, &chunk)?;
            Ok((target, chunk))
        });
        self.writing = Some(Writing { task, records });
        Ok(())
    }

    async fn settle(&mut self) -> Result<(), Unwritable> {
        let Some(writing) = &mut self.writing else { return Ok(()) };
        let done = (&mut writing.task).await;
        let records = writing.records;
        self.writing = None;
        let done = done.map_err(io::Error::other).and_then(|done| done);
        let (target, mut chunk) = done.map_err(|error| self.failed(error))?;
        chunk.clear();
        (self.target, self.spare) = (Some(target), chunk);
        self.written += records;
        Ok(())
    }

    fn failed(&self, error: io::Error) -> Unwritable {
        Unwritable { name: self.name.clone(), error }
    }
}
