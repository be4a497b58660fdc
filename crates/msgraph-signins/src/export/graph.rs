//! Puts members of an export into the structure that Graph's own sign-ins have, by the model's
//! member tables.

use std::borrow::Cow;
use std::collections::HashSet;

use signin_core::vendor::{Model, Shape, Table};

use super::raw::{Kind, Member, Object, elements, is_empty, is_json, last, members, quoted, text};
use super::refusal::NotASignIn;
use super::time::{Order, Time};
use super::{Export, conditions};
use crate::{SignIn, SignInEventType};

/// How an export writes what Graph says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    /// What the export is.
    pub(super) shape: super::Shape,
    /// Where the sign-in keeps what has no place in Graph's structure.
    pub(super) beside: &'static str,
    /// Whether names are Graph's in another case: `IPAddress`, `RiskEventTypesV2`.
    pub(super) any_case: bool,
    /// Whether further members stand in `AdditionalProperties`.
    pub(super) additional: bool,
    /// How its times are to be read.
    pub(super) order: Order,
}

/// A sign-in that is put together.
#[derive(Debug)]
pub(super) struct Builder {
    dialect: Dialect,
    /// The kind of sign-in, where the export says it.
    kind: Option<SignInEventType>,
    record: Object,
    /// What has no place in Graph's structure.
    beside: Object,
    /// The members that say something.
    said: HashSet<&'static str>,
    lost: Vec<String>,
    unclear: bool,
    /// Where the reading is, as a JSON pointer.
    path: String,
}

impl Builder {
    pub(super) fn new(dialect: Dialect, kind: Option<SignInEventType>) -> Self {
        Self {
            dialect,
            kind,
            record: Object::default(),
            beside: Object::default(),
            said: HashSet::new(),
            lost: Vec::new(),
            unclear: false,
            path: String::new(),
        }
    }

    /// Keeps a member next to the sign-in.
    pub(super) fn keep(&mut self, member: &Member<'_>) {
        self.beside.add(member.key, member.value);
    }

    /// Says something next to the sign-in.
    pub(super) fn note(&mut self, name: &str, json: &str) {
        self.beside.name(name, json);
    }

    /// Takes a member of the sign-in by its name in the export. False if Graph has none of this
    /// name.
    pub(super) fn take(&mut self, member: &Member<'_>) -> bool {
        let Some(name) = self.find(SignIn::table(), &member.name).map(|known| known.name) else {
            return false;
        };
        self.set(name, member.value);
        true
    }

    /// Takes a member of the sign-in that no table knows.
    pub(super) fn take_unknown(&mut self, member: &Member<'_>) {
        self.record.add(&self.unknown_name(member), member.value);
    }

    /// Takes a member of the sign-in by Graph's name.
    pub(super) fn set(&mut self, name: &'static str, json: &str) {
        if let Some(value) = self.read(name, json) {
            self.put(name, &value);
        }
    }

    /// What a member of the sign-in is in Graph's words; None if it says nothing or was lost.
    pub(super) fn read<'v>(&mut self, name: &'static str, json: &'v str) -> Option<Cow<'v, str>> {
        let table = SignIn::table();
        let member = table.members.get(table.find(name, 0)?)?;
        self.within(name, |it| it.value(json, member.shape, name))
    }

    /// Puts a member that is in Graph's words already.
    pub(super) fn put(&mut self, name: &'static str, json: &str) {
        if !is_empty(json) {
            self.said.insert(name);
        } else if name == KINDS && self.kind.is_some()
            // Several columns may say the same, and some of them nothing.
            || self.dialect.any_case && self.said.contains(name)
        {
            return;
        }
        self.record.name(name, json);
    }

    /// Whether a member says something.
    pub(super) fn says(&self, name: &str) -> bool {
        self.said.contains(name)
    }

