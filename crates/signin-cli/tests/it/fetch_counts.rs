//! `signin fetch pingone --counts`: what is asked for, what comes of it, and what is not counted.

use std::process::{Command, Output};

use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::fetch_pingone::{Environment, fetch, now, settings};
use crate::folder::Folder;
use crate::program::{complete, feed, summary, text};
use crate::server::{Server, answer};
use crate::tenant::lines;

/// The documented answer.
const PAGE: &str = include_str!("../../../../fixtures/pingone/user_activities.json");

/// The range that it is of, as the vendor's page asks for it.
const RANGE: [&str; 4] =
    ["--since", "2022-05-17T09:10:12-04:00", "--until", "2022-05-23T09:10:12-04:00"];

/// `signin fetch pingone --counts` of this server.
fn counts(server: &Server, arguments: &[&str]) -> Command {
    let mut command = fetch(&[&["--counts"], arguments].concat());
    command
        .env("PINGONE_REGION", "EU")
        .env("PINGONE_ENVIRONMENT_ID", "e-1")
        .env("PINGONE_BASE_URL", server.base())
        .env("PINGONE_TOKEN", "t-0123456789");
    command
}

fn page(rows: &str) -> String {
    answer("200 OK", "", &format!("{{\"_embedded\":{{\"userActivities\":[{rows}]}}}}"))
}

fn bucket(start: &str, end: &str) -> String {
    format!(
        "{{\"startDate\":\"{start}\",\"endDate\":\"{end}\",\
         \"userSignOns\":{{\"successes\":1204,\"failures\":37}},\"passwordResets\":5}}"
    )
}

/// The request lines so far.
fn asked(server: &Server) -> Vec<String> {
    server.seen().iter().filter_map(|head| head.lines().next().map(str::to_owned)).collect()
}

fn instant(value: &Value) -> OffsetDateTime {
    OffsetDateTime::parse(value.as_str().unwrap(), &Rfc3339).unwrap()
}

