//! Records keep their bytes and what no type knows (P2).

use msgraph_signins::{Record, SignIn};

#[test]
fn p2_a_record_keeps_its_bytes_and_its_unknown_members() {
    let text = r#"{ "id": "a", "newIn2027":{"kind":1},  "status":{"errorCode":0,"more":1e400}}"#;
    let record = Record::<SignIn>::from_json(text).unwrap();
    assert_eq!(record.raw(), text);
    assert_eq!(serde_json::to_string(&record).unwrap(), text);
    let extra: Vec<_> = record.extra().into_iter().map(|e| (e.pointer, e.json)).collect();
    let expected =
        [("/newIn2027".to_owned(), r#"{"kind":1}"#), ("/status/more".to_owned(), "1e400")];
    assert_eq!(extra, expected);
}

/// Times with 0, 7 and 8 digits sort wrongly as texts: `…32Z` stands after `…32.5Z`.
#[test]
fn p2_times_compare_by_instant_and_keep_their_text() {
    let time = |text: &str| {
        let json = format!(r#"{{"createdDateTime":"{text}"}}"#);
        Record::<SignIn>::from_json(json).unwrap().created_date_time.clone().unwrap()
    };
    let texts =
        ["2026-02-03T08:15:32Z", "2026-02-03T08:15:32.5000000Z", "2026-02-03T08:15:32.94725647Z"];
    let times = texts.map(time);
    assert!(times.is_sorted());
    assert_eq!(times.map(|time| time.to_string()), texts);
}
