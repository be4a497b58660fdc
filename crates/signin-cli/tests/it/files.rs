//! `-o FILE` is there whole or not at all.

use crate::folder::Folder;
use crate::program::{run, text};

#[test]
fn a_file_holds_what_standard_output_would() {
    let folder = Folder::new();
    let place = folder.path("all.ndjson");
    let output = run(&["demo", "--format", "raw", "-o", &place]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    assert_eq!(folder.read("all.ndjson").as_bytes(), run(&["demo", "--format", "raw"]).stdout);
    assert_eq!(folder.names(), ["all.ndjson"], "nothing else is left");
}

#[test]
fn a_file_that_was_there_is_replaced_with_its_permissions_kept() {
    let folder = Folder::new();
    let place = folder.write("all.ndjson", "old\n".repeat(100_000));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    let output = run(&["demo", "--format", "raw", "-o", &place]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(folder.read("all.ndjson").lines().count(), 200);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&place).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_dash_is_standard_output() {
    let output = run(&["demo", "--format", "raw", "-o", "-"]);
    assert_eq!(output.stdout, run(&["demo", "--format", "raw"]).stdout);
}

#[test]
fn a_file_that_cannot_be_is_refused_before_anything_is_read() {
    let folder = Folder::new();
    let (nowhere, all) = (folder.path("no/all.ndjson"), folder.path("all.ndjson"));
    for (arguments, why) in [
        (&["-o", &folder.path("")][..], "directory"),
        (&["-o", &nowhere], "No such file"),
        (&["-o", &folder.path("no/..")], "it is no file name"),
        (&["-o", &all, "--rejected", &all], "give --rejected a file of its own"),
        (&["--rejected", &nowhere], "No such file"),
    ] {
        let output = run(&[&["demo"], arguments].concat());
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.starts_with("error: ") && said.contains(why), "{said}");
        assert!(said.contains("cannot be written") && said.lines().count() == 1, "{said}");
    }
    assert_eq!(folder.names(), [""; 0]);
}

#[cfg(unix)]
mod unix {
    use std::io::Read as _;
    use std::process::Command;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::program::{start, summary};

    #[test]
    fn a_link_stays_a_link_and_its_file_is_replaced() {
        let folder = Folder::new();
        folder.write("real", "old");
        std::os::unix::fs::symlink("real", folder.path("link")).unwrap();
        run(&["demo", "--format", "raw", "-o", &folder.path("link")]);
        assert!(std::fs::symlink_metadata(folder.path("link")).unwrap().is_symlink());
        assert_eq!(folder.read("real").lines().count(), 200);
        assert_eq!(folder.names(), ["link", "real"]);
    }

    #[test]
    fn a_pipe_or_a_device_is_written_to_as_it_is() {
        let raw = run(&["demo", "--format", "raw", "-o", "/dev/stdout"]).stdout;
        assert_eq!(raw, run(&["demo", "--format", "raw"]).stdout);
        assert_eq!(run(&["demo", "-o", "/dev/null"]).status.code(), Some(0));
        assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_exit_4_and_names_the_file() {
        let output = run(&["demo", "--format", "raw", "-o", "/dev/full"]);
        assert_eq!(output.status.code(), Some(4));
        let said = text(&output.stderr);
        assert!(said.starts_with("error: /dev/full cannot be written: No space left"), "{said}");
        assert_eq!(summary(&output.stderr)["records"], 0);
    }

    #[test]
    fn until_the_end_there_is_no_file_and_a_signal_leaves_what_was_there() {
        for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
            let folder = Folder::new();
            folder.write("old", "as it was");
            let (old, new) = (folder.path("old"), folder.path("new"));
            for place in [old, new] {
                let before = folder.names();
                let mut child = start(&["demo", "--events", "1000000000", "-o", &place]);
                // Until there is something in the temporary file, the program has only begun.
                until(|| folder.names().len() > before.len() && has_grown(&folder));
                assert_eq!(folder.read("old"), "as it was");
                assert!(!folder.names().contains(&"new".to_owned()));
                let pid = child.id().to_string();
                assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
                assert_eq!(child.wait().unwrap().code(), Some(code));
                let mut said = Vec::new();
                child.stderr.take().unwrap().read_to_end(&mut said).unwrap();
                assert_eq!(summary(&said)["state"], "interrupted");
                assert_eq!(folder.names(), ["old"]);
                assert_eq!(folder.read("old"), "as it was");
            }
        }
    }

    fn has_grown(folder: &Folder) -> bool {
        let temporary = folder.names().into_iter().find(|name| name.ends_with(".tmp"));
        let written = temporary.and_then(|name| std::fs::metadata(folder.path(&name)).ok());
        written.is_some_and(|file| file.len() > 0)
    }

    /// Waits for another process; gives up where something is broken.
    fn until(done: impl Fn() -> bool) {
        let begun = Instant::now();
        while !done() {
            assert!(begun.elapsed() < Duration::from_secs(30), "it does not come");
            std::thread::yield_now();
        }
    }
}
