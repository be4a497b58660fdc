//! The search for the time from which on a service answers, where a range begins before that.
//!
//! It goes by halves and to a minute. The pager then begins five minutes after that edge, or twice
//! what the search took, since the edge moves on, and reports the part before as not covered. Where
//! the edge catches up it steps on by twice as much, four times at most. If even the range's end is
//! refused, something else is wrong, and the error is the caller's.

use std::ops::Range;
use std::sync::Arc;
use std::task::{Context, Poll};

use time::{Duration, OffsetDateTime};
use tokio::time::Instant;

use super::{Ranged, WindowError};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::http::transport::Deferred;
use crate::pager::report::Report;
use crate::send::counters::RequestCounters;

/// How exactly it is found.
const EXACT: Duration = Duration::MINUTE;

/// How far after it a pager begins at least: it moves on with the clock, while pages are read.
const MARGIN: Duration = Duration::minutes(5);

/// A search under way.
pub(super) struct Search {
    found: Deferred<'static, Result<OffsetDateTime>>,
    counters: Arc<RequestCounters>,
}

impl Search {
    /// Begins at the range's start, which was answered by `refusal`, and looks no further than its
    /// end. With each search before, the pager begins twice as far after the time that is found.
    pub(super) fn new<O: Ranged>(
        client: Client,
        operation: O,
        range: Range<OffsetDateTime>,
        refusal: Error,
        before: u32,
    ) -> Self {
        let counters = Arc::new(RequestCounters::default());
        let count = Arc::clone(&counters);
        let found = async move {
            let service = Probe { client, operation, to: range.end, counters: &count };
            service.kept_from(range.start, refusal, before).await
        };
        Self { found: Box::pin(found), counters }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<OffsetDateTime>> {
        self.found.as_mut().poll(cx)
    }

    /// What it cost so far.
    pub(super) fn cost(&self) -> Report {
        let mut report = Report::default();
        report.count(&self.counters);
        report
    }
}

/// The service that is asked, up to the range's end.
struct Probe<'t, O> {
    client: Client,
    operation: O,
    to: OffsetDateTime,
    counters: &'t RequestCounters,
}

impl<O: Ranged> Probe<'_, O> {
    async fn answers(&self, at: OffsetDateTime) -> Result<bool> {
        let probe = self.operation.probe(at, self.to.min(at.saturating_add(EXACT)));
        let start = probe.paging().start();
        match self.client.fetch(&probe, &probe.request()?, &start, &[], self.counters).await {
            Ok(_) => Ok(true),
            Err(error) if self.operation.window_error(&error) == Some(WindowError::NotKept) => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Where to begin. One step further answers where the limit has just moved on; else the range
    /// is halved until the limit is known. Where even the range's end is refused, what is wrong may
    /// be another thing than the time: the refusal is given back.
    async fn kept_from(
        &self,
        from: OffsetDateTime,
        refusal: Error,
        before: u32,
    ) -> Result<OffsetDateTime> {
        let begun = Instant::now();
        let margin = MARGIN.saturating_mul(2_i32.saturating_pow(before));
        let last = from.max(self.to.saturating_sub(EXACT));
        let step = from.saturating_add(margin);
        // Found once, the limit was here a moment ago.
        if before > 0 && step < last && self.answers(step).await? {
            return Ok(step);
        }
        if last == from || !self.answers(last).await? {
            return Err(refusal);
        }
        let (mut refused, mut answered) = (from, last);
        while answered - refused > EXACT {
            // Most ranges that are refused begin just before the limit.
            let is_first = refused == from && answered == last && before == 0;
            let middle = match is_first && step < last {
                true => step,
                false => refused + (answered - refused) / 2,
            };
            match self.answers(middle).await? {
                true => answered = middle,
                false => refused = middle,
            }
        }
        // What the search took, the first pages may take too.
        let took = Duration::try_from(begun.elapsed()).unwrap_or(Duration::MAX);
        let behind = answered.saturating_add(margin.max(took.saturating_mul(2)));
        Ok(if behind < self.to { behind } else { answered })
    }
}
