//! Checkpoints: what was written is read, what was altered is refused, and a forged one leads to
//! no other place.

use signin_core::Paging;
use signin_core::testing::{Reply, Scripted, Sent};
use signin_core::vendor::Client;
use signin_core::vendor::Ranged;
use signin_core::vendor::{Owner, Owners};
use signin_core::{Checkpoint, Error, ErrorKind, Json, Result, RetryPolicy};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

use crate::api::{self, KEY, List, PATH};

/// The range of a walk over time.
const RANGE: [&str; 2] = ["2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"];

/// The sources of a walk over many.
const SOURCES: [&str; 3] = ["a", "b", "c"];

/// No pager here takes more steps.
const MOST_STEPS: usize = 500;

const PAGINGS: [Paging; 5] = [
    Paging::NextLink,
    Paging::Cursor { parameter: "cursor" },
    Paging::PageNumber { parameter: "page", start: 1, first: 1, size: 2, says_next: true },
    Paging::PageNumber { parameter: "page", start: 0, first: 0, size: 2, says_next: false },
    Paging::None,
];

/// A checkpoint's text; and what stands in one between its version and its checksum, which is
/// sealed here as an attacker would.
pub(crate) fn check(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let mut taken = false;
    for text in [&*text, &sealed(&text)] {
        match text.parse::<Checkpoint>() {
            Ok(checkpoint) => taken |= check_one(&checkpoint, input),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Checkpoint, "{error}");
                assert!(serde_json::from_str::<Checkpoint>(text).is_err(), "{error}, yet read");
            }
        }
    }
    taken
}

fn sealed(mark: &str) -> String {
    format!(r#"{{"v":1,"mark":{mark},"check":"{:08x}"}}"#, crc32fast::hash(mark.as_bytes()))
}

/// Whether a pager took it.
fn check_one(checkpoint: &Checkpoint, input: &[u8]) -> bool {
    check_text(checkpoint);
    check_altered(checkpoint, checkpoint.to_string().into_bytes(), input);
    // Who can write the key into a checkpoint has it. Before anything was sent, no client can tell.
    if checkpoint.to_string().contains(KEY) {
        return false;
    }
    let lists = PAGINGS.into_iter().flat_map(|paging| {
        let list = List { paging, keyed: true, ..List::default() };
        [list.clone(), List { keeps_order: false, ..list }]
    });
    let pagers = lists.map(|list| {
        check_pages(checkpoint, &list).is_some()
            | check_fan_out(checkpoint, &list).is_some()
            | check_windows(checkpoint, &list).is_some()
    });
    pagers.fold(false, |taken, one| taken | one)
}

fn check_text(checkpoint: &Checkpoint) {
    let text = checkpoint.to_string();
    assert_eq!(&text.parse::<Checkpoint>().expect("what was written is read"), checkpoint);
    assert_eq!(&serde_json::from_str::<Checkpoint>(&text).expect("by serde too"), checkpoint);
}

/// One byte that is another one, at places and with values that the input chooses.
fn check_altered(checkpoint: &Checkpoint, mut text: Vec<u8>, input: &[u8]) {
    for (step, byte) in input.iter().rev().take(16).enumerate() {
        let at = usize::from(*byte).wrapping_mul(31).wrapping_add(step * 97) % text.len();
        let kept = text[at];
        text[at] = kept ^ (byte | 1);
        if let Ok(read) = String::from_utf8_lossy(&text).parse::<Checkpoint>() {
            assert_eq!(&read, checkpoint, "altered at {at}: {}", String::from_utf8_lossy(&text));
        }
        text[at] = kept;
    }
}

/// The walk over a list of one user's. None if the checkpoint is refused, or what was sent.
fn check_pages(checkpoint: &Checkpoint, list: &List) -> Option<Vec<Sent>> {
    let list = List { query: vec![("user".into(), "72".into())], ..list.clone() };
    let (client, script) = service(list.paging);
    // Lists that begin at 0 are read ahead.
    let ahead = usize::from(list.paging == PAGINGS[3]) * 3;
    let pages = client.pages(list.clone()).fetch_ahead(ahead).resume(checkpoint.clone());
    let mut pages = taken(pages, &script)?;
    let failed = api::run(drain(async || Ok(pages.try_next().await?.is_some())));
    check_text(&pages.checkpoint().expect("the request can be built"));
    check_end(checkpoint, failed, &script);
    let sent = api::check_origin(&script);
    check_queries(&list, &sent, |name, value| name != "user" || value == "72");
    Some(sent)
}

/// The walk over what every source has.
fn check_fan_out(checkpoint: &Checkpoint, list: &List) -> Option<Vec<Sent>> {
    let (client, script) = service(list.paging);
    let pager = client.fan_out(Everyone(list.clone())).concurrency(2).resume(checkpoint.clone());
    let mut pager = taken(pager, &script)?;
    let failed = api::run(drain(async || Ok(pager.try_next().await?.is_some())));
    check_text(&pager.checkpoint().expect("the request can be built"));
    check_end(checkpoint, failed, &script);
    let sent = api::check_origin_of(&script, &SOURCES);
    check_queries(list, &sent, |_, _| true);
    Some(sent)
}

/// The walk over a range of time.
fn check_windows(checkpoint: &Checkpoint, list: &List) -> Option<Vec<Sent>> {
    let (client, script) = service(list.paging);
    let [from, to] = RANGE.map(time);
    let pager = client.windows(list.clone(), from, to).concurrency(2).resume(checkpoint.clone());
    let mut pager = taken(pager, &script)?;
    let failed = api::run(drain(async || Ok(pager.try_next().await?.is_some())));
    check_text(&pager.checkpoint().expect("the request can be built"));
    check_end(checkpoint, failed, &script);
    let sent = api::check_origin(&script);
    let within = |value: &str| (from..=to).contains(&time(value));
    check_queries(list, &sent, |name, value| !["from", "until"].contains(&name) || within(value));
    Some(sent)
}

fn time(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &Rfc3339).expect("a time")
}

