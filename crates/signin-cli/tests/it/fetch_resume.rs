//! P3 for the program: whatever ends a run, the next one with the same command reads the rest.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;
use signin_sim::tines::Settings;

use crate::folder::Folder;
use crate::program::{signin, summary, text};
use crate::server::{Server, answer};
use crate::tenant::{ALL, Tenant, lines};

const PER_PAGE: usize = 20;
const EVENTS: u64 = 600;

/// Where a test gives up: reached only by what is broken.
const FAR: Duration = Duration::from_secs(20);

/// A tenant that takes its time, so that a run is met in its middle.
fn slow() -> Tenant {
    let settings = Settings::default().users(3).events(EVENTS);
    Tenant::start(settings.think_time(Duration::from_millis(15)))
}

/// A fetch with a checkpoint, in small pages.
fn fetch(tenant: &Tenant, folder: &Folder, arguments: &[&str]) -> Command {
    let checkpoint = folder.path("checkpoint.json");
    let own = ["--checkpoint", &checkpoint, "--per-page", "20", "--format", "raw"];
    tenant.fetch(&[&own[..], arguments].concat())
}

fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
}

/// Runs a fetch, sends a signal after so many lines, and gives what came out before it ended.
fn broken_off(mut command: Command, after: usize, name: &str) -> (Vec<String>, ExitStatus, String) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut read = Vec::new();
    for _ in 0..after {
        let mut line = String::new();
        assert_ne!(reader.read_line(&mut line).unwrap(), 0, "it ended too early");
        read.push(line.trim_end().to_owned());
    }
    signal(&child, name);
    let (mut rest, mut said) = (String::new(), String::new());
    reader.read_to_string(&mut rest).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    // A killed program may leave half a line.
    let whole = rest.rsplit_once('\n').map_or("", |(whole, _)| whole);
    read.extend(whole.lines().map(str::to_owned));
    (read, child.wait().unwrap(), said)
}

/// How often a line came more than once.
fn repeats(lines: &[String]) -> usize {
    let mut counts = HashMap::new();
    lines.iter().for_each(|line| *counts.entry(line).or_insert(0_usize) += 1);
    counts.values().map(|count| count - 1).sum()
}

fn set(lines: &[String]) -> HashSet<&String> {
    lines.iter().collect()
}

#[test]
fn p3_a_signal_ends_a_run_and_the_next_one_reads_the_rest() {
    for (name, code, way) in
        [("-INT", 130, "audit-log"), ("-TERM", 143, "audit-log"), ("-INT", 130, "users")]
    {
        let (tenant, folder) = (slow(), Folder::new());
        let truth = if way == "users" { tenant.sign_ins() } else { tenant.logins() };
        let command = || fetch(&tenant, &folder, &["--way", way]);
        let (mut all, status, said) = broken_off(command(), 150, name);
        assert_eq!(status.code(), Some(code), "{said}");
        assert!(all.len() < truth.len(), "it was not met in its middle");
        let end = summary(said.as_bytes());
        assert_eq!((&end["state"], &end["records"]), (&"interrupted".into(), &all.len().into()));
        let hint = end["hint"].as_str().unwrap();
        assert!(hint.contains("run the same command again"), "{hint}");

        let rest = command().output().unwrap();
        assert_eq!(rest.status.code(), Some(0), "{}", text(&rest.stderr));
        assert_eq!(summary(&rest.stderr)["resumed"], true);
        assert_eq!(summary(&rest.stderr)["covered"]["since"], ALL);
        all.extend(lines(&rest.stdout));
        assert_eq!(set(&all), set(&truth));
        assert!(repeats(&all) <= PER_PAGE, "{} repeats", repeats(&all));
        assert_eq!(folder.names(), [""; 0], "a complete run leaves no checkpoint");
    }
}

