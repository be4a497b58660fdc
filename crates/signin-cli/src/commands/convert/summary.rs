//! The closing line of a conversion: a sentence for people, one JSON object for programs.

use std::borrow::Cow;
use std::time::Duration;

use serde::Serialize;

use super::exported::Exports;
use crate::reporting::reporter::Reporter;
use crate::reporting::summary::{State, count, is_zero, left_out, number, state, with_odd};
use crate::reporting::terminal::Terminal;
use crate::run::collect::Stats;
use crate::run::exit::Exit;
use crate::run::reason::Reason;

/// What a conversion came to. Its JSON is read by scripts.
#[derive(Debug, Serialize)]
pub(crate) struct Summary<'a> {
    pub(crate) vendor: &'a str,
    state: State,
    records: u64,
    rejected: u64,
    #[serde(skip_serializing_if = "is_zero")]
    odd: u64,
    #[serde(skip_serializing_if = "is_zero")]
    no_sign_ins: u64,
    #[serde(flatten)]
    exports: &'a Exports,
    elapsed_seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    hint: Cow<'a, str>,
}

impl<'a> Summary<'a> {
    pub(crate) fn new(
        vendor: &'a str,
        records: u64,
        stats: &'a Stats,
        exit: Exit,
        elapsed: Duration,
    ) -> Self {
        let elapsed_seconds = (elapsed.as_secs_f64() * 1000.0).round() / 1000.0;
        Self {
            vendor,
            state: state(exit),
            records,
            rejected: stats.rejected,
            odd: stats.odd,
            no_sign_ins: stats.no_sign_ins,
            exports: &stats.exports,
            elapsed_seconds,
            reason: stats.reason,
            hint: match &stats.kept_back {
                Some(kept) => format!("{MEND}; what stood before is in {kept}").into(),
                None => hint(exit, stats.reason).into(),
            },
        }
    }

    /// Says it to whoever reads standard error.
    pub(crate) fn say(&self, terminal: Terminal, reporter: &mut Reporter) {
        if !terminal.stderr || reporter.is_json() {
            // Cannot fail: numbers and text only.
            return reporter.say(&serde_json::to_string(self).unwrap_or_default());
        }
        reporter.say(&self.sentence());
        if !self.hint.is_empty() {
            reporter.say(&format!("  Next: {}", self.hint));
        }
    }

    fn sentence(&self) -> String {
        let opening = match self.state {
            State::Complete => "Done",
            State::Doubtful => "Done, with doubts",
            State::Incomplete => "Not everything was converted",
            State::Interrupted => "Interrupted",
        };
        let (records, rejected) = (count(self.records, "record"), number(self.rejected));
        let mut counts = format!("{records}, {rejected} rejected");
        if self.odd > 0 {
            counts = format!("{counts}, {}", with_odd(self.odd));
        }
        if self.no_sign_ins > 0 {
            counts = format!("{counts}, {}", left_out(self.no_sign_ins));
        }
        format!("{opening}: {counts}, {:.2} s.{}", self.elapsed_seconds, self.exports.sentence())
    }
}

const MEND: &str = "mend what the error line says";

fn hint(exit: Exit, reason: Option<Reason>) -> &'static str {
    match exit {
        Exit::Incomplete if reason == Some(Reason::HeldBy) => {
            "run it again once the other run has ended"
        }
        Exit::Complete => "",
        Exit::Rejected => "what was rejected is said above, or kept in the file of --rejected",
        Exit::Interrupted | Exit::Terminated => "run it again for everything",
        Exit::Doubtful | Exit::Unread | Exit::Incomplete | Exit::PersonNeeded | Exit::Usage => MEND,
        Exit::Internal => "report it: this is a fault of the program",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversion_is_summed_up_for_people_and_for_programs() {
        let elapsed = Duration::from_millis(1_256);
        let stats = Stats { rejected: 1, ..Stats::default() };
        let summary = Summary::new("tines", 1_002_003, &stats, Exit::Rejected, elapsed);
        assert_eq!(summary.sentence(), "Done: 1,002,003 records, 1 rejected, 1.26 s.");
        assert_eq!(
            serde_json::to_string(&summary).unwrap(),
            "{\"vendor\":\"tines\",\"state\":\"complete\",\"records\":1002003,\"rejected\":1,\
             \"elapsed_seconds\":1.256,\"hint\":\"what was rejected is said above, or kept in \
             the file of --rejected\"}"
        );
    }
}
