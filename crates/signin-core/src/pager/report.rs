//! What a pager did: counts, waits, and whether the result can be taken for everything.

use std::fmt;
use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::send::counters::RequestCounters;
use crate::text::one_line;

/// What a pager did so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// Pages received.
    pub pages: u64,
    /// Records returned as typed.
    pub records: u64,
    /// Records that their type could not take; returned with their bytes.
    pub rejected: u64,
    /// Records left out because the same one came twice within two pages; in a list in no known
    /// order, because it came at any time before.
    pub duplicates: u64,
    /// Records left out because the caller did not ask for them, and the service has no parameter
    /// to say so.
    pub filtered: u64,
    /// Requests sent, those that failed included.
    pub requests: u64,
    /// Requests that were sent again.
    pub retries: u64,
    /// Answers that said "too many requests" (429).
    pub throttled: u64,
    /// Time spent waiting for limits, pauses and back-offs, added up over all requests.
    pub waited: Duration,
    /// True once the last page was received.
    pub finished: bool,
    /// What was noticed on the way.
    pub warnings: Vec<Warning>,
}

/// Something that a pager noticed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The vendor's own count differs from the records received, over all pages. Where more is
    /// counted than came, the result may be incomplete, or the count wrong. Where more came than is
    /// counted, nothing speaks against the result.
    TotalDiffers {
        /// What the last page said.
        total: u64,
        /// What was received, rejected records included, and each record once as far as it was
        /// recognised when it came again.
        received: u64,
    },
    /// The vendor's own count became smaller while the list was read: records went, those after them
    /// moved up, and some of these may have been passed over.
    TotalShrank {
        /// What was said first.
        from: u64,
        /// What was said last.
        to: u64,
    },
    /// In a list in no known order records moved between pages while they were read, and the
    /// vendor's own count is lower than what came: nothing confirms that none was passed over.
    Unconfirmed {
        /// What the last page said.
        total: u64,
        /// What was received, each record once.
        received: u64,
    },
    /// A list in no known order never came the same twice in a row: records moved between pages
    /// while they were read, and some may have been passed over.
    Unstable {
        /// How often its pages were gone through.
        passes: u64,
    },
    /// A list in no known order is too long to see whether records move between its pages while
    /// they are read: some may have been passed over.
    TooLongToCompare,
    /// The page that the pager was asked to start at is after the last one: nothing was received.
    StartsBehindEnd,
    /// The pager that was resumed had met something that speaks against its result being
    /// everything.
    IncompleteBefore,
    /// A page that could not be read was left out on the caller's word.
    PageSkipped {
        /// Its number.
        number: u64,
    },
    /// A pager over many owners was asked to read one that their list does not hold: it does not
    /// exist, or the credential may not see it.
    OwnerNotListed {
        /// Its id, as it was given.
        owner: String,
    },
    /// A pager over many owners left one out: it went away since it was listed.
    OwnerGone {
        /// Its id.
        owner: String,
    },
    /// The rest of an owner was left out on the caller's word.
    OwnerSkipped {
        /// Its id.
        owner: String,
    },
    /// An owner whose id can be in no request, such as `..`, was not asked for.
    OwnerUnusable {
        /// Its id.
        owner: String,
    },
    /// Rows of the list of owners that name no owner or cannot be read: what these hold was not
    /// asked for.
    OwnersUnreadable {
        /// How many.
        rows: u64,
    },
    /// One owner of many.
    OfOwner {
        /// Its id.
        owner: String,
        /// What was noticed there.
        warning: Box<Warning>,
    },
    /// Further warnings about owners, more than are kept one by one.
    More {
        /// How many.
        warnings: u64,
    },
    /// Further warnings about owners that speak against nothing, more than are kept one by one.
    MoreRemarks {
        /// How many.
        warnings: u64,
    },
    /// The range that was asked for begins before what the source still keeps: the records
    /// before that are left out.
    NotKept {
        /// How many days the source keeps.
        days: u16,
    },
    /// The service did not take a list's continuation any more, and the list was asked for anew:
    /// nothing is missing by it, and records may have come twice.
    BeganAgain {
        /// How often.
        times: u64,
        /// Only what is before this time was asked for, the last time; None for the list from its
        /// start.
        before: Option<OffsetDateTime>,
    },
    /// The service does not keep what was asked for that long: this part of the range is not
    /// covered.
    NotCovered {
        /// Where the part begins.
        from: OffsetDateTime,
        /// Where it ends: some minutes after the time from which on the service answers, which
        /// moves on.
        to: OffsetDateTime,
    },
    /// Records whose bytes were not UTF-8 were read with U+FFFD in their place.
    NotUtf8 {
        /// How many.
        records: u64,
    },
}

