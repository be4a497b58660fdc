//! Samples and annotations, brought together: what is to be written, or why it cannot be.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::annotations::{EnumAnnotation, MemberAnnotation, ModelAnnotation, ModelFile};
use super::names;
use super::sample::Node;
use super::types::Type;

/// Everything that is written for one vendor.
#[derive(Debug)]
pub(crate) struct Vendor {
    pub(crate) models: Vec<Model>,
    pub(crate) enums: Vec<Enum>,
}

#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) page: String,
    pub(crate) members: Vec<Member>,
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) wire: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) field: String,
    pub(crate) doc: String,
    pub(crate) kind: Type,
    pub(crate) identifying: bool,
}

#[derive(Debug)]
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) page: String,
    pub(crate) variants: Vec<Variant>,
}

#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) wire: String,
    pub(crate) name: String,
    pub(crate) doc: String,
}

/// Names that generated code uses for something else.
const TAKEN: [&str; 16] = [
    "Id",
    "Timestamp",
    "IpText",
    "Json",
    "Flags",
    "Option",
    "Vec",
    "String",
    "Model",
    "Member",
    "Shape",
    "Table",
    "Result",
    "Error",
    "Page",
    "Record",
];

/// The variant that keeps the text of an unknown member.
pub(crate) const UNKNOWN_VARIANT: &str = "Other";

/// Brings a vendor's samples (by file name) and its `model.toml` together.
pub(crate) fn resolve(file: &ModelFile, samples: &HashMap<String, Node>) -> Result<Vendor, String> {
    let mut sightings = Sightings { file, seen: IndexMap::new() };
    for sample in &file.sample {
        let place = format!("{} at {}", sample.file, pointer(&sample.records));
        let root =
            samples.get(&sample.file).ok_or_else(|| format!("{}: no such sample", sample.file))?;
        let records = root.at(&sample.records).ok_or_else(|| format!("{place}: nothing there"))?;
        let path = format!("{}#{}", sample.file, sample.records);
        match records {
            Node::List(records) => {
                for (index, record) in records.iter().enumerate() {
                    sightings.look(&sample.model, record, &format!("{path}/{index}"))?;
                }
            }
            record => sightings.look(&sample.model, record, &path)?,
        }
    }
    let seen = sightings.seen;
    check_type_names(file)?;
    let models = file.model.iter().map(|(name, note)| {
        let empty = IndexMap::new();
        model(file, name, note, seen.get(name).unwrap_or(&empty))
    });
    let models = models.collect::<Result<Vec<_>, _>>()?;
    let enums = file.enums.iter().map(|(name, note)| enumeration(name, note));
    let enums = enums.collect::<Result<Vec<_>, _>>()?;
    check_used(file, &models)?;
    file.model.iter().try_for_each(|(name, note)| check_identifying(file, name, note))?;
    Ok(Vendor { models, enums })
}

fn pointer(pointer: &str) -> &str {
    if pointer.is_empty() { "the whole document" } else { pointer }
}

/// Every value that the samples hold, by model and wire name, with its place.
struct Sightings<'a> {
    file: &'a ModelFile,
    seen: IndexMap<String, Seen<'a>>,
}

type Seen<'a> = IndexMap<String, Vec<(String, Node)>>;

impl Sightings<'_> {
    fn look(&mut self, model: &str, node: &Node, path: &str) -> Result<(), String> {
        let Node::Object(members) = node else {
            return Err(format!("{path}: is {}, not an object of {model}", node.kind()));
        };
        let note = self
            .file
            .model
            .get(model)
            .ok_or_else(|| format!("{path}: there is no [model.{model}]"))?;
        for (wire, value) in members {
            let path = format!("{path}/{}", wire.replace('~', "~0").replace('/', "~1"));
            let (name, member) = annotation(note, wire).ok_or_else(|| {
                format!(
                    "{path}: [model.{model}] has no annotation for this member: write \
                     [model.{model}.member.{wire}] with a `doc` into model.toml"
                )
            })?;
            if member.absent.is_some() {
                return Err(format!(
                    "{path}: [model.{model}.member.{name}] is stale: it says `absent`"
                ));
            }
            let values =
                self.seen.entry(model.to_owned()).or_default().entry(name.to_owned()).or_default();
            values.push((path.clone(), value.clone()));
            self.look_inside(member, value, &path)?;
        }
        Ok(())
    }

    /// Goes into objects whose model the annotation names.
    fn look_inside(
        &mut self,
        member: &MemberAnnotation,
        value: &Node,
        path: &str,
    ) -> Result<(), String> {
        let kind = member.kind.as_deref().unwrap_or_default();
        let inner = kind.strip_prefix("list of ").unwrap_or(kind);
        if !self.file.model.contains_key(inner) {
            return Ok(());
        }
        match value {
            Node::Object(_) if inner == kind => self.look(inner, value, path),
            Node::List(elements) if inner != kind => {
                let mut elements = elements.iter().enumerate();
                elements.try_for_each(|(index, element)| {
                    self.look(inner, element, &format!("{path}/{index}"))
                })
            }
            _ => Ok(()),
        }
    }
}

