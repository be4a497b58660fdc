//! P2: nothing of a record is lost, and no bad one takes its neighbours with it.

use signin_core::testing::Reply;

use crate::pagers::{assert_everything, drain, scripted};
use crate::service::Book;
use crate::vendor::Vendor;

/// A record with these further members.
fn with<V: Vendor>(number: u64, members: &str) -> String {
    let record = V::record(number);
    let open = record.strip_suffix('}').expect("a record is an object");
    format!("{open},{members}}}")
}

/// A record in a list of a thousand, over ten pages, that is none.
async fn among_a_thousand<V: Vendor>(bad: &str) {
    let mut records: Vec<_> = (1..=1000).map(V::record).collect();
    records[566] = bad.to_owned();
    let book = Book::<V>::of(records.chunks(100).map(<[String]>::to_vec).collect());
    let client = V::client(&crate::vendor::Setup::scripted::<V>(&book.script())).expect("a client");
    let mut pager = V::pager(&client, 100);
    let drained = drain(&mut pager).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_eq!(drained.raw, records, "in its place, as it came");
    let report = pager.report();
    assert_eq!((drained.rejected, report.rejected, report.records), (1, 1, 999));
    assert!(report.finished, "{report:?}");
}

/// Null among records.
pub async fn p2_a_null_among_a_thousand_records_costs_no_other<V: Vendor>() {
    among_a_thousand::<V>("null").await;
}

/// A text among records.
pub async fn p2_a_text_among_a_thousand_records_costs_no_other<V: Vendor>() {
    among_a_thousand::<V>("\"text\"").await;
}

/// A list among records.
pub async fn p2_a_list_among_a_thousand_records_costs_no_other<V: Vendor>() {
    among_a_thousand::<V>(&format!("[{}]", V::record(567))).await;
}

/// A number among records, one that no type holds.
pub async fn p2_a_number_among_a_thousand_records_costs_no_other<V: Vendor>() {
    among_a_thousand::<V>("1e999").await;
}

/// Reads one page and gives its records, which must all be taken.
async fn taken<V: Vendor>(records: Vec<String>) {
    let book = Book::<V>::of(vec![records]);
    let drained = drain(&mut scripted::<V>(&book.script())).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_eq!(drained.rejected, 0, "{:?}", drained.raw);
    assert_eq!(drained.raw, book.records(), "byte for byte");
}

/// Numbers beyond 64 bits and beyond a float, and such as a float would change.
pub async fn p2_numbers_that_no_type_holds_are_kept_as_they_came<V: Vendor>() {
    let numbers = [
        "9223372036854775808",
        "123456789012345678901234567890",
        "-1e999",
        "0.1000000000000000055511151231257827",
        "1.10",
        "-0",
    ];
    let members = numbers.map(|number| format!("\"aNewMember\":{number}"));
    taken::<V>((1..).zip(members).map(|(number, member)| with::<V>(number, &member)).collect())
        .await;
}

/// 10,000 levels of lists beside what is known.
pub async fn p2_ten_thousand_levels_in_a_record_are_kept<V: Vendor>() {
    let deep = format!("\"aNewMember\":{}{}", "[".repeat(10_000), "]".repeat(10_000));
    taken::<V>(vec![V::record(1), with::<V>(2, &deep), V::record(3)]).await;
}

/// Each member twice.
pub async fn p2_equal_members_make_no_record_unreadable<V: Vendor>() {
    let record = V::record(2);
    let twice = with::<V>(2, &record[1..record.len() - 1]);
    taken::<V>(vec![V::record(1), twice, V::record(3)]).await;
}

/// Names and texts of any characters, and halves of such.
pub async fn p2_texts_of_any_characters_are_kept<V: Vendor>() {
    let members = [
        r#""":"""#,
        r#""😀\u202e\u0000":"\ud83d\ude00 é \ud800""#,
        r#""\ud800":1"#,
        "\"aNewMember\":\"\u{202e}\u{feff}\u{7f}\"",
    ];
    taken::<V>((1..).zip(members).map(|(number, member)| with::<V>(number, member)).collect())
        .await;
}

/// Bytes that are no UTF-8: the record comes with its bytes, and is told.
pub async fn p2_bytes_that_are_not_utf_8_cost_no_record<V: Vendor>() {
    let marked = with::<V>(2, "\"aNewMember\":\"a MARK b\"");
    let book = Book::<V>::of(vec![vec![V::record(1), marked, V::record(3)]]);
    let page = book.page(1, V::BASE);
    let (before, behind) = page.split_once("MARK").expect("the mark");
    let body = [before.as_bytes(), b"\xff\xc3(\xf0\x9f", behind.as_bytes()].concat();
    let script = book.script_but(move |number, _| (number == 1).then(|| Reply::json(body.clone())));
    let mut pager = scripted::<V>(&script);
    let mut lossy = Vec::new();
    while let Some(record) = pager.try_next().await.expect("no error") {
        lossy.push((record.is_lossy(), record.raw_bytes().contains(&0xff)));
    }
    assert_eq!(lossy, [(false, false), (true, true), (false, false)]);
    assert_eq!(pager.report().warnings.len(), 1, "{:?}", pager.report());
}

/// A byte order mark before the body.
pub async fn p2_a_byte_order_mark_is_passed_over<V: Vendor>() {
    let book = Book::<V>::new([[1, 2].as_slice()]);
    let body = format!("\u{feff}{}", book.page(1, V::BASE));
    let script = book.script_but(move |_, _| Some(Reply::json(body.clone())));
    let drained = drain(&mut scripted::<V>(&script)).await;
    assert!(drained.error.is_none(), "{:?}", drained.error);
    assert_everything::<V>(&drained.raw, &book.records());
}
