//! What the field sends and no page documents: records with odd members, and what is no record.

use std::process::Output;

use serde_json::{Value, json};
use time::Duration;
use time::format_description::well_known::Rfc3339;

use crate::fetch_pingone::now;
use crate::program::{complete, feed, signin, summary, text};
use crate::server::{Server, answer};

const ID: &str = "66ea54eb-6301-4ee5-be62-ff5a759b0100";

/// A sign-in of Graph as its page documents it.
fn sign_in() -> Value {
    json!({
        "id": ID,
        "createdDateTime": "2026-03-13T19:15:41.6195833Z",
        "userDisplayName": "Ada Test",
        "userPrincipalName": "ada@contoso.example",
        "userId": "26be570a-ae82-4189-b4e2-a37c6808512d",
        "appId": "de8bc8b5-d9f9-48b1-a8ad-b748da725064",
        "ipAddress": "192.0.2.17",
        "riskEventTypes_v2": [],
        "status": {"errorCode": 0, "failureReason": null, "additionalDetails": null},
        "location": {"city": "Redmond", "countryOrRegion": "US"},
        "authenticationProcessingDetails": [],
        "appliedConditionalAccessPolicies": [
            {"id": "p1", "displayName": "Require MFA", "result": "success"}
        ],
        "signInEventTypes": ["interactiveUser"],
    })
}

/// The sign-in with one member of another value.
fn with(pointer: &str, value: &Value) -> Value {
    let mut sign_in = sign_in();
    let (above, name) = pointer.rsplit_once('/').unwrap();
    let above = sign_in.pointer_mut(above).unwrap();
    above.as_object_mut().unwrap().insert(name.to_owned(), value.clone());
    sign_in
}

const CONVERT: [&str; 6] = ["convert", "msgraph", "--tenant", "T", "--format", "ocsf"];

/// The one line that a record gives in a format, and how many odd records the summary counts.
fn one(record: &Value, format: &str) -> (Value, Value) {
    let output = feed(&[&CONVERT[..5], &[format]].concat(), record.to_string());
    let line = complete(&output);
    assert_eq!(line.lines().count(), 1 + usize::from(format == "table"), "{format}: {line}");
    let odd = summary(&output.stderr).get("odd").cloned().unwrap_or_default();
    (if format == "table" { line.into() } else { serde_json::from_str(line).unwrap() }, odd)
}

/// The lines of records: a table has one more.
fn rows(output: &Output) -> Vec<&str> {
    text(&output.stdout).lines().filter(|line| !line.starts_with("TIME ")).collect()
}

#[test]
fn p2_a_sign_in_with_an_odd_member_comes_with_all_others() {
    let policy = "/appliedConditionalAccessPolicies/0/conditionsSatisfied";
    for (pointer, value) in [
        (policy, json!(3)),
        ("/authenticationProcessingDetails", json!(["Legacy TLS (TLS 1.0, 1.1, 3DES): False"])),
        ("/riskEventTypes_v2", json!([null, "unfamiliarFeatures"])),
        ("/location/city", json!({"name": "Redmond"})),
        ("/deviceDetail", json!("Windows 10")),
        ("/userDisplayName", json!(["Ada"])),
        ("/isInteractive", json!("maybe")),
    ] {
        let record = with(pointer, &value);
        let (ocsf, odd) = one(&record, "ocsf");
        assert_eq!(odd, 1, "{pointer}");
        assert_eq!(ocsf["metadata"]["original_event_uid"], ID, "{pointer}");
        assert_eq!(ocsf["time"], 1_773_429_341_619_i64, "{pointer}");
        assert_eq!(ocsf["user"]["name"], "ada@contoso.example", "{pointer}");
        assert_eq!(ocsf["src_endpoint"]["ip"], "192.0.2.17", "{pointer}");
        assert_eq!(ocsf["status_id"], 1, "{pointer}");
        let policy = &ocsf["authorizations"][0]["policy"];
        assert_eq!((&policy["uid"], &policy["is_applied"]), (&json!("p1"), &json!(true)));
        // Nulls say nothing, and are in no event.
        let kept = if value.is_array() {
            json!([value[value.as_array().unwrap().len() - 1]])
        } else {
            value
        };
        assert_eq!(ocsf["unmapped"].pointer(pointer), Some(&kept), "{pointer}: {ocsf}");
        let (event, _) = one(&record, "event");
        assert_eq!(event["unmapped"].pointer(pointer), Some(&kept), "{pointer}: {event}");
        let (ecs, _) = one(&record, "ecs");
        assert_eq!(ecs["user"]["name"], "ada@contoso.example");
        assert!(ecs["entra"].pointer(pointer).is_some(), "{pointer}: {ecs}");
        assert!(one(&record, "table").0.as_str().unwrap().contains("192.0.2.17"));
        // What keeps every byte keeps these.
        assert_eq!(one(&record, "raw").0, record);
        let (envelope, _) = one(&record, "envelope");
        assert_eq!((&envelope["id"], &envelope["record"]), (&json!(ID), &record));
    }
    assert_eq!(one(&sign_in(), "ocsf").1, Value::Null, "nothing is odd");
}

