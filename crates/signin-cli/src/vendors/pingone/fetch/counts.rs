//! `signin fetch pingone --counts`: the pager over an environment's user activities.

use pingone::{Client, Items, Record, SampleSize, UserActivities, UserActivity};
use signin_core::{Error, Report, Timestamp};
use time::{Duration, OffsetDateTime, UtcOffset};

use super::{client, provenance};
use crate::args::{Range, When};
use crate::commands::fetch::FetchCommand;
use crate::commands::fetch::args::Common;
use crate::commands::fetch::coverage::Coverage;
use crate::commands::fetch::plan::Plan;
use crate::commands::fetch::session::{Reach, Resumable};
use crate::formats::Provenance;
use crate::formats::event::Gives;
use crate::reporting::reporter::Reporter;
use crate::run::collect::{Listed, Pager};
use crate::vendors::pingone as known;
use crate::vendors::pingone::args::{self, Pingone};

/// What the service counts where no range is asked for.
const RANGE: &str = "30d";

/// The options of a fetch with `--counts`.
pub(crate) struct Counts<'a>(pub(crate) &'a Pingone);

impl FetchCommand for Counts<'_> {
    const VENDOR: &'static str = known::VENDOR;
    const GIVES: Gives = Gives::Counts;
    const LATENESS: Duration = super::LATENESS;
    type Client = Client;
    type Pager = Counting;

    fn common(&self) -> &Common {
        &self.0.common
    }

    fn since(&self) -> Option<When> {
        RANGE.parse().ok()
    }

    fn connect(&self, plan: &Plan<'_>) -> Result<Client, String> {
        client(self.0, plan)
    }

    fn open(&self, plan: &Plan<'_>, client: &Client) -> Result<Counting, String> {
        let list = client.user_activities();
        // Without dates the service takes its own last days, by its own clock.
        let list = match &self.0.common.since {
            Some(since) => {
                let until = plan.end();
                // Days begin by the offset that is sent.
                let (since, offset) = (plan.range.since, since.offset().unwrap_or(UtcOffset::UTC));
                list.between(since.checked_to_offset(offset).unwrap_or(since), until)
            }
            None => list,
        };
        let list = match self.0.sample_size {
            Some(size) => list.sample_size(sample_size(size)),
            None => list,
        };
        Ok(Counting {
            size: list.effective_sample_size(),
            items: list.items(),
            provenance: provenance(client, known::USER_ACTIVITIES),
            counted: Counted::Nothing,
            reporter: plan.reporter.clone(),
        })
    }
}

fn sample_size(size: args::SampleSize) -> SampleSize {
    match size {
        args::SampleSize::Hour => SampleSize::Hour,
        args::SampleSize::Day => SampleSize::Day,
        args::SampleSize::Week => SampleSize::Week,
    }
}

/// None beyond the calendar, where the service may well write a time.
fn in_utc(instant: OffsetDateTime) -> Option<OffsetDateTime> {
    instant.checked_to_offset(UtcOffset::UTC)
}

/// The counts of an environment.
pub(crate) struct Counting {
    items: Items<UserActivities>,
    provenance: Provenance,
    size: SampleSize,
    counted: Counted,
    reporter: Reporter,
}

/// The time that the counts so far are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    Nothing,
    /// All of it, from and to.
    All(OffsetDateTime, OffsetDateTime),
    /// There are gaps in it, or it cannot be known.
    Parts,
}

impl Counted {
    /// With one more bucket, on either side of the others.
    fn and(self, bucket: &Record<UserActivity>) -> Self {
        let instant = |time: &Option<Timestamp>| time.as_ref().map(Timestamp::instant);
        match (self, instant(&bucket.start_date), instant(&bucket.end_date)) {
            (Self::Nothing, Some(start), Some(end)) if start < end => Self::All(start, end),
            (Self::All(from, to), Some(start), Some(end))
                if start < end && start <= to && end >= from =>
            {
                Self::All(from.min(start), to.max(end))
            }
            _ => Self::Parts,
        }
    }
}

impl Counting {
    /// Says what the service leaves out without a word.
    fn tell(&self) {
        let (size, next) = match self.size {
            SampleSize::Hour => ("hour", ""),
            SampleSize::Week => ("week", ", or a smaller --sample-size"),
            _ => ("day", ", or --sample-size hour"),
        };
        match self.counted {
            Counted::All(..) => {}
            Counted::Nothing => self.reporter.warn(&format!(
                "there are no counts: PingOne counts whole {size}s, and none of them lies in the \
                 range; give an earlier --since{next}"
            )),
            Counted::Parts => self
                .reporter
                .warn(&format!("not every {size} between the first and the last was counted")),
        }
    }
}

impl Pager for Counting {
    type Row = Listed<UserActivity>;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        let Some(record) = self.items.try_next().await? else {
            self.tell();
            return Ok(None);
        };
        self.counted = self.counted.and(&record);
        Ok(Some(Listed { record, kind: &known::USER_ACTIVITY }))
    }

    fn provenance(&mut self) -> &mut Provenance {
        &mut self.provenance
    }

    fn report(&self) -> Report {
        self.items.report().clone()
    }
}

impl Resumable for Counting {
    /// There is one answer: nothing to go on with.
    fn checkpoint(&self) -> Option<String> {
        None
    }

    fn is_newest_first(&self) -> bool {
        false
    }

    fn coverage(&self) -> Coverage {
        Coverage::Part(match self.counted {
            Counted::All(since, until) => in_utc(since)
                .zip(in_utc(until))
                .map(|(since, until)| Range { since, until: Some(until) }),
            Counted::Nothing | Counted::Parts => None,
        })
    }

    fn reach(&self) -> Option<Reach> {
        let remark = "PingOne leaves out hours, days and weeks that are in the range only in part";
        Some(Reach { read: vec!["counts"], not_read: vec!["sign-ins"], remark: Some(remark) })
    }
}
