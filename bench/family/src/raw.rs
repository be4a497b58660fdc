//! The raw path: a list's records as they came, of which nothing is typed but the id.

use std::borrow::Cow;

use msgraph_signins::signin_core::vendor::{Member, Model, Shape, Table};
use msgraph_signins::signin_core::{Paging, RateLimit, Request};
use msgraph_signins::{Id, Operation, PageLayout, Result, SignIns};
use serde::de::MapAccess;

/// Sign-ins as they came. The id tells records apart, so that none is yielded twice.
#[derive(Clone)]
pub struct Raw(pub SignIns);

/// What is read of a record.
#[derive(Debug, Default)]
pub struct Identity {
    id: Option<Id>,
}

impl Model for Identity {
    fn table() -> &'static Table {
        const TABLE: Table = Table { name: "Identity", members: &[Member::new("id", Shape::Id)] };
        &TABLE
    }

    fn assign<'de, A: MapAccess<'de>>(
        &mut self,
        _: usize,
        value: &mut A,
    ) -> std::result::Result<(), A::Error> {
        self.id = value.next_value()?;
        Ok(())
    }
}

impl Operation for Raw {
    type Item = Identity;

    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn request(&self) -> Result<Request> {
        self.0.request()
    }

    fn layout(&self) -> PageLayout {
        self.0.layout()
    }

    fn paging(&self) -> Paging {
        self.0.paging()
    }

    fn rate_limits(&self) -> &[RateLimit] {
        self.0.rate_limits()
    }

    fn identity<'a>(&self, item: &'a Identity) -> Option<Cow<'a, str>> {
        item.id.as_deref().map(Cow::Borrowed)
    }
}
