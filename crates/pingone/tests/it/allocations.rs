//! P7: what a record of the documented sample costs in allocations, counted on the test's own thread.

use pingone::{Activities, Client, Region, Timestamp, decode_activities};
use signin_contract::allocations::{Raw, of_page, of_walk};
use signin_contract::samples::Sample;
use signin_core::testing::Scripted;

fn client(script: Scripted) -> Client {
    let environment = "00000000-0000-4000-8000-0000000000e1";
    let builder = Client::builder(Region::Europe, environment).token("token-0123456789");
    builder.transport(script).build().unwrap()
}

fn list(client: &Client) -> Activities {
    let [start, end] = ["2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"];
    client
        .activities(start.parse::<Timestamp>().unwrap(), end.parse::<Timestamp>().unwrap())
        .limit(100)
}

/// A page of this many records.
fn page(records: usize) -> String {
    let sample = include_str!("../../../../fixtures/pingone/activities.json");
    let rows = Sample::new(sample, "/_embedded/activities").copies(records);
    format!(r#"{{"_links":{{}},"_embedded":{{"activities":[{rows}]}}}}"#)
}

fn count(work: &mut dyn FnMut()) -> u64 {
    allocation_counter::measure(work).count_total
}

#[test]
fn p7_a_record_costs_an_allocation_for_each_of_its_texts_and_two_for_itself() {
    let decoded = of_page(count, page, |body| decode_activities(body).unwrap().rows().len());
    let drained = of_walk(count, page, |script| {
        let client = client(script);
        list(&client).items()
    });
    let raw = of_walk(count, page, |script| {
        let client = client(script);
        client.items(Raw(list(&client)))
    });
    // 27 texts, a list, the record's own text, and its members in one; members of enums are known
    // without one.
    assert_eq!((decoded, drained, raw), (30, 30, 4));
}
