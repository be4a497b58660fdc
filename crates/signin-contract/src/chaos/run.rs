//! One run: a caller that asks for record after record, drops futures, loses its memory, and goes
//! on.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use signin_core::{Checkpoint, Error, Result};

use super::dice::Dice;
use super::network::Network;
use super::oracle::{Collected, Truth};
use super::pager::{Pager, rejected};
use super::{Pause, World};

/// After so many errors nothing goes wrong any more.
const ERRORS: u64 = 60;
/// After so many more a pager has no end.
const MOST_ERRORS: u64 = 3 * ERRORS;
/// Calls of a run at most.
const STEPS: u64 = 20_000;

/// How a run went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the pager said of itself that it gave everything.
    pub is_complete: bool,
    /// How often it was resumed.
    pub resumes: u64,
    /// Errors that the caller met.
    pub errors: u64,
    /// What was collected.
    pub collected: Vec<String>,
    /// What happened, request by request.
    pub trace: Vec<String>,
}

/// What the caller has on its disk.
#[derive(Debug, Clone)]
struct Saved {
    checkpoint: String,
    records: usize,
}

struct Run {
    world: World,
    network: Network,
    dice: Dice,
    pager: Box<dyn Pager>,
    collected: Vec<String>,
    parts: Vec<usize>,
    saved: Option<Saved>,
    crashes_left: u64,
    errors: u64,
    resumes: u64,
    deaths: u64,
}

/// Runs a world to its end.
///
/// # Errors
/// What does not hold.
pub(super) async fn run(
    world: World,
    network: Network,
    mut dice: Dice,
) -> std::result::Result<Outcome, String> {
    let begin = Truth::new((world.truth)(), world.key);
    let pager = (world.open)(network.clone()).map_err(|error| format!("no walk: {error}"))?;
    let crashes_left = dice.below(6);
    let mut run = Run {
        world,
        network,
        dice,
        pager,
        collected: Vec::new(),
        parts: vec![0],
        saved: None,
        crashes_left,
        errors: 0,
        resumes: 0,
        deaths: 0,
    };
    run.finish().await?;
    run.check_end().await?;
    let end = Truth::new((run.world.truth)(), run.world.key);
    run.judge(&begin, &end)
}

impl Run {
    async fn finish(&mut self) -> std::result::Result<(), String> {
        for _ in 0..STEPS {
            if self.errors > MOST_ERRORS {
                break;
            }
            if self.crashes_left > 0 && self.dice.percent(2) {
                self.crashes_left -= 1;
                self.crash()?;
            }
            self.perhaps_die(2);
            let polls = if self.dice.percent(5) { self.dice.below(4) } else { u64::MAX };
            match polled(self.pager.next(), polls).await {
                None => self.look_elsewhere().await,
                Some(Ok(Some(rows))) => {
                    self.collected.extend(rows);
                    if self.dice.percent(10) {
                        self.save()?;
                    }
                }
                Some(Ok(None)) => return Ok(()),
                Some(Err(error)) => match rejected(&error) {
                    Some(row) => self.collected.push(row),
                    None => self.meet(&error)?,
                },
            }
        }
        Err(format!("the walk did not end in {STEPS} calls or with {} errors", self.errors))
    }

    /// In so many of a hundred cases all continuations die, where they do.
    fn perhaps_die(&mut self, share: u64) {
        if let Some((happens, _)) = &self.world.dying
            && self.dice.percent(share)
        {
            self.network.note("all continuations die");
            happens();
            self.deaths += 1;
        }
    }

    /// The future was dropped: what was begun may go on meanwhile.
    async fn look_elsewhere(&mut self) {
        self.network.note("the caller drops a future");
        if self.dice.percent(50) {
            tokio::time::sleep(Duration::from_millis(self.dice.below(3_000))).await;
        }
    }

    fn save(&mut self) -> std::result::Result<(), String> {
        let checkpoint = self.pager.checkpoint().ok_or("a walk that began has no checkpoint")?;
        let (checkpoint, records) = (checkpoint.to_string(), self.collected.len());
        self.saved = Some(Saved { checkpoint, records });
        Ok(())
    }

