//! `signin fetch ssojet`: what comes out is every user's truth, in either body, with ids.

use std::collections::HashSet;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use signin_sim::Simulator;
use signin_sim::oauth;
use signin_sim::ssojet::{Body, Service, Settings};

use crate::folder::Folder;
use crate::program::{again_and_again, run, signin, summary, text};
use crate::server::{Server, answer};
use crate::tenant::{ALL, lines};

/// A token and a secret that are told apart from everything else.
const MARKED: &str = "sk_live_MARKED-0123456789-abcdefghij";

/// A running application: it stops with this value.
struct Application {
    service: Service,
    body: Body,
    _simulator: Simulator,
}

impl Application {
    fn start(settings: Settings, body: Body) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let settings = settings.body(body).token(MARKED).client_id("acme");
        let simulator = Simulator::builder().seed(3).ssojet(settings).start();
        let simulator = runtime.block_on(simulator).unwrap();
        Self { service: simulator.ssojet().unwrap().clone(), body, _simulator: simulator }
    }

    fn small(body: Body) -> Self {
        Self::start(Settings::default().users(4).events(300), body)
    }

    /// `signin fetch ssojet --since ALL` with these arguments after it.
    fn fetch(&self, arguments: &[&str]) -> Command {
        let mut command = self.without_token(arguments);
        command.env("SSOJET_TOKEN", MARKED);
        command
    }

    fn without_token(&self, arguments: &[&str]) -> Command {
        let mut command = fetch(&["--since", ALL, "--base-url", self.service.base_url()]);
        command.env("SSOJET_CLIENT_ID", "acme").args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.fetch(arguments).output().unwrap()
    }

    /// The users' ids, in the order in which they are read.
    fn users(&self) -> Vec<String> {
        let mut users: Vec<String> = self.service.user_ids().collect();
        users.sort_by_key(|id| (id.len(), id.clone()));
        users
    }

    fn sign_ins_of(&self, user: &str) -> Vec<String> {
        self.service.sign_ins(user).map(|row| row.to_json(self.body)).collect()
    }

    fn sign_ins(&self) -> Vec<String> {
        self.users().iter().flat_map(|user| self.sign_ins_of(user)).collect()
    }
}

