//! Checkpoints: where a pager stands, as text that can be kept and resumed from.
//!
//! A checkpoint names its list (vendor, operation, origin, path, query), the parameters that the
//! pager fixed, the position, and fingerprints of what was yielded at or after it. It has a version
//! and a checksum, and holds no secret. A pager refuses every checkpoint that is not its own; a
//! link in one passes the same checks as a link in an answer.
//!
//! Numbered pages are resumed one page back, because records before the position may be gone and
//! others moved up. A pager that is resumed where its list begins knows to its end what was yielded
//! of the first page, because what arrived meanwhile moves it down by any number of pages. Where it
//! is cut there again and again while records arrive, the fingerprints add up: to 100,000 for a
//! list at most, the newest first. What did not fit may come again; nothing is lost by it.
//!
//! The checksum finds damage, not malice: who can write your checkpoints can make a pager skip
//! records, but not send it to another host or path.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, ErrorKind, Result};
use crate::pager::continuation::{CheckpointData, Continuation, WalkId};

/// The version that is written. A checkpoint of another version is refused, never guessed at.
const VERSION: u32 = 1;

/// How many fingerprints a checkpoint of one list holds at most: those of a hundred first pages of
/// a thousand records, each of them cut, and all other records than before.
pub(crate) const MOST_PRINTS: usize = 100_000;

/// Where a pager stands. It names the list (vendor, operation, address, query), so that no other
/// pager can be resumed from it, carries a checksum against damage, and holds no secret.
///
/// As text (`to_string`, `parse`) and through serde it is JSON on one line. Numbered pages are
/// resumed one page back, with fingerprints of the records that were yielded: at most three
/// pages of them, those of a page that led nowhere, and those of the first page of a pager that
/// began again, 16 characters each. Where more than one page is fetched ahead, there are as many
/// pages more, and one.
///
/// A pager that is cut within its first page again and again, while new records arrive, adds some
/// each time. Of one list there are never more than 100,000 of them, 1.6 MB. Beyond that those of
/// the last pages are kept first, and of the others as many as there is room for: a record whose
/// fingerprint was left out comes again if the pager meets it, and none is lost.
#[derive(Clone, PartialEq, Eq)]
pub struct Checkpoint(pub(crate) CheckpointData);

/// A checkpoint as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed<M> {
    v: u32,
    #[serde(rename = "mark")]
    data: M,
    check: String,
}

fn seal(data: &CheckpointData) -> serde_json::Result<String> {
    let text = serde_json::to_string(data)?;
    Ok(format!("{:08x}", crc32fast::hash(text.as_bytes())))
}

impl Checkpoint {
    /// The name of the operation whose pager it is of.
    pub fn operation(&self) -> &str {
        &self.0.walk_id.operation
    }

    /// True if nothing was received before it: resuming is starting anew.
    pub fn is_start(&self) -> bool {
        let CheckpointData { position, fixed, seen, before_start, rows, .. } = &self.0;
        let at_start = match position {
            Continuation::Owners(progress) => progress.done.is_none() && progress.open.is_empty(),
            Continuation::Windows(_) | Continuation::End => false,
            _ => true,
        };
        let is_new = seen.is_empty() && before_start.is_empty();
        at_start && fixed.is_empty() && is_new && *rows == 0
    }

    /// True if the pager was over: resuming gives nothing.
    pub fn is_end(&self) -> bool {
        self.0.position == Continuation::End
    }

