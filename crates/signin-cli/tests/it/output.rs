//! What comes out of a demo is the simulator's truth, of every product and in every format.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use signin_core::Timestamp;

use crate::program::{run, summaries, summary, text};
use crate::truth::{VENDORS, truth};

fn lines(bytes: &[u8]) -> Vec<&str> {
    assert!(bytes.is_empty() || bytes.ends_with(b"\n"), "a last line is cut");
    text(bytes).lines().collect()
}

fn in_order<T: Ord>(mut rows: Vec<T>) -> Vec<T> {
    rows.sort();
    rows
}

#[tokio::test]
async fn raw_is_the_simulators_truth_byte_for_byte() {
    for (seed, users, events) in [(1, 3, 40), (7, 40, 600), (2, 1, 150)] {
        let [seed_text, users_text, events_text] =
            [seed, users, events].map(|number: u64| number.to_string());
        let numbers = ["--seed", &seed_text, "--users", &users_text, "--events", &events_text];
        let output = run(&[&["demo", "--format", "raw"][..], &numbers].concat());
        assert_eq!(output.status.code(), Some(0));
        let lines = lines(&output.stdout);
        assert_eq!(lines.len() as u64, 5 * events);
        for (vendor, lines) in VENDORS.iter().zip(lines.chunks(usize::try_from(events).unwrap())) {
            let truth = truth(vendor, seed, users, events).await;
            if *vendor == "avepoint" {
                assert_eq!(in_order(lines.to_vec()), in_order(truth));
            } else {
                assert_eq!(lines, truth, "{vendor}");
            }
        }
    }
}

