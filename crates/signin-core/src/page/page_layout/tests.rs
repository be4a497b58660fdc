//! Pages taken apart: what is there, what is missing, what says that the service failed.

use super::*;

const PAGE: PageLayout = PageLayout(&[
    (PageField::Records, &["admin/rows"]),
    (PageField::NextLink, &["meta", "next"]),
    (PageField::NextPage, &["meta", "number"]),
    (PageField::Total, &["meta", "count"]),
    (PageField::PageSize, &["meta", "size"]),
    (PageField::NextCursor, &["cursor"]),
]);

/// The texts of an answer's records, and what stands around them.
fn open(layout: &PageLayout, text: &str) -> Result<(Vec<String>, PageInfo), Mismatch> {
    let mut records = Vec::new();
    let parts = layout.open(text, &mut |rest| {
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        let record = values.next().unwrap_or_else(|| serde_json::from_str(rest))?;
        records.push(record.get().to_owned());
        Ok(values.byte_offset())
    })?;
    assert_eq!(parts.info.rows, records.len() as u64);
    Ok((records, parts.info))
}

fn info(text: &str) -> PageInfo {
    open(&PAGE, text).unwrap().1
}

fn refused(text: &str) -> String {
    open(&PAGE, text).unwrap_err().to_string()
}

#[test]
fn the_parts_are_found_wherever_they_stand() {
    let text = r#"{"x":{"meta":1},"meta":{"number":2,"next":"https://h/p?page=2","size":20,"count":25,"y":[]},"admin/rows":[{"a":1}, 2 ,null]}"#;
    let (records, info) = open(&PAGE, text).unwrap();
    assert_eq!(records, ["{\"a\":1}", "2", "null"]);
    assert_eq!(
        info,
        PageInfo {
            rows: 3,
            next_link: Some("https://h/p?page=2".into()),
            next_page: Some(2),
            total: Some(25),
            page_size: Some(20),
            ..PageInfo::default()
        }
    );
}

const COUNTED: PageLayout = PageLayout(&[
    (PageField::Records, &["in", "rows"]),
    (PageField::NextLink, &["next"]),
    (PageField::Count, &["count"]),
    (PageField::Count, &["size"]),
]);

