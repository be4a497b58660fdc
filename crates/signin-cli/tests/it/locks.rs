//! Two runs at once: the second one ends at once, says who holds the file, and touches nothing.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use signin_sim::tines::Settings;

use crate::folder::Folder;
use crate::program::{signin, summary, text};
use crate::tenant::{Tenant, lines};

/// A tenant that takes its time, so that a run is met in its middle.
fn slow() -> Tenant {
    let settings = Settings::default().users(3).events(600);
    Tenant::start(settings.think_time(Duration::from_millis(25)))
}

fn fetch(tenant: &Tenant, arguments: &[&str]) -> Command {
    tenant.fetch(&[&["--per-page", "20", "--format", "raw"], arguments].concat())
}

/// Starts a run, and waits until it holds a lock and has begun to write.
fn start(mut command: Command, folder: &Folder, lock: &str, written: &str) -> Child {
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    let there = |name: &str| fs::metadata(folder.path(name)).is_ok_and(|found| found.len() > 0);
    while !there(lock) || !there(written) {
        assert!(begun.elapsed() < Duration::from_secs(20), "it never began: {:?}", folder.names());
        std::thread::yield_now();
    }
    child
}

fn assert_held(output: &Output, option: &str, by: u32) {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{said}");
    assert_eq!(output.stdout.len(), 0);
    assert!(said.contains(&format!("error: {option} ")), "{said}");
    assert!(said.contains(&format!("is held by process {by} on ")), "{said}");
    assert!(said.contains(" since 20"), "{said}");
    let end = summary(&output.stderr);
    assert_eq!(
        (end.get("reason"), end.get("state")),
        (Some(&"held-by".into()), Some(&"incomplete".into()))
    );
}

#[test]
fn p3_two_runs_on_one_checkpoint_or_output_are_one_run() {
    let (tenant, folder) = (slow(), Folder::new());
    let (target, checkpoint) = (folder.path("all.ndjson"), folder.path("checkpoint.json"));
    let (other, summary) = (folder.path("other.ndjson"), folder.path("summary.json"));
    let own = ["--checkpoint", &checkpoint, "-o", &target];
    let partial = "all.ndjson.partial";
    let mut first = start(fetch(&tenant, &own), &folder, ".all.ndjson.lock", partial);
    let pid = first.id();
    for (arguments, option) in [
        (&own[..], "--checkpoint"),
        (&["--checkpoint", &checkpoint, "-q", "--summary", &summary], "--checkpoint"),
        (&["--checkpoint", &other, "-o", &target], "-o"),
        (&["-o", &target], "-o"),
    ] {
        assert_held(&fetch(&tenant, arguments).output().unwrap(), option, pid);
    }
    assert!(folder.read("summary.json").contains("\"reason\":\"held-by\""));
    assert_held(&signin(&["demo", "-o", &target]).output().unwrap(), "-o", pid);
    let input = folder.write("input", &tenant.logins()[0]);
    let convert = ["convert", "tines", &input, "-o", &target];
    assert_held(&signin(&convert).output().unwrap(), "-o", pid);
    // By another name of the same file, too.
    symlink(&checkpoint, folder.path("link.json")).unwrap();
    symlink(&target, folder.path("link.ndjson")).unwrap();
    for (option, link) in [("--checkpoint", "link.json"), ("-o", "link.ndjson")] {
        let linked = fetch(&tenant, &[option, &folder.path(link)]).output().unwrap();
        assert_held(&linked, option, pid);
    }
    assert!(first.try_wait().unwrap().is_none(), "it was met in its middle");
    assert_eq!(first.wait().unwrap().code(), Some(0));
    let read = folder.read("all.ndjson");
    assert_eq!(lines(read.as_bytes()), tenant.logins(), "nobody wrote in between");
    let locks = [".all.ndjson.lock", ".checkpoint.json.lock", ".other.ndjson.lock"];
    assert_eq!(folder.locks(), locks, "they stay");
}

#[test]
fn p3_the_lock_of_a_run_that_died_is_no_obstacle_and_says_one_line() {
    let (tenant, folder) = (slow(), Folder::new());
    let (target, checkpoint) = (folder.path("all.ndjson"), folder.path("checkpoint.json"));
    let own = ["--checkpoint", &checkpoint, "-o", &target];
    let mut first = start(fetch(&tenant, &own), &folder, ".all.ndjson.lock", "all.ndjson.partial");
    first.kill().unwrap();
    first.wait().unwrap();
    let pid = first.id().to_string();
    for lock in folder.locks() {
        let line = folder.read(&lock);
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!((words.len(), words[0], line.matches('\n').count()), (3, &*pid, 1), "{line}");
        assert!(words[2].starts_with("20") && words[2].ends_with('Z'), "{line}");
    }
    let rest = fetch(&tenant, &own).output().unwrap();
    assert_eq!(rest.status.code(), Some(0), "{}", text(&rest.stderr));
    assert!(!folder.read(".all.ndjson.lock").starts_with(&pid), "it is the last one's");
}

#[test]
fn pipes_devices_and_standard_output_have_no_lock() {
    let tenant = Tenant::small();
    assert_eq!(tenant.run(&["-o", "/dev/null"]).status.code(), Some(0));
    assert!(!fs::exists("/dev/.null.lock").unwrap());
    let folder = Folder::new();
    assert_eq!(tenant.run(&["-o", "-"]).status.code(), Some(0));
    assert_eq!(folder.locks(), [""; 0]);
}

#[test]
fn a_link_that_stands_where_the_lock_would_is_not_followed() {
    let (tenant, folder) = (Tenant::small(), Folder::new());
    let (target, victim) = (folder.path("all.ndjson"), folder.write("victim", "precious"));
    for leads_to in [victim, folder.path("nowhere")] {
        symlink(leads_to, folder.path(".all.ndjson.lock")).unwrap();
        let output = tenant.run(&["-o", &target]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        let said = text(&output.stderr);
        assert!(said.contains(".all.ndjson.lock is a link or no file; remove it"), "{said}");
        assert_eq!(folder.names(), ["victim"]);
        assert_eq!(folder.read("victim"), "precious");
        folder.remove(".all.ndjson.lock");
    }
    fs::create_dir(folder.path(".all.ndjson.lock")).unwrap();
    assert_eq!(tenant.run(&["-o", &target]).status.code(), Some(2));
}

#[test]
fn no_file_may_be_the_lock_of_another() {
    let (tenant, folder) = (Tenant::small(), Folder::new());
    let (target, lock) = (folder.path("all.ndjson"), folder.path(".all.ndjson.lock"));
    let output = tenant.run(&["-o", &target, "--summary", &lock]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("name the same file"), "{}", text(&output.stderr));
}
