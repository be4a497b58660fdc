//! P7: bodies that are made to be expensive end like all others. What they cost in memory is in a
//! test binary of its own.

use std::sync::{Arc, Mutex};

use http::{HeaderMap, StatusCode};
use serde::de::MapAccess;
use serde::{Deserialize, Deserializer};
use signin_core::PageField;
use signin_core::testing::{Reply, Scripted};
use signin_core::vendor::{Member, Model, Shape, Table, model};
use signin_core::{Deferred, FromJson, Json, Page, PageLayout, Record, Transport};
use signin_core::{HttpRequest, HttpResponse, TransportError};

use crate::api::{CURSOR, List, Row, assert_good_line, list_of, page, scripted, settings};

const DATA: PageLayout = PageLayout(&[(PageField::Records, &["data"])]);
const MIB: usize = 1024 * 1024;

#[test]
fn p7_brackets_without_end_cost_no_stack() {
    for open in ["[", "{\"a\":", "[{\"data\":"] {
        for start in ["", "{\"data\":", "{\"data\":[", "{\"x\":", "{\"data\":[{\"any\":"] {
            let body = format!("{start}{}", open.repeat(2 * MIB / open.len()));
            assert!(Page::<Json>::decode(body.as_bytes(), &DATA).is_err());
            assert!(Page::<Row>::decode(body.as_bytes(), &DATA).is_err());
        }
    }
}

#[test]
fn p7_deep_nesting_in_a_record_costs_no_stack() {
    for (open, close) in
        [("[", "]"), ("{\"place\":", "}"), ("{\"devices\":[", "]}"), ("{\"any\":", "}")]
    {
        let deep = format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
        for record in [deep.clone(), format!("{{\"any\":{deep}}}"), format!("{{\"zz\":{deep}}}")] {
            match Record::<Row>::from_json(&record) {
                Ok(record) => drop(record.extra()),
                Err(rejected) => assert_eq!(rejected.raw_bytes(), record.as_bytes()),
            }
            Record::<Json>::from_json(&record).unwrap();
        }
    }
}

/// A model that holds itself: its table has no end.
#[derive(Debug, Default)]
struct Node {
    child: Option<Box<Node>>,
}

static NODE: Table = Table { name: "Node", members: &[Member::new("child", Shape::Object(&NODE))] };

impl Model for Node {
    fn table() -> &'static Table {
        &NODE
    }

    fn assign<'de, A: MapAccess<'de>>(&mut self, _: usize, value: &mut A) -> Result<(), A::Error> {
        self.child = value.next_value()?;
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        model::deserialize(source)
    }
}

#[test]
fn p7_a_model_that_holds_itself_costs_no_stack() {
    let deep = format!("{}1{}", "{\"child\":".repeat(20_000), "}".repeat(20_000));
    let rejected = Record::<Node>::from_json(&deep).unwrap_err();
    assert_eq!(rejected.raw_bytes(), deep.as_bytes());
    let fits = format!("{}null{}", "{\"child\":".repeat(100), "}".repeat(100));
    let record = Record::<Node>::from_json(&fits).unwrap();
    assert!(record.child.is_some() && record.extra().is_empty());
}

#[test]
fn p7_many_members_are_read_whole() {
    let members: Vec<_> = (0..200_000).map(|n| format!("\"k{n}\":1")).collect();
    let text = format!("{{{},\"count\":\"no\"}}", members.join(","));
    assert_eq!(Row::from_json(&text).unwrap_err().path(), "/count");
    let fits = text.replace("\"no\"", "1");
    assert_eq!(Record::<Row>::from_json(fits).unwrap().extra().len(), members.len());
}

#[test]
fn p7_many_records_are_read_whole() {
    for record in ["{}", "0", "{\"count\":\"x\"}", "{\"devices\":[0]}"] {
        let page = Page::<Row>::decode(&list_of(record, 80_000), &DATA).unwrap();
        assert_eq!(page.rows().len(), 80_000);
    }
}

#[test]
fn p7_bytes_that_are_not_utf_8_are_read_whole() {
    let mut body = list_of("\"..\"", 80_000);
    body.iter_mut().filter(|byte| **byte == b'.').for_each(|byte| *byte = 0xff);
    assert_eq!(Page::<Json>::decode(&body, &DATA).unwrap().rows().len(), 80_000);
}

#[test]
fn p7_more_records_than_a_page_may_hold_are_an_error_not_a_part_of_them() {
    let most = signin_core::vendor::MOST_RECORDS;
    assert_eq!(Page::<Json>::decode(&list_of("0", most), &DATA).unwrap().rows().len(), most);
    let error = Page::<Json>::decode(&list_of("0", most + 1), &DATA).map(drop).unwrap_err();
    assert_eq!(error.to_string(), "/data: expected at most 100000 records, found more");
}

#[tokio::test(start_paused = true)]
async fn p8_a_message_made_to_be_slow_is_cleaned() {
    for text in ["<a", "<a>", "<", " ", "\u{202e}", "<!--", "key-0123456789abcde", "a"] {
        let body = text.repeat(4 * MIB / text.len());
        let script = Scripted::new([Reply::status(400).body(body)]);
        let error =
            scripted(script).execute(&List::<Json>::new(CURSOR)).await.map(drop).unwrap_err();
        assert_good_line(&error);
    }
}

/// Answers with pages, and keeps where in memory their bodies stood when they were given and when
/// they were taken back.
#[derive(Clone, Default)]
struct Lender(Arc<Mutex<(Vec<usize>, Vec<usize>)>>);

impl Transport for Lender {
    fn send(&self, _: HttpRequest) -> Deferred<'_, Result<HttpResponse, TransportError>> {
        let (given, _) = &mut *self.0.lock().unwrap();
        let number = given.len();
        let rest = if number < 2 { format!(r#""cursor":{number}"#) } else { String::new() };
        // The last one does not fit.
        let rows = format!(r#"{{"id":1}},{{"id":2}},{{"count":"{number}"}}"#);
        let mut body = page(&rows, &rest).into_bytes();
        body.reserve_exact(100);
        given.push(body.as_ptr() as usize);
        let (status, headers) = (StatusCode::OK, HeaderMap::new());
        Box::pin(async move { Ok(HttpResponse { status, headers, body: body.into() }) })
    }

    fn take_back(&self, body: Vec<u8>) {
        self.0.lock().unwrap().1.push(body.as_ptr() as usize);
    }
}

#[tokio::test(start_paused = true)]
async fn p7_the_place_of_a_page_is_given_back_with_its_last_record() {
    let lender = Lender::default();
    let mut settings = settings("https://api.example");
    settings.set_transport(lender.clone());
    let mut items = settings.build().unwrap().items(List::<Row>::new(CURSOR));
    for page in 0..3 {
        for (row, back) in [(1, page), (2, page + 1), (3, page + 1)] {
            assert_eq!(items.try_next().await.is_err(), row == 3);
            let (given, taken) = lender.0.lock().unwrap().clone();
            assert_eq!(taken, given[..back], "page {page}, row {row}");
        }
    }
    assert!(items.try_next().await.unwrap().is_none());
}
