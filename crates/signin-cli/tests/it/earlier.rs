//! P3 and P7: files that an earlier build wrote. This build goes on from its checkpoints, reads its
//! envelopes, and writes files that are the same member for member.
//!
//! `fixtures/earlier/NAME/` holds what a run left whose service refused a page: the checkpoint, the
//! records so far and the summary. A file that is there is never changed, since users keep such
//! files. `WRITE_EARLIER=1` writes those of a new case.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::folder::Folder;
use crate::program::{complete, run, signin, text};
use crate::server::{Server, answer};

const STATE: &str = "state.json";
const PARTIAL: &str = "out.ndjson.partial";
const SUMMARY: &str = "summary.json";

/// A run that is cut where its service refuses a page.
struct Case {
    name: &'static str,
    arguments: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
    /// The body of an answer by the request's target; None for one that is refused while the
    /// service is broken.
    serve: fn(&str, bool) -> Option<String>,
    /// How many records there are.
    records: usize,
}

/// PingOne is not among them: it keeps 14 days by the clock of the day, so that no file of an
/// earlier day is gone on from. Its list's checkpoints are kept with those of the crates.
const CASES: [Case; 6] = [
    Case {
        name: "tines-audit-log",
        arguments: &["tines", "--way", "audit-log", "--per-page", "2"],
        environment: &[("TINES_API_KEY", "key-0123456789")],
        serve: audit_log,
        records: 5,
    },
    Case {
        name: "tines-named-users",
        arguments: &["tines", "--user", "72", "--user", "73", "--per-page", "2"],
        environment: &[("TINES_API_KEY", "key-0123456789")],
        serve: activities,
        records: 6,
    },
    Case {
        name: "tines-every-user",
        arguments: &["tines", "--way", "users", "--per-page", "2", "--concurrency", "1"],
        environment: &[("TINES_API_KEY", "key-0123456789")],
        serve: activities,
        records: 6,
    },
    Case {
        name: "avepoint-every-tenant",
        arguments: &["avepoint", "--page-size", "2", "--concurrency", "1"],
        environment: &[
            ("AVEPOINT_CLIENT_ID", "app-1"),
            ("AVEPOINT_CLIENT_SECRET", "secret-0123456789"),
        ],
        serve: elements,
        records: 6,
    },
    Case {
        name: "ssojet-every-user",
        arguments: &["ssojet", "--concurrency", "1"],
        environment: &[("SSOJET_TOKEN", "token-0123456789"), ("SSOJET_CLIENT_ID", "app-1")],
        serve: application,
        records: 6,
    },
    Case {
        name: "msgraph-windows",
        arguments: &[
            "msgraph",
            "--types=interactive",
            "--window=5d",
            "--longest-window=5d",
            "--concurrency=1",
        ],
        environment: &[
            ("MSGRAPH_TENANT_ID", "contoso.example"),
            ("MSGRAPH_TOKEN", "token-0123456789"),
        ],
        serve: graph,
        records: 6,
    },
];

fn audit_log(target: &str, is_broken: bool) -> Option<String> {
    let page: u64 = parameter(target, "page").parse().unwrap();
    if page == 2 && is_broken {
        return None;
    }
    let rows = (1..=5_u64).skip(usize::try_from(page - 1).unwrap() * 2).take(2).map(|id| {
        format!(
            r#"{{"id":{id},"operation_name":"Login","user_id":72,"user_email":"ada@example.com","created_at":"2026-01-1{}T10:00:00Z"}}"#,
            6 - id
        )
    });
    Some(numbered("audit_logs", &joined(rows), page, 3))
}

fn activities(target: &str, is_broken: bool) -> Option<String> {
    let page: u64 = parameter(target, "page").parse().unwrap();
    if target.contains("/admin/users?") {
        let users = r#"{"id":72,"email":"ada@example.com"},{"id":73,"email":"bob@example.com"}"#;
        return Some(numbered("admin/users", if page == 1 { users } else { "" }, page, 1));
    }
    let user: u64 = if target.contains("/users/72/") { 72 } else { 73 };
    if page == 2 && user == 73 && is_broken {
        return None;
    }
    let rows = (1..=3_u64).skip(usize::try_from(page - 1).unwrap() * 2).take(2).map(|number| {
        format!(
            r#"{{"id":{user}{number},"user_id":{user},"created_at":"2026-01-1{}T10:00:00Z"}}"#,
            9 - number
        )
    });
    Some(numbered("admin/login_activities", &joined(rows), page, 2))
}

