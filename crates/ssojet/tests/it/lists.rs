//! Users: what is sent, and how the list goes on.

use signin_core::testing::{Reply, Scripted};

use crate::client;

const USERS: &str = include_str!("../../../../fixtures/ssojet/users.json");
const LAST: &str = include_str!("../../../../fixtures/ssojet/users.last_page.json");

#[tokio::test(start_paused = true)]
async fn p5_every_parameter_of_users_is_sent_as_documented() {
    let script = Scripted::new([Reply::json(LAST)]);
    let users = client(&script).users().email("a+b@example.com").limit(2).cursor("x/y=");
    assert_eq!(users.first_page().await.unwrap().items().count(), 1);
    assert_eq!(
        script.urls(),
        ["https://api.ssojet.com/api/v1/users\
          ?client_id=app-1&email=a%2Bb%40example.com&limit=2&cursor=x%2Fy%3D"]
    );
}

#[tokio::test(start_paused = true)]
async fn p1_users_are_walked_until_the_cursor_is_null_with_all_arguments_on_every_page() {
    let script = Scripted::new([Reply::json(USERS), Reply::json(LAST)]);
    let mut users = client(&script).users().limit(2).items();
    let mut emails = Vec::new();
    while let Some(user) = users.try_next().await.unwrap() {
        emails.push(user.email().unwrap().to_owned());
    }
    assert_eq!(emails, ["ada@example.com", "ben@example.com", "cleo@example.com"]);
    assert!(users.report().is_complete());
    assert_eq!(
        script.urls(),
        [
            "https://api.ssojet.com/api/v1/users?client_id=app-1&limit=2",
            "https://api.ssojet.com/api/v1/users?client_id=app-1&limit=2&cursor=Zm9yIGludmVudGVkIGRhdGE%3D",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_user_that_comes_again_on_the_next_page_is_handed_out_once() {
    let first = r#"{"users":[{"id":"a"},{"id":"b"}],"next_cursor":"x"}"#;
    let second = r#"{"users":[{"id":"b"},{"id":"c"}],"next_cursor":""}"#;
    let script = Scripted::new([Reply::json(first), Reply::json(second)]);
    let mut users = client(&script).users().items();
    let mut ids = Vec::new();
    while let Some(user) = users.try_next().await.unwrap() {
        ids.push(user.id.as_ref().unwrap().to_string());
    }
    assert_eq!((ids.concat().as_str(), users.report().duplicates), ("abc", 1));
}
