//! P4 for the program: where keys come from, and that they never come out.

use std::fs;
use std::process::Output;

use signin_sim::tines::Settings;

use crate::folder::Folder;
use crate::program::{signin, text};
use crate::server::{Server, answer, page};
use crate::tenant::{ALL, Tenant, fetch, lines};

/// A key that is told apart from everything else.
const MARKED: &str = "MARKED-0123456789-abcdefghij";

fn tenant() -> Tenant {
    Tenant::start(Settings::default().users(1).events(20).api_key(MARKED))
}

/// A fetch that finds no key but in these variables.
fn with(tenant: &Tenant, variables: &[(&str, &str)]) -> Output {
    let mut command = tenant.fetch(&["--format", "raw"]);
    command.env_remove("TINES_API_KEY").envs(variables.iter().copied()).output().unwrap()
}

fn assert_unmarked(output: &Output) {
    let shown = format!("{}{}", text(&output.stdout), text(&output.stderr));
    for piece in [MARKED, "0123456789", "TUFSS0VELTAx", "key=MARKED"] {
        assert!(!shown.contains(piece), "{shown}");
    }
}

#[test]
fn a_key_comes_from_a_variable_a_file_or_a_credential() {
    let (tenant, folder) = (tenant(), Folder::new());
    let lf = folder.write("lf", format!("{MARKED}\n"));
    let crlf = folder.write("crlf", format!("{MARKED}\r\n"));
    folder.write("TINES_API_KEY", MARKED);
    for variables in [
        &[("TINES_API_KEY", MARKED)][..],
        &[("TINES_API_KEY", &format!("{MARKED}\n"))],
        &[("TINES_API_KEY_FILE", &lf)],
        &[("TINES_API_KEY_FILE", &crlf), ("TINES_API_KEY", "")],
        &[("CREDENTIALS_DIRECTORY", &folder.path(""))],
        &[("CREDENTIALS_DIRECTORY", "/nowhere"), ("TINES_API_KEY", MARKED)],
    ] {
        let output = with(&tenant, variables);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(lines(&output.stdout), tenant.logins());
        assert_unmarked(&output);
    }
}

#[test]
fn no_key_two_keys_or_a_bad_one_is_exit_2_with_what_to_do() {
    let (tenant, folder) = (tenant(), Folder::new());
    let file = folder.write("key", MARKED);
    let credential = folder.write("TINES_API_KEY", MARKED);
    fs::create_dir(folder.path("folder")).unwrap();
    let bad = folder.write("bad", format!("{MARKED}\u{1}"));
    let empty = folder.write("empty", "\n");
    for (variables, advice) in [
        (&[][..], "there is no API key; set TINES_API_KEY, or TINES_API_KEY_FILE"),
        (&[("TINES_API_KEY", "")], "there is no API key"),
        (&[("TINES_API_KEY_FILE", "/nowhere/key")], "/nowhere/key cannot be read"),
        (&[("TINES_API_KEY_FILE", &empty)], "is empty"),
        (&[("TINES_API_KEY_FILE", &folder.path("folder"))], "is a folder"),
        (&[("TINES_API_KEY_FILE", &bad)], "bad holds a control character"),
        (&[("TINES_API_KEY", "a\u{1}b-0123456789")], "TINES_API_KEY holds a control character"),
        (
            &[("TINES_API_KEY", MARKED), ("TINES_API_KEY_FILE", &file)],
            "TINES_API_KEY and TINES_API_KEY_FILE are both there",
        ),
        (
            &[("TINES_API_KEY_FILE", &credential), ("CREDENTIALS_DIRECTORY", &folder.path(""))],
            "TINES_API_KEY_FILE and $CREDENTIALS_DIRECTORY/TINES_API_KEY are both there",
        ),
    ] {
        let output = with(&tenant, variables);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{variables:?}");
        assert!(text(&output.stderr).contains(advice), "{}", text(&output.stderr));
        assert_unmarked(&output);
    }
}

