//! `signin fetch pingone`: the way to an environment, and the pager over its activities.

mod counts;

use clap::ArgMatches;
use pingone::{Activities, Checkpoint, Client, ClientBuilder, Items, Region};
use signin_core::{Error, Report, Warning};
use time::{Duration, OffsetDateTime};

use super::args::{ClientAuth, Pingone, TimeAttribute};
use crate::clock;
use crate::commands::fetch::args::Common;
use crate::commands::fetch::asked;
use crate::commands::fetch::plan::Plan;
use crate::commands::fetch::session::{Reach, Resumable};
use crate::commands::fetch::{FetchCommand, read};
use crate::connection::network::{Connection, connected};
use crate::connection::oauth::{Proofs, the_one};
use crate::formats::Provenance;
use crate::reporting::reporter::Reporter;
use crate::run::collect::{Listed, Pager};
use crate::run::exit::Exit;
use crate::vendors::pingone as known;

use self::counts::Counts;

const REGION: &str = "PINGONE_REGION";
const ENVIRONMENT: &str = "PINGONE_ENVIRONMENT_ID";
const AUTH_ENVIRONMENT: &str = "PINGONE_AUTH_ENVIRONMENT_ID";
const BASE_URL: &str = "PINGONE_BASE_URL";
const AUTH_URL: &str = "PINGONE_AUTH_URL";
const CLIENT_ID: &str = "PINGONE_CLIENT_ID";
const CLIENT_SECRET: &str = "PINGONE_CLIENT_SECRET";
const TOKEN: &str = "PINGONE_TOKEN";

/// How far back the service can be asked.
const KEPT: Duration = Duration::days(14);

/// How late activities may come: not documented.
const LATENESS: Duration = Duration::minutes(5);
/// How far after that a run begins: the oldest activities come last, and must not go meanwhile.
const MARGIN: Duration = Duration::minutes(5);

/// The options that say how the service is reached and read. All others say what is read.
const HOW: [&str; 8] = [
    "region",
    "auth_environment",
    "client_id",
    "base_url",
    "auth_url",
    "client_auth",
    "counts",
    "sample_size",
];

/// Reads what the options ask for.
pub(crate) async fn run(args: &Pingone, matches: &ArgMatches, reporter: &mut Reporter) -> Exit {
    if args.counts {
        read(&Counts(args), matches, reporter).await
    } else {
        read(args, matches, reporter).await
    }
}

impl FetchCommand for Pingone {
    const VENDOR: &'static str = known::VENDOR;
    const LATENESS: Duration = LATENESS;
    type Client = Client;
    type Pager = ActivityPager;

    fn common(&self) -> &Common {
        &self.common
    }

    fn asked(&self, matches: &ArgMatches) -> Vec<(String, String)> {
        asked::options::<Self>(matches, &HOW, &[])
    }

    fn connect(&self, plan: &Plan<'_>) -> Result<Client, String> {
        client(self, plan)
    }

    fn open(&self, plan: &Plan<'_>, client: &Client) -> Result<ActivityPager, String> {
        let (since, until) = (plan.range.since, plan.end());
        let edge = plan.began.saturating_sub(KEPT);
        let kept_from = edge.saturating_add(MARGIN);
        if until <= kept_from {
            let (kept_from, until) = (clock::text(kept_from), clock::text(until));
            return Err(format!(
                "PingOne keeps 14 days, which is from {kept_from} on: there is nothing to read \
                 before {until}; give a later --until"
            ));
        }
        let items = |start| self.filtered(client.activities(start, until)).items();
        let (start, older_start) = (since.max(kept_from), since.max(edge));
        let resumed = |checkpoint: &str| {
            let checkpoint: Checkpoint = checkpoint.parse()?;
            let pager = items(start).resume(checkpoint.clone());
            // Runs of before began at the edge itself.
            pager.or_else(|error| items(older_start).resume(checkpoint).map_err(|_| error))
        };
        let pager = plan.resume().map_or_else(|| Ok(items(start)), resumed);
        let mut walking = ActivityPager {
            items: pager.map_err(|error| plan.refused(&error))?,
            start,
            provenance: provenance(client, known::ACTIVITIES),
            time: self.time_attribute,
            only: self.only(),
            left_out: 0,
            kept_from: None,
            reporter: plan.reporter.clone(),
        };
        if since < kept_from {
            walking.keeps_from(kept_from);
        }
        Ok(walking)
    }
}