impl Warning {
    /// Whether it speaks against the result being everything.
    pub fn affects_completeness(&self) -> bool {
        match self {
            Self::NotUtf8 { .. } | Self::BeganAgain { .. } | Self::MoreRemarks { .. } => false,
            Self::TotalDiffers { total, received } => received < total,
            Self::OfOwner { warning, .. } => warning.affects_completeness(),
            _ => true,
        }
    }
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
            Self::Unconfirmed { total, received } => write!(
                f,
                "records moved while they were read, and the source counts {total} of the {received} that it sent: some may have been passed over"
            ),
            Self::Unstable { passes } => write!(
                f,
                "the source never sent the same records twice in {passes} passes: some may have been passed over"
            ),
            Self::TooLongToCompare => f.write_str(
                "too many records in no known order to see whether they move: some may have been passed over",
            ),
            Self::StartsBehindEnd => {
                f.write_str("the page to start at is behind the last one: nothing was there")
            }
            Self::IncompleteBefore => {
                f.write_str("what came before the checkpoint may not have been everything")
            }
            Self::PageSkipped { number } => write!(f, "page {number} was left out"),
            Self::OwnerNotListed { owner } => {
                write!(f, "{} is not listed: it is unknown or may not be seen", name(owner))
            }
            Self::OwnerGone { owner } => {
                write!(f, "{} went away since it was listed: left out", name(owner))
            }
            Self::OwnerUnusable { owner } => {
                write!(f, "{} is an id that no request can hold: not asked for", name(owner))
            }
            Self::OwnerSkipped { owner } => write!(f, "{} was left out", name(owner)),
            Self::OwnersUnreadable { rows } => {
                write!(f, "{rows} rows of the list of sources cannot be read: not asked for")
            }
            Self::OfOwner { owner, warning } => write!(f, "{}: {warning}", name(owner)),
            Self::More { warnings } => write!(f, "{warnings} further warnings about sources"),
            Self::MoreRemarks { warnings } => {
                write!(f, "{warnings} further remarks about sources")
            }
            Self::BeganAgain { before: Some(before), .. } => write!(
                f,
                "the service took a continuation no more: asked anew for what is before {}; some records may have come twice",
                date(*before)
            ),
            Self::BeganAgain { before: None, .. } => f.write_str(
                "the service took a continuation no more: the list was begun again, and what had come may have come twice",
            ),
            Self::NotKept { days } => {
                write!(f, "the source keeps {days} days, and what was asked for begins before that")
            }
            Self::NotCovered { from, to } => write!(
                f,
                "the service keeps nothing from {} to {}, or not for long: not covered",
                date(*from),
                date(*to)
            ),
            Self::NotUtf8 { records } => {
                write!(f, "{records} records held bytes that are not UTF-8, shown as U+FFFD")
            }
        }
    }
}

/// An owner's id as it can be shown: it is the service's text.
fn name(owner: &str) -> String {
    one_line(owner, LONGEST_NAME)
}

/// A time as people read it.
fn date(time: OffsetDateTime) -> String {
    time.format(&Rfc3339).unwrap_or_else(|_| time.to_string())
}

/// The most warnings about single sources that a report keeps.
const MOST_WARNINGS: usize = 100;

/// Characters of an owner's id that are shown.
const LONGEST_NAME: usize = 80;

impl Report {
    /// True if the pager came to its end and nothing speaks against it being everything. Rejected
    /// records count as returned: look at [`rejected`](Self::rejected) as well.
    pub fn is_complete(&self) -> bool {
        self.finished && !self.has_completeness_warnings()
    }

    /// True if something speaks against the result so far being everything up to here.
    pub(crate) fn has_completeness_warnings(&self) -> bool {
        self.warnings.iter().any(Warning::affects_completeness)
    }

    /// Takes over what the pager's requests cost so far.
    pub(crate) fn count(&mut self, counters: &RequestCounters) {
        let cost = counters.so_far();
        self.requests = cost.requests;
        self.retries = cost.retries;
        self.throttled = cost.throttled;
        self.waited = cost.waited;
    }

    /// Adds what the pager of one owner did.
    pub(crate) fn absorb(&mut self, owner: &str, inner: &Report) {
        self.absorb_cost(inner);
        self.records += inner.records;
        self.rejected += inner.rejected;
        self.duplicates += inner.duplicates;
        self.filtered += inner.filtered;
        self.absorb_warnings(owner, inner);
    }

    /// Adds what a pager cost.
    pub(crate) fn absorb_cost(&mut self, inner: &Report) {
        self.pages += inner.pages;
        self.requests += inner.requests;
        self.retries += inner.retries;
        self.throttled += inner.throttled;
        self.waited += inner.waited;
    }

    /// Adds what was noticed in one owner.
    pub(crate) fn absorb_warnings(&mut self, owner: &str, inner: &Report) {
        for warning in &inner.warnings {
            match warning {
                Warning::NotUtf8 { records } => self.not_utf8(*records),
                warning => {
                    let (owner, warning) = (owner.to_owned(), Box::new(warning.clone()));
                    self.warn(Warning::OfOwner { owner, warning });
                }
            }
        }
    }

    /// Adds a warning about an owner, or counts it where there are many.
    pub(crate) fn warn(&mut self, warning: Warning) {
        if self.warnings.len() < MOST_WARNINGS {
            self.warnings.push(warning);
            return;
        }
        let affects_completeness = warning.affects_completeness();
        let further = self.warnings.iter_mut().find_map(|further| match further {
            Warning::More { warnings } if affects_completeness => Some(warnings),
            Warning::MoreRemarks { warnings } if !affects_completeness => Some(warnings),
            _ => None,
        });
        match further {
            Some(warnings) => *warnings += 1,
            None if affects_completeness => self.warnings.push(Warning::More { warnings: 1 }),
            None => self.warnings.push(Warning::MoreRemarks { warnings: 1 }),
        }
    }

    /// Takes note that a list was begun again, at this time or at its start.
    pub(crate) fn began_again(&mut self, at: Option<OffsetDateTime>) {
        let known = self.warnings.iter_mut().find_map(|warning| match warning {
            Warning::BeganAgain { times, before } => Some((times, before)),
            _ => None,
        });
        match known {
            Some((times, before)) => (*times, *before) = (*times + 1, at),
            None => self.warnings.push(Warning::BeganAgain { times: 1, before: at }),
        }
    }

    /// Takes in what a page tells against the result being everything, once.
    pub(crate) fn warn_once(&mut self, warn_once: Option<Warning>) {
        self.warnings.extend(warn_once.filter(|warn_once| !self.warnings.contains(warn_once)));
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
