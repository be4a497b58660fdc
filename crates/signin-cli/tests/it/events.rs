//! `--format event`, `ocsf` and `ecs`.

use serde_json::Value;

use crate::folder::Folder;
use crate::program::{complete, feed, run, summary, text};
use crate::tenant::Tenant;

const EVENTS: [&str; 3] = ["event", "ocsf", "ecs"];

fn values(ndjson: &str) -> Vec<Value> {
    ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn fetched_to_events_is_fetched_to_envelopes_and_converted_byte_for_byte() {
    for vendor in ["avepoint", "ssojet", "pingone", "msgraph"] {
        let demo = |format: &[&str]| {
            let fixed = ["demo", "--vendor", vendor, "--events", "150", "--format"];
            complete(&run(&[&fixed, format].concat())).to_owned()
        };
        let envelopes = demo(&["envelope"]);
        for format in EVENTS {
            for keep_raw in [&[][..], &["--keep-raw"]] {
                let format = [&[format], keep_raw].concat();
                let converted =
                    feed(&[&["convert", vendor, "--format"], &*format].concat(), envelopes.clone());
                let converted = complete(&converted);
                assert_eq!(converted, demo(&format), "{vendor} {format:?}");
                assert!(converted.lines().count() > 50, "{vendor} {format:?}");
            }
        }
    }
}

#[test]
fn fetched_to_events_is_fetched_to_envelopes_and_converted_by_both_ways_of_tines() {
    let tenant = Tenant::small();
    for way in [&[][..], &["--way", "users"]] {
        let fetch = |format: &str| {
            let output = tenant.run(&[&["--format", format], way].concat());
            complete(&output).to_owned()
        };
        let envelopes = fetch("envelope");
        for format in EVENTS {
            let converted = feed(&["convert", "tines", "--format", format], envelopes.clone());
            assert_eq!(complete(&converted), fetch(format), "{way:?} {format}");
        }
    }
}

#[test]
fn p2_every_sign_in_of_the_demo_is_an_event_in_every_schema() {
    for format in EVENTS {
        let output = run(&["demo", "--events", "300", "--format", format]);
        let events = values(complete(&output));
        let summaries: u64 = crate::program::summaries(&output.stderr)
            .iter()
            .filter_map(|summary| summary["vendor"].as_str().and(summary["records"].as_u64()))
            .sum();
        assert_eq!(events.len() as u64, summaries, "{format}");
        let id = |event: &Value| match format {
            "event" => event["id"].clone(),
            "ocsf" => event["metadata"]["uid"].clone(),
            _ => event["event"]["id"].clone(),
        };
        let ids: std::collections::HashSet<_> =
            events.iter().map(|it| id(it).to_string()).collect();
        assert_eq!(ids.len(), events.len(), "every event has an id of its own: {format}");
    }
}

const MSGRAPH: &str = r#"{"id":"1","createdDateTime":"2026-01-02T03:04:05Z","userId":"2"}"#;

#[test]
fn what_an_event_needs_and_nobody_said_is_a_usage_error_that_names_the_option() {
    let output = feed(&["convert", "msgraph", "--format", "ocsf"], MSGRAPH);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(text(&output.stderr).contains("give --tenant"), "{}", text(&output.stderr));
    let page = r#"{"login_logs":[{"CreatedAt":"2026-01-02T03:04:05Z"}]}"#;
    for given in [&[][..], &["--user", "u"], &["--client-id", "c"]] {
        let output = feed(&[&["convert", "ssojet", "--format", "ecs"], given].concat(), page);
        assert_eq!(output.status.code(), Some(2), "{given:?}");
        assert!(text(&output.stderr).contains("give --"), "{}", text(&output.stderr));
    }
    let given = ["convert", "ssojet", "--format", "ecs", "--user", "u", "--client-id", "c"];
    assert_eq!(values(complete(&feed(&given, page))).len(), 1);
}

#[test]
fn lists_that_are_no_sign_ins_are_refused_with_what_to_do() {
    let users = r#"{"admin/users":[{"id":1,"email":"ada@example.com"}]}"#;
    let counts = r#"{"_embedded":{"userActivities":[{"startDate":"2026-01-02T00:00:00Z",
        "endDate":"2026-01-03T00:00:00Z","userSignOns":{"successes":3,"failures":1}}]}}"#;
    for (vendor, format, input, advice) in [
        ("tines", "event", users, "users are no sign-ins: give --format typed"),
        ("pingone", "ocsf", counts, "OCSF has no class for: give --format ecs or event"),
    ] {
        let output = feed(&["convert", vendor, "--format", format, "--tenant", "t"], input);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{vendor}");
        assert!(text(&output.stderr).contains(advice), "{}", text(&output.stderr));
    }
    let given = ["convert", "pingone", "--endpoint", "user_activities", "--format", "ocsf"];
    let output = feed(&given, counts);
    assert_eq!(output.status.code(), Some(2));
    let metric = feed(&["convert", "pingone", "--format", "ecs", "--tenant", "t"], counts);
    assert_eq!(values(complete(&metric))[0]["event"]["kind"], "metric");
}

