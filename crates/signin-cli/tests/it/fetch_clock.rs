//! What time it is for a fetch: the service's clock says so, and what may still come late is not
//! said to be read.

use std::process::{Command, Output, Stdio};

use serde_json::Value;
use time::format_description::well_known::{Rfc2822, Rfc3339};
use time::{Duration, OffsetDateTime};

use crate::fetch_pingone::now;
use crate::folder::Folder;
use crate::program::{signin, summary, text};
use crate::server::{Server, answer};
use crate::tenant::lines;

/// Vendors whose lists differ in who says where they end, and how late their records may be.
const VENDORS: [(&str, i64); 3] = [("tines", 2), ("pingone", 5), ("msgraph", 15)];

fn text_of(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap()
}

fn at(value: &Value) -> OffsetDateTime {
    OffsetDateTime::parse(value.as_str().unwrap(), &Rfc3339).unwrap()
}

/// A page of a vendor's list with these rows, answered at this time. Tines names the next page.
fn page(vendor: &str, rows: &[String], next: &str, date: OffsetDateTime) -> String {
    let rows = rows.join(",");
    let body = match vendor {
        "tines" => format!("{{\"audit_logs\":[{rows}],\"meta\":{{\"next_page_number\":{next}}}}}"),
        "pingone" => format!("{{\"_embedded\":{{\"activities\":[{rows}]}}}}"),
        _ => format!("{{\"value\":[{rows}]}}"),
    };
    let date = date.format(&Rfc2822).unwrap().replace("+0000", "GMT");
    answer("200 OK", &format!("date: {date}\r\n"), &body)
}

fn row(vendor: &str, at: OffsetDateTime) -> String {
    let at = text_of(at);
    match vendor {
        "tines" => format!("{{\"id\":1,\"operation_name\":\"Login\",\"created_at\":\"{at}\"}}"),
        "pingone" => format!(
            "{{\"id\":\"a\",\"recordedAt\":\"{at}\",\"action\":{{\"type\":\"USER.ACCESS_ALLOWED\"}}}}"
        ),
        _ => format!("{{\"id\":\"a\",\"createdDateTime\":\"{at}\"}}"),
    }
}

/// The times in the request line: the bounds that were asked for.
fn bounds(head: &str) -> Vec<OffsetDateTime> {
    let line = head.lines().next().unwrap_or_default().replace("%3A", ":");
    let starts = line.match_indices("20").map(|(start, _)| start);
    let times = starts.filter_map(|start| {
        let (time, _) = line.get(start..)?.split_once('Z')?;
        OffsetDateTime::parse(&format!("{time}Z"), &Rfc3339).ok()
    });
    times.collect()
}

/// A service whose clock is so far ahead of this machine's, with one sign-in of so long before its
/// now, which is given where the bounds allow.
fn service(vendor: &'static str, ahead: Duration, age: Duration) -> Server {
    Server::respond(move |head| {
        let date = now() + ahead;
        let record = date - age;
        let bounds = bounds(head);
        let since = bounds.iter().min().expect("a range is asked for");
        let until = bounds.iter().max().filter(|until| *until > since);
        let is_asked_for = *since <= record && until.is_none_or(|until| record < *until);
        let rows: &[String] = if is_asked_for { &[row(vendor, record)] } else { &[] };
        page(vendor, rows, "null", date)
    })
}

fn fetch(vendor: &str, server: &Server, arguments: &[&str]) -> Command {
    let mut command = signin(&["fetch", vendor, "--format", "raw"]);
    command.args(arguments).env_clear().stdin(Stdio::null());
    if vendor == "tines" {
        command.args(["--way", "audit-log"]);
    }
    let prefix = vendor.to_uppercase();
    for (name, value) in [
        ("BASE_URL", server.base()),
        ("API_KEY", "key-0123456789".to_owned()),
        ("TOKEN", "token-0123456789".to_owned()),
        ("TENANT_ID", "t-1".to_owned()),
        ("ENVIRONMENT_ID", "e-1".to_owned()),
        ("REGION", "EU".to_owned()),
    ] {
        command.env(format!("{prefix}_{name}"), value);
    }
    command
}

fn run(vendor: &str, server: &Server, arguments: &[&str]) -> Output {
    fetch(vendor, server, arguments).output().unwrap()
}

