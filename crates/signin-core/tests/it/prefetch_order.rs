//! P1 where several pages are under way and the service looks at its list for them in any order,
//! while records join it.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use signin_core::testing::Scripted;
use signin_core::{Deferred, ErrorKind, Items, Report, Transport, Warning};
use signin_core::{HttpRequest, HttpResponse, TransportError};

use crate::api::{List, Row, numbered, settings};
use crate::resume::{Service, record, take, through_text};

/// A request reaches the service after a while; at some of them something happens first.
#[derive(Clone)]
struct Late {
    service: Scripted,
    /// How long the request takes to get there, by the page that it asks for.
    delay: Arc<dyn Fn(&str) -> Duration + Send + Sync>,
}

impl Transport for Late {
    fn send(&self, request: HttpRequest) -> Deferred<'_, Result<HttpResponse, TransportError>> {
        let delay = (self.delay)(request.url.as_str());
        Box::pin(async move {
            tokio::time::sleep(delay).await;
            self.service.send(request).await
        })
    }
}

/// A pager over numbered pages, some of them ahead. `happens` is told how many requests the service
/// has seen.
fn pager(
    service: &Service,
    ahead: usize,
    size: usize,
    delay: impl Fn(&str) -> Duration + Send + Sync + 'static,
    mut happens: impl FnMut(u64, &mut Vec<u64>) + Send + 'static,
) -> Items<List<Row>> {
    let (service, mut seen) = (service.clone(), 0);
    let script = Scripted::respond(move |sent| {
        happens(seen, &mut service.rows.lock().unwrap());
        seen += 1;
        service.answer(sent)
    });
    let mut settings = settings("https://api.example");
    settings.set_transport(Late { service: script, delay: Arc::new(delay) });
    let list = List::<Row>::new(numbered(size.try_into().unwrap(), false)).keyed();
    settings.build().unwrap().items(list).fetch_ahead(ahead)
}

fn is_page(url: &str, number: u64) -> bool {
    url.ends_with(&format!("page={number}")) || url.contains(&format!("page={number}&"))
}

/// Rows have even numbers; the others may join.
fn service(size: usize, rows: u64, total: bool) -> Service {
    let mut service = Service::new(numbered(size.try_into().unwrap(), false), size, 0);
    service.rows = Arc::new(Mutex::new((0..rows).map(|row| row * 2).collect()));
    service.total = total;
    service
}

fn join(rows: &mut Vec<u64>, row: u64) {
    if let Err(place) = rows.binary_search(&row) {
        rows.insert(place, row);
    }
}

fn lacks(came: &[String], rows: u64) -> Vec<u64> {
    (0..rows).map(|row| row * 2).filter(|row| !came.contains(&record(*row))).collect()
}

#[tokio::test(start_paused = true)]
async fn p1_a_record_that_joins_between_pages_answered_out_of_order_takes_no_other_with_it() {
    for total in [true, false] {
        for ahead in [2, 3, 16] {
            // Page 3 is answered before page 2, and a record joins the first page in between.
            let late = |url: &str| Duration::from_millis(if is_page(url, 2) { 500 } else { 10 });
            let joins = |seen, rows: &mut Vec<u64>| {
                if seen == 2 {
                    join(rows, 117);
                }
            };
            let mut items = pager(&service(10, 60, total), ahead, 10, late, joins);
            let came = take(&mut items, usize::MAX).await;
            assert_eq!(lacks(&came, 60), [0; 0], "{ahead} ahead, total {total}");
            // Where the list counts itself, the pager went back to the page that it joined.
            assert_eq!(came.len(), if total { 61 } else { 60 }, "none twice");
            assert!(items.report().is_complete(), "{:?}", items.report());
        }
    }
}