fn numbered(list: &str, rows: &str, page: u64, last: u64) -> String {
    let next = if page < last { (page + 1).to_string() } else { "null".to_owned() };
    format!(r#"{{"{list}":[{rows}],"meta":{{"next_page_number":{next}}}}}"#)
}

fn elements(target: &str, is_broken: bool) -> Option<String> {
    if target.contains("/customers/batch") {
        let rows = r#"{"id":"c-1","organization":"One","tenants":[{"id":"t-1"},{"id":"t-2"}]}"#;
        return Some(format!(r#"{{"data":[{rows}],"metadata":{{"totalCount":1}}}}"#));
    }
    let page: usize = parameter(target, "pageIndex").parse().unwrap();
    let tenant: u64 = if target.contains("/t-1/") { 1 } else { 2 };
    if page == 2 && tenant == 2 && is_broken {
        return None;
    }
    // Ticks of 2026-01-10 and the seconds after it.
    let rows = (1..=3_u64).skip((page - 1) * 2).take(2).map(|number| {
        let ticks = 639_036_000_000_000_000 - (tenant * 10 + number) * 10_000_000;
        format!(
            r#"{{"id":"s-{tenant}{number}","loginTime":{ticks},"userId":"u-1","ip":"192.0.2.1","isRisk":false}}"#
        )
    });
    Some(format!(r#"{{"data":[{}],"metadata":{{"totalCount":3}}}}"#, joined(rows)))
}

fn application(target: &str, is_broken: bool) -> Option<String> {
    let path = target.split('?').next().unwrap();
    let is_second = target.contains("cursor=two");
    if path.ends_with("/users") {
        let users = r#"{"id":"a","email":"ada@example.com"},{"id":"b","email":"bob@example.com"}"#;
        return Some(format!(r#"{{"users":[{users}],"next_cursor":null}}"#));
    }
    let is_of_b = path.contains("/b/");
    if is_second && is_of_b && is_broken {
        return None;
    }
    let hours = if is_second { &[8][..] } else { &[10, 9] };
    let rows = hours.iter().map(|hour| {
        format!(r#"{{"IpAddress":"192.0.2.{hour}","CreatedAt":"2026-01-10T{hour:02}:00:00Z"}}"#)
    });
    let next = if is_second { "null" } else { "\"two\"" };
    Some(format!(r#"{{"login_logs":[{}],"next_cursor":{next}}}"#, joined(rows)))
}

fn graph(target: &str, is_broken: bool) -> Option<String> {
    let day = |word: &str| {
        let (_, rest) = target.split_once(word).unwrap();
        let (_, day) = rest.split_once("2026-01-").unwrap();
        day.split('T').next().unwrap().parse::<u64>().unwrap()
    };
    let from = day("ge");
    if from == 15 && is_broken {
        return None;
    }
    let rows = [2, 1].map(|number| {
        format!(
            r#"{{"id":"{from}-{number}","createdDateTime":"2026-01-{:02}T10:00:00Z","signInEventTypes":["interactiveUser"]}}"#,
            from + number
        )
    });
    Some(format!(r#"{{"value":[{}]}}"#, joined(rows)))
}

fn joined(rows: impl IntoIterator<Item = String>) -> String {
    rows.into_iter().collect::<Vec<_>>().join(",")
}

fn parameter<'a>(target: &'a str, name: &str) -> &'a str {
    let (_, query) = target.split_once('?').unwrap();
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    value.unwrap_or("1")
}

/// The service of a case, and what breaks it.
fn service(case: &Case) -> (Server, Arc<AtomicBool>) {
    let broken = Arc::new(AtomicBool::new(true));
    let (is_broken, serve) = (Arc::clone(&broken), case.serve);
    let server = Server::respond(move |head| {
        const DATE: &str = "date: Wed, 21 Jan 2026 10:00:00 GMT\r\n";
        let line = head.lines().next().unwrap();
        let target = line.split(' ').nth(1).unwrap();
        if target == "/token" {
            let token =
                r#"{"access_token":"issued-0123456789","token_type":"Bearer","expires_in":3600}"#;
            return answer("200 OK", DATE, token);
        }
        match serve(target, is_broken.load(Relaxed)) {
            Some(body) => answer("200 OK", DATE, &body),
            None => answer("401 Unauthorized", DATE, "{}"),
        }
    });
    (server, broken)
}

/// The run of a case in this folder.
fn fetch(case: &Case, server: &Server, folder: &Folder) -> Output {
    let mut command: Command = signin(&[&["fetch"], case.arguments].concat());
    command.env_clear().current_dir(folder.path("")).envs(case.environment.iter().copied());
    command.args(["--since", "2026-01-05T00:00:00Z", "--until", "2026-01-20T00:00:00Z"]);
    command.args(["--base-url", &server.base(), "--checkpoint", STATE, "-o", "out.ndjson"]);
    if case.environment.iter().any(|(name, _)| name.ends_with("CLIENT_SECRET")) {
        command.args(["--auth-url", &format!("{}/token", server.base())]);
    }
    command.args(["--summary", SUMMARY, "--fetch-ahead", "0"]);
    command.output().unwrap()
}

fn kept(case: &Case) -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says whose test it runs");
    Path::new(&here).join("tests/fixtures/earlier").join(case.name)
}

fn read(case: &Case, file: &str) -> String {
    fs::read_to_string(kept(case).join(file)).unwrap_or_else(|error| {
        panic!("{}/{file}: {error}; WRITE_EARLIER=1 writes a case that is new", case.name)
    })
}

/// A file that names its service, as if that had another address.
fn at(address: &str, file: &str) -> String {
    let Some((_, rest)) = file.split_once("127.0.0.1:") else { return file.to_owned() };
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    file.replace(&format!("127.0.0.1:{port}"), address)
}

/// A checkpoint's file as if its service had another address: its checksums are those of the text.
fn moved(state: &str, to: &str) -> String {
    let mut file: Value = serde_json::from_str(&at(to, state)).unwrap();
    reseal(&mut file);
    let digest = Sha256::digest(file["state"].to_string());
    file["check"] =
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>().into();
    format!("{file}\n")
}

/// Makes the checksums of the client's checkpoints anew.
fn reseal(value: &mut Value) {
    inner(value, &reseal);
    if let Some(mark) = value.get("mark").filter(|_| value.get("check").is_some()) {
        let check = format!("{:08x}", crc32fast::hash(mark.to_string().as_bytes()));
        value["check"] = check.into();
    }
}

/// Changes the members of an object, the elements of a list, and the JSON that a text holds.
fn inner(value: &mut Value, change: &dyn Fn(&mut Value)) {
    match value {
        Value::Object(members) => members.values_mut().for_each(change),
        Value::Array(elements) => elements.iter_mut().for_each(change),
        Value::String(text) if text.starts_with('{') => {
            let mut held: Value = serde_json::from_str(text).unwrap();
            change(&mut held);
            *text = held.to_string();
        }
        _ => {}
    }
}

/// Lines of JSON without what differs from run to run: times of this machine, and checksums of
/// texts that hold them or the service's address.
fn lasting(lines: &str) -> String {
    const PASSING: [&str; 6] =
        ["began", "check", "clock_skew_seconds", "elapsed_seconds", "fetched_at", "written_end"];
    fn without(value: &mut Value) {
        inner(value, &without);
        // In which order different options stand says nothing.
        if let Some(Value::Array(asked)) = value.get_mut("asked") {
            asked.sort_by_key(|option| option[0].to_string());
        }
        for name in PASSING {
            if let Some(member) = value.get_mut(name) {
                *member = "…".into();
            }
        }
    }
    let lines = lines.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        without(&mut line);
        format!("{line}\n")
    });
    lines.collect()
}

#[test]
fn p3_a_run_that_an_earlier_build_began_is_read_to_its_end() {
    for case in &CASES {
        let (server, broken) = service(case);
        broken.store(false, Relaxed);
        let folder = Folder::new();
        let state = read(case, STATE);
        folder.write(STATE, moved(&state, &server.address()));
        folder.write(PARTIAL, read(case, PARTIAL));
        let output = fetch(case, &server, &folder);
        assert_eq!(output.status.code(), Some(0), "{}: {}", case.name, text(&output.stderr));
        let lines = folder.read("out.ndjson");
        let before = read(case, PARTIAL);
        assert!(lines.starts_with(&before) && !before.is_empty(), "{}: {lines}", case.name);
        assert_eq!(lines.lines().count(), case.records, "{}: {lines}", case.name);
        let summary: Value = serde_json::from_str(&folder.read(SUMMARY)).unwrap();
        assert_eq!(summary["resumed"], true, "{}: {summary}", case.name);
        assert!(!folder.names().contains(&STATE.to_owned()), "{}", case.name);
    }
}

#[test]
fn p3_what_a_run_leaves_is_what_an_earlier_build_left() {
    for case in &CASES {
        let (server, _broken) = service(case);
        let folder = Folder::new();
        let output = fetch(case, &server, &folder);
        assert_eq!(output.status.code(), Some(5), "{}: {}", case.name, text(&output.stderr));
        for file in [STATE, PARTIAL, SUMMARY] {
            let now = folder.read(file);
            if std::env::var_os("WRITE_EARLIER").is_some() && !kept(case).join(file).exists() {
                fs::create_dir_all(kept(case)).unwrap();
                fs::write(kept(case).join(file), &now).unwrap();
            }
            let before = at(&server.address(), &read(case, file));
            assert_eq!(lasting(&now), lasting(&before), "{}: {file}", case.name);
        }
    }
}

#[test]
fn p7_envelopes_of_an_earlier_build_are_converted() {
    for case in &CASES {
        let path = kept(case).join(PARTIAL);
        let vendor = case.arguments[0];
        let output = run(&["convert", vendor, path.to_str().unwrap(), "--format", "raw"]);
        let records: Vec<Value> = read(case, PARTIAL)
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["record"].clone())
            .collect();
        let converted: Vec<Value> =
            complete(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(converted, records, "{}", case.name);
    }
}
