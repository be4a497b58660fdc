//! The documented bodies, read without a client.

use msgraph_signins::decode_sign_ins;
use signin_contract::samples::body;

#[test]
fn a_page_of_sign_ins_is_read_with_its_link() {
    let body = include_str!("../../../../fixtures/msgraph/sign_ins.page.json");
    let page = decode_sign_ins(body.as_bytes()).unwrap();
    let link = page.info().next_link.as_deref().unwrap();
    assert!(link.ends_with("&$top=3&$skiptoken=example-page-2"), "{link}");
    assert_eq!((page.info().rows, page.rejected().count()), (3, 0));
}

#[test]
fn an_empty_page_without_a_link_is_the_end() {
    let body = include_str!("../../../../fixtures/msgraph/sign_ins.last_page.json");
    let page = decode_sign_ins(body.as_bytes()).unwrap();
    assert_eq!((page.info().rows, &page.info().next_link), (0, &None));
}

#[test]
fn the_wrapped_answer_of_a_single_get_is_a_page_of_one() {
    let body = body(include_str!("../../../../fixtures/msgraph/sign_in.password.http"));
    assert_eq!(decode_sign_ins(body.as_bytes()).unwrap().items().count(), 1);
}

#[test]
fn p1_an_answer_without_its_list_is_never_an_empty_page() {
    let body = include_str!("../../../../fixtures/msgraph/sign_in.entity.json");
    let refused = decode_sign_ins(body.as_bytes()).unwrap_err();
    assert_eq!(refused.to_string(), "/value: expected a list of records, found nothing");
}
