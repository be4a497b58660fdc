//! P7: what a record of the documented sample costs in allocations, counted on the test's own thread.

use signin_contract::allocations::{Raw, numbers_are_texts, of_page, of_walk};
use signin_contract::samples::Sample;
use signin_core::testing::Scripted;
use tines_admin::{Client, decode_signin_activities};

fn client(script: Scripted) -> Client {
    Client::builder("acme.tines.com").token("key-0123456789").transport(script).build().unwrap()
}

/// A page of this many records.
fn page(records: usize) -> String {
    let sample = include_str!("../../../../fixtures/tines/signin_activities.json");
    let rows = Sample::new(sample, "/admin~1login_activities").copies(records);
    format!(r#"{{"admin/login_activities":[{rows}],"meta":{{"count":{records}}}}}"#)
}

fn count(work: &mut dyn FnMut()) -> u64 {
    allocation_counter::measure(work).count_total
}

#[test]
fn p7_a_record_costs_an_allocation_for_each_of_its_texts_and_two_for_itself() {
    // Its ids are numbers.
    if numbers_are_texts() {
        return;
    }
    let decoded = of_page(count, page, |body| decode_signin_activities(body).unwrap().rows().len());
    let drained = of_walk(count, page, |script| {
        let client = client(script);
        client.signin_activities(72).per_page(100).items()
    });
    let raw = of_walk(count, page, |script| {
        let client = client(script);
        client.items(Raw(client.signin_activities(72).per_page(100)))
    });
    // A text for each of its five members, ids among them, the record's own, and its members in one.
    assert_eq!((decoded, drained, raw), (7, 7, 3));
}
