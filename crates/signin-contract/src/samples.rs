//! The contract of models (P2): nothing of a sample is lost in its type.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use signin_core::vendor::model::Shape;
use signin_core::{FromJson, Record};

/// A sample and where its records stand.
#[derive(Debug)]
pub struct Sample {
    records: Vec<Value>,
}

impl Sample {
    /// Reads a sample as it is documented, with comments, trailing commas and HTTP head lines.
    /// `records` is the JSON pointer to its list of records, or to one.
    ///
    /// # Panics
    /// If it cannot be read, or there is nothing at the pointer.
    pub fn new(text: &str, records: &str) -> Self {
        let root = parse(without_head(text));
        let records = match root.pointer(records).expect("the records are there") {
            Value::Array(records) => records.clone(),
            record => vec![record.clone()],
        };
        Self { records }
    }

    /// Its first record.
    ///
    /// # Panics
    /// If there is none.
    pub fn record(&self) -> &Value {
        self.records.first().expect("a record")
    }

    /// The text of the first record so many times, with commas in between, each time with another
    /// `id` if it has one.
    ///
    /// # Panics
    /// If there is no record.
    pub fn copies(&self, copies: usize) -> String {
        let mut record = self.record().clone();
        let texts = (0..copies).map(|copy| {
            match record.get_mut("id") {
                Some(Value::String(id)) => {
                    id.truncate(id.len().saturating_sub(4));
                    id.push_str(&format!("{copy:04}"));
                }
                Some(id) => *id = (1_000_000 + copy).into(),
                None => {}
            }
            record.to_string()
        });
        texts.collect::<Vec<_>>().join(",")
    }

    /// Holds each record to the contract, and gives them as their type.
    ///
    /// # Panics
    /// If the contract is broken, with the record.
    pub fn check<T>(&self) -> Vec<T>
    where
        T: FromJson + Serialize + DeserializeOwned + Clone + Debug,
    {
        assert!(!self.records.is_empty(), "a sample without records proves nothing");
        self.records.iter().map(check_record).collect()
    }
}

/// The body of a documented sample as a service sends it: without HTTP head lines, comments and
/// trailing commas. Nothing is changed where there is none of them.
///
/// # Panics
/// If it cannot be read.
pub fn body(text: &str) -> String {
    let body = without_head(text);
    match serde_json::from_str::<&RawValue>(body) {
        Ok(_) => body.to_owned(),
        Err(_) => parse(body).to_string(),
    }
}

fn without_head(text: &str) -> &str {
    match text.split_once("\n\n") {
        Some((head, body)) if head.starts_with("HTTP/") => body,
        _ => text,
    }
}

fn parse(text: &str) -> Value {
    jsonc_parser::parse_to_serde_value(text, &Default::default()).expect("the sample is JSON")
}

fn check_record<T>(sample: &Value) -> T
where
    T: FromJson + Serialize + DeserializeOwned + Clone + Debug,
{
    let text = sample.to_string();
    let record = Record::<T>::from_json(&text)
        .unwrap_or_else(|rejected| panic!("{}: {text}", rejected.mismatch()));
    assert_eq!(record.raw(), text, "a record keeps its text");
    let plain: T = serde_json::from_value(sample.clone()).expect("the plain type reads it too");
    let written = serde_json::to_value(&plain).expect("the plain type is written");
    let expected = canonical(sample, T::shape());
    assert!(same(&written, &expected), "written {written}\nof      {expected}");
    check_extra::<T>(sample);
    record.into_parts().0
}

/// Without what counts as absent (a null, an empty list), and with the first spelling of each
/// member.
fn canonical(value: &Value, shape: Shape) -> Value {
    match (value, shape) {
        (Value::Object(map), Shape::Object(table)) => {
            let mut kept = Map::new();
            for (name, value) in map {
                let member = table.find(name, 0).and_then(|place| table.members.get(place));
                let member = member.unwrap_or_else(|| panic!("{}: no member {name}", table.name));
                let absent = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
                if !absent || matches!(member.shape, Shape::Any) && !value.is_null() {
                    kept.insert(member.name.to_owned(), canonical(value, member.shape));
                }
            }
            Value::Object(kept)
        }
        (Value::Array(list), Shape::List(inner)) => {
            list.iter().map(|element| canonical(element, *inner)).collect()
        }
        (other, _) => other.clone(),
    }
}

/// Equal as JSON. A number that is read as a fraction may be written as one.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let found =
                |(name, value): (&String, &Value)| other.get(name).is_some_and(|o| same(value, o));
            one.len() == other.len() && one.iter().all(found)
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Number(one), Value::Number(other)) if one.is_f64() || other.is_f64() => {
            one.as_f64() == other.as_f64()
        }
        (one, other) => one == other,
    }
}

/// A member put into any object is found at exactly its path, and without it there is none.
fn check_extra<T: FromJson + Debug>(sample: &Value) {
    const NEW: &str = "new/member~";
    let clean = Record::<T>::from_json(sample.to_string()).expect("the sample is read");
    assert_eq!(clean.extra(), [], "the type knows every member of its sample");
    for pointer in objects(sample, T::shape(), String::new()) {
        let mut changed = sample.clone();
        let object = changed.pointer_mut(&pointer).and_then(Value::as_object_mut);
        object.expect("the pointer leads to an object").insert(NEW.into(), Value::from(7));
        let record =
            Record::<T>::from_json(changed.to_string()).expect("a new member breaks nothing");
        let found: Vec<_> =
            record.extra().into_iter().map(|e| (e.pointer, e.json.to_owned())).collect();
        assert_eq!(found, [(format!("{pointer}/new~1member~0"), "7".to_owned())]);
    }
}

/// The pointers to all objects of a value that a table knows.
fn objects(value: &Value, shape: Shape, pointer: String) -> Vec<String> {
    match (value, shape) {
        (Value::Object(map), Shape::Object(table)) => {
            let inner = map.iter().flat_map(|(name, value)| {
                let member = table.find(name, 0).and_then(|place| table.members.get(place));
                let shape = member.map_or(Shape::Any, |member| member.shape);
                let step = name.replace('~', "~0").replace('/', "~1");
                objects(value, shape, format!("{pointer}/{step}"))
            });
            let mut found: Vec<_> = inner.collect();
            found.push(pointer);
            found
        }
        (Value::Array(list), Shape::List(inner)) => {
            let elements = list.iter().enumerate();
            elements
                .flat_map(|(index, e)| objects(e, *inner, format!("{pointer}/{index}")))
                .collect()
        }
        _ => Vec::new(),
    }
}
