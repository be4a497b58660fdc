//! Where a run's lines go: its records, and those that were rejected.
//!
//! For a command: flatten [`Outputs`] into its arguments, [`Sink::open`] it before signals are
//! listened for (a pipe that nobody reads yet is waited for), put records in and
//! [`flush`](Sink::flush) when it [`is_full`](Sink::is_full). At the end
//! [`publish`](Sink::publish) gives `-o FILE` its name; a sink that is dropped before leaves
//! nothing of it. [`Run::end`](crate::run::collect::Run::end) does both.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde::Serialize;
use signin_core::event::NoEvent;
use signin_core::{FromJson, Record, Rejected};

use super::partial_file::{self, Good, Opened, Pending};
use super::writer::{Target, Unwritable, Writer};
use crate::args::{Outputs, Publish};
use crate::formats::{Kind, Output, Provenance, Refusal, Refused};

const STDOUT: &str = "standard output";

/// Where a run's lines go.
pub(crate) struct Sink {
    output: Output,
    records: Writer,
    /// The file of the records, until it is complete.
    pending: Option<Pending>,
    rejected: RejectedTarget,
    /// Whether records with an odd member are read without it.
    lenient: bool,
    /// How many such records were taken in.
    odd: u64,
    /// Whether a title stands above the records.
    titled: bool,
    /// Whether a line that is cut off stands before everything.
    is_behind_cut: bool,
    publish: Publish,
}

/// Where rejected records go.
enum RejectedTarget {
    /// A line on standard error each, which the caller says.
    People,
    /// A file that is opened when the first one comes.
    Later(PathBuf),
    File(Writer),
}

/// What became of a record that did not fit its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// The format takes any record: it is one of the records.
    Record,
    /// It went to the file of rejected records.
    File,
    /// Nowhere: it has to be said.
    Nowhere,
}

impl Sink {
    /// Records to a target of the test's; rejected ones are for the caller to say.
    #[cfg(test)]
    pub(crate) fn new(output: Output, target: impl io::Write + Send + 'static) -> Self {
        Self::with(output, true, STDOUT, Target::stream(target), None, RejectedTarget::People)
    }

    /// Opens what the command line names. A line that was cut off on standard output, by a full
    /// disk say, is ended before others are written.
    ///
    /// # Errors
    /// A file that cannot be written to; two names for one file.
    pub(crate) fn open(outputs: &Outputs, output: Output) -> Result<Self, Unwritable> {
        Self::open_by(outputs, output, partial_file::open)
    }

    /// Opens what the command line names, for a run that a later one may go on with: of the file
    /// of an earlier run, what is good is kept. See [`partial_file::open_partial`].
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(crate) fn resume(
        outputs: &Outputs,
        output: Output,
        good: &Good<'_>,
    ) -> Result<Self, Unwritable> {
        let open = |place: &Path| partial_file::open_partial(place, good);
        let mut sink = Self::open_by(outputs, output, open)?;
        if good.bytes > 0 {
            sink.records.discard();
        }
        Ok(sink)
    }

    fn open_by(
        outputs: &Outputs,
        output: Output,
        open: impl FnOnce(&Path) -> io::Result<Opened>,
    ) -> Result<Self, Unwritable> {
        let place = outputs.file();
        let (name, target, pending) = match place {
            None => (STDOUT.to_owned(), Target::stream(io::stdout()), None),
            Some(place) => {
                let opened = open(place).map_err(|error| unwritable(place, error))?;
                let (target, pending) = match opened {
                    Opened::New(file, pending) => (Target::File(file), Some(pending)),
                    Opened::Special(file) => (Target::stream(file), None),
                };
                (place.display().to_string(), target, pending)
            }
        };
        let rejected = match outputs.rejections() {
            Some(rejected) if place.is_some_and(|place| partial_file::same(place, &rejected)) => {
                let why = "the records go there; give --rejected a file of its own";
                return Err(unwritable(&rejected, io::Error::new(ErrorKind::InvalidInput, why)));
            }
            // Where it was asked for, that it can be written is found out at once.
            Some(rejected) if outputs.rejected.is_some() => {
                RejectedTarget::File(rejections(&rejected)?)
            }
            Some(rejected) => RejectedTarget::Later(rejected),
            None => RejectedTarget::People,
        };
        let lenient = outputs.lenient || !matches!(output, Output::Typed);
        let mut sink = Self::with(output, lenient, &name, target, pending, rejected);
        sink.is_behind_cut = place.is_none() && partial_file::is_stdout_cut_off();
        sink.end_line();
        Ok(Self { publish: outputs.publish, ..sink })
    }

