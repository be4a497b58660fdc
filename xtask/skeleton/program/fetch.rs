//! `signin fetch newvendor`: the way to the service, and the pager over its sign-ins.

use ::newvendor::{Client, SignIn, SignIns};
use clap::ArgMatches;
use signin_core::{Error, Items, Report};

use super::args::NewVendor;
use crate::commands::fetch::args::Common;
use crate::commands::fetch::asked;
use crate::commands::fetch::plan::Plan;
use crate::commands::fetch::session::Resumable;
use crate::commands::fetch::{FetchCommand, read};
use crate::connection::network::{Connection, connected};
use crate::connection::secrets::{self, Key};
use crate::formats::Provenance;
use crate::reporting::reporter::Reporter;
use crate::run::collect::{Listed, Pager};
use crate::run::exit::Exit;
use crate::vendors::newvendor;

const BASE_URL: &str = "NEWVENDOR_BASE_URL";
const TOKEN: &str = "NEWVENDOR_TOKEN";
const SERVICE: &str = "https://api.newvendor.example";

/// The options that say how the service is reached and read. All others say what is read.
const HOW: [&str; 1] = ["base_url"];

/// Reads what the options ask for.
pub(crate) async fn run(args: &NewVendor, matches: &ArgMatches, reporter: &mut Reporter) -> Exit {
    read(args, matches, reporter).await
}

impl FetchCommand for NewVendor {
    const VENDOR: &'static str = newvendor::VENDOR;
    type Client = Client;
    type Pager = Account;

    fn common(&self) -> &Common {
        &self.common
    }

    fn asked(&self, matches: &ArgMatches) -> Vec<(String, String)> {
        asked::options::<Self>(matches, &HOW, &[])
    }

    fn connect(&self, plan: &Plan<'_>) -> Result<Client, String> {
        let environment = &plan.environment;
        let base_url = match &self.base_url {
            Some(base_url) => base_url,
            None => environment.text(BASE_URL)?.unwrap_or(SERVICE),
        };
        let connection = Connection::new(plan, base_url)?;
        let place = secrets::find(TOKEN, environment)?;
        let place =
            place.ok_or_else(|| format!("there is no token; {}", secrets::how_to_give(TOKEN)))?;
        let (key, warning) = Key::new(place)?;
        if let Some(warning) = warning {
            plan.reporter.warn(&warning);
        }
        let builder = Client::builder().base_url(base_url).token_source(key);
        connected!(builder, connection).build().map_err(|error| plan.refused(&error))
    }

    fn open(&self, plan: &Plan<'_>, client: &Client) -> Result<Account, String> {
        let items = client.sign_ins().limit(self.limit).items();
        let items = match plan.resume() {
            Some(place) => resumed(items, place).map_err(|error| plan.refused(&error))?,
            None => items,
        };
        let provenance = newvendor::provenance(client.origin().to_string());
        Ok(Account { items, provenance })
    }
}

fn resumed(items: Items<SignIns>, place: &str) -> Result<Items<SignIns>, Error> {
    items.resume(place.parse()?)
}

/// The sign-ins of the account.
pub(crate) struct Account {
    items: Items<SignIns>,
    provenance: Provenance,
}

impl Pager for Account {
    type Row = Listed<SignIn>;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        let record = self.items.try_next().await?;
        Ok(record.map(|record| Listed { record, kind: &newvendor::SIGN_IN }))
    }

    fn provenance(&mut self) -> &mut Provenance {
        &mut self.provenance
    }

    fn report(&self) -> Report {
        self.items.report().clone()
    }
}

impl Resumable for Account {
    fn checkpoint(&self) -> Option<String> {
        Some(self.items.checkpoint()?.to_string())
    }

    fn is_newest_first(&self) -> bool {
        false
    }
}
