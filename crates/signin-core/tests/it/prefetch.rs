//! Pages fetched ahead: the same records in the same order, sooner.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use signin_core::RateLimit;
use signin_core::testing::{Reply, Scripted};
use signin_core::vendor::Client;
use signin_core::{Deferred, Transport};
use signin_core::{HttpRequest, HttpResponse, TransportError};
use tokio::time::Instant;

use crate::api::{List, Row, numbered, scripted, settings};
use crate::resume::{Service, every_paging, record, take, through_text};

const LATENCY: Duration = Duration::from_millis(150);

/// Answers after a while, and knows how many requests are under way.
#[derive(Clone)]
struct Slow {
    inner: Scripted,
    under_way: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
}

struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Transport for Slow {
    fn send(&self, request: HttpRequest) -> Deferred<'_, Result<HttpResponse, TransportError>> {
        let now = self.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
        let guard = UnderWay(Arc::clone(&self.under_way));
        Box::pin(async move {
            let _guard = guard;
            tokio::time::sleep(LATENCY).await;
            self.inner.send(request).await
        })
    }
}

fn slow(service: &Service) -> (Client, Slow) {
    let service = service.clone();
    let inner = Scripted::respond(move |sent| service.answer(sent));
    let slow = Slow { inner, under_way: Arc::default(), most: Arc::default() };
    let mut settings = settings("https://api.example");
    settings.set_transport(slow.clone());
    (settings.build().unwrap(), slow)
}