#[test]
fn p5_the_documented_request_is_sent_and_its_answer_comes_out() {
    let server = Server::answers([answer("200 OK", "", PAGE)]);
    let output = counts(&server, &[&RANGE[..], &["--format", "raw"]].concat()).output().unwrap();
    let page: Value = serde_json::from_str(PAGE).unwrap();
    let rows = page["_embedded"]["userActivities"].as_array().unwrap();
    let read: Vec<Value> =
        complete(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(&read, rows);
    assert_eq!(
        asked(&server),
        ["GET /v1/environments/e-1/userActivities?filter=startDate%20eq%20%222022-05-17T09%3A10\
          %3A12-04%3A00%22%20and%20endDate%20eq%20%222022-05-23T09%3A10%3A12-04%3A00%22 HTTP/1.1"]
    );
    let end = summary(&output.stderr);
    assert_eq!((&end["vendor"], &end["endpoint"]), (&"pingone".into(), &"user_activities".into()));
    // Five days of the offset that was asked with, without the parts at both ends.
    let covered = json!({"since": "2022-05-18T04:00:00Z", "until": "2022-05-23T04:00:00Z"});
    assert_eq!((&end["covered"], &end["records"]), (&covered, &5.into()));
    assert_eq!(end["asked"]["since"], "2022-05-17T13:10:12Z");
    assert_eq!(end["newest"], "2022-05-22T04:00:00Z");
    assert_eq!((&end["read"], &end["not_read"]), (&json!(["counts"]), &json!(["sign-ins"])));
    assert_eq!(end.get("missing"), None);
}

#[test]
fn without_a_range_no_dates_are_sent_and_the_service_gives_its_last_30_days() {
    let server = Server::answers([page("")]);
    complete(&counts(&server, &[]).output().unwrap());
    complete(&counts(&server, &["--sample-size", "WEEK"]).output().unwrap());
    assert_eq!(
        asked(&server),
        [
            "GET /v1/environments/e-1/userActivities HTTP/1.1",
            "GET /v1/environments/e-1/userActivities?sampleSize=WEEK HTTP/1.1"
        ]
    );
    // A clock that differs by hours costs no day.
    let newest = now() - Duration::hours(20);
    let environment = Environment::start(settings().newest(newest).days(40));
    let output = environment.run(&["--counts", "--format", "raw"]);
    let rows: Vec<Value> =
        complete(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.len() >= 29, "{}", rows.len());
    for row in &rows {
        let (start, end) = (instant(&row["startDate"]), instant(&row["endDate"]));
        assert_eq!(end - start, Duration::DAY);
        let truth = environment.service.counts(start..end);
        let sign_ons = json!({"successes": truth.successes, "failures": truth.failures});
        assert_eq!(row["userSignOns"], sign_ons);
        assert_eq!(row["passwordResets"], truth.password_resets);
    }
    let end = summary(&output.stderr);
    assert_eq!(instant(&end["covered"]["since"]), instant(&rows[0]["startDate"]));
    assert_eq!(instant(&end["covered"]["until"]), instant(&rows[rows.len() - 1]["endDate"]));
    let asked = now() - instant(&end["asked"]["since"]);
    assert!((Duration::days(30)..Duration::days(31)).contains(&asked), "{end}");
    assert_eq!(end["filtered"], 0);
}

#[test]
fn sizes_are_the_vendors_or_the_ones_that_are_asked_for() {
    let environment = Environment::start(settings());
    for (arguments, length) in [
        (&["--since", "3d"][..], Duration::HOUR),
        (&["--since", "9d"], Duration::DAY),
        (&["--since", "9d", "--sample-size", "hour"], Duration::HOUR),
        (&["--since", "3d", "--sample-size", "DAY"], Duration::DAY),
        (&["--since", "29d", "--sample-size", "Week"], Duration::WEEK),
    ] {
        let output = environment.run(&[&["--counts", "--format", "raw"], arguments].concat());
        let rows = complete(&output);
        assert!(rows.lines().count() > 1, "{arguments:?}");
        for row in rows.lines() {
            let row: Value = serde_json::from_str(row).unwrap();
            assert_eq!(instant(&row["endDate"]) - instant(&row["startDate"]), length, "{row}");
        }
    }
}

#[test]
fn an_envelope_names_the_environment_and_converts_to_every_format() {
    let environment = Environment::start(settings());
    let at = |days| (now() - Duration::days(days)).format(&Rfc3339).unwrap();
    let (since, until) = (at(9), at(0));
    let all = |format: &[&str]| {
        let range = ["--counts", "--since", &since, "--until", &until, "--format"];
        let arguments = [&range[..], format].concat();
        complete(&environment.run(&arguments)).to_owned()
    };
    let envelopes = all(&["envelope"]);
    let raw = all(&["raw"]);
    assert!(raw.lines().count() > 6);
    for (line, record) in envelopes.lines().zip(raw.lines()) {
        let envelope: Value = serde_json::from_str(line).unwrap();
        let head = format!(
            "{{\"v\":1,\"vendor\":\"pingone\",\"endpoint\":\"user_activities\",\
             \"tenant\":\"{}\",\"fetched_at\":{},\"id\":null,\"rev\":{},\"record\":{record}}}",
            environment.service.environment_id(),
            envelope["fetched_at"],
            envelope["rev"],
        );
        assert_eq!(line, head);
    }
    for format in [
        &["raw"][..],
        &["typed"],
        &["table"],
        &["event"],
        &["ecs"],
        &["ecs", "--keep-raw"],
        &["event", "--keep-raw"],
    ] {
        let given = [&["convert", "pingone", "--format"], format].concat();
        let converted = feed(&given, envelopes.clone());
        assert_eq!(complete(&converted), all(format), "{format:?}");
    }
    for line in all(&["ecs"]).lines() {
        let metric: Value = serde_json::from_str(line).unwrap();
        assert_eq!(metric["event"]["kind"], "metric");
        assert!(metric["signin"]["successes"].is_u64(), "{line}");
    }
}

#[test]
fn the_table_shows_every_count_in_a_terminal_of_80_columns() {
    let server = Server::answers([answer("200 OK", "", PAGE)]);
    let output = counts(&server, &[&RANGE[..], &["--format", "table"]].concat()).output().unwrap();
    assert_eq!(
        lines(complete(&output).as_bytes())[..3],
        [
            "TIME                  USER                      IP               DETAILS",
            "2022-05-18T04:00:00Z  successes: 6, failures: 0, password resets: 0",
            "2022-05-19T04:00:00Z  successes: 3, failures: 0, password resets: 0",
        ]
    );
}

#[test]
fn what_is_not_counted_is_told_and_not_said_to_be_covered() {
    let day = |n: u8| format!("2026-03-0{n}T00:00:00Z");
    let days = |all: &[u8]| {
        all.iter().map(|n| bucket(&day(*n), &day(n + 1))).collect::<Vec<_>>().join(",")
    };
    let span = |from: u8, to: u8| json!({"since": day(from), "until": day(to)});
    let range = ["--since", &day(1), "--until", "2026-03-09T00:00:00Z"];
    for (rows, covered, warning) in [
        (days(&[2, 3, 4]), span(2, 5), None),
        (days(&[4, 3, 2]), span(2, 5), None),
        (days(&[2, 4]), Value::Null, Some("not every day between the first and the last")),
        (bucket(&day(3), &day(3)), Value::Null, Some("not every day")),
        (
            bucket("9999-12-31T23:00:00-12:00", "9999-12-31T23:30:00-12:00"),
            Value::Null,
            Some("cannot be read"),
        ),
        (String::new(), Value::Null, Some("counts whole days, and none of them lies in the range")),
    ] {
        let server = Server::answers([page(&rows)]);
        let output = counts(&server, &[&range[..], &["--format", "raw"]].concat()).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(summary(&output.stderr)["covered"], covered, "{rows}");
        let said = text(&output.stderr);
        assert_eq!(said.starts_with("warning: "), warning.is_some(), "{said}");
        assert!(said.contains(warning.unwrap_or_default()), "{said}");
    }
}

#[test]
fn counts_outside_of_the_range_are_left_out() {
    let server = Server::answers([page(
        &[
            bucket("2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z"),
            bucket("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"),
            bucket("2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"),
        ]
        .join(","),
    )]);
    let range = ["--since", "2026-03-01T00:00:00Z", "--until", "2026-03-09T00:00:00Z"];
    let output = counts(&server, &range).output().unwrap();
    assert_eq!(complete(&output).lines().count(), 1);
    assert_eq!(summary(&output.stderr)["filtered"], 2);
}

#[test]
fn what_does_not_go_with_counts_is_exit_2_before_anything_is_asked() {
    let server = Server::answers([page("")]);
    let folder = Folder::new();
    let checkpoint = folder.path("checkpoint.json");
    for (arguments, named) in [
        (&["--all-activities"][..], "--all-activities"),
        (&["--action-type", "X"], "--action-type"),
        (&["--actor-user", "u"], "--actor-user"),
        (&["--actor-client", "c"], "--actor-client"),
        (&["--resource", "r"], "--resource <ID>"),
        (&["--resource-type", "USER"], "--resource-type"),
        (&["--population", "p"], "--population"),
        (&["--correlation", "c"], "--correlation"),
        (&["--filter", "x eq 1"], "--filter"),
        (&["--time-attribute", "recorded-at"], "--time-attribute"),
        (&["--limit", "500"], "--limit"),
        (&["--checkpoint", &checkpoint], "--checkpoint"),
    ] {
        let output = counts(&server, arguments).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
        let said = text(&output.stderr);
        let line = format!("error: the argument '--counts' cannot be used with '{named}");
        assert!(said.starts_with(&line), "{said}");
    }
    for (arguments, named) in [
        (&["--format", "ocsf"][..], "OCSF has no class for: give --format ecs or event"),
        (&["--sample-size", "month"], "[possible values: hour, day, week]"),
        (&["--until", "1d"], "--since <TIME>"),
        (&["--since", "1d", "--until", "2d"], "give the earlier one to --since"),
    ] {
        let output = counts(&server, arguments).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
        assert!(text(&output.stderr).contains(named), "{}", text(&output.stderr));
    }
    let sized = fetch(&["--since", "1d", "--sample-size", "day"]).output().unwrap();
    assert_eq!(sized.status.code(), Some(2));
    assert!(text(&sized.stderr).contains("--counts"), "{}", text(&sized.stderr));
    let nothing = fetch(&[]).output().unwrap();
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing.stderr).contains("--since <TIME>"), "{}", text(&nothing.stderr));
    assert_eq!(server.seen().len(), 0);
    assert!(folder.names().is_empty());
}

#[test]
fn a_refusal_is_exit_5_and_leaves_no_file() {
    let folder = Folder::new();
    let server = Server::answers([answer("403 Forbidden", "", "{\"code\":\"ACCESS_FAILED\"}")]);
    let run = |arguments: &[&str]| -> Output { counts(&server, arguments).output().unwrap() };
    let output = run(&["-o", &folder.path("counts.ndjson")]);
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("Identity Data Admin"), "{}", text(&output.stderr));
    assert_eq!(summary(&output.stderr)["covered"], Value::Null);
    assert!(folder.names().is_empty());
}
