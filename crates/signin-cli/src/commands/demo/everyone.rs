//! A pager over the sign-ins of all users, or of all tenants.

use std::sync::Arc;

use serde::Serialize;
use signin_core::FanOut;
use signin_core::vendor::Owners;
use signin_core::{Error, FromJson, Operation, Report};

use crate::formats::{Kind, Provenance};
use crate::run::collect::{Listed, Pager};

type Item<S> = <<S as Owners>::Records as Operation>::Item;

/// A pager over the sign-ins of all users, or of all tenants.
pub(crate) struct Everyone<S: Owners> {
    provenance: Provenance,
    items: FanOut<S>,
    kind: &'static Kind<Item<S>>,
    /// Says whose sign-ins the source's are.
    name: fn(&S::Owner, &mut Provenance),
    named: Option<Arc<S::Owner>>,
}

impl<S: Owners> Everyone<S> {
    pub(crate) fn new(
        provenance: Provenance,
        items: FanOut<S>,
        kind: &'static Kind<Item<S>>,
        name: fn(&S::Owner, &mut Provenance),
    ) -> Self {
        Self { provenance, items, kind, name, named: None }
    }
}

impl<S: Owners> Pager for Everyone<S>
where
    Item<S>: FromJson + Serialize + 'static,
{
    type Row = Listed<Item<S>>;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        let next = self.items.try_next().await?;
        Ok(next.map(|next| Listed { record: next.record, kind: self.kind }))
    }

    fn provenance(&mut self) -> &mut Provenance {
        if let Some(current) = self.items.owner()
            && !self.named.as_ref().is_some_and(|named| Arc::ptr_eq(named, current))
        {
            (self.name)(current, &mut self.provenance);
            self.named = Some(Arc::clone(current));
        }
        &mut self.provenance
    }

    fn report(&self) -> Report {
        self.items.report()
    }
}
