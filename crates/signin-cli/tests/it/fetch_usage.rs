//! The command line of a fetch: help that can be acted on, and times that cannot be.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use signin_sim::tines::Settings;

use crate::program::{run, text};
use crate::tenant::{Tenant, fetch, lines};

#[test]
fn a_fetch_of_nothing_lists_what_can_be_read_and_what_it_needs() {
    let output = run(&["fetch"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    let page = text(&output.stderr);
    let words: Vec<&str> = page.split_whitespace().collect();
    let words = words.join(" ");
    for line in [
        "Vendors: tines Tines: set TINES_BASE_URL and TINES_API_KEY ",
        " avepoint AvePoint Elements: set AVEPOINT_CLIENT_ID and AVEPOINT_CLIENT_SECRET ",
        " ssojet SSOJet: set SSOJET_CLIENT_ID, and SSOJET_TOKEN or SSOJET_CLIENT_SECRET ",
        " pingone PingOne: set PINGONE_REGION, PINGONE_ENVIRONMENT_ID, PINGONE_CLIENT_ID, ",
        " msgraph Microsoft Graph: set MSGRAPH_TENANT_ID, MSGRAPH_CLIENT_ID and ",
    ] {
        assert!(words.contains(line), "{page}");
    }
    assert!(page.contains("signin fetch tines --since 24h"), "{page}");
}

#[test]
fn the_help_names_every_option_variable_and_exit_code() {
    let output = run(&["fetch", "tines", "--help"]);
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    let help = text(&output.stdout);
    for word in [
        "TINES_BASE_URL",
        "TINES_API_KEY_FILE",
        "AUDIT_LOG_READ",
        "--since <TIME>",
        "--until",
        "--user",
        "--way",
        "--per-page",
        "--concurrency",
        "--fetch-ahead",
        "--checkpoint",
        "--summary",
        "--format",
        "--output",
        "--rejected",
        "--base-url",
        "--ca-file",
        "--proxy",
        "HTTPS_PROXY",
        "NO_PROXY",
        "--timeout",
        "--retry-for <TIME>",
        "--max-rate",
        "--log",
        "--quiet",
        "--verbose",
        "Exit codes:",
        "143",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
    for flag in ["--api-key", "--token", "--password"] {
        assert!(!help.contains(flag), "{help}");
    }
}

#[test]
fn nobody_asks_for_everything_by_accident() {
    let output = fetch(&[]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--since <TIME>"), "{}", text(&output.stderr));
}

#[test]
fn a_time_that_cannot_be_is_exit_2_with_what_to_type() {
    let tenant = Tenant::small();
    for (arguments, advice) in [
        (&["--since", "1.5h"][..], "give a whole number, such as 90m"),
        (&["--since", "24 h"], "write it as 24h"),
        (&["--since", "-24h"], "spans count back from now: give 24h"),
        (&["--since", "2026-01-01"], "2026-01-01T00:00:00Z"),
        (&["--since", "2026-01-01T00:00:00"], "give its time zone"),
        (&["--since", "yesterday"], "give RFC 3339, such as"),
        (&["--since", "99999999999999999999d"], "before 1970"),
        (&["--since", "9999d", "--until", "99999d"], "--until 99999d: that is before 1970"),
        (&["--since", "2999-01-01T00:00:00Z"], "is not in the past"),
        (&["--since", "1h", "--until", "2h"], "give the earlier one to --since"),
        (&["--since", "1h", "--until", "1h"], "is not later than --since"),
    ] {
        let output = tenant.fetch_with(arguments).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.starts_with("error: ") && said.contains(advice), "{said}");
    }
    let json = tenant.fetch_with(&["--since", "1h", "--until", "2h", "--log", "json"]);
    let json = { json }.output().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&json.stderr).unwrap();
    assert_eq!(said["level"], "error");
}

#[test]
fn spans_count_back_from_now_and_an_end_in_the_future_is_told_of() {
    let tenant = Tenant::small();
    // The simulator's sign-ins are of 2025 and 2026.
    let all = tenant.fetch_with(&["--since", "20000d", "--format", "raw"]).output().unwrap();
    assert_eq!(lines(&all.stdout), tenant.logins());
    let arguments = ["--since", "20000d", "--until", "2999-01-01T00:00:00Z", "--format", "raw"];
    let output = tenant.fetch_with(&arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(lines(&output.stdout), tenant.logins());
    assert!(text(&output.stderr).starts_with("warning: --until is later than now"));
    let covered = &crate::program::summary(&output.stderr)["covered"];
    assert!(covered["until"].as_str() < Some("2999"), "the future is not read: {covered}");
}

#[test]
#[cfg(unix)]
fn max_rate_holds_requests_back() {
    let tenant = Tenant::start(Settings::default().users(1).events(100));
    let arguments = ["--per-page", "20", "--max-rate", "2", "--format", "raw"];
    let mut child = tenant.fetch(&arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    for _ in 0..40 {
        reader.read_line(&mut line).unwrap();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(reader.lines().count(), 0, "a third page came within the minute");
    assert_eq!(tenant.service.stats().requests, 2);
}
