//! Where lines go: collected into chunks, written beside the reading, counted once written.
//!
//! Writing happens on a thread that may block, so that a reader who stops reading does not keep
//! the program from hearing a signal. At most two chunks are in memory: the one being written and
//! the one being filled.

use std::io::{self, Write};

use serde::Serialize;
use signin_core::{Record, Rejected};
use tokio::task::JoinHandle;

use crate::format::{Cells, Output, Source};

/// A chunk is written when it has this many bytes, or when the next record is not at hand.
const CHUNK: usize = 32 * 1024;

type Target = Box<dyn Write + Send>;

/// Lines on their way to the output.
pub(crate) struct Sink {
    output: Output,
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

impl Sink {
    pub(crate) fn new(output: Output, target: impl Write + Send + 'static) -> Self {
        let mut chunk = Vec::new();
        output.header(&mut chunk);
        Self {
            output,
            chunk,
            filled: 0,
            written: 0,
            target: Some(Box::new(target)),
            writing: None,
            spare: Vec::new(),
        }
    }

    /// How many records were written whole.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    pub(crate) fn is_full(&self) -> bool {
        self.chunk.len() >= CHUNK
    }

    /// Takes a record in. Nothing is written before [`flush`](Self::flush).
    pub(crate) fn put<T: Serialize>(
        &mut self,
        source: &Source,
        record: &Record<T>,
        cells: &Cells<'_>,
    ) -> io::Result<()> {
        self.line(|output, chunk| output.record(source, record, cells, chunk).map(|()| true))?;
        Ok(())
    }

    /// Takes a record in that did not fit its type, where the format takes any: true if so.
    pub(crate) fn put_rejected(&mut self, source: &Source, record: &Rejected) -> io::Result<bool> {
        self.line(|output, chunk| output.any_json(source, record, chunk))
    }

    /// A line that cannot be made leaves nothing behind.
    fn line(
        &mut self,
        make: impl FnOnce(&Output, &mut Vec<u8>) -> serde_json::Result<bool>,
    ) -> io::Result<bool> {
        let before = self.chunk.len();
        let made = make(&self.output, &mut self.chunk);
        match made {
            Ok(true) => self.filled += 1,
            Ok(false) | Err(_) => self.chunk.truncate(before),
        }
        Ok(made?)
    }

    /// Starts to write what is there, once what was started before is written. May be dropped at
    /// any time: nothing is lost and nothing is written twice.
    ///
    /// # Errors
    /// The output's own, that of the chunk before included.
    pub(crate) async fn flush(&mut self) -> io::Result<()> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        self.settle().await?;
        let Some(mut target) = self.target.take() else {
            return Err(io::Error::other("the output failed before"));
        };
        let chunk = std::mem::replace(&mut self.chunk, std::mem::take(&mut self.spare));
        let task = tokio::task::spawn_blocking(move || {
            target.write_all(&chunk)?;
            target.flush()?;
            Ok((target, chunk))
        });
        self.writing = Some(Writing { task, records: std::mem::take(&mut self.filled) });
        Ok(())
    }

    /// Writes all that is there and waits until it is written.
    ///
    /// # Errors
    /// The output's own.
    pub(crate) async fn finish(&mut self) -> io::Result<()> {
        self.flush().await?;
        self.settle().await
    }

    async fn settle(&mut self) -> io::Result<()> {
        let Some(writing) = &mut self.writing else { return Ok(()) };
        let done = (&mut writing.task).await;
        let records = writing.records;
        self.writing = None;
        let (target, mut chunk) = done.map_err(io::Error::other)??;
        chunk.clear();
        (self.target, self.spare) = (Some(target), chunk);
        self.written += records;
        Ok(())
    }
}
