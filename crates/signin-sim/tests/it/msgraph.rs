//! Microsoft Graph, asked over real connections.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::Value;
use signin_sim::Simulator;
use signin_sim::msgraph::{Kind, Service, Settings, Version};
use time::format_description::well_known::Rfc3339;

use crate::wire::{Answer, ask_at};

const INTERACTIVE: [Kind; 1] = [Kind::InteractiveUser];
const ALL: [Kind; 4] = [
    Kind::InteractiveUser,
    Kind::NonInteractiveUser,
    Kind::ServicePrincipal,
    Kind::ManagedIdentity,
];
const ALL_KINDS: &str = "signInEventTypes/any(t:t%20ne%20%27none%27)";

async fn start(settings: Settings) -> (Simulator, Service) {
    let free = settings.per_tenant(100_000).per_app(100_000);
    let sim = Simulator::builder().seed(4).msgraph(free).start().await.unwrap();
    let graph = sim.msgraph().unwrap().clone();
    (sim, graph)
}

fn tenant(graph: &Service) -> String {
    graph.tenants().next().unwrap()
}

async fn get(graph: &Service, path: &str, headers: &[&str]) -> Answer {
    let token = format!("Authorization: Bearer {}", graph.token(&tenant(graph)).unwrap());
    let headers: Vec<&str> = headers.iter().copied().chain([token.as_str()]).collect();
    ask_at(graph.base_url(), &format!("GET {path}"), &headers).await
}

fn texts(answer: &Answer, member: &str) -> Vec<String> {
    let rows = answer.json()["value"].as_array().unwrap().clone();
    rows.iter().map(|row| row[member].as_str().unwrap_or_default().to_owned()).collect()
}

