//! The audit log: the sign-ins of all users in one list, with other operations between them.
//!
//! It holds no rows either. Each user's part is his list of sign-ins, and one sign-in of nine is
//! followed, in the same second, by another operation of his; which one is, follows from its
//! position. So the selected rows of a user above any height are counted by arithmetic. The list
//! is the merge of these parts by height:
//!
//! - **To find a row** by its position, the height that has so many rows above it is found by
//!   binary search. That costs `users × log(events)` draws, and a few numbers for each user while
//!   the page is written: with ten million events a page of 500 rows takes about 6 milliseconds for
//!   50 users and 30 for 2,000, both in an unoptimised build, and many seconds for a million.
//! - **To go on** from there costs `log(users)` a row, and no draw for rows that are not selected.
//! - **To count** under any filter costs `users × log(events)`, or `users` without bounds in time.
//!
//! A filter by users leaves the others out of all three.

use std::collections::{BTreeSet, BinaryHeap};
use std::net::IpAddr;
use std::ops::Range;

use time::OffsetDateTime;

use super::log::{Log, UserLog};
use super::request::Bounds;
use super::users::People;
use crate::seed::Seed;
use crate::{json, search};

/// Ids start elsewhere than those of activities and grow in other steps: the same sign-in has
/// another one here.
const FIRST_ID: u64 = 19_000_000;
/// One sign-in of so many is followed by another operation.
const STEP: u64 = 9;
/// The others take turns.
const CYCLE: u64 = STEP * OPERATIONS.len() as u64;
const OPERATIONS: [&str; 4] =
    ["StoryItemsMovement", "CredentialSave", "ActionsOptionsChange", "AuthenticationTokenCreation"];
const LOGIN: &str = "Login";

/// One sign-in, as the audit log shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Login {
    /// Unique in the audit log, greater for newer rows. The same sign-in has another id among the
    /// sign-in activities.
    pub id: u64,
    /// In UTC and whole seconds; several rows may share it.
    pub created_at: OffsetDateTime,
    /// An address of the documentation ranges, IPv4 or IPv6.
    pub ip: IpAddr,
    /// Mostly a browser's; now and then empty, or what an attacker might send.
    pub user_agent: &'static str,
    /// The same in all rows.
    pub tenant_id: u64,
    /// Who signed in. He may be deleted since.
    pub user_id: u64,
    /// His address.
    pub user_email: String,
    /// First and last name; may be empty.
    pub user_name: String,
}

impl Login {
    /// The row's JSON, byte for byte as the service sends it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = Vec::new();
        self.write(&mut out, LOGIN, "null", "null");
        String::from_utf8(out).unwrap_or_default()
    }

    fn write(&self, out: &mut Vec<u8>, operation: &str, inputs: &str, outputs: &str) {
        json::put(out, format_args!("{{\"id\":{},\"created_at\":", self.id));
        json::instant(out, self.created_at);
        json::put(out, ",\"updated_at\":");
        json::instant(out, self.created_at);
        json::put(out, format_args!(",\"operation_name\":\"{operation}\",\"inputs\":{inputs}"));
        json::put(out, format_args!(",\"outputs\":{outputs},\"request_ip\":\"{}\"", self.ip));
        json::put(out, ",\"request_user_agent\":");
        json::text(out, self.user_agent);
        json::put(out, format_args!(",\"tenant_id\":{}", self.tenant_id));
        json::put(out, format_args!(",\"user_id\":{},\"user_email\":", self.user_id));
        json::text(out, &self.user_email);
        json::put(out, ",\"user_name\":");
        json::text(out, &self.user_name);
        json::put(out, "}");
    }
}

/// A row: that of a sign-in, or one like it of another operation.
#[derive(Debug)]
pub(super) struct Row {
    login: Login,
    /// Its position among the operations, and what its values are drawn from.
    other: Option<(usize, Seed)>,
}

impl Row {
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let Some((operation, seed)) = self.other else {
            return self.login.write(out, LOGIN, "null", "null");
        };
        let name = OPERATIONS.get(operation).copied().unwrap_or_default();
        let (inputs, outputs) = details(operation, seed);
        self.login.write(out, name, &inputs, &outputs);
    }
}