#[test]
fn p3_a_killed_run_loses_nothing() {
    for after in [0, 1, 150, 400] {
        let (tenant, folder) = (slow(), Folder::new());
        let (mut all, _, _) = broken_off(fetch(&tenant, &folder, &[]), after, "-KILL");
        let rest = fetch(&tenant, &folder, &[]).output().unwrap();
        assert_eq!(rest.status.code(), Some(0), "{}", text(&rest.stderr));
        all.extend(lines(&rest.stdout));
        assert_eq!(set(&all), set(&tenant.logins()));
    }
}

/// A page of these rows of the audit log, and the number of the next one.
fn some_rows(ids: std::ops::Range<u32>, next: &str) -> String {
    let row = |id: u32| {
        format!(
            "{{\"id\":{id},\"operation_name\":\"Login\",\"created_at\":\"2026-03-02T09:30:0{id}Z\"}}"
        )
    };
    let rows: Vec<_> = ids.rev().map(row).collect();
    let meta = format!("{{\"next_page_number\":{next},\"per_page\":3,\"count\":6,\"pages\":2}}");
    let body = format!("{{\"audit_logs\":[{}],\"meta\":{meta}}}", rows.join(","));
    answer("200 OK", "", &body)
}

/// How many records a checkpoint knows as yielded.
fn records_of(checkpoint: &str) -> usize {
    let file: Value = serde_json::from_str(checkpoint).unwrap();
    let Some(pager) = file.pointer("/state/walk").and_then(Value::as_str) else { return 0 };
    let pager: Value = serde_json::from_str(pager).unwrap();
    let seen = pager.pointer("/mark/seen").and_then(Value::as_str);
    seen.unwrap_or_default().len() / 16
}

