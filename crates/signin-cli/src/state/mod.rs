//! The file of `--checkpoint`: what was asked for, where the run stands, and how much of its
//! output belongs to that.
//!
//! It is written whole or not at all, and only once what it counts as done is written: whenever
//! the program dies, the file that is there leads to everything that was not yielded yet.

pub(crate) mod takeover;

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::args::Range;
use crate::clock;
use crate::outputs::atomic_file;
use crate::outputs::partial_file::{self, Good};
use crate::outputs::writer::Unwritable;
use crate::run::reason::Reason;

/// The version that is written. A file of another version is refused, never guessed at.
const VERSION: u32 = 1;

/// No checkpoint comes near it; a file that is larger was named by mistake.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The option that names the file of the records.
pub(crate) const OUTPUT: &str = "-o";

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    pub(crate) vendor: String,
    /// The options that say what is read and how it is written, as they were typed.
    pub(crate) asked: Vec<(String, String)>,
    /// What they meant when the first run began.
    since: String,
    until: Option<String>,
    began: String,
    /// Bytes of the file of the records that are good; none for standard output.
    pub(crate) written: Option<u64>,
    /// What they end with: another run may write to that file meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    written_end: Option<String>,
    /// Whether the pager is at its end: only the file's name is missing.
    pub(crate) ended: bool,
    /// The client's own checkpoint; none at the very beginning.
    #[serde(rename = "walk")]
    pub(crate) pager: Option<String>,
    /// What makes doubtful what was read up to there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) doubt: Option<Reason>,
    /// Users and tenants that could not be read in full up to there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) missing: Vec<String>,
    /// The service's clock with its first answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    served: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    v: u32,
    state: Box<RawValue>,
    check: String,
}

#[derive(Deserialize)]
struct Version {
    v: u32,
}

impl State {
    /// The state of a run that has read nothing yet.
    pub(crate) fn new(
        vendor: &str,
        asked: Vec<(String, String)>,
        range: Range,
        now: OffsetDateTime,
    ) -> Self {
        Self {
            vendor: vendor.to_owned(),
            asked,
            since: clock::text(range.since),
            until: range.until.map(clock::text),
            began: clock::text(now),
            written: None,
            written_end: None,
            ended: false,
            pager: None,
            doubt: None,
            missing: Vec::new(),
            served: None,
        }
    }

    /// The same run as of another time: nothing was read yet.
    pub(crate) fn begin(&mut self, range: Range, began: OffsetDateTime) {
        *self = Self::new(&self.vendor, std::mem::take(&mut self.asked), range, began);
    }

    /// Keeps what the service's clock was.
    pub(crate) fn serve(&mut self, at: OffsetDateTime) {
        self.served = Some(clock::text(at));
    }

    /// What the service's clock was; None where it is not known.
    pub(crate) fn served(&self) -> Option<OffsetDateTime> {
        instant(self.served.as_deref()?)
    }

    /// What is asked for and when that was, in instants.
    pub(crate) fn range(&self) -> Option<(Range, OffsetDateTime)> {
        let until = match &self.until {
            Some(until) => Some(instant(until)?),
            None => None,
        };
        Some((Range { since: instant(&self.since)?, until }, instant(&self.began)?))
    }

