//! A run that came to its end with doubts: what is published, what is missing, and what one user
//! or tenant among many costs.

use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};

use serde_json::{Value, json};
use signin_sim::tines::Settings;

use crate::folder::Folder;
use crate::program::{summary, text};
use crate::server::{Server, answer};
use crate::tenant::{ALL, Tenant, fetch, lines};

/// A tenant of users with one sign-in each, whose list answers each user's request by its id.
fn tenant(users: u64, answers: impl Fn(u64) -> String + Send + 'static) -> Server {
    Server::respond(move |head| {
        let path = head.split(' ').nth(1).unwrap();
        let page = path.split(['?', '&']).find_map(|part| part.strip_prefix("page="));
        if path.contains("signin_activities") && page.is_some_and(|page| page != "1") {
            return list("admin/login_activities", "", None);
        }
        let id = path.split("/users/").nth(1).and_then(|rest| rest.split('/').next());
        match id.and_then(|id| id.parse().ok()) {
            Some(id) => answers(id),
            None => {
                let users: Vec<String> = (1..=users).map(|id| format!("{{\"id\":{id}}}")).collect();
                list("admin/users", &users.join(","), None)
            }
        }
    })
}

fn list(name: &str, rows: &str, count: Option<u64>) -> String {
    let count = count.map_or_else(String::new, |count| format!(",\"count\":{count}"));
    let meta = format!("\"meta\":{{\"next_page_number\":null{count}}}");
    answer("200 OK", "", &format!("{{\"{name}\":[{rows}],{meta}}}"))
}

fn sign_in(user: u64) -> String {
    format!("{{\"id\":{user}00,\"user_id\":{user},\"created_at\":\"2026-03-02T09:00:00Z\"}}")
}

fn good(user: u64) -> String {
    list("admin/login_activities", &sign_in(user), None)
}

fn run(server: &Server, arguments: &[&str]) -> Output {
    let own = ["--since", ALL, "--format", "raw"];
    let mut command = fetch(&[&own[..], arguments].concat());
    command.env("TINES_BASE_URL", server.base()).env("TINES_API_KEY", "key-0123456789");
    command.output().unwrap()
}

#[test]
fn p1_a_count_that_is_short_is_published_beside_its_doubt() {
    let tenant = Tenant::start(Settings::default().users(1).events(40).count_skew(5));
    let folder = Folder::new();
    let (target, checkpoint) = (folder.path("all.ndjson"), folder.path("checkpoint"));
    for further in [&[][..], &["--checkpoint", &checkpoint]] {
        folder.write("all.ndjson", "old\n");
        let output = tenant.run(&[&["--format", "raw", "-o", &target], further].concat());
        assert_eq!(output.status.code(), Some(4));
        assert!(text(&output.stderr).contains("but sent"), "{}", text(&output.stderr));
        assert_eq!(lines(folder.read("all.ndjson").as_bytes()), tenant.logins());
        assert_eq!(folder.names(), ["all.ndjson"], "going on would not help");
        let end = summary(&output.stderr);
        assert_eq!((&end["state"], &end["reason"]), (&"doubtful".into(), &"count-mismatch".into()));
        assert_eq!(end["covered"], Value::Null);
    }
}

#[test]
fn p1_publish_complete_keeps_a_doubtful_file_back_and_says_where_it_is() {
    let tenant = Tenant::start(Settings::default().users(1).events(40).count_skew(5));
    let folder = Folder::new();
    let (target, checkpoint) = (folder.write("all.ndjson", "old\n"), folder.path("checkpoint"));
    let own = ["--format", "raw", "-o", &target, "--publish", "complete"];
    for further in [&[][..], &["--checkpoint", &checkpoint]] {
        let output = tenant.run(&[&own[..], further].concat());
        assert_eq!(output.status.code(), Some(4));
        assert_eq!(folder.read("all.ndjson"), "old\n");
        assert_eq!(lines(folder.read("all.ndjson.unpublished").as_bytes()), tenant.logins());
        assert_eq!(folder.names(), ["all.ndjson", "all.ndjson.unpublished"]);
        let end = summary(&output.stderr);
        assert_eq!(end["state"], "doubtful");
        assert!(end["hint"].as_str().unwrap().contains("all.ndjson.unpublished"), "{end}");
    }
    let whole = Tenant::start(Settings::default().users(1).events(40));
    assert_eq!(whole.run(&own).status.code(), Some(0));
    assert_eq!(lines(folder.read("all.ndjson").as_bytes()), whole.logins());
}

