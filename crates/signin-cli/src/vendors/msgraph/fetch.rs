//! `signin fetch msgraph`: the way to a tenant, and the pager over its sign-ins.

mod by_id;

use clap::ArgMatches;
use msgraph_signins::{
    ApiVersion, Checkpoint, Client, ClientBuilder, Cloud, SignIn, SignInEventType, SignInOrder,
    SignIns, Windows,
};
use serde::{Deserialize, Serialize};
use signin_core::CertificateAssertion;
use signin_core::{Error, ErrorKind, Report, Warning};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::args::{Api, Kind, Msgraph};
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
use crate::vendors::msgraph as known;

use self::by_id::ById;

const TENANT: [&str; 2] = ["MSGRAPH_TENANT_ID", "AZURE_TENANT_ID"];
const CLOUD: &str = "MSGRAPH_CLOUD";
const BASE_URL: &str = "MSGRAPH_BASE_URL";
const AUTH_URL: &str = "MSGRAPH_AUTH_URL";
const CLIENT_ID: [&str; 2] = ["MSGRAPH_CLIENT_ID", "AZURE_CLIENT_ID"];
const CLIENT_SECRET: [&str; 2] = ["MSGRAPH_CLIENT_SECRET", "AZURE_CLIENT_SECRET"];
const CERTIFICATE: &str = "MSGRAPH_CERTIFICATE";
const CERTIFICATE_PATH: &str = "AZURE_CLIENT_CERTIFICATE_PATH";
const FEDERATED: [&str; 2] = ["MSGRAPH_FEDERATED_TOKEN", "AZURE_FEDERATED_TOKEN"];
const TOKEN: &str = "MSGRAPH_TOKEN";

/// The options that say how the service is reached and read. All others say what is read.
const HOW: [&str; 9] = [
    "client_id",
    "cloud",
    "base_url",
    "auth_url",
    "ids",
    "window",
    "longest_window",
    "concurrency",
    "fetch_ahead",
];

/// Reads what the options ask for.
pub(crate) async fn run(args: &Msgraph, matches: &ArgMatches, reporter: &mut Reporter) -> Exit {
    if args.ids.is_empty() {
        read(args, matches, reporter).await
    } else {
        read(&ById(args), matches, reporter).await
    }
}

impl FetchCommand for Msgraph {
    const VENDOR: &'static str = known::VENDOR;
    const LATENESS: Duration = Duration::minutes(15);
    type Client = Client;
    type Pager = SignInPager;

    fn common(&self) -> &Common {
        &self.common
    }

    fn asked(&self, matches: &ArgMatches) -> Vec<(String, String)> {
        let kinds: Vec<_> = self.kinds().iter().map(|kind| kind.as_str().to_owned()).collect();
        // What is read depends on both options at once.
        let resolved = [("--types", kinds.join(",")), ("--api", self.version().to_string())];
        asked::options::<Self>(matches, &HOW, &resolved)
    }

    fn connect(&self, plan: &Plan<'_>) -> Result<Client, String> {
        let others = self.types.iter().any(|kind| *kind != Kind::Interactive);
        if self.api == Some(Api::V1) && others {
            return Err("--api v1.0 has interactive sign-ins only; leave it out, or give --types \
                        interactive"
                .to_owned());
        }
        client(self, plan)
    }

    fn open(&self, plan: &Plan<'_>, client: &Client) -> Result<SignInPager, String> {
        let provenance = provenance(client);
        let windows = self.list(client).window(plan.range.since, plan.end());
        let windows = windows.length(self.window).longest(self.longest_window);
        let windows = windows.concurrency(self.concurrency.into());
        let windows = windows.fetch_ahead(self.fetch_ahead.into());
        let reach = self.reach();
        let version = self.version();
        let walking = SignInPager {
            windows,
            provenance,
            version,
            reach,
            before: Before::default(),
            reporter: plan.reporter.clone(),
        };
        match plan.resume() {
            Some(place) => walking.resume(place).map_err(|error| plan.refused(&error)),
            None => Ok(walking),
        }
    }
}