/// A client of a service that has two pages of every list.
fn service(paging: Paging) -> (Client, Scripted) {
    let script = Scripted::respond(move |sent| {
        let url = Url::parse(&sent.url).expect("an address");
        let asked = |name: &str| url.query_pairs().find(|(other, _)| other == name);
        let rows = if url.path() == PATH { r#""a","b","c""# } else { "1,2" };
        Reply::json(match paging {
            Paging::NextLink if asked("t").is_none() => {
                let link = Url::parse_with_params(&sent.url, [("t", "1")]).expect("an address");
                format!(r#"{{"data":[{rows}],"next":"{link}"}}"#)
            }
            Paging::Cursor { .. } if asked("cursor").is_none() => {
                format!(r#"{{"data":[{rows}],"cursor":"1"}}"#)
            }
            Paging::PageNumber { .. } if asked("page").is_none_or(|(_, page)| page != "1") => {
                r#"{"data":[]}"#.to_owned()
            }
            _ => format!(r#"{{"data":[{rows}]}}"#),
        })
    });
    (api::client(script.clone(), RetryPolicy::never()), script)
}

/// The pager that goes on from a checkpoint. One that is refused is refused before all else.
fn taken<W>(resumed: Result<W>, script: &Scripted) -> Option<W> {
    resumed
        .inspect_err(|error| {
            let known = [ErrorKind::Checkpoint, ErrorKind::Origin];
            assert!(known.contains(&error.kind()), "{error}");
            assert!(script.sent().is_empty(), "refused and sent");
        })
        .ok()
}

/// Takes steps until there are no more, or one fails.
async fn drain(mut step: impl AsyncFnMut() -> Result<bool>) -> Option<Error> {
    for _ in 0..MOST_STEPS {
        match step().await {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => return Some(error),
        }
    }
    panic!("a walk over few pages does not end")
}

/// Whoever can write checkpoints can make a pager leave records out, and no more.
fn check_end(checkpoint: &Checkpoint, failed: Option<Error>, script: &Scripted) {
    if checkpoint.is_end() {
        assert!(failed.is_none() && script.sent().is_empty(), "behind the end");
    }
    if let Some(error) = failed {
        let known = [ErrorKind::Checkpoint, ErrorKind::Origin, ErrorKind::Paging];
        assert!(known.contains(&error.kind()), "{error}");
    }
}

/// What is asked for is what the pager may ask for, each once. A link may say more in words of the
/// service's own, of which nothing is known.
fn check_queries(list: &List, sent: &[Sent], may_ask: impl Fn(&str, &str) -> bool) {
    for sent in sent {
        let url = Url::parse(&sent.url).expect("an address");
        let pairs: Vec<_> = url.query_pairs().collect();
        for (at, (name, value)) in pairs.iter().enumerate() {
            assert!(may_ask(name, value), "{url}");
            if list.paging != Paging::NextLink {
                let ours = ["user", "from", "until", "cursor", "page"].contains(&&**name);
                let once = pairs[..at].iter().all(|(other, _)| other != name);
                assert!(ours && once, "{url}");
            }
        }
    }
}

/// What each of [`SOURCES`] has, as the list tells them.
#[derive(Clone)]
struct Everyone(List);

#[derive(Debug)]
struct Thing(String);

impl Owner for Thing {
    fn key(&self) -> &str {
        &self.0
    }
}

impl Owners for Everyone {
    type List = List;
    type Records = List;
    type Owner = Thing;

    fn name(&self) -> &'static str {
        "all_events"
    }

    fn list(&self) -> List {
        self.0.clone()
    }

    fn owners(&self, row: &Json) -> Option<Vec<Thing>> {
        Some(vec![Thing(row.parse().ok()?)])
    }

    fn records(&self, source: &Thing, end: Option<OffsetDateTime>) -> List {
        let end = end.and_then(|end| end.format(&Rfc3339).ok());
        let query = end.map(|end| ("until".to_owned(), end)).into_iter().collect();
        List { id: Some(source.0.clone()), query, ..self.0.clone() }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

impl Ranged for List {
    fn between(&self, from: OffsetDateTime, to: OffsetDateTime) -> Self {
        let text = |time: OffsetDateTime| time.format(&Rfc3339).expect("a time is written");
        let query = vec![("from".to_owned(), text(from)), ("until".to_owned(), text(to))];
        Self { query, ..self.clone() }
    }
}

/// The mark of a walk over a list below this path.
fn mark(operation: &str, path: &str, query: &str, pinned: &str, position: &str) -> String {
    format!(
        r#"{{"walk":{{"vendor":"acme","operation":"{operation}","method":"GET","origin":"https://api.example","path":"{path}","query":{query},"body":0}},"pinned":{pinned},"position":{position},"rows":3,"total":9,"incomplete":false,"seen":"0000000000000003ffffffffffffffff"}}"#
    )
}

/// The same, of a pager that began again where its list begins.
fn begun_again(mark: &str) -> String {
    let (mark, _) = mark.rsplit_once('}').expect("a mark is an object");
    format!(r#"{mark},"before_start":"0000000000000001"}}"#)
}

/// The places of a list, and a further one that leads elsewhere.
const PLACES: [&str; 9] = [
    r#""start""#,
    r#""end""#,
    r#"{"page":1}"#,
    r#"{"page":7}"#,
    r#"{"page":18446744073709551615}"#,
    r#"{"cursor":"a+b"}"#,
    r#"{"link":"https://api.example{path}?t=1"}"#,
    r#"{"link":"https://documented.example{path}?t=1"}"#,
    r#"{"link":"https://evil.example{path}?t=1"}"#,
];

/// Marks of each place of the list below this path.
fn marks(path: &str, query: &str) -> Vec<String> {
    let places = PLACES.map(|place| {
        let place = place.replace("{path}", path.strip_prefix("/gate").unwrap_or(path));
        place.replace("https://api.example", "https://api.example/gate")
    });
    let plain = places.each_ref().map(|place| mark("events", path, query, "[]", place));
    let fixed = [
        r#"[["until","2025-06-10T10:00:01Z"]]"#,
        r#"[["until","2025-06-10T10:00:01Z"],["until","2999-01-01T00:00:00Z"]]"#,
        r#"[["user","73"]]"#,
    ];
    let fixed = fixed.into_iter().flat_map(|pinned| {
        [0, 3, 5, 6].map(|place| mark("events", path, query, pinned, &places[place]))
    });
    let fixed: Vec<_> = fixed.collect();
    let again = [r#""start""#, r#"{"page":0}"#]
        .map(|place| begun_again(&mark("events", path, query, "[]", place)));
    plain.into_iter().chain(fixed).chain(again).collect()
}

/// The mark of a walk over many sources.
fn of_sources(pinned: &str, done: &str, open: &str) -> String {
    let place = format!(r#"{{"sources":{{"done":{done},"open":[{open}]}}}}"#);
    mark("all_events", PATH, "[]", pinned, &place)
}

/// The mark of a walk over a range of time.
fn of_windows(done: &str, open: &str) -> String {
    let query = format!(r#"[["from","{}"],["until","{}"]]"#, RANGE[0], RANGE[1]);
    let place = format!(r#"{{"windows":{{"done":"{done}","open":{open}}}}}"#);
    mark("events", PATH, &query, "[]", &place)
}

/// Walks over sources with a pager under way.
fn sources_at_hand() -> Vec<String> {
    let marks = marks("/gate/v1/events/b", "[]").into_iter();
    marks
        .map(|mark| of_sources("[]", r#""a""#, &format!(r#"{{"key":"b","mark":{mark}}}"#)))
        .collect()
}

/// Walks over a range with a window under way.
fn windows_at_hand() -> Vec<String> {
    let [from, to] = [RANGE[0], "2026-11-02T06:00:00Z"];
    let marks = marks(PATH, &format!(r#"[["from","{from}"],["until","{to}"]]"#)).into_iter();
    marks.map(|mark| of_windows(from, &format!(r#"{{"to":"{to}","mark":{mark}}}"#))).collect()
}

/// Checkpoints of pagers of each kind, whole and without their seals.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = marks(PATH, r#"[["user","72"]]"#);
    seeds.push(mark(
        "events",
        PATH,
        r#"[["user","72"]]"#,
        &format!(r#"[["until","{KEY}"]]"#),
        PLACES[0],
    ));
    seeds.push(of_sources("[]", "null", ""));
    seeds.push(of_sources(r#"[["end","2026-11-02T00:00:00Z"]]"#, r#""b""#, ""));
    seeds.push(mark("all_events", PATH, "[]", "[]", r#""end""#));
    seeds.extend(sources_at_hand());
    seeds.push(of_windows("2026-11-02T12:00:00+01:00", "null"));
    seeds.push(of_windows(RANGE[1], "null"));
    seeds.extend(windows_at_hand());
    seeds.push(r#"{"v":1,"mark":{"walk":{"vendor":"tines","operation":"signin_activities","method":"GET","origin":"https://acme.tines.com","path":"/api/v1/admin/users/72/signin_activities","query":[["per_page","500"]],"body":0},"pinned":[["before","2025-06-10T10:00:01Z"]],"position":{"page":7},"rows":3000,"total":null,"incomplete":false,"seen":"0000000000000003ffffffffffffffff"},"check":"31c81d4f"}"#.to_owned());
    seeds.into_iter().map(String::into_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first addresses that walks over lists of each paging ask for.
    fn first(
        marks: &[String],
        pager: impl Fn(&Checkpoint, &List) -> Option<Vec<Sent>>,
    ) -> Vec<String> {
        let marks = marks.iter().map(|mark| sealed(mark).parse().expect("a seed is a checkpoint"));
        let marks: Vec<Checkpoint> = marks.collect();
        let pagers = PAGINGS.into_iter().flat_map(|paging| {
            let list = List { paging, keyed: true, ..List::default() };
            marks.iter().map(move |mark| (mark.clone(), list.clone()))
        });
        let sent = pagers.filter_map(|(mark, list)| pager(&mark, &list)).flatten();
        sent.map(|sent| sent.url).collect()
    }

    #[test]
    fn places_within_walks_of_walks_are_reached() {
        let links = ["cursor=a%2Bb", "page=7", "page=18446744073709551615", "t=1"];
        let sources = first(&sources_at_hand(), check_fan_out);
        let windows = first(&windows_at_hand(), check_windows);
        for place in links {
            let to_source = |url: &String| url.contains("/b?") && url.ends_with(place);
            assert!(sources.iter().any(to_source), "{place}: {sources:#?}");
            let to_window = |url: &String| url.ends_with(place);
            assert!(windows.iter().any(to_window), "{place}: {windows:#?}");
        }
    }
}
