//! `signin fetch pingone`: a simulated environment, and the program reading it.

use std::collections::HashSet;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use signin_sim::pingone::{Event, Service, Settings};
use signin_sim::{Simulator, oauth};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::folder::Folder;
use crate::program::{feed, signin, summary, text};
use crate::tenant::lines;

/// A running environment: it stops with this value.
pub(crate) struct Environment {
    pub(crate) service: Service,
    _simulator: Simulator,
}

/// Now, in whole seconds: what a service keeps depends on it.
#[expect(clippy::disallowed_methods, reason = "the program reads its own clock, too")]
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc().replace_nanosecond(0).unwrap()
}

/// Limits that no run of a test comes near.
pub(crate) fn settings() -> Settings {
    Settings::default().newest(now() - Duration::SECOND).per_second(u32::MAX).events(600)
}

impl Environment {
    pub(crate) fn start(settings: Settings) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let simulator = Simulator::builder().seed(5).pingone(settings).start();
        let simulator = runtime.block_on(simulator).unwrap();
        Self { service: simulator.pingone().unwrap().clone(), _simulator: simulator }
    }

    /// `signin fetch pingone` with these arguments, and what it needs in its environment.
    fn fetch(&self, arguments: &[&str]) -> Command {
        let app = self.service.oauth();
        let mut command = fetch(arguments);
        command
            .env("PINGONE_REGION", "EU")
            .env("PINGONE_ENVIRONMENT_ID", self.service.environment_id())
            .env("PINGONE_BASE_URL", self.service.base_url())
            .env("PINGONE_AUTH_URL", app.token_url())
            .env("PINGONE_CLIENT_ID", app.client_id())
            .env("PINGONE_CLIENT_SECRET", app.client_secret());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.fetch(arguments).output().unwrap()
    }

    /// The events from `days` ago on, newest first.
    fn events(&self, days: i64) -> Vec<Event> {
        self.service.events(now() - Duration::days(days)..now()).collect()
    }

    fn truth(&self, days: i64, keep: impl Fn(&Value) -> bool) -> Vec<String> {
        let lines = self.events(days).into_iter().map(|event| event.to_json());
        lines.filter(|line| keep(&value(line))).collect()
    }
}

