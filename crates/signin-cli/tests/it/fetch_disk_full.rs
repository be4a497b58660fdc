//! A disk that is full or a path that cannot be written: what the run says, and how the next one
//! goes on. A limit of file sizes takes the place of a full disk.
#![cfg(target_os = "linux")]

use std::collections::HashSet;
use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::process::{Command, Output, Stdio};

use signin_sim::tines::Settings;

use crate::folder::Folder;
use crate::program::{signin, summary, text};
use crate::tenant::{Tenant, lines};

/// Runs a fetch that can write so many blocks of 512 bytes to each file.
fn run_within(blocks: u32, command: &Command, stdout: Stdio) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut limited = Command::new("sh");
    limited.args(["-c", &script]).arg(command.get_program()).args(command.get_args());
    limited.env_clear();
    for (name, value) in command.get_envs() {
        limited.env(name, value.unwrap());
    }
    limited.env("PATH", "/usr/bin:/bin").stdin(Stdio::null());
    limited.stdout(stdout).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap()
}

fn appending(folder: &Folder, name: &str) -> Stdio {
    File::options().append(true).create(true).open(folder.path(name)).unwrap().into()
}

#[test]
fn a_disk_that_is_full_at_the_checkpoint_is_exit_4() {
    let (tenant, folder) = (Tenant::small(), Folder::new());
    let (target, checkpoint) = (folder.path("all.ndjson"), folder.path("checkpoint"));
    let command = tenant.fetch(&["--checkpoint", &checkpoint, "-o", &target]);
    let output = run_within(0, &command, Stdio::piped());
    assert_eq!(tenant.service.stats().requests, 0);
    let said = text(&output.stderr);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(4), 0), "{said}");
    assert!(said.starts_with("error: --checkpoint "), "{said}");
    let end = summary(&output.stderr);
    assert_eq!((&end["reason"], &end["state"]), (&"disk".into(), &"incomplete".into()));
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn a_path_that_cannot_be_written_is_exit_2_before_anything_is_asked_for() {
    let (tenant, folder) = (Tenant::small(), Folder::new());
    let before = tenant.service.stats().requests;
    let inside = folder.path("");
    for option in ["--summary", "--checkpoint", "-o"] {
        for path in ["/nowhere/file", &inside, "/proc/file"] {
            let output = tenant.run(&[option, path]);
            let said = text(&output.stderr);
            assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{said}");
            assert!(said.starts_with("error: "), "{said}");
        }
    }
    let output = tenant.run(&["--summary", "/nowhere/summary.json"]);
    assert!(text(&output.stderr).contains("--summary /nowhere/summary.json cannot be written"));
    assert_eq!(tenant.service.stats().requests, before);
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn p3_standard_output_that_was_full_is_gone_on_with_on_a_line_of_its_own() {
    let tenant = Tenant::start(Settings::default().users(3).events(200));
    let folder = Folder::new();
    let checkpoint = folder.path("checkpoint");
    let command =
        || tenant.fetch(&["--checkpoint", &checkpoint, "--per-page", "10", "--format", "raw"]);
    let first = run_within(20, &command(), appending(&folder, "out"));
    assert_eq!(first.status.code(), Some(4), "{}", text(&first.stderr));
    assert_eq!(summary(&first.stderr)["reason"], "disk");
    let written = folder.read("out");
    assert!(!written.ends_with('\n') && written.len() == 20 * 512, "it was cut in a line");
    let rest = command().stdout(appending(&folder, "out")).output().unwrap();
    assert_eq!(rest.status.code(), Some(0), "{}", text(&rest.stderr));
    let all = lines(folder.read("out").as_bytes());
    let truth = tenant.logins();
    let (whole, cut): (Vec<&String>, Vec<_>) = all.iter().partition(|line| truth.contains(*line));
    assert_eq!(whole.into_iter().collect::<HashSet<_>>(), truth.iter().collect());
    assert_eq!(cut.len(), 1, "{cut:?}");
}

#[test]
fn p3_a_file_that_could_not_get_its_name_gets_it_from_the_next_run() {
    let settings = Settings::default().users(3).events(300);
    let tenant = Tenant::start(settings.think_time(std::time::Duration::from_millis(20)));
    let folder = Folder::new();
    let (target, checkpoint) = (folder.path("all.ndjson"), folder.path("checkpoint"));
    // Where a run has nothing to ask for, nobody tells it that the service's clock is another one.
    let until = ["--until", "2026-03-04T00:00:00Z"];
    let own = ["--checkpoint", &checkpoint, "-o", &target, "--per-page", "20", "--format", "raw"];
    let own = [&own[..], &until].concat();
    let mut first = tenant.fetch(&own);
    let first = first.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while !std::fs::exists(folder.path("all.ndjson.partial")).unwrap() {
        std::thread::yield_now();
    }
    std::fs::create_dir(&target).unwrap();
    let first = first.wait_with_output().unwrap();
    assert_eq!(first.status.code(), Some(4), "{}", text(&first.stderr));
    assert_eq!(summary(&first.stderr)["reason"], "disk");
    std::fs::remove_dir(&target).unwrap();
    let before = tenant.service.stats().requests;
    let rest = tenant.fetch(&own).output().unwrap();
    assert_eq!(rest.status.code(), Some(0), "{}", text(&rest.stderr));
    assert_eq!(lines(folder.read("all.ndjson").as_bytes()), tenant.logins());
    assert_eq!(tenant.service.stats().requests, before, "everything was there");
    assert_eq!(folder.names(), ["all.ndjson"]);
}

#[test]
fn p3_a_line_that_was_cut_takes_no_other_with_it_whatever_is_run_behind_it() {
    let (tenant, folder) = (Tenant::small(), Folder::new());
    let plain = tenant.fetch(&["--format", "raw"]);
    let demo = |format| signin(&["demo", "--format", format]);
    for mut command in [plain, demo("raw"), demo("table")] {
        let whole = command.stdout(Stdio::piped()).stderr(Stdio::null()).output().unwrap();
        for before in ["", "whole\n", "{\"cut"] {
            folder.write("out", before);
            let status = command.stdout(appending(&folder, "out")).status().unwrap();
            assert_eq!(status.code(), Some(0));
            let ended = if before.ends_with('t') { "{\"cut\n" } else { before };
            assert_eq!(folder.read("out"), format!("{ended}{}", text(&whole.stdout)), "{before:?}");
        }
    }
}

#[test]
fn p3_a_line_is_ended_only_where_one_was_cut() {
    let (tenant, folder) = (Tenant::small(), Folder::new());
    let truth = tenant.logins().join("\n") + "\n";
    let read_too = || File::options().read(true).append(true).open(folder.path("out")).unwrap();
    let behind = || {
        let mut file = File::options().write(true).open(folder.path("out")).unwrap();
        file.seek(SeekFrom::End(0)).unwrap();
        file
    };
    for (before, ended) in [("", ""), ("whole\n", "whole\n"), ("{\"cut", "{\"cut\n")] {
        for n in 0..3 {
            folder.write("out", before);
            let stdout: Stdio = match n {
                0 => appending(&folder, "out"),
                1 => read_too().into(),
                _ => behind().into(),
            };
            let arguments = ["--format", "raw", "--checkpoint", &folder.path("checkpoint")];
            let mut command = tenant.fetch(&arguments);
            let output = command.stdout(stdout).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
            assert_eq!(folder.read("out"), format!("{ended}{truth}"), "{before:?}, {n}");
        }
    }
}
