//! Signing in as an application, to one tenant and to many (P4, P6, P8).

use std::collections::BTreeSet;
use std::time::Duration;

use msgraph_signins::{
    Client, ClientAssertion, Cloud, Deferred, ErrorKind, Limits, Result, RetryPolicy, Secret,
};
use signin_core::testing::{Reply, Scripted, Sent};
use signin_sim::{Simulator, msgraph};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::tenant::decoded;
use crate::{TENANT, page};

const SECRET: &str = "s3cret~value+with&signs";

fn is_token(sent: &Sent) -> bool {
    sent.url.ends_with("/oauth2/v2.0/token")
}

/// Answers token requests with a token that names its tenant, and everything else with a page.
fn answers(sent: &Sent) -> Reply {
    if !is_token(sent) {
        return Reply::json(page([], None));
    }
    let tenant = sent.url.split('/').nth(3).unwrap();
    Reply::json(format!(
        r#"{{"token_type":"Bearer","expires_in":3599,"access_token":"token-of-{tenant}"}}"#
    ))
}

#[tokio::test(start_paused = true)]
async fn p4_the_secret_goes_to_the_login_and_the_token_to_graph_in_every_cloud() {
    for (cloud, login, root) in [
        (Cloud::Global, "login.microsoftonline.com", "https://graph.microsoft.com"),
        (Cloud::UsGov, "login.microsoftonline.us", "https://graph.microsoft.us"),
        (Cloud::UsGovDod, "login.microsoftonline.us", "https://dod-graph.microsoft.us"),
        (
            Cloud::China,
            "login.partner.microsoftonline.cn",
            "https://microsoftgraph.chinacloudapi.cn",
        ),
    ] {
        let script = Scripted::respond(answers);
        let builder = Client::builder(TENANT).client_secret("app-1", SECRET).cloud(cloud);
        let graph = builder.transport(script.clone()).build().unwrap();
        graph.sign_ins().first_page().await.unwrap();
        let sent = script.sent();
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0].method, "POST");
        assert_eq!(sent[0].url, format!("https://{login}/{TENANT}/oauth2/v2.0/token"));
        assert_eq!(sent[0].header("authorization"), None);
        let body = String::from_utf8(sent[0].body.clone()).unwrap();
        let parameters: BTreeSet<_> = body.split('&').map(decoded).collect();
        let expected = [
            "client_id=app-1".to_owned(),
            format!("client_secret={SECRET}"),
            "grant_type=client_credentials".to_owned(),
            format!("scope={root}/.default"),
        ];
        assert_eq!(parameters, expected.into());
        let bearer = format!("Bearer token-of-{TENANT}");
        assert_eq!(sent[1].header("authorization"), Some(bearer.as_str()));
        assert!(sent[1].url.starts_with(root) && sent[1].body.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn p6_three_hundred_tenants_share_the_applications_limit_and_each_has_its_own() {
    const WINDOW: Duration = Duration::from_secs(10);
    let script = Scripted::respond(answers);
    let builder = Client::builder("t0.example").client_secret("app-1", SECRET);
    let graph = builder.transport(script.clone()).build().unwrap();
    let mut tasks = JoinSet::new();
    for tenant in 0..300 {
        let graph = graph.for_tenant(format!("t{tenant}.example")).unwrap();
        for _ in 0..2 {
            tasks.spawn(graph.sign_ins().first_page());
        }
    }
    tasks.join_all().await;
    let all = script.sent();
    let (tokens, lists): (Vec<_>, Vec<_>) = all.iter().partition(|sent| is_token(sent));
    assert_eq!((tokens.len(), lists.len()), (300, 600), "one token for each tenant");
    let most = lists.iter().map(|first| {
        lists.iter().filter(|other| other.at >= first.at && other.at - first.at < WINDOW).count()
    });
    assert_eq!(most.max(), Some(122));
    for sent in lists {
        assert!(sent.header("authorization").unwrap().starts_with("Bearer token-of-t"));
    }
}

#[tokio::test(start_paused = true)]
async fn p6_tenants_share_the_retry_budget() {
    let script =
        Scripted::respond(|sent| if is_token(sent) { answers(sent) } else { Reply::status(503) });
    let builder = Client::builder("t0.example").client_secret("app-1", SECRET);
    let builder = builder.limits(Limits::none()).transport(script.clone());
    let graph = builder.build().unwrap();
    let (begun, mut tasks) = (Instant::now(), JoinSet::new());
    for tenant in 0..100 {
        let graph = graph.for_tenant(format!("t{tenant}.example")).unwrap();
        tasks.spawn(async move { graph.sign_ins().first_page().await.is_err() });
    }
    assert!(tasks.join_all().await.into_iter().all(|failed| failed));
    let soon = |at: Instant| at - begun < Duration::from_secs(15);
    let lists = script.sent().into_iter().filter(|sent| !is_token(sent) && soon(sent.at)).count();
    // 100 first tries, and what a budget of 100 with some gains by good token answers allows.
    assert!((200..220).contains(&lists), "{lists}");
}

#[test]
fn p5_a_tenant_cannot_bend_the_address_of_its_tokens() {
    let graph = Client::builder(TENANT).client_secret("app-1", SECRET).build().unwrap();
    for tenant in ["", "..", "a/../b", "a?b", "a#b", "a%2fb", "common", "é.example", "a\nb"] {
        let error = graph.for_tenant(tenant).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{tenant:?}");
    }
    assert_eq!(graph.for_tenant("contoso.example").unwrap().tenant(), "contoso.example");
}

#[tokio::test(start_paused = true)]
async fn p4_the_whole_address_of_one_tenants_token_endpoint_gives_no_other_tenants_tokens() {
    let own = format!("{TENANT}/oauth2/v2.0/token");
    let asked = async |address: &str| {
        let script = Scripted::respond(answers);
        let builder = Client::builder(TENANT).client_secret("app-1", SECRET).auth_url(address);
        let graph = builder.transport(script.clone()).build().unwrap();
        graph.sign_ins().first_page().await.unwrap();
        (script.urls()[0].clone(), graph.for_tenant("other.example").is_ok())
    };
    for root in ["https://gate.example", "https://gate.example/login"] {
        let whole = format!("{root}/{own}");
        for address in [root, &format!("{root}/"), &whole] {
            assert_eq!(asked(address).await, (whole.clone(), true), "{address}");
        }
    }
    let fixed = "https://gate.example/of-one/oauth2/v2.0/token";
    assert_eq!(asked(fixed).await, (fixed.to_owned(), false));
}

#[test]
fn a_token_is_good_for_one_tenant() {
    let graph = Client::builder(TENANT).token("token").build().unwrap();
    let error = graph.for_tenant("other.example").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("good for one tenant"), "{error}");
}

