//! The samples as their types: written back as they were, no member unknown (P2).

use signin_contract::samples::Sample;
use ssojet::{LoginLog, User};

#[test]
fn p2_login_logs_short() {
    let text = include_str!("../../../../fixtures/ssojet/login_logs.short.json");
    insta::assert_debug_snapshot!(Sample::new(text, "/login_logs").check::<LoginLog>());
}

#[test]
fn p2_login_logs() {
    let text = include_str!("../../../../fixtures/ssojet/login_logs.json");
    insta::assert_debug_snapshot!(Sample::new(text, "/login_logs").check::<LoginLog>());
}

#[test]
fn p2_login_logs_of_2026() {
    let text = include_str!("../../../../fixtures/ssojet/login_logs.2026.json");
    insta::assert_debug_snapshot!(Sample::new(text, "/audit_logs").check::<LoginLog>());
}

#[test]
fn p2_users() {
    let text = include_str!("../../../../fixtures/ssojet/users.json");
    insta::assert_debug_snapshot!(Sample::new(text, "/users").check::<User>());
}

#[test]
fn p2_users_last_page() {
    let text = include_str!("../../../../fixtures/ssojet/users.last_page.json");
    insta::assert_debug_snapshot!(Sample::new(text, "/users").check::<User>());
}
