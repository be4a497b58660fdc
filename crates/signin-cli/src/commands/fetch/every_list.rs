//! The sign-ins of many users or tenants: of all that the service lists, or of those that were
//! named.

use serde::Serialize;
use signin_core::vendor::{Owner as _, Owners};
use signin_core::{Error, FanOut, FromJson, Operation, Record, Report, Warning};

use super::failures::{GoingOn, Lists};
use super::named_lists::NamedLists;
use super::session::Resumable;
use crate::formats::{Kind, Provenance};
use crate::reporting::reporter::Reporter;
use crate::run::collect::{Listed, Walk};

/// A vendor's users or tenants, as envelopes name them.
pub(crate) trait ListOwner:
    Owners<Records: Operation<Item: FromJson + Serialize + 'static>>
{
    /// The owner's id.
    fn id(owner: &Self::Owner) -> &str;

    /// Whose the owner is, where a provider reads for many.
    fn customer(_owner: &Self::Owner) -> Option<&str> {
        None
    }

    /// Where the envelope has the owner's id.
    fn member(provenance: &mut Provenance) -> &mut Option<String>;
}

/// What a record of a list is.
type Item<S> = <<S as Owners>::Records as Operation>::Item;

/// The walk over the lists.
pub(crate) struct EveryList<S: ListOwner> {
    reading: Reading<S>,
    /// What all records have in common, and whose the last one was.
    provenance: Provenance,
    kind: &'static Kind<Item<S>>,
}

pub(crate) enum Reading<S: ListOwner> {
    /// Everybody's.
    All(Box<GoingOn<FanOut<S>>>),
    /// Those of the owners who were named.
    Named(Box<NamedLists<S::Records>>),
}

impl<S: ListOwner> Lists for FanOut<S> {
    type Row = Record<Item<S>>;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        Ok(self.try_next().await?.map(|next| next.record))
    }

    fn read(&self) -> u64 {
        self.owners_read()
    }

    fn at(&self) -> Option<String> {
        self.owner().map(|owner| owner.key().to_owned())
    }

    fn place(&self) -> Option<String> {
        Some(self.checkpoint()?.to_string())
    }

    fn report(&self) -> Report {
        self.report()
    }

    fn skip(&mut self) -> Result<(), Error> {
        self.skip_owner()
    }
}

impl<S: ListOwner> EveryList<S> {
    pub(crate) fn new(
        reading: Reading<S>,
        provenance: Provenance,
        kind: &'static Kind<Item<S>>,
    ) -> Self {
        Self { reading, provenance, kind }
    }
}

impl<S: ListOwner> EveryList<S> {
    /// How often the list at hand was begun again, since the service took its place no more.
    pub(crate) fn begun_again(&self) -> u64 {
        match &self.reading {
            Reading::All(all) => all.walk.begun_again(),
            Reading::Named(walks) => walks.begun_again(),
        }
    }
}

impl<S: ListOwner> Reading<S> {
    /// Everybody's lists, from where a checkpoint says.
    pub(crate) fn all(
        walk: FanOut<S>,
        resume: Option<&str>,
        reporter: &Reporter,
    ) -> Result<Self, Error> {
        let walk = walk.stop_at_gone();
        let walk = match resume {
            Some(checkpoint) => walk.resume(checkpoint.parse()?)?,
            None => walk,
        };
        Ok(Self::All(Box::new(GoingOn::new(walk, reporter))))
    }
}

impl<S: ListOwner> Walk for EveryList<S> {
    type Row = Listed<Item<S>>;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        let next = match &mut self.reading {
            Reading::All(all) => all.try_next().await?,
            Reading::Named(walks) => walks.try_next().await?,
        };
        Ok(next.map(|record| Listed { record, kind: self.kind }))
    }

    fn provenance(&mut self) -> &mut Provenance {
        let id = match &self.reading {
            Reading::All(all) => {
                let owner = all.walk.owner();
                put(&mut self.provenance.customer, owner.and_then(|owner| S::customer(owner)));
                owner.map(|owner| S::id(owner))
            }
            Reading::Named(walks) => walks.at(),
        };
        put(S::member(&mut self.provenance), id);
        &mut self.provenance
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

impl<S: ListOwner> Resumable for EveryList<S> {
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
            Reading::All(all) => all.any_read(),
            Reading::Named(walks) => walks.any_read(),
        }
    }

    /// Lists are read oldest first, or in no order.
    fn is_newest_first(&self) -> bool {
        false
    }
}
