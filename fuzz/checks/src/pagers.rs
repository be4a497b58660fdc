//! Walks over hostile lists: no place twice in silence, no other origin, no record lost, and an
//! end.

use std::collections::{HashMap, HashSet};

use serde_json::value::RawValue;
use signin_core::Paging;
use signin_core::testing::{Reply, Scripted, Sent};
use signin_core::vendor::Client;
use signin_core::{Checkpoint, Error, ErrorKind, Pages, RetryPolicy};
use url::Url;

use crate::api::{self, List};
use crate::tree::Tree;

/// How many records a full page holds.
const SIZE: u64 = 2;

/// How often a list in no known order is gone through at most.
const PASSES: usize = 3;

/// The first byte chooses the kind of list, the second one where the pager is cut and resumed; the
/// rest is the bodies of pages, a line each. The service is an honest one in that it answers the
/// same request the same each time.
pub(crate) fn check(input: &[u8]) -> bool {
    let [kind, cut, bodies @ ..] = input else { return false };
    let bodies: Vec<Vec<u8>> = bodies.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    if bodies.len() > 200 {
        return false;
    }
    let list = list(*kind);
    let (run, script) = run(&list, &bodies, None);
    let sent = api::check_origin(&script);
    if run.failed.is_none() {
        let mut urls: Vec<_> = sent.iter().map(|sent| &sent.url).collect();
        urls.sort_unstable();
        let most = if list.keeps_order { 1 } else { PASSES };
        let often = urls.chunk_by(|one, other| one == other).map(<[_]>::len).max();
        assert!(often <= Some(most), "a page too often: {urls:?}");
    }
    check_rows(&list, &bodies, &sent, &run);
    check_resumed(&list, &bodies, *cut, &run, &sent);
    !run.rows.is_empty()
}

/// Five kinds of paging, each in a known order or in none, without ids and with them.
fn list(kind: u8) -> List {
    let (paging, kind) = (paging(kind % 5), kind / 5);
    List { paging, keeps_order: kind & 1 == 0, keyed: kind & 2 != 0, ..List::default() }
}

fn paging(kind: u8) -> Paging {
    match kind {
        0 => Paging::NextLink,
        1 => Paging::Cursor { parameter: "cursor" },
        2 => numbered(1, true),
        3 => numbered(0, false),
        _ => Paging::None,
    }
}

fn numbered(first: u64, says_next: bool) -> Paging {
    Paging::PageNumber { parameter: "page", start: first, first, size: SIZE, says_next }
}

/// What came of a pager.
#[derive(Default)]
struct Run {
    rows: Vec<Vec<u8>>,
    /// How many records came that had come before.
    again: usize,
    /// The checkpoint after each page, and how many rows were yielded before.
    checkpoints: Vec<(Checkpoint, usize)>,
    complete: bool,
    failed: Option<Error>,
}

fn run(list: &List, bodies: &[Vec<u8>], from: Option<Checkpoint>) -> (Run, Scripted) {
    let served = bodies.to_vec();
    let paging = list.paging;
    let script = Scripted::respond(move |sent| Reply::json(body(paging, &served, &sent.url)));
    let client: Client = api::client(script.clone(), RetryPolicy::never());
    let mut pages = client.pages(list.clone());
    if let Some(checkpoint) = from {
        pages = match pages.resume(checkpoint) {
            Ok(pages) => pages,
            Err(error) => {
                return (Run { failed: Some(error), ..Run::default() }, script);
            }
        };
    }
    let run = api::run(drain(pages, bodies.len()));
    assert!(list.keeps_order || run.again == 0, "{} records twice", run.again);
    (run, script)
}

async fn drain(mut pages: Pages<List>, bodies: usize) -> Run {
    let (mut run, mut known) = (Run::default(), HashSet::new());
    for _ in 0..PASSES * (bodies + 5) {
        run.checkpoints.extend(pages.checkpoint().map(|mark| (mark, run.rows.len())));
        match pages.try_next().await {
            Ok(Some(page)) => run.rows.extend(page.rows().iter().map(|row| match row {
                Ok(record) => {
                    let bytes = record.raw_bytes().to_vec();
                    run.again += usize::from(!known.insert(bytes.clone()));
                    bytes
                }
                Err(rejected) => rejected.raw_bytes().to_vec(),
            })),
            Ok(None) => {
                run.complete = pages.report().is_complete();
                return run;
            }
            Err(error) => {
                let known = [ErrorKind::Paging, ErrorKind::Decode, ErrorKind::Origin];
                assert!(known.contains(&error.kind()), "{error}");
                run.failed = Some(error);
                return run;
            }
        }
    }
    panic!("a walk over {bodies} pages does not end");
}

