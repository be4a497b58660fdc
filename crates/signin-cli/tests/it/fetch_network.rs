//! The network options and variables of a fetch.

use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::folder::Folder;
use crate::program::{signin, summary, text};
use crate::server::{Server, answer, page};
use crate::tenant::{Tenant, fetch, lines};

/// A fetch from a host that nobody has, by https.
fn outside(arguments: &[&str]) -> Command {
    let mut command = fetch(&[&["--since", "24h"], arguments].concat());
    command.env("TINES_BASE_URL", "acme.tines.invalid").env("TINES_API_KEY", "key-0123456789");
    command
}

const REFUSED: &str = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";

fn first_line(output: &Output) -> String {
    lines(&output.stderr).remove(0)
}

#[test]
fn a_proxy_comes_from_the_option_or_the_variables() {
    let (asking, asked) = mpsc::channel();
    let proxy = Server::start(move |_| {
        asking.send(()).unwrap();
        REFUSED.to_owned()
    });
    let other = Server::answers([String::new()]);
    let (here, elsewhere) = (proxy.base(), other.base());
    for (arguments, variables) in [
        (&["--proxy", here.as_str()][..], &[][..]),
        (&["--proxy", &proxy.address()], &[("HTTPS_PROXY", elsewhere.as_str())]),
        (&["--proxy", &here], &[("NO_PROXY", "*")]),
        (&[], &[("HTTPS_PROXY", here.as_str())]),
        (&[], &[("https_proxy", &here), ("HTTPS_PROXY", &elsewhere)]),
        (&[], &[("ALL_PROXY", &here), ("NO_PROXY", "example.com")]),
    ] {
        let mut child = outside(arguments)
            .envs(variables.iter().copied())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        asked.recv().unwrap();
        // It would try again for some seconds.
        child.kill().unwrap();
        child.wait().unwrap();
        while asked.try_recv().is_ok() {}
    }
    assert_eq!(other.seen(), [""; 0]);
    for head in proxy.seen() {
        assert!(head.starts_with("CONNECT acme.tines.invalid:443 "), "{head}");
        assert!(!head.contains("key-0123456789"), "{head}");
    }
}

#[test]
fn p4_a_proxys_password_goes_to_the_proxy_and_nowhere_else() {
    let proxy = Server::answers([REFUSED.to_owned()]);
    let url = format!("http://me:hunter2-hunter2@{}", proxy.address());
    let output = outside(&["-v"]).env("HTTPS_PROXY", &url).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    let named = format!("through the proxy {}: ", proxy.base());
    assert!(text(&output.stderr).contains(&named), "{}", text(&output.stderr));
    assert!(proxy.seen()[0].contains("Basic bWU6aHVudGVyMi1odW50ZXIy"), "{:?}", proxy.seen());
    let on_the_line = outside(&["--proxy", &url]).output().unwrap();
    assert_eq!(on_the_line.status.code(), Some(2));
    let no_address = outside(&[]).env("HTTPS_PROXY", "socks5://me:hunter2-hunter2@x").output();
    let no_address = no_address.unwrap();
    assert_eq!(no_address.status.code(), Some(2));
    for output in [output, on_the_line, no_address] {
        let said = text(&output.stderr);
        assert!(said.contains("HTTPS_PROXY") || said.contains("through the proxy http://127"));
        assert!(!said.contains("hunter2") && !said.contains("aHVudGVy"), "{said}");
    }
}

#[test]
fn loopback_is_never_reached_through_a_proxy() {
    let (tenant, proxy) = (Tenant::small(), Server::answers([REFUSED.to_owned()]));
    let mut command = tenant.fetch(&["--format", "raw"]);
    let output = command.env("HTTPS_PROXY", proxy.base()).env("ALL_PROXY", proxy.base()).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!((lines(&output.stdout), proxy.seen().len()), (tenant.logins(), 0));
    let asked = tenant.run(&["--proxy", &proxy.base()]);
    assert_eq!(asked.status.code(), Some(2));
    assert!(text(&asked.stderr).contains("leave --proxy out"), "{}", text(&asked.stderr));
}