#[test]
fn p2_a_number_that_was_sent_as_text_is_read_and_stays_as_it_was_sent() {
    let (ocsf, odd) = one(&with("/status/errorCode", &json!("50126")), "ocsf");
    assert_eq!((&ocsf["status_id"], &ocsf["status_code"]), (&json!(2), &json!("50126")));
    assert_eq!((&ocsf["unmapped"]["status"], odd), (&json!({"errorCode": "50126"}), json!(1)));
}

#[test]
fn p2_what_an_event_cannot_be_without_still_rejects() {
    for (pointer, value, path) in
        [("/createdDateTime", json!(7), "/createdDateTime"), ("/id", json!([1]), "/id")]
    {
        let output = feed(&CONVERT, with(pointer, &value).to_string());
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(3), ""), "{pointer}");
        assert!(text(&output.stderr).contains(path), "{}", text(&output.stderr));
    }
}

#[test]
fn typed_records_are_as_documented_unless_the_caller_is_lenient() {
    let odd = with("/location/city", &json!(7));
    let typed = [&CONVERT[..5], &["typed"]].concat();
    let folder = crate::folder::Folder::new();
    let rejected = folder.path("rejected.ndjson");
    let output = feed(&[&typed[..], &["--rejected", &rejected]].concat(), odd.to_string());
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(3), ""));
    let kept: Value = serde_json::from_str(&folder.read("rejected.ndjson")).unwrap();
    assert_eq!((&kept["id"], &kept["path"]), (&json!(ID), &json!("/location/city")));

    let output = feed(&[&typed[..], &["--lenient"]].concat(), odd.to_string());
    let line: Value = serde_json::from_str(complete(&output)).unwrap();
    assert_eq!(line["location"], json!({"countryOrRegion": "US"}));
    assert_eq!(summary(&output.stderr)["odd"], 1);

    let output = feed(&[&CONVERT[..], &["--lenient"]].concat(), odd.to_string());
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--lenient goes with --format typed"));
}