pub(crate) fn fetch(arguments: &[&str]) -> Command {
    let mut command = signin(&["fetch", "pingone"]);
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

fn value(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

fn action(event: &Value) -> &str {
    event.pointer("/action/type").unwrap().as_str().unwrap()
}

fn is_sign_in(event: &Value) -> bool {
    ["USER.ACCESS_", "PASSWORD.CHECK_", "OTP.CHECK_"]
        .iter()
        .any(|start| action(event).starts_with(start))
}

#[test]
fn raw_is_every_sign_in_byte_for_byte_and_all_activities_if_asked() {
    let environment = Environment::start(settings());
    let all = environment.truth(12, |_| true);
    let sign_ins = environment.truth(12, is_sign_in);
    assert!(sign_ins.len() < all.len());
    let output = environment.run(&["--since", "12d", "--format", "raw"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(lines(&output.stdout), sign_ins);
    let end = summary(&output.stderr);
    assert_eq!((&end["vendor"], &end["endpoint"]), (&"pingone".into(), &"activities".into()));
    assert_eq!(
        (&end["read"][0], &end["not_read"][0]),
        (&"sign-ins".into(), &"other activities".into())
    );
    assert_eq!(end["filtered"], all.len() - sign_ins.len());
    assert_eq!(
        (&end["state"], &end["covered"]["since"]),
        (&"complete".into(), &end["asked"]["since"])
    );

    let output = environment.run(&["--since", "12d", "--format", "raw", "--all-activities"]);
    assert_eq!(lines(&output.stdout), all);
    assert_eq!(summary(&output.stderr)["not_read"], Value::Array(vec![]));
    // Whatever the pages are like.
    let short = Environment::start(settings().events(40).short_pages(true));
    let truth = short.truth(12, |_| true);
    let output =
        short.run(&["--since", "12d", "--format", "raw", "--all-activities", "--limit", "30"]);
    assert_eq!(lines(&output.stdout), truth);
}

#[test]
fn an_envelope_names_the_environment_and_converts_to_every_format() {
    let environment = Environment::start(settings().events(60));
    let envelopes = environment.run(&["--since", "12d"]);
    assert_eq!(envelopes.status.code(), Some(0), "{}", text(&envelopes.stderr));
    let truth = environment.truth(12, is_sign_in);
    assert_eq!(lines(&envelopes.stdout).len(), truth.len());
    for (line, truth) in lines(&envelopes.stdout).iter().zip(&truth) {
        let envelope = value(line);
        let head = format!(
            "{{\"v\":1,\"vendor\":\"pingone\",\"endpoint\":\"activities\",\"tenant\":\"{}\",\
             \"fetched_at\":{},\"id\":{},\"rev\":{},\"record\":{truth}}}",
            environment.service.environment_id(),
            envelope["fetched_at"],
            envelope["id"],
            envelope["rev"],
        );
        assert_eq!(*line, head);
        assert_eq!(envelope["id"], envelope["record"]["id"]);
    }
    for format in ["raw", "typed", "table"] {
        let fetched = environment.run(&["--since", "12d", "--format", format]);
        let converted = feed(&["convert", "pingone", "--format", format], envelopes.stdout.clone());
        assert_eq!(text(&fetched.stdout), text(&converted.stdout), "{format}");
    }
}

#[test]
fn since_and_until_hold_to_the_millisecond() {
    let environment = Environment::start(settings());
    let events = environment.events(12);
    let time = |n: usize| {
        let event = value(&events[n].to_json());
        event["recordedAt"].as_str().unwrap().to_owned()
    };
    let (since, until) = (time(400), time(100));
    let instant = |text: &str| OffsetDateTime::parse(text, &Rfc3339).unwrap();
    let range = instant(&since)..instant(&until);
    let truth: Vec<String> =
        environment.service.events(range).map(|event| event.to_json()).collect();
    let arguments = ["--since", &since, "--until", &until, "--all-activities", "--format", "raw"];
    let output = environment.run(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(lines(&output.stdout), truth);
    assert_eq!(truth.last().map(|line| value(line)["recordedAt"].clone()), Some(since.into()));
    let end = summary(&output.stderr);
    assert_eq!(end["covered"], end["asked"]);
}

#[test]
fn filters_are_the_services_own() {
    let environment = Environment::start(settings().events(200));
    let all = environment.truth(12, |_| true);
    let user = value(&all[0])["actors"]["user"]["id"].as_str().unwrap_or_default().to_owned();
    let by = |keep: &dyn Fn(&Value) -> bool| environment.truth(12, keep);
    let resets = by(&|event| action(event) == "PASSWORD.RESET");
    assert!(!resets.is_empty());
    let of_user = by(&|event| is_sign_in(event) && event["actors"]["user"]["id"] == *user);
    for (arguments, truth) in [
        (&["--action-type", "PASSWORD.RESET"][..], resets),
        (&["--actor-user", &user], of_user),
        (&["--filter", "action.type eq \"NOTHING\""], vec![]),
    ] {
        let output = environment.run(&[&["--since", "12d", "--format", "raw"], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert_eq!(lines(&output.stdout), truth, "{arguments:?}");
    }
    let bad = environment.run(&["--since", "12d", "--filter", "result.status eq \"SUCCESS\""]);
    assert_eq!(bad.status.code(), Some(5));
    assert!(text(&bad.stderr).contains("beside the times take one filter"));
}

#[test]
fn what_is_not_kept_any_more_is_told_and_not_said_to_be_covered() {
    let environment = Environment::start(settings().days(30));
    let began = now();
    let output = environment.run(&["--since", "30d", "--format", "raw", "--all-activities"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let said = text(&output.stderr);
    assert!(said.starts_with("warning: PingOne keeps 14 days: what is before "), "{said}");
    let end = summary(&output.stderr);
    let since =
        |span: &str| OffsetDateTime::parse(end[span]["since"].as_str().unwrap(), &Rfc3339).unwrap();
    assert!(since("asked") <= began - Duration::days(29));
    assert!((began - Duration::days(14)..).contains(&since("covered")), "{end}");
    let all: HashSet<String> = lines(&output.stdout).into_iter().collect();
    assert!(environment.truth(13, |_| true).iter().all(|line| all.contains(line)));
    let before = environment.run(&["--since", "30d", "--until", "15d"]);
    assert_eq!((before.status.code(), before.stdout.len()), (Some(2), 0));
    assert!(text(&before.stderr).contains("give a later --until"), "{}", text(&before.stderr));
}

#[test]
fn p3_a_run_that_broke_off_is_gone_on_with() {
    let environment = Environment::start(settings().events(300).fail_every(5, 403));
    let folder = Folder::new();
    let target = folder.path("all.ndjson");
    let checkpoint = folder.path("checkpoint.json");
    let own = ["--since", "12d", "--all-activities", "--limit", "60", "--format", "raw"];
    let arguments = [&own[..], &["--checkpoint", &checkpoint, "-o", &target]].concat();
    let first = environment.run(&arguments);
    assert_eq!(first.status.code(), Some(5), "{}", text(&first.stderr));
    assert_eq!(folder.names(), ["all.ndjson.partial", "checkpoint.json"]);
    assert!(!folder.read("checkpoint.json").contains(environment.service.oauth().client_secret()));
    let end = summary(&first.stderr);
    assert!(end["covered"]["since"].as_str() > end["asked"]["since"].as_str(), "{end}");
    let other = environment.run(&[&arguments[..], &["--action-type", "X"]].concat());
    assert!(text(&other.stderr).contains("--action-type X"), "{}", text(&other.stderr));
    let rest = environment.run(&arguments);
    assert_eq!(rest.status.code(), Some(0), "{}", text(&rest.stderr));
    assert_eq!(summary(&rest.stderr)["resumed"], true);
    assert_eq!(lines(folder.read("all.ndjson").as_bytes()), environment.truth(12, |_| true));
    assert_eq!(folder.names(), ["all.ndjson"]);
}

#[test]
fn p3_links_that_died_are_no_dead_end_and_what_may_repeat_is_said() {
    let environment = Environment::start(settings().events(300).fail_every(5, 403));
    let folder = Folder::new();
    let (target, checkpoint) = (folder.path("all.ndjson"), folder.path("checkpoint.json"));
    let own = ["--since", "12d", "--all-activities", "--limit", "60", "--format", "raw"];
    let arguments = [&own[..], &["--checkpoint", &checkpoint, "-o", &target]].concat();
    let first = environment.run(&arguments);
    assert_eq!(first.status.code(), Some(5), "{}", text(&first.stderr));
    let (mut said, mut ended) = (String::new(), None);
    for _ in 0..10 {
        environment.service.refuse_continuations();
        let output = environment.run(&arguments);
        said.push_str(text(&output.stderr));
        ended = output.status.code();
        if ended != Some(5) {
            break;
        }
    }
    assert_eq!(ended, Some(0), "{said}");
    assert!(said.contains("warning: the service took a continuation no more"), "{said}");
    assert!(said.contains("some records may have come twice"), "{said}");
    assert_eq!(lines(folder.read("all.ndjson").as_bytes()), environment.truth(12, |_| true));
    assert_eq!(folder.names(), ["all.ndjson"]);
}

/// Runs of before began where the service's 14 days begin, this one some minutes later.
#[test]
fn p3_a_run_at_the_edge_begins_some_minutes_behind_it() {
    let environment = Environment::start(settings().days(30));
    let began = now();
    let output = environment.run(&["--since", "14d", "--format", "raw"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let end = summary(&output.stderr);
    let since = OffsetDateTime::parse(end["covered"]["since"].as_str().unwrap(), &Rfc3339).unwrap();
    let behind = since - (began - Duration::days(14));
    assert!((Duration::minutes(5)..Duration::minutes(6)).contains(&behind), "{end}");
}

#[test]
fn what_is_missing_is_exit_2_and_named() {
    let environment = Environment::start(settings().events(1));
    for (variable, named) in [
        ("PINGONE_REGION", "set PINGONE_REGION to one of NA, CA, EU"),
        ("PINGONE_ENVIRONMENT_ID", "set PINGONE_ENVIRONMENT_ID"),
        ("PINGONE_CLIENT_ID", "there is no client id; set PINGONE_CLIENT_ID"),
        ("PINGONE_CLIENT_SECRET", "there is no credential; set PINGONE_CLIENT_SECRET"),
    ] {
        let mut command = environment.fetch(&["--since", "1d"]);
        if variable == "PINGONE_REGION" {
            // Where both addresses are given, they say all.
            command.env_remove("PINGONE_AUTH_URL");
        }
        let output = command.env_remove(variable).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{variable}");
        assert!(text(&output.stderr).contains(named), "{}", text(&output.stderr));
    }
    for (variable, wrong, named) in [
        ("PINGONE_REGION", "US", "PINGONE_REGION is no region"),
        ("PINGONE_TOKEN", "t-0123456789", "PINGONE_CLIENT_SECRET and PINGONE_TOKEN are both there"),
        ("PINGONE_CLIENT_ID_FILE", "/x", "PINGONE_CLIENT_ID and PINGONE_CLIENT_ID_FILE are both"),
        ("PINGONE_AUTH_ENVIRONMENT_ID", "e-1", "--auth-environment has no place in it"),
        ("PINGONE_AUTH_URL", "http://auth.example/token", "--auth-url"),
        ("PINGONE_ENVIRONMENT_ID", "..", "environment"),
    ] {
        let output = environment.fetch(&["--since", "1d"]).env(variable, wrong).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{variable}");
        assert!(text(&output.stderr).contains(named), "{}", text(&output.stderr));
    }
}

#[test]
fn an_app_that_is_refused_is_exit_5_and_p4_its_secret_never_shown() {
    const MARKED: &str = "MARKED-0123456789-secret";
    let environment = Environment::start(settings().events(1));
    let wrong = ["--since", "1d", "-v"];
    let output = environment.fetch(&wrong).env("PINGONE_CLIENT_SECRET", MARKED).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(5), 0));
    let said = text(&output.stderr);
    assert!(said.contains("try the other --client-auth"), "{said}");
    assert!(!said.contains("MARKED") && !said.contains("TUFSS0VE"), "{said}");
    let elsewhere = environment.fetch(&wrong).env("PINGONE_ENVIRONMENT_ID", "no-such").output();
    let elsewhere = elsewhere.unwrap();
    assert_eq!(elsewhere.status.code(), Some(5), "{}", text(&elsewhere.stderr));
    assert!(text(&elsewhere.stderr).contains("Identity Data Admin"));
}

#[test]
fn an_app_of_either_way_and_a_token_are_taken() {
    let post = oauth::Settings::default().proof(oauth::Proof::Body);
    let environment = Environment::start(settings().events(20).oauth(post));
    let truth = environment.truth(12, is_sign_in);
    let arguments = ["--since", "12d", "--format", "raw"];
    let basic = environment.run(&arguments);
    assert_eq!(basic.status.code(), Some(5), "{}", text(&basic.stderr));
    let post = environment.run(&[&arguments[..], &["--client-auth", "post"]].concat());
    assert_eq!(lines(&post.stdout), truth, "{}", text(&post.stderr));
    let folder = Folder::new();
    let secret =
        folder.write("secret", format!("{}\n", environment.service.oauth().client_secret()));
    let by_file = environment
        .fetch(&[&arguments[..], &["--client-auth", "post"]].concat())
        .env_remove("PINGONE_CLIENT_SECRET")
        .env("PINGONE_CLIENT_SECRET_FILE", secret)
        .output()
        .unwrap();
    assert_eq!(lines(&by_file.stdout), truth, "{}", text(&by_file.stderr));
    let by_token = environment
        .fetch(&arguments)
        .env_remove("PINGONE_CLIENT_SECRET")
        .env_remove("PINGONE_AUTH_URL")
        .env("PINGONE_TOKEN", environment.service.access_token())
        .output()
        .unwrap();
    assert_eq!(lines(&by_token.stdout), truth, "{}", text(&by_token.stderr));
}

#[test]
fn the_region_may_be_told_by_its_base_url() {
    let output = fetch(&["--since", "1d", "--base-url", "https://api.pingone.eu/v1/"]).output();
    let said = output.unwrap();
    assert_eq!(said.status.code(), Some(2));
    assert!(text(&said.stderr).contains("the environment is not known"), "{}", text(&said.stderr));
}
