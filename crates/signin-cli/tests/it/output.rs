//! What comes out is the simulator's truth, in every format.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use signin_core::Timestamp;
use signin_sim::{Simulator, tines::Settings};

use crate::program::{run, summary, text};

/// Each user's sign-ins, as the simulator itself writes them.
async fn truth(seed: u64, users: u64, events: u64) -> Vec<String> {
    let settings = Settings::default().users(users).events(events);
    let simulator = Simulator::builder().seed(seed).tines(settings).start().await.unwrap();
    let tenant = simulator.tines().unwrap();
    let sign_ins = tenant.user_ids().flat_map(|user| tenant.sign_ins(user, None, None));
    sign_ins.map(|sign_in| sign_in.to_json()).collect()
}

fn lines(bytes: &[u8]) -> Vec<&str> {
    assert!(bytes.is_empty() || bytes.ends_with(b"\n"), "a last line is cut");
    text(bytes).lines().collect()
}

#[tokio::test]
async fn raw_is_the_simulators_truth_byte_for_byte() {
    for (seed, users, events) in [(1, 3, 200), (7, 40, 3_000), (2, 1, 500)] {
        let (users_text, events_text) = (users.to_string(), events.to_string());
        let seed_text = seed.to_string();
        let output = run(&[
            "demo",
            "--format",
            "raw",
            "--seed",
            &seed_text,
            "--users",
            &users_text,
            "--events",
            &events_text,
        ]);
        assert_eq!(output.status.code(), Some(0));
        let truth = truth(seed, users, events).await;
        assert_eq!(truth.len() as u64, events);
        assert_eq!(lines(&output.stdout), truth);
    }
}

#[tokio::test]
async fn a_demo_without_options_takes_several_pages_and_gives_everything() {
    let output = run(&["demo"]);
    assert_eq!(output.status.code(), Some(0));
    let truth = truth(1, 3, 200).await;
    assert_eq!(lines(&output.stdout).len(), truth.len());
    assert!(summary(&output.stderr)["pages"].as_u64() > Some(3));
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_gives_others() {
    let raw = |seed| run(&["demo", "--format", "raw", "--seed", seed]).stdout;
    assert_eq!(raw("18446744073709551615"), raw("18446744073709551615"));
    assert_ne!(raw("1"), raw("2"));
}

#[test]
fn the_size_of_pages_changes_nothing_but_the_number_of_requests() {
    let small = run(&["demo", "--format", "raw", "--per-page", "7"]);
    let large = run(&["demo", "--format", "raw", "--per-page", "500"]);
    assert_eq!(small.stdout, large.stdout);
    let requests = |stderr: &[u8]| summary(stderr)["requests"].as_u64().unwrap();
    assert!(requests(&small.stderr) > requests(&large.stderr));
}

#[tokio::test]
async fn an_envelope_holds_the_record_as_it_came_and_its_sha_256() {
    // Envelopes are what programs get: no format is asked for.
    let output = run(&["demo", "--seed", "5", "--users", "10", "--events", "1000"]);
    let truth = truth(5, 10, 1_000).await;
    let lines = lines(&output.stdout);
    assert_eq!(lines.len(), truth.len());
    for (line, truth) in lines.iter().zip(&truth) {
        let envelope: Value = serde_json::from_str(line).unwrap();
        let (_, record) = line.split_once(",\"record\":").unwrap();
        assert_eq!(record.strip_suffix('}').unwrap(), truth);
        let digest: String =
            Sha256::digest(truth).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(envelope["rev"], digest);
        assert_eq!(envelope["id"], envelope["record"]["id"].to_string());
        assert_eq!(envelope["user"], envelope["record"]["user_id"].to_string());
        assert_eq!(
            (&envelope["v"], &envelope["vendor"], &envelope["endpoint"]),
            (&json!(1), &json!("tines"), &json!("signin_activities"))
        );
        assert!(envelope["tenant"].as_str().unwrap().starts_with("http://127.0.0.1:"));
        let fetched_at = envelope["fetched_at"].as_str().unwrap();
        assert!(Timestamp::parse(fetched_at).is_some() && fetched_at.ends_with('Z'), "{line}");
    }
}

#[tokio::test]
async fn typed_holds_every_member_of_the_record() {
    let output = run(&["demo", "--format", "typed"]);
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let typed: Vec<_> = lines(&output.stdout).into_iter().map(value).collect();
    let truth: Vec<_> = truth(1, 3, 200).await.iter().map(|text| value(text)).collect();
    assert_eq!(typed, truth);
}

#[tokio::test]
async fn a_table_shows_nothing_that_a_terminal_obeys() {
    let truth = truth(3, 40, 2_000).await;
    assert!(truth.iter().any(|record| record.contains("\\u001b")), "the data has none");
    let output =
        run(&["demo", "--format", "table", "--seed", "3", "--users", "40", "--events", "2000"]);
    let rows = lines(&output.stdout);
    assert_eq!(rows.len(), truth.len() + 1);
    for (row, record) in rows.iter().skip(1).zip(&truth) {
        assert!(!row.contains(char::is_control), "{row:?}");
        assert!(row.chars().count() <= 100, "{row}");
        let record: Value = serde_json::from_str(record).unwrap();
        for member in ["created_at", "ip"] {
            assert!(row.contains(record[member].as_str().unwrap()), "{row}");
        }
    }
    assert!(rows.iter().any(|row| row.contains("�[2J�[31mowned")), "it is shown, made harmless");
}

#[test]
fn the_summary_is_the_last_line_and_counts_what_came_out() {
    for (format, header) in [("table", 1), ("raw", 0), ("typed", 0), ("envelope", 0)] {
        let output = run(&["demo", "--format", format, "--users", "9", "--events", "1234"]);
        let summary = summary(&output.stderr);
        assert_eq!(lines(&output.stderr).len(), 1, "{summary}");
        assert_eq!(summary["records"], lines(&output.stdout).len() - header, "{format}");
        assert_eq!(summary["records"], 1234);
        assert_eq!(summary["state"], "complete");
        assert_eq!(summary["requests"], summary["pages"]);
        for none in ["rejected", "retries", "throttled", "duplicates"] {
            assert_eq!(summary[none], 0, "{none}");
        }
        assert_eq!(summary["newest"], "2026-03-02T09:30:00Z");
        assert!(summary["elapsed_seconds"].as_f64() > Some(0.0));
        assert_eq!(summary["hint"], "", "nothing is left to do");
    }
}

#[test]
fn nothing_to_read_is_a_complete_run() {
    let output = run(&["demo", "--events", "0", "--format", "raw"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    let summary = summary(&output.stderr);
    assert_eq!((&summary["records"], &summary["newest"]), (&json!(0), &Value::Null));
    assert_eq!((&summary["pages"], &summary["state"]), (&json!(3), &json!("complete")));
}
