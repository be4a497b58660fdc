//! P1: a page that says that the service failed is no whole page, though it came with status 200.

use crate::program::{feed, signin, summary, text};
use crate::server::{Server, answer, page};

/// A page of each vendor with one record, and an error of its own.
const PAGES: [(&str, &str); 8] = [
    ("msgraph", r#"{"error":{"code":"x"},"value":[{"id":"1"}]}"#),
    (
        "pingone",
        r#"{"_embedded":{"activities":[{"id":"1"}]},"code":"UNEXPECTED_ERROR","message":"x"}"#,
    ),
    ("pingone", r#"{"details":[{"code":"x"}],"_embedded":{"activities":[{"id":"1"}]}}"#),
    ("ssojet", r#"{"audit_logs":[{"id":"1"}],"error":1013,"error_code":"x"}"#),
    ("ssojet", r#"{"error_description":"x","login_logs":[{"id":"1"}]}"#),
    ("tines", r#"{"type":"x","status_code":500,"errors":[],"audit_logs":[{"id":1}]}"#),
    ("tines", r#"{"audit_logs":[{"id":1}],"errors":[{"message":"x"}]}"#),
    ("avepoint", r#"{"data":[{"id":"1"}],"statusCode":503,"message":"x","errors":[]}"#),
];

#[test]
fn p1_convert_gives_the_records_of_a_page_that_failed_and_says_so() {
    for (vendor, page) in PAGES {
        let output = feed(&["convert", vendor, "--format", "raw"], page);
        let stderr = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{page}: {stderr}");
        assert_eq!(text(&output.stdout).lines().count(), 1, "{page}");
        assert!(stderr.contains("says that the service failed"), "{page}: {stderr}");
    }
    for good in [
        r#"{"audit_logs":[{"id":1}],"errors":[],"status_code":200}"#,
        r#"{"error":null,"audit_logs":[{"id":1}],"code":"","details":{}}"#,
    ] {
        let output = feed(&["convert", "tines", "--format", "raw"], good);
        assert_eq!(output.status.code(), Some(0), "{good}: {}", text(&output.stderr));
    }
}

#[test]
fn p1_fetch_does_not_take_a_page_that_failed_for_the_end() {
    let row = r#"{"id":1,"created_at":"2026-03-02T09:30:00Z","operation_name":"Login"}"#;
    let first = page(row).replace("null", "   2");
    let failed = answer("200 OK", "", r#"{"errors":[{"message":"busy"}],"audit_logs":[]}"#);
    let server = Server::answers([first, failed]);
    let arguments = ["fetch", "tines", "--format", "raw", "--base-url", &server.base()];
    let mut command = signin(&[&arguments[..], &["--since", "2026-01-01T00:00:00Z"]].concat());
    let output = command.env_clear().env("TINES_API_KEY", "key-0123456789").output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), format!("{row}\n"));
    assert_eq!(summary(&output.stderr)["state"], "incomplete");
    assert!(text(&output.stderr).contains("busy"), "{}", text(&output.stderr));
    assert_eq!(server.seen().len(), 3, "it is asked for once more");
}
