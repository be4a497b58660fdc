//! From a walk of the client to the output: any list of any vendor.

use std::fmt::Display;
use std::future::ready;
use std::io;

use serde::Serialize;
use signin_core::{Error, Items, Operation, Record, Rejected, Report, Timestamp};

use crate::clock;
use crate::exit::Exit;
use crate::format::{Cells, Source};
use crate::interrupt::Interrupt;
use crate::sink::{Kept, Sink};
use crate::terminal::Notes;
use crate::writer::Unwritable;

/// Why a run ended before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The client gave up.
    Client(Error),
    /// An output cannot be written.
    Output(Unwritable),
    /// What was given to be read cannot be: why, and how the program ends.
    Input(String, Exit),
    /// The program itself failed.
    Internal(io::Error),
    /// The program was told to end.
    Signal(Exit),
}

/// What a run did, over all walks of its source.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub(crate) pages: u64,
    pub(crate) requests: u64,
    pub(crate) retries: u64,
    pub(crate) throttled: u64,
    pub(crate) duplicates: u64,
    /// Records that were not written because they did not fit their type.
    pub(crate) rejected: u64,
    /// The time of the newest record.
    pub(crate) newest: Option<Timestamp>,
    /// Walks that came to their end, but may not have seen everything.
    pub(crate) doubtful: u64,
}

impl Totals {
    fn add(&mut self, report: &Report, notes: &mut Notes) {
        self.pages += report.pages;
        self.requests += report.requests;
        self.retries += report.retries;
        self.throttled += report.throttled;
        self.duplicates += report.duplicates;
        self.doubtful += u64::from(report.finished && !report.is_complete());
        for warning in &report.warnings {
            notes.say(&format!("warning: {warning}"));
        }
    }
}

/// A run: what all walks of a source write to and count in.
pub(crate) struct Run<'a> {
    pub(crate) sink: &'a mut Sink,
    pub(crate) notes: &'a mut Notes,
    pub(crate) interrupt: Interrupt,
    pub(crate) totals: Totals,
}

impl Run<'_> {
    /// Writes every record of a walk, as it comes.
    pub(crate) async fn collect<O>(
        &mut self,
        mut source: Source,
        mut items: Items<O>,
        cells: fn(&O::Item) -> Cells<'_>,
    ) -> Result<(), Stop>
    where
        O: Operation,
        O::Item: Serialize,
    {
        let mut interrupt = self.interrupt.clone();
        let result = tokio::select! {
            biased;
            exit = interrupt.wait() => Err(Stop::Signal(exit)),
            result = self.walk(&mut source, &mut items, cells) => result,
        };
        self.totals.add(items.report(), self.notes);
        result
    }

    /// May be dropped at any await: what was taken out of the walk is in the sink.
    async fn walk<O>(
        &mut self,
        source: &mut Source,
        items: &mut Items<O>,
        cells: fn(&O::Item) -> Cells<'_>,
    ) -> Result<(), Stop>
    where
        O: Operation,
        O::Item: Serialize,
    {
        let mut pages = 0;
        loop {
            let next = next(items, self.sink).await.map_err(Stop::Output)?;
            if items.report().pages != pages {
                pages = items.report().pages;
                source.fetched_at = Some(clock::now());
            }
            match next {
                Ok(None) => return Ok(()),
                Ok(Some(record)) => self.take(source, &record, &cells(&record))?,
                Err(error) => match error.rejected() {
                    Some(rejected) => self.reject(source, rejected)?,
                    None => return Err(Stop::Client(error)),
                },
            }
            if self.sink.is_full() {
                self.sink.flush().await.map_err(Stop::Output)?;
            }
        }
    }

    fn take<T: Serialize>(
        &mut self,
        source: &Source,
        record: &Record<T>,
        cells: &Cells<'_>,
    ) -> Result<(), Stop> {
        self.sink.put(source, record, cells).map_err(Stop::Internal)?;
        if cells.time > self.totals.newest.as_ref() {
            self.totals.newest = cells.time.cloned();
        }
        Ok(())
    }

    fn reject(&mut self, source: &Source, record: &Rejected) -> Result<(), Stop> {
        let kept = self.sink.put_rejected(source, record).map_err(Stop::Output)?;
        let whose = source.user.as_deref().unwrap_or("all users");
        let (endpoint, mismatch) = (source.endpoint, record.mismatch());
        self.rejected(kept, &format_args!("{endpoint} of {whose}: {mismatch}"));
        Ok(())
    }

    /// Counts what was rejected, and says it if it is kept nowhere.
    pub(crate) fn rejected(&mut self, kept: Kept, what: &dyn Display) {
        self.totals.rejected += u64::from(kept != Kept::Record);
        if kept == Kept::Nowhere {
            self.notes.say(&format!("rejected: {what}"));
        }
    }
}

/// The next record. Where it is not at hand, what is there is written before it is waited for.
async fn next<O: Operation>(
    items: &mut Items<O>,
    sink: &mut Sink,
) -> Result<Result<Option<Record<O::Item>>, Error>, Unwritable> {
    tokio::select! {
        biased;
        next = items.try_next() => return Ok(next),
        () = ready(()) => {}
    }
    sink.flush().await?;
    Ok(items.try_next().await)
}

#[cfg(test)]
mod tests;
