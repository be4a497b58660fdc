//! Tests of the AvePoint Elements client, by promise.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod access;
mod all_sign_ins;
mod allocations;
mod chaos;
mod contract;
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

use avepoint_graph::{Client, Environment, Items, SignIns};
use signin_core::testing::{Reply, Scripted, Sent};

/// A client that is answered from a script.
fn client(script: &Scripted) -> Client {
    Client::builder(Environment::Commercial)
        .token("key-0123456789")
        .transport(script.clone())
        .build()
        .unwrap()
}

/// The sign-ins of one tenant, three a page.
fn items(script: &Scripted) -> Items<SignIns> {
    client(script).sign_ins("c-1", "t-1").page_size(3).items()
}

/// A record with this id.
fn row(id: u64) -> String {
    let ticks = 638_907_426_550_000_000 + id * 10_000_000;
    format!(
        r#"{{"id":"s-{id}","loginTime":{ticks},"userId":"u-1","ip":"192.0.2.1","isRisk":false}}"#
    )
}

/// A page of these rows that says this total.
fn page(rows: impl IntoIterator<Item = u64>, total: usize) -> String {
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let rows = rows.join(",");
    format!(r#"{{"data":[{rows}],"metadata":{{"pageIndex":1,"pageSize":3,"totalCount":{total}}}}}"#)
}

/// The number of the page that a request asks for.
fn page_index(sent: &Sent) -> usize {
    sent.url.rsplit_once("pageIndex=").unwrap().1.parse().unwrap()
}

/// A tenant with these sign-ins, three a page.
fn tenant(ids: Vec<u64>) -> Scripted {
    Scripted::respond(move |sent| {
        let shown = ids.iter().copied().skip((page_index(sent) - 1) * 3).take(3);
        Reply::json(page(shown, ids.len()))
    })
}

/// The ids of all that a pager yields.
async fn ids(items: &mut Items<SignIns>) -> Vec<u64> {
    let mut ids = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        ids.push(number(item.id.as_ref().unwrap()));
    }
    ids
}

/// The number in the id of [`row`].
fn number(id: &str) -> u64 {
    id.strip_prefix("s-").unwrap().parse().unwrap()
}
