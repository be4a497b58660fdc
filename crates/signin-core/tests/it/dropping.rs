//! P9: a future may be dropped at every await; nothing is lost, doubled or left running.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use signin_core::Paging;
use signin_core::RateLimit;
use signin_core::testing::{Reply, Scripted};
use signin_core::{
    Credential, Deferred, Json, Result, RetryPolicy, Secret, TokenSource, Transport,
};
use signin_core::{HttpRequest, HttpResponse, TransportError};
use tokio::task::yield_now;

use crate::api::{CURSOR, List, numbered, page, scripted, settings};

/// Answers after so many polls.
struct Stuttering(Scripted, usize);

impl Transport for Stuttering {
    fn send(&self, request: HttpRequest) -> Deferred<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let answer = self.0.send(request).await;
            for _ in 0..self.1 {
                yield_now().await;
            }
            answer
        })
    }
}

struct SlowToken(usize);

impl TokenSource for SlowToken {
    fn token(&self) -> Deferred<'_, Result<Secret>> {
        Box::pin(async {
            for _ in 0..self.0 {
                yield_now().await;
            }
            Ok("token-0123456789".into())
        })
    }

    fn refused(&self, _: &Secret) -> bool {
        true
    }
}

/// Polls a future at most so often and drops it.
pub(crate) async fn polled<T>(future: impl Future<Output = T>, times: usize) -> Option<T> {
    let mut future = Box::pin(future);
    let mut left = times;
    std::future::poll_fn(move |cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match Pin::new(&mut future).poll(cx) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    })
    .await
}

