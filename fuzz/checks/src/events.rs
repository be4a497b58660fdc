//! Events of every vendor: all of a record is in one, or in what is left over, and each is one of
//! OCSF and of the Elastic Common Schema.

use std::fmt::Debug;

use serde_json::Value;
use signin_contract::{events, ocsf};
use signin_core::Record;
use signin_core::event::{Context, SignIn, SignInCounts, ToEvent, revision};
use signin_core::vendor::Shape;

use crate::tree::{self, Tree};
use crate::vendors::VENDORS;

/// The first byte chooses what is known beside the record; the rest is a record.
pub(crate) fn check(input: &[u8]) -> bool {
    let [choice, record @ ..] = input else { return false };
    let context = context(*choice);
    let events = VENDORS.iter().map(|vendor| (vendor.event)(record, &context));
    events.fold(false, |any, one| any | one)
}

fn context(choice: u8) -> Context {
    let told = |bit: u8, text: &str| (choice >> bit & 1 == 1).then(|| text.to_owned());
    let mut context = Context::default();
    context.keep_raw = choice & 1 == 1;
    context.tenant = told(1, "acme.example");
    context.customer = told(2, "customer-1");
    context.user = told(3, "user-1");
    context.client_id = told(4, "client-1");
    context.identity = told(5, "identity-1");
    context
}

/// A record of a vendor keeps the contract of events. What the contract reads as a value has no
/// member twice, so of other records less is said. Whether the record gave an event.
pub(crate) fn check_event<T: ToEvent<Event = SignIn> + Debug>(
    bytes: &[u8],
    context: &Context,
) -> bool {
    let Ok(record) = Record::<T>::from_json_lenient(bytes) else { return false };
    let event = match is_plain(&record) {
        true => events::check(&record, context),
        false => record.to_event(context),
    };
    let Ok(event) = event else { return false };
    assert_eq!(event.revision, revision(record.raw()));
    assert_eq!(event.raw.as_deref(), context.keep_raw.then_some(record.raw()));
    assert_eq!(record.to_event(context).as_ref(), Ok(&event), "converted twice");
    if is_plain(&record) {
        ocsf::check(&event);
    } else {
        assert!(event.to_ocsf().is_ok(), "no OCSF: {}", record.raw());
    }
    let ecs = event.to_ecs().expect("an event is one of ECS");
    let ecs = serde_json::to_string(&ecs).expect("it is written");
    assert!(!ecs.contains(r#""@timestamp":null"#) && ecs.contains(r#""@timestamp":""#), "{ecs}");
    true
}

/// The same for counts.
pub(crate) fn check_counts<T: ToEvent<Event = SignInCounts> + Debug>(
    bytes: &[u8],
    context: &Context,
) -> bool {
    let Ok(record) = Record::<T>::from_json(bytes) else { return false };
    let counts = match is_plain(&record) {
        true => events::check_counts(&record, context),
        false => record.to_event(context),
    };
    let Ok(counts) = counts else { return false };
    assert_eq!(counts.revision, revision(record.raw()));
    let ecs = counts.to_ecs().expect("counts are an event of ECS");
    serde_json::to_string(&ecs).expect("they are written");
    true
}

fn is_plain<T: ToEvent>(record: &Record<T>) -> bool {
    let tree = Tree::read(record.raw()).filter(|tree| tree.depth() < 60);
    tree.is_some_and(|tree| !tree.repeats() && !doubles(&tree, T::shape()))
}

/// Whether a member comes under two of its names.
fn doubles(tree: &Tree, shape: Shape) -> bool {
    match (tree, shape) {
        (Tree::Object(members), Shape::Object(table)) => table.members.iter().any(|member| {
            let mut named = members.iter().filter(|(name, _)| tree::is(member, name));
            let inner = named.next().is_some_and(|(_, value)| doubles(value, member.shape));
            inner || named.next().is_some()
        }),
        (Tree::List(list), Shape::List(inner)) => list.iter().any(|value| doubles(value, *inner)),
        _ => false,
    }
}

/// A record of every sample, with and without what is known beside it.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let bodies = VENDORS.iter().flat_map(|vendor| crate::seeds::fixtures(vendor.name));
    let texts = bodies.filter_map(|body| String::from_utf8(body).ok());
    let records = texts.filter_map(|text| first_record(&text));
    records
        .flat_map(|record| ["\x3e", "\x03"].map(|choice| [choice, &record].concat().into_bytes()))
        .collect()
}

/// The first object in a list of a body, or the body where it is a record itself.
fn first_record(body: &str) -> Option<String> {
    fn find(value: &Value) -> Option<&Value> {
        match value {
            Value::Array(values) => values.iter().find(|value| value.is_object()),
            Value::Object(members) => members.values().find_map(find),
            _ => None,
        }
    }
    let body: Value = serde_json::from_str(body).ok()?;
    let is_record = body.get("createdDateTime").is_some();
    if is_record { Some(body.to_string()) } else { find(&body).map(Value::to_string) }
}