#[test]
fn p1_one_user_that_cannot_be_read_costs_itself_only() {
    let bad = [
        answer("404 Not Found", "", "{}"),
        answer("403 Forbidden", "", "{}"),
        answer("422 Unprocessable", "", "{}"),
        answer("200 OK", "", "<html>please log in</html>"),
        answer("501 Not Implemented", "", "{}"),
    ];
    for (n, bad) in bad.into_iter().enumerate() {
        let server = tenant(6, move |user| if user == 3 { bad.clone() } else { good(user) });
        let folder = Folder::new();
        let (target, checkpoint) = (folder.path("all.ndjson"), folder.path("checkpoint"));
        let files = ["-o", &target, "--checkpoint", &checkpoint];
        for whose in [&["--way", "users"][..], &["--user", "2", "--user", "3", "--user", "4"]] {
            let output = run(&server, &[&files[..], whose].concat());
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(4), "{n}: {said}");
            assert!(said.contains("warning: 3 is left out: tines signin_activities: "), "{said}");
            let end = summary(&output.stderr);
            assert_eq!(end["state"], "doubtful", "{end}");
            assert_eq!(
                (&end["reason"], &end["missing"]),
                (&"source-missing".into(), &json!(["3"]))
            );
            let read = if whose.len() == 2 { 5 } else { 2 };
            assert_eq!(folder.read("all.ndjson").lines().count(), read);
            assert_eq!(folder.names(), ["all.ndjson"]);
        }
    }
}

#[test]
fn p1_what_no_user_may_be_asked_ends_the_run_after_few_requests_and_publishes_nothing() {
    for (status, reason) in [("403 Forbidden", "role"), ("404 Not Found", "not-found")] {
        let server = tenant(400, move |_| answer(status, "", "{}"));
        let folder = Folder::new();
        let (target, checkpoint) = (folder.write("all.ndjson", "old\n"), folder.path("checkpoint"));
        let own = ["--way", "users", "-o", &target, "--checkpoint", &checkpoint];
        let output = run(&server, &own);
        assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
        let end = summary(&output.stderr);
        assert_eq!((&end["state"], &end["reason"]), (&"incomplete".into(), &reason.into()));
        assert!(server.seen().len() < 15, "{} requests", server.seen().len());
        assert_eq!(folder.read("all.ndjson"), "old\n");
        folder.remove("checkpoint");
    }
}

#[test]
fn p3_users_that_all_failed_are_read_by_the_next_run() {
    let asked = AtomicU64::new(0);
    let server = tenant(8, move |user| {
        // The first nine answers about users: three runs end there.
        match asked.fetch_add(1, Relaxed) {
            0..9 => answer("403 Forbidden", "", "{}"),
            _ => good(user),
        }
    });
    let folder = Folder::new();
    let checkpoint = folder.path("checkpoint");
    let own = ["--way", "users", "--checkpoint", &checkpoint, "--concurrency", "1"];
    let mut runs = 0;
    let end = loop {
        runs += 1;
        let output = run(&server, &own);
        if output.status.success() {
            break output;
        }
        assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
        assert_eq!(text(&output.stdout), "");
    };
    assert!(runs > 2, "{runs}");
    let all: Vec<String> = (1..=8).map(sign_in).collect();
    assert_eq!(lines(&end.stdout), all);
    assert_eq!(summary(&end.stderr).get("missing"), None);
}

#[test]
fn p1_a_few_users_that_all_fail_publish_nothing() {
    let server = tenant(2, |_| answer("404 Not Found", "", "{}"));
    let folder = Folder::new();
    let target = folder.path("all.ndjson");
    for whose in [&["--way", "users"][..], &["--user", "1", "--user", "2"], &["--user", "1"]] {
        let output = run(&server, &[&["-o", &target], whose].concat());
        assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
        assert_eq!(summary(&output.stderr)["reason"], "not-found");
        assert_eq!(folder.names(), [""; 0]);
    }
}

#[test]
fn p1_a_tenant_without_any_sign_in_but_one_lost_user_is_published_empty() {
    let server = tenant(3, |user| match user {
        2 => answer("404 Not Found", "", "{}"),
        _ => list("admin/login_activities", "", None),
    });
    let folder = Folder::new();
    let output = run(&server, &["--way", "users", "-o", &folder.path("all.ndjson")]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    assert_eq!(summary(&output.stderr)["state"], "doubtful");
    assert_eq!(folder.read("all.ndjson"), "");
}

#[test]
fn p3_a_doubt_outlives_a_break() {
    // The second user cannot be read; at the third one the key is refused once.
    let refused = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&refused);
    let server = tenant(4, move |user| match user {
        2 => answer("404 Not Found", "", "{}"),
        3 if counted.fetch_add(1, Relaxed) == 0 => answer("401 Unauthorized", "", "{}"),
        _ => good(user),
    });
    let users = &["--user", "1", "--user", "2", "--user", "3", "--user", "4"][..];
    for whose in [users, &["--way", "users", "--concurrency", "1"]] {
        refused.store(0, Relaxed);
        let folder = Folder::new();
        let (target, checkpoint) = (folder.path("all.ndjson"), folder.path("checkpoint"));
        let own = ["-o", &target, "--checkpoint", &checkpoint];
        let first = run(&server, &[&own[..], whose].concat());
        assert_eq!(first.status.code(), Some(5), "{}", text(&first.stderr));
        assert_eq!(summary(&first.stderr)["missing"], json!(["2"]));
        let rest = run(&server, &[&own[..], whose].concat());
        assert_eq!(rest.status.code(), Some(4), "{}", text(&rest.stderr));
        let end = summary(&rest.stderr);
        assert_eq!((&end["state"], &end["missing"]), (&"doubtful".into(), &json!(["2"])));
        assert_eq!(end["reason"], "source-missing");
        assert_eq!(folder.read("all.ndjson").lines().count(), 3);
    }
}

