//! The contract of all vendors, by the activities of an environment.

use pingone::{Activities, Client, Items, Region, Result};
use signin_contract::vendor::{App, Continued, Linked, Page, SECRET, Setup, TOKEN, Vendor};
use signin_contract::{contract, set_up};

use crate::{ENVIRONMENT, time};

struct PingOne;

fn list(client: &Client) -> Activities {
    client.activities(time("2026-11-02T00:00:00Z"), time("2026-11-03T00:00:00Z"))
}

impl Vendor for PingOne {
    type Client = Client;
    type List = Activities;

    const BASE: &'static str = "https://api.pingone.eu";
    const PARAMETER: &'static str = "cursor";

    fn client(setup: &Setup) -> Result<Client> {
        set_up!(setup, Client::builder(Region::Europe, ENVIRONMENT).token(TOKEN)).build()
    }

    fn walk(client: &Client, size: u32) -> Items<Activities> {
        list(client).limit(size).items()
    }

    /// The environment is the only id in a path.
    async fn ask(setup: &Setup, id: &str) -> Result<()> {
        let client = set_up!(setup, Client::builder(Region::Europe, id).token(TOKEN)).build()?;
        list(&client).first_page().await.map(drop)
    }

    fn record(number: u64) -> String {
        crate::row(number)
    }

    fn page(page: &Page<'_>) -> String {
        let next = page.next(|number| Self::link(page.base, &number.to_string()));
        format!(
            r#"{{"_links":{{"next":{{"{}":{next}}}}},"_embedded":{{"activities":[{}]}}}}"#,
            Self::MEMBER,
            page.records()
        )
    }
}

impl Continued for PingOne {
    const MEMBER: &'static str = "href";
}

impl Linked for PingOne {
    fn link(base: &str, text: &str) -> String {
        format!("{base}/v1/environments/{ENVIRONMENT}/activities?cursor={text}")
    }
}

impl App for PingOne {
    fn app(setup: &Setup, auth_url: &str) -> Result<Client> {
        let builder = Client::builder(Region::Europe, ENVIRONMENT).client_secret("app-1", SECRET);
        set_up!(setup, builder.token_url(format!("{auth_url}/as/token"))).build()
    }
}

contract! {
    vendor: PingOne,
    totals: no("pages say no total that could be relied on, and none is read"),
    continuations: yes,
    links: yes,
    tokens: yes,
    certificates: no("an application has a secret only"),
}