impl Msgraph {
    /// The kinds of sign-ins that are asked for.
    fn kinds(&self) -> Vec<SignInEventType> {
        let all = SignInEventType::ALL.into_iter();
        let asked = |kind: &SignInEventType| match (self.types.as_slice(), self.api) {
            ([], Some(Api::V1)) => *kind == SignInEventType::InteractiveUser,
            ([], _) => true,
            (types, _) => types.iter().any(|asked| event_type(*asked) == *kind),
        };
        all.filter(asked).collect()
    }

    /// The version that is asked.
    fn version(&self) -> ApiVersion {
        match self.api {
            Some(Api::V1) => ApiVersion::V1,
            Some(Api::Beta) => ApiVersion::Beta,
            None if self.kinds() == [SignInEventType::InteractiveUser] => ApiVersion::V1,
            None => ApiVersion::Beta,
        }
    }

    fn list(&self, client: &Client) -> SignIns {
        let list = client.sign_ins().event_types(self.kinds()).api_version(self.version());
        let list = self.filter.set(list).top(self.top);
        let list = list.select(self.selected());
        if self.oldest_first { list.order_by(SignInOrder::OldestFirst) } else { list }
    }

    /// The members that are asked for; none for all of them.
    fn selected(&self) -> Vec<&str> {
        match self.select.as_slice() {
            [] => Vec::new(),
            // Without its time a record could not be told to be in the range.
            members => members.iter().map(String::as_str).chain(["createdDateTime"]).collect(),
        }
    }

    fn reach(&self) -> Reach {
        let kinds = self.kinds();
        let (read, not_read): (Vec<_>, Vec<_>) =
            SignInEventType::ALL.into_iter().partition(|kind| kinds.contains(kind));
        let names = |kinds: Vec<SignInEventType>| kinds.into_iter().map(SignInEventType::as_str);
        let beta = self.version() == ApiVersion::Beta;
        let remark = "Microsoft does not support beta for production";
        Reach {
            read: names(read).collect(),
            not_read: names(not_read).collect(),
            remark: beta.then_some(remark),
        }
    }
}

fn event_type(kind: Kind) -> SignInEventType {
    match kind {
        Kind::Interactive => SignInEventType::InteractiveUser,
        Kind::NonInteractive => SignInEventType::NonInteractiveUser,
        Kind::ServicePrincipal => SignInEventType::ServicePrincipal,
        Kind::ManagedIdentity => SignInEventType::ManagedIdentity,
    }
}

fn provenance(client: &Client) -> Provenance {
    Provenance {
        vendor: known::VENDOR,
        endpoint: known::SIGN_INS,
        tenant: Some(client.tenant().to_owned()),
        ..Provenance::default()
    }
}

fn client(args: &Msgraph, plan: &Plan<'_>) -> Result<Client, String> {
    let proofs = Proofs::new(plan);
    let tenant = proofs.id_or(args.tenant.as_ref(), "tenant", &TENANT)?;
    let cloud = match (args.cloud, plan.environment.text(CLOUD)?) {
        (Some(cloud), _) => cloud,
        (None, Some(text)) => text.parse().map_err(|_| {
            format!("{CLOUD} is no cloud; set it to global, us-gov, us-gov-dod or china")
        })?,
        (None, None) => Cloud::default(),
    };
    let base_url = plan.setting(&args.base_url, BASE_URL)?;
    let reached = base_url.unwrap_or(cloud.graph_root());
    let connection = Connection::new(plan, reached)?;
    let builder = connected!(Client::builder(tenant).cloud(cloud), connection);
    let builder = match base_url {
        Some(base_url) => builder.base_url(base_url),
        None => builder,
    };
    let builder = match plan.setting(&args.auth_url, AUTH_URL)? {
        Some(root) => builder.auth_url(root),
        None => builder,
    };
    let builder = with_credential(&builder, args.client_id.as_ref(), &proofs)?;
    builder.build().map_err(|error| plan.refused(&error))
}

