//! `typed`: the client's view of a record as JSON. Members that its type does not know are not in
//! it.

use serde::Serialize;

/// Takes the value, not the record: a record would write its own bytes.
pub(super) fn line<T: Serialize>(value: &T, out: &mut Vec<u8>) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.push(b'\n');
    Ok(())
}
