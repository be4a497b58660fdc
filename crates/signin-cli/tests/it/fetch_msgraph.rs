//! `signin fetch msgraph`: a simulated tenant, and the program reading it.

use std::process::{Command, Output, Stdio};

use serde_json::Value;
use signin_sim::msgraph::{Kind, Service, Settings, Version};
use signin_sim::{Simulator, oauth};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::folder::Folder;
use crate::program::{feed, signin, summary, text};
use crate::tenant::lines;

pub(crate) const EVERY: [Kind; 4] = [
    Kind::InteractiveUser,
    Kind::NonInteractiveUser,
    Kind::ServicePrincipal,
    Kind::ManagedIdentity,
];

/// A running service with one tenant: it stops with this value.
pub(crate) struct Tenant {
    pub(crate) service: Service,
    _simulator: Simulator,
}

pub(crate) fn settings() -> Settings {
    Settings::default().per_tenant(u32::MAX).per_app(u32::MAX).events(400)
}

/// All that there is, in one window: requests are few, since the client keeps the real limits.
pub(crate) const ALL: [&str; 6] = [
    "--since=2026-02-20T00:00:00Z",
    "--until=2026-03-02T10:00:00Z",
    "--window=30d",
    "--longest-window=30d",
    "--concurrency=1",
    "--format=raw",
];

impl Tenant {
    pub(crate) fn start(settings: Settings) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let simulator = Simulator::builder().seed(7).msgraph(settings).start();
        let simulator = runtime.block_on(simulator).unwrap();
        Self { service: simulator.msgraph().unwrap().clone(), _simulator: simulator }
    }

    pub(crate) fn id(&self) -> String {
        self.service.tenants().next().unwrap()
    }

    /// `signin fetch msgraph` with these arguments, and what it needs in its environment.
    pub(crate) fn fetch(&self, arguments: &[&str]) -> Command {
        let mut command = signin(&["fetch", "msgraph"]);
        let app = self.service.oauth();
        command
            .args(arguments)
            .env_clear()
            .stdin(Stdio::null())
            .env("MSGRAPH_TENANT_ID", self.id())
            .env("MSGRAPH_BASE_URL", self.service.base_url())
            .env("MSGRAPH_AUTH_URL", self.service.base_url())
            .env("MSGRAPH_CLIENT_ID", app.client_id())
            .env("MSGRAPH_CLIENT_SECRET", app.client_secret());
        command
    }

    /// All that there is, with these arguments.
    fn run(&self, arguments: &[&str]) -> Output {
        self.fetch(&[&ALL[..], arguments].concat()).output().unwrap()
    }

    /// The sign-ins of these kinds, the newest first.
    pub(crate) fn truth(&self, kinds: &[Kind], version: Version) -> Vec<String> {
        let all = self.service.sign_ins(&self.id(), kinds, None, None);
        all.map(|sign_in| sign_in.to_json(version)).collect()
    }
}

