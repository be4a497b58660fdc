//! Checkpoints that an earlier build wrote: this one must go on from them, and write the same.
//!
//! They stand in `fixtures/earlier/checkpoints.txt`, a line each: a name, and the checkpoint as it
//! was written down. A line that is there is never changed, since users keep such files. A list
//! that is new gets its line from the message of the test that misses it.

use serde_json::Value;
use signin_core::Checkpoint;

use crate::pagers::stored;

const KEPT: &str = include_str!("../fixtures/earlier/checkpoints.txt");

/// The checkpoint that an earlier build wrote where a pager stands now. Both must be the same, byte
/// for byte. `cut` tells the checkpoints of one list from each other.
#[must_use]
pub fn checkpoint(cut: &str, now: Option<&Checkpoint>) -> Checkpoint {
    let now = stored(now).to_string();
    let name = name(&now, cut);
    let kept = KEPT.lines().filter_map(|line| line.split_once(' '));
    let kept = kept.filter(|(known, _)| *known == name).map(|(_, text)| text).next();
    let kept =
        kept.unwrap_or_else(|| panic!("no such checkpoint is kept; its line is:\n{name} {now}"));
    assert_eq!(now, kept, "{name}: another checkpoint than that of an earlier build");
    kept.parse().expect("a checkpoint of an earlier build is read")
}

/// The vendor, the operation and the cut.
fn name(checkpoint: &str, cut: &str) -> String {
    let checkpoint: Value = serde_json::from_str(checkpoint).expect("a checkpoint is JSON");
    let part = |part: &str| checkpoint["mark"]["walk"][part].as_str().expect("a text").to_owned();
    format!("{}.{}.{cut}", part("vendor"), part("operation"))
}
