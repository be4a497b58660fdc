//! Where the pager of a range of time stands: its checkpoint, and how it goes on from one.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::delivered::Delivered;
use super::{Ranged, Window, Windows};
use crate::error::{Error, Result};
use crate::pager::checkpoint::{Checkpoint, foreign};
use crate::pager::continuation::{
    CheckpointData, Continuation, Depth, OpenWindow, WindowsProgress,
};
use crate::pager::report::Warning;

impl<O: Ranged> Windows<O> {
    /// Starts where a checkpoint stands: complete windows are not asked for again.
    ///
    /// # Errors
    /// [`ErrorKind::Checkpoint`](crate::ErrorKind::Checkpoint) if it is of another pager: other arguments, another host.
    pub fn resume(mut self, checkpoint: Checkpoint) -> Result<Self> {
        let data = checkpoint.of_walk(self.name.as_ref().map_err(Clone::clone)?)?;
        let progress = match data.position {
            Continuation::Windows(progress) => progress,
            Continuation::End => WindowsProgress { done: written(self.to), open: None },
            _ => return Err(foreign()),
        };
        if data.incomplete {
            self.report.warnings.push(Warning::IncompleteBefore);
        }
        self.done = self.within(&progress.done)?;
        self.planned = self.done;
        self.open.clear();
        if let Some(OpenWindow { to, data }) = progress.open {
            self.planned = self.within(&to)?;
            if self.planned <= self.done {
                return Err(foreign());
            }
            self.delivered = Delivered::of(data.seen.iter().chain(&data.before_start).copied());
            let (from, to) = (self.done, self.planned);
            // Where its place is none that the list takes, the window is read again.
            let items = self.items(from, to).resume(Checkpoint(*data));
            let items = items.unwrap_or_else(|_| self.items(from, to));
            self.open.push_back(Window { from, to, items });
        }
        Ok(self)
    }

    /// Where the pager stands: after the record that was yielded last. None if its request
    /// could never be built.
    ///
    /// Its size does not depend on the length of the range. It holds fingerprints of up to three
    /// pages of records: take one per page, or every now and then, rather than for each record.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        Some(Checkpoint(CheckpointData {
            walk_id: self.name.as_ref().ok()?.clone(),
            fixed: Vec::new(),
            position: self.position(),
            rows: 0,
            total: None,
            incomplete: self.report().has_completeness_warnings(),
            seen: [].into(),
            before_start: [].into(),
            depth: Depth::default(),
        }))
    }

    fn position(&self) -> Continuation {
        let progress = |done: OffsetDateTime, open| {
            Continuation::Windows(WindowsProgress { done: written(done), open })
        };
        if self.report.finished {
            return Continuation::End;
        }
        let first = self.open.front().filter(|window| window.items.has_begun());
        match first.map(|window| (window.to, window.items.checkpoint())) {
            Some((to, Some(Checkpoint(CheckpointData { position: Continuation::End, .. })))) => {
                progress(to, None)
            }
            Some((to, Some(Checkpoint(data)))) => {
                progress(self.done, Some(OpenWindow { to: written(to), data: Box::new(data) }))
            }
            _ => progress(self.done, None),
        }
    }

    /// A checkpoint's time, if it is one of this range.
    fn within(&self, text: &str) -> Result<OffsetDateTime> {
        let time = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| foreign())?;
        if self.from <= time && time <= self.to { Ok(time) } else { Err(foreign()) }
    }

    pub(super) fn at_checkpoint(&self, error: Error) -> Error {
        match self.checkpoint() {
            Some(checkpoint) => error.at(checkpoint),
            None => error,
        }
    }
}

/// A time as checkpoints hold it. Times that cannot be written are refused with their request.
pub(super) fn written(time: OffsetDateTime) -> String {
    time.format(&Rfc3339).unwrap_or_else(|_| time.to_string())
}
