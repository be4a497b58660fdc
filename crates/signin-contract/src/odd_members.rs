//! The contract of odd members: a member of another kind than documented costs nothing but itself.

use std::fmt::Debug;

use serde::Serialize;
use serde_json::{Map, Value};
use signin_core::event::{Context, NoEvent, ToEvent};
use signin_core::vendor::model::{Shape, Table};
use signin_core::{FromJson, Record};

use crate::effort::is_full;
use crate::events::{Dice, Records};

/// A value of each JSON type. No text among them can be read as a number or as true or false.
const VALUES: [&str; 9] =
    ["true", "7", "-1.5", "\"odd text\"", "[]", "[null,7]", "[\"odd\"]", "{}", "{\"odd\":[1]}"];

/// Puts a value of each JSON type into each member of so many records, each alone and then in
/// pairs: the event is the one of the record without that member, with the member in `unmapped` as
/// it was sent.
///
/// Each place takes a third of the values in turn, another one in the next record; all of them in
/// each where everything is to be tried.
///
/// Gives how many odd records gave an event.
///
/// # Panics
/// If the contract is broken, with the record.
pub fn check_odd<T>(records: &Records, count: u64, context: &Context) -> usize
where
    T: ToEvent<Event: Serialize> + Debug,
{
    let convert = |record: &Record<T>| {
        let event = record.to_event(context)?;
        Ok(serde_json::to_value(event).expect("an event is JSON"))
    };
    let Shape::Object(table) = T::shape() else { panic!("a record is an object") };
    let mut events = 0;
    for number in 0..count {
        let whole: Value = serde_json::from_str(&records.record::<T>(number)).expect("it is JSON");
        let mut places = Vec::new();
        known(&whole, table, &mut Vec::new(), &mut places);
        for (place, shift) in places.iter().zip(number..) {
            let mut expected = None;
            let values = VALUES.iter().zip(shift..);
            for (value, _) in values.filter(|(_, turn)| is_full() || turn.is_multiple_of(3)) {
                let odd = [(place, *value)];
                events += usize::from(check_one(&whole, &odd, &convert, &mut expected));
            }
        }
        let mut dice = Dice::new(number);
        for _ in 0..places.len() {
            let pair = [dice.one(&places), dice.one(&places)];
            if overlap(pair[0], pair[1]) {
                continue;
            }
            let odd = pair.map(|place| (place, *dice.one(&VALUES)));
            events += usize::from(check_one(&whole, &odd, &convert, &mut None));
        }
    }
    events
}

/// A step from a value to one within it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    Element(usize),
}

type Place = Vec<Step>;

/// The places of all members and elements that the table knows.
fn known(value: &Value, table: &'static Table, path: &mut Place, places: &mut Vec<Place>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let Some(member) = table.find(name, 0).map(|place| &table.members[place]) else { continue };
        path.push(Step::Member(name.clone()));
        within(value, member.shape, path, places);
        path.pop();
    }
}

fn within(value: &Value, shape: Shape, path: &mut Place, places: &mut Vec<Place>) {
    places.push(path.clone());
    match (shape, value) {
        (Shape::Object(table), Value::Object(_)) => known(value, table, path, places),
        (Shape::List(inner), Value::Array(values)) => {
            for (index, value) in values.iter().enumerate() {
                path.push(Step::Element(index));
                within(value, *inner, path, places);
                path.pop();
            }
        }
        _ => {}
    }
}

fn overlap(one: &Place, other: &Place) -> bool {
    let list = |place: &Place| place[..outermost(place)].to_vec();
    let (one, other) = (list(one), list(other));
    one.starts_with(&other) || other.starts_with(&one)
}

/// How many steps lead to the outermost list that a place is in, or to the place.
fn outermost(place: &Place) -> usize {
    place.iter().position(|step| matches!(step, Step::Element(_))).unwrap_or(place.len())
}