    fn with(
        output: Output,
        lenient: bool,
        name: &str,
        target: Target,
        pending: Option<Pending>,
        rejected: RejectedTarget,
    ) -> Self {
        let mut opening = Vec::new();
        output.header(&mut opening);
        let records = Writer::new(name, target, opening);
        let publish = Publish::default();
        let (odd, titled, is_behind_cut) = (0, false, false);
        Self { output, records, pending, rejected, lenient, odd, titled, is_behind_cut, publish }
    }

    /// Ends the line that stands before everything, if one is cut off there.
    fn end_line(&mut self) {
        if self.is_behind_cut {
            self.records.begin(b"\n");
        }
    }

    /// How many records were written whole.
    pub(crate) fn written(&self) -> u64 {
        self.records.written()
    }

    /// Whether records with an odd member are read without it.
    pub(crate) fn is_lenient(&self) -> bool {
        self.lenient
    }

    /// How many records were taken in of which not every member fits.
    pub(crate) fn odd(&self) -> u64 {
        self.odd
    }

    pub(crate) fn is_full(&self) -> bool {
        let rejected_full =
            matches!(&self.rejected, RejectedTarget::File(writer) if writer.is_full());
        self.records.is_full() || rejected_full
    }

    /// Begins a table of its own under a title, before the first record or after others. Other
    /// formats have no titles.
    pub(crate) fn title(&mut self, title: &str) {
        let again = std::mem::replace(&mut self.titled, true);
        if !again {
            // The header that stands there comes again, under the title.
            self.records.discard();
            self.end_line();
        }
        let output = &self.output;
        self.records.aside(|chunk| output.title(title, again, chunk));
    }

    /// Takes a record in, or says why it gives nothing in this format. Nothing is written before
    /// [`flush`](Self::flush).
    pub(crate) fn put<T: FromJson + Serialize>(
        &mut self,
        provenance: &Provenance,
        record: &Record<T>,
        kind: &Kind<T>,
    ) -> io::Result<Result<(), NoEvent>> {
        let (output, mut made) = (&self.output, Ok(()));
        self.records.line(|chunk| {
            made = output.record(provenance, record, kind, chunk)?;
            Ok(made.is_ok())
        })?;
        self.odd += u64::from(made.is_ok() && !record.mismatches().is_empty());
        Ok(made)
    }

    /// Takes a record in that did not fit its type, by its bytes: among the records where the
    /// format takes any, else among the rejected ones.
    pub(crate) fn put_rejected(
        &mut self,
        provenance: &Provenance,
        raw: &[u8],
        record: &Rejected,
    ) -> Result<Kept, Unwritable> {
        if self.put_any(provenance, raw)? {
            return Ok(Kept::Record);
        }
        let mismatch = record.mismatch();
        let reason = format!("expected {}, found {}", mismatch.expected(), mismatch.found());
        let what = Refused::Record(raw);
        self.refuse(provenance, &Refusal { path: mismatch.path(), reason: &reason, what })
    }

    /// Takes any JSON value in as a record, where the format does: true if so.
    pub(crate) fn put_any(
        &mut self,
        provenance: &Provenance,
        raw: &[u8],
    ) -> Result<bool, Unwritable> {
        let output = &self.output;
        let taken = self.records.line(|chunk| output.any_json(provenance, raw, chunk));
        taken.map_err(|error| Unwritable { name: self.records.name().to_owned(), error })
    }

    /// Keeps what cannot be written as a record, in the file of rejected records if there is one.
    pub(crate) fn refuse(
        &mut self,
        provenance: &Provenance,
        refusal: &Refusal<'_>,
    ) -> Result<Kept, Unwritable> {
        if let RejectedTarget::Later(place) = &self.rejected {
            self.rejected = RejectedTarget::File(rejections(place)?);
        }
        let RejectedTarget::File(writer) = &mut self.rejected else { return Ok(Kept::Nowhere) };
        let made = writer.line(|chunk| refusal.line(provenance, chunk).map(|()| true));
        made.map_err(|error| Unwritable { name: writer.name().to_owned(), error })?;
        Ok(Kept::File)
    }

