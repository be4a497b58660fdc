//! P4 for the program: a service that sends back what it was shown, wherever and however it can.
//!
//! What it sends as a record is its data and comes out as such; nothing else may show it, also not
//! what the program writes around a record.

use std::process::{Command, Output, Stdio};
use std::sync::mpsc;

use serde_json::{Map, Value};
use signin_contract::secrets::{assert_hidden, written};
use time::Duration;
use time::format_description::well_known::Rfc3339;

use crate::fetch_pingone::now;
use crate::folder::Folder;
use crate::program::{signin, text};
use crate::server::{Server, answer};

/// A key, token or secret. No other text has twelve characters in a row of it.
const MARKED: &str = "Marked.Key/0123456789+AbCdEfGh_~ZyXwV";

/// The token that is given for it.
const ISSUED: &str = "Issued.Token/9876543210+aBcDeFgH-Marked";

/// A certificate and its key: they open nothing.
const PEM: &str = concat!(
    include_str!("../../../signin-core/tests/keys/rsa.cert.pem"),
    include_str!("../../../signin-core/tests/keys/rsa.pkcs8.pem")
);

/// A way to read a service: the vendor with its options, the variables beside the credential, and
/// the credential's name and text.
struct Way {
    arguments: &'static [&'static str],
    variables: &'static [(&'static str, &'static str)],
    credential: (&'static str, &'static str),
}

const TINES: Way = Way {
    arguments: &["tines", "--way", "audit-log"],
    variables: &[],
    credential: ("TINES_API_KEY", MARKED),
};

const AVEPOINT: Way = Way {
    arguments: &["avepoint", "--customer", "c", "--tenant", "t"],
    variables: &[("AVEPOINT_CLIENT_ID", "app-1")],
    credential: ("AVEPOINT_CLIENT_SECRET", MARKED),
};

const SSOJET: Way = Way {
    arguments: &["ssojet", "--user", "u"],
    variables: &[("SSOJET_CLIENT_ID", "app-1")],
    credential: ("SSOJET_TOKEN", MARKED),
};

const PINGONE: Way = Way {
    arguments: &["pingone"],
    variables: &[("PINGONE_REGION", "EU"), ("PINGONE_ENVIRONMENT_ID", "e-1")],
    credential: ("PINGONE_TOKEN", MARKED),
};

const PINGONE_APP: Way = Way {
    variables: &[
        ("PINGONE_REGION", "EU"),
        ("PINGONE_ENVIRONMENT_ID", "e-1"),
        ("PINGONE_CLIENT_ID", "app-1"),
    ],
    credential: ("PINGONE_CLIENT_SECRET", MARKED),
    ..PINGONE
};

const PINGONE_COUNTS: Way = Way { arguments: &["pingone", "--counts"], ..PINGONE };

const MSGRAPH: Way = Way {
    arguments: &["msgraph", "--types", "interactive", "--window", "1d", "--concurrency", "1"],
    variables: &[("MSGRAPH_TENANT_ID", "t-1")],
    credential: ("MSGRAPH_TOKEN", MARKED),
};

const MSGRAPH_BY_ID: Way = Way { arguments: &["msgraph", "--id", "7"], ..MSGRAPH };

const MSGRAPH_APP: Way = Way {
    variables: &[("MSGRAPH_TENANT_ID", "t-1"), ("MSGRAPH_CLIENT_ID", "app-1")],
    credential: ("MSGRAPH_CLIENT_SECRET", MARKED),
    ..MSGRAPH
};

/// A body that holds a text, written as JSON, in each place where an error is looked for.
fn fault(quoted: &str) -> String {
    format!(
        r#"{{"message":{quoted},"error":{quoted},"error_description":{quoted},"code":{quoted},"type":{quoted},"id":{quoted},"requestId":{quoted},"trace_id":{quoted},"details":[{{"code":{quoted},"message":{quoted},"target":{quoted}}}],"errors":[{{"code":{quoted},"message":{quoted}}}]}}"#
    )
}

