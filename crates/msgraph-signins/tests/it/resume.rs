//! A plain list after a break (P3): its link is tried, and refused where it is not its own.

use msgraph_signins::{Checkpoint, Client, ErrorKind, Items, SignInOrder, SignIns};
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

/// The whole list, or what is not newer than the last two pages, if the list may be asked for so.
#[tokio::test(start_paused = true)]
async fn p3_a_dead_skip_token_is_no_dead_end() {
    let dead = r#"{"error":{"code":"","message":"Invalid Skip Token"}}"#;
    let timed = |ids: &[u32]| {
        let row =
            |id: &u32| format!(r#"{{"id":"{id}","createdDateTime":"2026-02-03T04:{id:02}:00Z"}}"#);
        ids.iter().map(row).collect::<Vec<_>>().join(",")
    };
    let page = |ids: &[u32], next: Option<&str>| {
        let next = next.map(|next| format!(r#","@odata.nextLink":"{}""#, link(next)));
        Reply::json(format!(r#"{{"value":[{}]{}}}"#, timed(ids), next.unwrap_or_default()))
    };
    let script = Scripted::new([
        page(&[40, 30], Some("a")),
        Reply::status(400).body(dead),
        page(&[30, 20], Some("b")),
        page(&[10], None),
    ]);
    let mut items = client(&script).sign_ins().items();
    assert_eq!(ids(&mut items).await, ["40", "30", "20", "10"]);
    assert!(items.report().is_complete(), "{:?}", items.report());
    let urls = script.urls();
    assert!(urls[2].contains("createdDateTime%20lt%202026-02-03T04%3A41%3A00Z"), "{urls:?}");

    let script = Scripted::new([
        page(&[10, 20], Some("a")),
        Reply::status(400).body(dead),
        page(&[10, 20], Some("b")),
        page(&[30], None),
    ]);
    let list = client(&script).sign_ins().order_by(SignInOrder::OldestFirst);
    let mut items = list.items();
    assert_eq!(ids(&mut items).await, ["10", "20", "30"]);
    assert_eq!(items.begun_again(), 1);
    assert_eq!(script.urls()[2], script.urls()[0]);
}

/// A range that begins before what is kept is refused in other words, which are no dead link.
#[tokio::test(start_paused = true)]
async fn p8_a_filter_that_is_refused_on_the_way_is_the_callers_error() {
    let refused = r#"{"error":{"code":"BadRequest","message":"Invalid filter clause"}}"#;
    let script =
        Scripted::new([Reply::json(page([1], Some(&link("a")))), Reply::status(400).body(refused)]);
    let mut items = client(&script).sign_ins().items();
    items.try_next().await.unwrap();
    let error = items.try_next().await.unwrap_err();
    assert_eq!((error.kind(), script.sent().len()), (ErrorKind::Request, 2), "{error}");
}
