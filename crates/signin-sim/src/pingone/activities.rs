//! Activities: events, the newest first, from cursor to cursor.

use std::ops::Range;

use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::errors::{self, Refusal};
use super::filter::{self, Condition};
use super::log::{Event, Log, STORED_AFTER};
use crate::seed::Seed;
use crate::{json, query};

const DEFAULT_LIMIT: u64 = 100;
const MOST: u64 = 500;
/// What is readable, in days.
const KEPT: i64 = 14;
const OPERATORS: &str = "\"eq\",\"gt\",\"lt\",\"and\"";

/// About what an event takes.
const EVENT_BYTES: usize = 900;

/// What a request asks for.
#[derive(Debug)]
pub(super) struct Activities {
    limit: u64,
    /// As it was sent, for the cursor.
    filter: String,
    conditions: Vec<Condition>,
    /// Both are exclusive, of `recordedAt`.
    after: OffsetDateTime,
    before: OffsetDateTime,
    /// Where the page begins.
    cursor: Cursor,
}

/// The place after a page.
#[derive(Clone, Copy, Debug)]
struct Cursor {
    /// Only events below this position.
    below: u64,
    /// How many pages in a row were empty here: a link never leads to itself.
    empty: u64,
    /// How often all cursors had died when it was made.
    breaks: u64,
}

impl Activities {
    pub(super) fn read(query: &str, breaks: u64) -> Result<Self, Refusal> {
        let (mut limit, mut filter) = (DEFAULT_LIMIT, None);
        let mut cursor = Cursor { below: u64::MAX, empty: 0, breaks };
        for pair in query::pairs(query) {
            match pair.name.as_str() {
                "limit" => {
                    let number = pair.value.parse().ok().filter(|limit| *limit > 0);
                    limit = number
                        .ok_or_else(|| errors::bad_value("limit", "It is no number from 1"))?;
                }
                "filter" => filter = Some(pair.value),
                "cursor" => {
                    let (place, text) = Cursor::read(&pair.value)
                        .filter(|(place, _)| place.breaks == breaks)
                        .ok_or_else(|| errors::bad_value("cursor", "It is of no list"))?;
                    (cursor, filter) = (place, Some(text));
                }
                _ => {}
            }
        }
        let refuse = |why: &str| errors::bad_filter(why.to_owned(), OPERATORS);
        let filter = filter.ok_or_else(|| refuse("The filter is required"))?;
        let all = filter::read(&filter).map_err(|why| refuse(&why))?;
        let (mut conditions, mut after, mut before) = (Vec::new(), None, None);
        for condition in all {
            match (attribute(&condition.attribute), condition.operator.as_str()) {
                (Attribute::Time(shift), "gt" | "lt") => {
                    let instant = OffsetDateTime::parse(&condition.literal, &Rfc3339).ok();
                    let instant = instant
                        .and_then(|instant| instant.checked_sub(shift))
                        .ok_or_else(|| refuse("A time is not in ISO 8601"))?;
                    let bound = if condition.operator == "gt" { &mut after } else { &mut before };
                    *bound = Some(instant);
                }
                (Attribute::Known, "eq") => conditions.push(condition),
                (Attribute::Unknown, _) => {
                    let name = condition.attribute;
                    let why = format!("Attribute '{name}' is not supported in filter");
                    return Err(refuse(&why));
                }
                (_, operator) => {
                    return Err(refuse(&format!("Operator '{operator}' is not supported")));
                }
            }
        }
        let (Some(after), Some(before)) = (after, before) else {
            return Err(refuse("A range of recordedAt or createdAt is required"));
        };
        Ok(Self { limit: limit.min(MOST), filter, conditions, after, before, cursor })
    }

    /// The page's body, from the first `len` events. `path` is the list's whole address.
    pub(super) fn page(&self, sent: &Sent<'_>, log: Log, len: u64, short: Option<Seed>) -> Vec<u8> {
        let mut positions = self.positions(log, len, sent);
        let Cursor { empty, breaks, .. } = self.cursor;
        let wanted = match short {
            // Drawn for the place, so that a pager sees what another one sees. The second page in
            // a row is not empty.
            Some(seed) => seed.at(positions.end).at(empty).below(self.limit + 1).max(empty),
            None => self.limit,
        };
        let expected = usize::try_from(wanted.min(positions.end - positions.start)).unwrap_or(0);
        let mut rows = Vec::with_capacity(expected * EVENT_BYTES);
        let (mut written, mut below) = (0, positions.end);
        while written < wanted
            && let Some(n) = positions.next_back()
        {
            below = n;
            let event = log.event(n, sent.waves);
            if self.conditions.iter().all(|condition| holds(condition, &event)) {
                json::put(&mut rows, if written > 0 { "," } else { "" });
                event.write(&mut rows);
                written += 1;
            }
        }
        let empty = if written == 0 { empty + 1 } else { 0 };
        let further = (!positions.is_empty()).then_some(Cursor { below, empty, breaks });
        self.write(sent, &rows, further)
    }

