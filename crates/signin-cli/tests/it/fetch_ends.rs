//! How a fetch ends: every exit code, and what is said and left behind.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Output, Stdio};
use std::time::Duration;

use signin_sim::tines::Settings;

use crate::folder::Folder;
use crate::program::{signin, summary, text};
use crate::server::{Server, answer, page};
use crate::tenant::{ALL, Tenant, fetch, lines};

/// A fetch from a server of bytes.
fn from(server: &Server, arguments: &[&str]) -> Output {
    let mut command = fetch(&[&["--since", ALL], arguments].concat());
    command.env("TINES_BASE_URL", server.base()).env("TINES_API_KEY", "key-0123456789");
    command.output().unwrap()
}

const GOOD: &str = "{\"id\":1,\"operation_name\":\"Login\"}";
const MISFIT: &str =
    "{\"id\":2,\"created_at\":\"2026-03-02T09:00:00Z\",\"request_ip\":[\"private\"]}";

#[test]
fn records_that_do_not_fit_are_exit_3_and_kept_where_asked() {
    let server = Server::answers([page(&format!("{GOOD},{MISFIT}"))]);
    let output = from(&server, &["--format", "typed"]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout), format!("{GOOD}\n"));
    let said = lines(&output.stderr);
    assert_eq!(
        said[0],
        "rejected: audit_logs of all users: /request_ip: expected text, found a list"
    );
    assert!(said[1].starts_with("warning: the time of 1 record cannot be read"), "{said:?}");
    assert!(!text(&output.stderr).contains("private"));
    let end = summary(&output.stderr);
    assert_eq!((&end["records"], &end["rejected"]), (&1.into(), &1.into()));

    let folder = Folder::new();
    let rejected = ["--format", "typed", "--rejected", &folder.path("rejected.ndjson")];
    assert_eq!(from(&server, &rejected).status.code(), Some(3));
    assert!(folder.read("rejected.ndjson").contains(MISFIT));
    // Formats that take any record have no rejected ones.
    let raw = from(&server, &["--format", "raw"]);
    assert_eq!((raw.status.code(), lines(&raw.stdout)[1].as_str()), (Some(0), MISFIT));
}

#[test]
fn a_service_that_fails_is_exit_4_with_how_far_it_came() {
    let tenant = Tenant::start(Settings::default().users(2).events(300).fail_every(3, 400));
    let arguments = ["--format", "raw", "--per-page", "50", "--fetch-ahead", "0"];
    let output = tenant.run(&arguments);
    // A request that the vendor refuses is for a person to change; 503 is tried again.
    assert_eq!(output.status.code(), Some(5));
    let truth = tenant.logins();
    let read = lines(&output.stdout);
    assert_eq!(read, truth[..100]);
    let end = summary(&output.stderr);
    let oldest: serde_json::Value = serde_json::from_str(&truth[99]).unwrap();
    assert!(end["covered"]["since"].as_str() > oldest["created_at"].as_str(), "{end}");
    assert_eq!((&end["state"], &end["records"]), (&"incomplete".into(), &100.into()));

    let gone = Server::answers([answer("200 OK", "", "<html>please log in</html>")]);
    let output = from(&gone, &[]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    let end = summary(&output.stderr);
    assert_eq!(end["covered"], serde_json::Value::Null);
    assert!(end["hint"].as_str().unwrap().contains("--checkpoint"), "{end}");
    let by_users = tenant.run(&[&arguments[..], &["--way", "users"]].concat());
    assert_eq!(summary(&by_users.stderr)["covered"], serde_json::Value::Null, "no user is all");
}

#[test]
fn what_a_service_answers_is_never_exit_2() {
    let elsewhere = "location: https://elsewhere.example/\r\n";
    for (status, headers, body, code, reason) in [
        ("400 Bad Request", "", "{}", 5, "refused"),
        ("401 Unauthorized", "", "{}", 5, "secret"),
        ("402 Payment Required", "", "{}", 5, "licence"),
        ("403 Forbidden", "", "{}", 5, "role"),
        ("404 Not Found", "", "{}", 5, "not-found"),
        ("405 Method Not Allowed", "", "{}", 5, "refused"),
        ("409 Conflict", "", "{}", 4, "service"),
        ("410 Gone", "", "{}", 5, "not-found"),
        ("413 Too Large", "", "{}", 5, "refused"),
        ("422 Unprocessable", "", "{}", 5, "refused"),
        ("423 Locked", "", "{}", 4, "service"),
        ("302 Found", elsewhere, "", 5, "host"),
        ("200 OK", "", "<html>please log in</html>", 4, "unreadable"),
    ] {
        let server = Server::answers([answer(status, headers, body)]);
        let output = from(&server, &["--way", "audit-log", "-q"]);
        assert_eq!(output.status.code(), Some(code), "{status}: {}", text(&output.stderr));
        let end = summary(&output.stderr);
        assert_eq!((&end["reason"], &end["state"]), (&reason.into(), &"incomplete".into()));
    }
    let good = from(&Server::answers([page(GOOD)]), &[]);
    assert_eq!(summary(&good.stderr).get("reason"), None);
}

#[test]
fn a_link_that_leads_to_another_host_is_exit_5() {
    let body = "{\"value\":[{\"id\":\"a\",\"createdDateTime\":\"2026-03-02T09:00:00Z\"}],\
                \"@odata.nextLink\":\"https://elsewhere.example/v1.0/x\"}";
    let server = Server::answers([answer("200 OK", "", body)]);
    let mut command = signin(&["fetch", "msgraph", "--since", "2026-03-02T08:00:00Z", "-q"]);
    command.args(["--until", "2026-03-02T10:00:00Z", "--types", "interactive"]);
    command.env_clear().env("MSGRAPH_TENANT_ID", "contoso.example");
    command.env("MSGRAPH_TOKEN", "t-0123456789").env("MSGRAPH_BASE_URL", server.base());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    assert_eq!(summary(&output.stderr)["reason"], "host");
}

#[test]
fn a_key_that_went_while_the_run_was_under_way_is_exit_5() {
    let folder = Folder::new();
    let key = folder.write("key", "key-0123456789");
    let file = key.clone();
    let server = Server::start(move |_| {
        let _ = std::fs::remove_file(&file);
        answer("401 Unauthorized", "", "{}")
    });
    let output = fetch(&["--since", ALL])
        .env("TINES_BASE_URL", server.base())
        .env("TINES_API_KEY_FILE", &key)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    assert_eq!(summary(&output.stderr)["reason"], "secret");
}

#[test]
fn a_port_that_does_not_speak_tls_is_exit_5_and_the_program_names_its_own_options() {
    let server = Server::answers(["nonsense".to_owned()]);
    let output = fetch(&["--since", "24h", "-q"])
        .env("TINES_BASE_URL", format!("https://{}", server.address()))
        .env("TINES_API_KEY", "key-0123456789")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(5));
    assert_eq!(summary(&output.stderr)["reason"], "tls");
    let said = lines(&output.stderr);
    assert!(
        said[0].starts_with("error: tines audit_logs: the port does not speak TLS"),
        "{said:?}"
    );
    assert!(said[0].contains("name its root certificate with --ca-file"), "{said:?}");
}

