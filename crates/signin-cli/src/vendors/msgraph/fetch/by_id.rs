//! `signin fetch msgraph --id`: sign-ins one by one.

use std::collections::{HashSet, VecDeque};

use msgraph_signins::{
    ApiVersion, Client, ErrorKind, Items, Operation as _, Record, SignIn, SignInById, SignIns,
};
use signin_core::{Error, Report};

use super::{client, provenance};
use crate::args::When;
use crate::commands::fetch::FetchCommand;
use crate::commands::fetch::args::Common;
use crate::commands::fetch::coverage::Coverage;
use crate::commands::fetch::named_lists::add;
use crate::commands::fetch::plan::Plan;
use crate::commands::fetch::session::{Reach, Resumable};
use crate::formats::Provenance;
use crate::reporting::reporter::Reporter;
use crate::run::collect::{Listed, Pager};
use crate::vendors::msgraph as known;
use crate::vendors::msgraph::args::Msgraph;

/// Before every sign-in.
const EVER: &str = "1970-01-01T00:00:00Z";

/// The options of a fetch with `--id`.
pub(crate) struct ById<'a>(pub(crate) &'a Msgraph);

impl FetchCommand for ById<'_> {
    const VENDOR: &'static str = known::VENDOR;
    type Client = Client;
    type Pager = OneByOne;

    fn common(&self) -> &Common {
        &self.0.common
    }

    fn since(&self) -> Option<When> {
        EVER.parse().ok()
    }

    fn connect(&self, plan: &Plan<'_>) -> Result<Client, String> {
        if let Some((condition, _)) = self.0.filter.asked().first() {
            return Err(format!(
                "--id names the sign-ins that are read, and no condition goes with it: leave out \
                 {condition}, or give --since in place of --id"
            ));
        }
        client(self.0, plan)
    }

    fn open(&self, plan: &Plan<'_>, client: &Client) -> Result<OneByOne, String> {
        let (provenance, version) = (provenance(client), self.0.version());
        let ask = |id: &String| {
            let ask = client.sign_in(id.as_str()).api_version(version).select(self.0.selected());
            // What cannot be asked for is said before anything is.
            ask.request().map(|_| Asked { id: id.clone(), ask })
        };
        let mut known = HashSet::new();
        let new = self.0.ids.iter().filter(|id| known.insert(id.to_ascii_lowercase()));
        let left: Result<_, Error> = new.map(ask).collect();
        // The client calls the argument `id`, as the option is called.
        let left =
            left.map_err(|error| plan.refused(&error).replacen("request: id ", "--id ", 1))?;
        Ok(OneByOne {
            client: client.clone(),
            version,
            left,
            way: Way::Unasked,
            found: false,
            missing: Vec::new(),
            past: Report::default(),
            provenance,
            reach: self.0.reach(),
            reporter: plan.reporter.clone(),
        })
    }
}

/// A sign-in that is asked for.
struct Asked {
    id: String,
    ask: SignInById,
}

/// The sign-ins with some ids, in the order in which they were named.
pub(crate) struct OneByOne {
    client: Client,
    version: ApiVersion,
    /// What is not read yet; the first one is under way.
    left: VecDeque<Asked>,
    way: Way,
    /// Whether the one under way gave a record.
    found: bool,
    missing: Vec<String>,
    /// What the pagers did that are over.
    past: Report,
    provenance: Provenance,
    reach: Reach,
    reporter: Reporter,
}

/// How the sign-in under way is asked for.
enum Way {
    Unasked,
    ById(Box<Items<SignInById>>),
    /// Not each sign-in that the service lists is found by its id.
    InList(Box<Items<SignIns>>),
}

impl Way {
    async fn try_next(&mut self) -> Result<Option<Record<SignIn>>, Error> {
        match self {
            Self::Unasked => Ok(None),
            Self::ById(items) => items.try_next().await,
            Self::InList(items) => items.try_next().await,
        }
    }

    fn report(&self) -> Option<&Report> {
        match self {
            Self::Unasked => None,
            Self::ById(items) => Some(items.report()),
            Self::InList(items) => Some(items.report()),
        }
    }
}

impl OneByOne {
    /// Goes on by another way.
    fn turn(&mut self, way: Way) {
        if let Some(report) = std::mem::replace(&mut self.way, way).report() {
            add(&mut self.past, report);
        }
    }

    /// Goes on with the next sign-in.
    fn pass(&mut self) {
        self.turn(Way::Unasked);
        let found = std::mem::take(&mut self.found);
        let passed = self.left.pop_front();
        if let Some(Asked { id, .. }) = passed.filter(|_| !found) {
            let next = match self.version {
                ApiVersion::V1 => "v1.0 finds interactive ones only: try --api beta",
                _ => "check it and the tenant; sign-ins are kept for 7 days, or 30 with P1 or P2",
            };
            self.reporter.warn(&format!("no sign-in has the id {id}; {next}"));
            self.missing.push(id);
        }
    }
}

impl Pager for OneByOne {
    type Row = Listed<SignIn>;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        while let Some(Asked { ask, .. }) = self.left.front() {
            match (self.way.try_next().await, &self.way) {
                (Ok(Some(record)), _) => {
                    ask.check(&record)?;
                    self.found = true;
                    return Ok(Some(Listed { record, kind: &known::SIGN_IN }));
                }
                (_, Way::Unasked) => {
                    let items = self.client.items(ask.clone());
                    self.turn(Way::ById(Box::new(items)));
                }
                (Err(error), Way::ById(_)) if error.kind() == ErrorKind::NotFound => {
                    let items = ask.clone().in_list().items();
                    self.turn(Way::InList(Box::new(items)));
                }
                (Err(error), _) => {
                    self.found |= error.rejected().is_some();
                    return Err(error);
                }
                (Ok(None), _) => self.pass(),
            }
        }
        Ok(None)
    }

    fn provenance(&mut self) -> &mut Provenance {
        &mut self.provenance
    }

    fn report(&self) -> Report {
        let mut report = self.past.clone();
        if let Some(under_way) = self.way.report() {
            add(&mut report, under_way);
        }
        report.finished = self.left.is_empty();
        report
    }
}

impl Resumable for OneByOne {
    /// Whoever goes on names the ids that are missing.
    fn checkpoint(&self) -> Option<String> {
        None
    }

    fn way(&self) -> Option<&'static str> {
        Some(self.version.as_str())
    }

    fn is_newest_first(&self) -> bool {
        false
    }

    fn coverage(&self) -> Coverage {
        let left = self.left.iter().skip(usize::from(self.found)).map(|asked| asked.id.clone());
        Coverage::Named(self.missing.iter().cloned().chain(left).collect())
    }

    fn reach(&self) -> Option<Reach> {
        Some(self.reach.clone())
    }
}
