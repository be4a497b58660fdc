//! `docs/mapping.md`: where each member of each vendor's record goes, found by changing it.
//!
//! A member's value is changed in a record that is otherwise the same; what changes in the event,
//! in its OCSF and in its ECS form is where the member went. `UPDATE_DOCS=1 cargo test -p
//! signin-cli mapping` writes the tables anew.

mod avepoint;
mod lists;
mod msgraph;
mod pingone;
mod ssojet;
mod tines;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};
use signin_contract::events::Dice;
use signin_core::event::Context;
use signin_core::vendor::Shape;

use self::lists::{Converted, List};

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

/// A vendor: what the page's tables are made of.
struct Vendor {
    /// Its name in the program, with which its titles begin.
    name: &'static str,
    /// Its lists whose records become events.
    lists: fn() -> Vec<List>,
    /// Further tables, by their titles.
    tables: &'static [(&'static str, Table)],
}

/// Writes a table.
type Table = fn() -> String;

/// Every vendor.
const VENDORS: &[Vendor] = &[
    Vendor { name: "tines", lists: tines::lists, tables: &[] },
    Vendor { name: "avepoint", lists: avepoint::lists, tables: &[] },
    Vendor { name: "ssojet", lists: ssojet::lists, tables: &[] },
    Vendor {
        name: "pingone",
        lists: pingone::lists,
        tables: &[("pingone action types", pingone::action_types)],
    },
    Vendor {
        name: "msgraph",
        lists: msgraph::lists,
        tables: &[("msgraph interrupts", msgraph::interrupts)],
    },
];

/// The lists of all vendors.
fn lists() -> impl Iterator<Item = List> {
    VENDORS.iter().flat_map(|vendor| (vendor.lists)())
}

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
    fn of(converted: Converted) -> Self {
        let mut namespaces = ["unmapped", "unmapped", converted.namespace].into_iter();
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
    (list.convert)(&record.to_string(), context).map(Told::of)
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

fn page() -> String {
    std::fs::read_to_string(place()).unwrap()
}

/// What stands before a part's marks, between them and after them.
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
fn every_vendor_with_samples_is_on_the_page() {
    let fixtures = place().with_file_name("../fixtures");
    let folders = std::fs::read_dir(fixtures).unwrap().map(|folder| folder.unwrap().path());
    let vendors = folders.filter(|folder| folder.join("model.toml").is_file());
    let vendors: BTreeSet<_> =
        vendors.map(|folder| folder.file_name().unwrap().to_owned()).collect();
    assert_eq!(VENDORS.iter().map(|vendor| vendor.name.into()).collect::<BTreeSet<_>>(), vendors);
    for vendor in VENDORS {
        let titles: Vec<_> = (vendor.lists)().into_iter().map(|list| list.title).collect();
        let tables = vendor.tables.iter().map(|(title, _)| *title);
        let begin = |title: &str| title.starts_with(&format!("{} ", vendor.name));
        assert!(
            !titles.is_empty() && titles.into_iter().chain(tables).all(begin),
            "{}",
            vendor.name
        );
    }
}

#[test]
fn the_page_says_where_every_member_goes() {
    let page = page();
    let mut expected = page.clone();
    for list in lists() {
        let rows = rows(&list);
        let nowhere = |row: &&Row| row.went.iter().all(BTreeSet::is_empty) && row.left != "yes";
        let nowhere: Vec<_> = rows.iter().filter(nowhere).map(|row| &*row.path).collect();
        let known = list.without_target.iter().map(|(path, _)| *path);
        assert_eq!(nowhere, known.collect::<Vec<_>>(), "{}", list.title);
        expected = filled(&expected, list.title, &written(&rows));
    }
    for (title, table) in VENDORS.iter().flat_map(|vendor| vendor.tables) {
        expected = filled(&expected, title, &table());
    }
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