/// `signin fetch ssojet` with these arguments and nothing in its environment.
fn fetch(arguments: &[&str]) -> Command {
    let mut command = signin(&["fetch", "ssojet"]);
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

fn complete(output: &Output) -> Vec<String> {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    lines(&output.stdout)
}

fn value(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

fn id(line: &str) -> String {
    value(line).get("id").unwrap().as_str().unwrap().to_owned()
}

#[test]
fn raw_is_every_users_own_list_in_either_body_whatever_the_pages() {
    for body in [Body::Older, Body::Newer] {
        let settings = Settings::default().users(5).events(400).short_pages(true);
        let application = Application::start(settings, body);
        for arguments in [&["--concurrency", "16"][..], &["--limit", "7", "--concurrency", "1"]] {
            let output = application.run(&[arguments, &["--format", "raw"]].concat());
            assert_eq!(complete(&output), application.sign_ins());
            let end = summary(&output.stderr);
            let whose = (&end["vendor"], &end["endpoint"]);
            assert_eq!(whose, (&"ssojet".into(), &"login_logs".into()));
            assert_eq!((&end["records"], &end["covered"]["since"]), (&400.into(), &ALL.into()));
        }
    }
}

#[test]
fn an_envelope_says_whose_it_is_and_has_an_id_that_stays() {
    let (older, newer) = (Application::small(Body::Older), Application::small(Body::Newer));
    let envelopes = complete(&older.run(&[]));
    let mut expected = older
        .users()
        .into_iter()
        .flat_map(|user| older.sign_ins_of(&user).into_iter().map(move |row| (user.clone(), row)));
    for line in &envelopes {
        let (_, record) = line.split_once(",\"record\":").unwrap();
        let envelope = value(line);
        let whose = envelope["user"].as_str().unwrap().to_owned();
        assert_eq!(Some((whose, record.strip_suffix('}').unwrap().to_owned())), expected.next());
        assert_eq!(envelope["client_id"], "acme");
    }
    assert_eq!(expected.next(), None);
    let (head, tail) = envelopes[0].split_once("\"fetched_at\":\"").unwrap();
    let (_, tail) = tail.split_once('"').unwrap();
    assert_eq!(format!("{head}\"fetched_at\":\"…\"{tail}"), GOLDEN);

    let ids: Vec<String> = envelopes.iter().map(|line| id(line)).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "each its own");
    let again: Vec<String> = complete(&older.run(&[])).iter().map(|line| id(line)).collect();
    assert_eq!(again, ids);
    let other: Vec<String> = complete(&newer.run(&[])).iter().map(|line| id(line)).collect();
    assert_eq!(other, ids, "a service that changes to the other body changes no id");
}

const GOLDEN: &str = r#"{"v":1,"vendor":"ssojet","endpoint":"login_logs","user":"3682ce3d6f6348e78e03ecf9","client_id":"acme","fetched_at":"…","id":"acme/3682ce3d6f6348e78e03ecf9/1764730183101/2001:db8:9e8e:9490:a7f3:cb3f:aa7d:90a8/1","rev":"d4e180bba61ad4e84b28a49cb4cd4ab702b7812cf00c0b4e43816584bc96fa5a","record":{"IpAddress":"2001:db8:9e8e:9490:a7f3:cb3f:aa7d:90a8","Country":"Germany","City":"Berlin","UserAgent":"","Name":"Amazon CloudFront","Os":"","Device":"","CreatedAt":"2025-12-03T02:49:43.101Z"}}"#;

#[test]
fn users_that_are_named_are_read_alone() {
    let application = Application::small(Body::Newer);
    let users = application.users();
    let (one, other) = (users[2].as_str(), users[0].as_str());
    let truth = [application.sign_ins_of(one), application.sign_ins_of(other)].concat();
    let named = ["--user", one, "--user", other, "--user", one, "--format", "raw"];
    assert_eq!(complete(&application.run(&named)), truth, "as they were named, each once");
    let user = application.service.users().find(|user| user.id == one).unwrap();
    let by_email = application.run(&["--email", &user.email, "--format", "raw"]);
    assert_eq!(complete(&by_email), application.sign_ins_of(one));
    // The ids are those of a run for everybody.
    let ids = |output: &Output| lines(&output.stdout).iter().map(|line| id(line)).collect();
    let everybody: HashSet<String> = ids(&application.run(&[]));
    let some: HashSet<String> = ids(&application.run(&["--user", one]));
    assert_eq!(
        (some.len(), some.is_subset(&everybody)),
        (application.sign_ins_of(one).len(), true)
    );
}

#[test]
fn since_and_until_hold_on_this_side() {
    let application = Application::small(Body::Older);
    let user = application.users().pop().unwrap();
    let rows: Vec<_> = application.service.sign_ins(&user).collect();
    let text_of = |time: time::OffsetDateTime| {
        time.format(&time::format_description::well_known::Rfc3339).unwrap()
    };
    // The older body cuts times to milliseconds.
    let cut = |row: &signin_sim::ssojet::SignIn| {
        row.created_at
            - time::Duration::nanoseconds((row.created_at.nanosecond() % 1_000_000).into())
    };
    let (since, until) = (cut(&rows[10]), cut(&rows[50]));
    let wanted = rows.iter().filter(|row| (since..until).contains(&cut(row)));
    let truth: Vec<String> = wanted.map(|row| row.to_json(Body::Older)).collect();
    let (since, until) = (text_of(since), text_of(until));
    let url = application.service.base_url();
    let range = ["--since", &since, "--until", &until, "--format", "raw"];
    let own = ["--base-url", url, "--client-id", "acme", "--user", &user];
    let output = fetch(&[range, own].concat()).env("SSOJET_TOKEN", MARKED).output().unwrap();
    assert_eq!(complete(&output), truth);
    let end = summary(&output.stderr);
    assert_eq!(end["covered"], end["asked"]);
    assert_eq!(end["filtered"], rows.len() - truth.len());
}

#[test]
fn what_is_not_there_is_told_and_never_taken_for_nothing() {
    let application = Application::small(Body::Older);
    for (arguments, code, advice) in [
        (&["--user", "nobody"][..], 5, "check the user id"),
        (&["--user", ".."], 2, "userid"),
        (&["--user", "a", "--email", "b@x.example"], 2, "--email"),
        (&["--email", "nobody@x.example"], 4, "nobody@x.example is not listed"),
        (&["--scope", "a"], 2, "--auth-url"),
        (&["--auth-url", "https://x.example/t"], 2, "--auth-url goes with SSOJET_CLIENT_SECRET"),
        (&["--client-id", "another"], 5, "client"),
        (&["--limit", "0"], 2, "from 1 to 10000"),
    ] {
        let output = application.run(arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.contains(advice), "{arguments:?}: {said}");
        assert!(!said.contains("()"), "the program has no builder: {said}");
    }
}

#[test]
fn the_event_is_left_out_where_that_is_asked_for() {
    let newer = Application::small(Body::Newer);
    let refused = newer.run(&["--event", "none"]);
    assert_eq!(refused.status.code(), Some(5));
    assert!(text(&refused.stderr).contains("--event: the newer API demands login"));
    let older = Application::small(Body::Older);
    let output = older.run(&["--event", "none", "--format", "raw"]);
    assert_eq!(complete(&output), older.sign_ins());
}

#[test]
fn what_was_fetched_as_envelopes_converts_to_what_another_format_would_have_been() {
    for body in [Body::Older, Body::Newer] {
        let (application, folder) = (Application::small(body), Folder::new());
        let file = folder.path("all.ndjson");
        assert_eq!(application.run(&["-o", &file]).status.code(), Some(0));
        for format in ["raw", "typed", "table"] {
            let converted = run(&["convert", "ssojet", &file, "--format", format]);
            let direct = application.run(&["--format", format]);
            assert_eq!(complete(&converted), complete(&direct), "{format}");
        }
        let again = run(&["convert", "ssojet", &file, "--format", "envelope"]);
        assert_eq!(text(&again.stdout), folder.read("all.ndjson"));
    }
}

#[test]
fn p3_a_run_that_broke_off_is_gone_on_with_and_alike_records_keep_their_ids() {
    let settings = || Settings::default().users(6).events(200);
    let whole = Application::start(settings(), Body::Newer);
    let everything = complete(&whole.run(&[]));
    let alike = everything.iter().find(|line| id(line).ends_with("/2")).unwrap();
    let user = value(alike)["user"].as_str().unwrap().to_owned();
    // A record a page and a page a run: the pager breaks between those that are alike, too.
    for (whose, limit, fails) in [(&["--user", &user][..], "1", 2), (&[], "5", 4)] {
        let application = Application::start(settings().fail_every(fails, 302), Body::Newer);
        let folder = Folder::new();
        let checkpoint = folder.path("checkpoint.json");
        let own = ["--checkpoint", &checkpoint, "--limit", limit];
        let slow = ["--concurrency", "1", "--fetch-ahead", "0"];
        let all = again_and_again(|| application.fetch(&[whose, &own[..], &slow].concat()));
        let all: Vec<String> = all.iter().map(|line| id(line)).collect();
        let truth: Vec<String> = complete(&whole.run(whose)).iter().map(|line| id(line)).collect();
        assert!(truth.iter().any(|id| id.ends_with("/2")), "some are alike");
        assert_eq!(all, truth, "none came twice, each has the id that it would have had");
        assert_eq!(folder.names(), [""; 0], "a complete run leaves no checkpoint");
    }
}

#[test]
fn p3_cursors_that_died_are_no_dead_end_and_what_repeats_keeps_its_id() {
    let settings = || Settings::default().users(3).events(60);
    let whole = Application::start(settings(), Body::Newer);
    let truth: Vec<String> = complete(&whole.run(&[])).iter().map(|line| id(line)).collect();
    let application = Application::start(settings().fail_every(8, 302), Body::Newer);
    let folder = Folder::new();
    let checkpoint = folder.path("checkpoint.json");
    let own = ["--checkpoint", &checkpoint, "--limit", "8"];
    let slow = ["--concurrency", "1", "--fetch-ahead", "0"];
    let (mut all, mut said, mut ended) = (Vec::new(), String::new(), None);
    for _ in 0..30 {
        let output = application.run(&[&own[..], &slow].concat());
        all.extend(lines(&output.stdout).iter().map(|line| id(line)));
        said.push_str(text(&output.stderr));
        ended = output.status.code();
        if ended != Some(5) {
            break;
        }
        application.service.refuse_continuations();
    }
    assert_eq!(ended, Some(0), "{said}");
    assert!(said.contains("the list was begun again, and what had come may have come twice"));
    assert!(all.len() > truth.len(), "a list was begun again");
    let distinct = |ids: &[String]| ids.iter().cloned().collect::<HashSet<_>>();
    assert_eq!(distinct(&all), distinct(&truth));
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn p3_a_checkpoint_of_other_options_is_refused() {
    let settings = Settings::default().users(3).events(90).fail_every(3, 302);
    let (application, folder) = (Application::start(settings, Body::Newer), Folder::new());
    let checkpoint = folder.path("checkpoint.json");
    let own = ["--checkpoint", &checkpoint, "--limit", "2", "--concurrency", "1"];
    assert_eq!(application.run(&own).status.code(), Some(5));
    let kept = folder.read("checkpoint.json");
    let other = application.run(&[&own[..], &["--event", "none"]].concat());
    assert_eq!((other.status.code(), other.stdout.len()), (Some(2), 0));
    assert!(text(&other.stderr).contains("of a run with --event login, not --event none"));
    assert_eq!(folder.read("checkpoint.json"), kept);
}

/// An application whose tokens are got in this way.
fn with_oauth(oauth: oauth::Settings) -> Application {
    let settings = Settings::default().users(2).events(60);
    let oauth = oauth.client_secret(MARKED).errors(oauth::Errors::Numbered);
    Application::start(settings.oauth(oauth), Body::Older)
}

#[test]
fn tokens_are_got_in_the_way_that_is_asked_for() {
    let json = || oauth::Settings::default().encoding(oauth::Encoding::Json);
    let form = || oauth::Settings::default();
    let basic = || form().proof(oauth::Proof::Basic);
    for (settings, arguments) in [
        (json().scope("sys_owner").uses(2), &["--concurrency", "1"][..]),
        (json().scope("sys_owner"), &["--auth-encoding", "json"]),
        (json().scope("a b"), &["--scope", "a", "--scope", "b"]),
        (form().scope("sys_owner"), &["--auth-encoding", "form"]),
        (form(), &["--auth-encoding", "form", "--scope", ""]),
        (basic().scope("read"), &["--auth-encoding", "basic", "--scope", "read"]),
    ] {
        let application = with_oauth(settings);
        let url = application.service.oauth().token_url();
        let asks = arguments.iter().any(|name| ["--auth-encoding", "--scope"].contains(name));
        let own = if asks { vec!["--auth-url", &url] } else { vec![] };
        let folder = Folder::new();
        let file = folder.write("secret", format!("{MARKED}\n"));
        for (name, given) in
            [("SSOJET_CLIENT_SECRET", MARKED), ("SSOJET_CLIENT_SECRET_FILE", &file)]
        {
            let all = [&own[..], arguments, &["--format", "raw", "-v"]].concat();
            let output = application.without_token(&all).env(name, given).output().unwrap();
            assert_eq!(complete(&output), application.sign_ins(), "{arguments:?}");
            assert_unmarked(&output);
        }
    }
    let other = with_oauth(form());
    let output = other.without_token(&[]).env("SSOJET_CLIENT_SECRET", MARKED).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(5), 0));
    let said = text(&output.stderr);
    assert!(said.contains("by --auth-url and --auth-encoding"), "{said}");
}