fn value(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

/// What a complete run wrote.
fn rows(output: &Output) -> Vec<String> {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    lines(&output.stdout)
}

#[test]
fn raw_is_every_sign_in_of_all_kinds_byte_for_byte() {
    let tenant = Tenant::start(settings());
    let output = tenant.run(&[]);
    assert_eq!(rows(&output), tenant.truth(&EVERY, Version::Beta));
    let end = summary(&output.stderr);
    assert_eq!((&end["vendor"], &end["endpoint"]), (&"msgraph".into(), &"sign_ins".into()));
    assert_eq!((&end["way"], &end["state"]), (&"beta".into(), &"complete".into()));
    let kinds = EVERY.map(Kind::as_str);
    assert_eq!((&end["read"], &end["not_read"]), (&kinds.as_slice().into(), &Value::Array(vec![])));
    assert_eq!(end["remark"], "Microsoft does not support beta for production");
    assert_eq!(end["covered"]["since"], end["asked"]["since"]);
    assert_eq!(end["covered"]["until"], "2026-03-02T09:45:00Z", "the service's clock");
    assert_eq!(end["asked"]["since"], "2026-02-20T00:00:00Z");
}

#[test]
fn kinds_and_versions_are_chosen_and_the_summary_says_what_was_left_out() {
    let tenant = Tenant::start(settings());
    let people = [Kind::InteractiveUser, Kind::NonInteractiveUser];
    for (arguments, kinds, version, way) in [
        (&["--api", "v1.0"][..], &people[..1], Version::V1, "v1.0"),
        (&["--types", "interactive"], &people[..1], Version::V1, "v1.0"),
        (&["--types", "interactive", "--api", "beta"], &people[..1], Version::Beta, "beta"),
        (&["--types", "interactive,non-interactive"], &people, Version::Beta, "beta"),
        (&["--types", "managed-identity"], &EVERY[3..], Version::Beta, "beta"),
    ] {
        let output = tenant.run(arguments);
        assert_eq!(rows(&output), tenant.truth(kinds, version), "{arguments:?}");
        let end = summary(&output.stderr);
        assert_eq!(end["way"], way);
        let others: Vec<_> = EVERY.iter().filter(|kind| !kinds.contains(kind)).collect();
        assert_eq!(end["read"].as_array().unwrap().len(), kinds.len());
        assert_eq!(end["not_read"].as_array().unwrap().len(), others.len());
        assert_eq!(end["remark"].is_null(), way == "v1.0");
    }
    let neither = tenant.run(&["--api", "v1.0", "--types", "service-principal"]);
    assert_eq!((neither.status.code(), neither.stdout.len()), (Some(2), 0));
    assert!(text(&neither.stderr).contains("--api v1.0 has interactive sign-ins only"));
}

#[test]
fn an_envelope_names_the_tenant_and_converts_to_every_format() {
    let tenant = Tenant::start(settings().events(50));
    let all =
        |format: &str| tenant.fetch(&[&ALL[..5], &["--format", format]].concat()).output().unwrap();
    let envelopes = all("envelope");
    let truth = tenant.truth(&EVERY, Version::Beta);
    assert_eq!(rows(&envelopes).len(), truth.len());
    for (line, truth) in rows(&envelopes).iter().zip(&truth) {
        let envelope = value(line);
        let head = format!(
            "{{\"v\":1,\"vendor\":\"msgraph\",\"endpoint\":\"sign_ins\",\"tenant\":\"{}\",\
             \"fetched_at\":{},\"id\":{},\"rev\":{},\"record\":{truth}}}",
            tenant.id(),
            envelope["fetched_at"],
            envelope["id"],
            envelope["rev"],
        );
        assert_eq!(*line, head);
        assert_eq!(envelope["id"], envelope["record"]["id"]);
    }
    for format in ["raw", "typed", "table"] {
        let converted = feed(&["convert", "msgraph", "--format", format], envelopes.stdout.clone());
        assert_eq!(text(&all(format).stdout), text(&converted.stdout), "{format}");
    }
}

#[test]
fn since_and_until_are_half_open_over_several_windows() {
    let tenant = Tenant::start(settings());
    let all: Vec<_> = tenant.service.sign_ins(&tenant.id(), &EVERY, None, None).collect();
    let (since, until) = (all[300].created_at, all[100].created_at);
    let rfc = |instant: OffsetDateTime| instant.format(&Rfc3339).unwrap();
    let mut truth: Vec<_> = tenant
        .service
        .sign_ins(&tenant.id(), &EVERY, Some(since), Some(until))
        .map(|sign_in| sign_in.to_json(Version::Beta))
        .collect();
    assert!(since < until && truth.len() > 150);
    // As short as makes three windows or four: the client sends five requests in ten seconds.
    let hours = ((until - since).whole_hours() / 3).to_string() + "h";
    let output = tenant
        .fetch(&["--since", &rfc(since), "--until", &rfc(until), "--format", "raw"])
        .args(["--window", &hours, "--longest-window", &hours])
        .output()
        .unwrap();
    let mut read = rows(&output);
    assert_ne!(read, truth, "the earliest window comes first");
    read.sort();
    truth.sort();
    assert_eq!(read, truth);
    let end = summary(&output.stderr);
    assert!(end["pages"].as_u64() > Some(2), "{end}");
    assert_eq!(end["covered"], end["asked"]);
}

#[test]
fn filters_are_quoted_and_sent() {
    let tenant = Tenant::start(settings());
    let all = tenant.truth(&EVERY, Version::Beta);
    let by = |keep: &dyn Fn(&Value) -> bool| -> Vec<String> {
        all.iter().filter(|line| keep(&value(line))).cloned().collect()
    };
    let name = "dara.o'brien@example.com";
    let of_user = by(&|row| row["userPrincipalName"] == name);
    let codes = by(&|row| [50_126, 53_003].map(Value::from).contains(&row["status"]["errorCode"]));
    let tool = by(&|row| {
        row["appDisplayName"] == "Tom's Tool" && row["userPrincipalName"] == "alex@example.com"
    });
    assert!(!of_user.is_empty() && !codes.is_empty() && !tool.is_empty());
    for (arguments, truth) in [
        (&["--user-principal-name", "Dara.O'Brien@example.com"][..], of_user),
        (&["--error-code", "50126", "--error-code", "53003"], codes),
        (&["--app-display-name", "Tom's Tool", "--user-principal-name-starts-with", "alex@"], tool),
        (&["--filter", "status/errorCode eq 1 or status/errorCode eq 2"], vec![]),
    ] {
        assert_eq!(rows(&tenant.run(arguments)), truth, "{arguments:?}");
    }
}

#[test]
fn selected_members_come_with_id_and_time() {
    let tenant = Tenant::start(settings().events(20));
    let read = rows(&tenant.run(&["--select", "userPrincipalName,appId", "--oldest-first"]));
    let truth = tenant.truth(&EVERY, Version::Beta);
    assert_eq!(read.len(), truth.len());
    for (line, truth) in read.iter().zip(truth.iter().rev()) {
        let (row, truth) = (value(line), value(truth));
        assert_eq!((&row["id"], &row["appId"]), (&truth["id"], &truth["appId"]));
        assert_eq!(row["createdDateTime"], truth["createdDateTime"]);
        assert_eq!(row.get("status"), None);
    }
}

#[test]
fn what_is_not_kept_any_more_is_told_and_not_said_to_be_covered() {
    let tenant = Tenant::start(settings().days(7).retention(3));
    // The time from which on the service answers is looked for by halves, a request each.
    let output = tenant
        .fetch(&["--since", "2026-02-27T09:29:00Z", "--until", "2026-02-27T09:31:00Z"])
        .args([
            "--window",
            "30d",
            "--longest-window",
            "30d",
            "--concurrency",
            "1",
            "--format",
            "raw",
        ])
        .output()
        .unwrap();
    rows(&output);
    let said = text(&output.stderr);
    assert!(said.starts_with("warning: the service keeps nothing from 2026-02-27T09:29:00Z"));
    let end = summary(&output.stderr);
    assert_eq!(
        (&end["state"], &end["asked"]["since"]),
        (&"complete".into(), &"2026-02-27T09:29:00Z".into())
    );
    let since = end["covered"]["since"].as_str().unwrap();
    assert!(since > "2026-02-27T09:29:00Z" && since < "2026-02-27T09:31:00Z", "{end}");
}

#[test]
fn p3_a_run_that_broke_off_is_gone_on_with_by_windows() {
    let tenant = Tenant::start(settings().fail_every(3, 403));
    let folder = Folder::new();
    let (target, checkpoint) = (folder.path("all.ndjson"), folder.path("checkpoint.json"));
    let arguments = [
        "--since=2026-02-22T00:00:00Z",
        "--until=2026-03-03T00:00:00Z",
        "--window=3d",
        "--longest-window=3d",
        "--concurrency=1",
        "--format=raw",
        "--checkpoint",
        &checkpoint,
        "-o",
        &target,
    ];
    let first = tenant.fetch(&arguments).output().unwrap();
    assert_eq!(first.status.code(), Some(5), "{}", text(&first.stderr));
    let end = summary(&first.stderr);
    assert_eq!(end["covered"]["since"], "2026-02-22T00:00:00Z");
    let done = end["covered"]["until"].as_str().unwrap().to_owned();
    assert!(["2026-02-25T00:00:00Z", "2026-02-28T00:00:00Z"].contains(&done.as_str()), "{end}");
    let kept = folder.read("checkpoint.json");
    assert!(!kept.contains(tenant.service.oauth().client_secret()));

    let other = tenant.fetch(&[&arguments[..], &["--types", "interactive"]].concat()).output();
    let other = other.unwrap();
    assert_eq!(other.status.code(), Some(2));
    assert!(text(&other.stderr).contains("is of a run with --types "), "{}", text(&other.stderr));

    let rest = tenant.fetch(&arguments).output().unwrap();
    assert_eq!(rest.status.code(), Some(0), "{}", text(&rest.stderr));
    let end = summary(&rest.stderr);
    assert_eq!(end["resumed"], true);
    assert_eq!(end["covered"]["since"], end["asked"]["since"]);
    assert_eq!(end["covered"]["until"], "2026-03-02T09:45:00Z", "the service's clock");
    let all = folder.read("all.ndjson");
    let mut read: Vec<_> = lines(all.as_bytes());
    let mut truth = tenant.truth(&EVERY, Version::Beta);
    read.sort();
    truth.sort();
    assert_eq!(read, truth, "each once");
    assert_eq!(folder.names(), ["all.ndjson"]);
}

#[test]
fn what_is_missing_or_there_twice_is_exit_2_and_named() {
    let tenant = Tenant::start(settings().events(1));
    for (variable, named) in [
        ("MSGRAPH_TENANT_ID", "there is no tenant; set MSGRAPH_TENANT_ID"),
        ("MSGRAPH_CLIENT_ID", "there is no client id; set MSGRAPH_CLIENT_ID"),
        ("MSGRAPH_CLIENT_SECRET", "there is no credential; set MSGRAPH_CLIENT_SECRET"),
    ] {
        let output = tenant.fetch(&["--since", "1d"]).env_remove(variable).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{variable}");
        assert!(text(&output.stderr).contains(named), "{}", text(&output.stderr));
    }
    let folder = Folder::new();
    let file = folder.write("file", "MARKED-0123456789");
    for (variable, given, named) in [
        ("AZURE_TENANT_ID", "t", "MSGRAPH_TENANT_ID and AZURE_TENANT_ID are both there"),
        ("AZURE_CLIENT_ID", "t", "MSGRAPH_CLIENT_ID and AZURE_CLIENT_ID are both there"),
        (
            "AZURE_CLIENT_SECRET",
            "MARKED-0123456789",
            "MSGRAPH_CLIENT_SECRET and AZURE_CLIENT_SECRET",
        ),
        ("MSGRAPH_TOKEN", "MARKED-0123456789", "MSGRAPH_CLIENT_SECRET and MSGRAPH_TOKEN are both"),
        ("AZURE_FEDERATED_TOKEN_FILE", &file, "MSGRAPH_CLIENT_SECRET and AZURE_FEDERATED_TOKEN"),
        ("MSGRAPH_CERTIFICATE", "MARKED-0123456789", "MSGRAPH_CERTIFICATE holds no PEM text"),
        ("AZURE_CLIENT_CERTIFICATE_PATH", &file, "holds no PEM text"),
        ("AZURE_CLIENT_CERTIFICATE_PATH", "/nowhere", "/nowhere cannot be read"),
        ("MSGRAPH_CLOUD", "mars", "MSGRAPH_CLOUD is no cloud"),
        ("MSGRAPH_TENANT_ID", "common", "an application signs in to one tenant"),
        ("MSGRAPH_TENANT_ID", "a/b", "tenant"),
    ] {
        let output = tenant.fetch(&["--since", "1d"]).env(variable, given).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{variable}");
        let said = text(&output.stderr);
        assert!(said.contains(named) && !said.contains("MARKED"), "{variable}: {said}");
    }
}

#[test]
fn p4_a_refusal_is_exit_5_with_what_to_do_and_never_the_secret() {
    const MARKED: &str = "MARKED-0123456789-secret";
    let tenant = Tenant::start(settings().events(1));
    let folder = Folder::new();
    let token = folder.write("token", MARKED);
    let arguments = [&ALL[..], &["-v"]].concat();
    let mut wrong = tenant.fetch(&arguments);
    wrong.env("MSGRAPH_CLIENT_SECRET", MARKED);
    let mut federated = tenant.fetch(&arguments);
    federated.env_remove("MSGRAPH_CLIENT_SECRET").env("AZURE_FEDERATED_TOKEN_FILE", &token);
    let mut given = tenant.fetch(&arguments);
    given.env_remove("MSGRAPH_CLIENT_SECRET").env_remove("MSGRAPH_AUTH_URL");
    given.env("MSGRAPH_TOKEN", MARKED);
    for (mut command, advice) in [
        (wrong, "give the secret's value, not its id"),
        (federated, "AADSTS"),
        (given, "get a new token"),
    ] {
        let output = command.output().unwrap();
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(5), 0), "{said}");
        assert!(said.contains(advice), "{said}");
        assert!(!said.contains("MARKED") && !said.contains("TUFSS0VE"), "{said}");
    }
    let unlicensed = Tenant::start(settings().events(1).unlicensed(1)).run(&[]);
    assert_eq!(unlicensed.status.code(), Some(5));
    assert!(text(&unlicensed.stderr).contains("no Entra ID P1 or P2 licence"));
}