#[test]
fn a_setting_that_cannot_be_is_exit_2_and_names_what_to_change() {
    let folder = Folder::new();
    let no_pem = folder.write("no.pem", "-----BEGIN NOTHING-----");
    let broken =
        folder.write("broken.pem", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n");
    for (arguments, advice) in [
        (&["--ca-file", "/nowhere/ca.pem"][..], "--ca-file /nowhere/ca.pem cannot be read"),
        (&["--ca-file", &no_pem], "holds no PEM certificate"),
        (&["--ca-file", &broken], "root certificates"),
        (&["--proxy", "://"], "--proxy is no address of a proxy; give http://host:port"),
        (&["--base-url", ""], "base URL: it is empty"),
        (&["--base-url", "http://acme.tines.com"], "plain http would show the credential"),
        (&["--base-url", "https://me:hunter2@acme.tines.com"], "the key goes into a variable"),
        (&["--base-url", "ftp://acme.tines.com"], "its scheme is not https"),
        (&["--timeout", "0s"], "from 1s to 10m"),
        (&["--max-rate", "0"], "from 1 to 1000000"),
        (&["--concurrency", "0"], "from 1 to 64"),
        (&["--fetch-ahead", "-1"], "from 0 to 16"),
        (&["--per-page", "501"], "from 1 to 500"),
        (&["--way", "both"], "[possible values: auto, audit-log, users]"),
        (&["-q", "-v"], "cannot be used with"),
    ] {
        let output = outside(arguments).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.starts_with("error: ") && said.contains(advice), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    let unset = outside(&[]).env_remove("TINES_BASE_URL").output().unwrap();
    assert_eq!(unset.status.code(), Some(2));
    assert!(text(&unset.stderr).contains("set TINES_BASE_URL to its domain"));
}

#[test]
fn p4_nothing_in_the_working_directory_is_read_unless_it_is_named() {
    let (folder, attacker) = (Folder::new(), Server::answers([REFUSED.to_owned()]));
    let variables = format!("TINES_BASE_URL={0}\nHTTPS_PROXY={0}\n", attacker.base());
    let options = format!("base_url = \"{0}\"\nproxy = \"{0}\"\n", attacker.base());
    let names = [".env", ".signinrc", "signin.env", "TINES_BASE_URL", "TINES_API_KEY"];
    for name in names {
        folder.write(name, &variables);
    }
    for name in ["signin.toml", ".signin.toml", "config.toml", ".config", "tines.toml"] {
        folder.write(name, &options);
    }
    let run = |base: Option<&str>| {
        let mut command = outside(&[]);
        command
            .current_dir(folder.path(""))
            .env_remove("TINES_BASE_URL")
            .env("HOME", folder.path(""));
        command.envs(base.map(|base| ("TINES_BASE_URL", base)));
        command.output().unwrap()
    };
    let output = run(None);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("set TINES_BASE_URL to its domain"));
    let tenant = Tenant::small();
    let output = run(Some(tenant.service.base_url()));
    // The service knows another key, and is the one that was asked.
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains(tenant.service.base_url()));
    assert_eq!(attacker.seen(), [""; 0]);
}

/// The variables that name the system's certificates are read by the TLS library itself.
#[test]
#[cfg(target_os = "linux")]
fn a_machine_without_certificates_is_told_of_ca_file() {
    let folder = Folder::new();
    let empty = folder.write("empty.pem", "");
    let mut command = outside(&[]);
    command.env("SSL_CERT_FILE", &empty).env("SSL_CERT_DIR", folder.path("nowhere"));
    let output = command.output().unwrap();
    let line = first_line(&output);
    // Another TLS library finds out when it connects: the workspace with all features has one.
    if output.status.code() == Some(2) {
        assert!(line.contains("name their file with --ca-file"), "{line}");
    } else {
        assert!(line.starts_with("error: tines audit_logs: no "), "{line}");
    }
}

/// A fetch of this server's audit log that tries for so long.
fn tries_for(time: &str, server: &Server) -> Output {
    let mut command = signin(&["fetch", "tines", "--retry-for", time, "--since", "24h"]);
    command.env_clear().env("TINES_API_KEY", "key-0123456789");
    command.args(["--base-url", &server.base()]).output().unwrap()
}

#[test]
fn p6_what_fails_is_tried_again_for_as_long_as_was_asked_for() {
    let failing = Server::answers([answer("503 Service Unavailable", "", "")]);
    let begun = Instant::now();
    let output = tries_for("1s", &failing);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert!(failing.seen().len() > 1, "{}", failing.seen().len());
    let said = text(&output.stderr).matches("it is tried again").count();
    assert_eq!(said, 1, "once a minute: {}", text(&output.stderr));
    for wrong in ["0s", "2h", "5"] {
        let output = tries_for(wrong, &failing);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        assert!(text(&output.stderr).contains("from 1s to 1h"), "{}", text(&output.stderr));
    }
}

#[test]
fn p6_waits_that_the_service_asks_for_do_not_count_for_that_time() {
    let wait = || answer("429 Too Many Requests", "retry-after: 1\r\n", "");
    let passing = Server::answers([wait(), wait(), page("")]);
    let output = tries_for("1s", &passing);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(passing.seen().len() > 2, "the page after two waits was read");
    assert_eq!(summary(&output.stderr).get("throttled"), Some(&2.into()));
}
