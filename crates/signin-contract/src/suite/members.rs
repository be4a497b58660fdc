//! P2: whatever stands in a member that the type knows, nothing of its record is lost, and none of
//! its neighbours.

use serde_json::Value;
use signin_core::vendor::model::Shape;
use signin_core::{FromJson, Operation, Record};

use crate::pagers::assert_good_line;
use crate::service::Book;
use crate::vendor::{Setup, Vendor};

type Item<V> = <<V as Vendor>::List as Operation>::Item;

/// A record as it is read, for comparing; None where its type does not take it.
fn typed<V: Vendor>(text: &str) -> Option<String> {
    let record = Record::<Item<V>>::from_json(text).ok()?;
    Some(format!("{:?}", record.into_parts().0))
}

/// One that a pager yielded: its text, and as what it was read, or where it did not fit.
type Given = (String, Result<String, String>);

/// Walks over pages of so many of these records each.
async fn given<V: Vendor>(records: &[String], size: u32) -> Vec<Given> {
    let pages = records.chunks(usize::try_from(size).expect("a small number"));
    let book = Book::<V>::of(pages.map(<[String]>::to_vec).collect());
    let client = V::client(&Setup::scripted::<V>(&book.script())).expect("a client");
    let (mut pager, mut given) = (V::pager(&client, size), Vec::new());
    loop {
        match pager.try_next().await {
            Ok(Some(record)) => {
                let (item, text) = record.into_parts();
                given.push((text.into(), Ok(format!("{item:?}"))));
            }
            Ok(None) => break,
            Err(error) => {
                assert_good_line(&error);
                let rejected = error.rejected().unwrap_or_else(|| panic!("{error}"));
                let path = rejected.mismatch().path().to_owned();
                given.push((rejected.raw(), Err(path)));
            }
        }
    }
    let report = pager.report();
    assert!(report.finished, "{report:?}");
    let rejected = given.iter().filter(|(_, read)| read.is_err()).count();
    assert_eq!(report.rejected, u64::try_from(rejected).expect("a small number"));
    given
}

/// The pointers to all members of a record that its type knows, at any depth.
fn members<V: Vendor>(record: &Value) -> Vec<String> {
    let mut found = Vec::new();
    known(record, Item::<V>::shape(), "", &mut found);
    found
}

fn known(value: &Value, shape: Shape, pointer: &str, found: &mut Vec<String>) {
    match (value, shape) {
        (Value::Object(map), Shape::Object(table)) => {
            for (name, value) in map {
                let member = table.find(name, 0).and_then(|place| table.members.get(place));
                let Some(member) = member else { continue };
                let step = name.replace('~', "~0").replace('/', "~1");
                found.push(format!("{pointer}/{step}"));
                known(value, member.shape, &format!("{pointer}/{step}"), found);
            }
        }
        (Value::Array(list), Shape::List(inner)) => {
            for (place, value) in list.iter().enumerate() {
                known(value, *inner, &format!("{pointer}/{place}"), found);
            }
        }
        _ => {}
    }
}

/// A record as text, with what `write` makes of the member at this pointer in place of its value.
fn with_value(record: &Value, pointer: &str, write: impl Fn(&str) -> String) -> String {
    const PLACE: &str = "@the place@";
    let mut record = record.clone();
    let member = record.pointer_mut(pointer).expect("it is there");
    let value = std::mem::replace(member, PLACE.into()).to_string();
    record.to_string().replacen(&format!("\"{PLACE}\""), &write(&value), 1)
}

/// The last step of a pointer, as a name in JSON.
fn name_of(pointer: &str) -> String {
    let step = pointer.rsplit('/').next().unwrap_or_default();
    Value::from(step.replace("~1", "/").replace("~0", "~")).to_string()
}

