//! The files of a fetch: none takes the place of another, of a link or of a device, and none is
//! open to more people than it was.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
use std::process::Command;

use crate::folder::Folder;
use crate::program::text;
use crate::tenant::Tenant;

#[test]
fn a_summary_is_written_to_a_pipe_as_it_is() {
    let (tenant, folder) = (Tenant::small(), Folder::new());
    let pipe = folder.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    let output = tenant.run(&["--summary", &pipe]);
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo(), "it was replaced");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stderr).ends_with(&reader.join().unwrap()));
}

#[test]
fn links_stay_links_also_where_they_lead_to_nothing_yet() {
    let (tenant, folder) = (Tenant::small(), Folder::new());
    let names = ["records", "summary"];
    for name in names {
        symlink(format!("{name}.real"), folder.path(name)).unwrap();
    }
    for checkpoint in [&[][..], &["--checkpoint", &folder.path("checkpoint")]] {
        let (records, summary) = (folder.path("records"), folder.path("summary"));
        let files = ["-o", &records, "--summary", &summary];
        let output = tenant.run(&[&files, checkpoint].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        for name in names {
            assert!(fs::symlink_metadata(folder.path(name)).unwrap().is_symlink(), "{name}");
            assert!(!folder.read(&format!("{name}.real")).is_empty());
            fs::remove_file(folder.path(&format!("{name}.real"))).unwrap();
        }
    }
}

#[test]
fn a_checkpoint_does_not_open_the_file_of_records_to_more_people() {
    let (tenant, folder) = (Tenant::small(), Folder::new());
    let (records, checkpoint) = (folder.path("records"), folder.path("checkpoint"));
    for mode in [0o600, 0o640, 0o400] {
        folder.write("records", "old");
        fs::set_permissions(&records, Permissions::from_mode(mode)).unwrap();
        let output = tenant.run(&["-o", &records, "--checkpoint", &checkpoint]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(fs::metadata(&records).unwrap().permissions().mode() & 0o777, mode);
        assert_ne!(folder.read("records"), "old");
        fs::remove_file(&records).unwrap();
    }
}

#[test]
fn no_file_may_be_the_one_that_the_records_are_in_until_they_are_complete() {
    let (tenant, folder) = (Tenant::small(), Folder::new());
    let (records, partial) = (folder.path("records"), folder.path("records.partial"));
    let checkpoint = folder.path("checkpoint");
    for files in [
        &["--checkpoint", &partial][..],
        &["--checkpoint", &checkpoint, "--summary", &partial],
        &["--checkpoint", &checkpoint, "--rejected", &partial],
    ] {
        let output = tenant.run(&[&["-o", &records], files].concat());
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("name the same file; give each its own"), "{said}");
        assert_eq!(folder.names(), [""; 0]);
    }
}

#[test]
fn a_link_that_stands_where_the_partial_file_would_is_not_written_through() {
    let (tenant, folder) = (Tenant::small(), Folder::new());
    let (records, checkpoint) = (folder.path("records"), folder.path("checkpoint"));
    let (victim, partial) = (folder.path("victim"), folder.path("records.partial"));
    fs::write(&victim, "precious").unwrap();
    symlink(&victim, &partial).unwrap();
    let output = tenant.run(&["-o", &records, "--checkpoint", &checkpoint]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("is a link or no file; remove it"));
    assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
    assert!(!fs::exists(&records).unwrap());
}