#[test]
fn a_key_that_is_not_accepted_is_exit_5_with_what_to_do() {
    let tenant = Tenant::small();
    let output = tenant.fetch(&[]).env("TINES_API_KEY", "another-key").output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(5), 0));
    let said = lines(&output.stderr);
    assert!(said[0].contains("check that the key is this tenant's"), "{said:?}");
    assert!(!said[0].contains("user_token"), "the program has no such setting: {said:?}");
    assert_eq!(summary(&output.stderr)["hint"], "do first what the error line says");
}

#[test]
fn a_user_that_is_not_there_is_exit_5() {
    let output = Tenant::small().run(&["--user", "999999"]);
    assert_eq!(output.status.code(), Some(5));
    assert_eq!(summary(&output.stderr)["reason"], "not-found");
    assert!(text(&output.stderr).contains("check the user id"), "{}", text(&output.stderr));
    for bent in ["..", "1/2\n", ""] {
        let output = Tenant::small().run(&["--user", bent]);
        assert_eq!(output.status.code(), Some(2), "{bent:?}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_fetch_quietly() {
    let tenant = Tenant::start(Settings::default().users(3).events(100_000));
    let mut command = tenant.fetch(&["--format", "raw"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert_eq!(first.trim_end(), tenant.logins()[0]);
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_exit_4_and_a_deaf_standard_error_is_no_reason_to_fail() {
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let tenant = Tenant::small();
    let output = tenant.fetch(&[]).stdout(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    let said = lines(&output.stderr);
    assert!(said[0].starts_with("error: standard output cannot be written"), "{said:?}");
    let file = tenant.run(&["-o", "/dev/full"]);
    assert_eq!(file.status.code(), Some(4), "{}", text(&file.stderr));
    for stderr in [Stdio::from(full()), Stdio::null()] {
        let output = tenant.fetch(&["--format", "raw"]).stderr(stderr).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(lines(&output.stdout), tenant.logins());
    }
}

#[test]
fn a_service_that_throttles_is_waited_for_and_that_is_counted() {
    let settings = Settings::default().users(1).events(60).per_minute_audit_logs(2);
    let settings = settings.rate_window(Duration::from_millis(300));
    let tenant = Tenant::start_limited(settings);
    let output = tenant.run(&["--format", "raw", "--per-page", "20"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(lines(&output.stdout), tenant.logins());
    assert!(summary(&output.stderr)["throttled"].as_u64() > Some(0));
}

#[test]
fn nothing_that_a_terminal_obeys_reaches_it_from_an_error() {
    let body = "{\"errors\":[{\"message\":\"a\\u001b[2Jb\\u202ec\"}]}";
    let server = Server::answers([answer("400 Bad", "x-request-id: a\u{9b}b\r\n", body)]);
    for log in ["text", "json"] {
        let output = from(&server, &["--log", log]);
        assert_eq!(output.status.code(), Some(5));
        let said = text(&output.stderr).replace('\n', "");
        assert!(!said.contains(char::is_control) && !said.contains('\u{202e}'), "{said:?}");
    }
}

/// The most memory that a fetch used, in KiB, once most of its records were read.
#[cfg(target_os = "linux")]
fn memory(tenant: &Tenant, all: usize, lines: usize) -> u64 {
    let mut command = tenant.fetch(&["--format", "raw", "--per-page", "200"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(reader.by_ref().take(lines).map(Result::unwrap).count(), lines);
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    assert_eq!(reader.map(Result::unwrap).count(), all - lines);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn p7_memory_is_flat_over_100_000_sign_ins() {
    let few = Tenant::start(Settings::default().users(2).events(3_000));
    let many = Tenant::start(Settings::default().users(2).events(100_000));
    let (few, many) = (memory(&few, 3_000, 1_500), memory(&many, 100_000, 95_000));
    assert!(many * 2 <= few * 3, "{few} KiB for 3,000 events, {many} KiB for 100,000");
}
