//! Where a pager stands, as data: what to ask for next, and what a checkpoint keeps of it.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

/// Where a pager stands: what to ask for next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Continuation {
    /// The first page of a list that is not numbered.
    Start,
    /// The page with this number.
    Page(u64),
    /// The page at this address.
    Link(String),
    /// The page at this cursor.
    Cursor(String),
    /// In a pager over many owners.
    #[serde(rename = "sources")]
    Owners(OwnersProgress),
    /// In a pager over a range of time.
    Windows(WindowsProgress),
    /// After the last page.
    End,
}

/// Where a pager over many owners stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnersProgress {
    /// The last owner whose predecessors are all complete, itself included.
    pub(crate) done: Option<String>,
    /// Pagers after it that were under way: at most the one at hand, and those that stood so
    /// when an earlier pager was cut and were not reached again.
    pub(crate) open: Vec<OpenOwner>,
}

/// Where a pager over a range of time stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WindowsProgress {
    /// The end of the last complete window: RFC 3339.
    pub(crate) done: String,
    /// The window at hand, which begins there.
    pub(crate) open: Option<OpenWindow>,
}

/// A window's pager that was under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenWindow {
    /// The window's end: RFC 3339.
    pub(crate) to: String,
    #[serde(rename = "mark")]
    pub(crate) data: Box<CheckpointData>,
}

/// An owner's pager that was under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenOwner {
    pub(crate) key: String,
    #[serde(rename = "mark")]
    pub(crate) data: CheckpointData,
}

/// A checkpoint's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckpointData {
    #[serde(rename = "walk")]
    pub(crate) walk_id: WalkId,
    /// Query parameters that the pager fixed after its first page.
    #[serde(rename = "pinned")]
    pub(crate) fixed: Vec<(String, String)>,
    /// What to ask for.
    pub(crate) position: Continuation,
    /// Records received before this position.
    pub(crate) rows: u64,
    /// The total that the pager's first page said.
    pub(crate) total: Option<u64>,
    /// Whether something before this position speaks against the result being everything.
    pub(crate) incomplete: bool,
    /// Fingerprints of records at or after this position that were yielded.
    #[serde(with = "fingerprints")]
    pub(crate) seen: HashSet<u64>,
    /// Fingerprints of what was yielded before the pager began again at the list's start: what
    /// arrived meanwhile may have moved it to any page.
    #[serde(with = "fingerprints", default, skip_serializing_if = "HashSet::is_empty")]
    pub(crate) before_start: HashSet<u64>,
    /// How far back in time the pager came before this position.
    #[serde(default, skip_serializing_if = "Depth::is_unknown")]
    pub(crate) depth: Depth,
}

/// How far back in time a list with the newest first came. Times are milliseconds since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Depth {
    /// The oldest time that came since the list was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) oldest: Option<i64>,
    /// The latest time on the last page that had one, and on the one before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) before_last: Option<i64>,
    /// A record came that is newer than one before it: no time divides what came from what did
    /// not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) mixed: bool,
    /// The list is asked for what is before this time, since its continuation was dead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<i64>,
}

impl Depth {
    fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// What tells one pager's list from any other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WalkId {
    pub(crate) vendor: String,
    pub(crate) operation: String,
    pub(crate) method: String,
    pub(crate) origin: String,
    /// Whose list it is, where the path does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<String>,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    /// CRC-32 of the body, for lists that are asked for by POST.
    pub(crate) body: u32,
}

/// Fingerprints as one text of 16 hexadecimal digits each, in ascending order.
mod fingerprints {
    use std::collections::HashSet;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        seen: &HashSet<u64>,
        target: S,
    ) -> Result<S::Ok, S::Error> {
        let mut marks: Vec<_> = seen.iter().copied().collect();
        marks.sort_unstable();
        let text: String = marks.iter().map(|fingerprint| format!("{fingerprint:016x}")).collect();
        target.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        source: D,
    ) -> Result<HashSet<u64>, D::Error> {
        let text = String::deserialize(source)?;
        if !text.len().is_multiple_of(16) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(D::Error::custom("no fingerprints"));
        }
        let digits = |chunk: &[u8]| u64::from_str_radix(std::str::from_utf8(chunk).ok()?, 16).ok();
        let marks = text.as_bytes().chunks(16).map(digits).collect::<Option<HashSet<u64>>>();
        marks.ok_or_else(|| D::Error::custom("no fingerprints"))
    }
}
