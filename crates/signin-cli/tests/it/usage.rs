//! Help, version, and command lines that cannot be.

use crate::program::{run, text};

#[test]
fn help_and_version_are_what_was_asked_for() {
    for arguments in [&["--help"][..], &["-h"], &["help"]] {
        let output = run(arguments);
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
        let help = text(&output.stdout);
        assert!(help.contains("Usage: signin [OPTIONS] <COMMAND>"), "{help}");
        assert!(help.contains("signin demo --format raw | head"), "{help}");
        assert!(!help.contains("doctor"), "{help}");
    }
    let version = run(&["--version"]);
    assert_eq!(text(&version.stdout), concat!("signin ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn the_demos_help_explains_formats_and_exit_codes() {
    let output = run(&["demo", "--help"]);
    let help = text(&output.stdout);
    for word in ["- table:", "- envelope:", "- raw:", "- typed:", "Exit codes:", "130"] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

#[test]
fn without_a_command_the_page_for_newcomers_is_shown() {
    let output = run(&[]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let page = text(&output.stderr);
    assert!(page.contains("who signed in, when, and from where"), "{page}");
    assert!(page.contains("Examples:\n  signin demo "), "{page}");
}

#[test]
fn a_command_line_that_cannot_be_is_refused_with_what_to_type_instead() {
    for (arguments, advice) in [
        (&["dmeo"][..], "'demo'"),
        (&["demo", "--user", "3"], "'--users'"),
        (&["demo", "--users", "0"], "from 1 to 1000000"),
        (&["demo", "--users", "1000001"], "from 1 to 1000000"),
        (&["demo", "--users", "many"], "from 1 to 1000000"),
        (&["demo", "--events", "-1"], "from 0 to 1000000000"),
        (&["demo", "--per-page", "501"], "from 1 to 500"),
        (&["demo", "--per-page", "0"], "from 1 to 500"),
        (&["demo", "--seed", "18446744073709551616"], "--seed <N>"),
        (
            &["demo", "--vendor", "entra"],
            "[possible values: tines, avepoint, ssojet, pingone, msgraph]",
        ),
        (
            &["demo", "--format", "json"],
            "[possible values: table, envelope, raw, typed, event, ocsf, ecs]",
        ),
    ] {
        let output = run(arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
        let error = text(&output.stderr);
        assert!(error.starts_with("error: ") && error.contains(advice), "{error}");
    }
}
