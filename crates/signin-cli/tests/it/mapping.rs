//! `docs/mapping.md`: where each member of each vendor's record goes, found by changing it.
//!
//! A member's value is changed in a record that is otherwise the same; what changes in the event,
//! in its OCSF and in its ECS form is where the member went. `UPDATE_DOCS=1 cargo test -p
//! signin-cli mapping` writes the tables anew.

mod lists;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use msgraph_signins as msgraph;
use serde_json::{Value, json};
use signin_contract::events::Dice;
use signin_core::event::Context;
use signin_core::vendor::Shape;

use self::lists::{Converted, List, lists};

/// The page, in the tree that the test is run in: two checkouts may share what is built.
fn place() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says whose test it runs");
    PathBuf::from(here).join("../../docs/mapping.md")
}

/// What every change of a record changes, and lists of what stands elsewhere in the event too: the
/// page says so once.
const EVERYWHERE: [&str; 9] = [
    "id",
    "revision",
    "metadata.uid",
    "raw_data_hash.value",
    "observables[]",
    "event.id",
    "event.hash",
    "related.ip[]",
    "related.user[]",
];

/// Rows that say neither where a member goes nor that it always stays, and why that is right: the
/// page says so as well.
const WITHOUT_TARGET: [(&str, &str, &str); 3] = [
    ("tines audit_logs", "/operation_name", "only `Login` is a sign-in: every event says so"),
    ("ssojet login_logs", "/event", "only `login` is a sign-in: every event says so"),
    ("pingone activities", "/actors/client/type", "`CLIENT` says what the member's name says"),
];

fn set(record: &mut Value, path: &str, value: Value) {
    let mut at = record;
    for step in path.split('/').skip(1) {
        if !at.is_object() {
            *at = json!({});
        }
        at = at.as_object_mut().unwrap().entry(step.to_owned()).or_insert(Value::Null);
    }
    *at = value;
}

/// All leaves by their paths; the elements of a list share one.
fn leaves(value: &Value, path: &str, found: &mut BTreeMap<String, Vec<Value>>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let dot = if path.is_empty() { "" } else { "." };
                leaves(value, &format!("{path}{dot}{name}"), found);
            }
        }
        Value::Array(values) => {
            values.iter().for_each(|value| leaves(value, &format!("{path}[]"), found));
        }
        leaf => found.entry(path.to_owned()).or_default().push(leaf.clone()),
    }
}

/// An event's leaves in its three forms, but for what is left over of the record.
struct Told {
    forms: [BTreeMap<String, Vec<Value>>; 3],
    left: Option<Value>,
}

impl Told {
    fn of(list: &List, converted: Converted) -> Self {
        let vendor = list.title.split(' ').next().unwrap();
        let namespaces =
            ["unmapped", "unmapped", if vendor == "msgraph" { "entra" } else { vendor }];
        let mut namespaces = namespaces.into_iter();
        let forms = converted.forms.map(|form| {
            let mut found = BTreeMap::new();
            leaves(&form, "", &mut found);
            let namespace = format!("{}.", namespaces.next().unwrap());
            found.retain(|path, _| {
                // What OCSF has no place for is the event's, not the record's.
                let is_ours = path.starts_with("unmapped.signin.");
                is_ours || !path.starts_with(&namespace) && !is_everywhere(path)
            });
            found
        });
        Self { forms, left: converted.left }
    }

    /// Where the two differ, by form.
    fn differences(&self, other: &Self) -> [BTreeSet<String>; 3] {
        let mut differences = self.forms.iter().zip(&other.forms).map(|(one, other)| {
            let differ = |path: &&String| one.get(*path) != other.get(*path);
            one.keys().chain(other.keys()).filter(differ).cloned().collect()
        });
        [(); 3].map(|()| differences.next().unwrap_or_default())
    }

    fn is_left(&self, path: &str) -> bool {
        self.left.as_ref().is_some_and(|left| left.pointer(path).is_some())
    }
}

