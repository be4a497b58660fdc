//! `signin fetch tines`: the way to a tenant, and the pager over its sign-ins.

use std::io;

use clap::ArgMatches;
use signin_core::event::NoEvent;
use signin_core::{Error, Items, Report, Warning};
use time::Duration;
use tines_admin::{AllSignIns, AuditLogs, Client, SigninActivities, TenantSignIn, TenantSignIns};

use super::args::{Tines, Way};
use crate::commands::fetch::args::Common;
use crate::commands::fetch::asked;
use crate::commands::fetch::failures::{GoingOn, Lists};
use crate::commands::fetch::named_lists::NamedLists;
use crate::commands::fetch::plan::Plan;
use crate::commands::fetch::session::Resumable;
use crate::commands::fetch::{FetchCommand, read};
use crate::connection::network::{Connection, connected};
use crate::connection::secrets::{self, Key};
use crate::formats::{Cells, Provenance};
use crate::outputs::sink::Sink;
use crate::reporting::reporter::Reporter;
use crate::run::collect::{Listed, Pager, Row};
use crate::run::exit::Exit;
use crate::vendors::tines;

const BASE_URL: &str = "TINES_BASE_URL";
const API_KEY: &str = "TINES_API_KEY";

/// The audit log's name for a sign-in.
const LOGIN: &str = "Login";

/// The options that say how the service is reached and read. All others say what is read.
const HOW: [&str; 3] = ["base_url", "concurrency", "fetch_ahead"];

/// Reads what the options ask for.
pub(crate) async fn run(args: &Tines, matches: &ArgMatches, reporter: &mut Reporter) -> Exit {
    read(args, matches, reporter).await
}

impl FetchCommand for Tines {
    const VENDOR: &'static str = tines::VENDOR;
    type Client = Client;
    type Pager = SignIns;

    fn common(&self) -> &Common {
        &self.common
    }

    fn asked(&self, matches: &ArgMatches) -> Vec<(String, String)> {
        asked::options::<Self>(matches, &HOW, &[])
    }

    fn connect(&self, plan: &Plan<'_>) -> Result<Client, String> {
        client(self, plan)
    }

    fn open(&self, plan: &Plan<'_>, client: &Client) -> Result<SignIns, String> {
        let mut provenance = tines::provenance(&client.origin().to_string(), "");
        provenance.user = None;
        let reading = Reading::open(self, plan, client).map_err(|error| plan.refused(&error))?;
        Ok(SignIns { reading, provenance, reporter: plan.reporter.clone(), told: false })
    }
}

fn client(args: &Tines, plan: &Plan<'_>) -> Result<Client, String> {
    let environment = &plan.environment;
    let base_url = match &args.base_url {
        Some(base_url) => base_url,
        None => environment.text(BASE_URL)?.ok_or_else(|| {
            format!(
                "the tenant is not known; set {BASE_URL} to its domain, such as acme.tines.com, \
                 or give --base-url"
            )
        })?,
    };
    let connection = Connection::new(plan, base_url)?;
    let place = secrets::find(API_KEY, environment)?;
    let place =
        place.ok_or_else(|| format!("there is no API key; {}", secrets::how_to_give(API_KEY)))?;
    let (key, warning) = Key::new(place)?;
    if let Some(warning) = warning {
        plan.reporter.warn(&warning);
    }
    let builder = connected!(Client::builder(base_url).token_source(key), connection);
    builder.build().map_err(|error| plan.refused(&error))
}

/// By which lists the sign-ins are read.
enum Reading {
    /// Everyone's.
    Tenant(Box<GoingOn<TenantSignIns>>),
    /// Some users', by the audit log.
    Logins(Box<Items<AuditLogs>>),
    /// Some users', user by user.
    Users(Box<NamedLists<SigninActivities>>),
}

impl Reading {
    /// A little more is asked for than is yielded: whether the service counts the bounds
    /// themselves is not documented.
    fn open(args: &Tines, plan: &Plan<'_>, client: &Client) -> Result<Self, Error> {
        let after = plan.range.since.saturating_sub(Duration::SECOND);
        let before = plan.past_until().map(|until| until.saturating_add(Duration::SECOND));
        let ahead = usize::from(args.fetch_ahead);
        match (args.way, args.users.is_empty()) {
            (way, true) => {
                let list = client.all_sign_ins().after(after).per_page(args.per_page);
                let list = list.concurrency(args.concurrency.into()).fetch_ahead(ahead);
                let list = list.stop_at_gone();
                let list = before.into_iter().fold(list, AllSignIns::before);
                let list = match way {
                    Way::Auto => list,
                    Way::AuditLog => list.way(tines_admin::Way::AuditLog),
                    Way::Users => list.way(tines_admin::Way::Users),
                };
                let pager = match plan.resume() {
                    Some(checkpoint) => list.items().resume(checkpoint.parse()?)?,
                    None => list.items(),
                };
                Ok(Self::Tenant(Box::new(GoingOn::new(pager, plan.reporter))))
            }
            (Way::AuditLog, false) => {
                let list = client.audit_logs().operation_name(LOGIN).after(after);
                let list = list.per_page(args.per_page);
                let list = before.into_iter().fold(list, AuditLogs::before);
                let list = args.users.iter().fold(list, |list, user| list.user_id(user.as_str()));
                let items = list.items().fetch_ahead(ahead);
                let pager = match plan.resume() {
                    Some(checkpoint) => items.resume(checkpoint.parse()?)?,
                    None => items,
                };
                Ok(Self::Logins(Box::new(pager)))
            }
            (Way::Auto | Way::Users, false) => {
                let pagers = args.users.iter().map(|user| {
                    let list = client.signin_activities(user.as_str()).after(after);
                    let list = list.per_page(args.per_page);
                    let list = before.into_iter().fold(list, SigninActivities::before);
                    (user.clone(), list.items().fetch_ahead(ahead))
                });
                let pagers = NamedLists::new(pagers, plan.resume(), plan.reporter)?;
                Ok(Self::Users(Box::new(pagers)))
            }
        }
    }
}