fn with_credential(
    builder: &ClientBuilder,
    id: Option<&String>,
    proofs: &Proofs<'_>,
) -> Result<ClientBuilder, String> {
    let app = || proofs.id_or(id, "client id", &CLIENT_ID).map(|id| (builder.clone(), id));
    let secret = match proofs.secret(&CLIENT_SECRET)? {
        Some(secret) => app().map(|(app, id)| Some(app.client_secret(id, secret)))?,
        None => None,
    };
    let sign = |certificate: &[u8], key| CertificateAssertion::ps256(certificate, key);
    let certificate = match proofs.certificate(&[CERTIFICATE], Some(CERTIFICATE_PATH), sign)? {
        Some(certificate) => app().map(|(app, id)| Some(app.client_assertion(id, certificate)))?,
        None => None,
    };
    let federated = match proofs.federated(&FEDERATED)? {
        Some(token) => app().map(|(app, id)| Some(app.client_assertion(id, token)))?,
        None => None,
    };
    let token = proofs.token(&[TOKEN])?.map(|token| builder.clone().token_source(token));
    the_one([
        (proofs.name(&CLIENT_SECRET)?, secret),
        (proofs.name(&[CERTIFICATE, CERTIFICATE_PATH])?, certificate),
        (proofs.name(&FEDERATED)?, federated),
        (TOKEN, token),
    ])
}

/// The sign-ins of a tenant.
pub(crate) struct SignInPager {
    windows: Windows<SignIns>,
    provenance: Provenance,
    version: ApiVersion,
    reach: Reach,
    before: Before,
    reporter: Reporter,
}

/// What earlier runs of the same pager found.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Before {
    /// From when on the service keeps what was asked for.
    kept_from: Option<String>,
    /// Whether something speaks against the result being everything.
    doubtful: bool,
}

/// Where the pager stands.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WindowsCheckpoint {
    before: Before,
    #[serde(rename = "walk")]
    pager: Checkpoint,
}

impl SignInPager {
    fn resume(mut self, place: &str) -> Result<Self, Error> {
        let place: WindowsCheckpoint = serde_json::from_str(place).map_err(|_| {
            let why = "its place is none that this walk can stand at";
            Error::new(ErrorKind::Checkpoint, "checkpoint", why, "remove it to start anew")
        })?;
        self.windows = self.windows.resume(place.pager)?;
        self.before = place.before;
        Ok(self)
    }

    /// Whether a warning is one of the run's. That the service keeps less than was asked for is
    /// told otherwise, since no further run would find more.
    fn is_to_be_told(&self, warning: &Warning) -> bool {
        match warning {
            Warning::NotCovered { .. } => false,
            Warning::IncompleteBefore => self.before.doubtful,
            _ => true,
        }
    }

    /// Whether anything speaks against the result so far being everything.
    fn is_doubtful(&self) -> bool {
        let warnings = self.report().warnings;
        warnings.iter().any(Warning::affects_completeness)
    }

    fn tell_what_is_not_kept(&self) {
        for warning in self.windows.report().warnings {
            if matches!(warning, Warning::NotCovered { .. }) {
                self.reporter.warn(&warning.to_string());
            }
        }
    }
}

impl Pager for SignInPager {
    type Row = Listed<SignIn>;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        let next = self.windows.try_next().await;
        if matches!(next, Ok(None)) {
            self.tell_what_is_not_kept();
        }
        Ok(next?.map(|record| Listed { record, kind: &known::SIGN_IN }))
    }

    fn provenance(&mut self) -> &mut Provenance {
        &mut self.provenance
    }

    fn report(&self) -> Report {
        let mut report = self.windows.report();
        report.warnings.retain(|warning| self.is_to_be_told(warning));
        report
    }
}

impl Resumable for SignInPager {
    fn checkpoint(&self) -> Option<String> {
        let before =
            Before { kept_from: self.kept_from().map(clock::text), doubtful: self.is_doubtful() };
        serde_json::to_string(&WindowsCheckpoint { before, pager: self.windows.checkpoint()? }).ok()
    }

    fn way(&self) -> Option<&'static str> {
        Some(self.version.as_str())
    }

    fn is_newest_first(&self) -> bool {
        false
    }

    fn done_until(&self) -> Option<OffsetDateTime> {
        (!self.is_doubtful()).then(|| self.windows.covered_until())
    }

    fn kept_from(&self) -> Option<OffsetDateTime> {
        let before = self.before.kept_from.as_deref();
        let before = before.and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
        let report = self.windows.report();
        let found = report.warnings.iter().filter_map(|warning| match warning {
            Warning::NotCovered { to, .. } => Some(*to),
            _ => None,
        });
        found.chain(before).max()
    }

    fn reach(&self) -> Option<Reach> {
        Some(self.reach.clone())
    }
}
