//! The sign-ins of many users or tenants: of all that the service lists, or of those that were
//! named.

use serde::Serialize;
use signin_core::fan_out::{Source as _, Sources};
use signin_core::{Error, FanOut, FromJson, Operation, Record, Report, Warning};

use super::each::Each;
use super::failures::{Failures, Stand};
use super::session::Resumable;
use crate::collect::{Listed, Walk};
use crate::format::{Kind, Source};
use crate::notes::Notes;

/// A vendor's users or tenants, as envelopes name them.
pub(super) trait Owners:
    Sources<Walk: Operation<Item: FromJson + Serialize + 'static>>
{
    /// The owner's id.
    fn id(owner: &Self::Source) -> &str;

    /// Whose the owner is, where a provider reads for many.
    fn customer(_owner: &Self::Source) -> Option<&str> {
        None
    }

    /// Where the envelope has the owner's id.
    fn member(source: &mut Source) -> &mut Option<String>;
}

/// What a record of a list is.
type Item<S> = <<S as Sources>::Walk as Operation>::Item;

/// The walk over the lists.
pub(super) struct Many<S: Owners> {
    reading: Reading<S>,
    /// What all records have in common, and whose the last one was.
    source: Source,
    kind: &'static Kind<Item<S>>,
}

pub(super) enum Reading<S: Owners> {
    /// Everybody's.
    All(Box<All<S>>),
    /// Those of the owners who were named.
    Named(Box<Each<S::Walk>>),
}

/// The walk over everybody's lists.
pub(super) struct All<S: Owners> {
    walk: FanOut<S>,
    failures: Failures,
    /// How many lists were read to their end when that was last looked at.
    read: u64,
}

impl<S: Owners> All<S> {
    async fn try_next(&mut self) -> Result<Option<Record<Item<S>>>, Error> {
        loop {
            let next = self.walk.try_next().await;
            let read = self.walk.sources_read();
            if std::mem::replace(&mut self.read, read) < read {
                self.failures.read();
            }
            match next {
                Ok(Some(next)) => {
                    self.failures.read();
                    return Ok(Some(next.record));
                }
                Ok(None) => {
                    self.failures.end()?;
                    return Ok(None);
                }
                Err(error) if error.rejected().is_some() => return Err(error),
                Err(error) => self.pass(error)?,
            }
        }
    }

    /// Leaves out the rest of the list that an error is of.
    fn pass(&mut self, error: Error) -> Result<(), Error> {
        let Some(owner) = self.walk.source() else { return Err(error) };
        let source = owner.key().to_owned();
        let stand = || Stand {
            place: self.walk.checkpoint().map(|place| place.to_string()),
            warnings: self.walk.report().warnings,
        };
        self.failures.pass(&source, error, stand)?;
        self.walk.skip_source()
    }

    fn checkpoint(&self) -> Option<String> {
        match self.failures.held() {
            Some(held) => held.place.clone(),
            None => Some(self.walk.checkpoint()?.to_string()),
        }
    }

    fn noticed(&self) -> Vec<Warning> {
        let now = || self.walk.report().warnings;
        self.failures.held().map_or_else(now, |held| held.warnings.clone())
    }
}

impl<S: Owners> Many<S> {
    pub(super) fn new(reading: Reading<S>, source: Source, kind: &'static Kind<Item<S>>) -> Self {
        Self { reading, source, kind }
    }
}

impl<S: Owners> Many<S> {
    /// How often the list at hand was begun again, since the service took its place no more.
    pub(super) fn begun_again(&self) -> u64 {
        match &self.reading {
            Reading::All(all) => all.walk.begun_again(),
            Reading::Named(walks) => walks.begun_again(),
        }
    }
}

impl<S: Owners> Reading<S> {
    /// Everybody's lists, from where a checkpoint says.
    pub(super) fn all(walk: FanOut<S>, resume: Option<&str>, notes: &Notes) -> Result<Self, Error> {
        let walk = walk.stop_at_gone();
        let walk = match resume {
            Some(checkpoint) => walk.resume(checkpoint.parse()?)?,
            None => walk,
        };
        let failures = Failures::new(notes);
        Ok(Self::All(Box::new(All { walk, failures, read: 0 })))
    }
}

impl<S: Owners> Walk for Many<S> {
    type Row = Listed<Item<S>>;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        let next = match &mut self.reading {
            Reading::All(all) => all.try_next().await?,
            Reading::Named(walks) => walks.try_next().await?,
        };
        Ok(next.map(|record| Listed { record, kind: self.kind }))
    }

    fn source(&mut self) -> &mut Source {
        let id = match &self.reading {
            Reading::All(all) => {
                let owner = all.walk.source();
                put(&mut self.source.customer, owner.and_then(|owner| S::customer(owner)));
                owner.map(|owner| S::id(owner))
            }
            Reading::Named(walks) => walks.at(),
        };
        put(S::member(&mut self.source), id);
        &mut self.source
    }

    fn report(&self) -> Report {
        match &self.reading {
            Reading::All(all) => all.walk.report(),
            Reading::Named(walks) => walks.report(),
        }
    }
}

/// Writes a text into a place, if it is another one than is there.
fn put(place: &mut Option<String>, text: Option<&str>) {
    if place.as_deref() != text {
        *place = text.map(str::to_owned);
    }
}

impl<S: Owners> Resumable for Many<S> {
    fn checkpoint(&self) -> Option<String> {
        match &self.reading {
            Reading::All(all) => all.checkpoint(),
            Reading::Named(walks) => walks.checkpoint(),
        }
    }

    fn noticed(&self) -> Vec<Warning> {
        match &self.reading {
            Reading::All(all) => all.noticed(),
            Reading::Named(walks) => walks.noticed(),
        }
    }

    fn any_read(&self) -> bool {
        match &self.reading {
            Reading::All(all) => all.failures.any_read(),
            Reading::Named(walks) => walks.any_read(),
        }
    }

    /// Lists are read oldest first, or in no order.
    fn is_newest_first(&self) -> bool {
        false
    }
}
