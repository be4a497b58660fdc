//! `--format event`, `ocsf` and `ecs`.

use std::process::Command;
use std::time::Duration as StdDuration;

use serde_json::Value;
use signin_sim::{Simulator, avepoint, msgraph, pingone, ssojet, tines};
use time::Duration;

use crate::fetch_pingone::now;
use crate::folder::Folder;
use crate::program::{complete, feed, run, signin, summary, text};
use crate::tenant::ALL;

const EVENTS: [&str; 3] = ["event", "ocsf", "ecs"];

fn values(ndjson: &str) -> Vec<Value> {
    ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A service of each vendor, and the program reading it: they stop with this value.
struct Services(Simulator);

impl Services {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let newest = now() - Duration::HOUR;
        let pingone = pingone::Settings::default().newest(newest).per_second(u32::MAX).events(160);
        let tines = tines::Settings::default().users(4).events(100).rate_window(StdDuration::ZERO);
        let tines =
            tines.per_minute(u32::MAX).per_minute_audit_logs(u32::MAX).per_minute_general(u32::MAX);
        let limits = |settings: msgraph::Settings| settings.per_tenant(u32::MAX).per_app(u32::MAX);
        let simulator = Simulator::builder()
            .seed(3)
            .tines(tines)
            .avepoint(avepoint::Settings::default().events(100).per_minute(u32::MAX))
            .ssojet(ssojet::Settings::default().users(4).events(100).token("token"))
            .pingone(pingone)
            .msgraph(limits(msgraph::Settings::default().events(100).full(true)));
        Self(runtime.block_on(simulator.start()).unwrap())
    }

    /// `signin fetch` of this vendor: all that there is, but for the format.
    fn fetch(&self, vendor: &str) -> Command {
        let mut command = signin(&["fetch", vendor]);
        command.env_clear();
        match vendor {
            "tines" => {
                let service = self.0.tines().unwrap();
                command.env("TINES_BASE_URL", service.base_url());
                command.env("TINES_API_KEY", service.api_key()).args(["--since", ALL]);
            }
            "avepoint" => {
                let service = self.0.avepoint().unwrap();
                let (url, app) = (service.base_url(), service.oauth());
                command.args(["--since", ALL, "--base-url", url, "--auth-url", url]);
                command.args(["--concurrency", "1"]).env("AVEPOINT_CLIENT_ID", app.client_id());
                command.env("AVEPOINT_CLIENT_SECRET", app.client_secret());
            }
            "ssojet" => {
                let service = self.0.ssojet().unwrap();
                command.args(["--since", ALL, "--base-url", service.base_url()]);
                command.env("SSOJET_CLIENT_ID", service.client_id()).env("SSOJET_TOKEN", "token");
            }
            "pingone" => {
                let service = self.0.pingone().unwrap();
                let app = service.oauth();
                command.args(["--since", "12d"]).env("PINGONE_REGION", "EU");
                command.env("PINGONE_ENVIRONMENT_ID", service.environment_id());
                command.env("PINGONE_BASE_URL", service.base_url());
                command.env("PINGONE_AUTH_URL", app.token_url());
                command.env("PINGONE_CLIENT_ID", app.client_id());
                command.env("PINGONE_CLIENT_SECRET", app.client_secret());
            }
            _ => {
                let service = self.0.msgraph().unwrap();
                let (url, app) = (service.base_url(), service.oauth());
                command.args(["--since=2026-02-20T00:00:00Z", "--until=2026-03-02T10:00:00Z"]);
                command.args(["--window=30d", "--longest-window=30d", "--concurrency=1"]);
                command.env("MSGRAPH_TENANT_ID", service.tenants().next().unwrap());
                command.env("MSGRAPH_BASE_URL", url).env("MSGRAPH_AUTH_URL", url);
                command.env("MSGRAPH_CLIENT_ID", app.client_id());
                command.env("MSGRAPH_CLIENT_SECRET", app.client_secret());
            }
        }
        command
    }
}

#[test]
fn fetched_to_events_is_fetched_to_envelopes_and_converted_byte_for_byte() {
    let services = Services::start();
    for (vendor, ways) in [
        ("tines", &[&[][..], &["--way", "users"]][..]),
        ("avepoint", &[&[]]),
        ("ssojet", &[&[]]),
        ("pingone", &[&[]]),
        ("msgraph", &[&[]]),
    ] {
        for way in ways {
            let fetch = |format: &[&str]| {
                let mut command = services.fetch(vendor);
                command.args(*way).arg("--format").args(format);
                complete(&command.output().unwrap()).to_owned()
            };
            let envelopes = fetch(&["envelope"]);
            for format in EVENTS {
                for keep_raw in [&[][..], &["--keep-raw"]] {
                    let format = [&[format], keep_raw].concat();
                    let given = [&["convert", vendor, "--format"], &*format].concat();
                    let converted = feed(&given, envelopes.clone());
                    let converted = complete(&converted);
                    assert_eq!(converted, fetch(&format), "{vendor} {way:?} {format:?}");
                    assert!(converted.lines().count() > 50, "{vendor} {way:?} {format:?}");
                }
            }
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
