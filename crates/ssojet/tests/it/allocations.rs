//! P7: what a record of the documented sample costs in allocations, counted on the test's own thread.

use signin_contract::allocations::{Raw, of_page, of_walk};
use signin_contract::samples::Sample;
use signin_core::testing::Scripted;
use ssojet::{Client, decode_login_logs};

fn client(script: Scripted) -> Client {
    Client::builder("app-1").token("token-0123456789").transport(script).build().unwrap()
}

/// A page of this many records.
fn page(records: usize) -> String {
    let sample = include_str!("../../../../fixtures/ssojet/login_logs.2026.json");
    let rows = Sample::new(sample, "/audit_logs").copies(records);
    format!(r#"{{"audit_logs":[{rows}],"next_cursor":null}}"#)
}

fn count(work: &mut dyn FnMut()) -> u64 {
    allocation_counter::measure(work).count_total
}

#[test]
fn p7_a_record_costs_an_allocation_for_each_of_its_texts_and_two_for_itself() {
    let decoded = of_page(count, page, |body| decode_login_logs(body).unwrap().rows().len());
    let drained = of_walk(count, page, |script| {
        let client = client(script);
        client.login_logs("u").limit(100).items()
    });
    let raw = of_walk(count, page, |script| {
        let client = client(script);
        client.items(Raw(client.login_logs("u").limit(100)))
    });
    // Its nine texts, the record's own, and its members in one; what it is known by, having no id,
    // is made in the pager.
    assert_eq!((decoded, drained, raw), (11, 12, 3));
}