    /// Puts the status. Where it has no code, the export's own code and description stand in.
    pub(super) fn put_status(
        &mut self,
        status: Option<Cow<'_, str>>,
        code: Option<&Member<'_>>,
        description: Option<&Member<'_>>,
    ) {
        let known = status.as_deref().and_then(members).unwrap_or_default();
        let odd = status.as_deref().filter(|it| Kind::of(it) != Kind::Object && !is_empty(it));
        let odd = odd.map(str::to_owned);
        let says = |name: &str| last(&known, name).is_some_and(|member| !is_empty(member.value));
        let code = code.and_then(|code| integer(code.value)).filter(|_| !says("errorCode"));
        let Some(code) = code else {
            if let Some(status) = status {
                self.put("status", &status);
            }
            return;
        };
        let description = description.map(|description| description.value);
        let description = description.filter(|json| {
            Kind::of(json) == Kind::Text && !is_empty(json) && !says("failureReason")
        });
        let mut status = Object::default();
        let taken = |name: &str| match name {
            "errorCode" => true,
            "failureReason" => description.is_some(),
            _ => false,
        };
        for member in known.iter().filter(|member| !taken(&member.name)) {
            status.add(member.key, member.value);
        }
        status.name("errorCode", &code);
        if let Some(description) = description {
            status.name("failureReason", description);
        }
        self.put("status", &status.end());
        if let Some(odd) = odd {
            self.note("/status", &odd);
        }
    }

    /// Notes that the time cannot be known.
    pub(super) fn unclear(&mut self) {
        self.unclear = true;
    }

