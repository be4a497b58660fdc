//! `signin convert msgraph`: sign-ins that were exported another way than by Graph.

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::program::{complete, feed, run, summary, text};

const TENANT: &str = "00000000-1111-2222-3333-444444444444";

/// A sign-in as diagnostic settings have it in `properties`.
fn properties(id: &str) -> Value {
    json!({
        "id": id, "createdDateTime": "2026-03-13T19:15:41.6195833+00:00",
        "userDisplayName": "Ada", "userPrincipalName": "ada@contoso.example", "userId": "u1",
        "appId": "app", "ipAddress": "192.0.2.17", "status": {"errorCode": 50126},
        "appliedConditionalAccessPolicies": [
            {"id": "p1", "result": "success", "conditionsSatisfied": 3, "conditionsNotSatisfied": 0}
        ],
    })
}

/// A record of diagnostic settings.
fn diagnostic(id: &str, category: &str) -> Value {
    json!({
        "time": "2026-03-13T19:25:00Z", "category": category, "tenantId": TENANT,
        "resourceId": format!("/tenants/{TENANT}/providers/Microsoft.aadiam"),
        "operationName": "Sign-in activity", "resultType": "50126", "level": "4",
        "callerIpAddress": "198.51.100.7", "location": "US", "properties": properties(id),
    })
}

