//! P2 and P8 as properties: bytes stay, unknown members are found, reasons never quote a value.

use proptest::prelude::*;
use signin_core::{Json, Page, PageField, PageLayout, Record, Timestamp};

use crate::api::{Place, Row};

const DATA: PageLayout = PageLayout(&[(PageField::Records, &["data"])]);

/// Any JSON text, spaces, odd numbers, escapes and equal members included.
fn json() -> impl Strategy<Value = String> {
    let space = || prop_oneof![Just(""), Just(" "), Just("\n\t"), Just("\r\n  ")];
    let number = "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,5})?";
    let text = prop_oneof![
        "[ -!#-\\[\\]-~]{0,12}".prop_map(|text| format!("\"{text}\"")),
        "\\PC{0,8}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        "(\\\\u[0-9a-fA-F]{4}|\\\\[nrtbf/\\\\\"]|a){0,6}".prop_map(|text| format!("\"{text}\"")),
    ];
    let name = text.clone();
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        number,
        text,
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        let spaced = (space(), inner, space()).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
        let list = proptest::collection::vec(spaced.clone(), 0..6);
        let member = (name.clone(), space(), spaced);
        let object = proptest::collection::vec(member, 0..6);
        prop_oneof![
            list.prop_map(|list| format!("[{}]", list.join(","))),
            object.prop_map(|members| {
                let written =
                    members.into_iter().map(|(name, gap, value)| format!("{name}{gap}:{value}"));
                let members: Vec<_> = written.collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() }
}

/// The records of a page, or the reason why it is none.
fn read_page(records: &str) -> Result<Vec<String>, String> {
    let page = Page::<Row>::decode(format!(r#"{{"data":[{records}]}}"#).as_bytes(), &DATA);
    let page = page.map_err(|mismatch| mismatch.to_string())?;
    Ok(page.items().map(|row| row.raw().to_owned()).collect())
}

#[test]
fn p2_a_line_break_within_a_name_is_no_json_however_deep_it_stands() {
    for broken in [
        "{\"id\":\"7\",\"a\nb\":1}",
        "{\"id\":\"7\",\"\\u0061\nb\":1}",
        "{\"id\":\"7\",\"place\":{\"a\u{0}b\":1}}",
        "{\"id\":\"7\",\"devices\":[{\"a\tb\":{}}]}",
    ] {
        let why = read_page(&format!("{{}},{broken}")).unwrap_err();
        assert!(why.contains("syntax error"), "{broken:?}: {why}");
        let rejected = Record::<Row>::from_json(broken).unwrap_err();
        assert!(rejected.mismatch().found().contains("syntax error"), "{broken:?}");
    }
    // Escaped, and between the members, it is.
    let right = "{\r\n\t\"id\" : \"7\",\n\"a\\nb\":1}";
    assert_eq!(read_page(right).unwrap(), [right]);
}

/// A row that fits, with these further members in it, in its place and in its second device.
fn row(top: &str, place: &str, device: &str) -> String {
    let with = |member: &str| if member.is_empty() { String::new() } else { format!(",{member}") };
    format!(
        r#"{{"id":"7"{},"place":{{"city":"a"{}}},"devices":[{{}},{{"latitude":1.5{}}}],"any":{{"x":1}}}}"#,
        with(top),
        with(place),
        with(device)
    )
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn p2_a_records_bytes_are_what_was_sent(
        records in proptest::collection::vec(json(), 0..8),
        gap in prop_oneof![Just(","), Just(" ,\n"), Just(",\r\n\t ")],
        bom: bool,
        broken: bool,
    ) {
        let mark = if bom { b"\xef\xbb\xbf".as_slice() } else { b"" };
        let list = records.join(gap).into_bytes();
        // One byte that is no UTF-8, in a member beside the records.
        let beside = if broken { b"\"x\":\"\xff\",".as_slice() } else { b"" };
        let body = [mark, b"{", beside, b"\"data\": [", &list, b"] }"].concat();
        let page = Page::<Json>::decode(&body, &DATA).unwrap();
        let raw: Vec<_> = page.rows().iter().map(|row| row.as_ref().unwrap().raw()).collect();
        prop_assert_eq!(&raw, &records);
        for (row, record) in page.items().zip(&records) {
            prop_assert_eq!(serde_json::to_string(row).unwrap(), record.as_str());
            prop_assert_eq!(row.raw_bytes(), record.as_bytes());
        }
        // The same records, typed or not, lose no byte either.
        let page = Page::<Row>::decode(&body, &DATA).unwrap();
        let bytes: Vec<_> = page.rows().iter().map(|row| match row {
            Ok(record) => record.raw_bytes(),
            Err(rejected) => rejected.raw_bytes(),
        }).collect();
        prop_assert_eq!(bytes, records.iter().map(String::as_bytes).collect::<Vec<_>>());
    }

    #[test]
    fn p2_a_member_put_in_at_any_level_is_found_at_exactly_its_path(
        value in json(),
        name in "[a-z~/\"\\\\ é]{1,6}",
        level in 0_usize..3,
    ) {
        let name = format!("zz{name}");
        let member = format!("{}:{value}", serde_json::to_string(&name).unwrap());
        let mut members = ["", "", ""];
        members[level] = &member;
        let [top, place, device] = members;
        let record = Record::<Row>::from_json(row(top, place, device)).unwrap();
        let extra = record.extra();
        prop_assert_eq!(extra.len(), 1);
        let escaped = name.replace('~', "~0").replace('/', "~1");
        let pointer = format!("{}/{escaped}", ["", "/place", "/devices/1"][level]);
        prop_assert_eq!(&extra[0].pointer, &pointer);
        prop_assert_eq!(extra[0].json, value.trim());
        // Where the value can be read at all, a pointer of another library leads to it.
        if let Ok(whole) = serde_json::from_str::<serde_json::Value>(record.raw()) {
            let there = whole.pointer(&pointer).unwrap();
            prop_assert_eq!(there, &serde_json::from_str::<serde_json::Value>(&value).unwrap());
        }
    }

    #[test]
    fn p8_a_reason_never_quotes_the_record(
        value in prop_oneof![
            Just("\"MARK\"".to_owned()),
            Just("98765432109876543210.5".to_owned()),
            Just("[\"MARK\",98765]".to_owned()),
            Just("{\"MARK\":\"MARK\",\"city\":[\"MARK\"],\"latitude\":\"MARK\"}".to_owned()),
            Just("\"MARK\\ud800\"".to_owned()),
            Just("true".to_owned()),
            Just("[{\"latitude\":\"MARK\"},\"MARK\"]".to_owned()),
            Just("{\"MARK\\ud800\":1}".to_owned()),
        ],
        name in prop_oneof![
            Just("id"), Just("at"), Just("createdAt"), Just("count"), Just("user"), Just("ok"),
            Just("place"), Just("devices"), Just("any"), Just("MARK"),
        ],
        cut in 0_usize..80,
    ) {
        let whole = format!(r#"{{"MARK":"MARK","{name}":{value},"user":"MARK"}}"#);
        let cut = &whole.as_bytes()[..cut.min(whole.len())];
        for text in [whole.as_bytes(), cut] {
            if let Err(rejected) = Record::<Row>::from_json(text) {
                let mismatch = rejected.mismatch();
                let error = signin_core::Error::from_rejected("acme events", rejected.clone());
                let said = format!("{mismatch} {mismatch:?} {rejected:?} {error} {error:?}");
                prop_assert!(!said.contains("MARK") && !said.contains("9876"), "{}", said);
                prop_assert!(error.to_string().len() <= 300);
            }
        }
    }

    #[test]
    fn p2_a_record_of_any_bytes_is_typed_or_handed_back_whole(
        bytes in proptest::collection::vec(any::<u8>(), 0..64),
        valid in json(),
    ) {
        for bytes in [bytes.as_slice(), valid.as_bytes()] {
            match Record::<Row>::from_json(bytes) {
                Ok(record) => prop_assert_eq!(record.raw_bytes().trim_ascii(), bytes.trim_ascii()),
                Err(rejected) => prop_assert_eq!(rejected.raw_bytes(), bytes),
            }
        }
        let _ = Page::<Place>::decode(&bytes, &DATA);
    }

    #[test]
    fn p2_a_time_of_any_text_is_read_or_refused_and_never_panics(
        text in prop_oneof![
            ".{0,40}",
            "[0-9]{4}-[0-1][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,30})?(Z|z|[+-][0-2][0-9]:[0-5][0-9])?",
            Just("9999-12-31T23:59:59.999999999999-23:59".to_owned()),
            Just("0000-01-01T00:00:00+23:59".to_owned()),
            Just("0001-01-01T00:00:60Z".to_owned()),
        ],
    ) {
        if let Some(time) = Timestamp::parse(&text) {
            prop_assert_eq!(time.text(), Some(text.as_str()));
            prop_assert!(time == time.clone() && !time.is_zero() || time.is_zero());
            let said = format!("{time} {time:?} {}", serde_json::to_string(&time).unwrap());
            prop_assert!(said.contains(&text));
            let mut set = std::collections::HashSet::new();
            set.insert(time.clone());
            prop_assert!(set.contains(&time));
        }
    }
}
