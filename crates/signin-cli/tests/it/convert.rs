//! `signin convert`: every vendor's documented samples, in every format.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use signin_contract::samples::body;

use crate::folder::Folder;
use crate::program::{complete, feed, run, summary, text};
use crate::truth::VENDORS;

macro_rules! sample {
    ($vendor:literal, $endpoint:literal, $file:literal, $records:literal) => {
        (
            $vendor,
            $endpoint,
            concat!($vendor, "/", $file),
            include_str!(concat!("../../../../fixtures/", $vendor, "/", $file)),
            $records,
        )
    };
}

/// Each documented sample: vendor, endpoint, name, text, and the pointer to its records.
const SAMPLES: &[(&str, &str, &str, &str, &str)] = &[
    sample!("tines", "signin_activities", "signin_activities.json", "/admin~1login_activities"),
    sample!(
        "tines",
        "signin_activities",
        "signin_activities.last_page.json",
        "/admin~1login_activities"
    ),
    sample!("tines", "users", "users.json", "/admin~1users"),
    sample!("tines", "audit_logs", "audit_logs.json", "/audit_logs"),
    sample!("avepoint", "sign_ins", "sign_ins.jsonc", "/data"),
    sample!("avepoint", "sign_ins", "sign_ins.rfc3339.json", "/data"),
    sample!("avepoint", "customers", "customers.json", "/data"),
    sample!("ssojet", "login_logs", "login_logs.short.json", "/login_logs"),
    sample!("ssojet", "login_logs", "login_logs.json", "/login_logs"),
    sample!("ssojet", "login_logs", "login_logs.2026.json", "/audit_logs"),
    sample!("ssojet", "users", "users.json", "/users"),
    sample!("ssojet", "users", "users.last_page.json", "/users"),
    sample!("pingone", "user_activities", "user_activities.json", "/_embedded/userActivities"),
    sample!(
        "pingone",
        "user_activities",
        "user_activities.with_environment.json",
        "/_embedded/userActivities"
    ),
    sample!("pingone", "activities", "activities.json", "/_embedded/activities"),
    sample!("pingone", "activities", "activities.last_page.json", "/_embedded/activities"),
    sample!("msgraph", "sign_ins", "sign_in.fido2_mfa.http", "/value"),
    sample!("msgraph", "sign_ins", "sign_in.password.http", "/value"),
    sample!("msgraph", "sign_ins", "sign_in.entity.json", ""),
    sample!("msgraph", "sign_ins", "sign_ins.page.json", "/value"),
    sample!("msgraph", "sign_ins", "sign_ins.last_page.json", "/value"),
];

/// The records of a sample as JSON values.
fn records(text: &str, pointer: &str) -> Vec<Value> {
    let root: Value = serde_json::from_str(text).unwrap();
    match root.pointer(pointer).unwrap() {
        Value::Array(records) => records.clone(),
        record => vec![record.clone()],
    }
}

fn values(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A text without its line breaks, which no JSON text holds in its strings.
fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], "")
}

#[test]
fn every_documented_page_gives_its_records_byte_for_byte() {
    for (vendor, _, name, sample, pointer) in SAMPLES {
        let page = body(sample);
        let output = feed(&["convert", vendor, "--format", "raw"], page.clone());
        let lines = complete(&output);
        assert_eq!(values(lines), records(&page, pointer), "{name}");
        // Each line stands in the page as it is, but for its line breaks.
        for line in lines.lines() {
            assert!(one_line(&page).contains(line), "{name}: {line}");
        }
    }
}

#[test]
fn envelopes_say_what_each_record_is_and_give_it_back_byte_for_byte() {
    for (vendor, endpoint, name, sample, _) in SAMPLES {
        let page = body(sample);
        let raw = feed(&["convert", vendor, "--format", "raw"], page.clone()).stdout;
        let envelopes = feed(&["convert", vendor, "--tenant", "t", "--customer", "c"], page);
        for envelope in values(complete(&envelopes)) {
            assert_eq!(
                (&envelope["v"], &envelope["vendor"], &envelope["endpoint"]),
                (&json!(1), &json!(vendor), &json!(endpoint)),
                "{name}"
            );
            assert_eq!((&envelope["tenant"], &envelope["customer"]), (&json!("t"), &json!("c")));
            assert_eq!(envelope.get("fetched_at"), None, "nobody knows when it was fetched");
        }
        let again = feed(&["convert", vendor, "-"], envelopes.stdout.clone());
        assert_eq!(again.stdout, envelopes.stdout, "{name}: an envelope stays what it is");
        let back = feed(&["convert", vendor, "--format", "raw"], envelopes.stdout);
        assert_eq!(complete(&back).as_bytes(), raw, "{name}");
    }
}

