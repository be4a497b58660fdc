//! Who reads.

/// A reader of Microsoft Graph's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Floor,
    Typed,
    Raw,
    Value,
    Peer,
}

impl Reader {
    /// In the order in which they take turns.
    pub(super) const ALL: [Self; 5] =
        [Self::Floor, Self::Typed, Self::Raw, Self::Value, Self::Peer];

    /// The name in results.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Typed => "typed",
            Self::Raw => "raw",
            Self::Value => "value",
            Self::Peer => "peer",
        }
    }

    /// The name of its program.
    pub(super) fn program(self) -> &'static str {
        match self {
            Self::Peer => "signin-bench-peer",
            _ => self.name(),
        }
    }

    /// True if it adds up the records' own texts, and not their members.
    pub(super) fn reads_texts(self) -> bool {
        self == Self::Raw
    }

    /// The name for people, by the name in results.
    pub(super) fn title(name: &str) -> &str {
        match name {
            "floor" => "reqwest + serde, by hand",
            "typed" => "msgraph-signins",
            "raw" => "msgraph-signins, raw",
            "value" => "reqwest + serde_json::Value",
            "peer" => "graph-rs-sdk 3.0.1",
            other => other,
        }
    }
}

/// The name for people of a client that reads its vendor's whole list. One that reads Graph's list
/// in turns with others has its plain name there.
pub(super) fn client(krate: &str) -> String {
    if krate == Reader::title("typed") { format!("{krate} all_sign_ins") } else { krate.to_owned() }
}
