//! The contract of all vendors, by the sign-ins of a tenant, and by the customers, who are
//! asked for by POST.

use avepoint_graph::{Client, Environment, Items, Result, SignIns};
use signin_contract::samples::Sample;
use signin_contract::vendor::{App, Page, SECRET, Setup, TOKEN, Vendor};
use signin_contract::{contract, set_up};

struct AvePoint;

impl Vendor for AvePoint {
    type Client = Client;
    type List = SignIns;

    const BASE: &'static str = "https://graph.avepointonlineservices.com";
    const PARAMETER: &'static str = "pageIndex";
    const ERRORS: &'static [&'static str] = &[
        r#"{"traceId":"t","error":"Service unavailable","statusCode":503}"#,
        r#"{"statusCode":500,"message":"Failed","errors":[],"requestId":"t","traceId":"t"}"#,
    ];
    const REPEATS: bool = true;

    fn client(setup: &Setup) -> Result<Client> {
        set_up!(setup, Client::builder(Environment::Commercial).token(TOKEN)).build()
    }

    fn pager(client: &Client, size: u32) -> Items<SignIns> {
        client.sign_ins("c", "t").page_size(size).items()
    }

    async fn ask(setup: &Setup, id: &str) -> Result<()> {
        Self::client(setup)?.sign_ins(id, id).first_page().await.map(drop)
    }

    fn record(number: u64) -> String {
        crate::row(number)
    }

    fn sample() -> Sample {
        Sample::new(include_str!("../../../../fixtures/avepoint/sign_ins.jsonc"), "/data")
    }

    fn page(page: &Page<'_>) -> String {
        format!(r#"{{"data":[{}],"metadata":{{"totalCount":{}}}}}"#, page.records(), page.total)
    }
}

impl App for AvePoint {
    fn app(setup: &Setup, auth_url: &str) -> Result<Client> {
        let builder = Client::builder(Environment::Commercial).client_secret("app-1", SECRET);
        set_up!(setup, builder.auth_url(auth_url)).build()
    }
}

#[cfg(feature = "certificate")]
impl signin_contract::vendor::Certified for AvePoint {
    fn certified(setup: &Setup, auth_url: &str, certificate: &str, key: &str) -> Result<Client> {
        let builder = Client::builder(Environment::Commercial).auth_url(auth_url);
        set_up!(setup, builder.client_certificate("app-1", certificate, key)).build()
    }
}

contract! {
    vendor: AvePoint,
    totals: yes,
    continuations: no("pages are numbered, and say nothing of a next one"),
    links: no("pages are numbered, and say nothing of a next one"),
    ids: yes,
    tokens: yes,
    certificates: yes,
}

mod customers {
    use avepoint_graph::Customers as List;

    use super::*;

    struct Customers;

    impl Vendor for Customers {
        type Client = Client;
        type List = List;

        const BASE: &'static str = AvePoint::BASE;
        const METHOD: &'static str = "POST";
        const PARAMETER: &'static str = AvePoint::PARAMETER;
        const ERRORS: &'static [&'static str] = AvePoint::ERRORS;
        const REPEATS: bool = AvePoint::REPEATS;

        fn client(setup: &Setup) -> Result<Client> {
            AvePoint::client(setup)
        }

        fn pager(client: &Client, size: u32) -> Items<List> {
            client.customers().page_size(size).items()
        }

        fn record(number: u64) -> String {
            format!(
                r#"{{"id":"c-{number}","organization":"Example {number}","tenants":[{{"id":"t"}}]}}"#
            )
        }

        fn sample() -> Sample {
            Sample::new(include_str!("../../../../fixtures/avepoint/customers.json"), "/data")
        }

        fn page(page: &Page<'_>) -> String {
            AvePoint::page(page)
        }
    }

    impl App for Customers {
        fn app(setup: &Setup, auth_url: &str) -> Result<Client> {
            AvePoint::app(setup, auth_url)
        }
    }

    contract! {
        vendor: Customers,
        totals: yes,
        continuations: no("pages are numbered, and say nothing of a next one"),
        links: no("pages are numbered, and say nothing of a next one"),
        ids: no("its path has none"),
        tokens: yes,
        certificates: no("a login knows of no list: shown by the sign-ins"),
    }
}