fn convert(format: &str, input: &str) -> Vec<Value> {
    let output = feed(&["convert", "msgraph", "--tenant", "T", "--format", format], input);
    complete(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_diagnostic_record_is_the_sign_in_within_it() {
    let input = diagnostic("a", "NonInteractiveUserSignInLogs").to_string();
    let [ocsf] = &convert("ocsf", &input)[..] else { panic!("one line") };
    assert_eq!(ocsf["metadata"]["original_event_uid"], "a");
    assert_eq!(ocsf["metadata"]["tenant_uid"], TENANT, "the wrapping says it, not the caller");
    assert_eq!(ocsf["time"], 1_773_429_341_619_i64, "not the time of its processing");
    assert_eq!(ocsf["src_endpoint"]["ip"], "192.0.2.17", "not who called the log");
    assert_eq!((&ocsf["status_id"], &ocsf["status_code"]), (&json!(2), &json!("50126")));
    assert_eq!(ocsf["unmapped"]["diagnosticRecord"]["callerIpAddress"], "198.51.100.7");
    let policy = &ocsf["unmapped"]["appliedConditionalAccessPolicies"][0];
    assert_eq!(policy["conditionsSatisfied"], "application,users");

    let [event] = &convert("event", &input)[..] else { panic!("one line") };
    assert_eq!(event["kinds"], json!(["nonInteractiveUser"]));
    let [typed] = &convert("typed", &input)[..] else { panic!("one line") };
    assert_eq!((&typed["id"], typed.get("resourceId")), (&json!("a"), None));

    // The original stays what it was.
    let [envelope] = &convert("envelope", &input)[..] else { panic!("one line") };
    assert_eq!(envelope["record"].to_string(), input);
    assert_eq!((&envelope["id"], &envelope["tenant"]), (&json!("a"), &json!(TENANT)));
    assert_eq!(envelope["endpoint"], "sign_ins");
    assert_eq!(convert("raw", &input)[0].to_string(), input);
    assert_eq!(convert("ocsf", &envelope.to_string()), convert("ocsf", &input));
    let kept = feed(&["convert", "msgraph", "--format", "ocsf", "--keep-raw"], &*input);
    let kept: Value = serde_json::from_str(complete(&kept)).unwrap();
    assert_eq!(kept["raw_data"], input);

    // An event is the one of the same sign-in from Graph.
    let graph = feed(
        &["convert", "msgraph", "--tenant", TENANT, "--format", "ocsf"],
        properties("a").to_string(),
    );
    let graph: Value = serde_json::from_str(complete(&graph)).unwrap();
    assert_eq!(graph["metadata"]["uid"], ocsf["metadata"]["uid"]);
}

#[test]
fn the_summary_says_what_the_records_were_and_what_was_left_out() {
    let records = [
        diagnostic("a", "SignInLogs"),
        diagnostic("b", "AuditLogs"),
        diagnostic("c", "ManagedIdentitySignInLogs"),
        diagnostic("d", "AuditLogs"),
        diagnostic("e", "UserRiskEvents"),
    ];
    let page = json!({"records": records}).to_string();
    let lines: String = records.iter().map(|record| format!("{record}\r\n")).collect();
    let list = json!(records).to_string();
    for input in [&page, &lines, &list] {
        for (format, wanted) in [("ecs", 2), ("envelope", 2), ("typed", 2), ("raw", 5)] {
            let arguments = ["convert", "msgraph", "--tenant", "T", "--format", format];
            let output = feed(&arguments, &**input);
            assert_eq!(complete(&output).lines().count(), wanted, "{format}: {input}");
            let summary = summary(&output.stderr);
            if format != "raw" {
                assert_eq!(summary["shapes"], json!({"diagnostic_records": 2}));
                assert_eq!(summary["skipped"], json!({"AuditLogs": 2, "UserRiskEvents": 1}));
            }
        }
    }
    let own = feed(&["convert", "msgraph", "--tenant", "T"], properties("a").to_string());
    assert_eq!(summary(&own.stderr).get("shapes"), None, "Graph's own needs no word");
}

#[test]
fn rows_of_log_analytics_and_objects_of_powershell_are_sign_ins() {
    let row = json!({
        "TenantId": "workspace", "AADTenantId": TENANT, "Type": "SigninLogs", "Id": "a",
        "TimeGenerated": "2026-03-13T19:25:00Z", "CreatedDateTime": "2026-03-13T19:15:41Z",
        "UserPrincipalName": "ada@contoso.example", "IPAddress": "192.0.2.17",
        "ResultType": "50126", "LocationDetails": "{\"city\":\"Ulm\"}", "Location": "DE",
    });
    let object = json!({
        "Id": "a", "CreatedDateTime": "/Date(1773429341000)/", "IPAddress": "192.0.2.17",
        "UserPrincipalName": "ada@contoso.example", "Status": {"ErrorCode": 50126},
        "Location": {"City": "Ulm", "GeoCoordinates": "@{Latitude=48.4}"},
        "AdditionalProperties": {},
    });
    for (input, shape) in [(row, "log_analytics"), (object, "powershell")] {
        let arguments = ["convert", "msgraph", "--tenant", TENANT, "--format", "ocsf"];
        let output = feed(&arguments, input.to_string());
        let ocsf: Value = serde_json::from_str(complete(&output)).unwrap();
        assert_eq!(ocsf["metadata"]["tenant_uid"], TENANT, "{shape}");
        assert_eq!(ocsf["time"], 1_773_429_341_000_i64, "{shape}");
        assert_eq!(ocsf["user"]["name"], "ada@contoso.example", "{shape}");
        assert_eq!(ocsf["src_endpoint"]["location"]["city"], "Ulm", "{shape}");
        assert_eq!(ocsf["status_code"], "50126", "{shape}");
        let summary = summary(&output.stderr);
        assert_eq!(summary["shapes"], json!({shape: 1}));
        let lossy = summary.get("lossy").is_some();
        assert_eq!(lossy, shape == "powershell", "what PowerShell cut off is reported");
        assert_eq!(text(&output.stderr).contains("-Depth 10"), lossy);
    }
}

#[test]
fn an_answer_of_the_query_api_is_rows() {
    let answer = json!({"tables": [{
        "name": "PrimaryResult",
        "columns": [
            {"name": "Id", "type": "string"}, {"name": "CreatedDateTime", "type": "datetime"},
            {"name": "UserPrincipalName", "type": "string"}, {"name": "Type", "type": "string"},
        ],
        "rows": [
            ["a", "2026-03-13T19:15:41Z", "ada@contoso.example", "SigninLogs"],
            ["b", "2026-03-13T19:15:42Z", "bob@contoso.example", "SigninLogs"],
            ["c", "too short"],
        ],
    }]});
    let arguments = ["convert", "msgraph", "--tenant", "T", "--format", "ocsf"];
    let output = feed(&arguments, answer.to_string());
    assert_eq!(output.status.code(), Some(3));
    let names = text(&output.stdout).lines().map(|line| {
        let event: Value = serde_json::from_str(line).unwrap();
        event["user"]["name"].clone()
    });
    assert_eq!(names.collect::<Vec<_>>(), ["ada@contoso.example", "bob@contoso.example"]);
    let summary = summary(&output.stderr);
    assert_eq!(
        (&summary["shapes"], &summary["rejected"]),
        (&json!({"log_analytics": 2}), &json!(1))
    );
}

#[test]
fn other_logs_of_microsoft_are_refused_by_name() {
    for (record, what) in [
        (json!({"Operation": "UserLoggedIn", "RecordType": 15, "Id": "a"}), "unified audit log"),
        (json!({"AuditData": "{}", "Id": "a"}), "unified audit log"),
        (json!({"id": "a", "activityDateTime": "2026-03-13T19:15:41Z"}), "directory audit"),
    ] {
        for arguments in [&["--endpoint", "sign_ins"][..], &[]] {
            let arguments = [&["convert", "msgraph", "--format", "ocsf"], arguments].concat();
            let output = feed(&arguments, json!([record]).to_string());
            assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{record}");
            assert!(text(&output.stderr).contains(what), "{}", text(&output.stderr));
        }
        // Among sign-ins it costs itself only.
        let input = format!("{}\n{record}\n", properties("a"));
        let output = feed(&["convert", "msgraph", "--tenant", "T", "--format", "ocsf"], input);
        assert_eq!((output.status.code(), text(&output.stdout).lines().count()), (Some(3), 1));
    }
}

/// The admin center's file, with a row that breaks off.
const CSV: &str = "\u{feff}Date (UTC),Request ID,User,Username,Status,Sign-in error code,IP address,\
    Location,Application ID \r\n\
    2026-03-13T19:15:41Z,a,Ada,ada@contoso.example,Success,,192.0.2.17,\"Ulm, BW, DE\",app\r\n\
    2026-03-13T19:15:42Z,b,\"Bob, \"\"the\"\" builder\",bob@contoso.example,Failure,50126,192.0.2.18,,\r\n";

#[test]
fn a_csv_file_of_the_admin_center_is_rows_of_sign_ins() {
    let folder = Folder::new();
    let file = folder.write("NonInteractiveSignIns_2026-03-13.csv", CSV);
    let convert =
        |format: &str| run(&["convert", "msgraph", &file, "--tenant", "T", "--format", format]);
    let output = convert("event");
    let events: Vec<Value> =
        complete(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["outcome"], "success");
    assert_eq!(events[0]["origin"]["location"]["city"], "Ulm");
    assert_eq!(events[0]["kinds"], json!(["nonInteractiveUser"]), "by the file's name");
    assert_eq!(events[1]["principal"]["full_name"], "Bob, \"the\" builder");
    assert_eq!(events[1]["code"], "50126");
    let counted = summary(&output.stderr);
    assert_eq!(
        (&counted["shapes"], &counted["lossy"]),
        (&json!({"admin_center_csv": 2}), &json!(2))
    );

    // A row is kept with all its columns, and is the same when it is read again.
    let envelopes = text(&convert("envelope").stdout).to_owned();
    let first: Value = serde_json::from_str(envelopes.lines().next().unwrap()).unwrap();
    assert_eq!(first["record"]["Application ID "], "app");
    assert_eq!((&first["id"], &first["tenant"]), (&json!("a"), &json!("T")));
    let file = folder.write("NonInteractiveSignIns.ndjson", &envelopes);
    let again = run(&["convert", "msgraph", &file, "--format", "event"]);
    assert_eq!(complete(&again), text(&output.stdout));
}

#[test]
fn csv_that_breaks_off_gives_its_rows_and_other_csv_says_what_it_is() {
    let arguments = ["convert", "msgraph", "--tenant", "T", "--format", "ocsf"];
    let cut = format!("{CSV}2026-03-13T19:15:43Z,c,Ca");
    let output = feed(&arguments, cut);
    assert_eq!((output.status.code(), text(&output.stdout).lines().count()), (Some(4), 2));
    assert!(text(&output.stderr).contains("line 4"), "{}", text(&output.stderr));

    // A row of another length in the middle is one row.
    let short = CSV.replace(",\"Ulm, BW, DE\",app", "");
    let output = feed(&arguments, short);
    assert_eq!((output.status.code(), text(&output.stdout).lines().count()), (Some(3), 1));

    for (text_of_other, what) in [
        ("id,ip\n1,192.0.2.1\n", "its columns are: id, ip"),
        ("CreationDate,UserIds,Operations,AuditData\n", "unified audit log"),
    ] {
        let output = feed(&arguments, text_of_other);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""));
        assert!(text(&output.stderr).contains(what), "{}", text(&output.stderr));
    }
}