#[test]
fn records_that_are_no_sign_ins_are_left_out_and_counted() {
    let row = |id: u64, operation: &str| {
        format!(
            r#"{{"id":{id},"user_id":2,"created_at":"2026-01-02T03:04:05Z","operation_name":"{operation}"}}"#
        )
    };
    let rows = [row(1, "Login"), row(2, "StoryCreation"), row(3, "UserCreation")].join("\n");
    let given = ["convert", "tines", "--endpoint", "audit_logs", "--tenant", "acme.tines.com"];
    let output = feed(&[&given[..], &["--format", "ocsf"]].concat(), rows);
    assert_eq!(values(complete(&output)).len(), 1);
    let summary = summary(&output.stderr);
    assert_eq!((&summary["records"], &summary["no_sign_ins"]), (&1.into(), &2.into()));
}

#[test]
fn a_record_without_time_or_principal_is_rejected_with_the_reason_and_can_be_mended() {
    let folder = Folder::new();
    let rejected = folder.path("rejected.ndjson");
    let timeless = r#"{"id":"2","createdDateTime":"0001-01-01T00:00:00Z","userId":"2"}"#;
    let given = ["convert", "msgraph", "--format", "ocsf", "--tenant", "t", "--rejected"];
    let given = [&given[..], &[rejected.as_str()]].concat();
    let output = feed(&given, format!("{MSGRAPH}\n{timeless}\n"));
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(values(text(&output.stdout)).len(), 1, "its neighbour is written");
    let line = std::fs::read_to_string(&rejected).unwrap();
    let envelope: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(envelope["path"], "/createdDateTime");
    assert!(envelope["reason"].as_str().unwrap().contains("expected a time"), "{line}");
    assert!(line.contains(timeless), "{line}");
    let raw = feed(&["convert", "msgraph", "--format", "raw"], line);
    assert_eq!(complete(&raw), format!("{timeless}\n"));
}

#[test]
fn the_records_own_text_is_kept_if_asked_for_and_for_events_only() {
    let given = ["convert", "msgraph", "--tenant", "t", "--keep-raw", "--format"];
    let with = |format: &'static str| [&given[..], &[format]].concat();
    let pretty = MSGRAPH.replace(',', ",\n ");
    for (format, pointer) in [("event", "/raw"), ("ocsf", "/raw_data"), ("ecs", "/event/original")]
    {
        let output = feed(&with(format), pretty.clone());
        let kept = values(complete(&output))[0].pointer(pointer).cloned();
        assert_eq!(kept, Some(pretty.replace('\n', "").into()), "{format}");
        let plain = feed(&["convert", "msgraph", "--tenant", "t", "--format", format], MSGRAPH);
        assert_eq!(values(complete(&plain))[0].pointer(pointer), None, "{format}");
    }
    let output = feed(&with("raw"), MSGRAPH);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--keep-raw goes with"), "{}", text(&output.stderr));
}
