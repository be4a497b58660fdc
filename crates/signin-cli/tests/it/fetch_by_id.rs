//! `signin fetch msgraph --id`: sign-ins one by one, and what becomes of those that are not there.
//!
//! Requests are few in each run, since the client keeps the real limits.

use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use signin_sim::msgraph::{Kind, Version};

use crate::fetch_msgraph::{ALL, EVERY, Tenant, settings};
use crate::folder::Folder;
use crate::program::{complete, feed, signin, summary, text};
use crate::server::{Server, answer};

fn value(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

fn id(line: &str) -> String {
    value(line).get("id").and_then(Value::as_str).unwrap().to_owned()
}

/// `signin fetch msgraph` with these arguments, of this server.
fn fetch(server: &Server, arguments: &[&str]) -> Command {
    let mut command = signin(&["fetch", "msgraph"]);
    command
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .env("MSGRAPH_TENANT_ID", "t-1")
        .env("MSGRAPH_BASE_URL", server.base())
        .env("MSGRAPH_TOKEN", "t-0123456789");
    command
}

fn run(server: &Server, arguments: &[&str]) -> Output {
    fetch(server, arguments).output().unwrap()
}

/// All that a tenant has, by its list.
fn in_list(tenant: &Tenant, format: &str) -> String {
    let arguments = [&ALL[..5], &["--format", format]].concat();
    complete(&tenant.fetch(&arguments).output().unwrap()).to_owned()
}

/// The request lines so far.
fn asked(server: &Server) -> Vec<String> {
    server.seen().iter().filter_map(|head| head.lines().next().map(str::to_owned)).collect()
}

fn row(id: &str, time: &str) -> String {
    format!("{{\"id\":\"{id}\",\"createdDateTime\":\"{time}\",\"userId\":\"u\"}}")
}

/// A service that knows these ids by their own address, and one more by its list.
fn service(ids: &'static [&'static str], in_list: &'static str) -> Server {
    Server::respond(move |head| {
        let path = head.split_whitespace().nth(1).unwrap_or_default();
        let place = path.split('?').next().unwrap_or_default();
        let known = ids.iter().find(|id| place.ends_with(&format!("/signIns/{id}")));
        match known {
            Some(id) => answer("200 OK", "", &row(id, "2026-03-01T09:30:00Z")),
            None if path.contains("/signIns?") => {
                let found = path.contains(&format!("id%20eq%20%27{in_list}%27"));
                let rows =
                    [row(in_list, "2026-03-02T09:30:00Z"), row(in_list, "2026-03-02T09:31:00Z")];
                let rows = if found { rows.join(",") } else { String::new() };
                answer("200 OK", "", &format!("{{\"value\":[{rows}]}}"))
            }
            None => answer("404 Not Found", "", "{\"error\":{\"code\":\"UnknownError\"}}"),
        }
    })
}

#[test]
fn each_id_is_asked_for_once_in_the_order_in_which_it_was_named() {
    let server = service(&["a-1", "b-2"], "-");
    let output = run(&server, &["--id", "b-2,a-1", "--id", "B-2", "--format", "raw"]);
    let read: Vec<String> = complete(&output).lines().map(id).collect();
    assert_eq!(read, ["b-2", "a-1"]);
    assert_eq!(
        asked(&server),
        ["GET /beta/auditLogs/signIns/b-2 HTTP/1.1", "GET /beta/auditLogs/signIns/a-1 HTTP/1.1"]
    );
    let end = summary(&output.stderr);
    assert_eq!((&end["endpoint"], &end["way"]), (&"sign_ins".into(), &"beta".into()));
    assert_eq!((&end["missing"], &end["records"]), (&json!([]), &2.into()));
    assert_eq!((&end["asked"], &end["covered"]), (&Value::Null, &Value::Null));
    assert_eq!((&end["state"], &end["hint"]), (&"complete".into(), &"".into()));
    assert_eq!(end["requests"], 2);
    // Members and version are chosen as for the list.
    let server = service(&["a-1"], "-");
    run(&server, &["--id", "a-1", "--api", "v1.0", "--select", "userId"]);
    assert_eq!(
        asked(&server),
        ["GET /v1.0/auditLogs/signIns/a-1?%24select=id%2CuserId%2CcreatedDateTime HTTP/1.1"]
    );
}