#[test]
fn an_application_that_cannot_be_is_refused_with_the_setting() {
    let app = || Client::builder(TENANT).client_secret("app-1", SECRET);
    for (builder, reason) in [
        (app().token("token"), "two credentials"),
        (app().auth_url("http://login.example"), "https"),
        (app().auth_url("login example"), "token URL"),
        (app().base_url("http://127.0.0.1:1"), "https"),
        (Client::builder(TENANT).client_secret("", SECRET), "client id is empty"),
        (Client::builder(TENANT).client_secret("app-1", " "), "client secret is empty"),
        (Client::builder(TENANT).client_secret("app-1", "a\n"), "control character"),
        (Client::builder(TENANT).token("t").auth_url("https://login.example"), "auth_url"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        assert!(error.to_string().contains(reason), "{reason}: {error}");
        assert!(!error.to_string().contains(SECRET), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn p8_refusals_of_the_login_say_what_to_do() {
    let refusal = |code: u32, error: &str, words: &str| {
        let body = format!(
            r#"{{"error":"{error}","error_description":"AADSTS{code}: {words} Trace ID: t-1 Correlation ID: c-1 Timestamp: 2026-03-02 09:30:00Z","error_codes":[{code}],"trace_id":"t-1"}}"#
        );
        Reply::status(if code == 90002 { 400 } else { 401 }).body(body)
    };
    let mut lines = Vec::new();
    for (code, error, words) in [
        (7_000_215, "invalid_client", "Invalid client secret provided."),
        (7_000_222, "invalid_client", "The provided client secret keys are expired."),
        (700_016, "unauthorized_client", "Application was not found in the directory."),
        (90_002, "invalid_request", "Tenant 'x' not found."),
        (700_027, "invalid_client", "Client assertion failed signature validation."),
        (700_213, "invalid_client", "No matching federated identity record found."),
        (65_001, "invalid_grant", "The user or administrator has not consented."),
        (53_003, "access_denied", "Access has been blocked by Conditional Access policies."),
        (50_999, "invalid_client", "Something else."),
    ] {
        let script = Scripted::new([refusal(code, error, words)]);
        let builder = Client::builder(TENANT).client_secret("app-1", SECRET);
        let graph = builder.retry(RetryPolicy::never()).transport(script).build().unwrap();
        let error = graph.sign_ins().first_page().await.unwrap_err();
        let line = error.to_string();
        assert_eq!(error.kind(), ErrorKind::Authentication, "{line}");
        assert_eq!(error.vendor_code(), Some(format!("AADSTS{code}").as_str()));
        assert!(!line.contains(SECRET) && line.chars().count() <= 300, "{line}");
        let (_, next) = line.split_once("; ").unwrap();
        assert!(!next.contains('…'), "{line}");
        lines.push(line);
    }
    insta::assert_snapshot!(lines.join("\n"));
}

/// A platform that gives another token each time.
struct Federated;

impl ClientAssertion for Federated {
    fn assertion<'a>(&'a self, _: &'a str, _: &'a str) -> Deferred<'a, Result<Secret>> {
        Box::pin(std::future::ready(Ok(Secret::from("federated-0123456789"))))
    }
}

#[tokio::test(start_paused = true)]
async fn a_federated_token_signs_in_for_every_tenant() {
    let script = Scripted::respond(answers);
    let builder = Client::builder(TENANT).client_assertion("app-1", Federated);
    let graph = builder.transport(script.clone()).build().unwrap();
    for tenant in [TENANT, "other.example"] {
        graph.for_tenant(tenant).unwrap().sign_ins().first_page().await.unwrap();
    }
    for sent in script.sent().iter().filter(|sent| is_token(sent)) {
        let body = String::from_utf8(sent.body.clone()).unwrap();
        assert!(body.contains("client_assertion=federated-0123456789"), "{body}");
        assert!(body.contains("client-assertion-type%3Ajwt-bearer"), "{body}");
    }
}

#[tokio::test]
async fn each_tenant_gets_its_own_sign_ins_over_real_http() {
    let settings = msgraph::Settings::default().tenants(3).events(100);
    let sim = Simulator::builder().msgraph(settings).start().await.unwrap();
    let service = sim.msgraph().unwrap();
    let tenants: Vec<String> = service.tenants().collect();
    let (id, secret) = (service.oauth().client_id(), service.oauth().client_secret());
    let builder = Client::builder(tenants[0].as_str()).base_url(service.base_url());
    let graph = builder.auth_url(service.base_url()).client_secret(id, secret).build().unwrap();
    let mut seen = BTreeSet::new();
    for tenant in &tenants {
        let page = graph.for_tenant(tenant).unwrap().sign_ins().first_page().await.unwrap();
        let first = page.items().next().unwrap().id.as_ref().unwrap().to_string();
        let kinds = [msgraph::Kind::InteractiveUser];
        assert_eq!(first, service.sign_ins(tenant, &kinds, None, None).next().unwrap().id);
        seen.insert(first);
    }
    assert_eq!(seen.len(), 3);
    assert_eq!(service.oauth().stats().issued, 3);

    let wrong = Client::builder(tenants[0].as_str()).base_url(service.base_url());
    let wrong = wrong.auth_url(service.base_url()).client_secret(id, "wrong-0123456789");
    let error = wrong.build().unwrap().sign_ins().first_page().await.unwrap_err();
    assert!(error.to_string().contains("give the secret's value, not its id"), "{error}");
}

#[cfg(feature = "certificate")]
#[tokio::test]
async fn a_certificate_signs_in_for_every_tenant() {
    use signin_sim::oauth;

    let cert = include_str!("../../../signin-core/tests/keys/rsa.cert.pem");
    let key = include_str!("../../../signin-core/tests/keys/rsa.pkcs8.pem");
    let settings = oauth::Settings::default().proof(oauth::Proof::Ps256);
    let settings = msgraph::Settings::default().tenants(2).oauth(settings);
    let sim = Simulator::builder().msgraph(settings).start().await.unwrap();
    let service = sim.msgraph().unwrap();
    let tenants: Vec<String> = service.tenants().collect();
    let id = service.oauth().client_id();
    let builder = Client::builder(tenants[0].as_str()).base_url(service.base_url());
    let builder = builder.auth_url(service.base_url()).client_certificate(id, cert, key);
    let graph = builder.build().unwrap();
    for tenant in &tenants {
        graph.for_tenant(tenant).unwrap().sign_ins().first_page().await.unwrap();
    }
    assert_eq!(service.oauth().stats().issued, 2);
    let builder = Client::builder(TENANT).client_certificate("app-1", "no PEM", key);
    assert_eq!(builder.build().unwrap_err().kind(), ErrorKind::Config);
}

#[test]
fn p4_no_debug_shows_a_secret() {
    let builder = Client::builder(TENANT).client_secret("app-1", SECRET);
    let graph = builder.clone().build().unwrap();
    let other = graph.for_tenant("other.example").unwrap();
    let shown = format!("{builder:?} {builder:#?} {graph:?} {other:?} {:?}", other.sign_ins());
    assert!(shown.contains("app-1") && !shown.contains(SECRET), "{shown}");
}