#[test]
fn csv_in_utf_16_is_read_as_well() {
    let utf_16: Vec<u8> = CSV.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let output = feed(&["convert", "msgraph", "--tenant", "T", "--format", "ocsf"], utf_16);
    assert_eq!(complete(&output).lines().count(), 2);
}

/// What else Microsoft has with an id and a time, and records of other vendors.
#[test]
fn what_is_no_sign_in_makes_none_on_a_page_or_alone() {
    let user = json!({
        "id": "u9", "displayName": "Ada", "userPrincipalName": "ada@contoso.example",
        "mail": "a@contoso.example", "createdDateTime": "2020-01-01T00:00:00Z",
    });
    let object = json!({
        "Id": "u9", "DisplayName": "Ada", "UserPrincipalName": "ada@contoso.example",
        "Mail": "a@contoso.example", "CreatedDateTime": "/Date(1577836800000)/",
    });
    let group = json!({
        "id": "g", "displayName": "All", "securityEnabled": true,
        "createdDateTime": "2020-01-01T00:00:00Z",
    });
    let alert = json!({
        "id": "x", "title": "Odd", "severity": "high", "createdDateTime": "2020-01-01T00:00:00Z",
    });
    let activity = json!({"id": "p", "recordedAt": "2026-01-01T00:00:00Z", "action": {}});
    for record in [user, object, group, alert, activity] {
        for input in [record.to_string(), json!({"value": [record]}).to_string()] {
            for format in ["typed", "table", "event"] {
                let known = ["convert", "msgraph", "--tenant", "T", "--format", format];
                let output = feed(&known, &*input);
                let code = output.status.code();
                assert!(matches!(code, Some(2 | 3)), "{format} {code:?}: {input}");
                let rows = text(&output.stdout).lines().filter(|line| !line.starts_with("TIME"));
                assert_eq!(rows.count(), 0, "{format}: {input}");
            }
        }
    }
}

