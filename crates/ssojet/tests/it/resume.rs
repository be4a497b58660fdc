//! A break can be resumed (P3).

use signin_core::testing::{Reply, Scripted, Sent};
use ssojet::{Checkpoint, ErrorKind, Items, LoginEvent, LoginLogs};

use crate::{client, older, page, seconds, take};

/// Seconds of sign-ins, several of them alike, within pages and across them.
const ALL: [u64; 11] = [1, 2, 2, 2, 3, 3, 4, 5, 5, 5, 5];

/// Everything at once, or two on a page.
fn serve(rows: &[u64], newer: bool, sent: &Sent) -> Reply {
    if !newer {
        return Reply::json(older(rows.iter().copied()));
    }
    let start: usize = sent.url.split_once("&cursor=").map_or(0, |(_, at)| at.parse().unwrap());
    let next = (start + 2).to_string();
    let more = start + 2 < rows.len();
    Reply::json(page(rows.iter().copied().skip(start).take(2), more.then_some(&next)))
}

fn service(newer: bool) -> Scripted {
    Scripted::respond(move |sent| serve(&ALL, newer, sent))
}

fn items(script: &Scripted) -> Items<LoginLogs> {
    client(script).login_logs("u").items()
}

fn stored(items: &Items<LoginLogs>) -> Checkpoint {
    let text = items.checkpoint().unwrap().to_string();
    assert!(!text.contains("sk_live"), "{text}");
    text.parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_cut_after_any_record_is_resumed_without_loss_or_repeat() {
    for newer in [false, true] {
        for cut in 0..=ALL.len() {
            let mut first = items(&service(newer));
            let mut got = take(&mut first, cut).await;
            let mut second = items(&service(newer)).resume(stored(&first)).unwrap();
            got.extend(seconds(&mut second).await);
            assert_eq!(got, ALL, "newer {newer}, cut after {cut}");
            assert!(second.report().is_complete());
        }
    }
}

/// Between the break and the resume, sign-ins were added at the end.
#[tokio::test(start_paused = true)]
async fn p3_what_arrived_meanwhile_comes_too_while_the_walk_is_not_over() {
    let more: Vec<u64> = ALL.iter().copied().chain([5, 6, 7]).collect();
    for newer in [false, true] {
        for cut in 0..ALL.len() {
            let mut first = items(&service(newer));
            let mut got = take(&mut first, cut).await;
            let rows = more.clone();
            let grown = Scripted::respond(move |sent| serve(&rows, newer, sent));
            let mut second = items(&grown).resume(stored(&first)).unwrap();
            got.extend(seconds(&mut second).await);
            assert_eq!(got, more, "newer {newer}, cut after {cut}");
        }
    }
}

/// The oldest expired: within the page at hand nothing that is left is missed.
#[tokio::test(start_paused = true)]
async fn p3_records_that_expired_meanwhile_hide_no_others() {
    for cut in 0..=ALL.len() {
        for gone in 0..=ALL.len() {
            let mut first = items(&service(false));
            let mut got = take(&mut first, cut).await;
            let left = &ALL[gone..];
            let rows = left.to_vec();
            let shrunk = Scripted::respond(move |sent| serve(&rows, false, sent));
            let mut second = items(&shrunk).resume(stored(&first)).unwrap();
            got.extend(seconds(&mut second).await);
            for row in left {
                let count = |rows: &[u64]| rows.iter().filter(|other| *other == row).count();
                assert!(count(&got) >= count(left), "cut {cut}, gone {gone}: {row} of {got:?}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_another_users_clients_or_querys_checkpoint_is_refused() {
    let script = service(true);
    let ssojet = client(&script);
    let mut first = items(&script);
    take(&mut first, 4).await;
    let other = ssojet.for_client_id("app-2").unwrap();
    let cases = [
        (ssojet.login_logs("v"), "another user or thing"),
        (ssojet.login_logs("u").limit(4), "another `limit`"),
        (ssojet.login_logs("u").event(None::<LoginEvent>), "another `event`"),
        (other.login_logs("u"), "another `client_id`"),
    ];
    for (list, difference) in cases {
        let error = list.items().resume(stored(&first)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Checkpoint);
        assert!(error.to_string().contains(difference), "{error}");
    }
    let users = ssojet.users().items().resume(stored(&first)).unwrap_err();
    assert!(users.to_string().contains("another operation"), "{users}");
}

#[tokio::test(start_paused = true)]
async fn p3_an_error_carries_the_place_to_resume_from_and_the_next_call_tries_again() {
    let mut left = 1;
    let flaky = Scripted::respond(move |sent| {
        if sent.url.ends_with("cursor=4") && left > 0 {
            left -= 1;
            return Reply::status(403);
        }
        serve(&ALL, true, sent)
    });
    let mut pager = items(&flaky);
    let got = take(&mut pager, 4).await;
    let error = pager.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Permission);
    let mut other = items(&service(true)).resume(error.checkpoint().unwrap().clone()).unwrap();
    for pager in [&mut pager, &mut other] {
        assert_eq!([got.clone(), seconds(pager).await].concat(), ALL);
    }
}

#[tokio::test(start_paused = true)]
async fn a_broken_page_is_asked_for_once_more_and_cannot_be_skipped() {
    let script = Scripted::respond(move |sent| match sent.url.ends_with("cursor=2") {
        true => Reply::json("{\"audit_logs\":[{\"city\":1"),
        false => serve(&ALL, true, sent),
    });
    let mut pager = items(&script);
    assert_eq!(take(&mut pager, 2).await, [1, 2]);
    let error = pager.try_next().await.unwrap_err();
    assert_eq!((error.kind(), script.sent().len()), (ErrorKind::Decode, 3));
    assert_eq!(error.body(), Some(b"{\"audit_logs\":[{\"city\":1".as_slice()));
    let mut rest = items(&service(true)).resume(error.checkpoint().unwrap().clone()).unwrap();
    assert_eq!(seconds(&mut rest).await, ALL[2..]);
    let error = pager.skip_page().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging, "the way on is lost with the page: {error}");
}
