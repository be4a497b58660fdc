//! The documented samples and what may come in their place (P2).

use avepoint_graph::{Customer, Record, SignIn, decode_customers, decode_sign_ins};
use signin_contract::samples::{Sample, body};

const SIGN_INS: &str = include_str!("../../../../fixtures/avepoint/sign_ins.jsonc");
const FORMS: &str = include_str!("../../../../fixtures/avepoint/sign_ins.rfc3339.json");
const CUSTOMERS: &str = include_str!("../../../../fixtures/avepoint/customers.json");

#[test]
fn p2_sign_ins() {
    insta::assert_debug_snapshot!(Sample::new(SIGN_INS, "/data").check::<SignIn>());
}

#[test]
fn p2_sign_ins_in_all_forms_of_time() {
    insta::assert_debug_snapshot!(Sample::new(FORMS, "/data").check::<SignIn>());
}

#[test]
fn p2_customers() {
    insta::assert_debug_snapshot!(Sample::new(CUSTOMERS, "/data").check::<Customer>());
}

/// The sample has comments and a comma too many; answers have neither.
#[test]
fn a_page_of_sign_ins_is_read() {
    let page = decode_sign_ins(body(SIGN_INS).as_bytes()).unwrap();
    let facts = page.info();
    assert_eq!((facts.rows, facts.total, facts.page_size), (1, Some(1), Some(50)));
    assert_eq!((&facts.next_link, facts.next_page, &facts.unclear), (&None, None, &None));
    let ids: Vec<_> = page.items().map(|item| item.id.as_deref().unwrap()).collect();
    assert_eq!(ids, ["001f0090-****-****-****-b2c060e52500"], "masked, so no UUID");
}

#[test]
fn a_page_of_customers_is_read() {
    let page = decode_customers(CUSTOMERS.as_bytes()).unwrap();
    assert_eq!((page.info().rows, page.info().total), (2, Some(2)));
    assert_eq!(page.items().map(|item| item.tenants.len()).collect::<Vec<_>>(), [2, 0]);
}

#[test]
fn p1_an_answer_without_its_list_is_never_an_empty_page() {
    let refused = decode_sign_ins(b"{\"metadata\":{\"totalCount\":0}}").unwrap_err();
    assert_eq!(refused.to_string(), "/data: expected a list of records, found nothing");
}

#[test]
fn p2_every_form_of_login_time_is_the_right_instant_and_written_as_it_came() {
    for wire in [
        "638907426550000000",
        "\"638907426550000000\"",
        "\"2025-08-14T04:30:55Z\"",
        "\"2025-08-14T04:30:55.0000000Z\"",
        "\"2025-08-14T04:30:55\"",
    ] {
        let text = format!("{{\"loginTime\":{wire}}}");
        let record = Record::<SignIn>::from_json(&text).unwrap();
        let time = record.login_time.as_ref().unwrap();
        assert_eq!(time.instant().unix_timestamp(), 1_755_145_855, "{wire}");
        assert_eq!(serde_json::to_string(&*record).unwrap(), text);
    }
}

#[test]
fn p2_ticks_keep_what_a_float_would_lose() {
    for (one, next) in [
        ("638907426550000001", "638907426550000002"),
        ("3155378975999999998", "3155378975999999999"),
    ] {
        let instant = |ticks: &str| {
            let record = Record::<SignIn>::from_json(format!("{{\"loginTime\":{ticks}}}"));
            record.unwrap().login_time.as_ref().unwrap().instant()
        };
        assert_eq!((instant(next) - instant(one)).whole_nanoseconds(), 100, "{one}");
    }
}

#[test]
fn p2_ticks_out_of_range_are_refused_and_no_time_is_told_apart() {
    for wire in ["-1", "3155378976000000000", "1.5", "\"yesterday\"", "true"] {
        let refused = Record::<SignIn>::from_json(format!("{{\"loginTime\":{wire}}}"));
        assert_eq!(refused.unwrap_err().mismatch().path(), "/loginTime", "{wire}");
    }
    for wire in ["0", "\"0\"", "\"0001-01-01T00:00:00\"", "\"0001-01-01T00:00:00Z\""] {
        let record = Record::<SignIn>::from_json(format!("{{\"loginTime\":{wire}}}")).unwrap();
        assert!(record.login_time.as_ref().unwrap().is_zero(), "{wire}");
    }
}

#[test]
fn p2_a_record_keeps_its_bytes_and_its_unknown_members() {
    let text = r#"{ "id": "s", "device":{"os":"x"},  "lat":37.56699000000001,"isRisk":null}"#;
    let record = Record::<SignIn>::from_json(text).unwrap();
    assert_eq!(record.raw(), text);
    assert_eq!(serde_json::to_string(&record).unwrap(), text);
    let extra: Vec<_> = record.extra().into_iter().map(|e| (e.pointer, e.json)).collect();
    assert_eq!(extra, [("/device".to_owned(), r#"{"os":"x"}"#)]);
}

#[test]
fn p2_a_bad_record_is_handed_over_raw_while_its_neighbours_arrive_typed() {
    let body = r#"{"data":[{"id":"a"},{"id":"b","isRisk":"secret"},null,{"id":{}},{"id":7}]}"#;
    let page = decode_sign_ins(body.as_bytes()).unwrap();
    let rows: Vec<_> = page
        .rows()
        .iter()
        .map(|row| match row {
            Ok(record) => format!("id {}", record.id.as_ref().unwrap()),
            Err(rejected) => format!("{} | {}", rejected.mismatch(), rejected.raw()),
        })
        .collect();
    insta::assert_snapshot!(rows.join("\n"), @r#"
    id a
    /isRisk: expected true or false, found text | {"id":"b","isRisk":"secret"}
    expected an object, found null | null
    /id: expected an id (text or a whole number of 64 bits), found an object | {"id":{}}
    id 7
    "#);
}