    /// Starts to write what is there. May be dropped at any time: nothing is lost and nothing is
    /// written twice.
    ///
    /// # Errors
    /// An output that cannot be written, the chunk before included.
    pub(crate) async fn flush(&mut self) -> Result<(), Unwritable> {
        if let RejectedTarget::File(writer) = &mut self.rejected {
            writer.flush().await?;
        }
        self.records.flush().await
    }

    /// Writes all that is there and waits until it is written.
    ///
    /// # Errors
    /// An output that cannot be written.
    pub(crate) async fn finish(&mut self) -> Result<(), Unwritable> {
        if let RejectedTarget::File(writer) = &mut self.rejected {
            writer.finish().await?;
        }
        self.records.finish().await
    }

    /// Has everything on the disk, where there is one, so that a checkpoint may count it as done.
    /// Gives the size of the file of the records; None for a stream.
    ///
    /// # Errors
    /// An output that cannot be written.
    pub(crate) async fn save(&mut self) -> Result<Option<u64>, Unwritable> {
        if let RejectedTarget::File(writer) = &mut self.rejected {
            writer.sync().await?;
        }
        self.records.sync().await?;
        let size = self.pending.as_ref().map(Pending::size).transpose();
        size.map_err(|error| Unwritable { name: self.records.name().to_owned(), error })
    }

    /// Leaves nothing of the file of the records, also where a later run could go on with it.
    pub(crate) fn abandon(&mut self) {
        if let Some(pending) = &mut self.pending {
            pending.abandon();
        }
    }

    /// Whether all that was put in is written.
    pub(crate) fn is_settled(&self) -> bool {
        let rejected = match &self.rejected {
            RejectedTarget::File(writer) => writer.is_settled(),
            RejectedTarget::People | RejectedTarget::Later(_) => true,
        };
        rejected && self.records.is_settled()
    }

    /// Has everything on the disk, then gives the file of the records its name. For a run whose
    /// records are all there; in any other case drop the sink.
    ///
    /// # Errors
    /// An output that cannot be written.
    pub(crate) async fn publish(&mut self) -> Result<(), Unwritable> {
        if let RejectedTarget::File(writer) = &mut self.rejected {
            writer.sync().await?;
        }
        self.records.sync().await?;
        match self.pending.take() {
            Some(pending) => pending
                .publish()
                .map_err(|error| Unwritable { name: self.records.name().to_owned(), error }),
            None => Ok(()),
        }
    }

    /// Whether the file of the records does not get its name where there is a doubt.
    pub(crate) fn keeps_doubts_back(&self) -> bool {
        self.publish == Publish::Complete
    }

    /// Has everything on the disk and leaves the file of the records beside its name. Gives where
    /// it is; None for a stream.
    ///
    /// # Errors
    /// An output that cannot be written.
    pub(crate) async fn keep_back(&mut self) -> Result<Option<String>, Unwritable> {
        self.save().await?;
        let Some(pending) = self.pending.take() else { return Ok(None) };
        let kept = pending.keep_back();
        let kept = kept.map(|path| Some(path.display().to_string()));
        kept.map_err(|error| Unwritable { name: self.records.name().to_owned(), error })
    }

    /// Whether it was the reader of the records who went away.
    pub(crate) fn is_reader_gone(&self, failed: &Unwritable) -> bool {
        failed.error.kind() == ErrorKind::BrokenPipe && failed.name == self.records.name()
    }
}

/// The file of rejected records: added to, so that those of runs before stay.
fn rejections(place: &Path) -> Result<Writer, Unwritable> {
    let file = partial_file::append(place).map_err(|error| unwritable(place, error))?;
    let target = match file.metadata() {
        Ok(found) if found.is_file() => Target::File(file),
        _ => Target::stream(file),
    };
    Ok(Writer::new(place.display().to_string(), target, Vec::new()))
}

fn unwritable(place: &Path, error: io::Error) -> Unwritable {
    Unwritable { name: place.display().to_string(), error }
}
