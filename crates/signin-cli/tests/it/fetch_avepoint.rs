//! `signin fetch avepoint`: what comes out is the tenants' truth, from whichever of them.

use std::process::{Command, Output, Stdio};

use serde_json::Value;
use signin_sim::Simulator;
use signin_sim::avepoint::{Service, Settings};
use signin_sim::oauth;

use crate::folder::Folder;
use crate::program::{again_and_again, run, signin, summary, text};
use crate::server::{Server, answer};
use crate::tenant::{ALL, lines};

/// A secret that is told apart from everything else.
const MARKED: &str = "MARKED-0123456789-abcdefghij";

/// A running service: it stops with this value.
struct Elements {
    service: Service,
    _simulator: Simulator,
}

impl Elements {
    fn start(settings: Settings) -> Self {
        Self::start_with(settings, oauth::Settings::default())
    }

    fn start_with(settings: Settings, oauth: oauth::Settings) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let settings = settings.oauth(oauth.client_secret(MARKED));
        let simulator = Simulator::builder().seed(3).avepoint(settings).start();
        let simulator = runtime.block_on(simulator).unwrap();
        Self { service: simulator.avepoint().unwrap().clone(), _simulator: simulator }
    }

    fn small() -> Self {
        Self::start(Settings::default().events(300))
    }

    /// `signin fetch avepoint --since ALL` with these arguments after it.
    fn fetch(&self, arguments: &[&str]) -> Command {
        let mut command = self.without_secret(arguments);
        command.env("AVEPOINT_CLIENT_SECRET", MARKED);
        command
    }

    fn without_secret(&self, arguments: &[&str]) -> Command {
        let url = self.service.base_url();
        let mut command = fetch(&["--since", ALL, "--base-url", url, "--auth-url", url]);
        command.env("AVEPOINT_CLIENT_ID", self.service.oauth().client_id()).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.fetch(arguments).output().unwrap()
    }

    /// Customer, tenant and sign-in, of all that are in scope.
    fn truth(&self) -> Vec<(String, String, String)> {
        let customers = self.service.customers().iter().filter(|customer| customer.in_scope);
        let tenants = customers.flat_map(|customer| {
            customer.tenants.iter().map(|tenant| (customer.id.clone(), tenant.id.clone()))
        });
        let of = |(customer, tenant): (String, String)| {
            let rows = self.service.sign_ins(&customer, &tenant);
            rows.map(|row| (customer.clone(), tenant.clone(), row.to_json())).collect::<Vec<_>>()
        };
        sorted(tenants.flat_map(of).collect())
    }

    /// The sign-ins alone.
    fn sign_ins(&self) -> Vec<String> {
        sorted(self.truth().into_iter().map(|(_, _, row)| row).collect())
    }
}

/// `signin fetch avepoint` with these arguments and nothing in its environment.
fn fetch(arguments: &[&str]) -> Command {
    let mut command = signin(&["fetch", "avepoint"]);
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

/// The service has no order that could be held to.
fn sorted<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort();
    all
}

fn complete(output: &Output) -> Vec<String> {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    sorted(lines(&output.stdout))
}