    /// Refuses a checkpoint of another pager, naming the first difference.
    pub(crate) fn of_walk(self, walk_id: &WalkId) -> Result<CheckpointData> {
        let theirs = &self.0.walk_id;
        let query = match differing(&theirs.query, &walk_id.query) {
            Some(name) => format!("another `{name}`"),
            None => "another body".to_owned(),
        };
        let differences = [
            ("another vendor", theirs.vendor == walk_id.vendor),
            ("another operation", theirs.operation == walk_id.operation),
            ("another host", theirs.origin == walk_id.origin),
            ("another account", theirs.account == walk_id.account),
            (
                "another user or thing",
                theirs.path == walk_id.path && theirs.method == walk_id.method,
            ),
            (&query, theirs.query == walk_id.query && theirs.body == walk_id.body),
        ];
        match differences.iter().find(|(_, same)| !same) {
            None => Ok(self.0),
            Some((difference, _)) => Err(refuse(
                format!("it is of {difference} than this call"),
                "resume with the call and the arguments that made it, or start anew",
            )),
        }
    }
}

/// The name of the first parameter that differs; its values may be people's data.
fn differing<'a>(ours: &'a [(String, String)], theirs: &'a [(String, String)]) -> Option<&'a str> {
    let unmatched = |one: &'a [(String, String)], other: &'a [(String, String)]| {
        one.iter().find(|pair| !other.contains(pair)).map(|(name, _)| name.as_str())
    };
    unmatched(ours, theirs).or_else(|| unmatched(theirs, ours))
}

fn refuse(why: String, next: &'static str) -> Error {
    Error::new(ErrorKind::Checkpoint, "checkpoint", why, next)
}

/// The refusal of a checkpoint that the pager at hand cannot have made.
pub(crate) fn foreign() -> Error {
    let why = "its place is none that this walk can stand at";
    Error::new(ErrorKind::Checkpoint, "checkpoint", why, "take an older copy of it, or start anew")
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Checkpoint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        const NEXT: &str = "take an older copy of it, or start anew";
        let version = serde_json::from_str::<Version>(text).map_err(|error| {
            let place = format!("line {} column {}", error.line(), error.column());
            refuse(format!("it is not a checkpoint, or was cut off ({place})"), NEXT)
        })?;
        if version.v != VERSION {
            let why =
                format!("it is of version {}, and this program reads version {VERSION}", version.v);
            return Err(refuse(why, "use the program that wrote it, or start anew"));
        }
        serde_json::from_str(text).map_err(|_| refuse("it was altered or damaged".into(), NEXT))
    }
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

/// The query may hold people's data, and a link anything: only the place is shown.
impl fmt::Debug for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let position = match &self.0.position {
            Continuation::Start => "start".to_owned(),
            Continuation::Page(number) => format!("page {number}"),
            Continuation::Link(_) => "link".to_owned(),
            Continuation::Cursor(_) => "cursor".to_owned(),
            Continuation::Owners(progress) => match &progress.done {
                Some(_) => "between sources".to_owned(),
                None => "first source".to_owned(),
            },
            Continuation::Windows(progress) => match &progress.open {
                Some(_) => format!("in the window from {}", progress.done),
                None => format!("before {}", progress.done),
            },
            Continuation::End => "end".to_owned(),
        };
        f.debug_struct("Checkpoint")
            .field("vendor", &self.0.walk_id.vendor)
            .field("operation", &self.0.walk_id.operation)
            .field("position", &position)
            .field("rows", &self.0.rows)
            .finish_non_exhaustive()
    }
}

impl Serialize for Checkpoint {
    fn serialize<S: Serializer>(&self, target: S) -> std::result::Result<S::Ok, S::Error> {
        let check = seal(&self.0).map_err(S::Error::custom)?;
        Sealed { v: VERSION, data: &self.0, check }.serialize(target)
    }
}

