//! P7: what a record of the documented sample costs in allocations, counted on the test's own thread.

use msgraph_signins::{Client, decode_sign_ins};
use signin_contract::allocations::{Raw, of_page, of_walk};
use signin_contract::samples::Sample;
use signin_core::testing::Scripted;

fn client(script: Scripted) -> Client {
    let tenant = "contoso.onmicrosoft.com";
    Client::builder(tenant).token("token-0123456789").transport(script).build().unwrap()
}

/// A page of this many records of v1.0.
fn page(records: usize) -> String {
    let sample = include_str!("../../../../fixtures/msgraph/sign_in.entity.json");
    let rows = Sample::new(sample, "").copies(records);
    format!(r#"{{"value":[{rows}]}}"#)
}

/// A page of this many records of beta.
fn beta_page(records: usize) -> String {
    let sample = include_str!("../../../../fixtures/msgraph/sign_ins.page.json");
    let rows = Sample::new(sample, "/value").copies(records);
    format!(r#"{{"value":[{rows}]}}"#)
}

fn count(work: &mut dyn FnMut()) -> u64 {
    allocation_counter::measure(work).count_total
}

/// Read without a client, walked, and walked as text.
fn costs(page: fn(usize) -> String) -> (u64, u64, u64) {
    let decoded = of_page(count, page, |body| decode_sign_ins(body).unwrap().rows().len());
    let drained = of_walk(count, page, |script| client(script).sign_ins().top(100).items());
    let raw = of_walk(count, page, |script| {
        let client = client(script);
        client.items(Raw(client.sign_ins().top(100)))
    });
    (decoded, drained, raw)
}

#[test]
fn p7_a_record_costs_an_allocation_for_each_of_its_texts_and_two_for_itself() {
    // 36 texts, six lists, the record's own text, and its members in one; members of enums are
    // known without one.
    assert_eq!(costs(page), (44, 44, 4));
    assert_eq!(costs(beta_page), (28, 28, 4));
}
