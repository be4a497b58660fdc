//! The contract of all vendors, by the sign-in activities of a user.

use signin_contract::vendor::{Continued, Next, Page, Setup, TOKEN, Vendor};
use signin_contract::{contract, set_up};
use tines_admin::{Client, Items, Result, SigninActivities};

struct Tines;

impl Vendor for Tines {
    type Client = Client;
    type List = SigninActivities;

    const BASE: &'static str = "https://acme.tines.com";
    const PARAMETER: &'static str = "page";

    fn client(setup: &Setup) -> Result<Client> {
        set_up!(setup, Client::builder("acme.tines.com").token(TOKEN)).build()
    }

    fn walk(client: &Client, size: u32) -> Items<SigninActivities> {
        client.signin_activities(72).per_page(size).items()
    }

    async fn ask(setup: &Setup, id: &str) -> Result<()> {
        Self::client(setup)?.signin_activities(id).first_page().await.map(drop)
    }

    fn record(number: u64) -> String {
        crate::row(number)
    }

    fn page(page: &Page<'_>) -> String {
        let member = if matches!(page.next, Next::Text(_)) { "next_page" } else { Self::MEMBER };
        let next = page.next(|number| number.to_string());
        format!(
            r#"{{"admin/login_activities":[{}],"meta":{{"{member}":{next},"count":{}}}}}"#,
            page.records(),
            page.total
        )
    }
}

impl Continued for Tines {
    const MEMBER: &'static str = "next_page_number";
    const NONE: &'static [&'static str] = &["2.5", "-1", "\"two\"", "18446744073709551616"];
}

contract! {
    vendor: Tines,
    totals: yes,
    continuations: yes,
    links: no("pages are numbered: a link is read for its number only, and never followed"),
    tokens: no("keys are made by hand and do not end"),
    certificates: no("there is no login"),
}
