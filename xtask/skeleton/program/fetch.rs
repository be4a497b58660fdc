//! `signin fetch newvendor`: the way to the service, and the walk over its sign-ins.

use ::newvendor::{Client, SignIn, SignIns};
use signin_core::{Error, Items, Report};

use super::args::NewVendor;
use crate::commands::fetch::args::Common;
use crate::commands::fetch::plan::Plan;
use crate::commands::fetch::session::Resumable;
use crate::commands::fetch::{Reader, read};
use crate::connection::network::{Connection, connected};
use crate::connection::secrets::{self, Key};
use crate::formats::Source;
use crate::reporting::notes::Notes;
use crate::run::collect::{Listed, Walk};
use crate::run::exit::Exit;
use crate::vendors::newvendor;

const BASE_URL: &str = "NEWVENDOR_BASE_URL";
const TOKEN: &str = "NEWVENDOR_TOKEN";
const SERVICE: &str = "https://api.newvendor.example";

/// Reads what the options ask for.
pub(crate) async fn run(args: &NewVendor, notes: &mut Notes) -> Exit {
    read(args, notes).await
}

impl Reader for NewVendor {
    const VENDOR: &'static str = newvendor::VENDOR;
    type Client = Client;
    type Walk = Walking;

    fn common(&self) -> &Common {
        &self.common
    }

    fn asked(&self) -> Vec<(&'static str, String)> {
        vec![("--limit", self.limit.to_string())]
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
            plan.notes.warn(&warning);
        }
        let builder = Client::builder().base_url(base_url).token_source(key);
        connected!(builder, connection).build().map_err(|error| plan.refused(&error))
    }

    fn open(&self, plan: &Plan<'_>, client: &Client) -> Result<Walking, String> {
        let items = client.sign_ins().limit(self.limit).items();
        let items = match plan.resume() {
            Some(place) => resumed(items, place).map_err(|error| plan.refused(&error))?,
            None => items,
        };
        Ok(Walking { items, source: newvendor::source(client.origin().to_string()) })
    }
}

fn resumed(items: Items<SignIns>, place: &str) -> Result<Items<SignIns>, Error> {
    items.resume(place.parse()?)
}

/// The sign-ins of the account.
pub(crate) struct Walking {
    items: Items<SignIns>,
    source: Source,
}

impl Walk for Walking {
    type Row = Listed<SignIn>;

    async fn try_next(&mut self) -> Result<Option<Self::Row>, Error> {
        let record = self.items.try_next().await?;
        Ok(record.map(|record| Listed { record, kind: &newvendor::SIGN_IN }))
    }

    fn source(&mut self) -> &mut Source {
        &mut self.source
    }

    fn report(&self) -> Report {
        self.items.report().clone()
    }
}

impl Resumable for Walking {
    fn checkpoint(&self) -> Option<String> {
        Some(self.items.checkpoint()?.to_string())
    }

    fn is_newest_first(&self) -> bool {
        false
    }
}