    /// The outputs of both, where these are all that differs from another run.
    pub(crate) fn other_output<'a>(&'a self, other: &'a Self) -> Option<(&'a str, &'a str)> {
        let (ours, theirs) = (self.options(), other.options());
        let alike = self.vendor == other.vendor && ours.len() == theirs.len();
        let pairs = ours.into_iter().zip(theirs);
        let mut pairs = pairs.filter(|(one, other)| one != other);
        match (pairs.next(), pairs.next()) {
            (Some(((name, old), (another, new))), None)
                if alike && name == OUTPUT && another == OUTPUT =>
            {
                Some((old, new))
            }
            _ => None,
        }
    }

    /// The options by their names: in which order different ones stand says nothing, and what
    /// stands twice counts once.
    fn options(&self) -> Vec<&(String, String)> {
        let mut options = Vec::new();
        for option in &self.asked {
            if !options.contains(&option) {
                options.push(option);
            }
        }
        options.sort_by_key(|(name, _)| name);
        options
    }

    /// The first option that differs from those of another run, with both values.
    fn difference(&self, other: &Self) -> Option<String> {
        if self.vendor != other.vendor {
            return Some(format!("of {}, not of {}", self.vendor, other.vendor));
        }
        let lacks = |one: &Self, other: &Self| {
            one.asked.iter().find(|option| !other.asked.contains(option)).cloned()
        };
        let show = |(name, value): (String, String)| format!("{name} {value}");
        match (lacks(self, other).map(show), lacks(other, self).map(show)) {
            (Some(ours), Some(theirs)) => Some(format!("of a run with {ours}, not {theirs}")),
            (Some(ours), None) => Some(format!("of a run with {ours}")),
            (None, Some(theirs)) => Some(format!("of a run without {theirs}")),
            (None, None) if self.options() != other.options() => {
                Some("of a run with the same options in another order".to_owned())
            }
            (None, None) => None,
        }
    }

    /// Takes note of how much of the file of the records is good.
    pub(crate) fn set_written(&mut self, bytes: Option<u64>) {
        self.written = bytes;
        let partial = self
            .output()
            .and_then(|output| partial_file::partial(&partial_file::real(output)).ok());
        let end = partial
            .zip(bytes)
            .and_then(|(partial, bytes)| partial_file::end_of(&partial, bytes).ok());
        self.written_end = end;
    }

    /// What is good of the file of the records.
    pub(crate) fn good(&self) -> Good<'_> {
        let bytes = self.written.unwrap_or_default();
        Good { bytes, end: self.written_end.as_deref(), is_all: self.ended }
    }

    fn output(&self) -> Option<&Path> {
        let output = self.asked.iter().find(|(name, _)| name == OUTPUT);
        output.map(|(_, place)| Path::new(place))
    }

    fn to_text(&self) -> serde_json::Result<String> {
        let state = serde_json::value::to_raw_value(self)?;
        let check = check(state.get());
        serde_json::to_string(&Sealed { v: VERSION, state, check }).map(|line| line + "\n")
    }

    fn from_text(text: &str) -> Result<Self, String> {
        let no_checkpoint = || "is no checkpoint of signin fetch, or was cut off".to_owned();
        let version = serde_json::from_str::<Version>(text).map_err(|_| no_checkpoint())?;
        if version.v != VERSION {
            return Err(format!("is of version {}, and this program knows {VERSION}", version.v));
        }
        let sealed = serde_json::from_str::<Sealed>(text).map_err(|_| no_checkpoint())?;
        let state: Self = serde_json::from_str(sealed.state.get()).map_err(|_| no_checkpoint())?;
        if sealed.check != check(sealed.state.get()) || state.range().is_none() {
            return Err("was altered or damaged".to_owned());
        }
        Ok(state)
    }
}

fn instant(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()
}

fn check(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The file of `--checkpoint`.
#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
}

impl StateFile {
    pub(crate) fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// The state to go on from: that of an earlier run with the same options, if it is there; its
    /// output may be another.
    ///
    /// # Errors
    /// A file that is none, or of another run: what to do about it.
    pub(crate) fn load(&self, asked: &State) -> Result<Option<State>, String> {
        let refuse = |why: String| {
            let shown = self.path.display();
            format!("--checkpoint {shown} {why}; remove the file to start anew, or name another")
        };
        let text = match fs::metadata(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Ok(found) if !found.is_file() => Err("is no file".to_owned()),
            Ok(found) if found.len() > LARGEST => {
                Err("is no checkpoint of signin fetch".to_owned())
            }
            _ => fs::read_to_string(&self.path).map_err(|error| format!("cannot be read: {error}")),
        };
        let state = text.and_then(|text| State::from_text(&text)).map_err(refuse)?;
        match state.difference(asked) {
            Some(difference) if state.other_output(asked).is_none() => {
                Err(refuse(format!("is {difference}")))
            }
            _ => Ok(Some(state)),
        }
    }

    /// Writes a state in the place of the last one.
    ///
    /// # Errors
    /// What failed; the last one is there still.
    pub(crate) fn save(&self, state: &State) -> Result<(), Unwritable> {
        let text = state.to_text().map_err(io::Error::from);
        text.and_then(|text| atomic_file::write(&self.path, &text)).map_err(|error| Unwritable {
            name: format!("--checkpoint {}", self.path.display()),
            error,
        })
    }