#[test]
fn diagnostic_records_without_a_sign_in_cost_themselves_only() {
    let mut audit = diagnostic("a", "AuditLogs");
    audit["properties"] = Value::Null;
    let mut empty = diagnostic("b", "SignInLogs");
    empty.as_object_mut().unwrap().remove("properties");
    let good = diagnostic("c", "SignInLogs");
    let input = format!("{audit}\n{empty}\n{good}\n");
    for format in ["event", "envelope", "typed"] {
        let output = feed(&["convert", "msgraph", "--tenant", "T", "--format", format], &*input);
        let (wanted, code) = if format == "typed" { (0, 3) } else { (1, 3) };
        assert_eq!(output.status.code(), Some(code), "{format}");
        // Numbers in place of words are as diagnostic settings write them, and read.
        assert!(text(&output.stdout).lines().count() >= wanted, "{format}");
        let summary = summary(&output.stderr);
        assert_eq!(summary["skipped"], json!({"AuditLogs": 1}), "{format}");
        assert!(text(&output.stderr).contains("/properties: expected the sign-in"), "{format}");
    }
}

#[test]
fn p2_what_is_odd_in_an_export_is_odd_and_stays() {
    let mut status = diagnostic("a", "SignInLogs");
    status["properties"]["status"] = json!(42);
    let [event] = &convert("event", &status.to_string())[..] else { panic!("one line") };
    assert_eq!(event["code"], "50126", "the code stands outside as well");
    assert_eq!(event["unmapped"]["diagnosticRecord"]["/status"], 42);

    let mut place = diagnostic("a", "SignInLogs");
    place["properties"]["location"] = json!("CH");
    let input = place.to_string();
    let output = feed(&["convert", "msgraph", "--tenant", "T", "--format", "ocsf"], &*input);
    let ocsf: Value = serde_json::from_str(complete(&output)).unwrap();
    assert_eq!(ocsf["unmapped"]["location"], "CH");
    let summary = summary(&output.stderr);
    assert_eq!((&summary["odd"], summary.get("lossy")), (&json!(1), None));
    let typed = feed(&["convert", "msgraph", "--tenant", "T", "--format", "typed"], input);
    assert_eq!(typed.status.code(), Some(3), "it is not as documented");
}

