//! P3: a pager is cut after every record and resumed from its checkpoint's text by a new client.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use signin_core::Paging;
use signin_core::testing::{Reply, Scripted, Sent};
use signin_core::vendor::Client;
use signin_core::{Checkpoint, ErrorKind, Items, Json, Page, Warning};

use crate::api::{CURSOR, KEY, List, Row, drain, numbered, page, scripted, settings};

/// A service with a list, the newest record first, that may change while it is read.
#[derive(Clone)]
pub(crate) struct Service {
    paging: Paging,
    size: usize,
    /// Record numbers, ascending with time.
    pub(crate) rows: Arc<Mutex<Vec<u64>>>,
    pub(crate) total: bool,
}

pub(crate) fn record(number: u64) -> String {
    let (day, hours) = (10 + number / 86_400, number / 3600 % 24);
    let (minutes, seconds) = (number / 60 % 60, number % 60);
    format!(r#"{{"id":"r{number}","at":"2025-06-{day}T{hours:02}:{minutes:02}:{seconds:02}Z"}}"#)
}

fn parameter<'a>(sent: &'a Sent, name: &str) -> Option<&'a str> {
    let (_, query) = sent.url.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

impl Service {
    pub(crate) fn new(paging: Paging, size: usize, count: u64) -> Self {
        let rows = Arc::new(Mutex::new((0..count).collect()));
        Self { paging, size, rows, total: false }
    }