/// A member's annotation, by its wire name or an alias.
fn annotation<'a>(
    note: &'a ModelAnnotation,
    wire: &str,
) -> Option<(&'a str, &'a MemberAnnotation)> {
    let found = note
        .member
        .iter()
        .find(|(name, member)| *name == wire || member.alias.iter().any(|alias| alias == wire));
    found.map(|(name, member)| (name.as_str(), member))
}

fn model(
    file: &ModelFile,
    name: &str,
    note: &ModelAnnotation,
    seen: &Seen<'_>,
) -> Result<Model, String> {
    let said = check_doc(&note.doc).and(check_doc(&note.page));
    said.map_err(|why| format!("model.toml: [model.{name}]: {why}"))?;
    check_spellings(name, note)?;
    // The samples' order, then what is documented beyond them.
    let sampled = seen.keys().filter_map(|wire| note.member.get_key_value(wire));
    let absent = note.member.iter().filter(|(_, member)| member.absent.is_some());
    let mut members = Vec::new();
    for (wire, member) in sampled.chain(absent) {
        let place = || format!("model.toml: [model.{name}.member.{wire}]");
        let values = seen.get(wire).map_or(&[][..], Vec::as_slice);
        let member = self::member(file, wire, member, values)
            .map_err(|why| format!("{}: {why}", place()))?;
        let identifying = note.identifying.contains(wire);
        members.push(Member { identifying, ..member });
    }
    if let Some((wire, _)) = note
        .member
        .iter()
        .find(|(wire, member)| member.absent.is_none() && !seen.contains_key(*wire))
    {
        let why = "is stale: no sample has it; remove it, or say why it is `absent`";
        return Err(format!("model.toml: [model.{name}.member.{wire}] {why}"));
    }
    check_fields(name, &members)?;
    Ok(Model { name: name.to_owned(), doc: note.doc.clone(), page: note.page.clone(), members })
}

fn member(
    file: &ModelFile,
    wire: &str,
    note: &MemberAnnotation,
    values: &[(String, Node)],
) -> Result<Member, String> {
    check_doc(&note.doc)?;
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    if letters(&note.doc) == letters(wire) {
        return Err("its doc says no more than its name".into());
    }
    let kind = match &note.kind {
        Some(text) => Type::parse(
            text,
            |name| file.model.contains_key(name),
            |name| file.enums.contains_key(name),
        )?,
        None if note.absent.is_some() => return Err("is in no sample: give it a type".into()),
        None => {
            let place = values.first().map_or("", |(path, _)| path);
            Type::infer(wire, values.iter().map(|(_, value)| value))
                .map_err(|why| format!("{place}: {why}"))?
        }
    };
    let wrong = values.iter().find_map(|(path, value)| Some((path, kind.refuse(value)?)));
    if let Some((path, why)) = wrong {
        return Err(format!("{path}: {why}"));
    }
    let field = note.field.clone().unwrap_or_else(|| names::snake_case(wire));
    if let Some(why) = names::refuse(&field) {
        return Err(format!("the field name `{field}` {why}: say another by `field`"));
    }
    Ok(Member {
        wire: wire.to_owned(),
        aliases: note.alias.clone(),
        field,
        doc: note.doc.clone(),
        kind,
        identifying: false,
    })
}

/// A type of records without a member that tells them from anything else, or with one that it
/// does not have.
fn check_identifying(file: &ModelFile, name: &str, note: &ModelAnnotation) -> Result<(), String> {
    let unknown = note.identifying.iter().find(|wire| !note.member.contains_key(*wire));
    if let Some(wire) = unknown {
        return Err(format!(
            "model.toml: [model.{name}] is identified by `{wire}`, which it lacks"
        ));
    }
    let is_of_records = file.sample.iter().any(|sample| sample.model == name);
    if is_of_records && note.identifying.is_empty() {
        return Err(format!(
            "model.toml: [model.{name}] is a record's: name the members that tell what it is, as \
             `identifying`"
        ));
    }
    Ok(())
}

