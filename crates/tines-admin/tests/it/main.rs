//! Tests of the Tines client, by promise.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

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

use signin_core::testing::Scripted;
use tines_admin::{Client, Items, SigninActivities};

/// A client of an invented tenant that is answered from a script.
fn client(script: &Scripted) -> Client {
    Client::builder("acme.tines.com")
        .token("key-0123456789")
        .transport(script.clone())
        .build()
        .unwrap()
}

/// A record with this id; ids that are close share their time, as in the documented sample.
fn row(id: u64) -> String {
    let minute = id / 7 % 60;
    format!(
        r#"{{"created_at":"2025-06-10T10:{minute:02}:00Z","id":{id},"user_id":72,"ip":"192.0.2.1","user_agent":"x"}}"#
    )
}

/// A page of these rows with this `meta`.
fn page(rows: impl IntoIterator<Item = u64>, meta: &str) -> String {
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    format!(r#"{{"admin/login_activities":[{}],"meta":{{{meta}}}}}"#, rows.join(","))
}

/// The ids of all that a pager yields.
async fn ids(items: &mut Items<SigninActivities>) -> Vec<u64> {
    let mut ids = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        ids.push(item.id.as_ref().unwrap().parse().unwrap());
    }
    ids
}