#[test]
fn every_documented_sample_in_the_formats_that_people_and_programs_read() {
    let mut table = String::new();
    let mut typed = String::new();
    for (vendor, _, name, sample, _) in SAMPLES {
        let convert = |format| {
            let output =
                feed(&["convert", vendor, "--user", "u1", "--format", format], body(sample));
            complete(&output).to_owned()
        };
        assert_eq!(values(&convert("typed")).len(), convert("raw").lines().count(), "{name}");
        table += &format!("{name}\n{}\n", convert("table"));
        typed += &format!("{name}\n{}\n", convert("typed"));
    }
    insta::assert_snapshot!("table", table);
    insta::assert_snapshot!("typed", typed);
}

#[test]
fn fetched_to_raw_is_fetched_to_envelopes_and_converted() {
    for vendor in VENDORS {
        let fetched = |format| {
            run(&["demo", "--vendor", vendor, "--events", "150", "--format", format]).stdout
        };
        let envelopes = fetched("envelope");
        for format in ["raw", "typed", "table"] {
            let converted = feed(&["convert", vendor, "--format", format], envelopes.clone());
            assert_eq!(complete(&converted).as_bytes(), fetched(format), "{vendor} {format}");
        }
        let same = feed(&["convert", vendor], envelopes.clone());
        assert_eq!(complete(&same).as_bytes(), envelopes, "{vendor}");
    }
}

/// Records that are JSON and hard to keep: numbers that no type holds, spaces, names that come
/// twice, members that nobody knows, escapes, and kinds of values that are no record.
const HARD: &[&str] = &[
    "{\"id\":18446744073709551616,\"ip\":1e400}",
    "{\"id\":0.10000000000000000000001,\"x\":-0,\"y\":1E+2}",
    "{ \"id\" :\t1 , \"ip\":\"192.0.2.1\" }",
    "{\"id\":1,\"id\":2,\"ip\":\"a\",\"ip\":[\"b\"]}",
    "{\"id\":1,\"ip\":\"\\u0000\\ud83d\\ude00\\/\\u2028\u{2028}\u{7f}\",\"\\u0069p\":null}",
    "{\"id\":\"\\ud800\",\"\\ud800\":1}",
    "{\"v\":1,\"ip\":\"no envelope\"}",
    "{}",
    "[[]]",
    "7",
    "\"text\"",
    "null",
];

#[test]
fn p2_valid_json_is_never_rejected_in_raw_and_envelope_and_keeps_its_bytes() {
    let lines: String = HARD.iter().map(|record| format!("{record}\n")).collect();
    // A list among the lines is a list of records.
    let expected = lines.replace("[[]]", "[]");
    let raw = feed(&["convert", "tines", "--format", "raw"], lines.clone());
    assert_eq!(complete(&raw), expected);
    let arguments = ["convert", "tines", "--endpoint", "signin_activities"];
    let envelopes = feed(&arguments, lines);
    assert_eq!(complete(&envelopes).lines().count(), HARD.len());
    let back = feed(&["convert", "tines", "--format", "raw"], envelopes.stdout);
    assert_eq!(complete(&back), expected);
    // As the elements of a list, and as the records of a page.
    let list = format!("[{}]", HARD.join(" , "));
    let expected = HARD.join("\n") + "\n";
    let page = format!("{{\"admin/login_activities\" : {list}, \"meta\":{{}}}}");
    for input in [list, page] {
        let raw = feed(&["convert", "tines", "--format", "raw"], input);
        assert_eq!(complete(&raw), expected);
    }
}

