//! The contract of events: nothing of a record is lost on the way, and nothing is made up.

use std::collections::HashMap;
use std::fmt::Debug;

use serde::Serialize;
use serde_json::{Map, Value};
use signin_core::event::{
    Context, NoEvent, Principal, SignIn, SignInCounts, ToEvent, event_id, revision,
};
use signin_core::vendor::model::{Shape, Table};
use signin_core::{FromJson, Record};

use crate::ocsf;

/// Makes records of a type, each from a number: any of its members, each there, empty, null or
/// absent, under any of its spellings, and members that nobody knows.
#[derive(Debug, Default)]
pub struct Records {
    /// JSON texts that a member is likely to have, by its pointer. List indices are left out:
    /// `/steps/method`.
    likely: HashMap<&'static str, &'static [&'static str]>,
}

impl Records {
    /// Makes a member have one of these JSON texts most of the time. Its pointer is made of first
    /// spellings, without the indices of lists; for a list of texts each is a whole list.
    #[must_use]
    pub fn likely(mut self, member: &'static str, texts: &'static [&'static str]) -> Self {
        self.likely.insert(member, texts);
        self
    }

    /// The text of the record of this number.
    ///
    /// # Panics
    /// If the type is no object.
    pub fn record<T: FromJson>(&self, number: u64) -> String {
        let Shape::Object(table) = T::shape() else { panic!("a record is an object") };
        let mut dice = Dice(number);
        self.object(table, "", &mut dice).to_string()
    }

    fn object(&self, table: &Table, path: &str, dice: &mut Dice) -> Value {
        let mut object = Map::new();
        for member in table.members {
            let path = format!("{path}/{}", member.name);
            if dice.roll(10) < 2 {
                continue;
            }
            let spellings = [&[member.name], member.aliases].concat();
            let name = dice.pick(&spellings);
            object.insert(name.to_owned(), self.value(member.shape, &path, dice));
        }
        if dice.roll(3) == 0 {
            object.insert(format!("new{}", dice.roll(3)), any(dice));
        }
        Value::Object(object)
    }

    fn value(&self, shape: Shape, path: &str, dice: &mut Dice) -> Value {
        if dice.roll(12) == 0 {
            return Value::Null;
        }
        if let (Some(texts), 1..) = (self.likely.get(path), dice.roll(5)) {
            return serde_json::from_str(dice.pick(texts)).expect("a likely value is JSON");
        }
        match shape {
            Shape::Object(table) => self.object(table, path, dice),
            Shape::List(inner) => {
                // What is likely for a list of texts is a whole list, not an element.
                let path = if matches!(inner, Shape::Object(_)) { path } else { "" };
                let values = (0..dice.roll(4)).map(|_| self.value(*inner, path, dice));
                values.filter(|value| !value.is_null()).collect()
            }
            Shape::Text => text(dice).into(),
            Shape::Bool => (dice.roll(2) == 0).into(),
            Shape::Integer => (i64::from(dice.small(100_000)) - 50).into(),
            Shape::Number => ((f64::from(dice.small(40_000)) - 20_000.0) / 100.0).into(),
            Shape::Id if dice.roll(3) == 0 => dice.roll(u64::MAX).into(),
            Shape::Id => text(dice).into(),
            Shape::Time => time(dice).into(),
            Shape::Ticks if dice.roll(2) == 0 => time(dice).into(),
            Shape::Ticks => (638_907_426_550_000_000 + dice.roll(10_u64.pow(14))).into(),
            _ => any(dice),
        }
    }
}

fn text(dice: &mut Dice) -> String {
    const TEXTS: [&str; 8] = ["", "a", "Ulm", "x y", "\"quoted\"\\", "\u{1f600}\u{202e}", "0", "-"];
    let text = dice.pick(&TEXTS);
    if dice.roll(2) == 0 { text.to_owned() } else { format!("t{}", dice.roll(10_000)) }
}

fn time(dice: &mut Dice) -> String {
    let (day, second) = (1 + dice.roll(28), dice.roll(60));
    match dice.roll(9) {
        0 => "0001-01-01T00:00:00Z".to_owned(),
        8 => "9999-12-31T23:59:59.9999999Z".to_owned(),
        1 => format!("2026-02-{day:02}T23:59:{second:02}.1234567+05:30"),
        2 => format!("2026-02-{day:02}T00:00:{second:02}-11:00"),
        _ => format!("2026-02-{day:02}T09:30:{second:02}Z"),
    }
}

fn any(dice: &mut Dice) -> Value {
    const VALUES: [&str; 8] = [
        "null",
        "\"\"",
        "[]",
        "{}",
        "7",
        "[null,\"\"]",
        "{\"a\":null,\"b\":[{\"c\":\"d\"}]}",
        "false",
    ];
    serde_json::from_str(dice.pick(&VALUES)).expect("the values are JSON")
}

/// Numbers that look random and are the same every time (SplitMix64).
#[derive(Debug)]
pub struct Dice(pub(crate) u64);

impl Dice {
    /// Dice that fall by this number.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// One of these.
    ///
    /// # Panics
    /// If there is none.
    pub fn one<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let chosen = self.roll(choices.len() as u64);
        &choices[usize::try_from(chosen).expect("it is less than their number")]
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    pub(crate) fn small(&mut self, sides: u32) -> u32 {
        u32::try_from(self.roll(sides.into())).expect("it is less than a u32")
    }

    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        *self.one(choices)
    }
}

/// Converts as many records, holds each event to the contract, and gives them. Records that give
/// no event are told by why.
///
/// # Panics
/// If the contract is broken, with the record.
pub fn check_many<T>(
    records: &Records,
    count: u64,
    context: &Context,
) -> (Vec<SignIn>, Vec<NoEvent>)
where
    T: ToEvent<Event = SignIn> + Debug,
{
    let (mut events, mut refused) = (Vec::new(), Vec::new());
    for number in 0..count {
        match check(&read::<T>(records, number), context) {
            Ok(event) => events.push(event),
            Err(why) => refused.push(why),
        }
    }
    (events, refused)
}

fn read<T: FromJson>(records: &Records, number: u64) -> Record<T> {
    let text = records.record::<T>(number);
    let record = Record::from_json(&text);
    record.unwrap_or_else(|rejected| panic!("{}: {text}", rejected.mismatch()))
}

/// Prints the first so many events that such records give, in the forms that others have validators
/// for: a line each, after the form's name.
///
/// # Panics
/// If an event has no such form.
#[allow(clippy::print_stdout, reason = "its output is what it is for")]
pub fn print_many<T>(records: &Records, count: usize, context: &Context)
where
    T: ToEvent<Event = SignIn>,
{
    let events = (0..).filter_map(|number| read::<T>(records, number).to_event(context).ok());
    for event in events.take(count) {
        let (ocsf, ecs) = (event.to_ocsf().expect("OCSF"), event.to_ecs().expect("ECS"));
        println!("ocsf {}", serde_json::to_string(&ocsf).expect("an event is JSON"));
        println!("ecs {}", serde_json::to_string(&ecs).expect("an event is JSON"));
    }
}

/// Converts a record and holds its event to the contract.
///
/// # Errors
/// What the conversion says.
///
/// # Panics
/// If the contract is broken, with the record.
pub fn check<T>(record: &Record<T>, context: &Context) -> Result<SignIn, NoEvent>
where
    T: ToEvent<Event = SignIn> + Debug,
{
    let event = record.to_event(context)?;
    let raw = record.raw();
    check_context(record, context);
    let time = event.time.as_ref().unwrap_or_else(|| panic!("no time: {raw}")).instant();
    assert!(time.unix_timestamp() > 0 && time.offset().is_utc(), "the time: {raw}");
    assert!(time.year() < 9999, "the calendar's last year is no time: {raw}");
    assert!(event.original_time.is_some(), "no original time: {raw}");
    assert!(event.principal.is_known(), "nobody: {raw}");
    check_guest(&event.principal, raw);
    assert_eq!(event.revision, revision(raw), "{raw}");
    assert_eq!(event.raw.as_deref(), context.keep_raw.then_some(raw));
    check_id(&event.id, raw);
    check_texts(&serde_json::to_value(&event).expect("an event is JSON"), &event.unmapped, raw);
    check_account::<T>(raw, &event.mapped, event.unmapped.as_ref().map(signin_core::Json::get));
    ocsf::check(&event);
    Ok(event)
}

/// A context whose fields are empty says as little as one without them, with the tenant and without
/// it; and a customer that is told is in the event.
fn check_context<T>(record: &Record<T>, context: &Context)
where
    T: ToEvent + Debug,
    T::Event: Debug + PartialEq + Serialize,
{
    let with = |tenant: Option<&str>, value: Option<&str>| {
        let mut context = context.clone();
        let Context { customer, user, client_id, identity, .. } = &mut context;
        for field in [customer, user, client_id, identity] {
            *field = value.map(str::to_owned);
        }
        context.tenant = tenant.map(str::to_owned);
        record.to_event(&context)
    };
    let tenant = context.tenant.as_deref();
    assert_eq!(with(tenant, Some("")), with(tenant, None), "{}", record.raw());
    assert_eq!(with(Some(""), Some("")), with(None, None), "{}", record.raw());
    let mut context = context.clone();
    context.customer = Some("customer 7".to_owned());
    let event = record.to_event(&context).expect("a customer takes nothing away");
    let event = serde_json::to_value(event).expect("an event is JSON");
    assert_eq!(event["customer"], "customer 7", "{}", record.raw());
}

/// Converts a record of counts and holds them to the contract.
///
/// # Errors
/// What the conversion says.
///
/// # Panics
/// If the contract is broken, with the record.
pub fn check_counts<T>(record: &Record<T>, context: &Context) -> Result<SignInCounts, NoEvent>
where
    T: ToEvent<Event = SignInCounts> + Debug,
{
    let counts = record.to_event(context)?;
    let raw = record.raw();
    check_context(record, context);
    assert!(counts.start.is_some() && counts.end.is_some(), "no span: {raw}");
    assert_eq!(counts.revision, revision(raw), "{raw}");
    check_id(&counts.id, raw);
    check_account::<T>(raw, &counts.mapped, counts.unmapped.as_ref().map(signin_core::Json::get));
    Ok(counts)
}

/// Events in their three forms, for a snapshot.
///
/// # Panics
/// If an event has no such form.
pub fn forms(events: &[SignIn]) -> Value {
    let forms = events.iter().map(|event| {
        let (ocsf, ecs) = (event.to_ocsf().expect("OCSF"), event.to_ecs().expect("ECS"));
        serde_json::json!({ "event": event, "ocsf": ocsf, "ecs": ecs })
    });
    forms.collect()
}

/// The name of a guest gives neither an address nor a domain: it holds the tenant's.
fn check_guest(who: &Principal, raw: &str) {
    if who.name.as_deref().is_some_and(ocsf::is_guest) {
        assert_eq!((&who.email, &who.domain), (&None, &None), "a guest's name: {raw}");
    }
}

fn check_id(id: &str, raw: &str) {
    assert_eq!(id.len(), event_id("", "", "", "").len(), "the id: {raw}");
    assert_eq!(id.as_bytes()[14], b'5', "an id is a UUIDv5: {raw}");
}

/// No event has a null, or a text that says nothing.
fn check_texts(event: &Value, unmapped: &Option<signin_core::Json>, raw: &str) {
    let mut event = event.clone();
    if unmapped.is_some() {
        event.as_object_mut().and_then(|event| event.remove("unmapped"));
    }
    fn visit(value: &Value, raw: &str) {
        match value {
            Value::Null => panic!("a null: {raw}"),
            Value::String(text) => assert!(!text.is_empty(), "an empty text: {raw}"),
            Value::Array(values) => values.iter().for_each(|value| visit(value, raw)),
            Value::Object(members) => members.values().for_each(|value| visit(value, raw)),
            Value::Bool(_) | Value::Number(_) => {}
        }
    }
    visit(&event, raw);
}

/// What was taken and what is left over are together the whole record.
fn check_account<T: FromJson>(raw: &str, mapped: &[&str], unmapped: Option<&str>) {
    let Shape::Object(table) = T::shape() else { panic!("a record is an object") };
    let record: Value = serde_json::from_str(raw).expect("a record is JSON");
    let mut taken = mapped.to_vec();
    let left = left_over(&record, table, "", &mut taken).unwrap_or(Value::Null);
    assert_eq!(taken, Vec::<&str>::new(), "taken over, but nothing is there, in {raw}");
    let unmapped: Value =
        unmapped.map_or(Value::Null, |json| serde_json::from_str(json).expect("it is JSON"));
    assert_eq!(unmapped, left, "what is left over of {raw}");
}

/// What says something and was not taken. Crosses off what was.
fn left_over(
    record: &Value,
    table: &'static Table,
    path: &str,
    taken: &mut Vec<&str>,
) -> Option<Value> {
    let mut left = Map::new();
    for (name, value) in record.as_object()? {
        let Some(value) = says(value) else { continue };
        let member = table.find(name, 0).map(|place| &table.members[place]);
        let Some(member) = member else {
            left.insert(name.clone(), value);
            continue;
        };
        let path = format!("{path}/{}", member.name);
        if taken.contains(&path.as_str()) {
            taken.retain(|member| *member != path);
            continue;
        }
        let rest = match member.shape {
            Shape::Object(inner) if value.is_object() => left_over(&value, inner, &path, taken),
            _ => Some(value),
        };
        left.extend(rest.map(|rest| (name.clone(), rest)));
    }
    (!left.is_empty()).then_some(Value::Object(left))
}

/// The value without what says nothing; None if nothing stays.
fn says(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) => (!text.is_empty()).then(|| value.clone()),
        Value::Array(values) => {
            let kept: Vec<_> = values.iter().filter_map(says).collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        Value::Object(members) => {
            let kept =
                members.iter().filter_map(|(name, value)| Some((name.clone(), says(value)?)));
            let kept: Map<_, _> = kept.collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Bool(_) | Value::Number(_) => Some(value.clone()),
    }
}