    pub(crate) fn answer(&self, sent: &Sent) -> Reply {
        let rows = self.rows.lock().unwrap();
        // The pin: nothing newer than this record's time.
        let until = parameter(sent, "until").map(|text| text.replace("%3A", ":"));
        let mut list: Vec<_> = rows.iter().rev().copied().collect();
        if let Some(until) = until {
            list.retain(|row| time_of(&record(*row)) <= until);
        }
        let start = match self.paging {
            Paging::PageNumber { .. } => {
                let number: usize = parameter(sent, "page").unwrap().parse().unwrap();
                (number - 1) * self.size
            }
            _ => parameter(sent, "cursor").map_or(0, |place| place.parse().unwrap()),
        };
        let rest = list.get(start..).unwrap_or_default();
        let chunk: Vec<_> = rest.iter().take(self.size).map(|row| record(*row)).collect();
        let following = start + self.size;
        let more = rest.len() > self.size;
        let mut facts = Vec::new();
        match self.paging {
            Paging::NextLink if more => {
                facts.push(format!(r#""next":"/v1/events?cursor={following}""#));
            }
            Paging::Cursor { .. } if more => facts.push(format!(r#""cursor":{following}"#)),
            Paging::PageNumber { says_next: true, .. } if more => {
                let next = following / self.size + 1;
                facts.push(format!(r#""meta":{{"next_page":{next}}}"#));
            }
            _ if self.total => facts.push(format!(r#""meta":{{"total":{}}}"#, list.len())),
            _ => {}
        }
        Reply::json(page(&chunk.join(","), &facts.join(",")))
    }

    pub(crate) fn client(&self) -> Client {
        let service = self.clone();
        scripted(Scripted::respond(move |sent| service.answer(sent)))
    }
}

fn time_of(record: &str) -> String {
    record.split('"').nth(7).unwrap().to_owned()
}

/// Takes `count` records, and fewer if the list ends.
pub(crate) async fn take(items: &mut Items<List<Row>>, count: usize) -> Vec<String> {
    let mut taken = Vec::new();
    while taken.len() < count {
        assert!(taken.len() < 10_000, "the walk does not end");
        match items.try_next().await.unwrap() {
            Some(record) => taken.push(record.raw().to_owned()),
            None => break,
        }
    }
    taken
}

/// The checkpoint as text and back, as if by another program.
pub(crate) fn through_text(items: &Items<List<Row>>) -> Checkpoint {
    let text = items.checkpoint().unwrap().to_string();
    assert!(!text.contains(KEY) && !text.contains('\n'));
    text.parse().unwrap()
}

pub(crate) fn every_paging(size: usize) -> [Paging; 4] {
    let asked = u64::try_from(size).unwrap();
    [Paging::NextLink, CURSOR, numbered(asked, true), numbered(asked, false)]
}

#[tokio::test(start_paused = true)]
async fn p3_pages_that_arrived_since_do_not_let_what_was_handed_out_come_again() {
    for paging in every_paging(2) {
        for cut_again_behind in 0..20 {
            let service = Service::new(paging, 2, 6);
            let list = List { keyed: true, ..List::new(paging) };
            let mut pager = service.client().items(list.clone());
            let mut got = take(&mut pager, 1).await;
            service.rows.lock().unwrap().extend(6..20);
            let mut pager =
                service.client().items(list.clone()).resume(through_text(&pager)).unwrap();
            got.extend(take(&mut pager, cut_again_behind).await);
            let mut pager = service.client().items(list).resume(through_text(&pager)).unwrap();
            got.extend(take(&mut pager, 100).await);
            let mut all: Vec<_> = (0..20).map(record).collect();
            got.sort_unstable();
            all.sort_unstable();
            assert_eq!(got, all, "{paging:?}, cut again behind {cut_again_behind}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p1_a_total_that_only_a_page_before_the_cut_said_is_still_looked_for() {
    let service = || {
        scripted(Scripted::respond(|sent| match parameter(sent, "cursor") {
            Some(_) => Reply::json(page(&record(1), "")),
            None => Reply::json(page(&record(2), r#""meta":{"total":3},"cursor":"b""#)),
        }))
    };
    for cut in [0, 1] {
        let mut items = service().items(List::<Row>::new(CURSOR));
        let mut got = take(&mut items, cut).await;
        let mut rest = service().items(List::new(CURSOR)).resume(through_text(&items)).unwrap();
        got.extend(take(&mut rest, usize::MAX).await);
        assert_eq!(got.last(), Some(&record(1)));
        let told = &rest.report().warnings[..];
        assert!(
            matches!(told, [Warning::TotalDiffers { total: 3, received: 2 }]),
            "{cut}: {told:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_cut_behind_any_record_gives_everything_and_repeats_little() {
    for (size, count) in [(1, 4), (2, 7), (3, 9), (5, 4), (7, 23)] {
        for paging in every_paging(size) {
            for keyed in [false, true] {
                let mut service = Service::new(paging, size, count);
                service.total = keyed;
                let all: Vec<_> = (0..count).rev().map(record).collect();
                for cut in 0..=all.len() + 1 {
                    let list = List { keyed, ..List::<Row>::new(paging) };
                    let mut items = service.client().items(list.clone());
                    let first = take(&mut items, cut).await;
                    let checkpoint = through_text(&items);
                    drop(items);
                    let mut rest = service.client().items(list).resume(checkpoint).unwrap();
                    let second = take(&mut rest, usize::MAX).await;
                    let told = format!("{paging:?} keyed {keyed}, {count} rows, cut at {cut}");
                    assert!(rest.report().finished, "{told}");
                    let union: HashSet<_> = first.iter().chain(&second).collect();
                    assert_eq!(union.len(), all.len(), "{told}: {first:?} {second:?}");
                    let repeats = first.iter().filter(|row| second.contains(row)).count();
                    let bound = match paging {
                        _ if keyed => 0,
                        Paging::PageNumber { .. } => 2 * size,
                        _ => size.saturating_sub(1),
                    };
                    assert!(repeats <= bound, "{told}: {repeats} repeats, {bound} allowed");
                    assert!(all.ends_with(&second), "{told}: out of order {second:?}");
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_over_pages_cut_behind_any_page_gives_everything() {
    for (size, count) in [(1, 4), (2, 7), (3, 9)] {
        for paging in every_paging(size) {
            let service = Service::new(paging, size, count);
            let list = List::<Row>::new(paging).keyed();
            for cut in 0..6 {
                let mut pages = service.client().pages(list.clone());
                let mut all = Vec::new();
                for _ in 0..cut {
                    let page = pages.try_next().await.unwrap();
                    all.extend(page.into_iter().flat_map(Page::into_rows));
                }
                let text = pages.checkpoint().unwrap().to_string();
                let mut rest = service.client().pages(list.clone());
                rest = rest.resume(text.parse().unwrap()).unwrap();
                while let Some(page) = rest.try_next().await.unwrap() {
                    all.extend(page.into_rows());
                }
                let raw: Vec<_> = all.iter().map(|row| row.as_ref().unwrap().raw()).collect();
                let expected: Vec<_> = (0..count).rev().map(record).collect();
                assert_eq!(raw, expected, "{paging:?}, cut behind page {cut}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_cut_again_and_again_behind_every_record_ends() {
    for paging in every_paging(3) {
        let service = Service::new(paging, 3, 11);
        let list = List::<Row>::new(paging).keyed();
        let mut items = service.client().items(list.clone());
        let mut all = Vec::new();
        loop {
            let some = take(&mut items, 1).await;
            if some.is_empty() || all.len() > 100 {
                break;
            }
            all.extend(some);
            let checkpoint = through_text(&items);
            items = service.client().items(list.clone()).resume(checkpoint).unwrap();
        }
        let expected: Vec<_> = (0..11).rev().map(record).collect();
        assert_eq!(all, expected, "{paging:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn p3_an_error_carries_the_checkpoint_that_resumes_the_walk() {
    for paging in every_paging(2) {
        for bad in 0..4 {
            let service = Service::new(paging, 2, 7);
            let (inner, mut number) = (service.clone(), 0);
            let script = Scripted::respond(move |sent| {
                number += 1;
                if number > bad { Reply::status(400) } else { inner.answer(sent) }
            });
            let list = List::<Row>::new(paging).keyed();
            let mut items = scripted(script).items(list.clone());
            let (first, error) = drain(&mut items).await;
            let text = error.unwrap().checkpoint().unwrap().to_string();
            let checkpoint = text.parse().unwrap();
            let mut rest = service.client().items(list).resume(checkpoint).unwrap();
            let (second, error) = drain(&mut rest).await;
            assert!(error.is_none());
            let all: Vec<_> = first.into_iter().chain(second).collect();
            assert_eq!(all, (0..7).rev().map(record).collect::<Vec<_>>(), "{paging:?} {bad}");
        }
    }
}

fn run(test: impl Future<Output = ()>) {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().start_paused(true).build().unwrap().block_on(test);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Between each cut and resume records arrive at the top and expire at the bottom.
    #[test]
    fn p3_records_that_arrive_or_expire_between_cut_and_resume_cost_no_other(
        size in 1_usize..6,
        count in 0_u64..40,
        says_next: bool,
        pinned: bool,
        cuts in proptest::collection::vec((0_usize..15, 0_u64..8, 0_usize..8), 0..5),
    ) {
        run(async move {
            let paging = numbered(u64::try_from(size).unwrap(), says_next);
            let mut service = Service::new(paging, size, count);
            service.total = true;
            let list = List { pinned, ..List::<Row>::new(paging).keyed() };
            let mut items = service.client().items(list.clone());
            let mut taken = Vec::new();
            let mut expired = HashSet::new();
            for (records, arrive, expire) in cuts {
                taken.extend(take(&mut items, records).await);
                let checkpoint = through_text(&items);
                {
                    let mut rows = service.rows.lock().unwrap();
                    let next = rows.last().map_or(count, |last| last + 1).max(count);
                    rows.extend(next..next + arrive);
                    let expire = expire.min(rows.len());
                    expired.extend(rows.drain(..expire).map(record));
                }
                items = service.client().items(list.clone()).resume(checkpoint).unwrap();
            }
            taken.extend(take(&mut items, usize::MAX).await);
            let got: HashSet<_> = taken.iter().cloned().collect();
            for row in (0..count).map(record) {
                assert!(got.contains(&row) || expired.contains(&row), "lost {row}: {taken:?}");
            }
            if pinned {
                assert_eq!(got.len(), taken.len(), "something came twice: {taken:?}");
            }
        });
    }
}

/// Twelve records, the oldest first, in pages of three. Nine are taken, then so many expire before
/// the place and all after it moves up. How many of the twelve came, and whether the rest is told.
async fn resumed_after(expire: usize) -> (usize, bool) {
    let rows: Arc<Mutex<Vec<u64>>> = Arc::new(Mutex::new((0..12).collect()));
    let list = List::<Row>::new(numbered(3, true)).keyed();
    let client = |rows: &Arc<Mutex<Vec<u64>>>| {
        let rows = Arc::clone(rows);
        scripted(Scripted::respond(move |sent| {
            let rows = rows.lock().unwrap();
            let number: usize = parameter(sent, "page").unwrap().parse().unwrap();
            let rest = rows.get((number - 1) * 3..).unwrap_or_default();
            let chunk: Vec<_> = rest.iter().take(3).map(|row| record(*row)).collect();
            let total = rows.len();
            let next = if rest.len() > 3 { (number + 1).to_string() } else { "null".into() };
            let facts = format!(r#""meta":{{"next_page":{next},"total":{total}}}"#);
            Reply::json(page(&chunk.join(","), &facts))
        }))
    };
    let mut items = client(&rows).items(list.clone());
    let first = take(&mut items, 9).await;
    let checkpoint = through_text(&items);
    rows.lock().unwrap().drain(..expire);
    let mut items = client(&rows).items(list).resume(checkpoint).unwrap();
    let second = take(&mut items, usize::MAX).await;
    let all = first.len() + second.len();
    (all, !items.report().is_complete())
}

#[tokio::test(start_paused = true)]
async fn p3_records_that_expire_before_the_checkpoint_cost_nothing_within_a_page() {
    for expire in 0..=3 {
        assert_eq!(resumed_after(expire).await.0, 12, "{expire} expired");
    }
}

#[tokio::test(start_paused = true)]
async fn p3_more_records_that_expire_before_the_checkpoint_are_told() {
    for expire in 4..9 {
        let (came, told) = resumed_after(expire).await;
        assert!(came == 12 || told, "{expire} expired, {came} of 12 came, called complete");
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_list_that_changes_under_a_walk_is_not_called_complete() {
    // One record expires between page 1 and page 2: the first of page 2 is now on page 1.
    let mut rows: Vec<u64> = (0..8).collect();
    let script = Scripted::respond(move |sent| {
        let number: usize = parameter(sent, "page").unwrap().parse().unwrap();
        let rest = rows.get((number - 1) * 3..).unwrap_or_default();
        let chunk: Vec<_> = rest.iter().take(3).map(|row| record(*row)).collect();
        let facts = format!(r#""meta":{{"total":{}}}"#, rows.len());
        if number == 1 {
            rows.remove(0);
        }
        Reply::json(page(&chunk.join(","), &facts))
    });
    let mut items = scripted(script).items(List::<Row>::new(numbered(3, false)).keyed());
    let (records, error) = drain(&mut items).await;
    assert!(error.is_none());
    assert!(
        records.len() == 8 || !items.report().is_complete(),
        "{} of 8, and the result is called complete: {:?}",
        records.len(),
        items.report()
    );
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_of_a_numbered_walk_over_rejected_records_repeats_within_the_bound() {
    let script = || {
        Scripted::respond(|sent| match parameter(sent, "page") {
            Some("1") => Reply::json(page(r#"{"id":"a"},{"id":[]},{"id":"b"}"#, "")),
            _ => Reply::json(page(r#"{"id":"c"}"#, "")),
        })
    };
    let list = List::<Row>::new(numbered(3, true)).keyed();
    let (all, _) = drain(&mut scripted(script()).items(list.clone())).await;
    assert_eq!(all.len(), 4);
    for cut in 0..=4 {
        let mut items = scripted(script()).items(list.clone());
        for _ in 0..cut {
            let _ = items.try_next().await;
        }
        let mut rest = scripted(script()).items(list.clone()).resume(through_text(&items)).unwrap();
        let (second, error) = drain(&mut rest).await;
        assert!(error.is_none());
        assert!(second.len() <= all.len() - cut + 1, "cut {cut}: {second:?}");
        assert!(all[cut..].iter().all(|row| second.contains(row)), "cut {cut}: {second:?}");
    }
}

/// A checkpoint's text with this change and the right checksum, as a forger writes it.
pub(crate) fn forged(checkpoint: &Checkpoint, from: &str, to: &str) -> String {
    let text = checkpoint.to_string();
    let altered = text.replacen(from, to, 1);
    assert_ne!(text, altered, "{from} is not there: {text}");
    let start = altered.find(r#""mark":"#).unwrap() + 7;
    let end = altered.rfind(r#","check":"#).unwrap();
    let check = format!("{:08x}", crc32fast::hash(&altered.as_bytes()[start..end]));
    format!("{}\"check\":\"{check}\"}}", altered.get(..=end).unwrap())
}

#[tokio::test(start_paused = true)]
async fn p4_a_forged_checkpoint_never_leads_to_another_place() {
    for (from, to) in [
        ("https://api.example/v1/events?t=2", "https://evil.example/v1/events?t=2"),
        ("https://api.example/v1/events?t=2", "https://api.example/v1/users?t=2"),
        ("https://api.example/v1/events?t=2", "https://api.example/v1/events/../users"),
        ("https://api.example/v1/events?t=2", "//evil.example/v1/events"),
        ("https://api.example/v1/events?t=2", "https://u:p@api.example/v1/events"),
        ("https://api.example/v1/events?t=2", "http://api.example/v1/events"),
    ] {
        let first = page("{}", r#""next":"https://api.example/v1/events?t=2""#);
        let client = scripted(Scripted::new([Reply::json(first)]));
        let mut items = client.items(List::<Row>::new(Paging::NextLink));
        items.try_next().await.unwrap();
        let text = forged(&items.checkpoint().unwrap(), from, to);
        let script = Scripted::respond(|_| Reply::json(page("{}", "")));
        let client = scripted(script.clone());
        let error = match text.parse() {
            Ok(checkpoint) => {
                match client.items(List::<Row>::new(Paging::NextLink)).resume(checkpoint) {
                    Ok(mut items) => items.try_next().await.map(drop).unwrap_err(),
                    Err(error) => error,
                }
            }
            Err(error) => error,
        };
        assert!(matches!(error.kind(), ErrorKind::Origin | ErrorKind::Checkpoint), "{to}: {error}");
        assert_eq!(script.urls(), Vec::<String>::new(), "{to}");
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_whose_place_is_none_of_the_walks_is_refused() {
    for (paging, first, from, to) in [
        (numbered(1, true), page("{}", r#""meta":{"next_page":2}"#), r#"{"page":1}"#, r#""start""#),
        (numbered(1, true), page("{}", ""), r#"{"page":1}"#, r#"{"cursor":"x"}"#),
        (numbered(1, true), page("{}", ""), r#"{"page":1}"#, r#"{"link":"/v1/events?page=9"}"#),
        (CURSOR, page("{}", r#""cursor":"x""#), r#"{"cursor":"x"}"#, r#"{"page":3}"#),
        (
            CURSOR,
            page("{}", r#""cursor":"x""#),
            r#"{"cursor":"x"}"#,
            r#"{"link":"/v1/events?cursor=x&user_id=73"}"#,
        ),
        (
            Paging::NextLink,
            page("{}", r#""next":"/v1/events?t=2""#),
            r#"{"link":"/v1/events?t=2"}"#,
            r#"{"cursor":"x"}"#,
        ),
    ] {
        let list = List::<Row>::new(paging);
        let mut items =
            scripted(Scripted::respond(move |_| Reply::json(first.clone()))).items(list.clone());
        items.try_next().await.unwrap();
        let text = forged(&items.checkpoint().unwrap(), from, to);
        let script = Scripted::respond(|_| Reply::json(page("{}", "")));
        let resumed =
            text.parse().and_then(|mark| scripted(script.clone()).items(list).resume(mark));
        let Err(error) = resumed else {
            let mut items = resumed.unwrap();
            let next = items.try_next().await.map(|record| record.is_some());
            panic!("{paging:?} took {to}, asked for {:?}: {next:?}", script.urls());
        };
        assert_eq!(error.kind(), ErrorKind::Checkpoint, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_cannot_add_query_parameters_of_its_own() {
    let first = page("{}", r#""cursor":"x""#);
    let list = List::<Row>::new(CURSOR);
    let mut items = scripted(Scripted::new([Reply::json(first)])).items(list.clone());
    items.try_next().await.unwrap();
    let from = r#""pinned":[]"#;
    let text = forged(&items.checkpoint().unwrap(), from, r#""pinned":[["user_id","73"]]"#);
    let script = Scripted::respond(|_| Reply::json(page("{}", "")));
    let resumed = text.parse().and_then(|mark| scripted(script.clone()).items(list).resume(mark));
    if let Ok(mut items) = resumed {
        let _ = items.try_next().await;
    }
    assert!(script.urls().iter().all(|url| !url.contains("user_id")), "{:?}", script.urls());
}

#[tokio::test(start_paused = true)]
async fn p3_a_link_in_a_checkpoint_keeps_the_walks_own_query() {
    let mut list = List::<Json>::new(Paging::NextLink);
    list.query = vec![("user_id", "72".into())];
    let link = "https://api.example/v1/events?user_id=72&t=2";
    let first = page("1", &format!(r#""next":"{link}""#));
    let mut items = scripted(Scripted::new([Reply::json(first)])).items(list.clone());
    items.try_next().await.unwrap();
    let text = forged(&items.checkpoint().unwrap(), "user_id=72&t=2", "user_id=73&t=2");
    let script = Scripted::respond(|_| Reply::json(page("1", "")));
    let resumed = text.parse().and_then(|mark| scripted(script.clone()).items(list).resume(mark));
    if let Ok(mut items) = resumed {
        let _ = items.try_next().await;
    }
    assert_eq!(script.urls(), Vec::<String>::new(), "another user's log was asked for");
}

#[tokio::test(start_paused = true)]
async fn p1_a_resumed_walk_whose_first_page_leads_to_itself_is_an_error_at_once() {
    let list = List::<Json>::new(CURSOR);
    let script = Scripted::respond(|_| Reply::json(page("1", r#""cursor":"x""#)));
    let client = scripted(script.clone());
    let mut items = client.items(list.clone());
    items.try_next().await.unwrap();
    let mut rest = client.items(list).resume(items.checkpoint().unwrap()).unwrap();
    let (records, error) = drain(&mut rest).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::Paging);
    assert_eq!((records.len(), script.sent().len()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_of_another_host_key_or_query_is_refused() {
    let list = List::<Row>::new(CURSOR);
    let service = Service::new(CURSOR, 2, 5);
    let mut items = service.client().items(list.clone());
    take(&mut items, 1).await;
    let checkpoint = through_text(&items);
    let mut elsewhere = settings("https://b.example");
    elsewhere.set_transport(Scripted::new([]));
    let elsewhere = elsewhere.build().unwrap();
    let mut other = list.clone();
    other.query = vec![("user_id", "72".into())];
    let mut posted = list.clone();
    posted.body = Some("{}");
    for error in [
        elsewhere.items(list).resume(checkpoint.clone()).map(drop).unwrap_err(),
        service.client().items(other).resume(checkpoint.clone()).map(drop).unwrap_err(),
        service.client().items(posted).resume(checkpoint).map(drop).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Checkpoint, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p3_resuming_forgets_a_request_that_was_under_way() {
    let list = List::<Row>::new(CURSOR);
    let service = Service::new(CURSOR, 2, 5);
    let mut items = service.client().items(list.clone());
    take(&mut items, 4).await;
    let checkpoint = through_text(&items);
    let inner = service.clone();
    let slow = Scripted::respond(move |sent| {
        inner.answer(sent).after(std::time::Duration::from_millis(1))
    });
    let mut items = scripted(slow).items(list);
    let under_way = tokio::time::timeout(std::time::Duration::ZERO, items.try_next()).await;
    assert!(under_way.is_err());
    let mut items = items.resume(checkpoint).unwrap();
    assert_eq!(take(&mut items, usize::MAX).await, [record(0)]);
}

#[test]
fn p3_text_that_is_no_checkpoint_is_refused_whatever_it_is() {
    proptest!(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }, |(text in ".*")| {
        let error = text.parse::<Checkpoint>().unwrap_err();
        prop_assert_eq!(error.kind(), ErrorKind::Checkpoint);
        prop_assert!(error.to_string().chars().count() <= 300);
    });
}
