//! Tests of the PingOne client, by promise.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod access;
mod allocations;
mod chaos;
mod contract;
mod dead_continuations;
mod decode;
mod errors;
#[cfg(feature = "events")]
mod event;
mod lists;
mod load;
mod model;
mod origins;
mod pace;
mod paging;
mod real_http;
mod requests;
mod resume;

use pingone::{Activities, Client, Items, Region, Timestamp};
use signin_core::testing::Scripted;

const ENVIRONMENT: &str = "00000000-0000-4000-8000-0000000000e1";
const ACTIVITIES: &str =
    "https://api.pingone.eu/v1/environments/00000000-0000-4000-8000-0000000000e1/activities";
const USER_ACTIVITIES: &str =
    "https://api.pingone.eu/v1/environments/00000000-0000-4000-8000-0000000000e1/userActivities";

/// A client of an invented environment that is answered from a script.
fn client(script: &Scripted) -> Client {
    Client::builder(Region::Europe, ENVIRONMENT)
        .token("key-0123456789")
        .transport(script.clone())
        .build()
        .unwrap()
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// The events of one day.
fn activities(script: &Scripted) -> Activities {
    client(script).activities(time("2026-11-02T00:00:00Z"), time("2026-11-03T00:00:00Z"))
}

/// An event with this id; ids that are close share their time.
fn row(id: u64) -> String {
    let minute = id / 4 % 60;
    format!(
        r#"{{"id":"{id}","recordedAt":"2026-11-02T10:{minute:02}:00.000Z","action":{{"type":"USER.ACCESS_ALLOWED"}}}}"#
    )
}

/// A page of these events, and a link to the next one with this query.
fn page(rows: impl IntoIterator<Item = u64>, next: Option<&str>) -> String {
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let next = next.map(|next| format!(r#","next":{{"href":"{ACTIVITIES}?{next}"}}"#));
    let next = next.unwrap_or_default();
    let rows = rows.join(",");
    format!(r#"{{"_links":{{"self":{{"href":"x"}}{next}}},"_embedded":{{"activities":[{rows}]}}}}"#)
}

/// The ids of all that a pager yields.
async fn ids(items: &mut Items<Activities>) -> Vec<u64> {
    let mut ids = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        ids.push(item.id.as_ref().unwrap().parse().unwrap());
    }
    ids
}