fn body(paging: Paging, number: usize) -> String {
    let rest = match (paging, number) {
        (_, 4) => String::new(),
        (Paging::NextLink, _) => format!(r#""next":"/v1/events?t={number}""#),
        (Paging::Cursor { .. }, _) => format!(r#""cursor":{number}"#),
        _ => format!(r#""meta":{{"next_page":{}}}"#, number + 1),
    };
    page(&format!("{number}1,{number}2"), &rest)
}

const SECOND: Duration = Duration::from_secs(1);
static SCOPE: [RateLimit; 1] = [RateLimit::new("events", 1, SECOND)];
const ALL: [&str; 8] = ["11", "12", "21", "22", "31", "32", "41", "42"];

/// Four pages with a 503, a 429 and a 401 between them.
fn replies(paging: Paging) -> Vec<Reply> {
    let mut replies: Vec<_> = (1..=4).map(|number| Reply::json(body(paging, number))).collect();
    replies.insert(3, Reply::status(401));
    replies.insert(2, Reply::status(429).header("retry-after", "2"));
    replies.insert(1, Reply::status(503));
    replies
}

#[tokio::test(start_paused = true)]
async fn p9_dropping_a_future_after_any_number_of_polls_loses_and_doubles_nothing() {
    for paging in [Paging::NextLink, CURSOR, numbered(3, true)] {
        for polls in 1..12 {
            let script = Scripted::new(replies(paging));
            let mut settings = settings("https://api.example");
            settings.set_credential(Credential::bearer(SlowToken(2)));
            settings.set_retry(RetryPolicy::default());
            settings.set_transport(Stuttering(script.clone(), 3));
            let list = List::<Json>::new(paging).scopes(&SCOPE);
            let mut items = settings.build().unwrap().items(list);
            let mut records = Vec::new();
            for _ in 0..100_000 {
                match polled(items.try_next(), polls).await {
                    Some(Ok(Some(record))) => records.push(record.raw().to_owned()),
                    Some(Ok(None)) => break,
                    Some(Err(error)) => panic!("{error}"),
                    None => tokio::time::advance(Duration::from_millis(10)).await,
                }
            }
            assert_eq!(records, ALL, "{paging:?}, dropped after {polls} polls");
            assert_eq!(script.sent().len(), 7, "no request is sent twice");
            let report = items.report();
            assert_eq!((report.requests, report.retries, report.records), (7, 3, 8));
            assert!(report.finished);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p9_select_with_a_branch_that_is_ready_is_safe() {
    let script = Scripted::new(replies(CURSOR));
    let mut settings = settings("https://api.example");
    settings.set_credential(Credential::bearer(SlowToken(1)));
    settings.set_retry(RetryPolicy::default());
    settings.set_transport(Stuttering(script.clone(), 2));
    let mut items = settings.build().unwrap().items(List::<Json>::new(CURSOR));
    let mut records = Vec::new();
    let mut ticks = 0_u32;
    loop {
        tokio::select! {
            record = items.try_next() => match record.unwrap() {
                Some(record) => records.push(record.raw().to_owned()),
                None => break,
            },
            () = std::future::ready(()) => {
                ticks += 1;
                tokio::time::advance(Duration::from_millis(10)).await;
            }
        }
    }
    assert!(ticks > 0);
    assert_eq!(records, ALL);
    assert_eq!(script.sent().len(), 7);
}

#[tokio::test(start_paused = true)]
async fn p9_a_checkpoint_taken_while_a_request_is_under_way_loses_nothing() {
    for paging in [Paging::NextLink, CURSOR, numbered(3, true)] {
        let plain = || (1..=4).map(move |number| Reply::json(body(paging, number)));
        let list = List::<Json>::new(paging);
        for cut in 0..8 {
            let client = scripted(Stuttering(Scripted::new(plain()), 3));
            let mut items = client.items(list.clone());
            let mut records = Vec::new();
            for _ in 0..cut {
                records.extend(items.try_next().await.unwrap().map(|r| r.raw().to_owned()));
            }
            let before = items.checkpoint();
            if polled(items.try_next(), 1).await.is_none() {
                assert_eq!(items.checkpoint(), before, "nothing was handed out");
            }
        }
    }
}

/// Never answers, and counts the requests that are under way.
#[derive(Clone, Default)]
pub(crate) struct Hanging(pub(crate) Arc<AtomicUsize>);

struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Transport for Hanging {
    fn send(&self, _: HttpRequest) -> Deferred<'_, Result<HttpResponse, TransportError>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let guard = UnderWay(Arc::clone(&self.0));
        Box::pin(async move {
            let _guard = guard;
            std::future::pending().await
        })
    }
}

#[tokio::test(start_paused = true)]
async fn p9_dropping_the_walk_stops_the_request_that_is_under_way() {
    let hanging = Hanging::default();
    let under_way = || hanging.0.load(Ordering::Relaxed);
    let client = scripted(hanging.clone());
    let mut items = client.items(List::<Json>::new(CURSOR));
    assert!(polled(items.try_next(), 3).await.is_none());
    assert_eq!(under_way(), 1, "a dropped future keeps its request for the next call");
    drop(items);
    yield_now().await;
    assert_eq!(under_way(), 0);
    let mut pages = client.pages(List::<Json>::new(CURSOR));
    assert!(polled(pages.try_next(), 3).await.is_none());
    assert_eq!(under_way(), 1);
    drop(pages);
    yield_now().await;
    assert_eq!(under_way(), 0);
    assert!(polled(client.execute(&List::<Json>::new(CURSOR)), 3).await.is_none());
    yield_now().await;
    assert_eq!(under_way(), 0);
}

#[tokio::test(start_paused = true)]
async fn p9_a_time_out_stops_the_request_that_is_under_way() {
    let hanging = Hanging::default();
    let client = scripted(hanging.clone());
    let error = client.execute(&List::<Json>::new(CURSOR)).await.unwrap_err();
    assert_eq!(error.kind(), signin_core::ErrorKind::Timeout);
    assert_eq!(hanging.0.load(Ordering::Relaxed), 0);
}

static ONE: [RateLimit; 1] = [RateLimit::new("events", 1, Duration::from_secs(10))];

/// A `select!` in a loop keeps futures that it does not poll while another branch runs.
#[tokio::test(start_paused = true)]
async fn p9_a_call_that_is_kept_but_not_polled_holds_up_no_other() {
    let client = scripted(Scripted::respond(|_| Reply::json(page("1", ""))));
    let list = || List::<Json>::new(Paging::None).scopes(&ONE);
    client.execute(&list()).await.unwrap();

    let (first, mut items) = (list(), client.items(list()));
    let mut kept_call = Box::pin(client.execute(&first));
    let mut kept_walk = Box::pin(items.try_next());
    for _ in 0..3 {
        assert!(polled(&mut kept_call, 1).await.is_none());
        assert!(polled(&mut kept_walk, 1).await.is_none());
        yield_now().await;
    }
    let (other, hour) = (list(), Duration::from_secs(3600));
    let third = tokio::time::timeout(hour, client.execute(&other)).await;
    assert!(third.is_ok(), "those before it go on by themselves");
    assert!(kept_call.await.is_ok() && kept_walk.await.unwrap().is_some());
}