#[test]
fn a_wrong_clock_of_this_machine_loses_nothing_and_is_told_of() {
    // A clock that is behind would end the range too early, one that is ahead begin it too late.
    for (ahead, age, side) in [
        (Duration::minutes(40), Duration::minutes(1), "40 minutes behind"),
        (Duration::minutes(-40), Duration::minutes(55), "40 minutes ahead of"),
    ] {
        for (vendor, lateness) in VENDORS {
            let server = service(vendor, ahead, age);
            let output = run(vendor, &server, &["--since", "1h"]);
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{vendor}: {said}");
            assert_eq!(lines(&output.stdout).len(), 1, "{vendor}: {said}");
            assert!(
                said.contains(&format!("this machine's clock is {side} the service's")),
                "{said}"
            );
            let end = summary(&output.stderr);
            let skew = end["clock_skew_seconds"].as_i64().unwrap();
            assert!((skew - ahead.whole_seconds()).abs() < 30, "{end}");
            let latest = now() + ahead - Duration::minutes(lateness);
            let (since, until) = (at(&end["covered"]["since"]), at(&end["covered"]["until"]));
            assert!(until <= latest && latest - until < Duration::minutes(1), "{end}");
            assert!((now() + ahead - since - Duration::HOUR).abs() < Duration::minutes(1), "{end}");
        }
    }
}