    /// The sign-in.
    pub(super) fn end(mut self, tenant: Option<String>) -> Result<Export<'static>, NotASignIn> {
        if self.unclear {
            let why = "its day and month or its time zone cannot be told";
            return Err(NotASignIn::unclear_time("/createdDateTime", why));
        }
        if let Some(kind) = self.kind.filter(|_| !self.says(KINDS)) {
            self.record.name(KINDS, &kinds(kind));
        }
        if !self.beside.is_empty() {
            self.record.name(self.dialect.beside, &self.beside.end());
        }
        Ok(Export {
            shape: self.dialect.shape,
            record: Cow::Owned(self.record.end()),
            tenant,
            kind: self.kind,
            lost: self.lost,
            time_from: None,
        })
    }

    fn find(
        &self,
        table: &'static Table,
        name: &str,
    ) -> Option<&'static signin_core::vendor::Member> {
        let exact = table.find(name, 0);
        let at = exact.or_else(|| {
            let mut members = table.members.iter();
            self.dialect.any_case.then(|| members.position(|known| is_same(known.name, name)))?
        });
        at.and_then(|at| table.members.get(at))
    }

    /// The JSON of the name of a member that no table knows: Graph's names begin in lower case.
    fn unknown_name<'n>(&self, member: &Member<'n>) -> Cow<'n, str> {
        let mut chars = member.name.chars();
        match chars.next().filter(char::is_ascii_uppercase) {
            Some(first) if self.dialect.additional && !member.key.contains('\\') => {
                let rest = chars.as_str();
                Cow::Owned(quoted(&format!("{}{rest}", first.to_ascii_lowercase())))
            }
            _ => Cow::Borrowed(member.key),
        }
    }

    /// An object of Graph's, by its table.
    fn object(&mut self, json: &str, table: &'static Table) -> Option<String> {
        let mut object = Object::default();
        for member in self.flat(members(json)?) {
            let Some(known) = self.find(table, &member.name) else {
                object.add(&self.unknown_name(&member), member.value);
                continue;
            };
            let value =
                self.within(known.name, |it| it.value(member.value, known.shape, known.name));
            if let Some(value) = value {
                object.name(known.name, &value);
            }
        }
        Some(object.end())
    }

    /// The members of an object with those of `AdditionalProperties` among them. They stand first:
    /// where a member comes in both places, the last one that says something holds.
    pub(super) fn flat<'a>(&mut self, members: Vec<Member<'a>>) -> Vec<Member<'a>> {
        const ADDITIONAL: &str = "AdditionalProperties";
        let additional = last(&members, ADDITIONAL).filter(|_| self.dialect.additional);
        let Some(additional) = additional.cloned() else { return members };
        let mut flat = super::raw::members(additional.value).unwrap_or_default();
        let is_lost = Kind::of(additional.value) != Kind::Object && !is_empty(additional.value);
        // Of inner objects they are empty as a rule, and PowerShell's type says nothing.
        let is_usual =
            !self.path.is_empty() && additional.value.starts_with("\"System.Collections.");
        if is_lost && !is_usual {
            self.within(ADDITIONAL, |it| it.lose(additional.value));
        }
        let named: HashSet<Vec<u8>> = flat.iter().map(|it| letters(&it.name).collect()).collect();
        flat.extend(members.into_iter().filter(|member| {
            let repeats = is_empty(member.value)
                && named.contains(&*letters(&member.name).collect::<Vec<_>>());
            !repeats && !member.is(&additional)
        }));
        flat
    }

    /// A value in Graph's words; None if it says nothing or was lost. A value of a kind that is
    /// not expected stays as it is: who reads the sign-in says so.
    fn value<'v>(&mut self, json: &'v str, shape: Shape, name: &str) -> Option<Cow<'v, str>> {
        let found = Kind::of(json);
        match (shape, found) {
            (Shape::Object(table), Kind::Object) => self.object(json, table).map(Cow::Owned),
            (Shape::List(inner), Kind::List) => self.list(json, *inner, name),
            // Empty objects stand for nulls, and lists of one element come without their list.
            (Shape::List(_), Kind::Object) if is_empty(json) => None,
            (Shape::List(inner @ Shape::Object(_)), Kind::Object) => {
                self.value(json, *inner, name).map(|value| Cow::Owned(format!("[{value}]")))
            }
            (Shape::List(_) | Shape::Object(_), Kind::Text) => self.written_out(json, shape, name),
            (Shape::Text | Shape::Id, _) => Some(self.text(json, found, name)),
            (Shape::Bool | Shape::Integer | Shape::Number | Shape::Time, Kind::Text) => {
                let text = text(json)?;
                let text = text.trim();
                if text.is_empty() {
                    return None;
                }
                match shape {
                    Shape::Time => self.time(json),
                    _ => Some(scalar(text, shape).map_or(Cow::Borrowed(json), Cow::Owned)),
                }
            }
            // A date with the script members of PowerShell: {"value":"/Date(…)/","DateTime":…}.
            (Shape::Time, Kind::Object) if self.dialect.additional => {
                self.note(&self.path.clone(), json);
                let members = members(json)?;
                let value = last(&members, "value").map(|member| member.value);
                value
                    .filter(|value| Kind::of(value) == Kind::Text)
                    .and_then(|value| self.time(value))
            }
            _ => Some(Cow::Borrowed(json)),
        }
    }

    fn list<'v>(&mut self, json: &'v str, inner: Shape, name: &str) -> Option<Cow<'v, str>> {
        let Some(elements) = elements(json) else { return Some(Cow::Borrowed(json)) };
        let (mut list, mut keep, mut lost) = (Vec::new(), false, false);
        for (index, element) in elements.iter().enumerate() {
            let value = match (inner, Kind::of(element)) {
                (Shape::Object(_), Kind::Text) => {
                    let written = text(element).unwrap_or_default();
                    if is_object(&written) {
                        let value = self.value(&written, inner, name);
                        value.map(|value| Cow::Owned(value.into_owned()))
                    } else if is_empty(element) || self.is_trace(written.trim()) {
                        lost |= !is_empty(element);
                        continue;
                    } else {
                        Some(Cow::Borrowed(*element))
                    }
                }
                (Shape::Text, Kind::Object) if name == AUDIENCES => {
                    keep = true;
                    audience(element).map(Cow::Borrowed)
                }
                _ => self.within(&index.to_string(), |it| it.value(element, inner, "")),
            };
            list.extend(value);
        }
        if lost {
            self.lose(json);
        } else if keep {
            self.note(&self.path.clone(), json);
        }
        if list.is_empty() && lost {
            return None;
        }
        Some(Cow::Owned(format!("[{}]", list.join(","))))
    }

    /// A list or an object that stands in a text: as JSON, or as no more than its type's name.
    fn written_out<'v>(&mut self, json: &'v str, shape: Shape, name: &str) -> Option<Cow<'v, str>> {
        let Some(whole) = text(json) else { return Some(Cow::Borrowed(json)) };
        let text = whole.trim();
        if text.is_empty() {
            return None;
        }
        if matches!(Kind::of(text), Kind::Object | Kind::List) && is_json(text) {
            return self.value(text, shape, name).map(|value| Cow::Owned(value.into_owned()));
        }
        if matches!(shape, Shape::List(Shape::Text)) && self.is_one_element(text) {
            return Some(Cow::Owned(format!("[{json}]")));
        }
        let is_cut = text.starts_with(['{', '[']);
        // PowerShell writes the texts of a list one after the other.
        let is_joined = self.dialect.additional && matches!(shape, Shape::List(Shape::Text));
        if !is_cut && !is_joined && !self.is_trace(text) {
            // Another kind than documented: who reads the sign-in says so.
            return Some(Cow::Borrowed(json));
        }
        self.lose(json);
        None
    }

    /// Whether a text is what PowerShell writes for an object or a list that it does not go into.
    fn is_trace(&self, text: &str) -> bool {
        const TRACES: [&str; 5] = ["Microsoft.", "System.", "@{", "class ", "@("];
        self.dialect.additional && TRACES.iter().any(|trace| text.starts_with(trace))
    }

    /// Whether a text in place of a list of texts is its one element. PowerShell writes several
    /// elements with spaces in between.
    fn is_one_element(&self, text: &str) -> bool {
        const NO_TEXT: [&str; 6] = ["System.", "Microsoft.", "@{", "class ", "[", "{"];
        let may_be_several = self.dialect.additional && text.contains(char::is_whitespace);
        !may_be_several && !NO_TEXT.iter().any(|start| text.starts_with(start))
    }

    /// A text as it came, or as a text what only an export writes in another way.
    fn text<'v>(&self, json: &'v str, found: Kind, name: &str) -> Cow<'v, str> {
        let structured = !matches!(found, Kind::Text | Kind::Null);
        match name {
            // Some values of these pairs are JSON.
            "value" if structured => Cow::Owned(quoted(json)),
            "conditionsSatisfied" | "conditionsNotSatisfied" if found == Kind::Number => {
                conditions::named(json).map_or(Cow::Borrowed(json), Cow::Owned)
            }
            _ => Cow::Borrowed(json),
        }
    }

    fn time<'v>(&mut self, json: &'v str) -> Option<Cow<'v, str>> {
        let Some(text) = text(json) else { return Some(Cow::Borrowed(json)) };
        match Time::read(&text, self.dialect.order) {
            Time::AsItIs => Some(Cow::Borrowed(json)),
            Time::Written(time) => {
                self.note(&self.path.clone(), json);
                Some(Cow::Owned(quoted(&time)))
            }
            Time::Unclear if self.path == "/createdDateTime" => {
                self.unclear = true;
                None
            }
            Time::Unclear => {
                self.lose(json);
                None
            }
        }
    }

    /// Keeps what is left of the value at hand next to the sign-in, and says that it was lost.
    fn lose(&mut self, json: &str) {
        self.note(&self.path.clone(), json);
        self.lost.push(self.path.clone());
    }

    fn within<T>(&mut self, step: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        // The names of the tables and numbers have nothing to escape.
        self.path.push('/');
        self.path.push_str(step);
        let result = read(self);
        self.path.truncate(length);
        result
    }
}