#[test]
fn what_a_record_does_not_say_comes_from_its_envelope_else_from_the_command_line() {
    let bare = "{\"IpAddress\":\"192.0.2.1\"}";
    let output = feed(&["convert", "ssojet", "--user", "u1", "--client-id", "c1"], bare);
    let envelope = complete(&output);
    assert!(
        envelope.starts_with(
            "{\"v\":1,\"vendor\":\"ssojet\",\"endpoint\":\"login_logs\",\"user\":\"u1\",\
             \"client_id\":\"c1\",\"id\":null,\"rev\":\""
        ),
        "{envelope}"
    );
    let arguments = ["convert", "ssojet", "--user", "u2", "--tenant", "t2"];
    let again = feed(&arguments, envelope);
    let value: Value = serde_json::from_str(complete(&again)).unwrap();
    assert_eq!((&value["user"], &value["tenant"]), (&json!("u1"), &json!("t2")));
    let all = ["--tenant", "t", "--customer", "c", "--user", "u", "--client-id", "i"];
    let bare = "{\"v\":1,\"vendor\":\"ssojet\",\"endpoint\":\"users\",\"record\":{}}";
    let output = feed(&[&["convert", "ssojet"], &all[..]].concat(), bare);
    let said = "\"tenant\":\"t\",\"customer\":\"c\",\"user\":\"u\",\"client_id\":\"i\",\"id\":null";
    assert!(complete(&output).contains(said), "{}", text(&output.stdout));
    let id =
        "{\"v\":1,\"vendor\":\"ssojet\",\"endpoint\":\"login_logs\",\"id\":\"own\",\"record\":{}}";
    let value: Value = serde_json::from_str(complete(&feed(&arguments, id))).unwrap();
    assert_eq!(value["id"], "own", "an id that the record has not is kept");
}

#[test]
fn a_record_whose_type_cannot_be_told_is_a_question_not_a_guess() {
    let entry = "{\"id\":1,\"created_at\":\"2026-03-02T09:30:00Z\",\"user_id\":7}\n";
    for format in ["envelope", "typed", "table"] {
        let output = feed(&["convert", "tines", "--format", format], entry);
        assert_eq!(output.status.code(), Some(2));
        let said = text(&output.stderr);
        let expected = "error: standard input: line 1: nothing says what the record is: say it by \
                        --endpoint signin_activities or audit_logs\n";
        assert!(said.starts_with(expected), "{said}");
    }
    let both = "{\"ip\":\"192.0.2.1\",\"operation_name\":\"Login\"}";
    let output = feed(&["convert", "tines"], both);
    assert!(text(&output.stderr).contains("--endpoint signin_activities or audit_logs\n"));
    let told = ["convert", "tines", "--endpoint", "audit_logs", "--format", "typed"];
    assert_eq!(complete(&feed(&told, entry)).lines().count(), 1);
    // Where the input says it, the flag does not hold.
    let page = format!("{{\"admin/login_activities\":[{entry}]}}");
    let output = feed(&["convert", "tines", "--endpoint", "audit_logs"], page);
    assert!(complete(&output).contains("\"endpoint\":\"signin_activities\""));
}

#[test]
fn control_characters_reach_neither_the_table_nor_the_error_lines() {
    let name = "\\u001b[2J\\u202e\\u0007";
    let record = format!("{{\"id\":1,\"ip\":\"{name}\",\"user_agent\":\"{name}\"}}\n");
    let broken = "{\"ip\":\"\u{1b}[2J\"}\n{\"ip\":[\"\\u001b\"],\"\u{9b}\":1}\n";
    let output = feed(&["convert", "tines", "--format", "table"], record + broken);
    assert_eq!(output.status.code(), Some(3));
    for said in [&output.stdout, &output.stderr] {
        let unsafe_to_show =
            text(said).chars().filter(|c| *c != '\n' && signin_core::vendor::is_unsafe_to_show(*c));
        assert_eq!(unsafe_to_show.count(), 0, "{}", text(said));
    }
    assert!(text(&output.stdout).contains("�[2J��"), "{}", text(&output.stdout));
}

const MISFIT: &str = "{\"id\":2,\"ip\":[\"secret\"]}";

