//! What makes loading an upsert: a name for each event, and one for each of its revisions.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The namespace of the events' ids: UUIDv5 of the URL namespace and `urn:signin:event`.
const NAMESPACE: Uuid = Uuid::from_u128(0xed75_8e78_5752_5230_bb8c_35ac_41e1_93aa);

/// The id of an event: a UUIDv5 of the vendor, the tenant, the endpoint and what tells the record
/// from all others there. The same for every revision of one record, in every run and by every
/// format.
///
/// Its name is the four parts as netstrings (the length in bytes, a colon, the part, a comma), so
/// that no two lists of parts give one name: `7:msgraph,4:acme,8:sign_ins,1:7,`. ASCII letters of
/// the tenant are taken as small ones.
pub fn event_id(vendor: &str, tenant: &str, endpoint: &str, identity: &str) -> String {
    let mut name = String::new();
    for part in [vendor, &tenant.to_ascii_lowercase(), endpoint, identity] {
        // Writing into a text cannot fail.
        let _ = write!(name, "{}:{part},", part.len());
    }
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
}

/// The revision of a record: the SHA-256 of its text without the white space between tokens, in 64
/// lower-case hexadecimal digits. A record that the vendor changes later gets another one.
pub fn revision(json: &str) -> String {
    let mut digest = Sha256::new();
    let mut rest = json.as_bytes();
    while let Some(start) = rest.iter().position(|byte| !is_space(*byte)) {
        let (_, token) = rest.split_at(start);
        let (token, behind) = token.split_at(length(token));
        digest.update(token);
        rest = behind;
    }
    hexadecimal(&digest.finalize())
}

/// How long a JSON text's next piece is: a whole text between quotes, or all up to a space or a
/// quote.
fn length(json: &[u8]) -> usize {
    if json.first() != Some(&b'"') {
        let ends = |byte: &u8| is_space(*byte) || *byte == b'"';
        return json.iter().position(ends).unwrap_or(json.len());
    }
    let mut escaped = false;
    let closes = |byte: &u8| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    };
    json.iter().skip(1).position(closes).map_or(json.len(), |inner| inner + 2)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_of_all_four_parts_and_of_nothing_else() {
        let id = event_id("tines", "acme.tines.com", "signin_activities", "7");
        assert_eq!(id, event_id("tines", "ACME.tines.com", "signin_activities", "7"));
        let others = [
            event_id("tines", "acme.tines.com", "signin_activities", "8"),
            event_id("tines", "acme.tines.com", "audit_logs", "7"),
            event_id("tines", "other.tines.com", "signin_activities", "7"),
            event_id("ssojet", "acme.tines.com", "signin_activities", "7"),
            // The same characters, cut elsewhere.
            event_id("tines", "acme.tines.com", "signin_activities7", ""),
        ];
        assert!(others.iter().all(|other| *other != id), "{id} {others:?}");
    }

    /// Found by another implementation: Python's `uuid.uuid5` over the name that the docs give.
    #[test]
    fn an_id_can_be_made_by_others() {
        assert_eq!(NAMESPACE, Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:signin:event"));
        assert_eq!(
            event_id("msgraph", "acme", "sign_ins", "7"),
            "593d2e63-767a-5f72-a979-04c148ca4788"
        );
    }

    #[test]
    fn white_space_between_tokens_is_no_revision_and_everything_else_is() {
        let line = revision(r#"{"a b":"x \" y","c":[1.50,-2],"d":"\\"}"#);
        let pretty = "{\r\n\t\"a b\" : \"x \\\" y\" ,\n \"c\": [ 1.50, -2 ], \"d\" :\"\\\\\" }\n";
        assert_eq!(revision(pretty), line);
        for other in [
            r#"{"a b":"x \"  y","c":[1.50,-2],"d":"\\"}"#,
            r#"{"ab":"x \" y","c":[1.50,-2],"d":"\\"}"#,
            r#"{"a b":"x \" y","c":[1.5,-2],"d":"\\"}"#,
            r#"{"c":[1.50,-2],"a b":"x \" y","d":"\\"}"#,
        ] {
            assert_ne!(revision(other), line, "{other}");
        }
        // The standard's own example, as a text that is one token.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(revision("abc"), abc);
    }
}
