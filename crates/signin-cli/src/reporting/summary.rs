//! The closing line: a sentence for people, one JSON object for programs.

use std::time::Duration;

use serde::{Serialize, Serializer};
use signin_core::Timestamp;
use time::UtcOffset;

use super::reporter::Reporter;
use super::terminal::Terminal;
use crate::clock;
use crate::commands::fetch::{Reach, Span};
use crate::run::collect::Stats;
use crate::run::exit::Exit;
use crate::run::reason::{Again, Reason};

/// Whether the output can be taken for everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// It is everything, rejected records aside.
    Complete,
    /// The run came to its end, but it may not be everything.
    Doubtful,
    /// It is not.
    Incomplete,
    /// It is not: a signal ended the run.
    Interrupted,
}

/// What a run of one source came to, or of several together. Its JSON is read by scripts.
#[derive(Debug, Serialize)]
pub(crate) struct Summary<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoint: Option<&'a str>,
    /// How many sources it sums up; None where it is of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    sources: Option<usize>,
    #[serde(flatten)]
    pub(crate) fetched: Option<Fetched>,
    state: State,
    records: u64,
    rejected: u64,
    /// Records with a member of another kind than documented, which were written all the same.
    #[serde(skip_serializing_if = "is_zero")]
    odd: u64,
    /// Records that were left out because they are no sign-ins, where the format is for those.
    #[serde(skip_serializing_if = "is_zero")]
    no_sign_ins: u64,
    pages: u64,
    requests: u64,
    retries: u64,
    /// Answers that said "too many requests" (429).
    throttled: u64,
    /// Records left out because they came twice.
    duplicates: u64,
    #[serde(serialize_with = "in_utc")]
    newest: Option<&'a Timestamp>,
    elapsed_seconds: f64,
    /// Why it is not complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Reason>,
    /// What to do next, a step each.
    #[serde(serialize_with = "joined")]
    pub(crate) hint: &'a [&'a str],
}

/// What a fetch adds to the summary.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Fetched {
    /// The way that the records came, where a vendor has several.
    pub(crate) way: Option<&'static str>,
    /// What of the vendor's sign-ins was read, where that is not everything or has a catch.
    #[serde(flatten)]
    pub(crate) reach: Option<Reach>,
    /// The range; None where records were asked for one by one, whenever they are of.
    pub(crate) asked: Option<Span>,
    /// The part of that which was read in full; None if there is none, or nobody can tell.
    pub(crate) covered: Option<Span>,
    /// How late records may come, where `covered` ends that long before now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lateness_seconds: Option<i64>,
    /// How far the service's clock is ahead of this machine's, where one of the two is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) clock_skew_seconds: Option<i64>,
    /// What came since the run that this one went on with: no run reads it without being told to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unread: Option<Span>,
    /// The ids of what did not come: of records where they were asked for one by one, else of
    /// users or tenants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) missing: Option<Vec<String>>,
    /// Records that the service sent, outside of what was asked for.
    pub(crate) filtered: u64,
    /// Whether the run went on with an earlier one; the counts are those of this run.
    pub(crate) resumed: bool,
}

impl<'a> Summary<'a> {
    /// `source` is vendor and endpoint; `written` the records that were written.
    pub(crate) fn new(
        (vendor, endpoint): (&'a str, &'a str),
        stats: &'a Stats,
        written: u64,
        exit: Exit,
        elapsed: Duration,
    ) -> Self {
        let all = Self::of_all(1, stats, written, exit, elapsed);
        Self { vendor: Some(vendor), endpoint: Some(endpoint), sources: None, ..all }
    }

    /// Of so many sources together.
    pub(crate) fn of_all(
        sources: usize,
        stats: &'a Stats,
        written: u64,
        exit: Exit,
        elapsed: Duration,
    ) -> Self {
        Self {
            vendor: None,
            endpoint: None,
            sources: Some(sources),
            fetched: None,
            state: state(exit),
            records: written,
            rejected: stats.rejected,
            odd: stats.odd,
            no_sign_ins: stats.no_sign_ins,
            pages: stats.pages,
            requests: stats.requests,
            retries: stats.retries,
            throttled: stats.throttled,
            duplicates: stats.duplicates,
            newest: stats.newest.as_ref(),
            elapsed_seconds: (elapsed.as_secs_f64() * 1000.0).round() / 1000.0,
            reason: stats.reason,
            hint: hint(exit, stats.reason),
        }
    }