#[test]
fn p1_a_count_of_one_user_names_that_user() {
    let server = tenant(3, |user| {
        let count = if user == 2 { 5 } else { 1 };
        list("admin/login_activities", &sign_in(user), Some(count))
    });
    for whose in [&["--way", "users"][..], &["--user", "1", "--user", "2"]] {
        let output = run(&server, whose);
        assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
        let end = summary(&output.stderr);
        assert_eq!(
            (&end["missing"], &end["reason"]),
            (&json!(["2"]), &"count-mismatch".into()),
            "{}",
            text(&output.stderr)
        );
    }
}

const WAYS: [&[&str]; 2] = [
    &["--user", "1", "--user", "2", "--user", "3", "--user", "4"],
    &["--way", "users", "--concurrency", "1"],
];

#[test]
fn p3_a_doubtful_file_that_could_not_get_its_name_gets_it_from_the_next_run() {
    for whose in WAYS {
        let folder = Folder::new();
        let (target, checkpoint) = (folder.path("all.ndjson"), folder.path("checkpoint"));
        let place = target.clone();
        let server = tenant(4, move |user| match user {
            2 => answer("403 Forbidden", "", "{}"),
            4 => {
                let _ = std::fs::create_dir(&place);
                good(user)
            }
            _ => good(user),
        });
        let own = ["-o", &target, "--checkpoint", &checkpoint, "--until", "2026-03-04T00:00:00Z"];
        let all = [&own[..], whose].concat();
        let first = run(&server, &all);
        assert_eq!(first.status.code(), Some(4), "{}", text(&first.stderr));
        assert_eq!(summary(&first.stderr)["reason"], "disk");
        std::fs::remove_dir(&target).unwrap();
        let rest = run(&server, &all);
        assert_eq!(rest.status.code(), Some(4), "{}", text(&rest.stderr));
        assert_eq!(summary(&rest.stderr)["state"], "doubtful");
        assert_eq!(lines(folder.read("all.ndjson").as_bytes()), [1, 3, 4].map(sign_in));
        assert_eq!(folder.names(), ["all.ndjson"]);
    }
}

#[test]
fn p3_what_is_kept_back_takes_no_place_that_another_run_goes_on_from() {
    let broken = Arc::new(AtomicBool::new(true));
    let is_broken = Arc::clone(&broken);
    let server = tenant(4, move |user| match user {
        3 if is_broken.load(Relaxed) => answer("401 Unauthorized", "", "{}"),
        _ => good(user),
    });
    let folder = Folder::new();
    let (target, checkpoint) = (folder.path("all.ndjson"), folder.path("checkpoint"));
    let all = [&["-o", &target, "--checkpoint", &checkpoint][..], WAYS[0]].concat();
    assert_eq!(run(&server, &all).status.code(), Some(5));
    // Another run writes to the same file, without that checkpoint, and has a doubt.
    let other = Tenant::start(Settings::default().users(1).events(40).count_skew(5));
    let doubtful = other.run(&["--format", "raw", "-o", &target, "--publish", "complete"]);
    assert_eq!(doubtful.status.code(), Some(4), "{}", text(&doubtful.stderr));
    broken.store(false, Relaxed);
    let rest = run(&server, &all);
    assert_eq!(rest.status.code(), Some(0), "{}", text(&rest.stderr));
    assert_eq!(lines(folder.read("all.ndjson").as_bytes()), [1, 2, 3, 4].map(sign_in));
}

#[test]
fn p3_an_output_that_another_checkpoint_wrote_to_meanwhile_is_not_gone_on_with() {
    let broken = Arc::new(AtomicU64::new(3));
    let at = Arc::clone(&broken);
    let server = tenant(4, move |user| match user {
        user if user == at.load(Relaxed) => answer("401 Unauthorized", "", "{}"),
        user => good(user),
    });
    let folder = Folder::new();
    let (target, one, other) =
        (folder.path("all.ndjson"), folder.path("one"), folder.path("other"));
    let fetch = |checkpoint: &str, users: &[&str]| {
        run(&server, &[&["-o", &target, "--checkpoint", checkpoint][..], users].concat())
    };
    assert_eq!(fetch(&one, WAYS[0]).status.code(), Some(5));
    broken.store(1, Relaxed);
    let turned = ["--user", "4", "--user", "3", "--user", "2", "--user", "1"];
    assert_eq!(fetch(&other, &turned).status.code(), Some(5));
    broken.store(0, Relaxed);
    let mixed = fetch(&one, WAYS[0]);
    let said = text(&mixed.stderr);
    assert_eq!(mixed.status.code(), Some(2), "{said}");
    assert!(said.contains("was written by another run; remove --checkpoint "), "{said}");
    let rest = fetch(&other, &turned);
    assert_eq!(rest.status.code(), Some(0), "{}", text(&rest.stderr));
    assert_eq!(lines(folder.read("all.ndjson").as_bytes()), [4, 3, 2, 1].map(sign_in));
}