    /// Asks again, resumes where the error says, or begins where things were saved.
    fn meet(&mut self, error: &Error) -> std::result::Result<(), String> {
        self.errors += 1;
        // A request may be named at random, and a run is to be the same each time.
        let name = error.request_id().unwrap_or("request id");
        let line = error.to_string().replace(name, "request id");
        self.network.note(format_args!("error {}: {line}", self.errors));
        if self.errors == ERRORS {
            self.network.calm();
        }
        let checkpoint = error.checkpoint();
        let checkpoint =
            checkpoint.ok_or_else(|| format!("an error has no checkpoint: {error}"))?;
        match self.dice.below(5) {
            0 | 1 => Ok(()),
            2 | 3 => {
                let (checkpoint, records) = (checkpoint.to_string(), self.collected.len());
                self.resume(Some(Saved { checkpoint, records }))
            }
            _ => self.crash(),
        }
    }

    /// The process dies. What came after the last save is lost with it.
    fn crash(&mut self) -> std::result::Result<(), String> {
        self.network.note(format_args!("the process dies with {} records", self.collected.len()));
        self.resume(self.saved.clone())
    }

    fn resume(&mut self, saved: Option<Saved>) -> std::result::Result<(), String> {
        self.resumes += 1;
        self.network.restarted();
        if let Some((happens, _)) = &self.world.pause {
            happens();
        }
        self.perhaps_die(40);
        self.pager = self.reopen(saved.as_ref()).map_err(|error| format!("no resume: {error}"))?;
        let records = saved.as_ref().map_or(0, |saved| saved.records);
        self.network.note(format_args!("resumed behind {records} records"));
        self.collected.truncate(records);
        self.parts.retain(|part| *part < records);
        self.parts.push(records);
        if self.parts.first() != Some(&0) {
            self.parts.insert(0, 0);
        }
        self.saved = saved;
        Ok(())
    }

    fn reopen(&self, saved: Option<&Saved>) -> Result<Box<dyn Pager>> {
        let pager = (self.world.open)(self.network.clone())?;
        match saved {
            None => Ok(pager),
            Some(saved) => pager.resume(saved.checkpoint.parse::<Checkpoint>()?),
        }
    }

    /// A pager that is over says so, and resumed it gives nothing.
    async fn check_end(&mut self) -> std::result::Result<(), String> {
        let checkpoint = self.pager.checkpoint().filter(Checkpoint::is_end);
        let checkpoint = checkpoint.ok_or("the walk is over, and its checkpoint is not its end")?;
        let saved = Saved { checkpoint: checkpoint.to_string(), records: 0 };
        let mut again = self.reopen(Some(&saved)).map_err(|error| format!("no resume: {error}"))?;
        match again.next().await {
            Ok(None) => Ok(()),
            Ok(Some(_)) => Err("a walk that was over gave more".to_owned()),
            Err(error) => Err(format!("a walk that was over asked for more: {error}")),
        }
    }

    fn judge(self, begin: &Truth, end: &Truth) -> std::result::Result<Outcome, String> {
        let report = self.pager.report();
        let is_complete = report.is_complete();
        let collected = Collected {
            rows: &self.collected,
            parts: &self.parts,
            key: self.world.key,
            source: &*self.world.source,
            repeated_pages: self.network.repeated(),
            dying: self.world.dying.as_ref().map(|(_, again)| *again),
            deaths: self.deaths,
        };
        collected.check_nothing_is_made_up(begin, end)?;
        collected.check_repeats(self.world.repeats, begin, end)?;
        let few_went = |(_, records): &Pause| begin.gone(end) <= *records;
        let paused =
            self.network.repeated() == 0 && self.world.pause.as_ref().is_some_and(few_went);
        if is_complete || paused {
            collected.check_nothing_is_missing(begin, end)?;
        }
        if !is_complete && self.world.is_steady && self.network.repeated() == 0 {
            return Err(format!("all is there, and the walk doubts it: {:?}", report.warnings));
        }
        Ok(Outcome {
            is_complete,
            resumes: self.resumes,
            errors: self.errors,
            trace: self.network.trace(),
            collected: self.collected,
        })
    }
}

/// Asks for what comes next, and drops the future when it was polled so often in vain.
async fn polled<T>(
    mut next: std::pin::Pin<Box<dyn Future<Output = T> + '_>>,
    mut polls: u64,
) -> Option<T> {
    poll_fn(|cx| match next.as_mut().poll(cx) {
        Poll::Ready(came) => Poll::Ready(Some(came)),
        Poll::Pending if polls == 0 => Poll::Ready(None),
        Poll::Pending => {
            polls -= 1;
            Poll::Pending
        }
    })
    .await
}
