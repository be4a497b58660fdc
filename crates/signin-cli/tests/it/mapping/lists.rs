//! A list of a vendor whose records become events: records, and what their members may have.

use serde_json::{Value, json};
use signin_core::event::{Context, SignIn, SignInCounts, ToEvent};
use signin_core::vendor::{Shape, Table};
use signin_core::{FromJson, Record};

/// A record's event in its three forms, and what is left over of the record.
pub(super) struct Converted {
    pub(super) forms: [Value; 3],
    pub(super) left: Option<Value>,
    /// The object of ECS documents that holds what is left over.
    pub(super) namespace: &'static str,
}

/// A list of a vendor.
pub(super) struct List {
    /// The vendor and the list, as in the page.
    pub(super) title: &'static str,
    pub(super) table: &'static Table,
    /// Records that between them let every member go wherever it may go.
    pub(super) records: Vec<Value>,
    /// What members may have whose values are not free. What a value means with others is found by
    /// the records.
    pub(super) choices: Vec<(&'static str, Vec<Value>)>,
    pub(super) contexts: Vec<Context>,
    /// Members whose rows say neither where they go nor that they always stay, and why that is
    /// right: the page says so as well.
    pub(super) without_target: &'static [(&'static str, &'static str)],
    pub(super) convert: fn(&str, &Context) -> Option<Converted>,
}

impl List {
    /// The members of the list's records, those of inner objects in their place.
    pub(super) fn members(&self) -> Vec<(String, Shape)> {
        let mut found = Vec::new();
        members(self.table, "", &mut found);
        found
    }

    /// Values that a member may have: several, or one twice.
    pub(super) fn values(&self, path: &str, shape: Shape) -> Vec<Value> {
        if let Some((_, values)) = self.choices.iter().find(|(of, _)| *of == path) {
            return values.clone();
        }
        match shape {
            Shape::Bool => vec![json!(true), json!(false)],
            Shape::Integer => vec![json!(1), json!(2)],
            Shape::Number => vec![json!(1.5), json!(2.5)],
            Shape::Time | Shape::Ticks => {
                vec![json!("2026-01-02T03:04:05Z"), json!("2026-01-02T04:04:06+01:00")]
            }
            Shape::List(inner) => {
                self.values(path, *inner).into_iter().map(|value| json!([value])).collect()
            }
            Shape::Object(_) => vec![json!({"x": "a"}), json!({"x": "b"})],
            _ => vec![json!("a"), json!("b")],
        }
    }
}

fn members(table: &Table, path: &str, found: &mut Vec<(String, Shape)>) {
    for member in table.members {
        let path = format!("{path}/{}", member.name);
        match member.shape {
            Shape::Object(inner) => members(inner, &path, found),
            shape => found.push((path, shape)),
        }
    }
}

pub(super) fn table<T: FromJson>() -> &'static Table {
    match T::shape() {
        Shape::Object(table) => table,
        _ => panic!("a record is an object"),
    }
}

pub(super) fn context() -> Context {
    let mut context = Context::default();
    context.tenant = Some("tenant".to_owned());
    context.customer = Some("customer".to_owned());
    context.user = Some("user".to_owned());
    context.client_id = Some("client".to_owned());
    context.identity = Some("identity".to_owned());
    context
}

pub(super) fn without_tenant() -> Context {
    let mut context = context();
    context.tenant = None;
    context
}

pub(super) fn sign_in<T: ToEvent<Event = SignIn>>(
    json: &str,
    context: &Context,
) -> Option<Converted> {
    let event = Record::<T>::from_json(json).ok()?.to_event(context).ok()?;
    let forms = [
        serde_json::to_value(&event).unwrap(),
        serde_json::to_value(event.to_ocsf().unwrap()).unwrap(),
        serde_json::to_value(event.to_ecs().unwrap()).unwrap(),
    ];
    let left = event.unmapped.map(|json| json.parse().unwrap());
    Some(Converted { forms, left, namespace: event.product.namespace })
}

pub(super) fn counts<T: ToEvent<Event = SignInCounts>>(
    json: &str,
    context: &Context,
) -> Option<Converted> {
    let counts = Record::<T>::from_json(json).ok()?.to_event(context).ok()?;
    let ecs = serde_json::to_value(counts.to_ecs().unwrap()).unwrap();
    let forms = [serde_json::to_value(&counts).unwrap(), Value::Null, ecs];
    let left = counts.unmapped.map(|json| json.parse().unwrap());
    Some(Converted { forms, left, namespace: counts.product.namespace })
}

pub(super) type Choice = (&'static str, Vec<Value>);

pub(super) fn texts(member: &'static str, texts: &[&str]) -> Choice {
    (member, texts.iter().map(|text| json!(text)).collect())
}

/// With a port, and in spellings that have no place in an event: with a zone, IPv4 as IPv6.
pub(super) fn ips(member: &'static str) -> Choice {
    let texts_of = ["192.0.2.1", "192.0.2.2:443", "[2001:db8::1]:50123"];
    let others = ["fe80::1%eth0", "::ffff:192.0.2.3"];
    texts(member, &[&texts_of[..], &others].concat())
}

/// Addresses of two domains, a guest's name and one that is no address.
pub(super) fn names(member: &'static str) -> Choice {
    const GUEST: &str = "ada_example.com#ext#@contoso.onmicrosoft.com";
    texts(member, &["ada@example.com", "ben@example.org", GUEST, "ada"])
}

/// Codes and names.
pub(super) fn countries(member: &'static str) -> Choice {
    texts(member, &["DE", "FR", "Germany"])
}

/// When everything happened.
pub(super) const AT: &str = "2026-01-02T03:04:05Z";