#[test]
fn an_id_that_is_not_there_costs_itself_only() {
    let server = service(&["a-1", "c-3"], "-");
    let folder = Folder::new();
    let target = folder.path("some.ndjson");
    let output = run(&server, &["--id", "a-1,nope,c-3", "--format", "raw", "-o", &target]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    let written = folder.read("some.ndjson");
    assert_eq!(written.lines().map(id).collect::<Vec<_>>(), ["a-1", "c-3"]);
    let said = text(&output.stderr);
    assert!(said.starts_with("warning: no sign-in has the id nope; check it"), "{said}");
    let end = summary(&output.stderr);
    assert_eq!((&end["missing"], &end["records"]), (&json!(["nope"]), &2.into()));
    assert_eq!((&end["state"], &end["requests"]), (&"doubtful".into(), &4.into()));
    assert_eq!(end["reason"], "source-missing");
    assert_eq!(end["hint"], "check what the summary says is missing");
    // Its list was asked, too: for all kinds of sign-ins.
    let list = &asked(&server)[2];
    assert!(list.contains("id%20eq%20%27nope%27") && list.contains("managedIdentity"), "{list}");

    let server = service(&[], "-");
    let target = folder.path("none.ndjson");
    let output = run(&server, &["--id", "x", "--id", "y", "--api", "v1.0", "-o", &target]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("try --api beta"), "{}", text(&output.stderr));
    assert_eq!(summary(&output.stderr)["missing"], json!(["x", "y"]));
    assert_eq!(folder.names(), ["some.ndjson"], "nothing was found, and nothing is published");
}

#[test]
fn what_the_service_finds_by_its_list_only_is_read_with_all_its_revisions() {
    let server = service(&["a-1"], "lost");
    let output = run(&server, &["--id", "lost,a-1", "--format", "raw"]);
    let times: Vec<Value> =
        complete(&output).lines().map(|line| value(line)["createdDateTime"].clone()).collect();
    assert_eq!(times, ["2026-03-02T09:30:00Z", "2026-03-02T09:31:00Z", "2026-03-01T09:30:00Z"]);
    assert_eq!(summary(&output.stderr)["missing"], json!([]));
}

#[test]
fn since_and_until_filter_what_comes_out() {
    let server = service(&["a-1", "b-2"], "lost");
    let since = ["--since", "2026-03-02T00:00:00Z", "--until", "2026-03-02T09:31:00Z"];
    let arguments = [&["--id", "a-1,lost", "--format", "raw"][..], &since].concat();
    let output = run(&server, &arguments);
    assert_eq!(complete(&output), format!("{}\n", row("lost", "2026-03-02T09:30:00Z")));
    let end = summary(&output.stderr);
    assert_eq!((&end["filtered"], &end["missing"]), (&2.into(), &json!([])));
    assert_eq!(end["asked"]["since"], "2026-03-02T00:00:00Z");
    let until = run(&server, &["--id", "a-1", "--until", "2026-03-01T09:30:00Z"]);
    assert_eq!(complete(&until), "");
    let impossible = run(&server, &["--id", "a-1", "--since", "1d", "--until", "2d"]);
    assert_eq!(impossible.status.code(), Some(2));
}

#[test]
fn a_run_that_breaks_off_names_what_it_did_not_come_to() {
    for (status, code) in [("403 Forbidden", 5), ("401 Unauthorized", 5)] {
        let server = Server::respond(move |head| {
            if head.contains("/a-1 ") {
                answer("200 OK", "", &row("a-1", "2026-03-01T09:30:00Z"))
            } else {
                answer(status, "", "{}")
            }
        });
        let output = run(&server, &["--id", "a-1,b-2,c-3", "--format", "raw"]);
        assert_eq!(output.status.code(), Some(code), "{}", text(&output.stderr));
        assert_eq!(text(&output.stdout).lines().count(), 1);
        assert_eq!(summary(&output.stderr)["missing"], json!(["b-2", "c-3"]), "{status}");
        assert_eq!(asked(&server).len(), 2, "the rest is not asked for");
    }
    // Where every address is unknown, no id is to blame.
    let server = Server::answers([answer("404 Not Found", "", "")]);
    let output = run(&server, &["--id", "a-1,b-2"]);
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("the Graph root"), "{}", text(&output.stderr));
    // Nor where another sign-in comes.
    let server = Server::answers([answer("200 OK", "", &row("x", "2026-03-01T09:30:00Z"))]);
    let output = run(&server, &["--id", "a-1"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(4), 0));
    assert!(text(&output.stderr).contains("another sign-in"), "{}", text(&output.stderr));
    assert_eq!(summary(&output.stderr)["missing"], json!(["a-1"]));
}