#[test]
fn a_demo_without_options_takes_several_pages_and_gives_everything() {
    let output = run(&["demo"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(lines(&output.stdout).len(), 200);
    for summary in summaries(&output.stderr) {
        assert!(summary["pages"].as_u64() > Some(2), "{summary}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_gives_others() {
    let raw = |seed| run(&["demo", "--format", "raw", "--seed", seed]).stdout;
    assert_eq!(raw("18446744073709551615"), raw("18446744073709551615"));
    assert_ne!(raw("1"), raw("2"));
}

#[test]
fn the_size_of_pages_changes_nothing_but_the_number_of_requests() {
    let small = run(&["demo", "--format", "raw", "--per-page", "3"]);
    let large = run(&["demo", "--format", "raw", "--per-page", "500"]);
    assert_eq!(text(&small.stdout), text(&large.stdout));
    for (small, large) in summaries(&small.stderr).iter().zip(summaries(&large.stderr)) {
        assert!(small["requests"].as_u64() > large["requests"].as_u64(), "{small} {large}");
    }
}

#[test]
fn products_that_are_named_are_read_once_and_in_the_same_order() {
    let raw = |vendors: &[&str]| {
        let output = run(&[&["demo", "--format", "raw"], vendors].concat());
        assert_eq!(output.status.code(), Some(0));
        (text(&output.stdout).to_owned(), summaries(&output.stderr))
    };
    let (all, summed) = raw(&[]);
    let each: Vec<_> = VENDORS.iter().map(|vendor| raw(&["--vendor", vendor])).collect();
    assert_eq!(all, each.iter().map(|(lines, _)| lines.as_str()).collect::<String>());
    assert_eq!(summed.len(), 6);
    for (vendor, (_, alone)) in VENDORS.iter().zip(&each) {
        assert_eq!(alone.len(), 1, "one source needs no sum");
        assert_eq!((&alone[0]["vendor"], &alone[0]["records"]), (&json!(vendor), &json!(40)));
    }
    let named = ["--vendor", "msgraph", "--vendor", "tines", "--vendor", "msgraph"];
    let (two, _) = raw(&named);
    assert_eq!(two, each[0].0.clone() + &each[4].0);
}

#[test]
fn every_product_that_gives_tokens_is_asked_for_one_first() {
    let output = run(&["--verbose", "demo"]);
    let said = text(&output.stderr);
    for vendor in VENDORS {
        let requests: Vec<_> =
            said.lines().filter(|line| line.starts_with(&format!("request: {vendor} "))).collect();
        let tokens = requests.iter().filter(|line| line.contains(" token: 200, ")).count();
        assert_eq!(tokens, usize::from(vendor != "tines"), "{requests:#?}");
    }
}

#[tokio::test]
async fn an_envelope_holds_the_record_as_it_came_and_its_sha_256() {
    // Envelopes are what programs get: no format is asked for.
    let output = run(&["demo", "--seed", "5", "--users", "10", "--events", "200"]);
    let lines = lines(&output.stdout);
    assert_eq!(lines.len(), 1_000);
    let endpoints = ["signin_activities", "sign_ins", "login_logs", "activities", "sign_ins"];
    for ((vendor, endpoint), lines) in VENDORS.iter().zip(endpoints).zip(lines.chunks(200)) {
        let truth = truth(vendor, 5, 10, 200).await;
        for line in lines {
            let envelope: Value = serde_json::from_str(line).unwrap();
            let (_, record) = line.split_once(",\"record\":").unwrap();
            let record = record.strip_suffix('}').unwrap();
            assert!(truth.iter().any(|truth| truth == record), "{line}");
            let digest: String =
                Sha256::digest(record).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(envelope["rev"], digest);
            assert_eq!(
                (&envelope["v"], &envelope["vendor"], &envelope["endpoint"]),
                (&json!(1), &json!(vendor), &json!(endpoint))
            );
            let fetched_at = envelope["fetched_at"].as_str().unwrap();
            assert!(Timestamp::parse(fetched_at).is_some() && fetched_at.ends_with('Z'), "{line}");
            check_context(vendor, &envelope);
        }
    }
}

/// What a record does not say stands beside it, and nothing else does.
fn check_context(vendor: &str, envelope: &Value) {
    let has = |name: &str| envelope[name].as_str().is_some_and(|text| !text.is_empty());
    let context = ["tenant", "customer", "user", "client_id"].map(has);
    let record = &envelope["record"];
    assert!(has("id"), "{envelope}");
    if vendor != "ssojet" {
        let id = record["id"].as_str().map_or_else(|| record["id"].to_string(), str::to_owned);
        assert_eq!(envelope["id"], id);
    }
    let expected = match vendor {
        "tines" => {
            assert_eq!(envelope["user"], record["user_id"].to_string());
            assert!(envelope["tenant"].as_str().unwrap().starts_with("http://127.0.0.1:"));
            [true, false, true, false]
        }
        "avepoint" => [true, true, false, false],
        "ssojet" => [false, false, true, true],
        _ => [true, false, false, false],
    };
    assert_eq!(context, expected, "{envelope}");
}

#[tokio::test]
async fn typed_holds_every_member_of_the_record() {
    let output = run(&["demo", "--vendor", "tines", "--format", "typed"]);
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let typed: Vec<_> = lines(&output.stdout).into_iter().map(value).collect();
    let truth: Vec<_> = truth("tines", 1, 3, 40).await.iter().map(|text| value(text)).collect();
    assert_eq!(typed, truth);
}

#[test]
fn a_table_of_several_products_is_a_table_each_under_a_title() {
    let output = run(&["demo", "--format", "table", "--events", "10"]);
    let tables: Vec<Vec<&str>> =
        text(&output.stdout).split("\n\n").map(|table| table.lines().collect::<Vec<_>>()).collect();
    assert_eq!(tables.len(), 5);
    let names = ["Tines: ", "AvePoint Elements: ", "SSOJet: ", "PingOne: ", "Microsoft Graph: "];
    for ((table, name), vendor) in tables.iter().zip(names).zip(VENDORS) {
        let [title, header, rows @ ..] = &table[..] else { panic!("{table:?}") };
        assert!(title.starts_with(name), "{title}");
        assert!(header.starts_with("TIME  ") && rows.len() == 10, "{table:#?}");
        // One product alone needs no title.
        let alone = run(&["demo", "--format", "table", "--events", "10", "--vendor", vendor]);
        assert_eq!(lines(&alone.stdout), table[1..]);
    }
}

#[tokio::test]
async fn a_table_shows_nothing_that_a_terminal_obeys() {
    let truth = truth("tines", 3, 40, 2_000).await;
    assert!(truth.iter().any(|record| record.contains("\\u001b")), "the data has none");
    let options = ["demo", "--format", "table", "--seed", "3", "--users", "40"];
    let tines = run(&[&options[..], &["--vendor", "tines", "--events", "2000"]].concat());
    let rows = lines(&tines.stdout);
    assert_eq!(rows.len(), truth.len() + 1);
    for (row, record) in rows.iter().skip(1).zip(&truth) {
        let record: Value = serde_json::from_str(record).unwrap();
        for member in ["created_at", "ip"] {
            assert!(row.contains(record[member].as_str().unwrap()), "{row}");
        }
    }
    assert!(rows.iter().any(|row| row.contains("�[2J�[31mowned")), "it is shown, made harmless");
    let all = run(&options);
    for row in rows.into_iter().chain(lines(&all.stdout)) {
        assert!(!row.contains(char::is_control), "{row:?}");
        assert!(row.chars().count() <= 100, "{row}");
    }
}

#[test]
fn the_summaries_are_the_last_lines_and_count_what_came_out() {
    for (format, titles) in [("table", 5 + 5 + 4), ("raw", 0), ("typed", 0), ("envelope", 0)] {
        let output = run(&["demo", "--format", format, "--users", "9", "--events", "123"]);
        let summaries = summaries(&output.stderr);
        assert_eq!(lines(&output.stderr).len(), 6);
        let [each @ .., all] = &summaries[..] else { panic!("{summaries:?}") };
        assert_eq!(all["records"], lines(&output.stdout).len() - titles, "{format}");
        assert_eq!((&all["sources"], &all["vendor"]), (&json!(5), &Value::Null));
        for (summary, vendor) in each.iter().zip(VENDORS) {
            assert_eq!((&summary["vendor"], &summary["records"]), (&json!(vendor), &json!(123)));
        }
        for counted in ["records", "pages", "requests"] {
            let sum: u64 = each.iter().map(|summary| summary[counted].as_u64().unwrap()).sum();
            assert_eq!(all[counted], sum, "{counted}");
        }
        let newest = |summary: &Value| Timestamp::parse(summary["newest"].as_str().unwrap());
        assert_eq!(newest(all), each.iter().map(newest).max().unwrap());
        for summary in &summaries {
            assert_eq!(summary["state"], "complete");
            assert_eq!(summary["requests"], summary["pages"]);
            for none in ["rejected", "retries", "throttled", "duplicates"] {
                assert_eq!(summary[none], 0, "{none}");
            }
            assert!(summary["newest"].as_str().unwrap().starts_with("2026-03-02T"), "{summary}");
            assert!(summary["elapsed_seconds"].as_f64() > Some(0.0));
            assert_eq!(summary["hint"], "", "nothing is left to do");
        }
    }
}

#[test]
fn what_a_demo_names_for_real_sign_ins_is_there() {
    for vendor in VENDORS {
        let help = run(&["fetch", vendor, "--help"]);
        assert_eq!(help.status.code(), Some(0), "{vendor}");
        assert!(text(&help.stdout).contains("--since"), "{vendor}");
    }
}

#[test]
fn nothing_to_read_is_a_complete_run() {
    let output = run(&["demo", "--events", "0", "--format", "raw"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    for summary in summaries(&output.stderr) {
        assert_eq!((&summary["records"], &summary["newest"]), (&json!(0), &Value::Null));
        assert_eq!(summary["state"], "complete");
    }
    assert_eq!(summary(&output.stderr)["sources"], 5);
}
