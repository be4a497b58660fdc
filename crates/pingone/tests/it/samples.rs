//! The samples as their types: written back as they were, no member unknown (P2).

use pingone::{Activity, UserActivity};
use signin_contract::samples::Sample;

#[test]
fn p2_user_activities() {
    let text = include_str!("../../../../fixtures/pingone/user_activities.json");
    insta::assert_debug_snapshot!(
        Sample::new(text, "/_embedded/userActivities").check::<UserActivity>()
    );
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
    let text = include_str!("../../../../fixtures/pingone/activities.json");
    insta::assert_debug_snapshot!(Sample::new(text, "/_embedded/activities").check::<Activity>());
}

#[test]
fn p2_activities_last_page() {
    let text = include_str!("../../../../fixtures/pingone/activities.last_page.json");
    insta::assert_debug_snapshot!(Sample::new(text, "/_embedded/activities").check::<Activity>());
}