#[test]
fn a_record_that_fits_no_type_is_rejected_and_not_missing() {
    let odd = "{\"id\":\"a-1\",\"createdDateTime\":\"2026-03-01T09:30:00Z\",\"status\":7}";
    let server = Server::answers([answer("200 OK", "", odd)]);
    let output = run(&server, &["--id", "a-1", "--format", "typed"]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let end = summary(&output.stderr);
    assert_eq!((&end["rejected"], &end["missing"]), (&1.into(), &json!([])));
    let raw = run(&server, &["--id", "a-1", "--format", "raw"]);
    assert_eq!(complete(&raw), format!("{odd}\n"));
}

#[test]
fn p5_a_hostile_id_is_one_segment_or_refused_before_anything_is_asked() {
    let server = service(&[], "-");
    for (hostile, sent) in [
        ("a/b", "a%2Fb"),
        ("../../users", "..%2F..%2Fusers"),
        ("a?$select=id#x", "a%3F%24select%3Did%23x"),
        ("%2e%2e", "%252e%252e"),
        ("o'brien", "o%27brien"),
    ] {
        let before = asked(&server).len();
        let output = run(&server, &["--id", hostile]);
        assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
        let line = format!("GET /beta/auditLogs/signIns/{sent} HTTP/1.1");
        assert_eq!(asked(&server)[before], line);
        assert_eq!(summary(&output.stderr)["missing"], json!([hostile]));
    }
    let before = asked(&server).len();
    let long = "a".repeat(1025);
    for (hostile, why) in [
        ("", "--id is empty"),
        ("a,,b", "--id is empty"),
        ("a,.", "--id is a relative path step"),
        ("..", "--id is a relative path step"),
        ("a\nb", "--id holds a control character"),
        ("\u{7f}", "--id holds a control character"),
        (&long, "--id is longer than 1024 bytes"),
    ] {
        let output = run(&server, &["--id", "good", "--id", hostile]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{hostile:?}");
        let said = text(&output.stderr);
        assert!(said.starts_with(&format!("error: {why}")), "{said}");
    }
    assert_eq!(asked(&server).len(), before);
}

#[test]
fn what_is_of_lists_does_not_go_with_ids() {
    let server = service(&["a-1"], "-");
    for (arguments, named) in [
        (&["--user-id", "u"][..], "leave out --user-id"),
        (&["--error-code", "0"], "leave out --error-code"),
        (&["--filter", "x"], "leave out --filter"),
        (&["--types", "interactive"], "cannot be used with '--types"),
        (&["--oldest-first"], "cannot be used with '--oldest-first"),
        (&["--top", "1000"], "cannot be used with '--top"),
        (&["--window", "1h"], "cannot be used with '--window"),
        (&["--longest-window", "1d"], "cannot be used with '--longest-window"),
        (&["--concurrency", "3"], "cannot be used with '--concurrency"),
        (&["--fetch-ahead", "0"], "cannot be used with '--fetch-ahead"),
        (&["--checkpoint", "c.json"], "cannot be used with '--checkpoint"),
    ] {
        let output = run(&server, &[&["--id", "a-1"], arguments].concat());
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.starts_with("error: ") && said.contains(named), "{said}");
    }
    let nothing = run(&server, &[]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing.stderr).contains("--since <TIME>"), "{}", text(&nothing.stderr));
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn a_sign_in_is_the_same_by_its_id_as_by_the_list_in_every_format() {
    // As documented, in a list of one: then it has the same bytes.
    let tenant = Tenant::start(settings().events(60).wrapped(true));
    let truth = tenant.truth(&EVERY, Version::Beta);
    let chosen: Vec<&String> = truth.iter().step_by(20).collect();
    let ids: Vec<String> = chosen.iter().map(|line| id(line)).collect();
    let ids = ids.join(",");
    let by_id = |format: &str| {
        let output = tenant.fetch(&["--id", &ids, "--format", format]).output().unwrap();
        complete(&output).to_owned()
    };
    let envelopes = by_id("envelope");
    let all = in_list(&tenant, "envelope");
    let without_time = |line: &str| {
        let (head, rest) = line.split_once("\"fetched_at\"").unwrap();
        format!("{head}{}", rest.split_once("\"id\"").unwrap().1)
    };
    let listed: Vec<String> = all.lines().map(without_time).collect();
    assert!(envelopes.lines().all(|line| listed.contains(&without_time(line))), "{envelopes}");
    for format in ["raw", "typed", "table", "event", "ocsf", "ecs"] {
        let (direct, all) = (by_id(format), in_list(&tenant, format));
        assert!(direct.lines().all(|line| all.lines().any(|other| other == line)), "{direct}");
        let converted = feed(&["convert", "msgraph", "--format", format], envelopes.clone());
        assert_eq!(complete(&converted), direct, "{format}");
    }
    assert_eq!(by_id("raw").lines().collect::<Vec<_>>(), chosen);
}

#[test]
fn a_bare_record_has_the_same_event_id_and_differs_by_the_services_annotation_alone() {
    let tenant = Tenant::start(settings().events(20));
    let all = in_list(&tenant, "ocsf");
    let truth = tenant.truth(&EVERY, Version::Beta);
    let ids = [id(&truth[0]), id(&truth[9])].join(",");
    let output = tenant.fetch(&["--id", &ids, "--format", "ocsf"]).output().unwrap();
    for (line, other) in complete(&output).lines().zip([0, 9]) {
        let mut event = value(line);
        let mut listed = value(all.lines().nth(other).unwrap());
        let unmapped = event["unmapped"].as_object_mut().unwrap();
        assert!(unmapped.remove("@odata.context").unwrap().to_string().ends_with("/$entity\""));
        assert_eq!(event["metadata"]["uid"], listed["metadata"]["uid"]);
        // Of other bytes.
        for event in [&mut event, &mut listed] {
            event.as_object_mut().unwrap().remove("raw_data_hash").unwrap();
        }
        assert_eq!(event, listed);
    }
}

#[test]
fn the_simulated_service_finds_by_its_list_what_it_does_not_find_by_id() {
    let tenant = Tenant::start(settings().events(20).lost_by_id(1));
    let truth = tenant.truth(&[Kind::ServicePrincipal], Version::Beta);
    let arguments = ["--id", &id(&truth[0]), "--format", "raw"];
    let output = tenant.fetch(&arguments).output().unwrap();
    assert_eq!(complete(&output), format!("{}\n", truth[0]));
    let interactive = tenant.fetch(&[&arguments[..], &["--api", "v1.0"]].concat()).output();
    assert_eq!(interactive.unwrap().status.code(), Some(4));
}