impl<'de> Deserialize<'de> for Checkpoint {
    fn deserialize<D: Deserializer<'de>>(source: D) -> std::result::Result<Self, D::Error> {
        let sealed = Sealed::<CheckpointData>::deserialize(source)?;
        let check = seal(&sealed.data).map_err(D::Error::custom)?;
        if sealed.v != VERSION || sealed.check != check {
            return Err(D::Error::custom(
                "the checkpoint was altered, damaged or is of another version",
            ));
        }
        Ok(Self(sealed.data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pager::continuation::Depth;

    fn checkpoint() -> Checkpoint {
        Checkpoint(CheckpointData {
            walk_id: WalkId {
                vendor: "tines".into(),
                operation: "signin_activities".into(),
                method: "GET".into(),
                origin: "https://acme.tines.com".into(),
                account: None,
                path: "/api/v1/admin/users/72/signin_activities".into(),
                query: vec![("per_page".into(), "500".into())],
                body: 0,
            },
            fixed: vec![("before".into(), "2025-06-10T10:00:01Z".into())],
            position: Continuation::Page(7),
            rows: 3000,
            total: None,
            incomplete: false,
            seen: [3, u64::MAX].into(),
            before_start: [].into(),
            depth: Depth::default(),
        })
    }

    #[test]
    fn p3_a_checkpoint_survives_being_text() {
        let text = checkpoint().to_string();
        insta::assert_snapshot!(text, @r#"{"v":1,"mark":{"walk":{"vendor":"tines","operation":"signin_activities","method":"GET","origin":"https://acme.tines.com","path":"/api/v1/admin/users/72/signin_activities","query":[["per_page","500"]],"body":0},"pinned":[["before","2025-06-10T10:00:01Z"]],"position":{"page":7},"rows":3000,"total":null,"incomplete":false,"seen":"0000000000000003ffffffffffffffff"},"check":"31c81d4f"}"#);
        assert_eq!(text.parse::<Checkpoint>().unwrap(), checkpoint());
        assert_eq!(serde_json::from_str::<Checkpoint>(&text).unwrap(), checkpoint());
    }

    #[test]
    fn p3_a_damaged_or_altered_checkpoint_is_refused() {
        let text = checkpoint().to_string();
        for (at, _) in text.char_indices() {
            let (cut, _) = text.split_at(at);
            assert_eq!(cut.parse::<Checkpoint>().unwrap_err().kind(), ErrorKind::Checkpoint);
        }
        for (from, to) in [
            ("\"page\":7", "\"page\":9"),
            ("/72/", "/73/"),
            ("3000", "3001"),
            ("ffff", "fffe"),
            ("\"v\":1", "\"v\":2"),
            ("\"rows\"", "\"more\":1,\"rows\""),
            ("acme", "evil"),
        ] {
            let altered = text.replacen(from, to, 1);
            assert_ne!(altered, text);
            let error = altered.parse::<Checkpoint>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Checkpoint, "{from}");
        }
        for text in ["", "null", "{}", "[]", "\"x\"", "{\"v\":1}"] {
            assert_eq!(text.parse::<Checkpoint>().unwrap_err().kind(), ErrorKind::Checkpoint);
        }
        let newer = text.replacen("\"v\":1", "\"v\":7", 1).parse::<Checkpoint>().unwrap_err();
        assert!(newer.to_string().contains("version 7"), "{newer}");
    }

    #[test]
    fn p3_a_checkpoint_of_another_walk_is_refused_with_the_difference() {
        let ours = checkpoint().0.walk_id;
        for (walk_id, difference) in [
            (WalkId { vendor: "ssojet".into(), ..ours.clone() }, "another vendor"),
            (WalkId { operation: "users".into(), ..ours.clone() }, "another operation"),
            (WalkId { origin: "https://b.tines.com".into(), ..ours.clone() }, "another host"),
            (WalkId { account: Some("b".into()), ..ours.clone() }, "another account"),
            (WalkId { path: "/x".into(), ..ours.clone() }, "another user or thing"),
            (WalkId { query: vec![], ..ours.clone() }, "another `per_page`"),
            (WalkId { body: 1, ..ours.clone() }, "another body"),
        ] {
            let error = checkpoint().of_walk(&walk_id).unwrap_err();
            assert!(error.to_string().contains(difference), "{error}");
        }
        assert!(checkpoint().of_walk(&ours).is_ok());
    }
}