impl Lists for TenantSignIns {
    type Row = TenantSignIn;

    async fn try_next(&mut self) -> Result<Option<TenantSignIn>, Error> {
        self.try_next().await
    }

    fn read(&self) -> u64 {
        self.users_read()
    }

    fn at(&self) -> Option<String> {
        self.user().map(|user| user.id.to_string())
    }

    fn place(&self) -> Option<String> {
        Some(self.checkpoint()?.to_string())
    }

    fn report(&self) -> Report {
        self.report()
    }

    fn skip(&mut self) -> Result<(), Error> {
        self.skip_user()
    }
}

/// The sign-ins of a tenant.
pub(crate) struct SignIns {
    reading: Reading,
    provenance: Provenance,
    reporter: Reporter,
    /// Whether the way was told of.
    told: bool,
}

impl SignIns {
    /// Says which way the pager went, once that is known, where users go missing by it.
    fn tell_of_the_way(&mut self) {
        let Reading::Tenant(tenant) = &self.reading else { return };
        let pager = &tenant.pager;
        if self.told || pager.way().is_none() {
            return;
        }
        self.told = true;
        if let Some(refusal) = pager.refusal() {
            let status = refusal.status().unwrap_or_default();
            self.reporter.warn(&format!(
                "the audit log was refused ({status}): the sign-ins of each listed user are read \
                 instead, those of deleted users are not"
            ));
        }
    }
}

impl Pager for SignIns {
    type Row = SignIn;

    async fn try_next(&mut self) -> Result<Option<SignIn>, Error> {
        let next = match &mut self.reading {
            Reading::Tenant(tenant) => tenant.try_next().await.map(|next| next.map(SignIn::Tenant)),
            Reading::Logins(items) => {
                let next = items.try_next().await;
                next.map(|next| next.map(|row| SignIn::Tenant(TenantSignIn::AuditLog(row))))
            }
            Reading::Users(users) => {
                let next = users.try_next().await;
                next.map(|next| {
                    next.map(|record| SignIn::Activity(Listed { record, kind: &tines::ACTIVITY }))
                })
            }
        };
        self.tell_of_the_way();
        next
    }

    fn provenance(&mut self) -> &mut Provenance {
        let user = match &self.reading {
            Reading::Tenant(tenant) => tenant.pager.user().map(|user| user.id.as_str()),
            Reading::Logins(_) => None,
            Reading::Users(users) => users.at(),
        };
        if self.provenance.user.as_deref() != user {
            self.provenance.user = user.map(str::to_owned);
        }
        self.provenance.endpoint = match (&self.reading, user) {
            (Reading::Users(_), _) | (_, Some(_)) => tines::ENDPOINT,
            (_, None) => tines::AUDIT_LOGS,
        };
        &mut self.provenance
    }

    fn report(&self) -> Report {
        match &self.reading {
            Reading::Tenant(tenant) => tenant.pager.report(),
            Reading::Logins(items) => items.report().clone(),
            Reading::Users(users) => users.report(),
        }
    }
}

impl Resumable for SignIns {
    fn checkpoint(&self) -> Option<String> {
        match &self.reading {
            Reading::Tenant(tenant) => tenant.checkpoint(),
            Reading::Logins(items) => Some(items.checkpoint()?.to_string()),
            Reading::Users(users) => users.checkpoint(),
        }
    }

    fn noticed(&self) -> Vec<Warning> {
        match &self.reading {
            Reading::Tenant(tenant) => tenant.noticed(),
            Reading::Logins(items) => items.report().warnings.clone(),
            Reading::Users(users) => users.noticed(),
        }
    }

    fn any_read(&self) -> bool {
        match &self.reading {
            Reading::Tenant(tenant) if self.way() == Some(Way::Users.name()) => tenant.any_read(),
            Reading::Tenant(_) | Reading::Logins(_) => true,
            Reading::Users(users) => users.any_read(),
        }
    }

    fn way(&self) -> Option<&'static str> {
        let way = match &self.reading {
            Reading::Tenant(tenant) => match tenant.pager.way()? {
                tines_admin::Way::Users => Way::Users,
                _ => Way::AuditLog,
            },
            Reading::Logins(_) => Way::AuditLog,
            Reading::Users(_) => Way::Users,
        };
        Some(way.name())
    }

    fn is_newest_first(&self) -> bool {
        match &self.reading {
            Reading::Users(users) => users.is_one(),
            _ => self.way() == Some(Way::AuditLog.name()),
        }
    }
}

/// A sign-in by either way.
pub(crate) enum SignIn {
    Tenant(TenantSignIn),
    Activity(Listed<tines_admin::SigninActivity>),
}

impl Row for SignIn {
    fn cells(&self) -> Cells<'_> {
        match self {
            Self::Tenant(row) => row.cells(),
            Self::Activity(listed) => listed.cells(),
        }
    }

    fn raw(&self) -> &[u8] {
        match self {
            Self::Tenant(row) => Row::raw(row),
            Self::Activity(listed) => listed.raw(),
        }
    }

    fn put(&self, provenance: &Provenance, sink: &mut Sink) -> io::Result<Result<(), NoEvent>> {
        match self {
            Self::Tenant(row) => row.put(provenance, sink),
            Self::Activity(listed) => listed.put(provenance, sink),
        }
    }
}
