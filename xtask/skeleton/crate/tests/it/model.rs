//! The documented samples and what may come in their place (P2).

use newvendor::{SignIn, decode_sign_ins};
use signin_contract::samples::Sample;

const SIGN_INS: &str = include_str!("../../../../fixtures/newvendor/sign_ins.json");

#[test]
fn p2_sign_ins() {
    insta::assert_debug_snapshot!(Sample::new(SIGN_INS, "/data").check::<SignIn>());
}

#[test]
fn a_page_says_how_it_goes_on() {
    let page = decode_sign_ins(SIGN_INS.as_bytes()).unwrap();
    assert_eq!((page.info().rows, page.info().next_cursor.as_deref()), (2, Some("c-2")));
}

#[test]
fn p1_a_body_without_a_list_is_an_error_and_no_end() {
    for body in ["{}", "[]", r#"{"data":null}"#, r#"{"data":[],"code":"failed"}"#, "", "null"] {
        assert!(decode_sign_ins(body.as_bytes()).is_err(), "{body}");
    }
}