/// Follows the links of a list to its end.
async fn pager(graph: &Service, path: &str) -> Vec<String> {
    let (mut ids, mut path) = (Vec::new(), path.to_owned());
    loop {
        let answer = get(graph, &path, &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        ids.extend(texts(&answer, "id"));
        let Some(next) = answer.json()["@odata.nextLink"].as_str().map(str::to_owned) else {
            return ids;
        };
        path = next.strip_prefix("http://acme.example").unwrap().to_owned();
    }
}

fn truth(graph: &Service, kinds: &[Kind]) -> Vec<String> {
    graph.sign_ins(&tenant(graph), kinds, None, None).map(|row| row.id).collect()
}

#[tokio::test]
async fn each_version_lists_the_kinds_that_it_has() {
    let (_sim, graph) = start(Settings::default().events(200)).await;
    let of = |kinds| truth(&graph, kinds);
    assert_eq!(pager(&graph, "/v1.0/auditLogs/signIns?$top=30").await, of(&INTERACTIVE));
    assert_eq!(pager(&graph, "/beta/auditLogs/signIns?$top=30").await, of(&INTERACTIVE));
    let all = format!("/beta/auditLogs/signIns?$filter={ALL_KINDS}&$top=30");
    assert_eq!(pager(&graph, &all).await, of(&ALL));
    let refused = get(&graph, &all.replace("beta", "v1.0"), &[]).await;
    assert_eq!(
        (refused.status, refused.json()["error"]["message"].as_str().unwrap()),
        (400, "Invalid filter clause")
    );
    let oldest =
        pager(&graph, "/v1.0/AUDITLOGS/signins?$orderby=createdDateTime%20asc&$top=7").await;
    assert_eq!(oldest.into_iter().rev().collect::<Vec<_>>(), of(&INTERACTIVE));
}

#[tokio::test]
async fn short_pages_repeats_and_arrivals_lose_nothing() {
    let settings = Settings::default().events(300).short_pages(true).repeated_rows(true);
    let (_sim, graph) = start(settings.arrivals(2, 3)).await;
    let before = truth(&graph, &INTERACTIVE);
    let ids = pager(&graph, "/v1.0/auditLogs/signIns?$top=10").await;
    let unique: HashSet<&String> = ids.iter().collect();
    assert!(ids.len() > unique.len(), "some came twice");
    assert_eq!(unique, before.iter().collect());
    assert!(truth(&graph, &INTERACTIVE).len() > before.len(), "and others arrived");
}

#[tokio::test]
async fn a_range_of_time_is_half_open_as_asked() {
    let (_sim, graph) = start(Settings::default().events(500)).await;
    let rows: Vec<_> = graph.sign_ins(&tenant(&graph), &INTERACTIVE, None, None).collect();
    let (from, to) = (rows[200].created_at, rows[50].created_at);
    let text = |at: time::OffsetDateTime| at.format(&Rfc3339).unwrap();
    let path = format!(
        "/v1.0/auditLogs/signIns?$filter=createdDateTime%20ge%20{}%20and%20createdDateTime%20lt%20{}",
        text(from),
        text(to)
    );
    let expected: Vec<_> = rows
        .iter()
        .filter(|row| row.created_at >= from && row.created_at < to)
        .map(|row| row.id.clone())
        .collect();
    assert_eq!(pager(&graph, &path).await, expected);
    let truth = graph.sign_ins(&tenant(&graph), &INTERACTIVE, Some(from), Some(to));
    assert_eq!(truth.map(|row| row.id).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn records_come_byte_for_byte_and_policies_only_to_those_who_may_read_them() {
    for (policies, prefer) in
        [(true, "Prefer: include-unknown-enum-members"), (true, "X: y"), (false, "X: y")]
    {
        let (_sim, graph) = start(Settings::default().events(20).policies(policies)).await;
        let row = graph.sign_ins(&tenant(&graph), &INTERACTIVE, None, None).next().unwrap();
        let answer = get(&graph, "/beta/auditLogs/signIns?$top=1", &[prefer]).await;
        let sent = &answer.json()["value"][0];
        let whole: Value = serde_json::from_str(&row.to_json(Version::Beta)).unwrap();
        let result = &sent["appliedConditionalAccessPolicies"][0]["result"];
        match (policies, prefer) {
            (true, "X: y") => assert_eq!(result, "unknownFutureValue"),
            (true, _) => assert_eq!(*sent, whole),
            (false, _) => assert!(sent.get("appliedConditionalAccessPolicies").is_none()),
        }
    }
}

#[tokio::test]
async fn one_sign_in_is_bare_or_wrapped_and_not_always_found() {
    let (_sim, graph) = start(Settings::default().events(20)).await;
    let row = graph.sign_ins(&tenant(&graph), &INTERACTIVE, None, None).nth(3).unwrap();
    let path = format!("/v1.0/auditLogs/signIns/{}", row.id);
    let answer = get(&graph, &path, &["client-request-id: mine"]).await;
    assert_eq!(answer.json()["id"], row.id);
    assert!(answer.json()["@odata.context"].as_str().unwrap().ends_with("signIns/$entity"));
    assert_eq!(answer.header("client-request-id"), Some("mine"));
    assert!(answer.header("request-id").is_some());
    let selected = get(&graph, &format!("{path}?$select=id"), &[]).await;
    assert_eq!(selected.json().as_object().unwrap().len(), 2);

    let (_sim, graph) = start(Settings::default().events(20).wrapped(true)).await;
    assert_eq!(get(&graph, &path, &[]).await.json()["value"][0]["id"], row.id);
    let (_sim, graph) = start(Settings::default().events(20).lost_by_id(1)).await;
    assert_eq!(get(&graph, &path, &[]).await.status, 404);
    let by_list = format!("/v1.0/auditLogs/signIns?$filter=id%20eq%20%27{}%27", row.id);
    assert_eq!(pager(&graph, &by_list).await, [row.id]);
}

#[tokio::test]
async fn refusals_come_as_the_real_service_words_them() {
    let settings = Settings::default().tenants(3).unpermitted(1).unlicensed(1).events(10);
    let (_sim, graph) = start(settings).await;
    let mut codes = Vec::new();
    for tenant in graph.tenants() {
        let token = format!("Authorization: Bearer {}", graph.token(&tenant).unwrap());
        let answer = ask_at(graph.base_url(), "GET /v1.0/auditLogs/signIns", &[&token]).await;
        codes.push(answer.json()["error"]["code"].as_str().map(str::to_owned));
    }
    let [permission, none, licence] = &codes[..] else { panic!("{codes:?}") };
    assert!(permission.as_ref().unwrap().ends_with("MSGraphPermissionMissing"));
    assert_eq!(*none, None);
    assert!(licence.as_ref().unwrap().contains("NonPremiumTenant"));
    let no_token = ask_at(graph.base_url(), "GET /v1.0/auditLogs/signIns", &[]).await;
    assert_eq!(no_token.status, 401);
    assert_eq!(graph.token("nobody"), None);
}

#[tokio::test]
async fn retention_size_dead_tokens_and_bad_options_are_refused() {
    let settings = Settings::default().events(200).days(20).retention(10);
    let (_sim, graph) = start(settings.most_rows(50).skip_token_life(1)).await;
    let status = async |query: &str| {
        get(&graph, &format!("/v1.0/auditLogs/signIns?{query}"), &[]).await.status
    };
    assert_eq!(status("$filter=createdDateTime%20ge%202026-02-01T00:00:00Z").await, 400);
    assert_eq!(status("$filter=createdDateTime%20ge%202026-02-22T00:00:00Z").await, 504);
    let day = "$filter=createdDateTime%20ge%202026-03-01T00:00:00Z";
    let first = get(&graph, &format!("/v1.0/auditLogs/signIns?{day}&$top=1"), &[]).await;
    let next = first.json()["@odata.nextLink"].as_str().unwrap().to_owned();
    let next = next.strip_prefix("http://acme.example").unwrap();
    assert_eq!(get(&graph, next, &[]).await.status, 200);
    let dead = get(&graph, next, &[]).await;
    assert_eq!(dead.json()["error"]["message"], "Invalid Skip Token");
    for query in ["$skip=1", "$top=1001", "$filter=x", "$filter=nothing%20eq%201"] {
        assert_eq!(status(query).await, 400, "{query}");
    }
    assert_eq!(get(&graph, "/v2.0/auditLogs/signIns", &[]).await.status, 404);
    assert_eq!(get(&graph, "/v1.0/users", &[]).await.status, 404);
}

#[tokio::test]
async fn both_limits_hold_and_ask_for_decimal_seconds() {
    let settings = Settings::default().tenants(3).events(1).per_tenant(2).per_app(5);
    let wait =
        settings.rate_window(Duration::from_secs(3600)).retry_after(Duration::from_millis(2128));
    let sim = Simulator::builder().msgraph(wait).start().await.unwrap();
    let graph = sim.msgraph().unwrap();
    let mut statuses = Vec::new();
    for tenant in graph.tenants() {
        let token = format!("Authorization: Bearer {}", graph.token(&tenant).unwrap());
        for _ in 0..3 {
            let answer = ask_at(graph.base_url(), "GET /v1.0/auditLogs/signIns", &[&token]).await;
            if answer.status == 429 {
                assert_eq!(answer.header("retry-after"), Some("2.128"));
            }
            statuses.push(answer.status);
        }
    }
    assert_eq!(statuses, [200, 200, 429, 200, 200, 429, 200, 429, 429]);
    assert_eq!(graph.stats().throttled, 4);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_answers_and_another_one_others() {
    let body = async |seed: u64| {
        let settings = Settings::default().events(50);
        let sim = Simulator::builder().seed(seed).msgraph(settings).start().await.unwrap();
        let graph = sim.msgraph().unwrap().clone();
        get(&graph, "/beta/auditLogs/signIns?$top=20", &[]).await.body
    };
    assert_eq!(body(1).await, body(1).await);
    assert_ne!(body(1).await, body(2).await);
}

#[tokio::test]
async fn a_tenant_has_as_many_users_as_told() {
    for users in [1, 6, 9] {
        let (_sim, graph) = start(Settings::default().users(users)).await;
        let rows = graph.sign_ins(&tenant(&graph), &INTERACTIVE, None, None);
        let names: HashSet<_> = rows.map(|row| row.user_principal_name).collect();
        assert_eq!(names.len() as u64, users);
    }
}