    /// Of a run that did not begin; `vendor` where it was to read one source.
    pub(crate) fn of_none(
        vendor: Option<&'a str>,
        sources: usize,
        stats: &'a Stats,
        exit: Exit,
    ) -> Self {
        let sources = Some(sources).filter(|_| vendor.is_none());
        Self { vendor, sources, ..Self::of_all(0, stats, 0, exit, Duration::ZERO) }
    }

    /// Says it to whoever reads standard error.
    pub(crate) fn say(&self, terminal: Terminal, reporter: &mut Reporter) {
        if !terminal.stderr || reporter.is_json() {
            return reporter.say(&self.json());
        }
        reporter.say(&self.sentence());
        if let Some(fetched) = &self.fetched {
            reporter.say(&fetched.sentence());
        }
        for step in self.hint {
            reporter.say(&format!("  Next: {step}"));
        }
    }

    /// Says it of one source of several: what is to do next, they all say together.
    pub(crate) fn say_of(&self, product: &str, terminal: Terminal, reporter: &mut Reporter) {
        if !terminal.stderr || reporter.is_json() {
            return reporter.say(&self.json());
        }
        let how = match self.state {
            State::Complete => "",
            State::Doubtful => ", with doubts",
            State::Incomplete => ", not everything was read",
            State::Interrupted => ", interrupted",
        };
        reporter.say(&format!("{product}{how}: {}.", self.counts()));
    }

    /// For a file.
    pub(crate) fn line(&self) -> String {
        self.json() + "\n"
    }