fn check_doc(doc: &str) -> Result<(), String> {
    if doc.trim().is_empty() { Err("says nothing".into()) } else { Ok(()) }
}

/// Two members with one spelling.
fn check_spellings(model: &str, note: &ModelAnnotation) -> Result<(), String> {
    let mut taken = HashSet::new();
    for (wire, member) in &note.member {
        for spelling in std::iter::once(wire).chain(&member.alias) {
            if !taken.insert(spelling) {
                let place = format!("model.toml: [model.{model}.member.{wire}]");
                return Err(format!("{place}: another member is spelled `{spelling}` already"));
            }
        }
    }
    Ok(())
}

/// Two fields with one name.
fn check_fields(model: &str, members: &[Member]) -> Result<(), String> {
    let mut taken = HashSet::new();
    for member in members {
        if !taken.insert(&member.field) {
            let place = format!("model.toml: [model.{model}.member.{}]", member.wire);
            return Err(format!("{place}: another member is the field `{}` already", member.field));
        }
    }
    Ok(())
}

fn check_type_names(file: &ModelFile) -> Result<(), String> {
    let mut files = HashSet::new();
    for name in file.model.keys().chain(file.enums.keys()) {
        let place = format!("model.toml: `{name}`");
        if let Some(why) = names::refuse(name) {
            return Err(format!("{place} {why}"));
        }
        if !name.starts_with(|c: char| c.is_ascii_uppercase()) {
            return Err(format!("{place}: type names begin with a capital letter"));
        }
        if TAKEN.contains(&name.as_str()) {
            return Err(format!("{place}: generated code uses this name for something else"));
        }
        if !files.insert(names::snake_case(name)) {
            return Err(format!("{place}: another type has this name, or its file's"));
        }
    }
    Ok(())
}

/// Models and enums that nothing leads to.
fn check_used(file: &ModelFile, models: &[Model]) -> Result<(), String> {
    let mut used: HashSet<&str> = file.sample.iter().map(|sample| sample.model.as_str()).collect();
    for member in models.iter().flat_map(|model| &model.members) {
        let kind = match &member.kind {
            Type::List(inner) => inner,
            kind => kind,
        };
        if let Type::Model(name) | Type::Enum(name) | Type::Flags(name) = kind {
            used.insert(name);
        }
    }
    for (name, note) in &file.model {
        match (used.contains(name.as_str()), &note.alone) {
            (true, Some(_)) => return Err(format!("model.toml: [model.{name}] is not `alone`")),
            (false, None) => return Err(format!("model.toml: nothing leads to `{name}`")),
            _ => {}
        }
    }
    let unused = file.enums.keys().find(|name| !used.contains(name.as_str()));
    unused.map_or(Ok(()), |name| Err(format!("model.toml: nothing leads to `{name}`")))
}

fn enumeration(name: &str, note: &EnumAnnotation) -> Result<Enum, String> {
    let place = format!("model.toml: [enum.{name}]");
    check_doc(&note.doc).and(check_doc(&note.page)).map_err(|why| format!("{place}: {why}"))?;
    let mut taken = HashSet::from([UNKNOWN_VARIANT.to_owned()]);
    let mut variants = Vec::new();
    for (wire, variant) in &note.member {
        let place = format!("{place}: `{wire}`");
        check_doc(variant.doc()).map_err(|why| format!("{place}: {why}"))?;
        let name = variant.name().map_or_else(|| names::pascal_case(wire), str::to_owned);
        if let Some(why) = names::refuse(&name) {
            return Err(format!("{place}: the name `{name}` {why}: say another by `name`"));
        }
        if !taken.insert(name.clone()) {
            return Err(format!("{place}: the name `{name}` is taken: say another by `name`"));
        }
        let same = |other: &&Variant| other.wire.eq_ignore_ascii_case(wire);
        if let Some(Variant { wire: other, .. }) = variants.iter().find(same) {
            return Err(format!("{place}: members are the same in any case, and so is `{other}`"));
        }
        variants.push(Variant { wire: wire.clone(), name, doc: variant.doc().to_owned() });
    }
    Ok(Enum { name: name.to_owned(), doc: note.doc.clone(), page: note.page.clone(), variants })
}
