//! The contract of all vendors.

use newvendor::{Client, Items, Result, SignIns};
use signin_contract::samples::Sample;
use signin_contract::vendor::{Continued, Page, Setup, TOKEN, Vendor};
use signin_contract::{contract, set_up};

struct NewVendor;

impl Vendor for NewVendor {
    type Client = Client;
    type List = SignIns;

    const BASE: &'static str = "https://api.newvendor.example";
    const PARAMETER: &'static str = "cursor";
    const ERRORS: &'static [&'static str] = &[r#"{"code":"failed","message":"Try again"}"#];

    fn client(setup: &Setup) -> Result<Client> {
        set_up!(setup, Client::builder().token(TOKEN)).build()
    }

    fn pager(client: &Client, size: u32) -> Items<SignIns> {
        client.sign_ins().limit(size).items()
    }

    fn record(number: u64) -> String {
        let (minutes, seconds) = (number / 60, number % 60);
        format!(
            r#"{{"id":"s-{number}","time":"2026-01-02T03:{minutes:02}:{seconds:02}Z","userId":"u-1"}}"#
        )
    }

    fn sample() -> Sample {
        Sample::new(include_str!("../../../../fixtures/newvendor/sign_ins.json"), "/data")
    }

    fn page(page: &Page<'_>) -> String {
        let next = page.next(|number| format!("c{number}"));
        format!(r#"{{"data":[{}],"next":{next}}}"#, page.records())
    }
}

impl Continued for NewVendor {
    const MEMBER: &'static str = "next";
}

contract! {
    vendor: NewVendor,
    totals: no("pages say no total"),
    continuations: yes,
    links: no("a cursor is a text, and sent back as one"),
    ids: no("its path has none"),
    tokens: no("a token is given, and none is got"),
    certificates: no("a token is given, and none is got"),
}
