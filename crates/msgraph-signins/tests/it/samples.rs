//! The samples as their types: written back as they were, no member unknown (P2).

use msgraph_signins::SignIn;
use signin_contract::samples::Sample;

#[test]
fn p2_sign_in_with_fido2_and_mfa() {
    let text = include_str!("../../../../fixtures/msgraph/sign_in.fido2_mfa.http");
    insta::assert_debug_snapshot!(Sample::new(text, "/value").check::<SignIn>());
}

#[test]
fn p2_sign_in_with_password() {
    let text = include_str!("../../../../fixtures/msgraph/sign_in.password.http");
    insta::assert_debug_snapshot!(Sample::new(text, "/value").check::<SignIn>());
}

#[test]
fn p2_sign_in_as_the_bare_object() {
    let text = include_str!("../../../../fixtures/msgraph/sign_in.entity.json");
    insta::assert_debug_snapshot!(Sample::new(text, "").check::<SignIn>());
}

#[test]
fn p2_sign_ins_of_every_kind() {
    let text = include_str!("../../../../fixtures/msgraph/sign_ins.page.json");
    insta::assert_debug_snapshot!(Sample::new(text, "/value").check::<SignIn>());
}
