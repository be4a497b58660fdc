//! The samples as their types (P2), and what may come in their place.

use pingone::{
    Activity, HalDocument, Population, Record, ResultStatus, UserActivity, decode_activities,
};
use signin_contract::samples::Sample;

const USER_ACTIVITIES: &str = include_str!("../../../../fixtures/pingone/user_activities.json");
const ACTIVITIES: &str = include_str!("../../../../fixtures/pingone/activities.json");

#[test]
fn p2_user_activities() {
    let sample = Sample::new(USER_ACTIVITIES, "/_embedded/userActivities");
    insta::assert_debug_snapshot!(sample.check::<UserActivity>());
}

#[test]
fn p2_user_activities_with_environment() {
    let text = include_str!("../../../../fixtures/pingone/user_activities.with_environment.json");
    insta::assert_debug_snapshot!(
        Sample::new(text, "/_embedded/userActivities").check::<UserActivity>()
    );
}

#[test]
fn p2_activities() {
    let sample = Sample::new(ACTIVITIES, "/_embedded/activities");
    insta::assert_debug_snapshot!(sample.check::<Activity>());
}

#[test]
fn p2_activities_last_page() {
    let text = include_str!("../../../../fixtures/pingone/activities.last_page.json");
    insta::assert_debug_snapshot!(Sample::new(text, "/_embedded/activities").check::<Activity>());
}

#[test]
fn p2_the_links_of_a_stored_answer_are_typed() {
    for (text, has_next) in [(USER_ACTIVITIES, false), (ACTIVITIES, true)] {
        Sample::new(text, "").check::<HalDocument>();
        let answer = Record::<HalDocument>::from_json(text).unwrap();
        let links = answer.links.as_ref().unwrap();
        let asked = links.self_link.as_ref().unwrap().href.as_deref().unwrap();
        assert!(asked.contains("ctivities?"), "{asked}");
        assert_eq!(links.next.is_some(), has_next);
    }
}

/// Recorded events lack what the vendor's data model lists, each in a way of its own.
#[test]
fn p2_recorded_events_without_actors_population_or_uuid_are_read() {
    let body = r#"{"_embedded":{"activities":[
        {"id":"1","action":{"type":"X.Y"}},
        {"id":"2","actors":{}},
        {"id":"3","actors":{"client":{"id":"adminui"},"user":{"population":{}}}},
        {"id":"4","resources":null,"tags":null,"result":{"status":"FAILED"}},
        {"id":"5","result":{"status":"PENDING"}}]}}"#;
    let page = decode_activities(body.as_bytes()).unwrap();
    let events: Vec<_> = page.items().collect();
    assert_eq!(events.len(), 5, "{:?}", page.rejected().collect::<Vec<_>>());
    assert_eq!(events[0].actors, None);
    assert_eq!(events[1].actors, Some(Default::default()));
    let actors = events[2].actors.as_ref().unwrap();
    assert_eq!(actors.client.as_ref().unwrap().id.as_deref(), Some("adminui"));
    assert_eq!(actors.user.as_ref().unwrap().population, Some(Population::default()));
    assert!(events[3].resources.is_empty() && events[3].tags.is_empty());
    let status = |event: &Activity| event.result.as_ref().unwrap().status.clone().unwrap();
    assert_eq!(status(events[3]), ResultStatus::Failed);
    assert_eq!(status(events[4]), ResultStatus::Other("PENDING".into()));
}

#[test]
fn p2_a_record_keeps_its_bytes_and_its_unknown_members() {
    let text = r#"{ "id": "1", "risk":{"level":"HIGH"},  "actors":{"user":{"mfa~/":1e400}} }"#;
    let record = Record::<Activity>::from_json(text).unwrap();
    assert_eq!(record.raw(), text);
    assert_eq!(serde_json::to_string(&record).unwrap(), text);
    let extra: Vec<_> = record.extra().into_iter().map(|e| (e.pointer, e.json)).collect();
    let expected =
        [("/risk".to_owned(), r#"{"level":"HIGH"}"#), ("/actors/user/mfa~0~1".to_owned(), "1e400")];
    assert_eq!(extra, expected);
}

#[test]
fn p2_the_last_of_equal_members_wins() {
    let text =
        r#"{"passwordResets":1,"passwordResets":2,"userSignOns":{"successes":9007199254740993}}"#;
    let record = Record::<UserActivity>::from_json(text).unwrap();
    assert_eq!(record.password_resets, Some(2));
    let successes = record.user_sign_ons.as_ref().unwrap().successes;
    assert_eq!(successes, Some(9_007_199_254_740_993), "never through a float");
}

#[test]
fn p2_a_bad_record_is_handed_over_raw_while_its_neighbours_arrive_typed() {
    let body = r#"{"_embedded":{"activities":[{"id":"1"},{"id":"2","recordedAt":"yesterday-secret"},null,{"actors":[]},{"id":"3"}]}}"#;
    let page = decode_activities(body.as_bytes()).unwrap();
    let rows: Vec<_> = page
        .rows()
        .iter()
        .map(|row| match row {
            Ok(record) => format!("id {}", record.id.as_ref().unwrap()),
            Err(rejected) => format!("{} | {}", rejected.mismatch(), rejected.raw()),
        })
        .collect();
    insta::assert_snapshot!(rows.join("\n"), @r#"
    id 1
    /recordedAt: expected an RFC 3339 time, found other text | {"id":"2","recordedAt":"yesterday-secret"}
    expected an object, found null | null
    /actors: expected an object, found a list | {"actors":[]}
    id 3
    "#);
}