#[test]
fn p3_what_came_is_kept_while_the_next_page_is_waited_for() {
    let folder = Folder::new();
    let (waiting, is_waited_for) = mpsc::channel();
    let (end, held) = mpsc::channel::<()>();
    let mut first_time = true;
    let server = Server::respond(move |head| {
        if head.contains("&page=3") {
            return some_rows(0..0, "null");
        } else if !head.contains("&page=2") {
            return some_rows(4..7, "2");
        }
        if std::mem::take(&mut first_time) {
            waiting.send(()).unwrap();
            let _ = held.recv();
        }
        some_rows(1..4, "null")
    });
    let fetch = || {
        let mut command = signin(&["fetch", "tines", "--since", ALL, "--way", "audit-log"]);
        command.args(["--per-page", "3", "--fetch-ahead", "0", "--format", "raw"]);
        command.args(["--checkpoint", &folder.path("checkpoint.json")]);
        command.env("TINES_BASE_URL", server.base()).env("TINES_API_KEY", "key-0123456789");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let mut child = fetch().spawn().unwrap();
    is_waited_for.recv_timeout(FAR).unwrap();
    let begun = Instant::now();
    while records_of(&folder.read("checkpoint.json")) < 3 {
        assert!(begun.elapsed() < FAR, "{}", folder.read("checkpoint.json"));
        std::thread::yield_now();
    }
    let asked = server.seen().iter().filter(|head| head.contains("&page=2")).count();
    assert_eq!(asked, 1, "the request is gone on with");
    child.kill().unwrap();
    let mut all = lines(&child.wait_with_output().unwrap().stdout);
    assert_eq!(all.len(), 3);
    drop(end);
    let rest = fetch().output().unwrap();
    assert_eq!(rest.status.code(), Some(0), "{}", text(&rest.stderr));
    all.extend(lines(&rest.stdout));
    assert_eq!((set(&all).len(), repeats(&all)), (6, 0), "{all:?}");
}

/// Runs a fetch into a file and sends a signal once so much of it is there.
fn broken_off_file(mut command: Command, folder: &Folder, bytes: u64, name: &str) -> ExitStatus {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let partial = folder.path("all.ndjson.partial");
    while fs::metadata(&partial).map_or(0, |found| found.len()) < bytes {
        assert_eq!(child.try_wait().unwrap(), None, "it ended too early");
        std::thread::yield_now();
    }
    signal(&child, name);
    child.wait().unwrap()
}

#[test]
fn p3_a_file_is_whole_after_any_number_of_broken_runs_and_has_no_name_before() {
    for names in [&["-INT", "-TERM"][..], &["-KILL"], &["-KILL", "-INT", "-KILL"]] {
        let (tenant, folder) = (slow(), Folder::new());
        let whole: u64 = tenant.logins().iter().map(|line| line.len() as u64 + 1).sum();
        let target = folder.write("all.ndjson", "an older one\n");
        let command = || fetch(&tenant, &folder, &["-o", &target]);
        for (number, name) in (1..).zip(names) {
            let bytes = whole * number / (names.len() as u64 + 2);
            let status = broken_off_file(command(), &folder, bytes, name);
            assert!(!status.success());
            assert_eq!(folder.read("all.ndjson"), "an older one\n");
        }
        let last = command().output().unwrap();
        assert_eq!(last.status.code(), Some(0), "{}", text(&last.stderr));
        let all = folder.read("all.ndjson");
        let all: Vec<String> = all.lines().map(str::to_owned).collect();
        assert_eq!(set(&all), set(&tenant.logins()));
        assert!(repeats(&all) <= PER_PAGE * names.len(), "{} repeats", repeats(&all));
        assert_eq!(folder.names(), ["all.ndjson"], "{names:?}");
    }
}

#[test]
fn p3_a_service_that_fails_is_gone_on_with_where_it_failed() {
    let settings = Settings::default().users(2).events(EVENTS).fail_every(7, 400);
    let (tenant, folder) = (Tenant::start(settings), Folder::new());
    let target = folder.path("all.ndjson");
    for run in 0..40 {
        let output = fetch(&tenant, &folder, &["-o", &target, "--fetch-ahead", "0"]).output();
        let output = output.unwrap();
        if output.status.success() {
            assert!(run > 3, "it failed now and then");
            let all = lines(folder.read("all.ndjson").as_bytes());
            assert_eq!(all, tenant.logins(), "even in order, and nothing twice");
            return;
        }
        assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
        assert_eq!(folder.names(), ["all.ndjson.partial", "checkpoint.json"]);
    }
    panic!("it never ended");
}

#[test]
fn p3_a_relative_time_means_what_it_meant_in_the_first_run() {
    let (tenant, folder) = (slow(), Folder::new());
    let checkpoint = folder.path("checkpoint.json");
    let command = || {
        tenant.fetch_with(&["--since", "20000d", "--checkpoint", &checkpoint, "--per-page", "20"])
    };
    let (_, status, said) = broken_off(command(), 30, "-INT");
    assert_eq!(status.code(), Some(130));
    let rest = command().output().unwrap();
    assert_eq!(rest.status.code(), Some(0), "{}", text(&rest.stderr));
    let asked = |said: &[u8]| summary(said)["asked"].clone();
    assert_eq!(asked(said.as_bytes()), asked(&rest.stderr));
    assert!(text(&rest.stderr).starts_with("going on with the run of "), "{}", text(&rest.stderr));
}

#[test]
fn p3_a_checkpoint_of_other_options_or_damaged_is_exit_2_and_stays() {
    let (tenant, folder) = (slow(), Folder::new());
    let (_, status, _) = broken_off(fetch(&tenant, &folder, &[]), 30, "-INT");
    assert_eq!(status.code(), Some(130));
    let good = folder.read("checkpoint.json");
    let other = slow();
    let elsewhere = fetch(&other, &folder, &[]).output().unwrap();
    let of_users = fetch(&tenant, &folder, &["--way", "users"]).output().unwrap();
    let of_another_file = fetch(&tenant, &folder, &["-o", &folder.path("x")]).output().unwrap();
    for (output, why) in [
        (elsewhere, "another host"),
        (of_users, "is of a run with --way auto, not --way users"),
        (of_another_file, "is of a run without -o "),
    ] {
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        let said = text(&output.stderr);
        assert!(said.contains(why) && said.contains("remove the file"), "{said}");
        assert_eq!(folder.read("checkpoint.json"), good);
    }
    for damaged in [
        "",
        "{}",
        &good.replacen("\"rows\\\":", "\"rows\\\":1", 1),
        good.split_at(good.len() / 2).0,
    ] {
        folder.write("checkpoint.json", damaged);
        let output = fetch(&tenant, &folder, &[]).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{damaged}");
        let said = text(&output.stderr);
        assert!(
            said.starts_with("error: --checkpoint ") && said.contains("remove the file"),
            "{said}"
        );
        assert_eq!(folder.read("checkpoint.json"), damaged);
    }
}

#[test]
fn p3_a_partial_file_that_went_is_told_of() {
    let (tenant, folder) = (slow(), Folder::new());
    let target = folder.path("all.ndjson");
    broken_off_file(fetch(&tenant, &folder, &["-o", &target]), &folder, 2_000, "-INT");
    fs::write(folder.path("all.ndjson.partial"), "").unwrap();
    let output = fetch(&tenant, &folder, &["-o", &target]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("all.ndjson.partial holds 0 bytes of"), "{said}");
    assert!(said.contains("to start anew"), "{said}");
}

#[test]
fn p3_what_a_reader_did_not_take_comes_again() {
    let (tenant, folder) = (slow(), Folder::new());
    let mut command = fetch(&tenant, &folder, &[]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let rest = fetch(&tenant, &folder, &[]).output().unwrap();
    assert_eq!(lines(&rest.stdout), tenant.logins(), "nobody knows what the reader had taken");
}

#[test]
fn a_run_that_could_not_begin_leaves_no_checkpoint_behind() {
    let (tenant, folder) = (Tenant::small(), Folder::new());
    let unknown = fetch(&tenant, &folder, &["--user", "999999"]).output().unwrap();
    assert_eq!(unknown.status.code(), Some(5));
    let no_key = fetch(&tenant, &folder, &[]).env_remove("TINES_API_KEY").output().unwrap();
    assert_eq!(no_key.status.code(), Some(2));
    assert_eq!(folder.names(), [""; 0]);
    let unknown = ["--user", "999999", "-o", &folder.path("all.ndjson")];
    assert_eq!(fetch(&tenant, &folder, &unknown).output().unwrap().status.code(), Some(5));
    assert_eq!(folder.names(), [""; 0]);
    let twice = ["--summary", &folder.path("checkpoint.json")];
    let refused = fetch(&tenant, &folder, &twice).output().unwrap();
    let said = text(&refused.stderr);
    assert!(said.contains("--summary and --checkpoint name the same file"), "{said}");
}

#[test]
fn p3_users_in_another_order_are_refused_since_those_behind_would_be_left_out() {
    let (tenant, folder) = (slow(), Folder::new());
    let users: Vec<String> = tenant.service.user_ids().map(|user| user.to_string()).collect();
    let [one, other, ..] = &users[..] else { panic!("two users") };
    let (_, status, said) =
        broken_off(fetch(&tenant, &folder, &["--user", one, "--user", other]), 30, "-INT");
    assert_eq!(status.code(), Some(130), "{said}");
    let turned = fetch(&tenant, &folder, &["--user", other, "--user", one]).output().unwrap();
    assert_eq!((turned.status.code(), turned.stdout.len()), (Some(2), 0));
    assert!(text(&turned.stderr).contains("in another order"), "{}", text(&turned.stderr));
    // Named twice is named once.
    let twice = fetch(&tenant, &folder, &["--user", one, "--user", other, "--user", one]).output();
    let twice = twice.unwrap();
    assert_eq!(twice.status.code(), Some(0), "{}", text(&twice.stderr));
    assert_eq!(summary(&twice.stderr)["endpoint"], "signin_activities");
}
