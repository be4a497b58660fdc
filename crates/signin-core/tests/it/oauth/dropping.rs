//! P9: waiting tasks may be dropped, or left unpolled, at every await.

use std::sync::atomic::Ordering;
use std::time::Duration;

use signin_core::testing::Reply;
use tokio::task::yield_now;
use tokio::time::timeout;

use super::{Service, asks_token, client, credentials, list};
use crate::dropping::{Hanging, polled};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn p9_a_dropped_waiter_takes_nothing_from_the_others() {
    for polls in 1..6 {
        let service = Service::new(HOUR, SECOND);
        let client = client(credentials(), service.script());
        let (list, other) = (list(), list());
        let mut second = Box::pin(client.execute(&other));
        // The first begins the exchange, the second joins it, the first goes.
        let mut first = Box::pin(client.execute(&list));
        assert!(polled(&mut first, polls).await.is_none());
        assert!(polled(&mut second, 1).await.is_none());
        drop(first);
        second.await.unwrap();
        assert_eq!(service.issued(), 1, "dropped after {polls} polls");
    }
}

#[tokio::test(start_paused = true)]
async fn p9_a_waiter_that_is_not_polled_any_more_holds_up_nobody() {
    let service = Service::new(HOUR, SECOND);
    service.trouble([Reply::status(503), Reply::status(429).header("retry-after", "5")]);
    let client = client(credentials(), service.script());
    // Kept, as `select!` in a loop keeps it, and never polled again.
    let list = list();
    let mut kept = Box::pin(client.execute(&list));
    assert!(polled(&mut kept, 1).await.is_none());
    for _ in 0..3 {
        timeout(60 * SECOND, client.execute(&list)).await.expect("stuck").unwrap();
    }
    kept.await.unwrap();
    assert_eq!(service.issued(), 1);
}

#[tokio::test(start_paused = true)]
async fn p9_the_last_waiter_to_go_stops_the_token_request() {
    let hanging = Hanging::default();
    let under_way = || hanging.0.load(Ordering::Relaxed);
    let client = client(credentials(), hanging.clone());
    let list = list();
    for _ in 0..3 {
        let (mut one, mut other) =
            (Box::pin(client.execute(&list)), Box::pin(client.execute(&list)));
        assert!(polled(&mut one, 2).await.is_none());
        assert!(polled(&mut other, 2).await.is_none());
        assert_eq!(under_way(), 1, "one request for both");
        drop(one);
        assert_eq!(under_way(), 1, "somebody still waits");
        drop(other);
        yield_now().await;
        assert_eq!(under_way(), 0);
    }
    let mut items = client.items(list.clone());
    assert!(polled(items.try_next(), 2).await.is_none());
    assert_eq!(under_way(), 1, "a dropped future keeps its request for the next call");
    drop(items);
    yield_now().await;
    assert_eq!(under_way(), 0);
}

#[tokio::test(start_paused = true)]
async fn p9_a_walk_whose_futures_are_dropped_loses_and_doubles_nothing() {
    for polls in 1..8 {
        let service = Service::new(10 * SECOND, SECOND);
        let script = service.script();
        let mut items = client(credentials(), script.clone()).items(list());
        let mut records = Vec::new();
        while records.len() < 40 {
            match polled(items.try_next(), polls).await {
                Some(record) => records.push(record.unwrap().unwrap().raw().to_owned()),
                None => tokio::time::advance(SECOND / 4).await,
            }
        }
        let expected: Vec<_> = (1..=40).map(|number| number.to_string()).collect();
        assert_eq!(records, expected, "dropped after {polls} polls");
        let asked = script.sent().iter().filter(|sent| asks_token(sent)).count();
        assert_eq!(asked, service.issued(), "every token that was asked for was used");
        assert_eq!(service.refused(), 0);
    }
}