/// Each member of the sample, at any depth, as each of these.
pub async fn p2_whatever_stands_in_a_member_the_record_is_typed_or_handed_back_whole<V: Vendor>() {
    let values = [
        "1e999".to_owned(),
        "9223372036854775808".to_owned(),
        "-1".to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        "\"\"".to_owned(),
        format!("\"{}\"", "x".repeat(100_000)),
        format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)),
    ];
    let sample = V::sample();
    let pointers = members::<V>(sample.record());
    assert!(pointers.len() >= 4, "{pointers:?}");
    let neighbours = [V::record(1), V::record(2)];
    let typed_neighbours = neighbours.each_ref().map(|record| typed::<V>(record).expect("typed"));
    let (mut taken, mut refused) = (0, 0);
    for pointer in pointers {
        for value in &values {
            let changed = with_value(sample.record(), &pointer, |_| value.clone());
            let [before, behind] = neighbours.clone();
            let all = given::<V>(&[before, changed.clone(), behind], 3).await;
            let [first, (text, read), last] = all.as_slice() else {
                panic!("{} records: {pointer}", all.len())
            };
            for ((neighbour, typed), (text, read)) in
                neighbours.iter().zip(&typed_neighbours).zip([first, last])
            {
                assert_eq!((text, read), (neighbour, &Ok(typed.clone())), "{pointer}");
            }
            assert!(*text == changed, "{pointer}: not as it came");
            match read {
                Ok(_) => taken += 1,
                Err(path) => {
                    assert!(path.starts_with(&pointer), "{path} is not at {pointer}");
                    refused += 1;
                }
            }
        }
    }
    assert!(taken > 0 && refused > 0, "{taken} taken, {refused} refused");
}

/// Each member of the sample, at any depth, once more with another value: in front, it changes
/// nothing; after, it is what is read.
pub async fn p2_of_equal_members_the_last_is_read_and_all_are_kept<V: Vendor>() {
    let others =
        ["\"other\"", "7", "false", "true", "\"2020-02-02T02:02:02Z\"", "[]", "{}", "null"];
    let sample = V::sample();
    let pointers = members::<V>(sample.record());
    let own = typed::<V>(&sample.record().to_string()).expect("a sample is typed");
    let (mut records, mut expected, mut tested) = (Vec::new(), Vec::new(), 0);
    for pointer in pointers {
        let alone =
            |other: &str| typed::<V>(&with_value(sample.record(), &pointer, |_| other.into()));
        let differs = |other: &&str| alone(other).is_some_and(|typed| typed != own);
        let Some(other) = others.iter().copied().find(differs) else { continue };
        let name = name_of(&pointer);
        records.push(with_value(sample.record(), &pointer, |own| format!("{other},{name}:{own}")));
        expected.push(own.clone());
        records.push(with_value(sample.record(), &pointer, |own| format!("{own},{name}:{other}")));
        expected.push(alone(other).expect("it is typed"));
        tested += 1;
    }
    assert!(tested >= 4, "{tested} members");
    for (record, expected) in records.into_iter().zip(expected) {
        let all = given::<V>(std::slice::from_ref(&record), 3).await;
        assert_eq!(all, [(record, Ok(expected))]);
    }
}

/// An object, and not one of its members fits: it is rejected in its place, with the path.
pub async fn p2_a_member_of_another_kind_among_a_thousand_records_costs_no_other<V: Vendor>() {
    let record: Value = serde_json::from_str(&V::record(567)).expect("a record is JSON");
    let mut tested = 0;
    for pointer in members::<V>(&record) {
        let changed = |value: &str| with_value(&record, &pointer, |_| value.to_owned());
        let mut bad = ["{}", "[]", "true", "7", "\"x\""].map(changed).into_iter();
        let Some(bad) = bad.find(|bad| typed::<V>(bad).is_none()) else { continue };
        tested += 1;
        let mut records: Vec<_> = (1..=1000).map(V::record).collect();
        records[566] = bad;
        let all = given::<V>(&records, 100).await;
        assert_eq!(all.len(), 1000);
        for (place, (record, (text, read))) in records.iter().zip(all).enumerate() {
            assert_eq!(&text, record, "in its place, as it came");
            let expected = if place == 566 {
                Err(pointer.clone())
            } else {
                Ok(typed::<V>(record).expect("a record is typed"))
            };
            assert_eq!(read, expected);
        }
    }
    assert!(tested > 0, "every member takes everything");
}