/// Inputs and outputs of an operation. Their members are of another kind in each, and one of them
/// is now a number and now a text.
fn details(operation: usize, seed: Seed) -> (String, String) {
    let (a, b) = (seed.at(0).below(9_000), seed.at(1).below(9_000));
    let quote = if seed.at(2).below(2) == 0 { "" } else { "\"" };
    match operation {
        0 => (
            format!(
                "{{\"storyId\":{quote}{a}{quote},\"inputs\":{{\"actionIds\":[{b},{}],\
                 \"delta\":{{\"x\":15,\"y\":-30.5}}}}}}",
                b + 1
            ),
            format!("{{\"storyId\":{a},\"moved\":true}}"),
        ),
        1 => (
            format!("{{\"inputs\":{{\"id\":{a},\"name\":\"prod \\\"key\\\" 🔑\",\"hosts\":[]}}}}"),
            format!("{{\"credential\":{{\"id\":{a},\"description\":null}}}}"),
        ),
        2 => (
            format!("{{\"ids\":[{a},{b}],\"options\":{{\"retries\":{quote}3{quote}}}}}"),
            "{}".to_owned(),
        ),
        _ => (
            format!("{{\"inputs\":[{{\"name\":\"ci-{a}\",\"isService\":true}}]}}"),
            format!("{{\"id\":{b},\"errors\":[]}}"),
        ),
    }
}

/// The operations that are asked for.
#[derive(Clone, Copy, Debug)]
struct Operations {
    logins: bool,
    others: [bool; OPERATIONS.len()],
}

impl Operations {
    /// Names are told apart by case; one that is no operation's selects nothing.
    fn named(names: Option<&BTreeSet<String>>) -> Self {
        let asked = |name| names.is_none_or(|names| names.contains(name));
        Self { logins: asked(LOGIN), others: OPERATIONS.map(asked) }
    }
}

/// Which rows are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Filter<'f> {
    pub(super) bounds: Bounds,
    pub(super) users: Option<&'f BTreeSet<u64>>,
    pub(super) operations: Option<&'f BTreeSet<String>>,
}

/// What the audit log follows from, beside the sign-ins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Office {
    log: Log,
    people: People,
    phases: Seed,
    details: Seed,
    tenant_id: u64,
}

impl Office {
    pub(super) fn new(seed: Seed, log: Log, people: People) -> Self {
        Self {
            log,
            people,
            phases: seed.branch("other operations"),
            details: seed.branch("operation details"),
            tenant_id: seed.branch("tenant id").below(9_000) + 1,
        }
    }

    /// The selected rows after `waves` waves of arrivals, from the newest.
    pub(super) fn rows(self, waves: u64, filter: Filter<'_>) -> Rows {
        let operations = Operations::named(filter.operations);
        let roster = self.log.roster();
        let part = |user| {
            let list = self.log.list(user, waves);
            let rows = list.between(filter.bounds.after, filter.bounds.before);
            let phase = self.phases.at(user).below(CYCLE);
            Part { list, rows, phase, operations }
        };
        let parts: Vec<_> = match filter.users {
            Some(ids) => ids.iter().filter_map(|id| roster.user(*id)).map(part).collect(),
            None => (0..roster.users()).map(part).collect(),
        };
        let total = parts.iter().map(Part::selected).sum();
        Rows { office: self, parts, heads: None, position: 0, total }
    }

    fn row(&self, part: &Part, spot: Spot) -> Row {
        let sign_in = part.list.sign_in(spot.j);
        let id = part.id(spot);
        let login = Login {
            id,
            created_at: sign_in.created_at,
            ip: sign_in.ip,
            user_agent: sign_in.user_agent,
            tenant_id: self.tenant_id,
            user_id: sign_in.user_id,
            user_email: People::email(sign_in.user_id),
            user_name: self.people.full_name(part.list.user()),
        };
        Row { login, other: spot.other.map(|operation| (operation, self.details.at(id))) }
    }
}

/// One user's part of the selected rows.
#[derive(Clone, Debug)]
struct Part {
    list: UserLog,
    /// The sign-ins between the bounds, as positions from the newest.
    rows: Range<u64>,
    phase: u64,
    operations: Operations,
}

/// A row of a part: sign-in `j`, or the operation that followed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    j: u64,
    other: Option<usize>,
}

impl Part {
    fn id(&self, spot: Spot) -> u64 {
        FIRST_ID + 2 * self.list.rank(spot.j) + u64::from(spot.other.is_some())
    }

    fn selected(&self) -> u64 {
        self.selected_above(self.rows.end) - self.selected_above(self.rows.start)
    }

    /// How many selected rows belong to the `m` newest sign-ins. The cycle runs from the oldest
    /// sign-in, so that those which arrive move nothing.
    fn selected_above(&self, m: u64) -> u64 {
        let len = self.list.len();
        let logins = if self.operations.logins { m } else { 0 };
        let others = (0..).zip(self.operations.others).filter(|(_, asked)| *asked);
        let counts = others.map(|(operation, _)| {
            // Among the first `s` from the oldest, plus the same constant for any `s`.
            let turns = |s: u64| (s + self.phase + CYCLE - 1 - turn_of(operation)) / CYCLE;
            turns(len) - turns(len - m)
        });
        logins + counts.sum::<u64>()
    }