    fn write(&self, sent: &Sent<'_>, rows: &[u8], next: Option<Cursor>) -> Vec<u8> {
        let mut out = Vec::with_capacity(rows.len() + 1024);
        json::put(&mut out, "{\"_links\":{\"self\":{\"href\":");
        json::text(&mut out, &format!("{}?{}", sent.path, sent.query));
        if let Some(next) = next {
            let cursor = next.text(&self.filter);
            json::put(&mut out, "},\"next\":{\"href\":");
            let limit = self.limit;
            json::text(&mut out, &format!("{}?limit={limit}&cursor={cursor}", sent.path));
        }
        json::put(&mut out, "}},\"_embedded\":{\"activities\":[");
        out.extend_from_slice(rows);
        json::put(&mut out, "]}}");
        out
    }

    /// The events between the bounds that are still kept and were not yielded yet.
    fn positions(&self, log: Log, len: u64, sent: &Sent<'_>) -> Range<u64> {
        let kept = log.before(len, sent.now - Duration::days(KEPT)).max(log.gone(sent.waves));
        let start = log.before(len, next(floor(self.after))).max(kept);
        let end = log.before(len, ceil(self.before)).min(self.cursor.below);
        start..end.max(start)
    }
}

/// What a page says of the request.
pub(super) struct Sent<'r> {
    pub(super) path: &'r str,
    pub(super) query: &'r str,
    pub(super) now: OffsetDateTime,
    /// Waves of arrivals so far.
    pub(super) waves: u64,
}

/// What can be said of an attribute.
enum Attribute {
    /// A time, and how much later than `recordedAt` it is.
    Time(Duration),
    Known,
    Unknown,
}

fn attribute(name: &str) -> Attribute {
    match name {
        "recordedAt" | "recordedat" => Attribute::Time(Duration::ZERO),
        "createdAt" | "createdat" => Attribute::Time(Duration::milliseconds(STORED_AFTER)),
        "action.type"
        | "actors.user.id"
        | "actors.client.id"
        | "resources.id"
        | "resources.type"
        | "resources.population.id"
        | "correlationId" => Attribute::Known,
        _ => Attribute::Unknown,
    }
}

fn holds(condition: &Condition, event: &Event) -> bool {
    let parts = &event.parts;
    let value = match condition.attribute.as_str() {
        "action.type" => Some(event.action_type),
        "actors.user.id" => parts.has_actor.then_some(event.user_id.as_str()),
        "actors.client.id" => {
            parts.has_actor.then(|| parts.client_id.as_deref().unwrap_or("adminui"))
        }
        "resources.id" => Some(event.user_id.as_str()),
        "resources.type" => Some("USER"),
        "resources.population.id" => parts.population_id.as_deref(),
        "correlationId" => Some(parts.correlation_id.as_str()),
        _ => None,
    };
    value == Some(condition.literal.as_str())
}

/// The whole millisecond at or before an instant.
fn floor(instant: OffsetDateTime) -> OffsetDateTime {
    instant - Duration::nanoseconds((instant.nanosecond() % 1_000_000).into())
}

fn next(millisecond: OffsetDateTime) -> OffsetDateTime {
    millisecond.saturating_add(Duration::MILLISECOND)
}

/// The whole millisecond at or after an instant.
fn ceil(instant: OffsetDateTime) -> OffsetDateTime {
    let whole = floor(instant);
    if whole == instant { whole } else { next(whole) }
}

impl Cursor {
    /// The place and the filter as hexadecimal digits: opaque enough.
    fn text(self, filter: &str) -> String {
        let text = format!("{}:{}:{}:{filter}", self.below, self.empty, self.breaks);
        text.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    fn read(text: &str) -> Option<(Self, String)> {
        let digits = text.as_bytes().chunks(2).map(|pair| {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        });
        let text = String::from_utf8(digits.collect::<Option<Vec<u8>>>()?).ok()?;
        let mut parts = text.splitn(4, ':');
        let mut number = || parts.next()?.parse().ok();
        let cursor = Self { below: number()?, empty: number()?, breaks: number()? };
        Some((cursor, parts.next()?.to_owned()))
    }
}