#[test]
fn a_file_that_everybody_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt as _;

    let (tenant, folder) = (tenant(), Folder::new());
    let file = folder.write("key", MARKED);
    for (mode, warned) in [(0o644, true), (0o640, false), (0o600, false)] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let output = with(&tenant, &[("TINES_API_KEY_FILE", &file)]);
        let said = text(&output.stderr);
        assert_eq!(said.contains("can be read by every user; run chmod 600"), warned, "{said}");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn a_key_that_was_replaced_during_the_run_is_read_again() {
    let (folder, row) = (Folder::new(), "{\"id\":1,\"created_at\":\"2026-03-02T09:00:00Z\"}");
    let key = folder.write("key", "first-0123456789\n");
    let replaced = key.clone();
    let server = Server::start(move |number| match number {
        0 => {
            fs::write(&replaced, "second-0123456789\n").unwrap();
            answer("401 Unauthorized", "", "{}")
        }
        _ => page(row),
    });
    let output = fetch(&["--since", ALL, "--format", "raw", "--way", "audit-log"])
        .env("TINES_BASE_URL", server.base())
        .env("TINES_API_KEY_FILE", &key)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let keys: Vec<_> = server
        .seen()
        .iter()
        .filter_map(|head| head.lines().find_map(|line| line.strip_prefix("authorization: ")))
        .map(str::to_owned)
        .collect();
    assert_eq!(keys, ["Bearer first-0123456789", "Bearer second-0123456789"]);
}

#[test]
fn p4_a_key_never_comes_out_whatever_a_service_sends_back() {
    let base64 = "TUFSS0VELTAxMjM0NTY3ODktYWJjZGVmZ2hpag==";
    let mut answers = Vec::new();
    for echo in [MARKED, base64, &format!("key={MARKED}&x")] {
        for status in ["400 Bad", "401 Unauthorized", "403 Forbidden", "404 Not Found"] {
            let body = format!("{{\"errors\":[{{\"message\":\"{echo}\"}}]}}");
            answers.push(answer(status, &format!("x-request-id: {echo}\r\n"), &body));
            answers.push(answer(status, "", echo));
        }
        answers.push(answer("200 OK", "", echo));
        answers.push(answer("200 OK", "", &format!(
            "{{\"audit_logs\":[],\"meta\":{{\"next_page\":\"https://{echo}.example/?k={echo}\"}}}}"
        )));
        answers.push(answer("302 Found", &format!("location: https://x.example/{echo}\r\n"), ""));
    }
    let folder = Folder::new();
    for answer in answers {
        let server = Server::answers([answer.clone()]);
        for form in [&["-v"][..], &["-v", "--log", "json"]] {
            let checkpoint = folder.path("checkpoint");
            let own = ["--since", ALL, "--checkpoint", &checkpoint, "--way", "audit-log"];
            let output = fetch(&[&own[..], form].concat())
                .env("TINES_BASE_URL", server.base())
                .env("TINES_API_KEY", MARKED)
                .output()
                .unwrap();
            assert!(!output.status.success(), "{answer}");
            assert_unmarked(&output);
            if folder.names() == ["checkpoint"] {
                assert!(!folder.read("checkpoint").contains("0123456789"));
                fs::remove_file(checkpoint).unwrap();
            }
        }
    }
}

#[test]
fn p4_a_key_on_the_command_line_is_refused_and_not_shown() {
    for arguments in [
        &["fetch", "tines", "--since", "24h", "--api-key", MARKED][..],
        &["fetch", "tines", &format!("--token={MARKED}")],
        &["fetch", "--secret", MARKED, "tines"],
        &["--password", MARKED],
    ] {
        let output = signin(arguments).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        let said = text(&output.stderr);
        assert!(said.contains("a secret on the command line is seen by every user"), "{said}");
        assert_unmarked(&output);
    }
}
