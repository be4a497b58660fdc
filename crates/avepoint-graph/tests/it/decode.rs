//! The documented bodies, read without a client.

use avepoint_graph::{decode_customers, decode_sign_ins};
use signin_contract::samples::body;

#[test]
fn a_page_of_sign_ins_is_read() {
    let body = body(include_str!("../../../../fixtures/avepoint/sign_ins.jsonc"));
    let page = decode_sign_ins(body.as_bytes()).unwrap();
    let facts = page.facts();
    assert_eq!((facts.rows, facts.total, facts.page_size), (1, Some(1), Some(50)));
    assert_eq!((&facts.next_link, facts.next_page, &facts.unclear), (&None, None, &None));
    let ids: Vec<_> = page.items().map(|item| item.id.as_deref().unwrap()).collect();
    assert_eq!(ids, ["001f0090-****-****-****-b2c060e52500"]);
}

#[test]
fn a_page_of_customers_is_read() {
    let body = include_str!("../../../../fixtures/avepoint/customers.json");
    let page = decode_customers(body.as_bytes()).unwrap();
    assert_eq!((page.facts().rows, page.facts().total), (2, Some(2)));
    assert_eq!(page.items().map(|item| item.tenants.len()).collect::<Vec<_>>(), [2, 0]);
}

#[test]
fn p1_an_answer_without_its_list_is_never_an_empty_page() {
    let refused = decode_sign_ins(b"{\"metadata\":{\"totalCount\":0}}").unwrap_err();
    assert_eq!(refused.to_string(), "/data: expected a list of records, found nothing");
}
