//! P1: a pager never ends early in silence, and never goes round for ever.

use signin_core::Paging;
use signin_core::testing::{Reply, Scripted};
use signin_core::{Error, ErrorKind, Json, Report, Warning};

use crate::api::{CURSOR, List, Row, assert_good_line, drain, numbered, page, scripted};

/// Walks a list over these answers.
async fn pager(paging: Paging, pages: &[String]) -> (Vec<String>, Option<Error>, Report) {
    let script = Scripted::new(pages.iter().map(|page| Reply::json(page.clone())));
    let mut items = scripted(script).items(List::<Json>::new(paging));
    let (records, error) = drain(&mut items).await;
    (records, error, items.report().clone())
}

fn link(page: &str) -> String {
    format!(r#""next":"https://api.example/v1/events?t={page}""#)
}

fn cursor(cursor: &str) -> String {
    format!(r#""cursor":{cursor}"#)
}

fn next_page(number: &str) -> String {
    format!(r#""meta":{{"next_page":{number}}}"#)
}

#[tokio::test(start_paused = true)]
async fn p1_empty_pages_before_the_end_are_not_the_end() {
    for (paging, names) in [
        (Paging::NextLink, ["b", "c", "d"].map(link)),
        (CURSOR, ["\"b\"", "7", "\"d\""].map(cursor)),
        (numbered(2, true), ["2", "\"3\"", "4"].map(next_page)),
    ] {
        let [one, two, three] = &names;
        let pages = [page("", one), page("", two), page("1", three), page("2", "")];
        let (records, error, report) = pager(paging, &pages).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(records, ["1", "2"]);
        assert!(report.is_complete());
        assert_eq!((report.pages, report.requests), (4, 4));
    }
}

#[tokio::test(start_paused = true)]
async fn p1_a_continuation_that_repeats_is_an_error_behind_its_records() {
    for (paging, first, second) in [
        (Paging::NextLink, link("b"), link("b")),
        (CURSOR, cursor("\"b\""), cursor("\"b\"")),
        (CURSOR, cursor("7"), cursor("\"7\"")),
        (numbered(1, true), next_page("2"), next_page("2")),
        (numbered(1, true), next_page("2"), next_page("1")),
        (numbered(1, true), next_page("2"), next_page("4")),
        (numbered(1, true), next_page("2"), next_page("18446744073709551615")),
    ] {
        let pages = [page("1", &first), page("2", &second)];
        let (records, error, report) = pager(paging, &pages).await;
        let error = error.expect("an error");
        assert_eq!(error.kind(), ErrorKind::Paging, "{second}: {error}");
        assert_good_line(&error);
        assert_eq!(records, ["1", "2"], "what was received is handed out first");
        assert!(!report.finished && !report.is_complete());
        assert!(error.checkpoint().is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn p1_a_continuation_that_contradicts_itself_is_an_error_behind_its_records() {
    for (paging, unclear) in [
        (Paging::NextLink, format!("{},{}", link("b"), link("c"))),
        (Paging::NextLink, r#""next":{"href":"/v1/events?t=b"}"#.into()),
        (Paging::NextLink, r#""next":["/v1/events?t=b"]"#.into()),
        (Paging::NextLink, r#""next":true"#.into()),
        (Paging::NextLink, r#""next":"\ud800""#.into()),
        (CURSOR, r#""cursor":"b","cursor":"c""#.into()),
        (CURSOR, r#""cursor":false"#.into()),
        (numbered(1, true), next_page("2.5")),
        (numbered(1, true), next_page("-1")),
        (numbered(1, true), next_page("18446744073709551616")),
        (numbered(1, true), format!("{},{}", next_page("2"), next_page("3"))),
        (numbered(1, true), format!(r#"{},"next":"/v1/events?page=3""#, next_page("2"))),
    ] {
        let (records, error, report) = pager(paging, &[page("1,2", &unclear)]).await;
        let error = error.expect("an error");
        assert_eq!(error.kind(), ErrorKind::Paging, "{unclear}: {error}");
        assert_good_line(&error);
        assert_eq!(records, ["1", "2"]);
        assert!(!report.finished);
    }
}

#[tokio::test(start_paused = true)]
async fn p1_a_continuation_of_other_bytes_than_were_sent_is_not_followed() {
    let body = [b"{\"data\":[1],\"cursor\":\"ab".as_slice(), b"\xff", b"\"}"].concat();
    let script = Scripted::new([Reply::json(body), Reply::json(page("2", ""))]);
    let mut items = scripted(script.clone()).items(List::<Json>::new(CURSOR));
    let (_, error) = drain(&mut items).await;
    let urls = script.urls();
    assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::Paging), "asked for {urls:?}");
}

#[tokio::test(start_paused = true)]
async fn p1_a_total_that_differs_is_reported_and_speaks_against_the_result_where_records_lack() {
    for (total, is_enough) in
        [("0", true), ("2", true), ("4", false), ("\"4\"", false), ("18446744073709551615", false)]
    {
        let (records, error, report) = pager(
            CURSOR,
            &[
                page("1,2", &format!(r#""meta":{{"total":{total}}},"cursor":"b""#)),
                page("3", &format!(r#""meta":{{"total":{total}}}"#)),
            ],
        )
        .await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(records.len(), 3);
        assert!(report.finished, "{total}: {report:?}");
        assert_eq!(report.is_complete(), is_enough, "{total}: {report:?}");
        assert!(matches!(report.warnings[..], [Warning::TotalDiffers { received: 3, .. }]));
    }
    for total in ["3", "null", "-1", "[]", "\"many\""] {
        let rest = format!(r#""meta":{{"total":{total}}}"#);
        let (_, _, report) = pager(CURSOR, &[page("1,2,3", &rest)]).await;
        assert!(report.is_complete(), "{total}: {report:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn p1_a_service_that_ignores_the_page_number_is_an_error_not_a_walk_without_end() {
    for keyed in [false, true] {
        for says_next in [false, true] {
            let body = page(r#"{"id":1},{"id":2}"#, "");
            let script = Scripted::respond(move |_| Reply::json(body.clone()));
            let mut list = List::<Row>::new(numbered(2, says_next));
            list.keyed = keyed;
            let mut items = scripted(script.clone()).items(list);
            let mut kind = None;
            for _ in 0..1000 {
                // A pager that never ends must not hang the test.
                match tokio::time::timeout(std::time::Duration::from_secs(1), items.try_next())
                    .await
                {
                    Ok(Ok(Some(_))) => {}
                    Ok(Err(error)) => {
                        kind = Some(error.kind());
                        break;
                    }
                    Ok(Ok(None)) | Err(_) => break,
                }
            }
            let asked = script.sent().len();
            assert_eq!(kind, Some(ErrorKind::Paging), "keyed {keyed}: {asked} requests");
            assert!(asked <= 1001, "{asked}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p1_two_pages_that_take_turns_for_ever_are_an_error_not_a_walk_without_end() {
    let mut number = 0;
    let script = Scripted::respond(move |_| {
        number += 1;
        let records = if number % 2 == 0 { r#"{"id":1},{"id":2}"# } else { r#"{"id":3},{"id":4}"# };
        Reply::json(page(records, &format!(r#""number":{}"#, number + 1)))
    });
    let mut items = scripted(script.clone()).items(List::<Row>::new(numbered(2, true)).keyed());
    let (handed_out, error) = drain(&mut items).await;
    assert_eq!(handed_out.len(), 4);
    assert_eq!(error.unwrap().kind(), ErrorKind::Paging);
    assert_eq!(script.sent().len(), 22, "twenty after the first two brought nothing new");
}

#[tokio::test(start_paused = true)]
async fn p1_ever_new_continuations_to_the_same_records_are_an_error_not_a_walk_without_end() {
    const TWO: &str = r#"{"id":1},{"id":2}"#;
    let list = List::<Row>::new;
    for (told, list, records, requests, came) in [
        ("told apart", list(Paging::NextLink).keyed(), TWO, 21, 2),
        ("told apart", list(CURSOR).keyed(), TWO, 21, 2),
        ("alike ones may differ", list(CURSOR).alike(), TWO, 21, 42),
        ("without an identity", list(Paging::NextLink), TWO, 21, 42),
        ("one on a page", list(CURSOR).keyed(), r#"{"id":1}"#, 1001, 1),
    ] {
        let (paging, mut number) = (list.paging, 0);
        let script = Scripted::respond(move |_| {
            number += 1;
            let rest = if paging == CURSOR { cursor } else { link };
            Reply::json(page(records, &rest(&number.to_string())))
        });
        let mut items = scripted(script.clone()).items(list);
        let (handed_out, error) = drain(&mut items).await;
        let error = error.unwrap();
        assert_eq!((error.kind(), handed_out.len()), (ErrorKind::Paging, came), "{told}");
        assert_eq!(script.sent().len(), requests, "{told}");
        assert!(!items.report().finished && error.checkpoint().is_some(), "{told}");
    }
}

#[tokio::test(start_paused = true)]
async fn p1_pages_that_mix_known_records_anew_for_ever_are_an_error() {
    let script = Scripted::respond(|sent| {
        let at = sent.url.split_once("cursor=").map_or(0, |(_, at)| at.parse::<u64>().unwrap());
        let (one, other) = if at < 10 { (2 * at, 2 * at + 1) } else { (at % 20, (at + 5) % 20) };
        let records = format!(r#"{{"id":{one}}},{{"id":{other}}}"#);
        Reply::json(page(&records, &cursor(&(at + 1).to_string())))
    });
    let mut items = scripted(script.clone()).items(List::<Row>::new(CURSOR).keyed());
    let (yielded, error) = drain(&mut items).await;
    assert_eq!((error.unwrap().kind(), yielded.len()), (ErrorKind::Paging, 20));
    assert_eq!(script.sent().len(), 30, "twenty pages that bring nothing new are too many");
}

#[tokio::test(start_paused = true)]
async fn p2_a_record_that_comes_again_many_pages_later_is_left_out_and_counted() {
    let script = Scripted::respond(|sent| {
        let at = sent.url.split_once("cursor=").map_or(0, |(_, at)| at.parse::<u64>().unwrap());
        let again = if at == 40 { r#",{"id":0}"# } else { "" };
        let rest = if at < 41 { cursor(&(at + 1).to_string()) } else { String::new() };
        Reply::json(page(&format!(r#"{{"id":{at}}}{again}"#), &rest))
    });
    let mut items = scripted(script).items(List::<Row>::new(CURSOR).keyed());
    let (handed_out, error) = drain(&mut items).await;
    assert!(error.is_none() && items.report().is_complete());
    assert_eq!((handed_out.len(), items.report().duplicates), (42, 1));
}

#[tokio::test(start_paused = true)]
async fn p1_cursors_without_end_over_empty_pages_are_an_error() {
    for paging in [Paging::NextLink, CURSOR, numbered(2, true)] {
        let mut number = 1;
        let script = Scripted::respond(move |_| {
            number += 1;
            let rest = match paging {
                Paging::NextLink => link(&number.to_string()),
                Paging::Cursor { .. } => cursor(&number.to_string()),
                _ => next_page(&number.to_string()),
            };
            Reply::json(page("", &rest))
        });
        let mut items = scripted(script.clone()).items(List::<Json>::new(paging));
        let (_, error) = drain(&mut items).await;
        assert_eq!(error.unwrap().kind(), ErrorKind::Paging);
        assert_eq!(script.sent().len(), 1000);
    }
}

#[tokio::test(start_paused = true)]
async fn p1_an_answer_that_is_no_page_is_never_the_end() {
    for body in [
        "",
        " ",
        "null",
        "{}",
        "[]",
        "\"\"",
        "{\"data\":null}",
        "{\"data\":{}}",
        "{\"data\":\"\"}",
        "{\"error\":\"x\"}",
        "<html>",
        "{\"data\":[1]",
        "{\"data\":[1]}}",
        "{\"data\":[1,]}",
        "\u{feff}",
    ] {
        for status in [200, 201, 204, 206] {
            let bad = Reply::status(status).body(body);
            let first = Reply::json(page("1", &cursor("\"b\"")));
            let script = Scripted::new([first, bad.clone(), bad]);
            let mut items = scripted(script.clone()).items(List::<Json>::new(CURSOR));
            let (records, error) = drain(&mut items).await;
            let error = error.expect("an error");
            assert_eq!(error.kind(), ErrorKind::Decode, "{body}: {error}");
            assert_good_line(&error);
            assert_eq!(error.body(), Some(body.as_bytes()));
            assert_eq!(error.checkpoint(), items.checkpoint().as_ref());
            assert_eq!(records, ["1"]);
            assert_eq!(script.sent().len(), 3, "a broken page is asked for once more");
            assert!(!items.report().finished);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p8_an_error_of_decoding_tells_how_often_was_asked_too() {
    let script = Scripted::respond(|_| Reply::json("{}"));
    let client = scripted(script);
    let error = client.execute(&List::<Json>::new(CURSOR)).await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    assert_eq!(error.status(), Some(200));
}

#[tokio::test(start_paused = true)]
async fn p1_a_skipped_page_is_told_and_moves_the_walk_by_one() {
    let script = Scripted::respond(|sent| match sent.url.rsplit('=').next() {
        Some("1") => Reply::json(page("1,2", "")),
        Some("3") => Reply::json(page("5", "")),
        _ => Reply::json("broken"),
    });
    let list = List::<Json>::new(numbered(2, true));
    let mut items = scripted(script.clone()).items(list);
    let (mut records, error) = drain(&mut items).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::Decode);
    items.skip_page().unwrap();
    let (more, error) = drain(&mut items).await;
    assert!(error.is_none(), "{error:?}");
    records.extend(more);
    assert_eq!(records, ["1", "2", "5"]);
    assert!(items.report().finished && !items.report().is_complete());
    assert_eq!(items.report().warnings, [Warning::PageSkipped { number: 2 }]);
}

#[tokio::test(start_paused = true)]
async fn p1_what_made_a_result_incomplete_is_not_forgotten_by_a_checkpoint() {
    let script = Scripted::respond(|sent| match sent.url.rsplit('=').next() {
        Some("2") => Reply::json(page("5", "")),
        _ => Reply::json("broken"),
    });
    let list = List::<Json>::new(numbered(2, true));
    let client = scripted(script.clone());
    let mut items = client.items(list.clone());
    drain(&mut items).await;
    items.skip_page().unwrap();
    let mut resumed = client.items(list).resume(items.checkpoint().unwrap()).unwrap();
    drain(&mut resumed).await;
    assert!(resumed.report().finished);
    assert!(!resumed.report().is_complete(), "page 1 was never read");
}

#[tokio::test(start_paused = true)]
async fn p1_skipping_does_not_pretend_where_the_walk_is_stuck() {
    let script = Scripted::respond(|_| Reply::json(page("1,2", &next_page("1"))));
    let mut items = scripted(script.clone()).items(List::<Json>::new(numbered(2, true)));
    let (_, error) = drain(&mut items).await;
    assert_eq!(error.unwrap().kind(), ErrorKind::Paging);
    let before = items.checkpoint();
    if items.skip_page().is_ok() {
        let (_, error) = drain(&mut items).await;
        let asked = script.urls();
        assert!(error.is_none() || asked.len() > 1, "skipped, and stuck as before");
    } else {
        assert_eq!(items.checkpoint(), before);
    }
}