#[test]
fn what_may_still_come_late_is_not_covered_unless_an_end_was_asked_for() {
    for (vendor, lateness) in VENDORS {
        let server = service(vendor, Duration::ZERO, Duration::minutes(30));
        let output = run(vendor, &server, &["--since", "2h"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let end = summary(&output.stderr);
        assert_eq!(end["lateness_seconds"], lateness * 60);
        assert_eq!(end.get("clock_skew_seconds"), None, "{end}");
        let latest = now() - Duration::minutes(lateness);
        let until = at(&end["covered"]["until"]);
        assert!(until <= latest && latest - until < Duration::minutes(1), "{end}");

        let asked = text_of(now() - Duration::MINUTE);
        let output = run(vendor, &server, &["--since", "2h", "--until", &asked]);
        let end = summary(&output.stderr);
        assert_eq!((&end["covered"]["until"], end.get("lateness_seconds")), (&asked.into(), None));
    }
}

#[test]
fn an_end_that_the_services_clock_has_not_reached_is_not_covered() {
    for (vendor, _) in VENDORS {
        let server = service(vendor, Duration::minutes(-40), Duration::minutes(30));
        let asked = text_of(now() - Duration::MINUTE);
        let output = run(vendor, &server, &["--since", "2h", "--until", &asked]);
        let end = summary(&output.stderr);
        assert!(at(&end["covered"]["until"]) <= now() - Duration::minutes(40), "{end}");
        assert!(text(&output.stderr).contains("--until is later than now"), "{end}");
    }
}

#[test]
fn an_answer_without_a_date_leaves_this_machines_clock() {
    let body = "{\"audit_logs\":[],\"meta\":{\"next_page_number\":null}}";
    let server = Server::answers([answer("200 OK", "", body)]);
    let output = run("tines", &server, &["--since", "2h"]);
    let end = summary(&output.stderr);
    assert_eq!((output.status.code(), server.seen().len()), (Some(0), 1));
    assert!(now() - at(&end["covered"]["until"]) < Duration::minutes(3), "{end}");
}

/// A list of two pages, each with a sign-in. The first run is refused the second one; later ones
/// are not, and for them some days went by.
fn broken_off() -> (Server, OffsetDateTime) {
    let first = now() - Duration::days(3);
    let mut is_later = false;
    let server = Server::respond(move |head| {
        let date = if is_later { now() } else { first };
        let is_second = head.contains("&page=2");
        if is_second && !std::mem::replace(&mut is_later, true) {
            return answer("403 Forbidden", "", "{}");
        }
        let (id, next) = if is_second { (2, "3") } else { (1, "2") };
        let row = row("tines", first - Duration::minutes(30) - Duration::SECOND * id);
        let row = row.replace("\"id\":1", &format!("\"id\":{id}"));
        match head.contains("&page=3") {
            true => page("tines", &[], "null", date),
            false => page("tines", &[row], next, date),
        }
    });
    (server, first)
}

#[test]
fn what_came_since_a_run_of_days_ago_is_not_left_out_in_silence() {
    let folder = Folder::new();
    let (target, checkpoint) = (folder.path("all.ndjson"), folder.path("c.json"));
    let arguments = [
        "--since",
        "24h",
        "-o",
        &target,
        "--checkpoint",
        &checkpoint,
        "--per-page=1",
        "--fetch-ahead=0",
    ];
    let (server, first) = broken_off();
    let broken = run("tines", &server, &arguments);
    assert!(!broken.status.success());
    assert_eq!(folder.names(), ["all.ndjson.partial", "c.json"], "{}", text(&broken.stderr));

    let rest = run("tines", &server, &arguments);
    let end = summary(&rest.stderr);
    assert_eq!(rest.status.code(), Some(4), "{end}");
    assert_eq!(folder.names(), ["all.ndjson"], "the old range is whole");
    assert_eq!(lines(folder.read("all.ndjson").as_bytes()).len(), 2);
    assert_eq!((&end["state"], &end["resumed"]), (&"incomplete".into(), &true.into()));
    let covered = at(&end["covered"]["until"]);
    assert!((first - covered - Duration::minutes(2)).abs() < Duration::minutes(1), "{end}");
    assert_eq!(end["unread"]["since"], end["covered"]["until"]);
    let hint = end["hint"].as_str().unwrap();
    let (said, next) = hint.split_once(": run: ").unwrap();
    assert_eq!(said, format!("not read: from {} to now", text_of(covered)));
    assert!(
        next.starts_with("signin fetch tines --format raw ")
            && next.contains(&format!(" --since {} -o ", text_of(covered))),
        "{next}"
    );

    // The command as it stands reads the rest, beside what is there.
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_signin"));
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", next]).env_clear().env("PATH", program.parent().unwrap());
    shell.env("TINES_BASE_URL", server.base()).env("TINES_API_KEY", "key-0123456789");
    let next = shell.output().unwrap();
    let end = summary(&next.stderr);
    assert_eq!(next.status.code(), Some(0), "{end}");
    assert_eq!(at(&end["asked"]["since"]), covered);
    assert_eq!(folder.names(), ["all-rest.ndjson", "all.ndjson"]);
    assert_eq!(lines(folder.read("all.ndjson").as_bytes()).len(), 2);
}

#[test]
fn p3_an_output_with_another_date_in_its_name_takes_the_records_so_far_over() {
    let folder = Folder::new();
    let (old, new) = (folder.path("day-1.ndjson"), folder.path("day-2.ndjson"));
    let until = text_of(now() - Duration::days(3) - Duration::minutes(5));
    let checkpoint = folder.path("c.json");
    let to = |place: &str| {
        let since = "2020-01-01T00:00:00Z";
        [
            "--since",
            since,
            "--until",
            &until,
            "--per-page=1",
            "--fetch-ahead=0",
            "--checkpoint",
            &checkpoint,
            "-o",
            place,
        ]
        .map(str::to_owned)
    };
    let (server, _) = broken_off();
    let run = |place: &str| run("tines", &server, &to(place).each_ref().map(String::as_str));
    let broken = run(&old);
    assert!(!broken.status.success());
    assert_eq!(folder.names(), ["c.json", "day-1.ndjson.partial"]);

    // Elsewhere they cannot go; the command that is named ends the old run.
    std::fs::create_dir(folder.path("other")).unwrap();
    let elsewhere = run(&folder.path("other/day-2.ndjson"));
    let said = text(&elsewhere.stderr).to_owned();
    assert_eq!(elsewhere.status.code(), Some(2), "{said}");
    let (_, next) = said.split_once("to finish that, run: ").unwrap();
    assert!(next.trim_end().ends_with(&format!("-o {old} --way audit-log")), "{next}");
    assert_eq!(folder.names(), ["c.json", "day-1.ndjson.partial", "other"]);

    let rest = run(&new);
    assert_eq!(rest.status.code(), Some(0), "{}", text(&rest.stderr));
    assert!(text(&rest.stderr).contains("the records so far move from "), "{}", text(&rest.stderr));
    assert_eq!(folder.names(), ["day-2.ndjson", "other"]);
    let all = folder.read("day-2.ndjson");
    let mut all = lines(all.as_bytes());
    all.dedup();
    assert_eq!(all.len(), 2);
}
