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
use crate::run::collect::{Listed, Pager};

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

/// The pager over the lists.
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
            Reading::All(all) => all.pager.begun_again(),
            Reading::Named(pagers) => pagers.begun_again(),
        }
    }
}

impl<S: ListOwner> Reading<S> {
    /// Everybody's lists, from where a checkpoint says.
    pub(crate) fn all(
        pager: FanOut<S>,
        resume: Option<&str>,
        reporter: &Reporter,
    ) -> Result<Self, Error> {
        let pager = pager.stop_at_gone();
        let pager = match resume {
            Some(checkpoint) => pager.resume(checkpoint.parse()?)?,
            None => pager,
        };
        Ok(Self::All(Box::new(GoingOn::new(pager, reporter))))
    }
}

impl<S: ListOwner> Pager for EveryList<S> {
    type Row = Listed<Item<S>>;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        let next = match &mut self.reading {
            Reading::All(all) => all.try_next().await?,
            Reading::Named(pagers) => pagers.try_next().await?,
        };
        Ok(next.map(|record| Listed { record, kind: self.kind }))
    }

    fn provenance(&mut self) -> &mut Provenance {
        let id = match &self.reading {
            Reading::All(all) => {
                let owner = all.pager.owner();
                put(&mut self.provenance.customer, owner.and_then(|owner| S::customer(owner)));
                owner.map(|owner| S::id(owner))
            }
            Reading::Named(pagers) => pagers.at(),
        };
        put(S::member(&mut self.provenance), id);
        &mut self.provenance
    }

    fn report(&self) -> Report {
        match &self.reading {
            Reading::All(all) => all.pager.report(),
            Reading::Named(pagers) => pagers.report(),
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
            Reading::Named(pagers) => pagers.checkpoint(),
        }
    }

    fn noticed(&self) -> Vec<Warning> {
        match &self.reading {
            Reading::All(all) => all.noticed(),
            Reading::Named(pagers) => pagers.noticed(),
        }
    }

    fn any_read(&self) -> bool {
        match &self.reading {
            Reading::All(all) => all.any_read(),
            Reading::Named(pagers) => pagers.any_read(),
        }
    }

    /// Lists are read oldest first, or in no order.
    fn is_newest_first(&self) -> bool {
        false
    }
}
