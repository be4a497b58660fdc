//! The lists of some users or tenants that were named, one after the other.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use signin_core::{Checkpoint, Error, ErrorKind, Items, Operation, Record, Report, Warning};

use super::failures::{Failures, Stand};
use crate::reporting::reporter::Reporter;

/// The pagers over the lists, in the order in which their users or tenants were named.
pub(crate) struct NamedLists<O: Operation> {
    /// The pagers that are not over; the first one is under way.
    pagers: VecDeque<(String, Items<O>)>,
    /// What the pagers did that are over.
    past: Report,
    lists: usize,
    failures: Failures,
}

/// Where the pagers stand: at this user or tenant; at none when all are over.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListsCheckpoint {
    at: Option<String>,
    #[serde(rename = "walk")]
    pager: Option<Checkpoint>,
}

impl<O: Operation> NamedLists<O> {
    /// What is named twice is read once.
    pub(crate) fn new(
        pagers: impl Iterator<Item = (String, Items<O>)>,
        resume: Option<&str>,
        reporter: &Reporter,
    ) -> Result<Self, Error> {
        let mut all: VecDeque<(String, Items<O>)> = VecDeque::new();
        for (id, items) in pagers {
            if all.iter().all(|(other, _)| *other != id) {
                all.push_back((id, items));
            }
        }
        let lists = all.len();
        let failures = Failures::new(reporter);
        let mut each = Self { pagers: all, past: Report::default(), lists, failures };
        if let Some(place) = resume {
            each.go_to(serde_json::from_str(place).map_err(|_| foreign())?)?;
        }
        Ok(each)
    }

    fn go_to(&mut self, place: ListsCheckpoint) -> Result<(), Error> {
        while let Some((id, items)) = self.pagers.pop_front() {
            if Some(&id) != place.at.as_ref() {
                // After one that was read: else the pager would not have been left standing here.
                self.failures.read();
                continue;
            }
            let items = match place.pager {
                Some(checkpoint) => items.resume(checkpoint)?,
                None => items,
            };
            self.pagers.push_front((id, items));
            return Ok(());
        }
        if place.at.is_some() { Err(foreign()) } else { Ok(()) }
    }

    /// The next sign-in; None after the last one. May be dropped: the next call goes on.
    pub(crate) async fn try_next(&mut self) -> Result<Option<Record<O::Item>>, Error> {
        while let Some((id, items)) = self.pagers.front_mut() {
            match items.try_next().await {
                Ok(Some(record)) => {
                    self.failures.read();
                    return Ok(Some(record));
                }
                Ok(None) => {
                    self.failures.read();
                    self.pass();
                }
                Err(error) if error.rejected().is_some() => return Err(error),
                Err(error) => {
                    let provenance = id.clone();
                    let stand = Stand { place: self.place(), warnings: self.report().warnings };
                    self.failures.pass(&provenance, error, || stand)?;
                    self.past.warnings.push(Warning::OwnerSkipped { owner: provenance });
                    self.pass();
                }
            }
        }
        self.failures.end()?;
        Ok(None)
    }

    /// Goes on with the next list.
    fn pass(&mut self) {
        if let Some((id, items)) = self.pagers.pop_front() {
            add_of(&mut self.past, &id, items.report());
        }
    }

    /// The user or tenant whose list is read.
    pub(crate) fn at(&self) -> Option<&str> {
        self.pagers.front().map(|(id, _)| id.as_str())
    }

    /// How often the list at hand was begun again.
    pub(crate) fn begun_again(&self) -> u64 {
        self.pagers.front().map_or(0, |(_, items)| items.begun_again())
    }

    /// Whether there is one list only.
    pub(crate) fn is_one(&self) -> bool {
        self.lists == 1
    }

    pub(crate) fn checkpoint(&self) -> Option<String> {
        match self.failures.held() {
            Some(held) => held.place.clone(),
            None => self.place(),
        }
    }

    /// What was noticed up to the checkpoint.
    pub(crate) fn noticed(&self) -> Vec<Warning> {
        self.failures.held().map_or_else(|| self.report().warnings, |held| held.warnings.clone())
    }

    pub(crate) fn any_read(&self) -> bool {
        self.failures.any_read()
    }

    /// Where the pagers stand.
    fn place(&self) -> Option<String> {
        let place = match self.pagers.front() {
            Some((id, items)) => {
                ListsCheckpoint { at: Some(id.clone()), pager: items.checkpoint() }
            }
            None => ListsCheckpoint { at: None, pager: None },
        };
        serde_json::to_string(&place).ok()
    }

    pub(crate) fn report(&self) -> Report {
        let mut report = self.past.clone();
        if let Some((id, items)) = self.pagers.front() {
            add_of(&mut report, id, items.report());
        }
        report.finished = self.pagers.is_empty();
        report
    }
}

fn foreign() -> Error {
    let why = "its place is none that this walk can stand at";
    Error::new(ErrorKind::Checkpoint, "checkpoint", why, "remove it to start anew")
}

/// Adds what the pager over one user's or tenant's list did.
fn add_of(sum: &mut Report, provenance: &str, more: &Report) {
    let known = sum.warnings.len();
    add(sum, more);
    for warning in
        sum.warnings.iter_mut().skip(known).filter(|warning| warning.affects_completeness())
    {
        let (provenance, doubt) = (provenance.to_owned(), Box::new(warning.clone()));
        *warning = Warning::OfOwner { owner: provenance, warning: doubt };
    }
}

/// Adds what a pager did.
pub(crate) fn add(sum: &mut Report, more: &Report) {
    sum.pages += more.pages;
    sum.records += more.records;
    sum.rejected += more.rejected;
    sum.duplicates += more.duplicates;
    sum.filtered += more.filtered;
    sum.requests += more.requests;
    sum.retries += more.retries;
    sum.throttled += more.throttled;
    sum.waited += more.waited;
    sum.warnings.extend(more.warnings.iter().cloned());
}
