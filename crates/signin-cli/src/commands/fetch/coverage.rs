//! What part of the range that was asked for a run has read in full.

use serde::Serialize;
use time::{Duration, OffsetDateTime};

use crate::args::Range;
use crate::clock;

/// A range as the summary writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Span {
    pub(crate) since: String,
    pub(crate) until: Option<String>,
}

impl Span {
    pub(crate) fn of(range: Range) -> Self {
        Self { since: clock::text(range.since), until: range.until.map(clock::text) }
    }

    /// What of a range is before this time.
    pub(crate) fn before(range: Range, end: OffsetDateTime) -> Option<Self> {
        let until = range.until.map_or(end, |until| until.min(end));
        (range.since < until).then(|| Self::of(Range { until: Some(until), ..range }))
    }
}

/// How it is known what of that which was asked for a run has read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// By the times of the records, and how far the run came.
    Times,
    /// This part of the range is what the records themselves say that they are of.
    Part(Option<Range>),
    /// Records were asked for one by one: these are missing.
    Named(Vec<String>),
}

/// The times that a pager gave, as far as they tell what it has read.
#[derive(Debug, Default)]
pub(crate) struct Covered {
    oldest: Option<OffsetDateTime>,
    /// A record came after an older one.
    is_mixed: bool,
}

impl Covered {
    pub(crate) fn note(&mut self, time: OffsetDateTime) {
        self.is_mixed |= self.oldest.is_some_and(|oldest| time > oldest);
        self.oldest = self.oldest.map(|oldest| oldest.min(time)).or(Some(time));
    }

    /// What was read in full, from `since` on, by a run that came so far, and has read everything
    /// up to `until` where it came to its end.
    pub(crate) fn span(
        &self,
        range_since: OffsetDateTime,
        until: OffsetDateTime,
        came: Reached,
    ) -> Option<Span> {
        let (since, until) = match (came, self.oldest) {
            (Reached::ToTheEnd, _) => (range_since, until),
            (Reached::UpTo(done), _) => (range_since, done.min(until)),
            // Further records of the same second may be on the pages that were not read.
            (Reached::DownToTheOldest, Some(oldest)) if !self.is_mixed => {
                (next_second(oldest), until)
            }
            _ => return None,
        };
        let since = since.max(range_since);
        (since < until).then(|| Span::of(Range { since, until: Some(until) }))
    }
}

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    ToTheEnd,
    /// Everything before this time was read.
    UpTo(OffsetDateTime),
    /// One list was read with the newest first: what is newer than its last record, if that was in
    /// order.
    DownToTheOldest,
    /// Nothing can be said.
    Somewhere,
}

fn next_second(instant: OffsetDateTime) -> OffsetDateTime {
    let second = instant.replace_nanosecond(0).unwrap_or(instant);
    second.checked_add(Duration::SECOND).unwrap_or(second)
}

#[cfg(test)]
mod tests {
    use time::format_description::well_known::Rfc3339;

    use super::*;

    fn at(text: &str) -> OffsetDateTime {
        OffsetDateTime::parse(&format!("2026-03-{text}Z"), &Rfc3339).unwrap()
    }

    fn span(times: &[&str], until: Option<&str>, came: Reached) -> Option<String> {
        let mut covered = Covered::default();
        times.iter().for_each(|time| covered.note(at(time)));
        let until = at(until.unwrap_or("05T00:00:00"));
        let span = covered.span(at("01T00:00:00"), until, came)?;
        let short = |text: &str| text.replace("2026-03-", "").replace('Z', "");
        Some(format!("{} {}", short(&span.since), short(&span.until?)))
    }

    #[test]
    fn a_complete_run_covers_what_was_asked_for_up_to_where_everything_is_read() {
        let all = Some("01T00:00:00 05T00:00:00".to_owned());
        assert_eq!(span(&[], None, Reached::ToTheEnd), all);
        assert_eq!(span(&["02T00:00:00", "03T00:00:00"], None, Reached::ToTheEnd), all);
        let past = span(&[], Some("04T00:00:00"), Reached::ToTheEnd);
        assert_eq!(past.as_deref(), Some("01T00:00:00 04T00:00:00"));
    }

    #[test]
    fn a_run_that_broke_off_covers_what_is_newer_than_its_last_record() {
        let times = ["04T12:00:00", "04T12:00:00", "03T08:30:00.25"];
        let some = span(&times, None, Reached::DownToTheOldest);
        assert_eq!(some.as_deref(), Some("03T08:30:01 05T00:00:00"));
        assert_eq!(span(&times, Some("02T00:00:00"), Reached::DownToTheOldest), None);
    }

    #[test]
    fn a_run_that_began_with_the_earliest_covers_what_it_is_done_with() {
        let done = Reached::UpTo(at("03T00:00:00"));
        let some = Some("01T00:00:00 03T00:00:00".to_owned());
        assert_eq!(span(&["04T00:00:00"], None, done), some);
        let until = span(&[], Some("02T00:00:00"), done);
        assert_eq!(until.as_deref(), Some("01T00:00:00 02T00:00:00"));
        assert_eq!(span(&[], None, Reached::UpTo(at("01T00:00:00"))), None, "nothing was done");
    }

    #[test]
    fn where_nothing_can_be_said_nothing_is() {
        assert_eq!(span(&[], None, Reached::DownToTheOldest), None, "nothing was read");
        assert_eq!(span(&["04T12:00:00"], None, Reached::Somewhere), None, "several lists");
        assert_eq!(
            span(&["03T00:00:00", "04T00:00:00"], None, Reached::DownToTheOldest),
            None,
            "no order"
        );
    }
}