/// The member that says the kind of sign-in.
pub(super) const KINDS: &str = "signInEventTypes";
const AUDIENCES: &str = "conditionalAccessAudiences";

/// The application of an audience that is an object: Graph names only that.
fn audience(json: &str) -> Option<&str> {
    let members = members(json)?;
    let application = last(&members, "applicationId")?.value;
    (Kind::of(application) == Kind::Text).then_some(application)
}

/// A number or a truth value that came as text.
fn scalar(text: &str, shape: Shape) -> Option<String> {
    match shape {
        Shape::Integer => {
            let number = text.parse::<i64>().ok().map(|number| number.to_string());
            number.filter(|number| number == text)
        }
        Shape::Number => (Kind::of(text) == Kind::Number && is_json(text)).then(|| text.to_owned()),
        Shape::Bool => {
            let is = |words: [&str; 2]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
            match (is(["true", "yes"]), is(["false", "no"])) {
                (true, _) => Some("true".to_owned()),
                (_, true) => Some("false".to_owned()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A whole number, or one as text.
fn integer(json: &str) -> Option<String> {
    let number = text(json).unwrap_or(Cow::Borrowed(json));
    scalar(number.trim(), Shape::Integer)
}

fn is_object(text: &str) -> bool {
    Kind::of(text) == Kind::Object && is_json(text)
}

/// What the member [`KINDS`] says of one kind.
pub(super) fn kinds(kind: SignInEventType) -> String {
    format!("[{}]", quoted(kind.as_str()))
}

/// Whether two names are the same but for case and underscores.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.len().abs_diff(other.len()) <= 2 && letters(one).eq(letters(other))
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase())
}
