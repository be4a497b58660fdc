//! `signin fetch tines`: what comes out is the tenant's truth, in every format, by every way.

use serde_json::Value;
use signin_sim::tines::Settings;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::folder::Folder;
use crate::program::{run, summary, text};
use crate::tenant::{Tenant, lines};

fn value(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

fn instant(text: &str) -> OffsetDateTime {
    OffsetDateTime::parse(text, &Rfc3339).unwrap()
}

fn created_at(line: &str) -> String {
    value(line).get("created_at").unwrap().as_str().unwrap().to_owned()
}

#[test]
fn raw_is_the_audit_logs_own_rows_byte_for_byte_whatever_the_pages() {
    let tenant = Tenant::start(Settings::default().users(5).deleted_users(1).events(700));
    for per_page in ["500", "7"] {
        let output = tenant.run(&["--format", "raw", "--per-page", per_page]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(lines(&output.stdout), tenant.logins());
        let summary = summary(&output.stderr);
        assert_eq!(
            (&summary["way"], &summary["endpoint"]),
            (&"audit-log".into(), &"audit_logs".into())
        );
        assert_eq!(summary["records"], 700);
    }
}

#[test]
fn raw_by_users_is_every_users_own_list() {
    let tenant = Tenant::small();
    for concurrency in ["1", "16"] {
        let output =
            tenant.run(&["--format", "raw", "--way", "users", "--concurrency", concurrency]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(lines(&output.stdout), tenant.sign_ins());
        let summary = summary(&output.stderr);
        let (way, endpoint) = (&summary["way"], &summary["endpoint"]);
        assert_eq!((way, endpoint), (&"users".into(), &"signin_activities".into()));
    }
}

#[test]
fn without_an_audit_log_users_are_read_and_that_is_said() {
    for status in [403, 404] {
        let settings = Settings::default().users(3).events(60).audit_log(false);
        let tenant = Tenant::start(settings.audit_log_refusal(status));
        let output = tenant.run(&["--format", "raw"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(lines(&output.stdout), tenant.sign_ins());
        let warning = format!("warning: the audit log was refused ({status}): ");
        assert!(text(&output.stderr).starts_with(&warning), "{}", text(&output.stderr));
        assert_eq!(summary(&output.stderr)["way"], "users");
        // Who asks for the audit log gets it or an error.
        let only = tenant.run(&["--format", "raw", "--way", "audit-log"]);
        assert_eq!(only.status.code(), Some(5));
        assert_eq!(text(&only.stdout), "");
    }
}

#[test]
fn an_envelope_says_whose_list_it_was_and_holds_the_record_as_it_came() {
    let tenant = Tenant::small();
    let by_log = tenant.run(&[]);
    for (line, truth) in lines(&by_log.stdout).iter().zip(tenant.logins()) {
        let (_, record) = line.split_once(",\"record\":").unwrap();
        assert_eq!(record.strip_suffix('}').unwrap(), truth);
        let envelope = value(line);
        assert_eq!(envelope["endpoint"], "audit_logs");
        assert_eq!(envelope["tenant"], tenant.service.base_url());
        assert_eq!(envelope.get("user"), None);
        assert_eq!(envelope["id"], envelope["record"]["id"].to_string());
    }
    let by_users = tenant.run(&["--way", "users"]);
    let envelopes = lines(&by_users.stdout);
    assert_eq!(envelopes.len(), tenant.sign_ins().len());
    for envelope in envelopes.iter().map(|line| value(line)) {
        assert_eq!(envelope["endpoint"], "signin_activities");
        assert_eq!(envelope["user"], envelope["record"]["user_id"].to_string());
        instant(envelope["fetched_at"].as_str().unwrap());
    }
}

#[test]
fn typed_and_table_hold_every_sign_in() {
    let tenant = Tenant::small();
    let typed = tenant.run(&["--format", "typed"]);
    let truth = tenant.logins();
    for (line, truth) in lines(&typed.stdout).iter().zip(&truth) {
        let (typed, truth) = (value(line), value(truth));
        assert_eq!((&typed["id"], &typed["user_email"]), (&truth["id"], &truth["user_email"]));
    }
    let table = tenant.run(&["--format", "table"]);
    let rows = lines(&table.stdout);
    assert_eq!(rows.len(), truth.len() + 1);
    for (row, truth) in rows.iter().skip(1).zip(&truth) {
        assert!(row.starts_with(&created_at(truth)), "{row}");
        assert!(!row.contains(char::is_control), "{row:?}");
    }
}

#[test]
fn named_users_are_read_alone_by_either_way() {
    let tenant = Tenant::small();
    let ids: Vec<u64> = tenant.service.user_ids().collect();
    let (one, other) = (ids[2].to_string(), ids[0].to_string());
    let of = |user: u64| tenant.service.sign_ins(user, None, None).map(|row| row.to_json());
    // In the order in which they were named, each once.
    let truth: Vec<String> = of(ids[2]).chain(of(ids[0])).collect();
    let users = ["--user", &one, "--user", &other, "--user", &one, "--format", "raw"];
    let output = tenant.run(&users);
    assert_eq!(lines(&output.stdout), truth);
    assert_eq!(summary(&output.stderr)["records"], truth.len());
    let logins = tenant.run(&[&users[..], &["--way", "audit-log"]].concat());
    let logins = lines(&logins.stdout);
    assert_eq!(logins.len(), truth.len());
    let whose = |line: &String| value(line)["user_id"].as_u64().unwrap();
    assert!(logins.iter().map(whose).all(|user| [ids[0], ids[2]].contains(&user)));
}

#[test]
fn since_and_until_hold_to_the_second_whatever_the_service_does() {
    let tenant = Tenant::start(Settings::default().users(2).events(400));
    let all = tenant.logins();
    let (since, until) = (created_at(&all[300]), created_at(&all[100]));
    assert!(since < until);
    let truth: Vec<String> = all
        .iter()
        .filter(|line| (instant(&since)..instant(&until)).contains(&instant(&created_at(line))))
        .cloned()
        .collect();
    for way in ["audit-log", "users"] {
        let arguments = ["--since", &since, "--until", &until, "--format", "raw", "--way", way];
        let output = tenant.fetch_with(&arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let lines = lines(&output.stdout);
        if way == "audit-log" {
            assert_eq!(lines, truth);
        }
        assert_eq!(lines.len(), truth.len(), "{way}");
        let summary = summary(&output.stderr);
        assert_eq!(summary["asked"]["since"], since);
        assert_eq!(summary["covered"], summary["asked"]);
        assert!(summary["filtered"].as_u64() > Some(0), "a little more was asked for: {summary}");
    }
}

#[test]
fn the_summary_tells_of_the_run_on_standard_error_and_in_its_file() {
    let tenant = Tenant::small();
    let folder = Folder::new();
    let output = tenant.run(&["--format", "raw", "--summary", &folder.path("summary.json")]);
    assert_eq!(folder.read("summary.json").trim_end(), lines(&output.stderr).last().unwrap());
    assert_eq!(folder.names(), ["summary.json"]);
    let summary = summary(&output.stderr);
    assert_eq!(summary["newest"], created_at(&tenant.logins()[0]));
    for (member, expected) in
        [("vendor", "tines"), ("state", "complete"), ("hint", ""), ("way", "audit-log")]
    {
        assert_eq!(summary[member], expected, "{summary}");
    }
    assert_eq!(summary["asked"]["since"], crate::tenant::ALL);
    assert_eq!(summary["covered"]["since"], crate::tenant::ALL);
    assert!(summary["covered"]["until"].is_string() && summary["asked"]["until"].is_null());
    assert_eq!((&summary["filtered"], &summary["resumed"]), (&0.into(), &false.into()));
}

#[test]
fn standard_error_is_silent_detailed_or_json_as_asked() {
    let tenant = Tenant::start(Settings::default().users(2).events(60).audit_log(false));
    let stderr = |arguments: &[&str]| {
        let output = tenant.run(&[arguments, &["--format", "raw"]].concat());
        assert_eq!(output.status.code(), Some(0));
        lines(&output.stderr)
    };
    assert_eq!(stderr(&["-q"]).len(), 1, "the summary alone");
    assert_eq!(stderr(&[]).len(), 3, "warnings of the way and the clock, and the summary");
    let detailed = stderr(&["-v"]);
    let requests = detailed.iter().filter(|line| line.starts_with("request: tines ")).count();
    let summary = value(detailed.last().unwrap());
    assert_eq!(summary["requests"], requests, "{detailed:?}");
    assert!(detailed[0].starts_with("request: tines audit_logs: 403, "), "{detailed:?}");
    let json = stderr(&["-v", "--log", "json"]);
    assert_eq!(json.len(), detailed.len());
    for line in json.iter().take(json.len() - 1).map(|line| value(line)) {
        instant(line["time"].as_str().unwrap());
        let level = line["level"].as_str().unwrap();
        assert!(["request", "warning"].contains(&level), "{line}");
        assert!(line["message"].is_string());
    }
    assert_eq!(value(json.last().unwrap())["state"], "complete");
}

#[test]
fn what_was_fetched_as_envelopes_converts_to_what_another_format_would_have_been() {
    for way in ["audit-log", "users"] {
        let (tenant, folder) = (Tenant::small(), Folder::new());
        let file = folder.path("all.ndjson");
        let fetched = tenant.run(&["--way", way, "-o", &file]);
        assert_eq!((fetched.status.code(), fetched.stdout.len()), (Some(0), 0));
        for format in ["raw", "typed", "table"] {
            let converted = run(&["convert", "tines", &file, "--format", format]);
            assert_eq!(converted.status.code(), Some(0), "{}", text(&converted.stderr));
            let direct = tenant.run(&["--way", way, "--format", format]);
            assert_eq!(text(&converted.stdout), text(&direct.stdout), "{format}");
        }
        let again = run(&["convert", "tines", &file, "--format", "envelope"]);
        assert_eq!(text(&again.stdout), folder.read("all.ndjson"));
    }
}