    /// The operation that followed sign-in `j`, if one did.
    fn other(&self, j: u64) -> Option<usize> {
        let turn = (self.list.len() - 1 - j + self.phase) % CYCLE;
        (turn % STEP == STEP - 1).then(|| usize::try_from(turn / STEP).unwrap_or(0))
    }

    /// The first selected row from sign-in `j` on; an operation is newer than its sign-in. It
    /// passes a cycle at most when anything is selected.
    fn first_from(&self, j: u64) -> Option<Spot> {
        let Operations { logins, others } = self.operations;
        (j..self.rows.end.min(j.saturating_add(CYCLE))).find_map(|j| {
            let other = self.other(j);
            if other.is_some_and(|operation| others.get(operation) == Some(&true)) {
                return Some(Spot { j, other });
            }
            logins.then_some(Spot { j, other: None })
        })
    }

    fn next_after(&self, spot: Spot) -> Option<Spot> {
        if spot.other.is_some() && self.operations.logins {
            return Some(Spot { other: None, ..spot });
        }
        self.first_from(spot.j + 1)
    }
}

/// When in a cycle an operation has its turn.
fn turn_of(operation: u64) -> u64 {
    operation * STEP + STEP - 1
}

/// Selected rows, newest first, computed as they are asked for.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    office: Office,
    parts: Vec<Part>,
    /// The next row of each part, by id and with the part's position; `None` before the first.
    heads: Option<BinaryHeap<(u64, usize, Spot)>>,
    position: u64,
    total: u64,
}

impl Rows {
    /// How many rows are selected.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// The next row is the one at `position`.
    pub(super) fn seek(&mut self, position: u64) {
        self.position = position.min(self.total);
        self.heads = None;
        if self.position == self.total {
            return;
        }
        // Rows that are newer than the bounds stand above all that are not.
        let newer = self.parts.iter().map(|part| part.selected_above(part.rows.start));
        let wanted = newer.sum::<u64>() + self.position;
        let above = |height| -> u64 {
            let parts = self.parts.iter();
            parts.map(|part| part.selected_above(part.list.above(height))).sum()
        };
        let top = self.parts.iter().map(|part| part.list.top()).max().unwrap_or(0);
        let height = search::first(0..top, |height| above(height) <= wanted);
        let passed = above(height);
        let heads = self.parts.iter().enumerate().filter_map(|(at, part)| {
            let spot = part.first_from(part.list.above(height))?;
            Some((part.id(spot), at, spot))
        });
        self.heads = Some(heads.collect());
        // At one height there is a sign-in of each user at most.
        for _ in passed..wanted {
            self.take_head();
        }
    }

    fn take_head(&mut self) -> Option<(usize, Spot)> {
        let heads = self.heads.as_mut()?;
        let (_, at, spot) = heads.pop()?;
        let part = self.parts.get(at)?;
        if let Some(next) = part.next_after(spot) {
            heads.push((part.id(next), at, next));
        }
        Some((at, spot))
    }

    fn left(&self) -> usize {
        usize::try_from(self.total - self.position).unwrap_or(usize::MAX)
    }
}

impl Iterator for Rows {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        if self.position == self.total {
            return None;
        }
        if self.heads.is_none() {
            self.seek(self.position);
        }
        let (at, spot) = self.take_head()?;
        self.position += 1;
        Some(self.office.row(self.parts.get(at)?, spot))
    }

    fn nth(&mut self, n: usize) -> Option<Row> {
        if n > 0 {
            self.seek(self.position.saturating_add(n as u64));
        }
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left(), Some(self.left()))
    }
}

/// All users' sign-ins as the audit log has them, newest first, computed as they are asked for.
///
/// It takes memory for each user, not for each row; [`nth`](Iterator::nth) costs the same for any
/// number of rows.
#[derive(Clone, Debug)]
pub struct Logins(Rows);

impl Logins {
    pub(super) fn new(office: Office, waves: u64, bounds: Bounds) -> Self {
        let names = BTreeSet::from([LOGIN.to_owned()]);
        let filter = Filter { bounds, operations: Some(&names), ..Filter::default() };
        Self(office.rows(waves, filter))
    }
}

impl Iterator for Logins {
    type Item = Login;

    fn next(&mut self) -> Option<Login> {
        self.0.next().map(|row| row.login)
    }

    fn nth(&mut self, n: usize) -> Option<Login> {
        self.0.nth(n).map(|row| row.login)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Logins {}

#[cfg(test)]
mod tests;