impl Pingone {
    /// What of the activities is yielded.
    fn only(&self) -> Only {
        match (&self.action_type, self.all_activities) {
            (Some(_), _) => Only::Type,
            (None, true) => Only::All,
            (None, false) => Only::SignIns,
        }
    }

    /// The options that are conditions of one value, and what each sets.
    fn conditions(&self) -> [(&'static str, &Option<String>, Set); 7] {
        [
            ("--action-type", &self.action_type, Activities::action_type),
            ("--actor-user", &self.actor_user, Activities::actor_user_id),
            ("--actor-client", &self.actor_client, Activities::actor_client_id),
            ("--resource", &self.resource, Activities::resource_id),
            ("--resource-type", &self.resource_type, Activities::resource_type),
            ("--population", &self.population, Activities::population_id),
            ("--correlation", &self.correlation, Activities::correlation_id),
        ]
    }

    fn filtered(&self, list: Activities) -> Activities {
        let conditions = self.conditions().into_iter();
        let list = conditions.fold(list, |list, (_, value, set)| match value {
            Some(value) => set(list, value.clone()),
            None => list,
        });
        let list = self.filters.iter().fold(list, Activities::filter_raw);
        list.limit(self.limit).time_attribute(match self.time_attribute {
            TimeAttribute::RecordedAt => pingone::TimeAttribute::RecordedAt,
            TimeAttribute::CreatedAt => pingone::TimeAttribute::CreatedAt,
        })
    }
}

/// A setter of the list.
type Set = fn(Activities, String) -> Activities;

fn provenance(client: &Client, endpoint: &'static str) -> Provenance {
    Provenance {
        vendor: known::VENDOR,
        endpoint,
        tenant: Some(client.environment_id().to_string()),
        ..Provenance::default()
    }
}

fn client(args: &Pingone, plan: &Plan<'_>) -> Result<Client, String> {
    let base_url = plan.setting(&args.base_url, BASE_URL)?;
    let auth_url = plan.setting(&args.auth_url, AUTH_URL)?;
    let region = region(args, plan, base_url, auth_url)?;
    let environment = plan.setting(&args.environment, ENVIRONMENT)?.ok_or_else(|| {
        format!(
            "the environment is not known; set {ENVIRONMENT} to its id, which the console shows \
             among its properties, or give --environment"
        )
    })?;
    let api_url = region.api_url();
    let reached = base_url.unwrap_or(&api_url);
    let connection = Connection::new(plan, reached)?;
    let builder = connected!(Client::builder(region, environment), connection);
    let builder = match base_url {
        Some(base_url) => builder.base_url(base_url),
        None => builder,
    };
    let builder = match auth_url {
        Some(url) => builder.token_url(url),
        None => builder,
    };
    let builder = match plan.setting(&args.auth_environment, AUTH_ENVIRONMENT)? {
        Some(environment) => builder.auth_environment(environment),
        None => builder,
    };
    let builder = with_credential(builder, args, &Proofs::new(plan))?;
    builder.build().map_err(|error| plan.refused(&error))
}

/// The region that is named, or whose base URL or token service is given: links lead to its own
/// host, also behind a gateway. Where all addresses are given, any will do.
fn region(
    args: &Pingone,
    plan: &Plan<'_>,
    base_url: Option<&str>,
    auth_url: Option<&str>,
) -> Result<Region, String> {
    const KNOWN: &str = "one of NA, CA, EU, AU, SG and AP, which stands in the console's address";
    if let Some(region) = args.region {
        return Ok(region);
    }
    if let Some(text) = plan.environment.text(REGION)? {
        return text.parse().map_err(|_| format!("{REGION} is no region; set it to {KNOWN}"));
    }
    let base_url = base_url.map(|url| url.trim_end_matches('/'));
    let base_url = base_url.map(|url| url.strip_suffix("/v1").unwrap_or(url));
    let of_base = Region::ALL.into_iter().find(|region| base_url == Some(&region.api_url()));
    let is_of = |region: &Region, url: &str| {
        let rest = url.strip_prefix(&region.auth_url());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let of_auth = || {
        let auth_url = auth_url?;
        Region::ALL.into_iter().find(|region| is_of(region, auth_url))
    };
    // A token that is given needs no token service.
    let gets_tokens = Proofs::new(plan).is_given(&[CLIENT_SECRET])?;
    let is_all_given = base_url.is_some() && (auth_url.is_some() || !gets_tokens);
    let any = || is_all_given.then_some(Region::NorthAmerica);
    of_base.or_else(of_auth).or_else(any).ok_or_else(|| {
        format!("the region is not known; set {REGION} to {KNOWN}, or give --region")
    })
}

fn with_credential(
    builder: ClientBuilder,
    args: &Pingone,
    proofs: &Proofs<'_>,
) -> Result<ClientBuilder, String> {
    let app = match proofs.secret(&[CLIENT_SECRET])? {
        None => None,
        Some(secret) => {
            let id = proofs.id_or(args.client_id.as_ref(), "client id", &[CLIENT_ID])?;
            let builder = builder.clone();
            Some(match args.client_auth {
                ClientAuth::Basic => builder.client_secret(id, secret),
                ClientAuth::Post => builder.client_secret_post(id, secret),
            })
        }
    };
    let token = proofs.token(&[TOKEN])?.map(|token| builder.token_source(token));
    the_one([(CLIENT_SECRET, app), (TOKEN, token)])
}

/// What of the activities is yielded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Only {
    SignIns,
    /// Those of a type that was asked for.
    Type,
    All,
}

/// The activities of an environment.
pub(crate) struct ActivityPager {
    items: Items<Activities>,
    provenance: Provenance,
    time: TimeAttribute,
    only: Only,
    /// From when on activities are asked for.
    start: OffsetDateTime,
    /// Activities about something else.
    left_out: u64,
    /// From when on the service keeps what was asked for, if that is later.
    kept_from: Option<OffsetDateTime>,
    reporter: Reporter,
}

impl ActivityPager {
    fn keeps_from(&mut self, kept_from: OffsetDateTime) {
        if self.kept_from.is_none() {
            let kept_from = clock::text(kept_from);
            self.reporter
                .warn(&format!("PingOne keeps 14 days: what is before {kept_from} is not read"));
        }
        self.kept_from = Some(kept_from);
    }

