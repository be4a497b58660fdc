//! Lists in no known order: rows move between pages while they are read, and none is missed in
//! silence (P1), also across a break (P3).

use std::borrow::Cow;
use std::collections::BTreeSet;

use signin_core::PageField;
use signin_core::Paging;
use signin_core::testing::{Reply, Scripted};
use signin_core::{Checkpoint, ErrorKind, Items, Operation, PageLayout, Report, Result, Warning};
use signin_core::{Request, Segment};

use crate::api::{KEY, List, Row, drain, numbered, page, scripted};

/// `GET /v1/heap`, 3 records a page, in whatever order.
#[derive(Clone, Default)]
struct Heap {
    /// Only ids from here on.
    since: u64,
}

impl Operation for Heap {
    type Item = Row;

    fn name(&self) -> &'static str {
        "heap"
    }

    fn request(&self) -> Result<Request> {
        Ok(Request::get(["v1", "heap"].map(Segment::fixed)))
    }

    fn layout(&self) -> PageLayout {
        PageLayout(&[(PageField::Records, &["data"]), (PageField::Total, &["meta", "total"])])
    }

    fn paging(&self) -> Paging {
        numbered(3, false)
    }

    fn identity<'a>(&self, item: &'a Row) -> Option<Cow<'a, str>> {
        item.id.as_deref().map(Cow::Borrowed)
    }

    fn keeps_order(&self) -> bool {
        false
    }

    fn passes_filter(&self, item: &Row) -> bool {
        item.id.as_ref().is_none_or(|id| id.parse::<u64>().unwrap() >= self.since)
    }

    fn filter_arguments(&self) -> Vec<(&'static str, String)> {
        vec![("since", self.since.to_string())]
    }
}

/// A service whose list is `list(n)` when it answers request `n`, counted from 0.
fn service(list: impl FnMut(usize) -> Vec<u64> + Send + 'static) -> Scripted {
    service_of(3, list)
}

