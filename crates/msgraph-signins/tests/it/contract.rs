//! The contract of all vendors, by the list of sign-ins.

use msgraph_signins::{Client, Items, Result, SignIns};
use signin_contract::samples::Sample;
use signin_contract::vendor::{App, Continued, Linked, Page, SECRET, Setup, TOKEN, Vendor};
use signin_contract::{contract, set_up};

use crate::TENANT;

struct Graph;

impl Vendor for Graph {
    type Client = Client;
    type List = SignIns;

    const BASE: &'static str = "https://graph.microsoft.com";
    const PARAMETER: &'static str = "skiptoken";
    const ERRORS: &'static [&'static str] = &[
        r#"{"error":{"code":"ServiceUnavailable","message":"Try again","innerError":{"request-id":"r-1"}}}"#,
    ];

    fn client(setup: &Setup) -> Result<Client> {
        set_up!(setup, Client::builder(TENANT).token(TOKEN)).build()
    }

    fn pager(client: &Client, size: u32) -> Items<SignIns> {
        client.sign_ins().top(size).items()
    }

    async fn ask(setup: &Setup, id: &str) -> Result<()> {
        Self::client(setup)?.sign_in(id).send().await.map(drop)
    }

    fn record(number: u64) -> String {
        crate::row(number.try_into().unwrap())
    }

    fn sample() -> Sample {
        Sample::new(include_str!("../../../../fixtures/msgraph/sign_in.fido2_mfa.http"), "/value")
    }

    fn page(page: &Page<'_>) -> String {
        let next = page.next(|number| Self::link(page.base, &number.to_string()));
        format!(r#"{{"value":[{}],"{}":{next}}}"#, page.records(), Self::MEMBER)
    }
}

impl Continued for Graph {
    const MEMBER: &'static str = "@odata.nextLink";
}

impl Linked for Graph {
    fn link(base: &str, text: &str) -> String {
        format!("{base}/v1.0/auditLogs/signIns?$skiptoken={text}")
    }
}

impl App for Graph {
    fn app(setup: &Setup, auth_url: &str) -> Result<Client> {
        let builder = Client::builder(TENANT).client_secret("app-1", SECRET).auth_url(auth_url);
        set_up!(setup, builder).build()
    }
}

#[cfg(feature = "certificate")]
impl signin_contract::vendor::Certified for Graph {
    fn certified(setup: &Setup, auth_url: &str, certificate: &str, key: &str) -> Result<Client> {
        let builder = Client::builder(TENANT).auth_url(auth_url);
        set_up!(setup, builder.client_certificate("app-1", certificate, key)).build()
    }
}

contract! {
    vendor: Graph,
    totals: no("pages say no total"),
    continuations: yes,
    links: yes,
    ids: yes,
    tokens: yes,
    certificates: yes,
}
