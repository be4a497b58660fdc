//! `envelope`: the source's own record, with where and when it was read.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use signin_core::Id;

use super::Provenance;
use super::raw::bytes_on_one_line;
use crate::commands::convert::members::members;

/// The version of the envelope.
pub(crate) const VERSION: u8 = 1;

/// Everything before the record. The order of the members is part of the format.
#[derive(Serialize)]
pub(super) struct Head<'a> {
    v: u8,
    vendor: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    endpoint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fetched_at: Option<&'a str>,
    /// Text whatever the source writes: the record has it as it was.
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rev: Option<&'a str>,
}

impl<'a> Head<'a> {
    pub(super) fn new(
        provenance: &'a Provenance,
        id: Option<&'a str>,
        rev: Option<&'a str>,
    ) -> Self {
        Self {
            v: VERSION,
            vendor: provenance.vendor,
            endpoint: provenance.endpoint,
            tenant: provenance.tenant.as_deref(),
            customer: provenance.customer.as_deref(),
            user: provenance.user.as_deref(),
            client_id: provenance.client_id.as_deref(),
            kind: provenance.kind,
            fetched_at: provenance.fetched_at.as_deref(),
            id,
            rev,
        }
    }

    /// Writes it as an object that is open: what stands after it does not go through a
    /// serialiser.
    pub(super) fn open(&self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.pop();
        Ok(())
    }
}

pub(super) fn line(
    provenance: &Provenance,
    id: Option<&Id>,
    raw: &[u8],
    out: &mut Vec<u8>,
) -> serde_json::Result<()> {
    let record = bytes_on_one_line(raw);
    let id = id.cloned().or_else(|| id_of(&String::from_utf8_lossy(&record)));
    let id = id.as_deref().or(provenance.id.as_deref());
    Head::new(provenance, id, Some(&revision(&record))).open(out)?;
    out.extend_from_slice(b",\"record\":");
    out.extend_from_slice(&record);
    out.extend_from_slice(b"}\n");
    Ok(())
}

/// The id that a record says of itself, whatever else it says: the last one, if it says several.
pub(crate) fn id_of(record: &str) -> Option<Id> {
    let ids = members(record).filter(|(name, _)| name == "id");
    let id = serde_json::from_str::<Id>(ids.last()?.1).ok()?;
    Some(id).filter(|id| !id.is_empty())
}

/// The revision of a record that may stand on several lines.
pub(crate) fn revision_of(raw: &[u8]) -> String {
    revision(&bytes_on_one_line(raw))
}

/// The SHA-256 of the record's bytes as written, in lower-case hexadecimal.
pub(super) fn revision(record: &[u8]) -> String {
    let digest = Sha256::digest(record);
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provenance(tenant: Option<&str>, user: Option<&str>) -> Provenance {
        Provenance {
            vendor: "tines",
            endpoint: "signin_activities",
            tenant: tenant.map(str::to_owned),
            user: user.map(str::to_owned),
            fetched_at: Some("2026-03-02T09:30:01Z".to_owned()),
            ..Provenance::default()
        }
    }

    fn envelope(provenance: &Provenance, id: Option<&Id>, raw: &str) -> String {
        let mut out = Vec::new();
        line(provenance, id, raw.as_bytes(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_envelope_holds_the_records_own_bytes_and_what_the_record_does_not_say() {
        let id = Id::from(7_u64);
        let provenance = provenance(Some("https://acme.tines.com"), Some("72"));
        assert_eq!(
            envelope(&provenance, Some(&id), "{ \"id\": 7,\n \"x\": 1.50 }"),
            "{\"v\":1,\"vendor\":\"tines\",\"endpoint\":\"signin_activities\",\
             \"tenant\":\"https://acme.tines.com\",\"user\":\"72\",\
             \"fetched_at\":\"2026-03-02T09:30:01Z\",\"id\":\"7\",\
             \"rev\":\"f14e9b9d93af00ec19f00d03d17f37ab507b8d74e0706d8a7321b3f7436d4ad3\",\
             \"record\":{ \"id\": 7, \"x\": 1.50 }}\n"
        );
    }

    #[test]
    fn what_is_not_known_is_left_out_but_the_id_is_null() {
        let line = envelope(&provenance(None, None), None, "{}");
        assert!(line.starts_with(
            "{\"v\":1,\"vendor\":\"tines\",\"endpoint\":\"signin_activities\",\
             \"fetched_at\":\"2026-03-02T09:30:01Z\",\"id\":null,\"rev\":\""
        ));
        assert!(line.ends_with("\",\"record\":{}}\n"));
    }

    #[test]
    fn the_revision_is_sha_256() {
        // The standard's own example.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(revision(b"abc"), expected);
    }
}