/// One page at a time takes nothing out of what was there; what joined a page that was read before is
/// missing, and a record that comes twice by it does not stand in its place.
#[tokio::test(start_paused = true)]
async fn p1_a_record_that_joins_a_page_read_before_is_missed_and_told() {
    for ahead in [0, 1] {
        let at_once = |_: &str| Duration::ZERO;
        let joins = |seen, rows: &mut Vec<u64>| {
            if seen == 2 {
                join(rows, 117);
            }
        };
        let mut items = pager(&service(10, 60, true), ahead, 10, at_once, joins);
        let came = take(&mut items, usize::MAX).await;
        assert!(lacks(&came, 60).is_empty() && came.len() == 60, "{ahead} ahead");
        let lack = Warning::TotalDiffers { total: 61, received: 60 };
        assert_eq!(items.report().warnings, [lack], "{ahead} ahead");
        assert!(!items.report().is_complete());
    }
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// Takes `count` records. False where a page came again under another number: whether rows moved or
/// the service ignores the number cannot be known, and the pager says that it has no way on.
async fn take_some(items: &mut Items<List<Row>>, count: u64, came: &mut Vec<String>) -> bool {
    for _ in 0..count {
        match items.try_next().await {
            Ok(Some(record)) => came.push(record.raw().to_owned()),
            Ok(None) => break,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Paging, "{error}");
                return false;
            }
        }
    }
    true
}

/// Walks a list that records join at any place, and breaks the pager off once. Gives what came and
/// what the last part says of itself; None where it had no way on.
async fn shifting(seed: u64) -> Option<(Vec<String>, Report, u64)> {
    let mut dice = Dice(seed);
    let (size, ahead) = (1 + dice.below(7), 2 + dice.below(6));
    let (rows, total) = (dice.below(80), dice.below(2) == 0);
    let (joining, cut) = (dice.below(4), dice.below(100));
    let service = service(size.try_into().unwrap(), rows, total);
    let (size, ahead) = (size.try_into().unwrap(), ahead.try_into().unwrap());
    let (delays, places) = (AtomicU64::new(dice.below(1 << 40)), dice.below(1 << 40));
    let delays = Arc::new(delays);
    let begin = || {
        let delays = Arc::clone(&delays);
        let late = move |_: &str| {
            let mut dice = Dice(delays.load(Ordering::Relaxed));
            let delay = dice.below(400);
            delays.store(dice.0, Ordering::Relaxed);
            Duration::from_millis(delay)
        };
        let mut dice = Dice(places);
        let joins = move |_, list: &mut Vec<u64>| {
            if dice.below(8) < joining {
                join(list, dice.below(rows * 2 + 1) | 1);
            }
        };
        pager(&service, ahead, size, late, joins)
    };
    let mut items = begin();
    let mut came = Vec::new();
    if !take_some(&mut items, cut, &mut came).await {
        return None;
    }
    let mut rest = begin().resume(through_text(&items)).unwrap();
    let is_over = take_some(&mut rest, u64::MAX, &mut came).await;
    is_over.then(|| (came, rest.report().clone(), rows))
}

#[tokio::test(start_paused = true)]
async fn p1_whatever_order_pages_are_answered_in_all_that_was_there_comes() {
    let (mut complete, mut over) = (0, 0);
    for seed in 0..2_000 {
        let Some((came, report, rows)) = shifting(seed).await else { continue };
        over += 1;
        let lacks = lacks(&came, rows);
        assert!(lacks.is_empty(), "seed {seed} lacks {lacks:?}: {report:?}");
        let different: HashSet<_> = came.iter().collect();
        assert_eq!(different.len(), came.len(), "seed {seed}: a record came twice");
        complete += u64::from(report.is_complete());
    }
    assert!(over > 1_500 && complete > 700, "{over} came to their end, {complete} were complete");
}

#[tokio::test(start_paused = true)]
async fn p7_a_list_that_holds_still_is_asked_for_no_more_often_than_it_has_pages() {
    let calm = |_, _: &mut Vec<u64>| {};
    let late = |url: &str| Duration::from_millis(if is_page(url, 3) { 10 } else { 50 });
    let mut items = pager(&service(10, 65, true), 4, 10, late, calm);
    assert_eq!(take(&mut items, usize::MAX).await.len(), 65);
    assert_eq!((items.report().requests, items.report().is_complete()), (7, true));
}
