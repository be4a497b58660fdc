//! A plain list after a break (P3): its link is tried, and refused where it is not its own.

use msgraph_signins::{Checkpoint, Client, ErrorKind, Items, SignIns};
use signin_core::testing::{Reply, Scripted};

use crate::{client, ids, link, page, time};

fn stored(items: &Items<SignIns>) -> Checkpoint {
    items.checkpoint().unwrap().to_string().parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn p3_a_list_goes_on_by_its_link_in_the_middle_of_a_page() {
    let script = Scripted::new([
        Reply::json(page([6, 5], Some(&link("a")))),
        Reply::json(page([4, 3], Some(&link("b")))),
    ]);
    let mut first = client(&script).sign_ins().items();
    for _ in 0..3 {
        first.try_next().await.unwrap();
    }
    let script = Scripted::new([
        Reply::json(page([4, 3], Some(&link("b")))),
        Reply::json(page([2, 1], None)),
    ]);
    let mut second = client(&script).sign_ins().items().resume(stored(&first)).unwrap();
    assert_eq!(ids(&mut second).await, ["3", "2", "1"]);
    assert_eq!(script.urls(), [link("a"), link("b")]);
}

#[tokio::test(start_paused = true)]
async fn p3_a_checkpoint_of_another_tenant_list_or_version_is_refused() {
    let script = Scripted::new([Reply::json(page([6, 5], Some(&link("a"))))]);
    let mut first = client(&script).sign_ins().items();
    first.try_next().await.unwrap();
    let other = Client::builder("other.example").token("token").build().unwrap();
    let mine = || client(&Scripted::new([])).sign_ins();
    for (items, difference) in [
        (other.sign_ins().items(), "another account"),
        (mine().user_id("u").items(), "another `$filter`"),
        (mine().top(5).items(), "another `$top`"),
        (mine().api_version(msgraph_signins::ApiVersion::Beta).items(), "another user or thing"),
    ] {
        let error = items.resume(stored(&first)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Checkpoint);
        assert!(error.to_string().contains(difference), "{error}");
    }
    let day = || time("2026-02-03T00:00:00Z");
    let windows = mine().window(day(), time("2026-02-04T00:00:00Z"));
    assert_eq!(windows.resume(stored(&first)).unwrap_err().kind(), ErrorKind::Checkpoint);
}

#[tokio::test(start_paused = true)]
async fn p8_a_dead_skip_token_says_how_to_read_on() {
    let dead = r#"{"error":{"code":"","message":"Invalid Skip Token"}}"#;
    let script =
        Scripted::new([Reply::json(page([1], Some(&link("a")))), Reply::status(400).body(dead)]);
    let mut items = client(&script).sign_ins().items();
    items.try_next().await.unwrap();
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(error.to_string().contains("sign_ins().window()"), "{error}");
}
