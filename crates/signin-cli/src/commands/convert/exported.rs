//! Sign-ins that came in other wrappings than the vendor's own: told, unwrapped, counted.

use std::borrow::Cow;
use std::collections::BTreeMap;

use msgraph_signins::SignInEventType;
use msgraph_signins::export::{self, Export, Found, NotASignIn, Refusal, Shape};
use serde::Serialize;

use crate::reporting::summary::number;

/// The most logs that are counted one by one.
const MOST_LOGS: usize = 20;

/// What the wrappings of a conversion's records were.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Exports {
    /// How many records came in which shape.
    #[serde(skip_serializing_if = "is_own")]
    pub(crate) shapes: BTreeMap<&'static str, u64>,
    /// How many records of other logs were left out.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) skipped: BTreeMap<String, u64>,
    /// How many sign-ins lack what the export did not keep.
    #[serde(skip_serializing_if = "crate::reporting::summary::is_zero")]
    pub(crate) lossy: u64,
}

/// Whether all records came in the vendor's own shape, of which nothing is to be said.
fn is_own(shapes: &BTreeMap<&'static str, u64>) -> bool {
    shapes.keys().all(|shape| *shape == Shape::Graph.as_str())
}

/// What a record is, seen by its wrapping.
pub(super) enum Wrapped<'a> {
    /// The vendor's own.
    Not,
    /// A sign-in in another wrapping, and its kind where the file's name alone says it.
    SignIn(Box<Export<'a>>, Option<SignInEventType>),
    /// A record of another log.
    Other(String),
    /// Something that has a name, and is no sign-in that can be read; or nothing that is known.
    Refused(NotASignIn),
}

/// Tells a record of Microsoft's. `kind` is that of the file which it stands in.
pub(super) fn unwrap(json: &str, kind: Option<SignInEventType>) -> Wrapped<'_> {
    let export = match export::read(json) {
        Ok(Found::SignIn(export)) => export,
        Ok(Found::Other { category }) => return Wrapped::Other(category),
        Err(why) => return Wrapped::Refused(why),
    };
    let kind = kind.filter(|_| export.kind.is_none());
    let export = match kind {
        Some(kind) => export.of_kind(kind),
        None => export,
    };
    match (&export.record, &export.tenant) {
        (Cow::Borrowed(_), None) if export.shape == Shape::Graph => Wrapped::Not,
        _ => Wrapped::SignIn(Box::new(export), kind),
    }
}

/// Whether it is the record's fault alone: its neighbours can be read.
pub(super) fn is_of_one_record(why: &NotASignIn) -> bool {
    matches!(why.refusal(), Refusal::UnclearTime | Refusal::OtherLength | Refusal::NoProperties)
}

impl Exports {
    /// Counts a record of the vendor's own shape.
    pub(super) fn count_own(&mut self) {
        *self.shapes.entry(Shape::Graph.as_str()).or_default() += 1;
    }

    /// Counts a sign-in. True if it is the first that lacks something.
    pub(super) fn count(&mut self, export: &Export<'_>) -> bool {
        *self.shapes.entry(export.shape.as_str()).or_default() += 1;
        self.lossy += u64::from(export.is_lossy());
        export.is_lossy() && self.lossy == 1
    }

    /// For people; empty where there is nothing to say.
    pub(super) fn sentence(&self) -> String {
        let list = |counts: &mut dyn Iterator<Item = (&str, u64)>| {
            let texts: Vec<_> =
                counts.map(|(name, n)| format!("{} of {name}", number(n))).collect();
            texts.join(", ")
        };
        let mut said = String::new();
        if !is_own(&self.shapes) {
            let shapes = list(&mut self.shapes.iter().map(|(name, n)| (*name, *n)));
            said += &format!(" Read as exports: {shapes}.");
        }
        if !self.skipped.is_empty() {
            let logs = list(&mut self.skipped.iter().map(|(name, n)| (&**name, *n)));
            said += &format!(" Left out as other logs: {logs}.");
        }
        said
    }

    /// Counts a record of another log.
    pub(super) fn skip(&mut self, log: String) {
        let is_counted = self.skipped.len() < MOST_LOGS || self.skipped.contains_key(&log);
        let log = if is_counted { log } else { "others".to_owned() };
        *self.skipped.entry(log).or_default() += 1;
    }
}
