//! Tests of the Microsoft Graph client and its models, by promise.
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
mod decode;
mod edge;
mod errors;
#[cfg(feature = "events")]
mod event;
mod export;
mod fields;
mod filters;
mod lists;
mod load;
mod model;
mod origins;
mod pace;
mod paging;
mod rate_limits;
mod real_http;
mod requests;
mod resume;
mod samples;
mod single;
mod tenant;
mod traps;
mod windows;

use msgraph_signins::{Client, Items, SignIns, Timestamp};
use signin_core::testing::Scripted;

const TENANT: &str = "0000007e-0000-4000-8000-000000000001";

/// A client of an invented tenant that is answered from a script.
fn client(script: &Scripted) -> Client {
    Client::builder(TENANT).token("token-0123456789").transport(script.clone()).build().unwrap()
}

fn time(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// A record with this number for an id, from that minute of a day.
fn row(number: u32) -> String {
    let (hour, minute) = (number / 60 % 24, number % 60);
    format!(r#"{{"id":"{number}","createdDateTime":"2026-02-03T{hour:02}:{minute:02}:00Z"}}"#)
}

/// A page of these rows, with a link to the next one.
fn page(rows: impl IntoIterator<Item = u32>, next: Option<&str>) -> String {
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let next = next.map(|link| format!(r#","@odata.nextLink":"{link}""#)).unwrap_or_default();
    format!(r#"{{"@odata.context":"x","value":[{}]{next}}}"#, rows.join(","))
}

/// The address of a next page.
fn link(token: &str) -> String {
    format!("https://graph.microsoft.com/v1.0/auditLogs/signIns?$top=1000&$skiptoken={token}")
}

/// The ids of all that a pager yields.
async fn ids(items: &mut Items<SignIns>) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        ids.push(item.id.as_ref().unwrap().to_string());
    }
    ids
}