#[test]
fn a_kind_that_only_the_files_name_says_is_kept_in_envelopes() {
    let folder = Folder::new();
    let record = json!([{
        "id": "a", "createdDateTime": "2026-03-13T19:15:41Z", "appId": "app",
        "appDisplayName": "Job", "status": {"errorCode": 0},
    }]);
    let file = folder.write("ApplicationSignIns_1.json", record.to_string());
    let known = ["--tenant", "T", "--format"];
    let direct = run(&[&["convert", "msgraph", &file], &known[..], &["event"]].concat());
    let event: Value = serde_json::from_str(complete(&direct)).unwrap();
    assert_eq!(event["principal"]["name"], "Job");
    let envelope = run(&[&["convert", "msgraph", &file], &known[..], &["envelope"]].concat());
    let line: Value = serde_json::from_str(complete(&envelope)).unwrap();
    assert_eq!((&line["kind"], &line["record"]), (&json!("servicePrincipal"), &record[0]));
    let again = feed(&["convert", "msgraph", "--format", "event"], envelope.stdout.clone());
    assert_eq!(complete(&again), text(&direct.stdout));
    let same = feed(&["convert", "msgraph", "--format", "envelope"], envelope.stdout.clone());
    assert_eq!(complete(&same), text(&envelope.stdout), "an envelope stays as it is");
}

#[test]
fn a_file_of_rejected_records_is_read_again_whatever_comes_first() {
    let folder = Folder::new();
    let rejected = folder.path("rejected.ndjson");
    let error = json!({"error": {"code": "UnknownError", "message": "busy"}});
    let input = format!("{}\n{error}\n", properties("a"));
    let arguments = ["convert", "msgraph", "--tenant", "T", "--format", "event", "--rejected"];
    let output = feed(&[&arguments[..], &[&rejected]].concat(), input);
    assert_eq!(output.status.code(), Some(3));
    let mended = format!("{}{}\n", folder.read("rejected.ndjson"), properties("b"));
    let again = feed(&arguments[..6], mended);
    assert_eq!((again.status.code(), text(&again.stdout).lines().count()), (Some(3), 1));
}
