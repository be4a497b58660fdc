//! `--auth-url`: the token endpoint's whole address or its root, the same for every vendor; and
//! what the addresses say is not asked for again.

use std::process::{Command, Output, Stdio};

use crate::program::{signin, text};
use crate::server::{Server, answer};

/// Each vendor, and its own path of the token endpoint.
const VENDORS: [(&str, &str); 4] = [
    ("avepoint", "/connect/token"),
    ("ssojet", "/api/v1/oauth2/token"),
    ("pingone", "/e-1/as/token"),
    ("msgraph", "/t-1/oauth2/v2.0/token"),
];

const SECRET: &str = "a-secret-0123456789";

/// A token service that gives a token.
fn tokens() -> Server {
    let body =
        "{\"access_token\":\"token-0123456789\",\"token_type\":\"Bearer\",\"expires_in\":3600}";
    Server::answers([answer("200 OK", "", body)])
}

/// An API that refuses everything.
fn api() -> Server {
    Server::answers([answer("403 Forbidden", "", "{}")])
}

fn fetch(vendor: &str, api: &Server, arguments: &[&str]) -> Command {
    let mut command = signin(&["fetch", vendor, "--since", "24h", "--base-url", &api.base()]);
    command.args(arguments).env_clear().stdin(Stdio::null());
    let prefix = vendor.to_uppercase();
    for (name, value) in [
        ("TENANT_ID", "t-1"),
        ("ENVIRONMENT_ID", "e-1"),
        ("CLIENT_ID", "app-1"),
        ("CLIENT_SECRET", SECRET),
    ] {
        command.env(format!("{prefix}_{name}"), value);
    }
    command
}

fn run(vendor: &str, api: &Server, arguments: &[&str]) -> Output {
    fetch(vendor, api, arguments).output().unwrap()
}

/// The paths that were asked for, without what came after the first request to each.
fn paths(server: &Server) -> Vec<String> {
    let seen = server.seen();
    let paths = seen.iter().filter_map(|head| head.split(' ').nth(1));
    let mut paths: Vec<_> = paths.map(str::to_owned).collect();
    paths.dedup();
    paths
}

#[test]
fn p4_an_auth_url_is_the_token_endpoints_whole_address_or_its_root_for_every_vendor() {
    for (vendor, own) in VENDORS {
        for (given, asked) in [
            (String::new(), own.to_owned()),
            ("/".to_owned(), own.to_owned()),
            ("/gateway/login".to_owned(), format!("/gateway/login{own}")),
            ("/gateway/login/".to_owned(), format!("/gateway/login{own}")),
            (own.to_owned(), own.to_owned()),
            (format!("/gateway{own}"), format!("/gateway{own}")),
            ("/another/token".to_owned(), "/another/token".to_owned()),
            ("/token".to_owned(), "/token".to_owned()),
        ] {
            let (tokens, api) = (tokens(), api());
            let output = run(vendor, &api, &["--auth-url", &format!("{}{given}", tokens.base())]);
            assert_eq!(output.status.code(), Some(5), "{vendor} {given}: {}", text(&output.stderr));
            assert_eq!(paths(&tokens), [asked], "{vendor} {given}");
            let asked = api.seen();
            let first =
                asked.first().expect("the API is asked with the token").to_ascii_lowercase();
            assert!(first.contains("authorization: bearer token-0123456789"), "{vendor}: {first}");
            assert!(!first.contains(SECRET), "{vendor}: {first}");
        }
    }
}

#[test]
fn a_region_is_not_asked_for_where_the_addresses_say_all() {
    let (tokens, service) = (tokens(), api());
    let output = run("pingone", &service, &["--auth-url", &tokens.base()]);
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    assert_eq!(
        (paths(&tokens).as_slice(), service.seen().len()),
        (&["/e-1/as/token".to_owned()][..], 1)
    );
    // A token that is given needs no token service.
    let service = api();
    let mut with_token = fetch("pingone", &service, &[]);
    with_token.env_remove("PINGONE_CLIENT_SECRET").env("PINGONE_TOKEN", "token-0123456789");
    assert_eq!(with_token.output().unwrap().status.code(), Some(5));
    assert_eq!(service.seen().len(), 1);
    // Which service gives tokens is not guessed.
    let service = api();
    let unknown = run("pingone", &service, &[]);
    let said = text(&unknown.stderr);
    assert_eq!((unknown.status.code(), service.seen().len()), (Some(2), 0), "{said}");
    assert!(said.contains("the region is not known"), "{said}");
}

#[test]
fn an_auth_environment_goes_with_a_root_and_not_with_a_whole_address() {
    let (tokens, api) = (tokens(), api());
    let whole = format!("{}/as/token", tokens.base());
    let own = ["--auth-environment", "e-2", "--auth-url"];
    let refused = run("pingone", &api, &[&own[..], &[&whole]].concat());
    assert_eq!((refused.status.code(), tokens.seen().len()), (Some(2), 0));
    let output = run("pingone", &api, &[&own[..], &[&tokens.base()]].concat());
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    assert_eq!(paths(&tokens), ["/e-2/as/token"]);
}