/// The same with so many records a page.
fn service_of(size: usize, mut list: impl FnMut(usize) -> Vec<u64> + Send + 'static) -> Scripted {
    let mut request = 0;
    Scripted::respond(move |sent| {
        let ids = list(request);
        request += 1;
        let number: usize = sent.url.rsplit_once("page=").unwrap().1.parse().unwrap();
        let shown = ids.iter().skip((number - 1) * size).take(size);
        let rows: Vec<_> = shown.map(|id| format!(r#"{{"id":{id}}}"#)).collect();
        Reply::json(page(&rows.join(","), &format!(r#""meta":{{"total":{}}}"#, ids.len())))
    })
}

/// The lists of the first requests, one each; the last one stays.
fn lists<const N: usize>(lists: [&[u64]; N]) -> Scripted {
    let lists = lists.map(<[u64]>::to_vec);
    service(move |request| lists[request.min(N - 1)].clone())
}

fn items(script: &Scripted) -> Items<Heap> {
    scripted(script.clone()).items(Heap::default())
}

async fn ids(items: &mut Items<Heap>) -> Vec<u64> {
    let mut ids = Vec::new();
    while let Some(item) = items.try_next().await.unwrap() {
        ids.push(item.id.as_ref().unwrap().parse().unwrap());
        assert!(ids.len() < 10_000, "the walk does not end");
    }
    ids
}

async fn pager(script: &Scripted) -> (Vec<u64>, Report) {
    let mut items = items(script);
    let ids = ids(&mut items).await;
    (ids, items.report().clone())
}

fn stored(items: &Items<Heap>) -> Checkpoint {
    let text = items.checkpoint().unwrap().to_string();
    assert!(!text.contains(KEY));
    text.parse().unwrap()
}

const CALM: [u64; 7] = [4, 7, 1, 3, 6, 2, 5];

#[tokio::test(start_paused = true)]
async fn a_list_that_holds_still_is_gone_through_once() {
    let script = lists([&CALM]);
    let (ids, report) = pager(&script).await;
    assert_eq!(ids, CALM);
    assert!(report.is_complete(), "{report:?}");
    assert_eq!((report.pages, report.records, report.duplicates), (3, 7, 0));
}

#[tokio::test(start_paused = true)]
async fn p1_a_record_that_moved_to_a_page_read_before_is_found_and_all_come_once() {
    // While page two is read, 5 and 4 change places: 4 comes twice and 5 not at all.
    let moved = [5, 7, 1, 3, 6, 2, 4];
    let script = lists([&CALM, &CALM, &moved]);
    let (ids, report) = pager(&script).await;
    assert_eq!(ids, [4, 7, 1, 3, 6, 2, 5]);
    assert!(report.is_complete(), "{report:?}");
    assert_eq!((report.pages, report.records), (9, 7), "the third pass agrees with the second");
}

#[tokio::test(start_paused = true)]
async fn p1_a_total_that_changes_on_the_way_makes_another_pass() {
    // 7 expires: 3 moves up to page one and is missed.
    let fewer = [4, 1, 3, 6, 2, 5];
    let script = lists([&CALM, &fewer]);
    let (ids, report) = pager(&script).await;
    assert_eq!(ids, [4, 7, 1, 6, 2, 5, 3]);
    assert!(report.is_complete(), "{report:?}");

    // 8 arrives at the end: nothing was missed, and two passes say so.
    let more = [4, 7, 1, 3, 6, 2, 5, 8];
    let script = lists([&CALM, &more]);
    let (ids, report) = pager(&script).await;
    assert_eq!(ids, more);
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(report.pages, 6);
}

#[tokio::test(start_paused = true)]
async fn p1_a_list_that_never_holds_still_is_reported_and_ends_after_three_passes() {
    // A record arrives at the top with each request.
    let script = service(|request| (0..10 + request as u64).rev().collect());
    let (ids, report) = pager(&script).await;
    let distinct: BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "each record comes once");
    assert!((0..10).all(|id| distinct.contains(&id)), "{ids:?}");
    assert!(!report.is_complete());
    assert!(report.warnings.contains(&Warning::Unstable { passes: 3 }), "{report:?}");
    assert!(report.finished);
}

#[tokio::test(start_paused = true)]
async fn p1_pages_that_agree_on_leaving_a_record_out_are_found_by_the_total() {
    // A sort by something that many records share: page by page the same, every time, but 3
    // comes twice and 5 never.
    let (one, two) = ([4, 7, 1, 3, 6, 2, 3], [4, 7, 1, 3, 6, 2, 3]);
    let (ids, report) = pager(&lists([&one, &two])).await;
    assert_eq!(ids, [4, 7, 1, 3, 6, 2]);
    assert_eq!(report.warnings, [Warning::TotalDiffers { total: 7, received: 6 }]);
    assert!(!report.is_complete());
}

/// The count is what would tell that every pass left one out. One that is too low does not.
#[tokio::test(start_paused = true)]
async fn p1_a_count_that_is_too_low_confirms_nothing_where_rows_moved() {
    let low = |rows: &'static [&'static str]| {
        let mut request = 0;
        Scripted::respond(move |_| {
            request += 1;
            Reply::json(page(rows[(request - 1) % rows.len()], r#""meta":{"total":2}"#))
        })
    };
    // 1 comes twice, and 5 never.
    let (ids, report) =
        pager(&low(&[r#"{"id":1},{"id":2},{"id":3}"#, r#"{"id":1},{"id":4}"#])).await;
    assert_eq!(ids, [1, 2, 3, 4]);
    assert_eq!(report.warnings, [Warning::Unconfirmed { total: 2, received: 4 }]);
    assert!(!report.is_complete());
    // Where nothing moved, it is only wrong.
    let (ids, report) = pager(&low(&[r#"{"id":1},{"id":2},{"id":3}"#, r#"{"id":4}"#])).await;
    assert_eq!((ids.len(), report.is_complete()), (4, true), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn later_passes_that_bring_nothing_new_are_no_circle() {
    let all: Vec<u64> = (0..3 * 1100).collect();
    let mut twice = all.clone();
    twice.push(0);
    let script = service(move |request| if request < 1101 { twice.clone() } else { all.clone() });
    let (ids, report) = pager(&script).await;
    assert_eq!(ids.len(), 3300);
    assert!(report.is_complete(), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn pages_that_were_fetched_ahead_change_nothing() {
    let moved = [5, 7, 1, 3, 6, 2, 4];
    for ahead in [1, 2, 10] {
        let script = lists([&CALM, &CALM, &moved]);
        let mut items = items(&script).fetch_ahead(ahead);
        let got: BTreeSet<_> = ids(&mut items).await.into_iter().collect();
        assert_eq!(got, (1..=7).collect());
        assert!(items.report().is_complete(), "{ahead}: {:?}", items.report());
    }
}

#[tokio::test(start_paused = true)]
async fn p2_records_without_an_id_are_told_by_their_bytes() {
    let rows = r#"{"user":"a"},{"user":"b"},{"id":1}"#;
    let more = r#"{"user":"a"},{"id":{}},{"user":"c"}"#;
    let meta = r#""meta":{"total":6}"#;
    let pages = [rows, more, "", rows, more, ""].map(|rows| Reply::json(page(rows, meta)));
    let mut items = items(&Scripted::new(pages));
    let (mut users, mut rejected) = (Vec::new(), 0);
    loop {
        match items.try_next().await {
            Ok(Some(item)) => users.extend(item.user.clone()),
            Ok(None) => break,
            Err(error) => rejected += u32::from(error.rejected().is_some()),
        }
    }
    assert_eq!((users.concat().as_str(), rejected), ("abc", 1));
    assert_eq!(items.report().warnings, [Warning::TotalDiffers { total: 6, received: 5 }]);
}

/// What is yielded before a break after `cut` records, and after it by another service.
async fn cut_after(
    cut: usize,
    before: &Scripted,
    after: &Scripted,
) -> (Vec<u64>, Vec<u64>, Report) {
    let mut first = items(before);
    let mut got = Vec::new();
    for _ in 0..cut {
        got.push(first.try_next().await.unwrap().unwrap().id.as_ref().unwrap().parse().unwrap());
    }
    let mut second = items(after).resume(stored(&first)).unwrap();
    let rest = ids(&mut second).await;
    let distinct: BTreeSet<_> = rest.iter().collect();
    assert_eq!(distinct.len(), rest.len(), "cut after {cut}: twice in one walk: {rest:?}");
    (got, rest, second.report().clone())
}

#[tokio::test(start_paused = true)]
async fn p3_a_short_list_is_resumed_without_loss_or_repeat() {
    for cut in 0..=CALM.len() {
        let script = lists([&CALM]);
        let (mut got, rest, report) = cut_after(cut, &script, &script).await;
        got.extend(rest);
        assert_eq!(got, CALM, "cut after {cut}");
        assert!(report.is_complete(), "cut after {cut}: {report:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_long_list_goes_on_where_it_was_and_is_then_gone_through_from_its_start() {
    let all: Vec<u64> = (0..20).collect();
    let script = lists([&all]);
    let (got, rest, report) = cut_after(13, &script, &script).await;
    assert_eq!(got, (0..13).collect::<Vec<_>>());
    // After record 13 a checkpoint holds what came of pages three, four and five.
    assert_eq!(rest, [13, 14, 15, 16, 17, 18, 19, 0, 1, 2, 3, 4, 5]);
    assert!(report.is_complete(), "{report:?}");
    assert_eq!(report.pages, 4 + 7);
}

#[tokio::test(start_paused = true)]
async fn p3_what_moved_while_nobody_looked_is_not_missed() {
    let during: [&[u64]; 6] = [
        &[1, 3, 6, 2, 5],             // 4 and 7 expired: the rest moved up.
        &[9, 8, 4, 7, 1, 3, 6, 2, 5], // Two arrived.
        &[7, 1, 3, 6, 2, 5, 8],       // One went, one came: the total is the same.
        &[5, 2, 6, 3, 1, 7, 4],       // All in another order.
        &[3, 6, 2, 4, 7, 1, 5],       // Two pages changed places.
        &[5],
    ];
    for after in during {
        // After the seventh the pager was over.
        for cut in 0..CALM.len() {
            let (got, rest, report) = cut_after(cut, &lists([&CALM]), &lists([after])).await;
            let missing: Vec<_> =
                after.iter().filter(|id| !got.contains(id) && !rest.contains(id)).collect();
            assert!(missing.is_empty(), "{after:?} cut after {cut}: missing {missing:?}");
            assert!(report.is_complete(), "{after:?} cut after {cut}: {report:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_cut_before_or_after_it_saw_rows_move_gives_everything() {
    let moved = [5, 7, 1, 3, 6, 2, 4];
    for cut in 0..7 {
        let script = lists([&CALM, &CALM, &moved]);
        let (got, rest, report) = cut_after(cut, &script, &script).await;
        assert!(report.is_complete(), "cut after {cut}: {report:?}");
        let distinct: BTreeSet<u64> = got.iter().chain(&rest).copied().collect();
        assert_eq!(distinct, (1..=7).collect(), "cut after {cut}");
    }
}

#[tokio::test(start_paused = true)]
async fn p3_an_error_in_a_later_pass_is_gone_on_from_and_resumed() {
    let script = {
        let (moved, mut failed) = ([5, 7, 1, 3, 6, 2, 4], false);
        let mut request = 0;
        Scripted::respond(move |sent| {
            let ids = if request < 2 { CALM } else { moved };
            request += 1;
            if request == 5 && !std::mem::replace(&mut failed, true) {
                return Reply::status(403);
            }
            let number: usize = sent.url.rsplit_once("page=").unwrap().1.parse().unwrap();
            let shown = ids.iter().skip((number - 1) * 3).take(3);
            let rows: Vec<_> = shown.map(|id| format!(r#"{{"id":{id}}}"#)).collect();
            Reply::json(page(&rows.join(","), r#""meta":{"total":7}"#))
        })
    };
    let mut first = items(&script);
    let mut got: Vec<u64> = Vec::new();
    let error = loop {
        match first.try_next().await {
            Ok(item) => got.push(item.unwrap().id.as_ref().unwrap().parse().unwrap()),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Permission);
    assert_eq!(got, [4, 7, 1, 3, 6, 2, 5], "the second pass had found what the first one missed");
    let mut resumed = items(&script).resume(error.checkpoint().unwrap().clone()).unwrap();
    let mut again = ids(&mut resumed).await;
    again.sort_unstable();
    assert_eq!(again, [1, 2, 3, 4, 6, 7], "from the start, but for what the checkpoint holds");
    assert!(resumed.report().is_complete(), "{:?}", resumed.report());
    assert!(ids(&mut first).await.is_empty(), "nothing is handed out twice");
    assert!(first.report().is_complete(), "{:?}", first.report());
}

#[tokio::test(start_paused = true)]
async fn what_a_page_held_that_was_left_out_comes_in_the_next_pass() {
    let rows = |ids: &[u64]| {
        let rows: Vec<_> = ids.iter().map(|id| format!(r#"{{"id":{id}}}"#)).collect();
        Reply::json(page(&rows.join(","), r#""meta":{"total":5}"#))
    };
    let (broken, pass) = (Reply::json("{\"data\":["), [rows(&[1, 2, 3]), rows(&[4, 5])]);
    let first = [rows(&[1, 2, 3]), broken.clone(), broken, rows(&[3, 5])];
    let script = Scripted::new([&first[..], &pass, &pass].concat());
    let list = List::<Row>::new(numbered(3, false)).keyed().unordered();
    let mut items = scripted(script).items(list);
    let (before, error) = drain(&mut items).await;
    assert_eq!((before.len(), error.unwrap().kind()), (3, ErrorKind::Decode));
    items.skip_page().unwrap();
    assert_eq!(drain(&mut items).await.0, [r#"{"id":5}"#, r#"{"id":4}"#]);
    assert_eq!(items.report().warnings, [Warning::PageSkipped { number: 2 }]);
}

#[tokio::test(start_paused = true)]
async fn records_that_were_not_asked_for_are_counted_and_not_handed_out() {
    let script = lists([&CALM]);
    let mut items = scripted(script.clone()).items(Heap { since: 5 });
    assert_eq!(ids(&mut items).await, [7, 6, 5]);
    let report = items.report();
    assert_eq!((report.records, report.filtered, report.duplicates), (3, 4, 0));
    assert!(report.is_complete(), "{report:?}");
    let first = scripted(script).execute(&Heap { since: 5 }).await.unwrap();
    assert_eq!((first.rows().len(), first.info().rows), (1, 3));
}

#[tokio::test(start_paused = true)]
async fn p3_the_place_within_a_filtered_page_is_kept_and_another_filter_is_refused() {
    let script = lists([&CALM]);
    let list = |since| scripted(script.clone()).items(Heap { since });
    for cut in 0..=3 {
        let mut first = list(5);
        let mut got = Vec::new();
        for _ in 0..cut {
            got.push(
                first.try_next().await.unwrap().unwrap().id.as_ref().unwrap().parse().unwrap(),
            );
        }
        let checkpoint = stored(&first);
        got.extend(ids(&mut list(5).resume(checkpoint.clone()).unwrap()).await);
        assert_eq!(got, [7, 6, 5], "cut after {cut}");
        let refused = list(4).resume(checkpoint).unwrap_err();
        assert!(refused.to_string().contains("another `since`"), "{refused}");
    }
}

#[tokio::test(start_paused = true)]
async fn p1_a_service_that_ignores_the_page_is_found_though_nothing_is_asked_for() {
    let rows = r#"{"id":1},{"id":2},{"id":3}"#;
    let script = Scripted::respond(move |_| Reply::json(page(rows, "")));
    let mut items = scripted(script.clone()).items(Heap { since: 9 });
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Paging, "{error}");
    assert_eq!(script.sent().len(), 2);
}

/// What a walk over pages of one record yields, and how it ends.
async fn one_by_one(script: &Scripted) -> (Vec<String>, Option<ErrorKind>, Report) {
    let list = List::<Row>::new(numbered(1, false)).keyed().unordered();
    let mut items = scripted(script.clone()).items(list);
    let (rows, error) = drain(&mut items).await;
    (rows, error.map(|error| error.kind()), items.report().clone())
}

#[tokio::test(start_paused = true)]
async fn p1_a_record_that_moved_to_the_next_page_is_no_circle_where_it_is_alone_there() {
    // Before page two is read, 1 and 2 change places: 1 comes twice and 2 not at all.
    let orders = [vec![1, 2, 3], vec![2, 1, 3]];
    let script = service_of(1, move |request| orders[request.min(1)].clone());
    let (rows, error, report) = one_by_one(&script).await;
    assert_eq!((rows, error), ([1, 3, 2].map(|id| format!(r#"{{"id":{id}}}"#)).to_vec(), None));
    assert!(report.is_complete(), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn p1_a_page_that_moved_as_a_whole_is_no_circle_where_the_total_says_so() {
    // As many records arrive as are on a page: page two is what page one was.
    let script = lists([&CALM, &[10, 9, 8, 4, 7, 1, 3, 6, 2, 5]]);
    let (ids, report) = pager(&script).await;
    assert_eq!(ids, [4, 7, 1, 3, 6, 2, 5, 10, 9, 8]);
    assert!(report.is_complete(), "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn p1_one_record_under_every_number_is_given_up_at_last() {
    let script = Scripted::respond(|_| Reply::json(page(r#"{"id":1}"#, r#""meta":{"total":9}"#)));
    let (rows, error, report) = one_by_one(&script).await;
    assert_eq!((rows.len(), error), (1, Some(ErrorKind::Paging)));
    assert!(!report.finished);
    assert_eq!(script.sent().len(), 1001, "a thousand after the first brought nothing new");
}