#[test]
fn p1_a_page_without_a_list_is_empty_where_its_own_counts_say_so() {
    for page in [
        r#"{"in":{},"count":0,"size":0}"#,
        r#"{"in":null,"count":0}"#,
        r#"{"in":{"rows":null},"size":0,"next":null}"#,
        r#"{"size":0}"#,
    ] {
        assert_eq!(open(&COUNTED, page).unwrap(), (vec![], PageInfo::default()), "{page}");
    }
    let (_, info) = open(&COUNTED, r#"{"count":0,"next":"https://h/p"}"#).unwrap();
    assert_eq!(info.next_link.as_deref(), Some("https://h/p"), "it is not the end");
    let (records, _) = open(&COUNTED, r#"{"count":0,"in":{"rows":[1]}}"#).unwrap();
    assert_eq!(records, ["1"], "what is there is taken");
    for page in [
        r#"{"in":{}}"#,
        r#"{"count":1}"#,
        r#"{"count":0,"size":3}"#,
        r#"{"count":null}"#,
        r#"{"count":[]}"#,
        r#"{"count":0,"in":{"rows":{}}}"#,
        r#"{"count":0,"in":7}"#,
    ] {
        let reason = open(&COUNTED, page).unwrap_err().to_string();
        assert!(reason.contains("expected a"), "{page}: {reason}");
    }
}

const FAILING: PageLayout = PageLayout(&[
    (PageField::Records, &["rows"]),
    (PageField::Error, &["error"]),
    (PageField::Error, &["meta", "status"]),
]);

#[test]
fn p1_a_page_that_says_that_the_service_failed_is_no_page_whatever_it_holds() {
    for error in [
        r#"{"code":"busy"}"#,
        r#"{"code":null}"#,
        r#"["busy"]"#,
        r#"[[]]"#,
        r#""busy""#,
        "500",
        "1",
        "-1",
        "true",
    ] {
        for rest in [r#""rows":[]"#, r#""rows":[1,2]"#, r#""x":0"#, r#""rows":null"#] {
            for page in [
                format!(r#"{{"error":{error},{rest}}}"#),
                format!(r#"{{{rest},"meta":{{"status":{error}}}}}"#),
            ] {
                let failure = open(&FAILING, &page).unwrap_err();
                assert!(["/error", "/meta/status"].contains(&failure.path()), "{page}");
                assert!(failure.to_string().contains("no error of the service, found"));
            }
        }
    }
    for error in
        ["null", r#""""#, "[]", "[ ]", "{}", "{\n}", "false", "0", "200", r#""204""#, r#""null""#]
    {
        let page = format!(r#"{{"error":{error},"rows":[1],"meta":{{"status":{error}}}}}"#);
        assert_eq!(open(&FAILING, &page).unwrap().0, ["1"], "{error}");
    }
}

#[test]
fn no_continuation_is_said_in_many_ways() {
    for meta in
        ["null", "{}", r#"{"next":null,"number":null}"#, r#"{"next":"null"}"#, r#"{"next":""}"#]
    {
        let info = info(&format!(r#"{{"admin/rows":[],"meta":{meta}}}"#));
        assert_eq!(info, PageInfo::default(), "{meta}");
    }
}

#[test]
fn p1_a_continuation_given_twice_with_different_values_is_unclear() {
    let twice = info(r#"{"admin/rows":[],"meta":{"number":2,"number":3}}"#);
    assert_eq!(twice.unclear.as_deref(), Some("/meta/number"));
    let same = info(r#"{"admin/rows":[],"meta":{"number":2,"number":2}}"#);
    assert_eq!(same.unclear, None);
    let none = info(r#"{"admin/rows":[],"meta":{"next":["https://h"]}}"#);
    assert_eq!(none.unclear.as_deref(), Some("/meta/next"));
    let words = info(r#"{"admin/rows":[],"meta":{"number":"two"}}"#);
    assert_eq!(words.unclear.as_deref(), Some("/meta/number"));
}

#[test]
fn p7_a_continuation_that_is_too_long_is_unclear_not_followed() {
    let page = |length| format!(r#"{{"admin/rows":[],"cursor":"{}"}}"#, "c".repeat(length));
    assert!(info(&page(10_000)).next_cursor.is_some());
    let long = info(&page(1_000_000));
    assert_eq!((long.next_cursor, long.unclear.as_deref()), (None, Some("/cursor")));
}

#[test]
fn p1_an_answer_without_its_list_is_never_an_empty_page() {
    assert_eq!(refused("{}"), "/admin~1rows: expected a list of records, found nothing");
    let null = refused(r#"{"admin/rows":null}"#);
    assert_eq!(null, "/admin~1rows: expected a list of records, found nothing");
    for list in ["{}", "\"\"", "0", "true"] {
        let reason = refused(&format!(r#"{{"admin/rows":{list}}}"#));
        assert_eq!(reason, "/admin~1rows: expected a list of records, found another kind of value");
    }
    for body in ["null", "[]", "\"x\"", "1"] {
        assert_eq!(refused(body), "expected an object, found another kind of value");
    }
    assert_eq!(refused(r#"{"meta":[]}"#), "/meta: expected an object, found another kind of value");
    assert!(refused("<html>").contains("syntax error at line 1 column 1"));
    assert!(refused(r#"{"admin/rows":[{"a":1}"#).contains("end of the text"));
    assert!(refused(r#"{"admin/rows":[]} x"#).contains("syntax error"));
}

#[test]
fn p2_two_lists_of_one_page_are_both_taken() {
    let (records, _) = open(&PAGE, r#"{"admin/rows":[1],"admin/rows":[2]}"#).unwrap();
    assert_eq!(records, ["1", "2"]);
}

#[test]
fn an_empty_path_takes_the_answer_itself() {
    const WHOLE: PageLayout = PageLayout(&[(PageField::Records, &[])]);
    assert_eq!(open(&WHOLE, " [1, 2] ").unwrap().0, ["1", "2"]);
    assert_eq!(open(&WHOLE, " {\"a\":[1,2]} ").unwrap().0, ["{\"a\":[1,2]}"]);
    for broken in ["", " ", "[1", "[1,]", "[,1]", "[1 2]", "{} {}", "[] 1", "1,"] {
        assert!(open(&WHOLE, broken).is_err(), "{broken}");
    }
}

#[test]
fn an_answer_that_may_be_a_record_or_hold_it_in_a_list_is_told_by_itself() {
    const EITHER: PageLayout =
        PageLayout(&[(PageField::Records, &[]), (PageField::Records, &["value"])]);
    assert_eq!(open(&EITHER, r#" {"a":{"value":[1]}} "#).unwrap().0, [r#"{"a":{"value":[1]}}"#]);
    assert_eq!(open(&EITHER, r#"{"a":1,"value":[{"b":2},3]}"#).unwrap().0, [r#"{"b":2}"#, "3"]);
    assert_eq!(open(&EITHER, "[1]").unwrap().0, ["1"]);
    assert_eq!(open(&EITHER, r#"{"value":[]}"#).unwrap().1.rows, 0);
    for broken in ["", r#"{"value":{}}"#, r#"{"value":[1]"#, r#"{"a":1} x"#] {
        assert!(open(&EITHER, broken).is_err(), "{broken}");
    }
}

#[test]
fn deep_nesting_beside_the_slots_and_inside_records_is_skipped_not_followed() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let text = format!(r#"{{"x":{deep},"admin/rows":[{deep}]}}"#);
    assert_eq!(open(&PAGE, &text).unwrap().0[0].len(), 20_000);
}