#[test]
fn certificates_aliases_and_tokens_are_taken() {
    const CERTIFICATE: &str = include_str!("../../../signin-core/tests/keys/rsa.cert.pem");
    const KEY: &str = include_str!("../../../signin-core/tests/keys/rsa.pkcs8.pem");
    let by_certificate = oauth::Settings::default()
        .errors(oauth::Errors::Entra)
        .scope("https://graph.microsoft.com/.default")
        .proof(oauth::Proof::Ps256);
    let tenant = Tenant::start(settings().events(30).oauth(by_certificate));
    let truth = tenant.truth(&EVERY, Version::Beta);
    let both = format!("{CERTIFICATE}{KEY}");
    let folder = Folder::new();
    let file = folder.write("app.pem", &both);
    let id = tenant.service.oauth().client_id().to_owned();
    let token = tenant.service.token(&tenant.id()).unwrap();
    for variables in [
        &[("MSGRAPH_CERTIFICATE", both.as_str()), ("MSGRAPH_CLIENT_ID", &id)][..],
        &[("MSGRAPH_CERTIFICATE_FILE", &file), ("AZURE_CLIENT_ID", &id)],
        &[("AZURE_CLIENT_CERTIFICATE_PATH", &file), ("AZURE_CLIENT_ID", &id)],
        &[("MSGRAPH_TOKEN", &token)],
    ] {
        let mut command = tenant.fetch(&ALL);
        command.env_remove("MSGRAPH_CLIENT_ID").env_remove("MSGRAPH_CLIENT_SECRET");
        if variables[0].0 == "MSGRAPH_TOKEN" {
            command.env_remove("MSGRAPH_AUTH_URL");
        }
        let output = command.envs(variables.iter().copied()).output().unwrap();
        assert_eq!(rows(&output), truth, "{variables:?}");
    }
}
