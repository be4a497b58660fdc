//! `signin fetch ssojet`: the way to an application, and the pager over its users' login logs.

use clap::ArgMatches;
use serde::{Deserialize, Serialize};
use signin_core::vendor::token_url;
use signin_core::{Error, ErrorKind, Report, Warning};
use ssojet::{
    AllSignIns, Client, ClientCredentials, ClientSecret, Identities, ListedUser, LoginEvent,
};

use super::args::{Encoding, Event, Ssojet};
use super::{LOGIN_LOG, LOGIN_LOGS, VENDOR};
use crate::commands::fetch::args::Common;
use crate::commands::fetch::asked;
use crate::commands::fetch::every_list::{EveryList, ListOwner, Reading};
use crate::commands::fetch::named_lists::NamedLists;
use crate::commands::fetch::plan::Plan;
use crate::commands::fetch::session::Resumable;
use crate::commands::fetch::{FetchCommand, read};
use crate::connection::network::{Connection, connected};
use crate::connection::oauth::{self, Proofs};
use crate::connection::secrets::Key;
use crate::formats::Provenance;
use crate::reporting::reporter::Reporter;
use crate::run::collect::Pager;
use crate::run::exit::Exit;

const CLIENT_ID: &str = "SSOJET_CLIENT_ID";
const CLIENT_SECRET: &str = "SSOJET_CLIENT_SECRET";
const TOKEN: &str = "SSOJET_TOKEN";
const BASE_URL: &str = "https://api.ssojet.com";

/// The API's own path, with which people paste a root.
const API_PATH: &str = "/api/v1";

/// The token endpoint below a root.
const TOKEN_PATH: &str = "/api/v1/oauth2/token";

/// What tokens are asked for unless the caller says otherwise.
const SCOPE: &str = "sys_owner";

/// More of one user's sign-ins in one millisecond are not told apart after a break.
const MOST_KEPT: usize = 100;

/// The options that say how the service is reached and read. All others say what is read.
const HOW: [&str; 6] =
    ["base_url", "auth_url", "auth_encoding", "scopes", "concurrency", "fetch_ahead"];

/// Reads what the options ask for.
pub(crate) async fn run(args: &Ssojet, matches: &ArgMatches, reporter: &mut Reporter) -> Exit {
    read(args, matches, reporter).await
}

impl FetchCommand for Ssojet {
    const VENDOR: &'static str = VENDOR;
    type Client = Client;
    type Pager = LoginLogs;

    fn common(&self) -> &Common {
        &self.common
    }

    fn asked(&self, matches: &ArgMatches) -> Vec<(String, String)> {
        asked::options::<Self>(matches, &HOW, &[])
    }

    fn connect(&self, plan: &Plan<'_>) -> Result<Client, String> {
        client(self, plan)
    }

    fn open(&self, plan: &Plan<'_>, client: &Client) -> Result<LoginLogs, String> {
        let provenance = Provenance {
            vendor: VENDOR,
            endpoint: LOGIN_LOGS,
            client_id: Some(client.client_id().to_owned()),
            ..Provenance::default()
        };
        LoginLogs::new(self, plan, client, provenance).map_err(|error| plan.refused(&error))
    }
}

/// The login logs, each with an identity.
pub(crate) struct LoginLogs {
    pager: EveryList<AllSignIns>,
    identities: Identities,
    /// The identities of the last record and of those before it that share its user and time.
    last: Vec<String>,
    /// Of which user's list the service took the place no more, and how often.
    begun_again: (String, u64),
}

/// Where the pager stands, and what goes on being counted there.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LogCheckpoint {
    #[serde(rename = "walk")]
    pager: String,
    last: Vec<String>,
}

impl LoginLogs {
    fn new(
        args: &Ssojet,
        plan: &Plan<'_>,
        client: &Client,
        provenance: Provenance,
    ) -> Result<Self, Error> {
        let place = plan.resume().map(serde_json::from_str::<LogCheckpoint>).transpose();
        let place = place.map_err(|_| {
            let why = "its place is none that this walk can stand at";
            Error::new(ErrorKind::Checkpoint, "checkpoint", why, "remove it to start anew")
        })?;
        let (pager, last) = place.map(|place| (place.pager, place.last)).unzip();
        let reading = reading(args, client, pager.as_deref(), plan.reporter)?;
        let pager = EveryList::new(reading, provenance, &LOGIN_LOG);
        let last = last.unwrap_or_default();
        let identities = Identities::new(client.client_id()).after(&last);
        let begun_again = (String::new(), 0);
        Ok(Self { pager, identities, last, begun_again })
    }

    /// Where a list was begun again its records are counted anew, so that one that comes twice has
    /// one identity.
    fn count_anew(&mut self) {
        let times = self.pager.begun_again();
        let user = self.pager.provenance().user.as_deref().unwrap_or_default();
        if times > 0 && (self.begun_again.0 != user || self.begun_again.1 != times) {
            self.begun_again = (user.to_owned(), times);
            let client_id = self.pager.provenance().client_id.as_deref().unwrap_or_default();
            self.identities = Identities::new(client_id);
            self.last.clear();
        }
    }

