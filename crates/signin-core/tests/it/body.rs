//! Bodies of every kind, over a real socket: what is no page is told, what is one loses nothing.

use signin_core::Paging;
use signin_core::{Error, ErrorKind, Json, Page};

use crate::api::{List, Listed, Row, assert_good_line, drain, page, settings};
use signin_testkit::server::{Act, Server, answer, ok};

async fn ask<T: Listed>(body: impl AsRef<[u8]>) -> Result<Page<T>, Error> {
    let server = Server::acts([ok(body)]).await;
    let client = settings(&server.base()).build().unwrap();
    client.execute(&List::<T>::new(Paging::None)).await
}

#[tokio::test]
async fn p8_a_body_that_is_no_page_is_one_good_line_with_its_bytes() {
    let utf16: Vec<u8> = [0xff_u8, 0xfe]
        .into_iter()
        .chain(page("1", "").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let deep = "[".repeat(300_000);
    for (body, told) in [
        (b"".to_vec(), "empty"),
        (b"\xef\xbb\xbf".to_vec(), "empty"),
        (b"<!DOCTYPE html><title>Sign in</title>".to_vec(), "HTML"),
        (b"\xef\xbb\xbf<html></html>".to_vec(), "HTML"),
        (utf16, "UTF-16"),
        (b"\x1f\x8b\x08\x00".to_vec(), "syntax error"),
        (b"\xff\xff\xff".to_vec(), "syntax error"),
        (deep.into_bytes(), "expected"),
        (b"{\"data\":[\x00]}".to_vec(), "syntax error"),
        (b"{\"data\":[\"\\x\"]}".to_vec(), "syntax error"),
        (b"{\"data\":[NaN]}".to_vec(), "syntax error"),
        (b"{\"data\":[1]}{\"data\":[2]}".to_vec(), "syntax error"),
    ] {
        let error = ask::<Json>(&body).await.map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.to_string().contains(told), "{told}: {error}");
        assert_eq!(error.body(), Some(body.as_slice()));
        assert_good_line(&error);
    }
}

#[tokio::test]
async fn p1_a_204_is_no_empty_page() {
    let act = Act::Write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_vec());
    let server = Server::acts([act]).await;
    let client = settings(&server.base()).build().unwrap();
    let error = client.execute(&List::<Json>::new(Paging::None)).await.map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_good_line(&error);
}

#[tokio::test]
async fn p8_informational_answers_before_the_real_one_are_passed_over() {
    let early =
        b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n".to_vec();
    let whole = answer("200 OK", "", page("1", ""));
    let server = Server::acts([Act::Write([early, whole].concat())]).await;
    let client = settings(&server.base()).build().unwrap();
    let page = client.execute(&List::<Json>::new(Paging::None)).await.unwrap();
    assert_eq!(page.rows().len(), 1);
}

#[tokio::test]
async fn p2_every_kind_of_record_is_handed_over_as_it_came() {
    let deep = format!("{}{}", "[".repeat(2000), "]".repeat(2000));
    let records = [
        "null",
        "true",
        "\"text\"",
        "[]",
        "{}",
        "-0",
        "1e999",
        "1.10",
        "[1, 2 ]",
        "{\"a\":1,\"a\":2}",
        "123456789012345678901234567890",
        "0.1000000000000000055511151231257827",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "{\"\\ud800\":1}",
        "{\"\":{\"\":[]}}",
        "\"\u{202e}é😀\"",
        &deep,
    ];
    let page = ask::<Json>(page(&records.join(" ,\n"), "")).await.unwrap();
    let raw: Vec<_> = page.rows().iter().map(|row| row.as_ref().unwrap().raw()).collect();
    assert_eq!(raw, records);
}