fn value(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

fn member(line: &Value, name: &str) -> String {
    line[name].as_str().unwrap_or_else(|| panic!("{name}: {line}")).to_owned()
}

#[test]
fn raw_is_every_sign_in_of_every_tenant_whatever_the_pages() {
    let elements = Elements::start(Settings::default().customers(6).out_of_scope(1).events(500));
    for (size, at_once) in [("100", "1"), ("7", "16")] {
        let arguments = ["--format", "raw", "--page-size", size, "--concurrency", at_once];
        let output = elements.run(&arguments);
        assert_eq!(complete(&output), elements.sign_ins());
        let end = summary(&output.stderr);
        assert_eq!((&end["vendor"], &end["endpoint"]), (&"avepoint".into(), &"sign_ins".into()));
        assert_eq!(end["records"], elements.sign_ins().len());
        assert_eq!(end["covered"]["since"], ALL);
    }
}

#[test]
fn an_envelope_says_whose_tenant_it_was_and_holds_the_record_as_it_came() {
    let elements = Elements::small();
    let envelopes = complete(&elements.run(&[]));
    let found = envelopes.iter().map(|line| {
        let (_, record) = line.split_once(",\"record\":").unwrap();
        let envelope = value(line);
        assert_eq!(member(&envelope, "id"), member(&envelope["record"], "id"));
        let whose = (member(&envelope, "customer"), member(&envelope, "tenant"));
        (whose.0, whose.1, record.strip_suffix('}').unwrap().to_owned())
    });
    assert_eq!(sorted(found.collect()), elements.truth());
    // Which comes first depends on the second in which it was fetched.
    let one = envelopes.iter().find(|line| line.contains("\"id\":\"01bd1e2e-")).unwrap();
    let (head, tail) = one.split_once("\"fetched_at\":\"").unwrap();
    let (_, tail) = tail.split_once('"').unwrap();
    assert_eq!(format!("{head}\"fetched_at\":\"…\"{tail}"), GOLDEN);
}

const GOLDEN: &str = r#"{"v":1,"vendor":"avepoint","endpoint":"sign_ins","tenant":"677f5e90-760e-4426-81fe-dc752ec95cee","customer":"c600debd-d315-4cd2-8aed-45c6fa7ae853","fetched_at":"…","id":"01bd1e2e-e6b0-49fb-8b05-df432b2d7afa","rev":"6be9b53bc83f4226802b0a613bc6e6c59c376fd75d94f11db357de4dc9a21d27","record":{"id":"01bd1e2e-e6b0-49fb-8b05-df432b2d7afa","loginTime":639060015600849241,"userId":"2a3f0bfb-7e85-4761-8317-94f8943a8649","userDisplayName":"User 3 <\u001b[1m>","userPrincipalName":"user3@example.com","ip":"2001:db8:4723:7c00:d902:fcdb:4403:dbf3","lat":null,"lon":null,"country":null,"city":null,"isRisk":false}}"#;

#[test]
fn customers_and_tenants_that_are_named_are_read_alone() {
    let elements = Elements::start(Settings::default().customers(6).events(400));
    let truth = elements.truth();
    let ids: Vec<&str> = elements.service.customers().iter().map(|one| one.id.as_str()).collect();
    let of = |wanted: &dyn Fn(&str, &str) -> bool| {
        let rows = truth.iter().filter(|(customer, tenant, _)| wanted(customer, tenant));
        sorted(rows.map(|(_, _, row)| row.clone()).collect())
    };
    let two = ["--customer", ids[0], "--customer", ids[5], "--format", "raw"];
    let rows = of(&|customer, _| [ids[0], ids[5]].contains(&customer));
    assert_eq!(complete(&elements.run(&two)), rows);

    let tenants = &elements.service.customers()[0].tenants;
    let named = ["--customer", ids[0], "--tenant", &tenants[1].id, "--tenant", &tenants[1].id];
    let before = elements.service.stats().requests;
    let output = elements.run(&[&named[..], &["--format", "raw"]].concat());
    let rows = of(&|customer, tenant| (customer, tenant) == (ids[0], &tenants[1].id));
    assert_eq!(complete(&output), rows);
    let pages = rows.len().div_ceil(100) as u64;
    let asked = elements.service.stats().requests - before;
    assert!(asked <= pages + 2, "no customer is listed: {asked} requests for {pages} pages");
    for line in lines(&elements.run(&named).stdout).iter().map(|line| value(line)) {
        let whose = (member(&line, "customer"), member(&line, "tenant"));
        assert_eq!(whose, (ids[0].to_owned(), tenants[1].id.clone()));
    }
}

#[test]
fn the_app_is_asked_for_no_permission_that_it_does_not_need() {
    let oauth = oauth::Settings::default().scope("elements.um.user.read.all");
    let elements = Elements::start_with(Settings::default().events(50), oauth);
    let customer = &elements.service.customers()[0];
    let named = ["--customer", &customer.id, "--tenant", &customer.tenants[0].id];
    complete(&elements.run(&named));
    let refused = elements.run(&[]);
    assert_eq!(refused.status.code(), Some(5), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("set --scope"), "{}", text(&refused.stderr));
    complete(&elements.run(&["--scope", "elements.um.user.read.all"]));
}

#[test]
fn risky_sign_ins_or_the_others() {
    let elements = Elements::small();
    let is_risky = |row: &String| value(row)["isRisk"].as_bool().unwrap();
    let (risky, others): (Vec<_>, Vec<_>) = elements.sign_ins().into_iter().partition(is_risky);
    assert!(!risky.is_empty() && !others.is_empty());
    for (option, truth) in
        [("--risky", &risky), ("--risky=true", &risky), ("--risky=false", &others)]
    {
        assert_eq!(complete(&elements.run(&[option, "--format", "raw"])), *truth, "{option}");
    }
}

#[test]
fn since_and_until_hold_on_this_side() {
    let elements = Elements::small();
    let sign_ins = |tenant: &signin_sim::avepoint::Tenant, customer: &str| {
        elements.service.sign_ins(customer, &tenant.id).collect::<Vec<_>>()
    };
    let customers = elements.service.customers();
    let all = customers.iter().flat_map(|customer| {
        customer.tenants.iter().flat_map(|tenant| sign_ins(tenant, &customer.id))
    });
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|row| row.login_time);
    let (since, until) = (all[50].login_time, all[200].login_time);
    let wanted = all.iter().filter(|row| (since..until).contains(&row.login_time));
    let truth = sorted(wanted.map(signin_sim::avepoint::SignIn::to_json).collect());
    let text_of = |time: time::OffsetDateTime| {
        time.format(&time::format_description::well_known::Rfc3339).unwrap()
    };
    let url = elements.service.base_url();
    let (since, until) = (text_of(since), text_of(until));
    let range = ["--since", &since, "--until", &until, "--format", "raw"];
    let output = fetch(&[&range[..], &["--base-url", url, "--auth-url", url]].concat())
        .env("AVEPOINT_CLIENT_ID", "app-1")
        .env("AVEPOINT_CLIENT_SECRET", MARKED)
        .output()
        .unwrap();
    assert_eq!(complete(&output), truth);
    let end = summary(&output.stderr);
    assert_eq!(end["covered"], end["asked"]);
    assert_eq!(end["filtered"], all.len() - truth.len());
}

