//! The documented bodies, read without a client.

use pingone::{decode_activities, decode_user_activities};

#[test]
fn a_page_of_user_activities_is_read() {
    let body = include_str!("../../../../fixtures/pingone/user_activities.json");
    let page = decode_user_activities(body.as_bytes()).unwrap();
    assert_eq!((page.info().rows, &page.info().next_link), (5, &None));
    let successes = page.items().filter_map(|item| item.user_sign_ons.as_ref()?.successes);
    assert_eq!(successes.sum::<i64>(), 31);
}

#[test]
fn activities_are_read_with_their_link() {
    let body = include_str!("../../../../fixtures/pingone/activities.json");
    let page = decode_activities(body.as_bytes()).unwrap();
    let link = page.info().next_link.as_deref().unwrap();
    assert!(link.ends_with("/activities?limit=5&cursor=aW52ZW50ZWQ%3D"), "{link}");
    assert_eq!((page.items().count(), page.rejected().count()), (5, 0));
    let last = include_str!("../../../../fixtures/pingone/activities.last_page.json");
    assert_eq!(decode_activities(last.as_bytes()).unwrap().info().next_link, None);
}

#[test]
fn p1_an_answer_without_its_list_is_never_an_empty_page() {
    let body = include_str!("../../../../fixtures/pingone/activities.json");
    let refused = decode_user_activities(body.as_bytes()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "/_embedded/userActivities: expected a list of records, found nothing"
    );
}