#[tokio::test]
async fn p2_a_record_that_does_not_fit_never_takes_its_neighbours_with_it() {
    let mut records: Vec<_> = (0..1000).map(|n| format!(r#"{{"id":{n},"count":1}}"#)).collect();
    for (place, bad) in [
        (0, r#"{"id":true}"#),
        (17, "null"),
        (300, "\"text\""),
        (301, "[{}]"),
        (302, "7"),
        (500, r#"{"count":9223372036854775808}"#),
        (501, r#"{"place":{"latitude":1e999}}"#),
        (502, r#"{"id":"\ud800"}"#),
        (503, r#"{"devices":[{},null]}"#),
        // A name that is no text is an unknown member, no bad record.
        (504, r#"{"\ud800":1}"#),
        (999, r#"{"id":18446744073709551616}"#),
    ] {
        records[place] = bad.into();
    }
    let server = Server::acts([ok(page(&records.join(","), ""))]).await;
    let client = settings(&server.base()).build().unwrap();
    let mut items = client.items(List::<Row>::new(Paging::None));
    let (all, error) = drain(&mut items).await;
    assert!(error.is_none());
    assert_eq!(all, records, "in order, byte for byte");
    let report = items.report();
    assert_eq!((report.records, report.rejected, report.pages), (990, 10, 1));
    assert!(report.finished);
}

#[tokio::test]
async fn p2_the_last_of_equal_members_wins_and_all_stay_in_the_bytes() {
    let record = r#"{"id":1,"createdAt":"2025-01-01T00:00:00Z","id":"2","x":1,"x":2,"at":"2026-01-01T00:00:00Z","place":{"city":"a","city":"b"},"place":{"city":"c","c":0}}"#;
    let page = ask::<Row>(page(record, "")).await.unwrap();
    let row = page.items().next().unwrap();
    assert_eq!(row.raw(), record);
    assert_eq!(row.id.as_deref(), Some("2"));
    assert_eq!(row.at.as_ref().unwrap().text(), Some("2026-01-01T00:00:00Z"));
    assert_eq!(row.place.as_ref().unwrap().city.as_deref(), Some("c"));
    let extra: Vec<_> =
        row.extra().into_iter().map(|e| format!("{}={}", e.pointer, e.json)).collect();
    assert_eq!(extra, ["/x=1", "/x=2", "/place/c=0"]);
}

#[tokio::test]
async fn p2_bytes_that_are_not_utf_8_cost_no_record_and_are_told() {
    let bad: &[u8] = b"{\"user\":\"a\xff\xc3(\xf0\x9f\",\"x\":1}";
    let parts: [&[u8]; 5] = [
        b"\xef\xbb\xbf{\"data\":[{\"user\":\"\xc3\xa9\"},",
        bad,
        b",{\"user\":\"",
        "ü".as_bytes(),
        b"\"}]}",
    ];
    let server = Server::acts([ok(parts.concat())]).await;
    let client = settings(&server.base()).build().unwrap();
    let mut items = client.items(List::<Row>::new(Paging::None));
    let first = items.try_next().await.unwrap().unwrap();
    assert_eq!((first.user.as_deref(), first.is_lossy()), (Some("é"), false));
    let second = items.try_next().await.unwrap().unwrap();
    assert_eq!(second.user.as_deref(), Some("a\u{fffd}\u{fffd}(\u{fffd}"));
    assert_eq!(second.raw_bytes(), bad);
    assert!(second.is_lossy());
    let third = items.try_next().await.unwrap().unwrap();
    assert_eq!((third.user.as_deref(), third.is_lossy()), (Some("ü"), false));
    assert_eq!(third.raw(), "{\"user\":\"ü\"}");
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(items.report().warnings.len(), 1);
    assert!(items.report().is_complete());
}

#[tokio::test]
async fn p2_a_member_name_that_is_no_text_beside_the_records_costs_no_record() {
    for body in [r#"{"\ud800":1,"data":[1,2]}"#, r#"{"data":[1,2],"meta":{"\udfff":[]}}"#] {
        let page = ask::<Json>(body).await.map_err(|error| error.to_string());
        assert_eq!(page.map(|page| page.rows().len()), Ok(2), "{body}");
    }
}