#[tokio::test(start_paused = true)]
async fn p1_pages_fetched_ahead_give_the_same_records_in_the_same_order() {
    for count in [0, 1, 5, 6, 30] {
        for paging in every_paging(3) {
            for total in [false, true] {
                let mut service = Service::new(paging, 3, count);
                service.total = total;
                for ahead in [1, 2, 4, 100] {
                    let (client, _) = slow(&service);
                    let list = List::<Row>::new(paging).keyed();
                    let mut items = client.items(list).fetch_ahead(ahead);
                    let expected: Vec<_> = (0..count).rev().map(record).collect();
                    let told = format!("{paging:?} total {total}, {count} rows, {ahead} ahead");
                    assert_eq!(take(&mut items, usize::MAX).await, expected, "{told}");
                    assert!(items.report().is_complete(), "{told}: {:?}", items.report());
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn pages_fetched_ahead_hide_the_latency() {
    let paging = numbered(3, false);
    let mut service = Service::new(paging, 3, 121);
    service.total = true;
    let mut took = Vec::new();
    for ahead in [0, 1, 4] {
        let (client, slow) = slow(&service);
        let mut items = client.items(List::<Row>::new(paging)).fetch_ahead(ahead);
        let begun = Instant::now();
        assert_eq!(take(&mut items, usize::MAX).await.len(), 121);
        took.push(begun.elapsed());
        assert_eq!(slow.most.load(Ordering::Relaxed), ahead.max(1));
        assert_eq!(items.report().requests, 41, "none in vain");
    }
    assert!(took[0] >= LATENCY * 41 && took[1] >= LATENCY * 41, "virtual time: {took:?}");
    assert!(took[2] <= LATENCY * 12, "one page alone, then four at a time: {took:?}");
}

#[tokio::test(start_paused = true)]
async fn the_next_page_is_under_way_while_a_page_is_handed_out() {
    for paging in every_paging(2) {
        let (client, slow) = slow(&Service::new(paging, 2, 6));
        let mut items = client.items(List::<Row>::new(paging)).fetch_ahead(1);
        take(&mut items, 1).await;
        tokio::time::sleep(LATENCY * 2).await;
        assert_eq!(slow.inner.sent().len(), 2, "{paging:?}");
        let begun = Instant::now();
        take(&mut items, 3).await;
        assert_eq!(begun.elapsed(), Duration::ZERO, "{paging:?}: the second page is there");
    }
}

#[tokio::test(start_paused = true)]
async fn requests_in_vain_are_few_and_counted() {
    // No total: nothing says where the list ends.
    let paging = numbered(3, true);
    let (client, slow) = slow(&Service::new(paging, 3, 20));
    let mut items = client.items(List::<Row>::new(paging)).fetch_ahead(4);
    take(&mut items, usize::MAX).await;
    let under_way = slow.under_way.load(Ordering::Relaxed);
    let sent = u64::try_from(slow.inner.sent().len() + under_way).unwrap();
    assert!(items.report().requests >= sent, "what is under way is counted too");
    assert!(items.report().requests <= 7 + 4);
}

#[tokio::test(start_paused = true)]
async fn p3_a_walk_that_fetches_ahead_is_resumed_without_loss_or_repeat() {
    for paging in every_paging(3) {
        let service = Service::new(paging, 3, 14);
        let list = List::<Row>::new(paging).keyed();
        for cut in 0..15 {
            let (client, _) = slow(&service);
            let mut items = client.items(list.clone()).fetch_ahead(3);
            let mut all = take(&mut items, cut).await;
            let rest = client.items(list.clone()).resume(through_text(&items)).unwrap();
            all.extend(take(&mut rest.fetch_ahead(3), usize::MAX).await);
            let expected: Vec<_> = (0..14).rev().map(record).collect();
            assert_eq!(all, expected, "{paging:?}, cut at {cut}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_comes_in_its_place_and_the_walk_goes_on_in_order() {
    let paging = numbered(2, false);
    let mut service = Service::new(paging, 2, 11);
    service.total = true;
    let mut refusals = 2;
    let script = Scripted::respond(move |sent| {
        let bad = sent.url.contains("page=3") && refusals > 0;
        refusals -= i32::from(bad);
        if bad { Reply::status(400) } else { service.answer(sent) }
    });
    let mut items = scripted(script.clone()).items(List::<Row>::new(paging)).fetch_ahead(3);
    let mut seen = Vec::new();
    loop {
        match items.try_next().await {
            Ok(Some(record)) => seen.push(record.raw().to_owned()),
            Ok(None) => break,
            Err(error) => seen.push(error.status().unwrap().to_string()),
        }
    }
    let mut expected: Vec<_> = (0..11).rev().map(record).collect();
    for _ in 0..2 {
        expected.insert(4, "400".into());
    }
    assert_eq!(seen, expected);
    assert_eq!(items.report().requests, 6 + 2, "what was fetched ahead is used");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_skipped_takes_nothing_from_those_fetched_ahead() {
    let paging = numbered(2, true);
    let service = Service::new(paging, 2, 8);
    let script = Scripted::respond(move |sent| match sent.url.contains("page=2") {
        true => Reply::json("no page"),
        false => service.answer(sent),
    });
    let mut items = scripted(script).items(List::<Row>::new(paging)).fetch_ahead(3);
    assert_eq!(take(&mut items, 2).await, [record(7), record(6)]);
    assert!(items.try_next().await.is_err());
    items.skip_page().unwrap();
    let rest: Vec<_> = (0..4).rev().map(record).collect();
    assert_eq!(take(&mut items, usize::MAX).await, rest);
    assert!(!items.report().is_complete());
}

#[tokio::test(start_paused = true)]
async fn p6_limits_hold_for_pages_fetched_ahead() {
    static LIMIT: [RateLimit; 1] = [RateLimit::new("events", 5, Duration::from_secs(10))];
    let paging = numbered(1, true);
    let mut service = Service::new(paging, 1, 23);
    service.total = true;
    let (client, slow) = slow(&service);
    let list = List::<Row>::new(paging).scopes(&LIMIT);
    take(&mut client.items(list).fetch_ahead(8), usize::MAX).await;
    let sent = slow.inner.sent();
    for (first, start) in sent.iter().enumerate() {
        let window = sent[first..].iter().filter(|other| other.at - start.at < LIMIT[0].per);
        assert!(window.count() <= 5);
    }
}

#[tokio::test(start_paused = true)]
async fn p9_dropping_a_walk_stops_what_was_sent_ahead() {
    for paging in every_paging(2) {
        let (client, slow) = slow(&Service::new(paging, 2, 40));
        let mut items = client.items(List::<Row>::new(paging)).fetch_ahead(4);
        take(&mut items, 1).await;
        tokio::task::yield_now().await;
        assert!(slow.under_way.load(Ordering::Relaxed) > 0, "{paging:?}");
        drop(items);
        tokio::task::yield_now().await;
        assert_eq!(slow.under_way.load(Ordering::Relaxed), 0, "{paging:?}");
        let sent = slow.inner.sent().len();
        tokio::time::sleep(LATENCY * 10).await;
        assert_eq!(slow.inner.sent().len(), sent, "{paging:?}");
    }
}
