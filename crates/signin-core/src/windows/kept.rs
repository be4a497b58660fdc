//! The search for the time from which on a service answers, where a range begins before that.

use std::sync::Arc;
use std::task::{Context, Poll};

use time::{Duration, OffsetDateTime};

use super::{Ranged, Setback};
use crate::client::Client;
use crate::report::{Report, Tally};
use crate::{Deferred, Error, Result};

/// How exactly it is found.
const EXACT: Duration = Duration::MINUTE;

/// A search under way.
pub(super) struct Search {
    found: Deferred<'static, Result<OffsetDateTime>>,
    tally: Arc<Tally>,
}

impl Search {
    /// Begins at `from`, which was answered by `refusal`, and looks no further than `to`.
    pub(super) fn new<O: Ranged>(
        client: Client,
        operation: O,
        from: OffsetDateTime,
        to: OffsetDateTime,
        refusal: Error,
    ) -> Self {
        let tally = Arc::new(Tally::default());
        let count = Arc::clone(&tally);
        let found = async move { kept_from(&client, &operation, from, to, refusal, &count).await };
        Self { found: Box::pin(found), tally }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<OffsetDateTime>> {
        self.found.as_mut().poll(cx)
    }

    /// What it cost so far.
    pub(super) fn cost(&self) -> Report {
        let mut report = Report::default();
        report.count(&self.tally);
        report
    }
}

/// Halves the range until the limit is known. Where even its end is refused, what is wrong may be
/// another thing than the time: the refusal is given back.
async fn kept_from<O: Ranged>(
    client: &Client,
    operation: &O,
    from: OffsetDateTime,
    to: OffsetDateTime,
    refusal: Error,
    tally: &Tally,
) -> Result<OffsetDateTime> {
    let answers = async |at: OffsetDateTime| {
        let probe = operation.probe(at, to.min(at.saturating_add(EXACT)));
        let start = probe.paging().start();
        match client.fetch(&probe, &probe.request()?, &start, &[], tally).await {
            Ok(_) => Ok(true),
            Err(error) if operation.setback(&error) == Some(Setback::NotKept) => Ok(false),
            Err(error) => Err(error),
        }
    };
    let (mut refused, mut answered) = (from, from.max(to.saturating_sub(EXACT)));
    if answered == refused || !answers(answered).await? {
        return Err(refusal);
    }
    while answered - refused > EXACT {
        let middle = refused + (answered - refused) / 2;
        match answers(middle).await? {
            true => answered = middle,
            false => refused = middle,
        }
    }
    Ok(answered)
}
