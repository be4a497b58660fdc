//! P6: tokens end, are refused, come late; pagers go on, and one request fetches for all.

use std::time::Duration;

use signin_core::ErrorKind;
use signin_core::testing::{Reply, Scripted};
use tokio::task::JoinSet;
use tokio::time::{Instant, advance};

use super::{Service, asks_token, client, credentials, grant, list};
use crate::api::page;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn p6_one_hundred_tasks_wait_for_one_token_request() {
    let service = Service::new(3600 * SECOND, SECOND);
    let client = client(credentials(), service.script());
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        tasks.spawn(async move { client.execute(&list()).await.map(drop) });
    }
    tasks.join_all().await.into_iter().for_each(|result| result.unwrap());
    assert_eq!((service.issued(), service.refused()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn p6_one_hundred_refused_tasks_cause_one_token_request() {
    let service = Service::new(3600 * SECOND, SECOND);
    let client = client(credentials(), service.script());
    client.execute(&list()).await.unwrap();
    service.revoke();
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        tasks.spawn(async move { client.execute(&list()).await.map(drop) });
    }
    tasks.join_all().await.into_iter().for_each(|result| result.unwrap());
    assert_eq!((service.issued(), service.refused()), (2, 100));
}

#[tokio::test(start_paused = true)]
async fn p6_a_late_401_of_an_old_token_leaves_the_newer_one_alone() {
    let mut tokens = 0;
    let script = Scripted::respond(move |sent| {
        if asks_token(sent) {
            tokens += 1;
            return grant(&format!("token-number-{tokens}"), "3600");
        }
        match sent.header("authorization") {
            // The old token's 401 to the second task comes long after the first's.
            Some("Bearer token-number-1") if sent.url.contains("slow") => {
                Reply::status(401).after(60 * SECOND)
            }
            Some("Bearer token-number-1") => Reply::status(401).after(SECOND),
            _ => Reply::json(page("1", "")),
        }
    });
    let client = client(credentials(), script.clone());
    let mut slow = list();
    slow.query = vec![("slow", "1".into())];
    let list = list();
    let (one, other) = tokio::join!(client.execute(&list), client.execute(&slow));
    one.unwrap();
    other.unwrap();
    let asked_with = |token: &str| {
        let bearer = format!("Bearer {token}");
        script.sent().iter().filter(|s| s.header("authorization") == Some(&bearer)).count()
    };
    assert_eq!((asked_with("token-number-1"), asked_with("token-number-2")), (2, 2));
    assert_eq!(script.sent().iter().filter(|sent| asks_token(sent)).count(), 2);
}

#[tokio::test(start_paused = true)]
async fn p6_a_401_is_replayed_once_and_then_handed_over() {
    let script = Scripted::respond(|sent| match asks_token(sent) {
        true => grant("token-0123456789", "3600"),
        false => Reply::status(401),
    });
    let error = client(credentials(), script.clone()).execute(&list()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Authentication, 2));
    let asked: Vec<_> = script.sent().iter().map(asks_token).collect();
    assert_eq!(asked, [true, false, true, false]);
}

#[tokio::test(start_paused = true)]
async fn p6_a_walk_outlives_any_number_of_token_lives_without_one_401() {
    // In milliseconds. The last page before a token's end would reach the API after it.
    for (life, takes, pages) in
        [(10_000, 1_900, 500), (60_000, 5_900, 300), (3_600_000, 9_000, 2000)]
    {
        let millis = |n: u32| Duration::from_millis(n.into());
        let service = Service::new(millis(life), millis(takes));
        let mut items = client(credentials(), service.script()).items(list());
        for number in 1..=pages {
            assert_eq!(items.try_next().await.unwrap().unwrap().raw(), number.to_string());
        }
        let lives = pages * takes / life;
        assert_eq!(service.refused(), 0, "{life} ms");
        let issued = u32::try_from(service.issued()).unwrap();
        assert!((lives..=lives * 2 + 2).contains(&issued), "{life} ms: {issued} tokens");
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_walk_outlives_revocations_and_loses_nothing() {
    let service = Service::new(3600 * SECOND, SECOND);
    let mut items = client(credentials(), service.script()).items(list());
    for number in 1..=300 {
        if number % 3 == 0 {
            service.revoke();
        }
        assert_eq!(items.try_next().await.unwrap().unwrap().raw(), number.to_string());
    }
    assert_eq!((service.refused(), service.issued()), (100, 101));
}

#[tokio::test(start_paused = true)]
async fn p6_lives_shorter_than_an_answer_still_lead_on() {
    let service = Service::new(SECOND / 10, SECOND / 100);
    let mut items = client(credentials(), service.script()).items(list());
    for number in 1..=50 {
        assert_eq!(items.try_next().await.unwrap().unwrap().raw(), number.to_string());
    }
    // Over before it arrives: used for the call that waited for it, and no further.
    let script = Scripted::respond(|sent| match asks_token(sent) {
        true => grant("token-0123456789", "1").after(2 * SECOND),
        false => Reply::json(page("1", "")),
    });
    let client = client(credentials(), script);
    for _ in 0..3 {
        client.execute(&list()).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_token_of_unknown_life_is_used_for_five_minutes() {
    for expires_in in ["0", "-1", "null", "\"soon\""] {
        let script = Scripted::respond(move |sent| match asks_token(sent) {
            true => grant("token-0123456789", expires_in),
            false => Reply::json(page("1", "")),
        });
        let client = client(credentials(), script.clone());
        let asked = || script.sent().iter().filter(|sent| asks_token(sent)).count();
        for (wait, expected) in [(0, 1), (200, 1), (100, 2)] {
            advance(wait * SECOND).await;
            client.execute(&list()).await.unwrap();
            assert_eq!(asked(), expected, "{expires_in} after {wait} s");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p6_a_token_counts_from_when_it_was_asked_for() {
    // It takes 200 of the token's 300 seconds to arrive.
    let script = Scripted::respond(|sent| match asks_token(sent) {
        true => grant("token-0123456789", "300").after(200 * SECOND),
        false => Reply::json(page("1", "")),
    });
    let client = client(credentials(), script.clone());
    client.execute(&list()).await.unwrap();
    advance(101 * SECOND).await;
    let begun = Instant::now();
    client.execute(&list()).await.unwrap();
    assert!(begun.elapsed() >= 200 * SECOND, "the old token was used beyond its end");
}
