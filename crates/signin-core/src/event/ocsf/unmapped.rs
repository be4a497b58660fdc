//! What the class has no place for.

use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::value::RawValue;

use super::objects::{Authorization, User};
use super::origin::{Device, Source, is_number};
use crate::event::{self, Origin, Policy, SignIn};
use crate::record::json::{Json, Kind, members};

/// The name of what is the event's and not the record's.
const OURS: &str = "signin";

/// What is left over of the record, and what is left over of the event.
#[derive(Debug, Clone)]
pub(super) struct Unmapped<'a> {
    record: Option<&'a Json>,
    event: Rest<'a>,
}

impl<'a> Unmapped<'a> {
    pub(super) fn of(event: &'a SignIn) -> Option<Self> {
        let is_object = |json: &&Json| Kind::of(json.get()) == Kind::Object;
        let record = event.unmapped.as_ref();
        let rest = Rest::of(event, record.filter(|json| !is_object(json)));
        let record = record.filter(is_object);
        (record.is_some() || rest != Rest::default()).then_some(Self { record, event: rest })
    }
}

impl Serialize for Unmapped<'_> {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        if self.event == Rest::default() {
            return self.record.serialize(target);
        }
        let theirs = self.record.map(|json| members(json.get())).unwrap_or_default();
        let mut same: Vec<&RawValue> = Vec::new();
        let mut object = target.serialize_map(None)?;
        for (name, value) in theirs {
            if name == OURS {
                same.push(value);
            } else {
                object.serialize_entry(&name, value)?;
            }
        }
        // As with all that comes several times by one name: a list of the values.
        match same.last() {
            None => object.serialize_entry(OURS, &self.event)?,
            Some(value) => object.serialize_entry(OURS, &(value, &self.event))?,
        }
        object.end()
    }
}

/// What of an event has no place elsewhere, in the event's own shape.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct Rest<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<RestOfPrincipal<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kinds: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<RestOfRisk<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    policies: Vec<&'a Policy>,
    /// What was left over of a record that is no object.
    #[serde(skip_serializing_if = "Option::is_none")]
    unmapped: Option<&'a Json>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct RestOfPrincipal<'a> {
    email: &'a str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct RestOfRisk<'a> {
    reasons: &'a [String],
}

impl<'a> Rest<'a> {
    fn of(event: &'a SignIn, unmapped: Option<&'a Json>) -> Self {
        let reasons = event.risk.as_ref().and_then(|risk| several(&risk.reasons));
        let nameless =
            |policy: &&Policy| Authorization::of(policy).is_none() && **policy != Policy::default();
        Self {
            principal: email(event).map(|email| RestOfPrincipal { email }),
            origin: origin(&event.origin),
            kinds: several(&event.kinds),
            risk: reasons.map(|reasons| RestOfRisk { reasons }),
            policies: event.policies.iter().filter(nameless).collect(),
            unmapped,
        }
    }
}

/// An address that is neither `user.email_addr` nor `user.name`.
fn email(event: &SignIn) -> Option<&str> {
    let user = User::of(&event.principal)?;
    let email = super::text(&event.principal.email)?;
    (user.email_addr.is_none() && user.name != Some(email)).then_some(email)
}

fn origin(origin: &Origin) -> Option<Origin> {
    let source = Source::of(origin);
    let mut rest = Origin::default();
    if source.is_none() {
        rest.port = origin.port;
        rest.autonomous_system.clone_from(&origin.autonomous_system);
    }
    if !source.is_some_and(|source| source.has_location()) {
        rest.location = origin.location.clone().and_then(|mut location| {
            location.coordinates = location.coordinates.filter(is_number);
            location.known()
        });
    }
    let nameless = |device: &&event::Device| {
        Device::of(device).is_none() && **device != event::Device::default()
    };
    rest.device = origin.device.as_ref().filter(nameless).cloned();
    (rest != Origin::default()).then_some(rest)
}

/// Texts that are not one elsewhere: where they were joined cannot be seen.
fn several(texts: &[String]) -> Option<&[String]> {
    (texts.len() > 1).then_some(texts)
}
