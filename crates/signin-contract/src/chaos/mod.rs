//! The property of all pagers: whatever goes wrong on the way, and whatever the service does
//! meanwhile, what was collected is what the service holds, or there is an error whose checkpoint
//! yields the rest.
//!
//! A run is a seed. From it everything is thrown: the service and its moods, the pager, what goes
//! wrong with each request, when the caller drops a future, loses its memory or asks again. Time
//! is virtual, the service is called in the same task, so that the same seed gives the same run.
//! `CHAOS_SEED=17` runs one seed, `CHAOS_SEEDS=10000` so many; without either there are 100.
//!
//! What is held against the truth:
//! - every record that was there from before the pager to after its end was yielded, unless the
//!   report says that the result is incomplete;
//! - no record came that was never there, or in bytes that the service never sent;
//! - records came again after a resume, or where continuations died, and only within what the
//!   vendor's list may repeat;
//! - every error has a checkpoint, and the pager comes to its end when nothing goes wrong any more.

mod dice;
mod faults;
mod network;
mod oracle;
mod pager;
mod run;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;
use signin_core::Result;
use signin_sim::Local;

pub use self::dice::Dice;
pub use self::network::Network;
pub use self::oracle::{Again, Repeats};
pub use self::pager::{Asked, Next, Pager, fan_out, items, one, pages, windows};
pub use self::run::Outcome;
use crate::local_transport::{Call, call_of};

/// Seeds of a run without further words.
const SEEDS: u64 = 100;
/// Every so many seeds one is run again, to see that it goes the same way.
const AGAIN: u64 = 20;

type Open = Box<dyn Fn(Network) -> Result<Box<dyn Pager>>>;
type Truth = Box<dyn Fn() -> Vec<String>>;
/// What happens while nobody reads, and how many records may go without hiding others.
type Pause = (Box<dyn Fn()>, usize);
type Source = Box<dyn Fn(&str) -> String>;

/// A service with its moods, and a pager over a list of it.
pub struct World {
    about: String,
    call: Call,
    open: Open,
    truth: Truth,
    key: fn(&str) -> String,
    source: Source,
    repeats: Repeats,
    is_steady: bool,
    pause: Option<Pause>,
    dying: Option<Dying>,
    is_slow: bool,
}

/// All continuations die: how, and what may come again by it each time.
type Dying = (Box<dyn Fn()>, Again);

impl World {
    /// A pager over what `truth` gives: the records as they would be sent now. `open` builds a
    /// client and begins the pager.
    pub fn new<S: Clone + fmt::Debug + Send + Sync + 'static>(
        about: impl Into<String>,
        service: &Local<S>,
        open: impl Fn(&S, Network) -> Result<Box<dyn Pager>> + 'static,
        truth: impl Fn(&S) -> Vec<String> + 'static,
    ) -> Self {
        let (opened, told) = (service.service().clone(), service.service().clone());
        Self {
            about: about.into(),
            call: call_of(service.clone()),
            open: Box::new(move |network| open(&opened, network)),
            truth: Box::new(move || truth(&told)),
            key: |row| member(row, "id"),
            source: Box::new(|_| String::new()),
            repeats: Repeats::Never,
            is_steady: true,
            pause: None,
            dying: None,
            is_slow: false,
        }
    }

    /// What tells a record from others, whatever it changes to. Default: its member `id`.
    #[must_use]
    pub fn key(mut self, key: fn(&str) -> String) -> Self {
        self.key = key;
        self
    }

    /// What names the list that a record is of, in a pager over many; empty where that is not known.
    /// Default: there is one.
    #[must_use]
    pub fn source(mut self, source: impl Fn(&str) -> String + 'static) -> Self {
        self.source = Box::new(source);
        self
    }

    /// What happens between a pager and its resume, and nothing of it while it reads. If no more
    /// than so many records go, none of the others may be missing, whatever the report says.
    /// Default nothing.
    #[must_use]
    pub fn pause(mut self, happens: impl Fn() + 'static, records: usize) -> Self {
        self.pause = Some((Box::new(happens), records));
        self
    }

    /// How all continuations that were given so far die, now and then: in the middle of a pager, and
    /// between a pager and its resume. Each time this may come again. Default never.
    #[must_use]
    pub fn dying(mut self, happens: impl Fn() + 'static, again: Again) -> Self {
        self.dying = Some((Box::new(happens), again));
        self
    }

    /// What may come again after a resume. Default nothing.
    #[must_use]
    pub fn repeats(mut self, repeats: Repeats) -> Self {
        self.repeats = repeats;
        self
    }

    /// Whether requests take their time, so that those under way together get there in any order.
    /// Default false.
    #[must_use]
    pub fn slow(mut self, is_slow: bool) -> Self {
        self.is_slow = is_slow;
        self
    }

    /// Whether the service does nothing that speaks against the result being everything: then the
    /// report must say that it is, unless a page was sent in the place of another. Default true.
    #[must_use]
    pub fn steady(mut self, is_steady: bool) -> Self {
        self.is_steady = is_steady;
        self
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World").field("about", &self.about).finish_non_exhaustive()
    }
}