#[test]
fn what_is_not_there_is_told_and_never_taken_for_nothing() {
    let elements = Elements::small();
    let customer = &elements.service.customers()[0];
    let other = &elements.service.customers()[1].id;
    let unknown = elements.run(&["--customer", &customer.id, "--customer", "nobody"]);
    assert_eq!(unknown.status.code(), Some(4));
    let said = text(&unknown.stderr);
    assert!(said.contains("nobody is not listed: it is unknown or may not be seen"), "{said}");
    let unknown = elements.run(&["--customer", &customer.id, "--tenant", "nobody"]);
    assert_eq!((unknown.status.code(), unknown.stdout.len()), (Some(5), 0));
    assert!(text(&unknown.stderr).contains("check both ids"), "{}", text(&unknown.stderr));
    for (arguments, advice) in [
        (&["--customer", &customer.id, "--tenant", ".."][..], "tenant_id"),
        (&["--customer", &customer.id, "--customer", other, "--tenant", "t"], "one --customer"),
        (&["--tenant", "t"], "--customer"),
        (&["--environment", "mars"], "fedramp"),
        (&["--page-size", "101"], "from 1 to 100"),
    ] {
        let output = elements.run(arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.contains(advice), "{said}");
    }
}

#[test]
fn what_was_fetched_as_envelopes_converts_to_what_another_format_would_have_been() {
    let (elements, folder) = (Elements::small(), Folder::new());
    let file = folder.path("all.ndjson");
    assert_eq!(elements.run(&["-o", &file]).status.code(), Some(0));
    for format in ["raw", "typed", "table"] {
        let converted = run(&["convert", "avepoint", &file, "--format", format]);
        let direct = elements.run(&["--format", format]);
        assert_eq!(complete(&converted), complete(&direct), "{format}");
    }
    let again = run(&["convert", "avepoint", &file, "--format", "envelope"]);
    assert_eq!(text(&again.stdout), folder.read("all.ndjson"));
}