#[test]
fn no_credential_two_or_a_wrong_one_ends_with_what_to_do() {
    let (application, folder) = (Application::small(Body::Older), Folder::new());
    let file = folder.write("token", MARKED);
    for (variables, code, advice) in [
        (&[][..], 2, "there is no credential; set SSOJET_TOKEN"),
        (
            &[("SSOJET_TOKEN", MARKED), ("SSOJET_TOKEN_FILE", &file)],
            2,
            "SSOJET_TOKEN and SSOJET_TOKEN_FILE are both there",
        ),
        (
            &[("SSOJET_TOKEN", MARKED), ("SSOJET_CLIENT_SECRET", MARKED)],
            2,
            "SSOJET_TOKEN and SSOJET_CLIENT_SECRET are both there",
        ),
        (&[("SSOJET_TOKEN", MARKED), ("SSOJET_CLIENT_ID", "")], 2, "there is no client id"),
        (&[("SSOJET_TOKEN", "another")], 5, "a whole secret key (sk_live_)"),
        (&[("SSOJET_CLIENT_SECRET", "another")], 5, "check client id and secret"),
    ] {
        let command = &mut application.without_token(&[]);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{variables:?}");
        assert!(text(&output.stderr).contains(advice), "{}", text(&output.stderr));
        assert_unmarked(&output);
    }
    let mut command = application.without_token(&["--format", "raw"]);
    let output = command.env("SSOJET_TOKEN_FILE", &file);
    assert_eq!(complete(&output.output().unwrap()), application.sign_ins());
}