/// Whether the record gave an event. `expected` is that of the record without the odd members,
/// which is the same whatever stands in them.
fn check_one<T: FromJson + Debug>(
    whole: &Value,
    odd: &[(&Place, &str)],
    convert: &impl Fn(&Record<T>) -> Result<Value, NoEvent>,
    expected: &mut Option<Result<Value, NoEvent>>,
) -> bool {
    let mut sent = whole.clone();
    for (place, value) in odd {
        *at(&mut sent, place) = serde_json::from_str(value).expect("the values are JSON");
    }
    let text = sent.to_string();
    let fits = |text: &str| Record::<T>::from_json(text).is_ok();
    let any_fits = match odd {
        [_] => fits(&text),
        _ => odd.iter().any(|(place, _)| fits(&only(&sent, whole, place).to_string())),
    };
    if any_fits {
        // Such a value says something of its own.
        return false;
    }
    assert!(matches!(odd, [_]) || !fits(&text), "it is odd: {text}");
    let record = Record::<T>::from_json_lenient(&text);
    let record = record.unwrap_or_else(|rejected| panic!("{}: {text}", rejected.mismatch()));
    assert!(record.mismatches().len() >= odd.len(), "{:?}: {text}", record.mismatches());
    assert_eq!(record.raw(), text, "its own text stays");
    let expected = expected.get_or_insert_with(|| {
        let mut without = whole.clone();
        odd.iter().for_each(|(place, _)| remove(&mut without, place));
        let record = Record::<T>::from_json_lenient(without.to_string());
        convert(&record.expect("all else is as it was"))
    });
    match (convert(&record), expected.clone()) {
        (Err(why), Err(expected)) => {
            assert_eq!(why, expected, "{text}");
            false
        }
        (Ok(event), Ok(expected)) => {
            assert_same(event, expected, &sent, odd);
            true
        }
        (event, expected) => panic!("{event:?} in place of {expected:?}: {text}"),
    }
}

/// The whole record with one of its odd members alone.
fn only(sent: &Value, whole: &Value, place: &Place) -> Value {
    let mut record = whole.clone();
    *at(&mut record, place) = at(&mut sent.clone(), place).clone();
    record
}

fn assert_same(mut event: Value, mut expected: Value, sent: &Value, odd: &[(&Place, &str)]) {
    let mut unmapped = take(&mut expected, "unmapped");
    for (place, _) in odd {
        let list = &place[..outermost(place)].to_vec();
        let value = says(at(&mut sent.clone(), list));
        if let Some(value) = value {
            put(&mut unmapped, list, value);
        }
    }
    assert_eq!(take(&mut event, "unmapped"), unmapped, "what is left over of {sent}");
    for of_the_text in ["revision", "raw"] {
        take(&mut event, of_the_text);
        take(&mut expected, of_the_text);
    }
    assert_eq!(event, expected, "{sent}");
}

fn take(event: &mut Value, member: &str) -> Value {
    event.as_object_mut().and_then(|event| event.remove(member)).unwrap_or(Value::Null)
}

fn at<'a>(value: &'a mut Value, place: &Place) -> &'a mut Value {
    place.iter().fold(value, |value, step| match step {
        Step::Member(name) => &mut value[name],
        Step::Element(index) => &mut value[*index],
    })
}

/// Takes a member or an element away.
fn remove(value: &mut Value, place: &Place) {
    let (last, above) = place.split_last().expect("it is within a record");
    let above = at(value, &above.to_vec());
    match last {
        Step::Member(name) => drop(above.as_object_mut().and_then(|above| above.remove(name))),
        Step::Element(index) => {
            above.as_array_mut().expect("it has elements").remove(*index);
        }
    }
}

/// Sets a member, and all that it stands in.
fn put(value: &mut Value, place: &Place, new: Value) {
    if value.is_null() {
        *value = Value::Object(Map::new());
    }
    match place.split_first() {
        Some((Step::Member(name), rest)) => put(&mut value[name], &rest.to_vec(), new),
        _ => *value = new,
    }
}

/// The value without what says nothing; None if nothing stays.
fn says(value: &Value) -> Option<Value> {
    let says_something = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    };
    let value = match value {
        Value::Array(values) => values.iter().filter_map(says).collect(),
        Value::Object(members) => Value::Object(
            members.iter().filter_map(|(name, value)| Some((name.clone(), says(value)?))).collect(),
        ),
        value => value.clone(),
    };
    says_something(&value).then_some(value)
}