fn sha_256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn rejected_records_are_kept_with_the_reason_and_are_converted_again() {
    let folder = Folder::new();
    let good = "{\"id\":1,\"ip\":\"192.0.2.1\"}";
    let input = format!("{good}\n{MISFIT}\n{{\"id\":3,\n{good}\n");
    let input = folder.write("in.ndjson", [input.as_bytes(), b"{\"id\":\"\xff\"}\n"].concat());
    let out = folder.path("out.ndjson");
    let convert = ["convert", "tines", &input, "--tenant", "t", "--format", "typed", "-o", &out];
    let output = run(&convert);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr).lines().count(), 1, "{}", text(&output.stderr));
    let counted = summary(&output.stderr);
    assert_eq!((&counted["records"], &counted["rejected"]), (&json!(2), &json!(3)));
    assert_eq!(folder.read("out.ndjson").lines().count(), 2);
    assert_eq!(folder.names(), ["in.ndjson", "out.ndjson", "rejected.ndjson"]);
    let rejected = folder.read("rejected.ndjson");
    let [record, broken, bytes] = rejected.lines().collect::<Vec<_>>()[..] else { panic!() };
    assert_eq!(
        record,
        format!(
            "{{\"v\":1,\"vendor\":\"tines\",\"endpoint\":\"signin_activities\",\"tenant\":\"t\",\
             \"id\":\"2\",\"rev\":\"{}\",\"path\":\"/ip\",\
             \"reason\":\"expected text, found a list\",\"record\":{MISFIT}}}",
            sha_256(MISFIT),
        )
    );
    assert!(
        broken.ends_with(
            ",\"id\":null,\"path\":\"\",\"reason\":\"expected JSON, found the end of the line: it \
             is cut off\",\"text\":\"{\\\"id\\\":3,\"}"
        ),
        "{broken}"
    );
    assert!(bytes.ends_with("found another byte at byte 8\",\"base64\":\"eyJpZCI6Iv8ifQ==\"}"));

    // Again, in a format that takes the record: what is no record stays rejected, as it was.
    let (rejected, again) = (folder.path("rejected.ndjson"), folder.path("again.ndjson"));
    let raw = run(&["convert", "tines", &rejected, "--format", "raw", "--rejected", &again]);
    assert_eq!((raw.status.code(), text(&raw.stdout)), (Some(3), &*format!("{MISFIT}\n")));
    let kept = folder.read("again.ndjson");
    let tail = |line: &str| line.split_once("\"reason\"").unwrap().1.to_owned();
    assert_eq!(
        kept.lines().map(tail).collect::<Vec<_>>(),
        [tail(broken), tail(bytes)],
        "however often it is tried"
    );
}

#[test]
fn rejected_records_of_runs_before_stay() {
    let folder = Folder::new();
    let place = folder.write("rejected.ndjson", "cut off");
    for _ in 0..2 {
        let arguments = ["convert", "tines", "--format", "typed", "--rejected", &place];
        assert_eq!(feed(&arguments, MISFIT).status.code(), Some(3));
    }
    let rejected = folder.read("rejected.ndjson");
    let lines: Vec<_> = rejected.lines().collect();
    assert_eq!((lines.len(), lines[0]), (3, "cut off"));
    assert!(lines[1..].iter().all(|line| line.ends_with(&format!("\"record\":{MISFIT}}}"))));
}

#[test]
fn without_a_file_rejected_records_are_lines_for_people() {
    let page = format!("[{{\"ip\":\"192.0.2.1\"}},\n{MISFIT}]");
    let output = feed(&["convert", "tines", "--format", "typed"], format!("{MISFIT}\n{page}"));
    assert_eq!(output.status.code(), Some(3));
    let said: Vec<_> = text(&output.stderr).lines().collect();
    assert_eq!(
        said[..2],
        [
            "rejected: standard input: line 1: /ip: expected text, found a list",
            "rejected: standard input: line 2, record 2: /ip: expected text, found a list",
        ]
    );
    assert!(!text(&output.stderr).contains("secret"));
    let folder = Folder::new();
    let arguments = ["convert", "tines", "--format", "typed", "--rejected", "-", "-o"];
    let output = feed(&[&arguments[..], &[&folder.path("out")]].concat(), MISFIT);
    assert!(text(&output.stderr).starts_with("rejected: standard input: line 1: "));
    assert_eq!(folder.names(), ["out"]);
}
