//! The samples as their types: written back as they were, no member unknown (P2).

use avepoint_graph::{Customer, SignIn};
use signin_contract::samples::Sample;

#[test]
fn p2_sign_ins() {
    let text = include_str!("../../../../fixtures/avepoint/sign_ins.jsonc");
    insta::assert_debug_snapshot!(Sample::new(text, "/data").check::<SignIn>());
}

#[test]
fn p2_sign_ins_in_all_forms_of_time() {
    let text = include_str!("../../../../fixtures/avepoint/sign_ins.rfc3339.json");
    insta::assert_debug_snapshot!(Sample::new(text, "/data").check::<SignIn>());
}

#[test]
fn p2_customers() {
    let text = include_str!("../../../../fixtures/avepoint/customers.json");
    insta::assert_debug_snapshot!(Sample::new(text, "/data").check::<Customer>());
}
