//! The contract of all vendors, by the login logs of a user in the newer body.

use signin_contract::vendor::{App, Continued, Page, SECRET, Setup, TOKEN, Vendor};
use signin_contract::{contract, set_up};
use ssojet::{Client, Items, LoginLogs, Result};

struct SsoJet;

impl Vendor for SsoJet {
    type Client = Client;
    type List = LoginLogs;

    const BASE: &'static str = "https://api.ssojet.com";
    const PARAMETER: &'static str = "cursor";

    fn client(setup: &Setup) -> Result<Client> {
        set_up!(setup, Client::builder("app-1").token(TOKEN)).build()
    }

    fn walk(client: &Client, size: u32) -> Items<LoginLogs> {
        client.login_logs("u").limit(size).items()
    }

    async fn ask(setup: &Setup, id: &str) -> Result<()> {
        Self::client(setup)?.login_logs(id).first_page().await.map(drop)
    }

    fn record(number: u64) -> String {
        crate::row(number)
    }

    fn page(page: &Page<'_>) -> String {
        let next = page.next(|number| format!("c{number}"));
        format!(r#"{{"audit_logs":[{}],"{}":{next}}}"#, page.records(), Self::MEMBER)
    }
}

impl Continued for SsoJet {
    const MEMBER: &'static str = "next_cursor";
}

impl App for SsoJet {
    /// Tokens are got below the base URL.
    fn app(setup: &Setup, _: &str) -> Result<Client> {
        set_up!(setup, Client::builder("app-1").client_secret(SECRET)).build()
    }
}

contract! {
    vendor: SsoJet,
    totals: no("pages say no total"),
    continuations: yes,
    links: no("a cursor is a text, and sent back as one"),
    tokens: yes,
    certificates: no("an application has a secret only"),
}
