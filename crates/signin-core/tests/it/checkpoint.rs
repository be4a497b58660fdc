//! Forged checkpoints: who can write them can make a pager leave records out, and no more.

use signin_core::Paging;
use signin_core::testing::{Reply, Scripted};
use signin_core::{Checkpoint, ErrorKind, Json};

use crate::api::{CURSOR, List, drain, page, scripted};
use crate::resume::forged;

#[tokio::test(start_paused = true)]
async fn p4_a_forged_checkpoint_fixes_nothing_that_the_caller_asked_by_and_nothing_twice() {
    let pinned = r#""pinned":[["until","2999-01-01"]]"#;
    let twice = r#""pinned":[["until","2020-01-01"],["until","2999-01-01"]]"#;
    let asked = vec![("until", "2026-01-01".to_owned())];
    for (query, pinned) in [(asked, pinned), (Vec::new(), twice)] {
        let list = List::<Json> { query, ..List::new(CURSOR) };
        let first = Reply::json(page("1", r#""cursor":"x""#));
        let mut items = scripted(Scripted::new([first])).items(list.clone());
        items.try_next().await.unwrap();
        let text = forged(&items.checkpoint().unwrap(), r#""pinned":[]"#, pinned);
        let script = Scripted::respond(|_| Reply::json(page("1", "")));
        let resumed = scripted(script.clone()).items(list).resume(text.parse().unwrap());
        let error = resumed.map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Checkpoint, "{error}");
    }
}

/// A list in no known order is asked for from its start again, without the link.
#[tokio::test(start_paused = true)]
async fn p4_a_forged_checkpoint_fixes_nothing_behind_a_link_either() {
    let list = List::<Json>::new(Paging::NextLink).unordered();
    let first = Reply::json(page("1", r#""next":"https://api.example/v1/events?t=2""#));
    let mut items = scripted(Scripted::new([first])).items(list.clone());
    items.try_next().await.unwrap();
    let pinned = r#""pinned":[["user_id","73"]]"#;
    let text = forged(&items.checkpoint().unwrap(), r#""pinned":[]"#, pinned);
    let script = Scripted::respond(|_| Reply::json(page("1", "")));
    let resumed = scripted(script.clone()).items(list).resume(text.parse().unwrap());
    if let Ok(mut items) = resumed {
        drain(&mut items).await;
    }
    assert_eq!(script.urls(), Vec::<String>::new(), "another user's log was asked for");
}

#[tokio::test(start_paused = true)]
async fn p4_a_forged_page_number_is_no_panic_where_pages_are_fetched_ahead() {
    let paging =
        Paging::PageNumber { parameter: "page", start: 0, first: 0, size: 1, says_next: false };
    let list = List::<Json>::new(paging);
    let script = Scripted::respond(|_| Reply::json(page("1", "")));
    let mut items = scripted(script.clone()).items(list.clone());
    items.try_next().await.unwrap();
    let last = format!(r#""position":{{"page":{}}}"#, u64::MAX);
    let text = forged(&items.checkpoint().unwrap(), r#""position":{"page":0}"#, &last);
    let checkpoint: Checkpoint = text.parse().unwrap();
    let items = scripted(script.clone()).items(list).fetch_ahead(3);
    let (records, error) = drain(&mut items.resume(checkpoint).unwrap()).await;
    assert_eq!((records.len(), error.map(|error| error.to_string())), (1, None));
    let asked = script.urls().into_iter().skip(1).collect::<Vec<_>>();
    assert_eq!(asked, [format!("https://api.example/v1/events?page={}", u64::MAX)]);
}