    /// Takes note of what went while the pager was under way.
    fn look_for_loss(&mut self) {
        let edge = clock::now().saturating_sub(KEPT);
        if self.start < edge || self.items.report().warnings.iter().any(is_not_kept) {
            self.keeps_from(edge);
        }
    }
}

fn is_not_kept(warning: &Warning) -> bool {
    matches!(warning, Warning::NotKept { .. })
}

impl Pager for ActivityPager {
    type Row = Listed<pingone::Activity>;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        let kind = match self.time {
            TimeAttribute::RecordedAt => &known::ACTIVITY,
            TimeAttribute::CreatedAt => &known::ACTIVITY_BY_CREATION,
        };
        while let Some(record) = self.items.try_next().await? {
            if self.only != Only::SignIns || record.is_sign_in() {
                return Ok(Some(Listed { record, kind }));
            }
            self.left_out += 1;
        }
        self.look_for_loss();
        Ok(None)
    }

    fn provenance(&mut self) -> &mut Provenance {
        &mut self.provenance
    }

    /// What is told in words of the program's own is no doubt.
    fn report(&self) -> Report {
        let mut report = self.items.report().clone();
        report.filtered += self.left_out;
        report.warnings.retain(|warning| !is_not_kept(warning));
        report
    }
}

impl Resumable for ActivityPager {
    fn checkpoint(&self) -> Option<String> {
        Some(self.items.checkpoint()?.to_string())
    }

    fn is_newest_first(&self) -> bool {
        true
    }

    fn kept_from(&self) -> Option<OffsetDateTime> {
        self.kept_from
    }

    fn reach(&self) -> Option<Reach> {
        let (read, not_read) = match self.only {
            Only::SignIns => (vec!["sign-ins"], vec!["other activities"]),
            Only::Type => (vec!["activities of one type"], vec!["other activities"]),
            Only::All => (vec!["all activities"], vec![]),
        };
        Some(Reach { read, not_read, remark: None })
    }
}