fn assert_unmarked(output: &Output) {
    let shown = format!("{}{}", text(&output.stdout), text(&output.stderr));
    for piece in [MARKED, "0123456789-abc", "MTIzNDU2Nzg5LWFi"] {
        assert!(!shown.contains(piece), "{shown}");
    }
}

#[test]
fn p4_secret_and_token_never_come_out_whatever_a_service_sends_back() {
    let folder = Folder::new();
    let checkpoint = folder.path("checkpoint");
    let token = format!("{{\"access_token\":\"{MARKED}\",\"expires_in\":3600}}");
    let body = format!("{{\"error_description\":\"{MARKED}\",\"error_code\":\"{MARKED}\"}}");
    for status in ["200 OK", "400 Bad", "401 Unauthorized", "403 Forbidden", "302 Found"] {
        let echoed = answer(status, &format!("x-request-id: {MARKED}\r\n"), &body);
        let tokens = answer("200 OK", "", &token);
        for answers in [vec![echoed.clone()], vec![tokens, echoed]] {
            let server = Server::answers(answers);
            for form in [&["-v"][..], &["-v", "--log", "json"]] {
                let own = ["--since", ALL, "--checkpoint", &checkpoint, "--client-id", "acme"];
                let output = fetch(&[&own[..], &["--base-url", &server.base()], form].concat())
                    .env("SSOJET_CLIENT_SECRET", MARKED)
                    .output()
                    .unwrap();
                assert!(!output.status.success());
                assert_unmarked(&output);
                if folder.names() == ["checkpoint"] {
                    assert!(!folder.read("checkpoint").contains("0123456789-abc"));
                    std::fs::remove_file(&checkpoint).unwrap();
                }
            }
        }
    }
}

#[test]
fn a_service_that_is_no_service_is_exit_4() {
    let server = Server::answers([answer("200 OK", "", "<html>please log in</html>")]);
    let own = ["--since", ALL, "--client-id", "acme", "--base-url", &server.base()];
    let output = fetch(&own).env("SSOJET_TOKEN", MARKED).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
}

#[test]
fn the_help_names_every_option_variable_and_what_a_run_costs() {
    let output = run(&["fetch", "ssojet", "--help"]);
    let help = text(&output.stdout);
    for word in [
        "SSOJET_CLIENT_ID",
        "SSOJET_TOKEN",
        "SSOJET_TOKEN_FILE",
        "SSOJET_CLIENT_SECRET",
        "What a run costs",
        "--client-id",
        "--base-url",
        "--auth-url",
        "--auth-encoding",
        "--scope",
        "--user",
        "--email",
        "--event",
        "--limit",
        "--concurrency",
        "--fetch-ahead",
        "--since <TIME>",
        "--checkpoint",
        "Exit codes:",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}