/// The text of a record's member.
#[must_use]
pub fn member(row: &str, name: &str) -> String {
    let row: Value = serde_json::from_str(row).unwrap_or_default();
    match &row[name] {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Holds the property for every seed.
///
/// # Panics
/// When it does not hold, with the command that runs the seed again, and what happened.
pub fn check(package: &str, world: impl Fn(&mut Dice) -> World) {
    let number = |name| std::env::var(name).ok().map(|text| text.parse().expect("it is a number"));
    let seeds = match number("CHAOS_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("CHAOS_SEEDS").unwrap_or(SEEDS),
    };
    let total = seeds.end - seeds.start;
    let (mut complete, mut broken) = (0, 0);
    for seed in seeds {
        let outcome = run_seed(package, &world, seed);
        if seed % AGAIN == 0 || total == 1 {
            check_same(package, seed, &outcome, &run_seed(package, &world, seed));
        }
        complete += u64::from(outcome.is_complete);
        broken += u64::from(outcome.resumes > 0);
    }
    // A property that is always excused holds nothing.
    let enough = total < 100 || (complete > total / 2 && broken > total / 4);
    assert!(enough, "of {total} seeds {complete} were complete, and {broken} were ever resumed");
}

/// A run that goes another way the second time would not go the same way when it is replayed.
fn check_same(package: &str, seed: u64, first: &Outcome, second: &Outcome) {
    let steps = first.trace.iter().zip(&second.trace);
    let other = steps.enumerate().find(|(_, (first, second))| first != second);
    assert!(
        first == second,
        "seed {seed} does not go the same way twice, first at {other:#?}\n\
         run it again: CHAOS_SEED={seed} cargo test -p {package} chaos"
    );
}

/// Runs one seed.
///
/// # Panics
/// See [`check`].
pub fn run_seed(package: &str, world: &impl Fn(&mut Dice) -> World, seed: u64) -> Outcome {
    let world = world(&mut Dice::new(seed, "world"));
    let about = world.about.clone();
    let network = Network::new(world.call.clone(), Dice::new(seed, "wire"), world.is_slow);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime can be built");
    let dice = Dice::new(seed, "caller");
    let run = || runtime.block_on(run::run(world, network.clone(), dice));
    let what = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(outcome)) => return outcome,
        Ok(Err(what)) => what,
        Err(_) => "it panicked".to_owned(),
    };
    let trace = network.trace();
    // Who runs one seed wants to see all of it.
    let shown = if std::env::var_os("CHAOS_SEED").is_some() { trace.len() } else { 60 };
    let last = &trace[trace.len().saturating_sub(shown)..];
    panic!(
        "seed {seed}: {what}\n{about}\nthe last of what happened:\n  {}\n\
         run it again: CHAOS_SEED={seed} cargo test -p {package} chaos",
        last.join("\n  ")
    );
}
