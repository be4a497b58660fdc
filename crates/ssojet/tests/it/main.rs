//! Tests of the SSOJet client, by promise.
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
mod dead_continuations;
mod errors;
#[cfg(feature = "events")]
mod event;
mod identity;
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
use ssojet::{Client, Items, LoginLogs};

/// A client of an invented application that is answered from a script.
fn client(script: &Scripted) -> Client {
    Client::builder("app-1").token("sk_live_0123456789").transport(script.clone()).build().unwrap()
}

/// A login log of the newer body at this second.
fn row(second: u64) -> String {
    let (minutes, seconds) = (second / 60, second % 60);
    format!(
        r#"{{"created_at":"2026-01-02T03:{minutes:02}:{seconds:02}Z","event":"login","ip_address":"192.0.2.1"}}"#
    )
}

/// A page of the newer body with these rows, followed by the page at this cursor.
fn page(rows: impl IntoIterator<Item = u64>, next: Option<&str>) -> String {
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    let next = next.map_or_else(|| "null".to_owned(), |next| format!("\"{next}\""));
    format!(r#"{{"audit_logs":[{}],"limit":50,"next_cursor":{next}}}"#, rows.join(","))
}

/// The body of 2024 with these rows.
fn older(rows: impl IntoIterator<Item = u64>) -> String {
    let rows = rows.into_iter().map(|second| {
        row(second).replace("created_at", "CreatedAt").replace("ip_address", "IpAddress")
    });
    format!(r#"{{"login_logs":[{}]}}"#, rows.collect::<Vec<_>>().join(","))
}

/// The seconds of all that a pager yields.
async fn seconds(items: &mut Items<LoginLogs>) -> Vec<u64> {
    take(items, usize::MAX).await
}

/// The seconds of the next `count` records, or of as many as there are.
async fn take(items: &mut Items<LoginLogs>, count: usize) -> Vec<u64> {
    let mut taken = Vec::new();
    while taken.len() < count
        && let Some(item) = items.try_next().await.unwrap()
    {
        let at = item.created_at.as_ref().unwrap().instant();
        taken.push(u64::from(at.minute()) * 60 + u64::from(at.second()));
    }
    taken
}