#[test]
fn p3_a_run_that_broke_off_is_gone_on_with() {
    let settings = Settings::default().customers(10).events(400).fail_every(9, 302);
    let (elements, folder) = (Elements::start(settings), Folder::new());
    let checkpoint = folder.path("checkpoint.json");
    let own = ["--checkpoint", &checkpoint, "--page-size", "20", "--format", "raw"];
    let slow = ["--concurrency", "1", "--fetch-ahead", "0"];
    let mut all = again_and_again(|| elements.fetch(&[&own[..], &slow].concat()));
    all.sort();
    all.dedup();
    assert_eq!(all, elements.sign_ins());
    assert_eq!(folder.names(), [""; 0], "a complete run leaves no checkpoint");
}

#[test]
fn no_credential_two_or_a_bad_one_is_exit_2_with_what_to_do() {
    let (elements, folder) = (Elements::small(), Folder::new());
    let file = folder.write("secret", MARKED);
    let cases = [
        (&[][..], "there is no credential; set AVEPOINT_CLIENT_SECRET"),
        (
            &[("AVEPOINT_CLIENT_SECRET", MARKED), ("AVEPOINT_CLIENT_SECRET_FILE", &file)],
            "AVEPOINT_CLIENT_SECRET and AVEPOINT_CLIENT_SECRET_FILE are both there",
        ),
        (
            &[("AVEPOINT_CLIENT_SECRET", MARKED), ("AVEPOINT_CERTIFICATE", PEM)],
            "AVEPOINT_CLIENT_SECRET and AVEPOINT_CERTIFICATE are both there",
        ),
        (&[("AVEPOINT_CERTIFICATE", MARKED)], "AVEPOINT_CERTIFICATE holds no PEM text"),
        (&[("AVEPOINT_CLIENT_SECRET", MARKED), ("AVEPOINT_CLIENT_ID", "")], "no client id"),
    ];
    for (variables, advice) in cases {
        let output = elements.without_secret(&[]).envs(variables.iter().copied()).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{variables:?}");
        assert!(text(&output.stderr).contains(advice), "{}", text(&output.stderr));
        assert_unmarked(&output);
    }
}

/// A certificate and its key: they open nothing.
const PEM: &str = concat!(
    include_str!("../../../signin-core/tests/keys/rsa.cert.pem"),
    include_str!("../../../signin-core/tests/keys/rsa.pkcs8.pem")
);

fn assert_unmarked(output: &Output) {
    let shown = format!("{}{}", text(&output.stdout), text(&output.stderr));
    let of_the_key = PEM.lines().rev().nth(3).unwrap();
    for piece in [MARKED, "0123456789-abc", "TUFSS0VELTAx", of_the_key] {
        assert!(!shown.contains(piece), "{shown}");
    }
}

#[test]
fn an_app_signs_in_by_its_certificate() {
    let oauth = oauth::Settings::default().proof(oauth::Proof::Rs256);
    let elements = Elements::start_with(Settings::default().events(50), oauth);
    let folder = Folder::new();
    let file = folder.write("app.pem", PEM);
    for (name, given) in [("AVEPOINT_CERTIFICATE", PEM), ("AVEPOINT_CERTIFICATE_FILE", &file)] {
        let output = elements.without_secret(&["-v", "--format", "raw"]).env(name, given).output();
        let output = output.unwrap();
        assert_eq!(complete(&output), elements.sign_ins());
        assert_unmarked(&output);
    }
}

