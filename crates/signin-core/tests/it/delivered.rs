//! Pages that lead nowhere: what was yielded before them is still known after them (P3).

use signin_core::testing::{Reply, Scripted, Sent};
use signin_core::{Checkpoint, ErrorKind, Items};

use crate::api::{CURSOR, List, Row, numbered, page, scripted};
use crate::resume::{Service, record, take, through_text};

/// Takes what comes before an error of the paging, and where it says to resume.
async fn stuck(pager: &mut Items<List<Row>>) -> (Vec<String>, Checkpoint) {
    let mut taken = Vec::new();
    loop {
        match pager.try_next().await {
            Ok(record) => taken.push(record.expect("an error, not the end").raw().to_owned()),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Paging, "{error}");
                return (taken, error.checkpoint().unwrap().clone());
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_page_that_comes_in_the_place_of_another_hides_nothing_that_was_handed_out() {
    let service = Service::new(numbered(2, true), 2, 6);
    let list = List { keyed: true, ..List::new(numbered(2, true)) };
    let good = {
        let service = service.clone();
        Scripted::respond(move |sent| service.answer(sent))
    };
    // Page 2 in the place of page 3.
    let bad = Scripted::respond(move |sent| {
        service.answer(&Sent { url: sent.url.replace("page=3", "page=2"), ..sent.clone() })
    });
    let mut pager = scripted(good.clone()).items(list.clone());
    let mut got = take(&mut pager, 5).await;
    let mut pager = scripted(bad).items(list.clone()).resume(through_text(&pager)).unwrap();
    let (more, checkpoint) = stuck(&mut pager).await;
    got.extend(more);
    let mut pager = scripted(good).items(list).resume(checkpoint).unwrap();
    got.extend(take(&mut pager, 9).await);
    assert_eq!(got, (0..6).rev().map(record).collect::<Vec<_>>());
}

/// The page's cursor leads to itself, until it does not.
#[tokio::test(start_paused = true)]
async fn p3_records_without_ids_of_a_page_that_leads_nowhere_do_not_come_again() {
    const ROWS: [&str; 3] = [r#"{"id":"a"}"#, r#"{"id":"a"}"#, r#"{"id":"b"}"#];
    let service = |next: &'static str| {
        scripted(Scripted::respond(move |sent| match sent.url.contains("cursor=1") {
            true => Reply::json(page(&ROWS.join(","), next)),
            false => Reply::json(page(r#"{"id":"c"}"#, r#""cursor":1"#)),
        }))
    };
    let list = List::<Row>::new(CURSOR).alike();
    let mut pager = service("").items(list.clone());
    let mut got = take(&mut pager, 2).await;
    let mut pager =
        service(r#""cursor":1"#).items(list.clone()).resume(through_text(&pager)).unwrap();
    let (more, checkpoint) = stuck(&mut pager).await;
    got.extend(more);
    let mut pager = service("").items(list).resume(checkpoint).unwrap();
    got.extend(take(&mut pager, 9).await);
    assert_eq!(got, [r#"{"id":"c"}"#, ROWS[0], ROWS[1], ROWS[2]]);
}
