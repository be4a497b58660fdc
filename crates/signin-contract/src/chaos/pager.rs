//! The pagers of all vendors as one kind: what comes, where it stands, what it says of itself.

use std::fmt;
use std::pin::Pin;

use signin_core::vendor::Owners;
use signin_core::vendor::Ranged;
use signin_core::{
    Checkpoint, Error, FanOut, Items, Operation, Page, Pages, Report, Result, Windows,
};

/// The next records of a pager, as they came; None after the last one.
pub type Next<'a> = Pin<Box<dyn Future<Output = Result<Option<Vec<String>>>> + 'a>>;

/// A pager of any kind.
pub trait Pager {
    /// What comes next.
    fn next(&mut self) -> Next<'_>;
    /// Where it stands.
    fn checkpoint(&self) -> Option<Checkpoint>;
    /// What it did.
    fn report(&self) -> Report;
    /// Starts where a checkpoint stands.
    ///
    /// # Errors
    /// The pager's own.
    fn resume(self: Box<Self>, checkpoint: Checkpoint) -> Result<Box<dyn Pager>>;
}

/// A pager, and how it is asked.
pub struct Asked<W> {
    /// The pager.
    pub pager: W,
    /// Asks for what comes next.
    pub next: for<'a> fn(&'a mut W) -> Next<'a>,
    /// Asks where it stands.
    pub checkpoint: fn(&W) -> Option<Checkpoint>,
    /// Asks what it did.
    pub report: fn(&W) -> Report,
    /// Starts it where a checkpoint stands.
    pub resume: fn(W, Checkpoint) -> Result<W>,
}

impl<W: 'static> Pager for Asked<W> {
    fn next(&mut self) -> Next<'_> {
        (self.next)(&mut self.pager)
    }

    fn checkpoint(&self) -> Option<Checkpoint> {
        (self.checkpoint)(&self.pager)
    }

    fn report(&self) -> Report {
        (self.report)(&self.pager)
    }

    fn resume(self: Box<Self>, checkpoint: Checkpoint) -> Result<Box<dyn Pager>> {
        let pager = (self.resume)(self.pager, checkpoint)?;
        Ok(Box::new(Self { pager, ..*self }))
    }
}

impl<W> fmt::Debug for Asked<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked").finish_non_exhaustive()
    }
}

/// A list, record by record.
pub fn items<O: Operation>(pager: Items<O>) -> Box<dyn Pager> {
    Box::new(Asked {
        pager,
        next: |pager| {
            Box::pin(async { Ok(one(pager.try_next().await?.map(|row| row.raw().into()))) })
        },
        checkpoint: Items::checkpoint,
        report: |pager| pager.report().clone(),
        resume: Items::resume,
    })
}

/// A list, page by page.
pub fn pages<O: Operation>(pager: Pages<O>) -> Box<dyn Pager> {
    Box::new(Asked {
        pager,
        next: |pager| Box::pin(async { Ok(pager.try_next().await?.map(|page| rows_of(&page))) }),
        checkpoint: Pages::checkpoint,
        report: |pager| pager.report().clone(),
        resume: Pages::resume,
    })
}

/// The lists of many sources.
pub fn fan_out<S: Owners>(pager: FanOut<S>) -> Box<dyn Pager> {
    Box::new(Asked {
        pager,
        next: |pager| {
            Box::pin(async { Ok(one(pager.try_next().await?.map(|row| row.record.raw().into()))) })
        },
        checkpoint: FanOut::checkpoint,
        report: FanOut::report,
        resume: FanOut::resume,
    })
}

/// A range of time.
pub fn windows<O: Ranged>(pager: Windows<O>) -> Box<dyn Pager> {
    Box::new(Asked {
        pager,
        next: |pager| {
            Box::pin(async { Ok(one(pager.try_next().await?.map(|row| row.raw().into()))) })
        },
        checkpoint: Windows::checkpoint,
        report: Windows::report,
        resume: Windows::resume,
    })
}

/// One record as those that come at once.
#[must_use]
pub fn one(row: Option<String>) -> Option<Vec<String>> {
    row.map(|row| vec![row])
}

fn rows_of<T>(page: &Page<T>) -> Vec<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let rows = page.rows().iter().map(|row| match row {
        Ok(record) => text(record.raw_bytes()),
        Err(rejected) => text(rejected.raw_bytes()),
    });
    rows.collect()
}

/// The record that an error is about, if it is about one only.
pub(super) fn rejected(error: &Error) -> Option<String> {
    error.rejected().map(|row| String::from_utf8_lossy(row.raw_bytes()).into_owned())
}
