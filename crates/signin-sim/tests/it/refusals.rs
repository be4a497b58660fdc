//! Credentials, limits, unknown paths, and trouble on demand.

use std::time::Duration;

use signin_sim::RetryAfter;
use signin_sim::tines::Settings;

use crate::wire::{activities, ask, busiest, get, path, start};

#[tokio::test]
async fn the_key_is_taken_as_bearer_or_as_user_token_and_nothing_else_is() {
    let (_sim, tines) = start(1, Settings::default()).await;
    let (key, line) = (tines.api_key(), format!("GET {}", path(busiest(&tines), "")));
    for good in [
        format!("Authorization: Bearer {key}"),
        format!("authorization: bearer {key}"),
        format!("X-User-Token: {key}"),
    ] {
        assert_eq!(ask(&tines, &line, &[&good]).await.status, 200, "{good}");
    }
    for bad in [
        "X-Nothing: 1".to_owned(),
        format!("Authorization: {key}"),
        format!("Authorization: Basic {key}"),
        format!("Authorization: Bearer {key}x"),
        "X-User-Token:".to_owned(),
    ] {
        let answer = ask(&tines, &line, &[&bad]).await;
        assert_eq!(answer.status, 401, "{bad}");
        assert_eq!(answer.json()["type"], "Unauthorized");
    }
    let stats = tines.stats();
    assert_eq!((stats.answered, stats.unauthorised, stats.requests), (3, 5, 8));
}

#[tokio::test]
async fn a_key_of_ones_own_replaces_the_seeded_one() {
    let (_sim, tines) = start(1, Settings::default().api_key("mine")).await;
    assert_eq!(tines.api_key(), "mine");
    activities(&tines, busiest(&tines), "").await;
}

#[tokio::test]
async fn unknown_users_and_paths_are_not_found() {
    let (_sim, tines) = start(1, Settings::default()).await;
    let user = busiest(&tines);
    for id in ["1", "+5", "x", "-1", "%20", "99999999999999999999", "%ff"] {
        let answer = get(&tines, &format!("/api/v1/admin/users/{id}/signin_activities")).await;
        assert_eq!(answer.status, 404, "{id}");
        assert_eq!(answer.json()["errors"][0]["message"], "Not found");
    }
    let key = format!("Authorization: Bearer {}", tines.api_key());
    for line in ["GET /api/v1/admin".to_owned(), format!("DELETE {}", path(user, ""))] {
        let answer = ask(&tines, &line, &[&key]).await;
        assert_eq!((answer.status, answer.body.as_str()), (404, "Not Found\n"));
    }
    assert_eq!(tines.stats().rejected, 9);
}

#[tokio::test]
async fn the_limit_of_the_endpoint_is_kept_and_says_when_to_come_back() {
    let (_sim, tines) = start(1, Settings::default().per_minute(3)).await;
    let user = busiest(&tines);
    // Neither of these counts.
    ask(&tines, &format!("GET {}", path(user, "")), &[]).await;
    get(&tines, "/elsewhere").await;
    for _ in 0..3 {
        activities(&tines, user, "").await;
    }
    let answer = get(&tines, &path(user, "")).await;
    assert_eq!((answer.status, answer.body.as_str()), (429, "Retry later\n"));
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(get(&tines, "/elsewhere").await.status, 404, "the general limit is another one");
    assert_eq!((tines.stats().answered, tines.stats().throttled), (3, 1));
}

#[tokio::test]
async fn the_general_limit_holds_for_every_path() {
    let settings = Settings::default().per_minute_general(2).retry_after(None);
    let (_sim, tines) = start(1, settings).await;
    let user = busiest(&tines);
    activities(&tines, user, "").await;
    assert_eq!(get(&tines, "/elsewhere").await.status, 404);
    for path in [path(user, ""), "/elsewhere".to_owned()] {
        let answer = get(&tines, &path).await;
        assert_eq!(answer.status, 429);
        assert_eq!(answer.header("retry-after"), None);
    }
}

#[tokio::test]
async fn retry_after_can_be_a_number_of_ones_own() {
    let settings = Settings::default().per_minute(0).retry_after(Some(RetryAfter::Seconds(7)));
    let (_sim, tines) = start(1, settings).await;
    let answer = get(&tines, &path(busiest(&tines), "")).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("7")));
}

#[tokio::test]
async fn a_request_is_answered_again_when_the_window_has_passed() {
    // No window is shorter than this one: the next request always comes after it.
    let settings = Settings::default().per_minute(1).rate_window(Duration::from_nanos(1));
    let (_sim, tines) = start(1, settings).await;
    let user = busiest(&tines);
    activities(&tines, user, "").await;
    activities(&tines, user, "").await;
}

#[tokio::test]
async fn every_nth_request_fails_in_one_shape_after_the_other() {
    let settings = Settings::default().fail_every(2, 503);
    let (_sim, tines) = start(1, settings).await;
    let user = busiest(&tines);
    let mut shapes = Vec::new();
    for number in 1..=6 {
        let answer = get(&tines, &path(user, "")).await;
        assert_eq!(answer.status, if number % 2 == 0 { 503 } else { 200 });
        if number % 2 == 0 {
            shapes.push(answer.body.chars().next().unwrap());
        }
    }
    shapes.sort_unstable();
    assert_eq!(shapes, ['S', '[', '{']);
    assert_eq!((tines.stats().answered, tines.stats().faults), (3, 3));
}