    fn keep(&mut self, identity: &str) {
        let moment = |identity: &str| identity.rsplitn(3, '/').nth(2).map(str::to_owned);
        let same = self.last.last().is_some_and(|last| moment(last) == moment(identity));
        if !same {
            self.last.clear();
        } else if self.last.len() == MOST_KEPT {
            self.last.remove(0);
        }
        self.last.push(identity.to_owned());
    }
}

fn reading(
    args: &Ssojet,
    client: &Client,
    resume: Option<&str>,
    reporter: &Reporter,
) -> Result<Reading<AllSignIns>, Error> {
    let ahead = usize::from(args.fetch_ahead);
    let event = match args.event {
        Event::Login => Some(LoginEvent::Login),
        Event::None => None,
    };
    if args.users.is_empty() {
        let users = args.limit.into_iter().fold(client.users(), ssojet::Users::limit);
        let users = args.email.iter().fold(users, ssojet::Users::email);
        let list = client.all_sign_ins().users(users).event(event);
        let list = args.limit.into_iter().fold(list, AllSignIns::limit);
        let list = list.concurrency(args.concurrency.into()).fetch_ahead(ahead);
        return Reading::all(list.items(), resume, reporter);
    }
    let pagers = args.users.iter().map(|user| {
        let list = client.login_logs(user.as_str()).event(event);
        let list = args.limit.into_iter().fold(list, ssojet::LoginLogs::limit);
        (user.clone(), list.items().fetch_ahead(ahead))
    });
    let pagers = NamedLists::new(pagers, resume, reporter)?;
    Ok(Reading::Named(Box::new(pagers)))
}

fn client(args: &Ssojet, plan: &Plan<'_>) -> Result<Client, String> {
    let base_url = args.base_url.as_deref().unwrap_or(BASE_URL);
    let connection = Connection::new(plan, base_url)?;
    let proofs = Proofs::new(plan);
    let proof = oauth::the_one([
        (TOKEN, proofs.token(&[TOKEN])?.map(Proof::Token)),
        (CLIENT_SECRET, proofs.secret(&[CLIENT_SECRET])?.map(Proof::Secret)),
    ])?;
    let client_id = match &args.client_id {
        Some(client_id) => client_id.clone(),
        None => proofs.id("client id", &[CLIENT_ID])?,
    };
    let builder = Client::builder(client_id.as_str()).base_url(base_url);
    let builder = match (proof, &args.auth_url) {
        (Proof::Token(_), Some(_)) => {
            return Err(format!(
                "--auth-url goes with {CLIENT_SECRET}: with {TOKEN} no token is asked for; leave \
                 it out"
            ));
        }
        (Proof::Token(token), None) => builder.token_source(token),
        (Proof::Secret(secret), None) => builder.client_secret(secret),
        (Proof::Secret(secret), Some(url)) => {
            let url = url.trim().trim_end_matches('/');
            let root = url.strip_suffix(API_PATH).unwrap_or(url);
            let asked = ClientCredentials::new(token_url(root, TOKEN_PATH), client_id);
            let asked = match args.auth_encoding {
                Encoding::Json => asked.secret_in_body(secret).json(),
                Encoding::Form => asked.secret_in_body(secret),
                Encoding::Basic => asked.secret_by_basic(secret),
            };
            let default = Some(SCOPE.to_owned()).filter(|_| args.scopes.is_empty());
            let scopes = args.scopes.iter().cloned().chain(default);
            let scopes = scopes.filter(|scope| !scope.is_empty());
            builder.client_credentials(scopes.fold(asked, ClientCredentials::scope))
        }
    };
    connected!(builder, connection).build().map_err(|error| plan.refused(&error))
}

/// What the service is to be shown.
enum Proof {
    Token(Key),
    Secret(ClientSecret),
}

impl Pager for LoginLogs {
    type Row = <EveryList<AllSignIns> as Pager>::Row;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        let next = self.pager.try_next().await;
        self.count_anew();
        let provenance = self.pager.provenance();
        provenance.id = match (&next, &provenance.user) {
            (Ok(Some(row)), Some(user)) => self.identities.of(user, &row.record),
            _ => None,
        };
        if let Some(identity) = provenance.id.clone() {
            self.keep(&identity);
        }
        next
    }

    fn provenance(&mut self) -> &mut Provenance {
        self.pager.provenance()
    }

    fn report(&self) -> Report {
        self.pager.report()
    }
}

impl Resumable for LoginLogs {
    fn checkpoint(&self) -> Option<String> {
        let place = LogCheckpoint { pager: self.pager.checkpoint()?, last: self.last.clone() };
        serde_json::to_string(&place).ok()
    }

    fn noticed(&self) -> Vec<Warning> {
        self.pager.noticed()
    }

    fn any_read(&self) -> bool {
        self.pager.any_read()
    }

    fn is_newest_first(&self) -> bool {
        self.pager.is_newest_first()
    }
}

impl ListOwner for AllSignIns {
    fn id(user: &ListedUser) -> &str {
        &user.id
    }

    fn member(provenance: &mut Provenance) -> &mut Option<String> {
        &mut provenance.user
    }
}