    /// Removes it: there is nothing to go on with.
    pub(crate) fn remove(&self) -> Result<(), String> {
        atomic_file::remove(&self.path).map_err(|error| {
            format!("--checkpoint {} cannot be removed: {error}", self.path.display())
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> State {
        let instant = |text: &str| OffsetDateTime::parse(text, &Rfc3339).unwrap();
        let range = Range { since: instant("2026-03-01T12:00:00Z"), until: None };
        let asked = [("--since", "24h"), ("--format", "raw")];
        let asked = asked.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        State::new("tines", asked, range, instant("2026-03-02T12:00:00Z"))
    }

    #[test]
    fn p3_a_state_survives_being_text_with_the_range_as_it_was_first() {
        let mut state = state();
        state.pager = Some("{\"v\":1}".to_owned());
        state.written = Some(7);
        let text = state.to_text().unwrap();
        let read = State::from_text(&text).unwrap();
        assert_eq!(read, state);
        let (range, began) = read.range().unwrap();
        assert_eq!(clock::text(range.since), "2026-03-01T12:00:00Z");
        assert_eq!(clock::text(began), "2026-03-02T12:00:00Z");
    }

    #[test]
    fn p3_a_damaged_state_is_refused_wherever_it_is_cut_or_altered() {
        let text = state().to_text().unwrap();
        for (place, _) in text.trim_end().char_indices() {
            let (cut, _) = text.split_at(place);
            assert!(State::from_text(cut).is_err(), "{cut}");
        }
        for (from, to, why) in [
            ("24h", "25h", "altered"),
            ("tines", "tin3s", "altered"),
            ("\"v\":1", "\"v\":2", "is of version 2"),
            ("\"asked\"", "\"a5ked\"", "is no checkpoint"),
        ] {
            let error = State::from_text(&text.replacen(from, to, 1)).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
        for other in ["", "null", "{}", "[1]", "\u{feff}"] {
            assert!(State::from_text(other).unwrap_err().contains("no checkpoint"), "{other}");
        }
    }

    #[test]
    fn an_output_that_is_all_that_differs_is_found() {
        let with = |output: &str| {
            let mut state = state();
            state.asked.push((OUTPUT.to_owned(), output.to_owned()));
            state
        };
        assert_eq!(with("a").other_output(&with("b")), Some(("a", "b")));
        assert_eq!(with("a").other_output(&with("a")), None);
        let mut other = with("b");
        other.vendor = "ssojet".to_owned();
        assert_eq!(with("a").other_output(&other), None);
        let mut other = with("b");
        other.asked.push((OUTPUT.to_owned(), "c".to_owned()));
        assert_eq!(with("a").other_output(&other), None);
    }

    #[test]
    fn p3_a_state_of_other_options_is_refused_with_the_first_difference() {
        let other = |change: fn(&mut State)| {
            let mut other = state();
            change(&mut other);
            state().difference(&other)
        };
        assert_eq!(other(|_| ()), None);
        for (difference, expected) in [
            (other(|s| s.vendor = "ssojet".into()), "of tines, not of ssojet"),
            (other(|s| s.asked[0].1 = "7d".into()), "of a run with --since 24h, not --since 7d"),
            (other(|s| drop(s.asked.pop())), "of a run with --format raw"),
            (other(|s| s.asked.push(("--user".into(), "7".into()))), "of a run without --user 7"),
        ] {
            assert_eq!(difference.as_deref(), Some(expected));
        }

        let users = |users: [&str; 3]| {
            let mut state = state();
            state.asked.extend(users.map(|user| ("--user".to_owned(), user.to_owned())));
            state
        };
        let difference = users(["1", "2", "1"]).difference(&users(["2", "1", "1"]));
        let expected = "of a run with the same options in another order";
        assert_eq!(difference.as_deref(), Some(expected));
        assert_eq!(users(["1", "2", "1"]).difference(&users(["1", "1", "2"])), None);
        assert_eq!(other(|s| s.asked.reverse()), None, "different options have no order");
    }
}
