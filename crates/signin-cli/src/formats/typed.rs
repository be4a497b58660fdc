//! `typed`: the client's view of a record as JSON. Members that its type does not know are not in
//! it.

use serde::Serialize;

/// Takes the value, not the record: a record would write its own bytes.
pub(super) fn line<T: Serialize>(value: &T, out: &mut Vec<u8>) -> serde_json::Result<()> {
    let begin = out.len();
    serde_json::to_writer(&mut *out, value)?;
    // Members of no fixed shape are written as they were read, which may be on many lines.
    if out.iter().skip(begin).any(is_break) {
        let mut line = out.split_off(begin);
        line.retain(|byte| !is_break(byte));
        out.append(&mut line);
    }
    out.push(b'\n');
    Ok(())
}

fn is_break(byte: &u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}
