//! What a walk did: counts, waits, and whether the result can be taken for everything.

use std::fmt;
use std::time::Duration;

/// What a walk did so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Pages received.
    pub pages: u64,
    /// Records handed over as typed.
    pub records: u64,
    /// Records that their type could not take; handed over with their bytes.
    pub rejected: u64,
    /// Records left out because the same one came twice within two pages.
    pub duplicates: u64,
    /// Requests sent, those that failed included.
    pub requests: u64,
    /// Requests that were sent again.
    pub retries: u64,
    /// Answers that said "too many requests" (429).
    pub throttled: u64,
    /// Time spent waiting for limits, pauses and back-offs.
    pub waited: Duration,
    /// True once the last page was received.
    pub finished: bool,
    /// What was noticed on the way.
    pub warnings: Vec<Warning>,
}

/// Something that a walk noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The vendor's own count differs from the records received, over all pages: the result may
    /// be incomplete, or the count wrong.
    TotalDiffers {
        /// What the last page said.
        total: u64,
        /// What was received, duplicates and rejected records included.
        received: u64,
    },
    /// The vendor's own count became smaller during the walk: records went, those behind them
    /// moved up, and some of these may have been passed over.
    TotalShrank {
        /// What was said first.
        from: u64,
        /// What was said last.
        to: u64,
    },
    /// The page that the walk was told to start at is behind the last one: nothing was received.
    StartsBehindEnd,
    /// The walk that was resumed had met something that speaks against its result being
    /// everything.
    IncompleteBefore,
    /// A page that could not be read was left out on the caller's word.
    PageSkipped {
        /// Its number.
        number: u64,
    },
    /// Records whose bytes were not UTF-8 were read with U+FFFD in their place.
    NotUtf8 {
        /// How many.
        records: u64,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TotalDiffers { total, received } => {
                write!(f, "the source counts {total} records, but sent {received}")
            }
            Self::TotalShrank { from, to } => write!(
                f,
                "the source counted {from} records first and {to} last: some may have been passed over"
            ),
            Self::StartsBehindEnd => {
                f.write_str("the page to start at is behind the last one: nothing was there")
            }
            Self::IncompleteBefore => {
                f.write_str("what came before the checkpoint may not have been everything")
            }
            Self::PageSkipped { number } => write!(f, "page {number} was left out"),
            Self::NotUtf8 { records } => {
                write!(f, "{records} records held bytes that are not UTF-8, shown as U+FFFD")
            }
        }
    }
}

impl Report {
    /// True if the walk came to its end and nothing speaks against it being everything. Rejected
    /// records count as handed over: look at [`rejected`](Self::rejected) as well.
    pub fn is_complete(&self) -> bool {
        self.finished && !self.has_doubts()
    }

    /// True if something speaks against the result so far being everything up to here.
    pub(crate) fn has_doubts(&self) -> bool {
        self.warnings.iter().any(|warning| !matches!(warning, Warning::NotUtf8 { .. }))
    }

    pub(crate) fn add(&mut self, tally: &Tally) {
        self.requests += tally.requests;
        self.retries += tally.retries;
        self.throttled += tally.throttled;
        self.waited += tally.waited;
    }

    pub(crate) fn not_utf8(&mut self, more: u64) {
        let known = self.warnings.iter_mut().find_map(|warning| match warning {
            Warning::NotUtf8 { records } => Some(records),
            _ => None,
        });
        match known {
            Some(records) => *records += more,
            None if more > 0 => self.warnings.push(Warning::NotUtf8 { records: more }),
            None => {}
        }
    }
}

/// What one call of the pipeline cost.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) requests: u64,
    pub(crate) retries: u64,
    pub(crate) throttled: u64,
    pub(crate) waited: Duration,
}
