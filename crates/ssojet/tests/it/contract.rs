//! The contract of all vendors, by the login logs of a user in the newer body, and by the users.

use signin_contract::samples::Sample;
use signin_contract::vendor::{App, Continued, Page, SECRET, Setup, TOKEN, Vendor};
use signin_contract::{contract, set_up};
use ssojet::{Client, Items, LoginLogs, Result};

struct SsoJet;

impl Vendor for SsoJet {
    type Client = Client;
    type List = LoginLogs;

    const BASE: &'static str = "https://api.ssojet.com";
    const PARAMETER: &'static str = "cursor";
    const ERRORS: &'static [&'static str] =
        &[r#"{"error":1013,"error_code":"internal","error_description":"Try again"}"#];
    const ALIKE: bool = true;

    fn client(setup: &Setup) -> Result<Client> {
        set_up!(setup, Client::builder("app-1").token(TOKEN)).build()
    }

    fn pager(client: &Client, size: u32) -> Items<LoginLogs> {
        client.login_logs("u").limit(size).items()
    }

    async fn ask(setup: &Setup, id: &str) -> Result<()> {
        Self::client(setup)?.login_logs(id).first_page().await.map(drop)
    }

    fn record(number: u64) -> String {
        crate::row(number)
    }

    fn sample() -> Sample {
        Sample::new(include_str!("../../../../fixtures/ssojet/login_logs.2026.json"), "/audit_logs")
    }

    fn page(page: &Page<'_>) -> String {
        page_of("audit_logs", page)
    }
}

const MEMBER: &str = "next_cursor";

impl Continued for SsoJet {
    const MEMBER: &'static str = MEMBER;
}

/// A page of the list of this name.
fn page_of(list: &str, page: &Page<'_>) -> String {
    let next = page.next(|number| format!("c{number}"));
    format!(r#"{{"{list}":[{}],"{MEMBER}":{next}}}"#, page.records())
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
    ids: yes,
    tokens: yes,
    certificates: no("an application has a secret only"),
}

mod users {
    use ssojet::Users as List;

    use super::*;

    struct Users;

    impl Vendor for Users {
        type Client = Client;
        type List = List;

        const BASE: &'static str = SsoJet::BASE;
        const PARAMETER: &'static str = SsoJet::PARAMETER;
        const ERRORS: &'static [&'static str] = SsoJet::ERRORS;

        fn client(setup: &Setup) -> Result<Client> {
            SsoJet::client(setup)
        }

        fn pager(client: &Client, size: u32) -> Items<List> {
            client.users().limit(size).items()
        }

        fn record(number: u64) -> String {
            format!(r#"{{"id":"u-{number}","email":"ada-{number}@example.com","is_active":true}}"#)
        }

        fn sample() -> Sample {
            Sample::new(include_str!("../../../../fixtures/ssojet/users.json"), "/users")
        }

        fn page(page: &Page<'_>) -> String {
            page_of("users", page)
        }
    }

    impl Continued for Users {
        const MEMBER: &'static str = MEMBER;
    }

    contract! {
        vendor: Users,
        totals: no("pages say no total"),
        continuations: yes,
        links: no("a cursor is a text, and sent back as one"),
        ids: no("its path has none"),
        tokens: no("a login knows of no list: shown by the login logs"),
        certificates: no("an application has a secret only"),
    }
}
