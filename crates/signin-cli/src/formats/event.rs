//! `event`, `ocsf` and `ecs`: sign-ins in the shape that all products share, and in two that others
//! know.

use std::borrow::Cow;

use serde::Serialize;
use signin_core::event::{Context, NoEvent, SignIn, SignInCounts, ToEvent, revision};
use signin_core::{FromJson, Record};

use super::raw::one_line;
use super::{Kind, Provenance};
use crate::args::Format;

/// A record in the shape that all products share.
#[derive(Debug)]
pub(crate) enum Event {
    SignIn(Box<SignIn>),
    Counts(Box<SignInCounts>),
}

/// The schema that events are written by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Schema {
    Own,
    Ocsf,
    Ecs,
}

/// How events are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Events {
    pub(super) schema: Schema,
    /// Whether they hold the record's own text.
    pub(super) keep_raw: bool,
}

/// What events a list gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    SignIns,
    Counts,
    Nothing,
}

impl Gives {
    /// Why a list of these cannot be written in a format, and which ones it can.
    pub(crate) fn refusal(self, format: Format) -> Option<&'static str> {
        match (self, format) {
            (Self::Nothing, Format::Event | Format::Ocsf | Format::Ecs) => {
                Some("are no sign-ins: give --format typed, raw or envelope")
            }
            (Self::Counts, Format::Ocsf) => {
                Some("are counts, which OCSF has no class for: give --format ecs or event")
            }
            _ => None,
        }
    }
}

/// For lists of sign-ins.
pub(crate) fn sign_in<T: ToEvent<Event = SignIn>>(
    record: &Record<T>,
    context: &Context,
) -> Result<Event, NoEvent> {
    record.to_event(context).map(Box::new).map(Event::SignIn)
}

/// For lists of counts.
pub(crate) fn counts<T: ToEvent<Event = SignInCounts>>(
    record: &Record<T>,
    context: &Context,
) -> Result<Event, NoEvent> {
    record.to_event(context).map(Box::new).map(Event::Counts)
}

/// For lists of anything else.
pub(crate) fn nothing<T>(_: &Record<T>, _: &Context) -> Result<Event, NoEvent> {
    Err(NoEvent::NotASignIn)
}

impl Events {
    /// One record, one line; or why it gives none.
    pub(super) fn line<T: FromJson>(
        self,
        provenance: &Provenance,
        record: &Record<T>,
        kind: &Kind<T>,
        out: &mut Vec<u8>,
    ) -> serde_json::Result<Result<(), NoEvent>> {
        let context = self.context(provenance);
        let event = match one_line(record.raw()) {
            Cow::Borrowed(_) => (kind.event)(record, &context),
            // As an envelope would have it.
            Cow::Owned(line) => match Record::from_json_lenient(line) {
                Ok(record) => (kind.event)(&record, &context),
                Err(_) => Err(NoEvent::NotASignIn),
            },
        };
        let mut event = match event {
            Ok(event) => event,
            Err(why) => return Ok(Err(why)),
        };
        if let (Some(original), Event::SignIn(event)) = (&provenance.original, &mut event) {
            let original = one_line(original);
            event.revision = revision(&original);
            event.raw = self.keep_raw.then(|| original.into_owned());
        }
        let written = self.write(&event, out)?;
        if written.is_ok() {
            out.push(b'\n');
        }
        Ok(written)
    }

    fn write(self, event: &Event, out: &mut Vec<u8>) -> serde_json::Result<Result<(), NoEvent>> {
        match (self.schema, event) {
            (Schema::Own, Event::SignIn(event)) => json(Ok(event), out),
            (Schema::Own, Event::Counts(counts)) => json(Ok(counts), out),
            (Schema::Ocsf, Event::SignIn(event)) => json(event.to_ocsf(), out),
            (Schema::Ocsf, Event::Counts(_)) => Ok(Err(NoEvent::NotASignIn)),
            (Schema::Ecs, Event::SignIn(event)) => json(event.to_ecs(), out),
            (Schema::Ecs, Event::Counts(counts)) => json(counts.to_ecs(), out),
        }
    }

    fn context(self, provenance: &Provenance) -> Context {
        let mut context = Context::default();
        context.tenant.clone_from(&provenance.tenant);
        context.customer.clone_from(&provenance.customer);
        context.user.clone_from(&provenance.user);
        context.client_id.clone_from(&provenance.client_id);
        context.identity.clone_from(&provenance.id);
        context.keep_raw = self.keep_raw;
        context
    }
}

fn json<T: Serialize>(
    value: Result<T, NoEvent>,
    out: &mut Vec<u8>,
) -> serde_json::Result<Result<(), NoEvent>> {
    match value {
        Ok(value) => serde_json::to_writer(out, &value).map(Ok),
        Err(why) => Ok(Err(why)),
    }
}