fn is_everywhere(path: &str) -> bool {
    let rest = EVERYWHERE.iter().filter_map(|place| path.strip_prefix(place));
    rest.into_iter().any(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What becomes of a member.
struct Row {
    path: String,
    went: [BTreeSet<String>; 3],
    /// Whether it is left over: `yes`, `sometimes`, or never.
    left: &'static str,
}

fn row(list: &List, path: String, shape: Shape) -> Row {
    let values = list.values(&path, shape);
    let mut went: [BTreeSet<String>; 3] = Default::default();
    // Whether it is left over where it went somewhere, and where it went nowhere.
    let (mut left_when_moved, mut left_when_not) = (BTreeSet::new(), BTreeSet::new());
    for (record, context) in each(list) {
        // With such a member this record may be none of a sign-in; another one is.
        let events: Vec<_> =
            values.iter().filter_map(|value| with(list, record, context, &path, value)).collect();
        for (at, one) in events.iter().enumerate() {
            for other in events.iter().skip(at + 1) {
                let differences = one.differences(other);
                let moved = differences.iter().any(|form| !form.is_empty());
                let left = if moved { &mut left_when_moved } else { &mut left_when_not };
                left.extend([one, other].map(|event| event.is_left(&path)));
                went.iter_mut().zip(differences).for_each(|(went, more)| went.extend(more));
            }
        }
    }
    let left = if left_when_moved.is_empty() { left_when_not } else { left_when_moved };
    let left = match (left.contains(&true), left.contains(&false)) {
        (true, true) => "sometimes",
        (true, false) => "yes",
        (false, true) => "",
        (false, false) => panic!("{}: {path} makes no event", list.title),
    };
    Row { path, went, left }
}

fn each(list: &List) -> impl Iterator<Item = (&Value, &Context)> {
    list.records.iter().flat_map(|record| list.contexts.iter().map(move |it| (record, it)))
}

/// The event of a record with this member.
fn with(list: &List, record: &Value, context: &Context, path: &str, value: &Value) -> Option<Told> {
    let mut record = record.clone();
    set(&mut record, path, value.clone());
    (list.convert)(&record.to_string(), context).map(|converted| Told::of(list, converted))
}

fn rows(list: &List) -> Vec<Row> {
    list.members().into_iter().map(|(path, shape)| row(list, path, shape)).collect()
}

fn written(rows: &[Row]) -> String {
    let mut text =
        String::from("| member | event | OCSF | ECS | in `unmapped` |\n|---|---|---|---|---|\n");
    for Row { path, went, left } in rows {
        let [event, ocsf, ecs] = went.each_ref().map(|paths| {
            paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ")
        });
        let _ = writeln!(text, "| `{path}` | {event} | {ocsf} | {ecs} | {left} |");
    }
    text
}

/// What PingOne's crate decides for each kind of event.
fn action_types() -> String {
    let mut rows = String::from("| `action.type` | is | why |\n|---|---|---|\n");
    for row in &pingone::event::ACTION_TYPES {
        let is = match row.decision {
            pingone::event::Decision::SignIn => "a sign-in",
            pingone::event::Decision::Step => "a step",
            pingone::event::Decision::SignOut => "a sign-out",
            _ => "",
        };
        let _ = writeln!(rows, "| `{}` | {is} | {} |", row.name, row.reason);
    }
    rows
}

/// The codes of Graph that are no failures.
fn interrupts() -> String {
    let mut rows = String::from("| `errorCode` | means |\n|---|---|\n");
    for (code, means) in msgraph::event::INTERRUPTS {
        let _ = writeln!(rows, "| {code} | {means} |");
    }
    rows
}

fn page() -> String {
    std::fs::read_to_string(place()).unwrap()
}

/// What stands before a part's marks, between them and behind them.
fn parts<'a>(page: &'a str, title: &str) -> [&'a str; 3] {
    let (begin, end) = (format!("<!-- begin {title} -->\n"), format!("<!-- end {title} -->"));
    let begin = page.find(&begin).unwrap_or_else(|| panic!("no {begin}")) + begin.len();
    let (before, rest) = page.split_at(begin);
    let length = rest.find(&end).unwrap_or_else(|| panic!("no {end}"));
    let (text, after) = rest.split_at(length);
    [before, text, after]
}

/// The page with this text between its marks.
fn filled(page: &str, title: &str, text: &str) -> String {
    let [before, _, after] = parts(page, title);
    [before, text, after].concat()
}

#[test]
fn the_page_says_where_every_member_goes() {
    let page = page();
    let mut expected = page.clone();
    for list in lists() {
        let rows = rows(&list);
        let nowhere = |row: &&Row| row.went.iter().all(BTreeSet::is_empty) && row.left != "yes";
        let nowhere: Vec<_> = rows.iter().filter(nowhere).map(|row| &*row.path).collect();
        let known = WITHOUT_TARGET.iter().filter(|(title, ..)| *title == list.title);
        assert_eq!(nowhere, known.map(|(_, path, _)| *path).collect::<Vec<_>>(), "{}", list.title);
        expected = filled(&expected, list.title, &written(&rows));
    }
    let expected = filled(&expected, "pingone action types", &action_types());
    let expected = filled(&expected, "msgraph interrupts", &interrupts());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(place(), &expected).unwrap();
    } else {
        assert!(page == expected, "run UPDATE_DOCS=1 cargo test -p signin-cli mapping");
    }
}

/// The records that the tables were found by, with their other members thrown at random: none goes
/// where its row does not say.
#[test]
fn no_member_goes_where_the_page_does_not_say() {
    let page = page();
    let mut changed = 0;
    for list in lists() {
        let [_, table, _] = parts(&page, list.title);
        let said: BTreeMap<_, _> = table
            .lines()
            .filter_map(|line| {
                let mut cells = line.strip_prefix("| `")?.split('`').step_by(2);
                Some((cells.next()?.to_owned(), line))
            })
            .collect();
        let members = list.members();
        for number in 0..(members.len() as u64 * 15) {
            let dice = &mut Dice::new(number);
            let mut record = dice.one(&list.records).clone();
            for (path, shape) in &members {
                if dice.roll(10) == 0 {
                    set(&mut record, path, dice.one(&list.values(path, *shape)).clone());
                }
            }
            let (path, shape) = dice.one(&members);
            let values = list.values(path, *shape);
            let [one, other] = [(); 2].map(|()| dice.one(&values).clone());
            let context = dice.one(&list.contexts);
            let event = |value| with(&list, &record, context, path, value);
            let (Some(one), Some(other)) = (event(&one), event(&other)) else { continue };
            let places = one.differences(&other);
            for place in places.iter().flatten() {
                let is_said = said[path].contains(&format!("`{place}`"));
                assert!(is_said, "{}: {path} went to {place} in {record}", list.title);
                changed += 1;
            }
            if places.iter().any(|form| !form.is_empty()) {
                let is_said =
                    said[path].ends_with("| yes |") || said[path].ends_with("sometimes |");
                let stays = one.is_left(path) || other.is_left(path);
                assert!(is_said || !stays, "{}: {path} stays of {record}", list.title);
            }
        }
    }
    assert!(changed > 1_000, "{changed}");
}