/// A page of whichever vendor: a record that holds a text, one of which some members do not fit, one
/// that fits no type at all, and this way on.
fn page(quoted: &str, next: &str) -> String {
    let at = now() - Duration::HOUR;
    let ticks = (at.unix_timestamp() + 62_135_596_800) * 10_000_000;
    let at = at.format(&Rfc3339).unwrap();
    let end = format!("\"{}\"", (now() - Duration::MINUTE).format(&Rfc3339).unwrap());
    let record = |id: &str, agent: &str, end: &str| {
        format!(
            r#"{{"id":{id},"created_at":"{at}","recordedAt":"{at}","createdDateTime":"{at}","loginTime":{ticks},"startDate":"{at}","endDate":{end},"userSignOns":{{"successes":1}},"action":{{"type":"USER.ACCESS_ALLOWED"}},"event":"login","user_agent":{agent},"userAgent":{agent},"echo":{quoted}}}"#
        )
    };
    let misfit = format!("[{quoted}]");
    let (record, other) = (record(r#""7""#, quoted, &end), record(r#""7""#, &misfit, &misfit));
    let rows = format!("[{record},{other},{misfit}]");
    format!(
        r#"{{"audit_logs":{rows},"data":{rows},"value":{rows},"_embedded":{{"activities":{rows},"userActivities":{rows}}},"meta":{{"next_page":{next}}},"next_cursor":{next},"_links":{{"next":{{"href":{next}}}}},"@odata.nextLink":{next},"metadata":{{"totalCount":3}}}}"#
    )
}

/// What a service answers that sends a text back; pages hold it as data.
fn answers(echo: &str) -> Vec<(String, bool)> {
    let quoted = Value::from(echo).to_string();
    let fault = fault(&quoted);
    let headers = format!("x-request-id: {echo}\r\nrequest-id: {echo}\r\nretry-after: 99999\r\n");
    let host: String = echo.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    let location = format!("location: https://{host}.example/{echo}\r\n");
    let html = format!("<html><title>{echo}</title></html>");
    let faults = [
        ("400 Bad Request", &*headers, &*fault),
        ("401 Unauthorized", &headers, &fault),
        ("403 Forbidden", &headers, echo),
        ("404 Not Found", "", &html),
        ("429 Too Many Requests", &headers, &fault),
        ("302 Found", &location, ""),
        ("200 OK", "", echo),
        ("200 OK", &headers, "{}"),
    ];
    let faults = faults.map(|(status, headers, body)| (answer(status, headers, body), false));
    let pages = [&*quoted, "null", &quoted, "null"].map(|next| page(&quoted, next));
    let pages = pages.map(|page| (answer("200 OK", &headers, &page), true));
    faults.into_iter().chain(pages).collect()
}

/// How many answers there are.
const RUNS: usize = 12;

/// The format of a run. Of the pages, the last two are in formats that not every record fits.
fn format(number: usize) -> &'static str {
    match number {
        10 => "typed",
        11 => "ocsf",
        _ if number.is_multiple_of(2) => "raw",
        _ => "envelope",
    }
}

/// An envelope without what is the service's own in it.
fn around_the_record(line: &str) -> String {
    let mut envelope: Map<String, Value> = serde_json::from_str(line).unwrap();
    assert!(envelope.remove("record").is_some(), "{line}");
    Value::Object(envelope).to_string()
}

impl Way {
    /// A run with the credential in a variable, a file, or as a credential of the service manager.
    fn run(&self, server: &Server, folder: &Folder, number: usize) -> Output {
        let base = server.base();
        let mut command = signin(&["fetch"]);
        command.args(self.arguments).args(["--since", "1d", "--base-url", &base]);
        command.env_clear().stdin(Stdio::null()).envs(self.variables.iter().copied());
        let (name, text) = self.credential;
        let at_hand = ["TINES_API_KEY", "SSOJET_TOKEN", "PINGONE_TOKEN", "MSGRAPH_TOKEN"];
        match self.arguments.first().copied().unwrap_or_default() {
            _ if at_hand.contains(&name) => {}
            "pingone" => _ = command.args(["--auth-url", &format!("{base}/as/token")]),
            "ssojet" => _ = command.args(["--auth-url", &format!("{base}/token")]),
            _ => _ = command.args(["--auth-url", &base]),
        }
        match number % 3 {
            0 => command.env(name, text),
            1 => command.env(format!("{name}_FILE"), folder.write("given", text)),
            _ => {
                folder.write(name, text);
                command.env("CREDENTIALS_DIRECTORY", folder.path(""))
            }
        };
        let log: &[&str] = if (number / 2).is_multiple_of(2) { &["--log", "json"] } else { &[] };
        let has = |option| self.arguments.contains(&option);
        let format = format(number);
        // OCSF has no class for counts.
        let format = if has("--counts") && format == "ocsf" { "ecs" } else { format };
        command.args(log).args(["--format", format]).args((number % 3 != 1).then_some("-v"));
        for (option, file) in [
            ("-o", "out"),
            ("--rejected", "rejected"),
            ("--summary", "summary"),
            ("--checkpoint", "checkpoint"),
        ] {
            // Neither is gone on with.
            if option != "--checkpoint" || !(has("--counts") || has("--id")) {
                command.args([option, &folder.path(file)]);
            }
        }
        command.output().unwrap()
    }

    /// Runs against each answer with another writing of the secret, from this one on. Those to
    /// token requests are good, unless `login` is false.
    fn runs(&self, secret: &str, login: bool, first: usize) {
        let forms = written(secret);
        let (mut pages, mut heads) = (0, 0);
        for number in 0..RUNS {
            let form = forms.iter().cycle().nth(first + number).unwrap();
            let (answer, is_page) = answers(form).remove(number);
            let (reply, folder) = (answer.clone(), Folder::new());
            let server = Server::respond(move |head| {
                if login && head.starts_with("POST") { token() } else { reply.clone() }
            });
            let output = self.run(&server, &folder, number);
            assert!(!server.seen().is_empty(), "{}", text(&output.stderr));
            let said = text(&output.stderr);
            assert!(is_page || !output.status.success(), "{answer}: {said}");
            self.assert_hidden(text(&output.stdout));
            self.assert_hidden(said);
            for name in folder.names() {
                let holds = folder.read(&name);
                if is_page && name.starts_with("out") && format(number) != "envelope" {
                    pages += usize::from(holds.contains("\"echo\":"));
                } else if is_page && (name.starts_with("out") || name.starts_with("rejected")) {
                    for line in holds.lines() {
                        self.assert_hidden(&around_the_record(line));
                        heads += 1;
                    }
                } else if name != "given" && name != self.credential.0 {
                    self.assert_hidden(&holds);
                }
            }
        }
        assert_eq!(login, pages > 0, "records come as they are");
        assert_eq!(login, heads > 3, "so do envelopes, and the refusals of what fits no type");
    }

    fn assert_hidden(&self, shown: &str) {
        let key = self.credential.1.split("-----BEGIN PRIVATE KEY-----").nth(1);
        let lines = key.unwrap_or_default().lines().skip(3).take(3);
        assert_hidden(&[MARKED, ISSUED].into_iter().chain(lines).collect::<Vec<_>>(), shown);
    }
}

fn token() -> String {
    let body = format!(r#"{{"access_token":"{ISSUED}","token_type":"Bearer","expires_in":3600}}"#);
    answer("200 OK", "", &body)
}

#[test]
fn p4_a_key_that_tines_sends_back_is_never_shown() {
    TINES.runs(MARKED, true, 0);
}

#[test]
fn p4_a_token_that_ssojet_sends_back_is_never_shown() {
    SSOJET.runs(MARKED, true, 9);
}

#[test]
fn p4_a_secret_or_its_token_that_ssojet_sends_back_is_never_shown() {
    let app = Way { credential: ("SSOJET_CLIENT_SECRET", MARKED), ..SSOJET };
    app.runs(MARKED, true, 18);
    app.runs(ISSUED, true, 0);
    app.runs(MARKED, false, 9);
}

#[test]
fn p4_a_secret_or_its_token_that_avepoint_sends_back_is_never_shown() {
    AVEPOINT.runs(MARKED, true, 18);
    AVEPOINT.runs(ISSUED, true, 0);
    AVEPOINT.runs(MARKED, false, 9);
}

#[test]
fn p4_a_token_that_pingone_sends_back_is_never_shown() {
    PINGONE.runs(MARKED, true, 18);
    PINGONE_COUNTS.runs(MARKED, true, 9);
}

#[test]
fn p4_a_secret_or_its_token_that_pingone_sends_back_is_never_shown() {
    PINGONE_APP.runs(MARKED, true, 0);
    PINGONE_APP.runs(ISSUED, true, 9);
    PINGONE_APP.runs(MARKED, false, 18);
}

#[test]
fn p4_a_token_that_graph_sends_back_is_never_shown() {
    MSGRAPH.runs(MARKED, true, 0);
    MSGRAPH_BY_ID.runs(MARKED, true, 9);
}

#[test]
fn p4_a_secret_or_its_token_that_graph_sends_back_is_never_shown() {
    MSGRAPH_APP.runs(MARKED, true, 9);
    MSGRAPH_APP.runs(ISSUED, true, 18);
    MSGRAPH_APP.runs(MARKED, false, 0);
}

#[test]
fn p4_a_platforms_token_that_is_sent_back_is_never_shown() {
    let federated = Way { credential: ("MSGRAPH_FEDERATED_TOKEN", MARKED), ..MSGRAPH_APP };
    // A federated token is a proof like a secret: it is shown to the login.
    federated.runs(MARKED, false, 9);
}

#[test]
fn p4_a_certificates_key_is_never_shown_whatever_is_sent_back() {
    for way in [
        Way { credential: ("AVEPOINT_CERTIFICATE", PEM), ..AVEPOINT },
        Way { credential: ("MSGRAPH_CERTIFICATE", PEM), ..MSGRAPH_APP },
    ] {
        way.runs(ISSUED, true, 18);
    }
}

/// A proxy is shown its password, and no more.
#[test]
fn p4_a_proxys_password_that_it_sends_back_is_never_shown() {
    const PASSWORD: &str = "proxy-Password-0123456789";
    for form in written(PASSWORD).into_iter().step_by(4) {
        let (asking, asked) = mpsc::channel();
        let body = format!("<html>{form}</html>");
        let proxy = Server::respond(move |_| {
            asking.send(()).unwrap();
            answer(&format!("407 {form}"), &format!("proxy-authenticate: {form}\r\n"), &body)
        });
        let mut command = Command::new(env!("CARGO_BIN_EXE_signin"));
        command.args(["fetch", "tines", "--since", "1d", "-v", "--base-url", "acme.tines.invalid"]);
        command.env_clear().env("TINES_API_KEY", MARKED).stdin(Stdio::null());
        let url = format!("http://me:{PASSWORD}@{}", proxy.address());
        command.env("HTTPS_PROXY", url).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It would try again for some seconds; the first line is written before the second request.
        asked.recv().unwrap();
        asked.recv().unwrap();
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        let said = text(&output.stderr);
        assert!(said.contains("request: tines audit_logs: no connection"), "{said}");
        assert_hidden(&[PASSWORD, MARKED], said);
        assert!(proxy.seen().iter().all(|head| head.starts_with("CONNECT ")));
        assert_hidden(&[MARKED], &proxy.seen().concat());
    }
}