#[test]
fn a_secret_that_was_replaced_during_the_run_is_read_again() {
    let oauth = oauth::Settings::default().uses(2);
    let elements = Elements::start_with(Settings::default().events(300), oauth);
    let folder = Folder::new();
    let file = folder.write("secret", format!("{MARKED}\n"));
    let output = elements
        .without_secret(&["--format", "raw", "--page-size", "50"])
        .env("AVEPOINT_CLIENT_SECRET_FILE", &file)
        .output()
        .unwrap();
    assert_eq!(complete(&output), elements.sign_ins());
    let wrong = elements.without_secret(&[]).env("AVEPOINT_CLIENT_SECRET", "another").output();
    let wrong = wrong.unwrap();
    assert_eq!((wrong.status.code(), wrong.stdout.len()), (Some(5), 0));
    let said = text(&wrong.stderr);
    assert!(said.contains("and that the app is of this environment"), "{said}");
}

/// A fetch from a server of bytes that is both services, with a secret.
fn from(server: &Server, arguments: &[&str]) -> Output {
    let url = server.base();
    fetch(&[&["--since", ALL, "--base-url", &url, "--auth-url", &url], arguments].concat())
        .env("AVEPOINT_CLIENT_ID", "app-1")
        .env("AVEPOINT_CLIENT_SECRET", MARKED)
        .output()
        .unwrap()
}

#[test]
fn p4_secret_and_token_never_come_out_whatever_a_service_sends_back() {
    let folder = Folder::new();
    let checkpoint = folder.path("checkpoint");
    let token = format!("{{\"access_token\":\"{MARKED}\",\"expires_in\":3600}}");
    let base64 = "TUFSS0VELTAxMjM0NTY3ODktYWJjZGVmZ2hpag==";
    for echo in [MARKED, base64] {
        let body = format!("{{\"message\":\"{echo}\",\"error\":\"{echo}\"}}");
        for status in ["200 OK", "400 Bad", "401 Unauthorized", "403 Forbidden", "302 Found"] {
            let echoed = answer(status, &format!("x-request-id: {echo}\r\n"), &body);
            let tokens = answer("200 OK", "", &token);
            for answers in [vec![echoed.clone()], vec![tokens, echoed]] {
                let server = Server::answers(answers);
                for form in [&["-v"][..], &["-v", "--log", "json"]] {
                    let output = from(&server, &[form, &["--checkpoint", &checkpoint]].concat());
                    assert!(!output.status.success(), "{body}");
                    assert_unmarked(&output);
                    if folder.names() == ["checkpoint"] {
                        assert!(!folder.read("checkpoint").contains("0123456789-abc"));
                        std::fs::remove_file(&checkpoint).unwrap();
                    }
                }
            }
        }
    }
}

#[test]
fn a_service_that_is_no_service_is_exit_4() {
    let server = Server::answers([answer("200 OK", "", "<html>please log in</html>")]);
    let output = from(&server, &[]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
}

#[test]
fn the_help_names_every_option_variable_and_what_a_run_costs() {
    let output = run(&["fetch", "avepoint", "--help"]);
    let help = text(&output.stdout);
    for word in [
        "AVEPOINT_CLIENT_ID",
        "AVEPOINT_CLIENT_SECRET_FILE",
        "AVEPOINT_CERTIFICATE",
        "elements.um.user.read.all",
        "elements.customers.read.all",
        "What a run costs",
        "--client-id",
        "--base-url",
        "--auth-url",
        "--environment",
        "us-gov",
        "--customer",
        "--tenant",
        "--risky",
        "--scope",
        "--page-size",
        "--concurrency",
        "--fetch-ahead",
        "--since <TIME>",
        "--checkpoint",
        "Exit codes:",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}