/// The body that the service has at an address: the first one where no continuation is told.
fn body(paging: Paging, bodies: &[Vec<u8>], address: &str) -> Vec<u8> {
    let url = Url::parse(address).expect("an address");
    let place = match paging {
        Paging::PageNumber { first, .. } => {
            let number = url.query_pairs().find(|(name, _)| name == "page");
            let number: u64 = number.expect("a page is asked for").1.parse().expect("by number");
            usize::try_from(number - first).expect("it is not far")
        }
        _ => match url.query() {
            Some(query) => {
                let told: Option<usize> = query.split('=').next_back().and_then(|n| n.parse().ok());
                told.unwrap_or_else(|| query.bytes().map(usize::from).sum()) % bodies.len()
            }
            None => 0,
        },
    };
    bodies.get(place).cloned().unwrap_or_else(|| br#"{"data":[]}"#.to_vec())
}

/// What came is what was served, and the end is where the service said so. Where records have ids
/// or the list no order, what is served again may be left out.
fn check_rows(list: &List, bodies: &[Vec<u8>], sent: &[Sent], run: &Run) {
    let served = sent.iter().map(|sent| served(&body(list.paging, bodies, &sent.url)));
    let Some(served) = served.collect::<Option<Vec<_>>>() else { return };
    let Some((last, on_last)) = served.last() else { return };
    let on_last = &on_last.len();
    let rows: Vec<_> = served.iter().flat_map(|(_, rows)| rows).map(String::as_bytes).collect();
    let came = run.rows.iter().map(Vec::as_slice);
    if list.keeps_order && !list.keyed {
        assert!(came.eq(rows.iter().copied()), "records lost or made up");
    } else {
        let (came, served) = (came.collect::<HashSet<_>>(), rows.iter().copied().collect());
        assert_eq!(came, served, "records lost or made up");
    }
    let all = if list.keeps_order { rows.len() } else { run.rows.len() };
    if run.failed.is_some() {
        return;
    }
    let told = |name: &str| last.all_at(&[name]).into_iter().find(|value| !is_none(value));
    match list.paging {
        Paging::NextLink => assert_eq!(told("next"), None, "the end before the end"),
        Paging::Cursor { .. } => assert_eq!(told("cursor"), None, "the end before the end"),
        Paging::PageNumber { .. } => {
            assert_eq!((told("next"), told("page")), (None, None), "the end before the end");
            assert!((*on_last as u64) < SIZE, "a full page is not the last");
        }
        _ => assert!(sent.len() == 1 || !list.keeps_order, "one answer is everything"),
    }
    if let Some(Tree::Leaf(serde_json::Value::Number(total))) = told("total") {
        let agrees = total.as_u64().is_none_or(|total| total == all as u64);
        assert!(agrees || !run.complete, "{all} records of {total} are not everything");
    }
}

/// A page as trees, and its records' texts; None of one that can be read in several ways.
fn served(body: &[u8]) -> Option<(Tree, Vec<String>)> {
    let text = std::str::from_utf8(body).ok()?;
    let tree = Tree::read(text).filter(|tree| !tree.repeats())?;
    let [Tree::List(_)] = tree.all_at(&["data"]).as_slice() else { return None };
    let members: HashMap<String, Box<RawValue>> = serde_json::from_str(text).ok()?;
    let rows: Vec<Box<RawValue>> = serde_json::from_str(members.get("data")?.get()).ok()?;
    Some((tree, rows.iter().map(|row| row.get().to_owned()).collect()))
}

/// A continuation that says that there is none.
fn is_none(value: &Tree) -> bool {
    match value {
        Tree::Leaf(serde_json::Value::Null) => true,
        Tree::Leaf(serde_json::Value::String(text)) => text.is_empty() || text == "null",
        _ => false,
    }
}

/// A pager that is cut after any page and resumed gives the rest, but for what came before and
/// comes again. It may ask beyond the end of the pager that was not cut: a total that was said
/// before the cut alone is not kept.
fn check_resumed(list: &List, bodies: &[Vec<u8>], cut: u8, drained: &Run, sent: &[Sent]) {
    let (mark, before) = &drained.checkpoints[usize::from(cut) % drained.checkpoints.len()];
    let text = mark.to_string();
    let read: Checkpoint = text.parse().expect("a checkpoint is read");
    assert_eq!(&read, mark, "{text}");
    let (resumed, script) = run(list, bodies, Some(read));
    let further = api::check_origin(&script);
    let beyond = |last: &Sent| sent.iter().all(|sent| sent.url != last.url);
    match (&drained.failed, &resumed.failed) {
        (Some(error), None) => {
            assert_eq!(error.kind(), ErrorKind::Paging, "{error}: gone behind {text}");
        }
        (None, Some(error)) => {
            assert!(further.last().is_some_and(beyond), "{error}: new behind {text}");
        }
        _ => {}
    }
    let (came, rest) = drained.rows.split_at(*before);
    let whole = if list.keeps_order && !list.keyed {
        let mut parts = resumed.rows.windows(rest.len().max(1));
        rest.is_empty() || parts.any(|part| part == rest)
    } else {
        let known: HashSet<_> = came.iter().chain(&resumed.rows).collect();
        rest.iter().all(|row| known.contains(row))
    };
    assert!(whole || drained.failed.is_some() && resumed.failed.is_some(), "lost behind {text}");
}

/// Lists that are honest, short, empty, run in circles or lead elsewhere.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = crate::seeds::texts(&[
        "\0\x01{\"data\":[1,2],\"next\":\"https://api.example/gate/v1/events?t=1\"}\n{\"data\":[],\"next\":\"/gate/v1/events?t=2\"}\n{\"data\":[{\"a\":3}],\"next\":null}",
        "\0\0{\"data\":[1],\"next\":\"https://documented.example/v1/events?t=1\"}\n{\"data\":[2]}",
        "\0\0{\"data\":[1],\"next\":\"https://api.example/gate/v1/events?t=0\"}",
        "\0\0{\"data\":[1],\"next\":\"https://evil.example/gate/v1/events?t=1\"}",
        "\0\0{\"data\":[1],\"next\":\"https://api.example@evil.example/gate/v1/events?t=1\"}",
        "\0\0{\"data\":[1],\"next\":\"/gate/v1/events/../users?t=1#f\"}",
        "\x01\x01{\"data\":[1],\"cursor\":\"1\"}\n{\"data\":[],\"cursor\":2}\n{\"data\":[3],\"cursor\":\"\"}",
        "\x01\0{\"data\":[1],\"cursor\":\"1\"}\n{\"data\":[2],\"cursor\":\"0\"}",
        "\x02\x02{\"data\":[1,2],\"page\":2,\"total\":5}\n{\"data\":[3,4],\"page\":3}\n{\"data\":[5],\"total\":5}",
        "\x02\x01{\"data\":[1,2],\"next\":\"/x?page=2\",\"size\":2}\n{\"data\":[3,4]}\n{\"data\":[5]}",
        "\x02\x02{\"data\":[1,2],\"page\":2,\"total\":6}\n{\"data\":[3,4],\"page\":3}\n{\"data\":[5]}\n{\"data\":[3,4],\"page\":3}",
        "\x02\0{\"data\":[1,2],\"page\":1}",
        "\x03\x02{\"data\":[1,2],\"total\":9}\n{\"data\":[3,4]}\n{\"data\":[]}\n{\"data\":[\"\\ud800\"]}",
        "\x03\x01{\"data\":[1],\"size\":1}\n{\"data\":[2]}\n{\"data\":[2]}\n{",
        "\x03\x02{\"data\":[1,2],\"total\":4}\n{\"data\":[3,4]}\n{\"data\":[]}\n?",
        "\x04\0{\"data\":[1,2,null]}",
        // In no known order: nothing moves; a record comes twice; the total changes.
        "\x05\x01{\"data\":[1,2],\"next\":\"/gate/v1/events?t=1\"}\n{\"data\":[3]}",
        "\x06\x01{\"data\":[1,2],\"cursor\":\"1\"}\n{\"data\":[2,3]}",
        "\x07\x02{\"data\":[1,2],\"page\":2,\"total\":5}\n{\"data\":[2,3],\"page\":3,\"total\":4}\n{\"data\":[5],\"total\":4}",
        "\x08\x03{\"data\":[1,2],\"total\":4}\n{\"data\":[2,1]}\n{\"data\":[]}",
        "\x09\x01{\"data\":[1,2,1]}",
        // With ids, in an order and in none.
        "\x0b\x01{\"data\":[1,2],\"cursor\":\"1\"}\n{\"data\":[2,3],\"cursor\":\"2\"}\n{\"data\":[4,1]}",
        "\x0c\x02{\"data\":[1,2],\"page\":2,\"total\":5}\n{\"data\":[2,3],\"page\":3}\n{\"data\":[5],\"total\":5}",
        "\x10\x02{\"data\":[1,2],\"cursor\":\"1\"}\n{\"data\":[2,3]}",
        "\x11\x04{\"data\":[1,2],\"page\":2,\"total\":4}\n{\"data\":[2,3],\"page\":3,\"total\":4}\n{\"data\":[5],\"total\":4}",
    ]);
    seeds.push(b"\x01\0{\"data\":[\"\xff\"],\"cursor\":\"\xff\"}".to_vec());
    seeds
}
