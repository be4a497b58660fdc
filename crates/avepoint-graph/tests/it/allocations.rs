//! P7: what a record of the documented sample costs in allocations, counted on the test's own thread.

use avepoint_graph::{Client, Environment, decode_sign_ins};
use signin_contract::allocations::{Raw, numbers_are_texts, of_page, of_walk};
use signin_contract::samples::Sample;
use signin_core::testing::Scripted;

fn client(script: Scripted) -> Client {
    let builder = Client::builder(Environment::Commercial).token("token-0123456789");
    builder.transport(script).build().unwrap()
}

/// A page of this many records.
fn page(records: usize) -> String {
    let sample = include_str!("../../../../fixtures/avepoint/sign_ins.jsonc");
    let rows = Sample::new(sample, "/data").copies(records);
    format!(r#"{{"data":[{rows}],"metadata":{{"totalCount":{records}}}}}"#)
}

fn count(work: &mut dyn FnMut()) -> u64 {
    allocation_counter::measure(work).count_total
}

#[test]
fn p7_a_record_costs_an_allocation_for_each_of_its_texts_and_two_for_itself() {
    // Its time and its place are numbers.
    if numbers_are_texts() {
        return;
    }
    let decoded = of_page(count, page, |body| decode_sign_ins(body).unwrap().rows().len());
    let drained = of_walk(count, page, |script| {
        let client = client(script);
        client.sign_ins("c", "t").page_size(100).items()
    });
    let raw = of_walk(count, page, |script| {
        let client = client(script);
        client.items(Raw(client.sign_ins("c", "t").page_size(100)))
    });
    // Its seven texts, the record's own, and its members in one.
    assert_eq!((decoded, drained, raw), (9, 9, 3));
}