    /// For programs, on one line.
    fn json(&self) -> String {
        // Cannot fail: numbers and text only.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// For people.
    fn sentence(&self) -> String {
        let opening = match self.state {
            State::Complete => "Done",
            State::Doubtful => "Done, with doubts",
            State::Incomplete => "Not everything was read",
            State::Interrupted => "Interrupted",
        };
        format!("{opening}: {}.", self.counts())
    }

    fn counts(&self) -> String {
        let parts = [
            format!("{} in {}", count(self.records, "record"), count(self.pages, "page")),
            count(self.requests, "request"),
            if self.retries == 1 { "1 retry".into() } else { number(self.retries) + " retries" },
            format!("{} rejected", number(self.rejected)),
            with_odd(self.odd),
            left_out(self.no_sign_ins),
            format!("{:.2} s", self.elapsed_seconds),
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

pub(crate) fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What is said of records with odd members; nothing where there are none.
pub(crate) fn with_odd(odd: u64) -> String {
    match odd {
        0 => String::new(),
        some => format!("{} with a member that does not fit", number(some)),
    }
}

/// What is said of records that are no sign-ins; nothing where there are none.
pub(crate) fn left_out(no_sign_ins: u64) -> String {
    match no_sign_ins {
        0 => String::new(),
        some => format!("{} left out as no sign-ins", number(some)),
    }
}

impl Fetched {
    fn sentence(&self) -> String {
        let covered = match &self.covered {
            _ if self.missing.is_some() => self.missing_sentence(),
            Some(Span { since, until: Some(until) }) => {
                let late = if self.lateness_seconds.is_some() {
                    "; later records may still come"
                } else {
                    ""
                };
                format!("  Complete from {since} to {until}{late}.")
            }
            Some(Span { since, until: None }) => format!("  Complete from {since}."),
            None => "  No part of the range is known to be complete.".to_owned(),
        };
        let reach = self.reach.as_ref().map(Reach::sentence);
        covered + &reach.unwrap_or_default()
    }

    fn missing_sentence(&self) -> String {
        match self.missing.as_deref().unwrap_or_default() {
            [] => "  Nothing is missing.".to_owned(),
            missing => format!("  Missing: {}.", missing.join(", ")),
        }
    }
}

impl Reach {
    /// What follows the sentence of what is complete.
    fn sentence(&self) -> String {
        let mut said = format!(" Read: {}", self.read.join(", "));
        if !self.not_read.is_empty() {
            said += &format!("; not read: {}", self.not_read.join(", "));
        }
        said += ".";
        if let Some(remark) = self.remark {
            said += &format!(" {remark}.");
        }
        said
    }
}

pub(crate) fn state(exit: Exit) -> State {
    match exit {
        Exit::Complete | Exit::Rejected => State::Complete,
        Exit::Doubtful => State::Doubtful,
        Exit::Interrupted | Exit::Terminated => State::Interrupted,
        Exit::Internal | Exit::Usage | Exit::Unread | Exit::Incomplete | Exit::PersonNeeded => {
            State::Incomplete
        }
    }
}

fn hint(exit: Exit, reason: Option<Reason>) -> &'static [&'static str] {
    match exit {
        Exit::Complete => &[],
        Exit::Rejected => &["--format raw and envelope take every record as it came"],
        Exit::Doubtful if reason.is_some_and(|reason| reason.again() != Again::IsInVain) => {
            &["check what the warnings say; running it again may bring more"]
        }
        Exit::Doubtful => &["check what the warnings say"],
        Exit::Unread => &["read what came since the run that this one went on with"],
        Exit::Incomplete => match reason {
            Some(Reason::HeldBy) => &["run it again once the other run has ended"],
            Some(Reason::Disk) => &["make room, then run it again; what was written is good"],
            _ => &["run it again; what was written is good"],
        },
        Exit::Interrupted | Exit::Terminated => &["run it again for everything"],
        Exit::PersonNeeded => &["do first what the error line says"],
        Exit::Usage => &["change what the error line says"],
        Exit::Internal => &["report it: this is a fault of the program"],
    }
}

/// RFC 3339, however the source writes times.
fn in_utc<S: Serializer>(time: &Option<&Timestamp>, target: S) -> Result<S::Ok, S::Error> {
    let utc = time.and_then(|time| time.instant().checked_to_offset(UtcOffset::UTC));
    utc.map(clock::text).serialize(target)
}

/// One text: scripts show it, they do not read it.
fn joined<S: Serializer>(steps: &&[&str], target: S) -> Result<S::Ok, S::Error> {
    target.serialize_str(&steps.join("; "))
}

pub(crate) fn count(n: u64, thing: &str) -> String {
    format!("{} {thing}{}", number(n), if n == 1 { "" } else { "s" })
}

/// With a comma between thousands.
pub(crate) fn number(n: u64) -> String {
    let (rest, last) = (n / 1000, n % 1000);
    if rest == 0 { last.to_string() } else { format!("{},{last:03}", number(rest)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: (&str, &str) = ("tines", "signin_activities");

    fn stats() -> Stats {
        Stats {
            pages: 1,
            requests: 1_234,
            retries: 2,
            newest: Timestamp::parse("2026-03-02T09:30:00Z"),
            ..Stats::default()
        }
    }

    #[test]
    fn the_sentence_counts_for_people() {
        let (stats, second) = (stats(), Duration::from_millis(1_256));
        let sentence = |exit| Summary::new(SOURCE, &stats, 1_002_003, exit, second).sentence();
        let counts = "1,002,003 records in 1 page, 1,234 requests, 2 retries, 0 rejected, 1.26 s.";
        assert_eq!(sentence(Exit::Complete), format!("Done: {counts}"));
        assert_eq!(sentence(Exit::Rejected), format!("Done: {counts}"));
        assert_eq!(sentence(Exit::Doubtful), format!("Done, with doubts: {counts}"));
        assert_eq!(sentence(Exit::Incomplete), format!("Not everything was read: {counts}"));
        assert_eq!(sentence(Exit::Terminated), format!("Interrupted: {counts}"));
    }

    #[test]
    fn what_is_missing_is_said_in_place_of_a_range() {
        let said = |missing: &[&str]| {
            let missing = Some(missing.iter().copied().map(str::to_owned).collect());
            Fetched { missing, ..Fetched::default() }.sentence()
        };
        assert_eq!(said(&[]), "  Nothing is missing.");
        assert_eq!(said(&["a-1", "b-2"]), "  Missing: a-1, b-2.");
    }

    #[test]
    fn the_newest_time_is_rfc_3339_however_it_was_written() {
        for text in ["2026-03-02T05:30:00-04:00", "2026-03-02T09:30:00Z"] {
            let stats = Stats { newest: Timestamp::parse(text), ..Stats::default() };
            let json = Summary::of_all(5, &stats, 7, Exit::Complete, Duration::ZERO).json();
            assert!(json.contains(",\"newest\":\"2026-03-02T09:30:00Z\","), "{json}");
            assert!(json.starts_with("{\"sources\":5,\"state\":\"complete\","), "{json}");
        }
    }

    #[test]
    fn the_json_has_its_members_in_order_and_is_one_line() {
        let stats = stats();
        let elapsed = Duration::from_nanos(1_234_567_890);
        let summary = Summary::new(SOURCE, &stats, 7, Exit::PersonNeeded, elapsed);
        assert_eq!(
            summary.json(),
            "{\"vendor\":\"tines\",\"endpoint\":\"signin_activities\",\"state\":\"incomplete\",\
             \"records\":7,\"rejected\":0,\"pages\":1,\"requests\":1234,\"retries\":2,\
             \"throttled\":0,\"duplicates\":0,\"newest\":\"2026-03-02T09:30:00Z\",\
             \"elapsed_seconds\":1.235,\"hint\":\"do first what the error line says\"}"
        );
    }
}
