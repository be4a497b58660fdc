//! Lists whose records have no ids: those that are alike are told apart by counting (P2, P3).

use signin_core::Paging;
use signin_core::testing::{Reply, Scripted, Sent};

use crate::api::{CURSOR, List, Row, page, scripted};
use crate::resume::{take, through_text};

const A: &str = r#"{"id":"a"}"#;
const B: &str = r#"{"id":"b"}"#;

/// Alike within pages, across them, on two whole pages, and with another record between.
const PAGES: [&[&str]; 6] = [&[A, A, B], &[B, A], &[], &[A, A], &[A, A], &[A, B, A]];

fn all() -> Vec<String> {
    PAGES.concat().into_iter().map(str::to_owned).collect()
}

fn answer(paging: Paging, sent: &Sent) -> Reply {
    let number = sent.url.split_once("cursor=").map_or(0, |(_, place)| place.parse().unwrap());
    let more = number + 1 < PAGES.len();
    let facts = match paging {
        Paging::NextLink if more => format!(r#""next":"/v1/events?cursor={}""#, number + 1),
        Paging::Cursor { .. } if more => format!(r#""cursor":{}"#, number + 1),
        _ => String::new(),
    };
    Reply::json(page(&PAGES[number].join(","), &facts))
}

fn items(paging: Paging) -> signin_core::Items<List<Row>> {
    let script = Scripted::respond(move |sent| answer(paging, sent));
    scripted(script).items(List::new(paging).alike())
}

#[tokio::test(start_paused = true)]
async fn p2_records_that_are_alike_are_all_handed_out() {
    for paging in [Paging::NextLink, CURSOR] {
        let mut pager = items(paging);
        assert_eq!(take(&mut pager, usize::MAX).await, all());
        assert_eq!(pager.report().duplicates, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn p3_records_that_are_alike_are_neither_lost_nor_repeated_by_a_break_anywhere() {
    for paging in [Paging::NextLink, CURSOR] {
        for cut in 0..=all().len() {
            for again in 0..=all().len() - cut {
                let mut pager = items(paging);
                let mut got = take(&mut pager, cut).await;
                pager = items(paging).resume(through_text(&pager)).unwrap();
                got.extend(take(&mut pager, again).await);
                pager = items(paging).resume(through_text(&pager)).unwrap();
                got.extend(take(&mut pager, usize::MAX).await);
                assert_eq!(got, all(), "{paging:?}, cut at {cut} and {again} behind it");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_the_caller_began_at_gives_way_to_that_of_the_page() {
    let script = Scripted::respond(|sent| answer(CURSOR, sent));
    let list = List::<Row> { query: vec![("cursor", "4".into())], ..List::new(CURSOR) };
    let mut pager = scripted(script.clone()).items(list);
    assert_eq!(take(&mut pager, usize::MAX).await.len(), 5);
    let queries: Vec<_> =
        script.urls().iter().map(|url| url.split_once('?').unwrap().1.to_owned()).collect();
    assert_eq!(queries, ["cursor=4", "cursor=5"]);
}

/// The same records: three on a page, or none on the first and one on each after it.
fn cut_into(threes: bool) -> signin_core::Items<List<Row>> {
    let script = Scripted::respond(move |sent| {
        let place = sent.url.split_once("cursor=").map_or("0-0", |(_, place)| place);
        let (from, empty_ones) = place.split_once('-').unwrap();
        let (from, empty_ones): (usize, u64) = (from.parse().unwrap(), empty_ones.parse().unwrap());
        let size = if threes { 3 } else { usize::from(empty_ones > 0) };
        let all = all();
        let rest = &all[from..];
        let more = rest.len() > size;
        let next = format!(r#""cursor":"{}-{}""#, from + size, u64::from(!threes));
        let rows = rest.iter().take(size).cloned().collect::<Vec<_>>().join(",");
        Reply::json(page(&rows, if more { &next } else { "" }))
    });
    scripted(script).items(List::new(CURSOR).alike())
}

#[tokio::test(start_paused = true)]
async fn p3_pages_that_are_cut_otherwise_behind_a_break_repeat_nothing() {
    for cut in 0..=all().len() {
        for again in 0..=all().len() - cut {
            let mut pager = cut_into(true);
            let mut got = take(&mut pager, cut).await;
            pager = cut_into(false).resume(through_text(&pager)).unwrap();
            got.extend(take(&mut pager, again).await);
            pager = cut_into(false).resume(through_text(&pager)).unwrap();
            got.extend(take(&mut pager, usize::MAX).await);
            assert_eq!(got, all(), "cut at {cut} and {again} behind it");
        }
    }
}