#[test]
fn a_rejected_record_keeps_the_id_that_it_says() {
    for (vendor, record, id) in [
        ("msgraph", r#"{"id":"a","createdDateTime":"0001-01-01T00:00:00Z"}"#, json!("a")),
        ("tines", r#"{"id":1,"id":7,"ip":"192.0.2.1"}"#, json!("7")),
        ("pingone", r#"{"id":"p","action":{"type":"USER.ACCESS_ALLOWED"}}"#, json!("p")),
        ("avepoint", r#"{"id":"","ip":"192.0.2.1"}"#, json!(null)),
        ("tines", r#"{"id":[7],"ip":"192.0.2.1"}"#, json!(null)),
    ] {
        let folder = crate::folder::Folder::new();
        let rejected = folder.path("rejected.ndjson");
        let arguments = ["convert", vendor, "--tenant", "T", "--format", "ocsf", "--rejected"];
        let output = feed(&[&arguments[..], &[&rejected]].concat(), record);
        assert_eq!(output.status.code(), Some(3), "{record}: {}", text(&output.stderr));
        let kept: Value = serde_json::from_str(&folder.read("rejected.ndjson")).unwrap();
        assert_eq!(kept["id"], id, "{record}");
    }
}

#[test]
fn p2_half_a_surrogate_is_a_text_of_six_characters_in_every_event() {
    let record = sign_in().to_string().replacen(
        "\"Ada Test\"",
        r#""Ada \ud800","n\uDFFFw":{"\ud83d":"\ud83d\ude00 \udead"}"#,
        1,
    );
    let pointers = ["/userDisplayName", r"/n\uDFFFw/\ud83d"];
    for (format, unmapped) in [("event", "unmapped"), ("ocsf", "unmapped"), ("ecs", "entra")] {
        let output = feed(&[&CONVERT[..5], &[format, "--keep-raw"]].concat(), &*record);
        // serde_json takes no half: this is what a strict reader sees.
        let line: Value = serde_json::from_str(complete(&output)).unwrap();
        let found = pointers.map(|pointer| line[unmapped].pointer(pointer).cloned());
        let expected = [json!(r"Ada \ud800"), json!("\u{1f600} \\udead")];
        assert_eq!(found, expected.map(Some), "{format}: {line}");
    }
    for format in ["raw", "envelope"] {
        let output = feed(&[&CONVERT[..5], &[format]].concat(), &*record);
        assert!(complete(&output).contains(&record), "{format}");
    }
}

#[test]
fn what_has_no_member_of_a_record_is_none_in_any_format_that_reads_it() {
    for (vendor, endpoint, record) in [
        ("msgraph", "sign_ins", r#"{"correlationId":"c","resourceId":"r","new":1}"#),
        ("pingone", "activities", r#"{"correlationId":"c","tags":["x"]}"#),
        ("pingone", "user_activities", r#"{"environment":{"id":"e"}}"#),
        ("tines", "signin_activities", r#"{"user_agent":"curl"}"#),
        ("tines", "users", r#"{"admin":true}"#),
        ("ssojet", "login_logs", r#"{"Name":"Firefox","event":"login"}"#),
        ("avepoint", "sign_ins", r#"{"lat":1.5,"city":"Ulm"}"#),
        ("avepoint", "customers", "{}"),
    ] {
        let context = ["--tenant", "T", "--user", "u", "--client-id", "c", "--format"];
        let arguments = [&["convert", vendor, "--endpoint", endpoint], &context[..]].concat();
        for format in ["typed", "table"] {
            let output = feed(&[&arguments[..], &[format]].concat(), record);
            assert_eq!(output.status.code(), Some(3), "{record} {format}");
            assert!(text(&output.stderr).contains("a member that tells"), "{record}");
        }
        for format in ["raw", "envelope"] {
            complete(&feed(&[&arguments[..], &[format]].concat(), record));
        }
    }
}

#[test]
fn an_error_that_was_saved_is_no_record_whatever_the_caller_says() {
    let error = r#"{"error":{"code":"UnknownError","message":"This request is throttled."}}"#;
    for arguments in [&["--endpoint", "sign_ins"][..], &[]] {
        for format in ["typed", "table", "ocsf"] {
            let arguments = [&CONVERT[..5], &[format], arguments].concat();
            let output = feed(&arguments, error);
            assert_eq!(output.status.code(), Some(2), "{format}");
            assert!(rows(&output).is_empty(), "{format}");
            let said = text(&output.stderr);
            assert!(said.contains("an error that the service answered"), "{said}");
            assert!(!said.contains("--endpoint"), "no advice that leads nowhere: {said}");
        }
    }
    // Among records it costs itself only.
    let input = format!("{}\n{error}\n{}\n", sign_in(), sign_in());
    let output = feed(&CONVERT, input);
    assert_eq!((output.status.code(), text(&output.stdout).lines().count()), (Some(3), 2));
    assert_eq!(summary(&output.stderr)["rejected"], 1);
}

#[test]
fn the_advice_names_only_endpoints_that_the_record_can_be_of() {
    for (vendor, record, advice) in [
        ("tines", r#"{"user_id":7}"#, "--endpoint signin_activities or audit_logs\n"),
        (
            "ssojet",
            r#"{"id":"u","email":"a@b.example","created_at":"2025-01-01T00:00:00Z"}"#,
            "--endpoint users\n",
        ),
        ("ssojet", r#"{"Records":[],"Count":0}"#, "it has Records, Count\n"),
        ("tines", "{}", "it has no members\n"),
        ("pingone", "[1]", "it has no members\n"),
    ] {
        let output = feed(&["convert", vendor, "--format", "typed"], record);
        assert_eq!(output.status.code(), Some(2), "{record}");
        assert!(text(&output.stderr).contains(advice), "{record}: {}", text(&output.stderr));
    }
}

/// What a fetch asked for is asked of odd records as well.
#[test]
fn p2_fetch_filters_odd_records_as_it_does_others() {
    let hour = |hours: i64| {
        let time = now() - Duration::hours(hours);
        time.replace_nanosecond(0).unwrap().format(&Rfc3339).unwrap()
    };
    let row = |id: u64, hours: i64, kind: &str| {
        json!({
            "id": id.to_string(), "recordedAt": hour(hours), "action": {"type": kind},
            "actors": {"user": {"id": "u", "name": 7}}, "result": {"status": "SUCCESS"},
        })
    };
    let sent = json!([
        row(1, 1, "USER.ACCESS_ALLOWED"),
        row(2, 1, "GROUP.CREATED"),
        row(3, 300, "USER.ACCESS_ALLOWED"),
    ]);
    let page = json!({"_embedded": {"activities": sent}, "_links": {}, "size": 3, "count": 3});
    let server = Server::respond(move |_| answer("200 OK", "", &page.to_string()));
    let fetch = |format: &str| {
        let base = server.base();
        signin(&["fetch", "pingone", "--since", "2d", "--format", format, "--base-url", &base])
            .env_clear()
            .env("PINGONE_REGION", "EU")
            .env("PINGONE_ENVIRONMENT_ID", "e-1")
            .env("PINGONE_TOKEN", "token-0123456789")
            .output()
            .unwrap()
    };
    for format in ["ocsf", "envelope", "table"] {
        let output = fetch(format);
        assert_eq!(rows(&output).len(), 1, "{format}: {}", text(&output.stderr));
        let summary = summary(&output.stderr);
        let counts = ["records", "odd", "rejected", "filtered"].map(|name| summary[name].clone());
        assert_eq!(counts, [json!(1), json!(1), json!(0), json!(2)], "{format}");
    }
    let output = fetch("typed");
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(3), ""));
}
