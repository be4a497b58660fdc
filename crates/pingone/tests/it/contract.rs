//! The contract of all vendors, by the activities of an environment and its user activities.

use pingone::{Activities, Client, Items, Region, Result};
use signin_contract::samples::Sample;
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
    const ERRORS: &'static [&'static str] = &[
        r#"{"id":"e-1","code":"UNEXPECTED_ERROR","message":"An unexpected error occurred."}"#,
        r#"{"id":"e-1","code":"REQUEST_FAILED","message":"Failed","details":[{"code":"X","message":"Try again"}]}"#,
    ];

    fn client(setup: &Setup) -> Result<Client> {
        set_up!(setup, Client::builder(Region::Europe, ENVIRONMENT).token(TOKEN)).build()
    }

    fn pager(client: &Client, size: u32) -> Items<Activities> {
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

    fn sample() -> Sample {
        Sample::new(
            include_str!("../../../../fixtures/pingone/activities.json"),
            "/_embedded/activities",
        )
    }

    fn page(page: &Page<'_>) -> String {
        page_of("activities", page)
    }
}

const MEMBER: &str = "href";

impl Continued for PingOne {
    const MEMBER: &'static str = MEMBER;
}

impl Linked for PingOne {
    fn link(base: &str, text: &str) -> String {
        link_of("activities", base, text)
    }
}

/// A page of the list of this name.
fn page_of(list: &str, page: &Page<'_>) -> String {
    let next = page.next(|number| link_of(list, page.base, &number.to_string()));
    format!(
        r#"{{"_links":{{"next":{{"{MEMBER}":{next}}}}},"_embedded":{{"{list}":[{}]}}}}"#,
        page.records()
    )
}

fn link_of(list: &str, base: &str, text: &str) -> String {
    format!("{base}/v1/environments/{ENVIRONMENT}/{list}?cursor={text}")
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
    ids: yes,
    tokens: yes,
    certificates: no("an application has a secret only"),
}

mod user_activities {
    use pingone::{SampleSize, UserActivities as List};

    use super::*;

    struct UserActivities;

    impl Vendor for UserActivities {
        type Client = Client;
        type List = List;

        const BASE: &'static str = PingOne::BASE;
        const PARAMETER: &'static str = PingOne::PARAMETER;
        const ERRORS: &'static [&'static str] = PingOne::ERRORS;

        fn client(setup: &Setup) -> Result<Client> {
            PingOne::client(setup)
        }

        fn pager(client: &Client, size: u32) -> Items<List> {
            let size = if size.is_multiple_of(2) { SampleSize::Day } else { SampleSize::Hour };
            client.user_activities().sample_size(size).items()
        }

        async fn ask(setup: &Setup, id: &str) -> Result<()> {
            let client =
                set_up!(setup, Client::builder(Region::Europe, id).token(TOKEN)).build()?;
            client.user_activities().first_page().await.map(drop)
        }

        /// The hour of this number.
        fn record(number: u64) -> String {
            let (day, hour) = (number / 24, number % 24);
            let (month, day) = (day / 28 + 1, day % 28 + 1);
            let start = format!("2026-{month:02}-{day:02}T{hour:02}:00:00Z");
            format!(
                r#"{{"startDate":"{start}","userSignOns":{{"successes":{number},"failures":0}}}}"#
            )
        }

        fn sample() -> Sample {
            Sample::new(
                include_str!("../../../../fixtures/pingone/user_activities.json"),
                "/_embedded/userActivities",
            )
        }

        fn page(page: &Page<'_>) -> String {
            page_of("userActivities", page)
        }
    }

    impl Continued for UserActivities {
        const MEMBER: &'static str = MEMBER;
    }

    impl Linked for UserActivities {
        fn link(base: &str, text: &str) -> String {
            link_of("userActivities", base, text)
        }
    }

    contract! {
        vendor: UserActivities,
        totals: no("pages say no total"),
        continuations: yes,
        links: yes,
        ids: yes,
        tokens: no("a login knows of no list: shown by the activities"),
        certificates: no("an application has a secret only"),
    }
}
