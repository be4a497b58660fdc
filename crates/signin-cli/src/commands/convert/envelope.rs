//! Envelopes, read: what this program wrote, or another that keeps to the format.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::ValueEnum as _;

use msgraph_signins::SignInEventType;

use super::bytes::Json;
use super::members::text;
use crate::formats::Provenance;
use crate::formats::envelope::{VERSION, revision_of};
use crate::vendors::{Endpoint, Vendor};

/// The members of an envelope, as JSON.
#[derive(Debug, Default)]
pub(super) struct Envelope<'a> {
    v: Option<&'a str>,
    vendor: Option<&'a str>,
    endpoint: Option<&'a str>,
    tenant: Option<&'a str>,
    customer: Option<&'a str>,
    user: Option<&'a str>,
    client_id: Option<&'a str>,
    kind: Option<&'a str>,
    fetched_at: Option<&'a str>,
    id: Option<&'a str>,
    rev: Option<&'a str>,
    record: Option<&'a str>,
    text: Option<&'a str>,
    base64: Option<&'a str>,
    /// The record's own bytes, where they are not those of its text.
    bytes: Option<&'a [u8]>,
    /// A member that came twice: which of the two holds cannot be known.
    twice: Option<Cow<'a, str>>,
}

/// An envelope's record and what is known of it.
pub(super) struct Opened<'a> {
    pub(super) record: Json<'a>,
    pub(super) endpoint: Option<&'static Endpoint>,
    pub(super) provenance: Provenance,
    /// The kind of sign-in, where the record does not say it.
    pub(super) kind: Option<SignInEventType>,
}

/// Why an envelope cannot be taken.
pub(super) enum Unfit {
    /// It contradicts itself.
    Refused(Fault),
    /// It is of another kind than was asked for: so will be those after it.
    RunError(String),
}

/// A place in an envelope as a JSON pointer, and what is wrong there.
pub(super) type Fault = (String, String);

impl<'a> Envelope<'a> {
    /// Takes a member in, if it is one of an envelope.
    pub(super) fn add(&mut self, name: Cow<'a, str>, value: &'a str) {
        let place = match &*name {
            "v" => &mut self.v,
            "vendor" => &mut self.vendor,
            "endpoint" => &mut self.endpoint,
            "tenant" => &mut self.tenant,
            "customer" => &mut self.customer,
            "user" => &mut self.user,
            "client_id" => &mut self.client_id,
            "kind" => &mut self.kind,
            "fetched_at" => &mut self.fetched_at,
            "id" => &mut self.id,
            "rev" => &mut self.rev,
            "record" => &mut self.record,
            "text" => &mut self.text,
            "base64" => &mut self.base64,
            _ => return,
        };
        if place.replace(value).is_some() {
            self.twice = Some(name);
        }
    }

    /// Whether these members make an envelope. No record of a vendor has both.
    pub(super) fn is_one(&self) -> bool {
        self.v.is_some() && self.vendor.is_some()
    }

    /// The record's text.
    pub(super) fn record(&self) -> Option<&'a str> {
        self.record
    }

    /// The same envelope with this in its record's place.
    pub(super) fn with_record(self, record: Json<'a>) -> Self {
        Self { record: Some(record.text), bytes: Some(record.bytes), ..self }
    }

    /// What was refused as input, where this envelope holds that in place of a record.
    pub(super) fn input(&self) -> Option<Result<Vec<u8>, Fault>> {
        let fault = |path: &str, expected| Err(fault(path, expected));
        match (self.record, self.text, self.base64) {
            (None, Some(json), _) => Some(match text(json) {
                Some(text) => Ok(text.into_owned().into_bytes()),
                None => fault("/text", "text"),
            }),
            (None, None, Some(json)) => {
                let bytes = text(json).and_then(|text| STANDARD.decode(&*text).ok());
                Some(bytes.map_or_else(|| fault("/base64", "base64"), Ok))
            }
            _ => None,
        }
    }

    /// Takes it apart. What it does not say, `known` does.
    pub(super) fn open(&self, vendor: Vendor, known: &Provenance) -> Result<Opened<'a>, Unfit> {
        if let Some(name) = &self.twice {
            let reason = "expected one such member, found two".to_owned();
            return Err(Unfit::Refused((format!("/{name}"), reason)));
        }
        if self.v != Some(&*VERSION.to_string()) {
            let why = format!("an envelope of another version than {VERSION}");
            return Err(Unfit::RunError(format!("{why}: a newer `signin` may read it")));
        }
        self.is_of(vendor)?;
        let endpoint = self.endpoint(vendor)?;
        let record = self.record.ok_or_else(|| {
            Unfit::Refused(("/record".to_owned(), "expected a record, found nothing".to_owned()))
        })?;
        let record = Json { text: record, bytes: self.bytes.unwrap_or(record.as_bytes()) };
        let rev = optional("/rev", self.rev)?;
        if rev.is_some_and(|rev| rev != revision_of(record.bytes)) {
            let reason = "expected the SHA-256 of the record, found another: the record was \
                          changed (leave `rev` out if that is meant)";
            return Err(Unfit::Refused(("/rev".to_owned(), reason.to_owned())));
        }
        let provenance = Provenance {
            vendor: known.vendor,
            endpoint: known.endpoint,
            tenant: optional("/tenant", self.tenant)?.or_else(|| known.tenant.clone()),
            customer: optional("/customer", self.customer)?.or_else(|| known.customer.clone()),
            user: optional("/user", self.user)?.or_else(|| known.user.clone()),
            client_id: optional("/client_id", self.client_id)?.or_else(|| known.client_id.clone()),
            fetched_at: optional("/fetched_at", self.fetched_at)?,
            id: optional("/id", self.id)?,
            kind: None,
            original: None,
        };
        let kind = optional("/kind", self.kind)?;
        let is_it = |known: &SignInEventType| kind.as_deref() == Some(known.as_str());
        let kind = SignInEventType::ALL.into_iter().find(is_it);
        Ok(Opened { record, endpoint, provenance, kind })
    }

    fn is_of(&self, vendor: Vendor) -> Result<(), Unfit> {
        let of = self.vendor.and_then(text);
        if of.as_deref() == Some(vendor.name()) {
            return Ok(());
        }
        let known =
            Vendor::value_variants().iter().find(|other| of.as_deref() == Some(other.name()));
        Err(Unfit::RunError(match known.map(|other| other.name()) {
            Some(other) => format!("an envelope of {other}: use signin convert {other}"),
            None => format!("an envelope of another vendor than {}", vendor.name()),
        }))
    }

    fn endpoint(&self, vendor: Vendor) -> Result<Option<&'static Endpoint>, Unfit> {
        let Some(name) = optional("/endpoint", self.endpoint)? else { return Ok(None) };
        match vendor.endpoint(&name) {
            Some(endpoint) => Ok(Some(endpoint)),
            None => Err(Unfit::RunError(format!(
                "an envelope of another endpoint than {}: a newer `signin` may read it",
                vendor.endpoint_names()
            ))),
        }
    }
}

/// A member as text; null and an absent one are none.
fn optional(path: &str, json: Option<&str>) -> Result<Option<String>, Unfit> {
    match json {
        None | Some("null") => Ok(None),
        Some(json) => {
            text(json).map(Cow::into_owned).map(Some).ok_or(Unfit::Refused(fault(path, "text")))
        }
    }
}

fn fault(path: &str, expected: &str) -> Fault {
    (path.to_owned(), format!("expected {expected}, found another kind of value"))
}
